//! What limits do: refuse with numbers, let pass and tell, and give back what is not used any more.

use control::{quotas, templates, vms};
use model::event::EventKind;
use model::quota::{QuotaConfig, QuotaMode};
use model::size::{GIB, MIB};
use model::template::MakeTemplate;
use model::vm::VmStatus;
use model::vm_request::EditVm;
use sqlx::PgPool;

use super::quota;
use crate::support::*;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_runs_is_counted_until_it_is_down(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.quotas_are(QuotaMode::Enforced).await;
    let dev = world.quota(QuotaConfig { vcpus: Some(1), ..quota("dev") }).await;
    let (one, two) = (world.down_in("web1", dev).await, world.down_in("web2", dev).await);
    let job = vms::run(admin, one, None).await.unwrap();
    let refused = reasons(vms::run(admin, two, None).await);
    assert!(refused[0].contains("1 of 1") && refused[0].contains("200 %"), "{refused:?}");
    assert!(refused[1].contains("web1 (1)"), "{refused:?}");
    world.done(job).await;
    assert_eq!(said(vms::run(admin, two, None).await), "refusal-quota");
    world.done(vms::power_off(admin, one, None).await.unwrap()).await;
    world.look_until(one, VmStatus::Down).await;
    // A start that is given up gives its room back.
    world.stop_engine().await;
    let job = vms::run(admin, two, None).await.unwrap();
    assert_eq!(said(vms::run(admin, one, None).await), "refusal-quota");
    control::jobs::cancel(admin, job).await.unwrap();
    world.finish(job).await;
    world.done(vms::run(admin, one, None).await.unwrap()).await;
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nothing_means_nothing_and_disabled_means_no_limit(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let none = QuotaConfig { vcpus: Some(0), storage: Some(0), ..quota("none") };
    let none = world.quota(none).await;
    let vm = world.down_in("web1", none).await;
    let job = vms::run(admin, vm, None).await.unwrap();
    world.done(job).await;
    world.done(vms::power_off(admin, vm, None).await.unwrap()).await;
    world.look_until(vm, VmStatus::Down).await;
    world.quotas_are(QuotaMode::Enforced).await;
    assert_eq!(said(vms::run(admin, vm, None).await), "refusal-quota");
    assert_eq!(said(vms::create(admin, &world.vm_in("web2", none)).await), "refusal-quota");
    assert_eq!(world.events(EventKind::QuotaClusterRefused).await.len(), 1);
    world.quotas_are(QuotaMode::Audit).await;
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    assert_eq!(world.events(EventKind::QuotaClusterBeyond).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn each_line_is_told_once(pool: PgPool) {
    let world = World::new(pool).await;
    world.quotas_are(QuotaMode::Enforced).await;
    let storage =
        QuotaConfig { storage: Some(2 * GIB), storage_threshold: 40, storage_grace: 50, ..quota("dev") };
    let dev = world.quota(storage).await;
    for name in ["a", "b", "c"] {
        world.down_in(name, dev).await;
    }
    assert_eq!(world.events(EventKind::QuotaStorageThreshold).await.len(), 1);
    assert_eq!(world.events(EventKind::QuotaStorageLimit).await.len(), 1);
    assert_eq!(said(vms::create(&world.admin, &world.vm_in("d", dev)).await), "refusal-quota");
    let template = MakeTemplate { quota: Some(dev), ..crate::permissions::matrix::template_of("t") };
    let vm = store::vms::by_name(&mut world.app.conn().await.unwrap(), "a").await.unwrap().unwrap();
    assert_eq!(said(templates::make(&world.admin, vm, &template).await), "refusal-quota");
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn without_a_quota_only_who_may_use_the_default(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    world.quotas_are(QuotaMode::Audit).await;
    let off = async |vm| {
        world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
        world.look_until(vm, VmStatus::Down).await;
    };
    world.done(vms::run(&owner, vm, None).await.unwrap()).await;
    assert_eq!(world.events(EventKind::QuotaClusterMissing).await.len(), 1);
    off(vm).await;
    world.quotas_are(QuotaMode::Enforced).await;
    assert_eq!(said(vms::run(&owner, vm, None).await), "refusal-quota-missing");
    let default = world.default_quota().await;
    quotas::add_consumer(&world.admin, default, "owner", false).await.unwrap();
    world.done(vms::run(&owner, vm, None).await.unwrap()).await;
    off(vm).await;
    // Whoever may run a VM need not be a consumer of the quota that it was given.
    let dev = world.quota(quota("dev")).await;
    let mut edit = EditVm { version: world.vm(vm).await.row.version, config: vm_config("web1") };
    edit.config.options.quota = Some(dev);
    assert_eq!(said(vms::edit(&owner, vm, &edit).await), "quota: field-unknown-reference");
    vms::edit(&world.admin, vm, &edit).await.unwrap();
    world.done(vms::run(&owner, vm, None).await.unwrap()).await;
    assert_eq!(quotas::get(&world.admin, dev).await.unwrap().uses[0].used, 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_edit_cannot_go_round_a_limit(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.quotas_are(QuotaMode::Enforced).await;
    let dev = world.quota(QuotaConfig { vcpus: Some(2), memory: Some(GIB), ..quota("dev") }).await;
    let small = world.quota(QuotaConfig { vcpus: Some(0), ..quota("small") }).await;
    let vm = world.down_in("web1", dev).await;
    world.stop_engine().await;
    let job = vms::run(admin, vm, None).await.unwrap();
    let edit = async |cores, memory, quota| {
        let mut config = vm_config("web1");
        (config.cores, config.memory, config.options.quota) = (cores, memory, Some(quota));
        vms::edit(admin, vm, &EditVm { version: world.vm(vm).await.row.version, config }).await
    };
    // It has not begun, and will begin with this.
    assert_eq!(said(edit(1, 2 * GIB, dev).await), "refusal-quota");
    assert_eq!(said(edit(3, MEMORY, dev).await), "refusal-quota");
    edit(2, MEMORY, dev).await.unwrap();
    world.done(job).await;
    // It runs as it began; what is wanted of it counts when it is started next.
    edit(2, 2 * GIB, dev).await.unwrap();
    let uses = quotas::get(admin, dev).await.unwrap().uses;
    assert_eq!(uses.iter().map(|u| u.used).collect::<Vec<_>>(), [2, MEMORY, GIB]);
    assert_eq!(said(edit(2, MEMORY, small).await), "refusal-quota");
    world.done(vms::power_off(admin, vm, None).await.unwrap()).await;
    world.look_until(vm, VmStatus::Down).await;
    assert_eq!(said(vms::run(admin, vm, None).await), "refusal-quota");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_drover_does_itself_is_told_and_not_refused(pool: PgPool) {
    let world = World::new(pool).await;
    world.quotas_are(QuotaMode::Enforced).await;
    let none = world.quota(QuotaConfig { memory: Some(MIB), ..quota("none") }).await;
    let vm = world.down_in("web1", none).await;
    let itself = control::Ctx::system(&world.app, "ha");
    world.done(vms::run(&itself, vm, None).await.unwrap()).await;
    assert_eq!(world.events(EventKind::QuotaClusterBeyond).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_limit_in_each_cluster_is_of_that_cluster(pool: PgPool) {
    let world = World::new(pool).await;
    world.quotas_are(QuotaMode::Enforced).await;
    let nowhere = world.quota(QuotaConfig { per_cluster: true, ..quota("nowhere") }).await;
    let vm = world.down_in("web1", nowhere).await;
    let refused = reasons(vms::run(&world.admin, vm, None).await);
    assert!(refused.iter().all(|r| r.contains("lab")), "{refused:?}");
    let here = model::quota::ClusterLimit { cluster: world.cluster, vcpus: Some(4), memory: None };
    let here = QuotaConfig { per_cluster: true, clusters: vec![here], ..quota("here") };
    let here = world.quota(here).await;
    let vm = world.down_in("web2", here).await;
    let asked = quotas::Asked::run(world.cluster, &vm_config("web2"));
    let told = quotas::projection(&world.admin, here, &asked).await.unwrap().lines;
    assert_eq!(told.len(), 1, "memory has no limit: {told:?}");
    assert!(told[0].to_string().contains("25 %"), "{}", told[0]);
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    let uses = quotas::get(&world.admin, here).await.unwrap().uses;
    assert_eq!((uses[0].used, uses[0].name.as_deref()), (1, Some("lab")));
}
