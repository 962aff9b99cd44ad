//! Bad input to New VM and to a start: every wrong field is told at its place, all at once, and nothing of the
//! VM is left behind.

use control::vms;
use host::HostError;
use model::disk::Allocation;
use model::event::EventKind;
use model::host::EditHost;
use model::job::JobStatus;
use model::size::{GIB, MIB};
use model::vm::VmStatus;
use model::vm_request::{NewVm, NewVmDisk};
use sqlx::PgPool;

use crate::support::*;

async fn refused(world: &World, change: impl FnOnce(&mut NewVm)) -> String {
    let mut new = world.new_vm("web1");
    change(&mut new);
    let told = said(vms::create(&world.admin, &new).await);
    assert_eq!(world.count("SELECT count(*) FROM vms").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM jobs").await, 0);
    told
}

fn disk(size: u64, allocation: Allocation) -> Option<NewVmDisk> {
    Some(NewVmDisk { size, allocation })
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn each_wrong_field_of_new_vm_is_told(pool: PgPool) {
    let world = World::new(pool).await;
    let branch = control::data_centers::create(&world.admin, &data_center("branch")).await.unwrap();
    let far = control::networks::create(&world.admin, &network("far", branch)).await.unwrap();
    let far_storage =
        control::storage_domains::create(&world.admin, &storage("far", branch, "/srv/far")).await.unwrap();
    let far_cluster = control::clusters::create(&world.admin, &cluster("far", branch)).await.unwrap();
    let w = &world;
    let no = uuid::Uuid::max();
    for (told, expected) in [
        (refused(w, |v| v.config.memory = 0).await, "memory: field-between-sizes"),
        (refused(w, |v| v.config.memory = 65 * GIB).await, "memory: refusal-beyond-every-host"),
        (refused(w, |v| v.config.cores = 17).await, "cores: refusal-vcpus-beyond-every-host"),
        (refused(w, |v| v.config.name = "a\0b".into()).await, "name: field-name-characters"),
        (refused(w, |v| v.config.description = "\0".into()).await, "description: field-control-characters"),
        (refused(w, |v| v.cluster = no.into()).await, "cluster: field-unknown-reference"),
        (refused(w, |v| v.template = Some(no.into())).await, "template: field-unknown-reference"),
        (refused(w, |v| v.network = Some(no.into())).await, "network: field-unknown-reference"),
        (refused(w, |v| v.storage_domain = Some(no.into())).await, "storage_domain: field-unknown-reference"),
        (refused(w, |v| v.network = Some(far)).await, "network: refusal-other-data-center"),
        (
            refused(w, |v| v.storage_domain = Some(far_storage)).await,
            "storage_domain: refusal-other-data-center",
        ),
        (refused(w, |v| v.disk = disk(GIB, Allocation::Thin)).await, "disk_size: field-disk-with-template"),
        (
            refused(w, |v| (v.template, v.disk) = (None, disk(0, Allocation::Thin))).await,
            "disk_size: field-between-sizes",
        ),
        (
            refused(w, |v| (v.template, v.disk) = (None, disk(2 << 40, Allocation::Preallocated))).await,
            "disk_size: refusal-storage-full",
        ),
        (
            refused(w, |v| v.cluster = far_cluster).await,
            "template: refusal-other-data-center, network: refusal-other-data-center, storage_domain: refusal-other-data-center",
        ),
        (
            refused(w, |v| {
                v.config.name = String::new();
                v.config.memory = 0;
                v.config.options.keyboard = Some("klingon".into());
                v.network = Some(no.into());
            })
            .await,
            "name: field-required, memory: field-between-sizes, keyboard: field-unknown-choice, network: field-unknown-reference",
        ),
        (
            refused(w, |v| {
                v.config.name = String::new();
                v.cluster = no.into();
            })
            .await,
            "name: field-required, cluster: field-unknown-reference",
        ),
    ] {
        assert_eq!(told, expected);
    }
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_data_center_without_usable_storage_makes_no_disks(pool: PgPool) {
    let world = World::new(pool).await;
    world.estate.set_missing(PATH, true);
    world.clock.advance(time::Duration::seconds(16));
    world.look().await;
    let told = refused(&world, |_| {}).await;
    assert_eq!(told, "storage_domain: refusal-storage-inactive");
    let branch = control::data_centers::create(&world.admin, &data_center("branch")).await.unwrap();
    let far = control::clusters::create(&world.admin, &cluster("far", branch)).await.unwrap();
    let told = refused(&world, |v| {
        (v.cluster, v.template, v.network) = (far, None, None);
        v.disk = disk(GIB, Allocation::Thin);
    })
    .await;
    assert_eq!(told, "storage_domain: refusal-no-storage");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_storage_that_turns_out_full_takes_the_vm_back(pool: PgPool) {
    let world = World::new(pool).await;
    // Another writer was faster than the last measurement.
    world.estate.set_capacity(PATH, 100 * MIB);
    let new = NewVm { template: None, disk: disk(GIB, Allocation::Preallocated), ..world.new_vm("web1") };
    let (vm, job) = vms::create(&world.admin, &new).await.unwrap();
    let (status, error) = world.finish(job).await;
    assert_eq!(status, JobStatus::Failed);
    assert!(error.unwrap().to_string().contains("no space left"));
    assert!(world.find_vm(vm).await.is_none());
    assert_eq!(world.events(EventKind::VmCreateFailed).await.len(), 1);
    world.assert_tidy().await;
    world.estate.set_capacity(PATH, 10 * GIB);
    let (_, job) = vms::create(&world.admin, &new).await.unwrap();
    world.done(job).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_storage_that_cannot_be_reached_to_go_back_leaves_what_can_be_removed(pool: PgPool) {
    let world = World::new(pool).await;
    world.estate.fail_after("create_volume", HostError::Failed("broken".into()));
    let (vm, job) = vms::create(&world.admin, &world.new_vm("web1")).await.unwrap();
    for n in 0..8 {
        let _ = n;
        world.estate.fail_next("delete_volume", HostError::Failed("broken".into()));
    }
    assert_eq!(world.finish(job).await.0, JobStatus::Failed);
    assert_eq!(world.vm(vm).await.row.status, VmStatus::ImageIllegal);
    assert_eq!(said(vms::run(&world.admin, vm, None).await), "refusal-vm-status");
    world.done(vms::remove(&world.admin, vm, true).await.unwrap()).await;
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_start_that_fits_nowhere_says_why_for_every_host(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    control::hosts::maintain(&world.admin, world.hosts[0], None).await.unwrap();
    let mut facts = control::hosts::get(&world.admin, world.hosts[1]).await.unwrap().facts.unwrap();
    facts.bridges = Some(vec!["other".into()]);
    world.estate.set_facts(world.hosts[1], facts);
    let third = control::hosts::get(&world.admin, world.hosts[2]).await.unwrap();
    let mut config = third.config;
    config.memory_limit = Some(256 * MIB);
    let edit = EditHost { version: third.row.version, config };
    control::hosts::edit(&world.admin, world.hosts[2], &edit).await.unwrap();
    world.clock.advance(time::Duration::minutes(6));
    world.look().await;
    let told = reasons(vms::run(&world.admin, vm, None).await);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("kvm1: is Maintenance"), "{told:?}");
    assert!(told[1].contains("kvm2: lacks the bridge mgmt"), "{told:?}");
    assert!(told[2].contains("kvm3: has 256 MiB of memory in all"), "{told:?}");
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Down);
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_reason_may_be_no_novel(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    for reason in ["x".repeat(256), "\0".to_owned()] {
        assert!(said(vms::run(&world.admin, vm, Some(&reason)).await).starts_with("reason: "));
    }
    world.done(vms::run(&world.admin, vm, Some("  ")).await.unwrap()).await;
}
