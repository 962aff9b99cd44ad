//! Operations on VMs, each: works, again, in the wrong state, while busy, and what is told.

use control::vms;
use model::clock::Clock;
use model::disk::{Allocation, DiskStatus};
use model::event::EventKind;
use model::job::JobStatus;
use model::list::ListQuery;
use model::size::{GIB, MIB};
use model::vm::{VmIntent, VmStatus};
use model::vm_options::Protocol;
use model::vm_request::{EditVm, NewVm, NewVmDisk};
use sqlx::PgPool;

use crate::support::*;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_is_made_from_a_template(pool: PgPool) {
    let world = World::new(pool).await;
    let (vm, job) = vms::create(&world.admin, &world.new_vm("web1")).await.unwrap();
    assert_eq!(world.vm(vm).await.row.status, VmStatus::ImageLocked);
    assert_eq!(said(vms::run(&world.admin, vm, None).await), "refusal-busy");
    world.done(job).await;
    let made = vms::get(&world.admin, vm).await.unwrap();
    assert_eq!((made.row.status, made.row.intended), (VmStatus::Down, VmIntent::Down));
    assert_eq!(made.template.unwrap().0, world.template);
    assert!(made.nics[0].mac.starts_with("56:6f:") && made.nics[0].network.as_ref().unwrap().1 == "mgmt");
    let disk = &made.disks[0];
    assert_eq!((disk.virtual_size, disk.status, disk.bootable), (GIB, DiskStatus::Ok, true));
    let volume =
        world.estate.volumes(&world.pool()).into_iter().find(|v| v.name.starts_with(&disk.id.to_string()));
    assert!(volume.unwrap().backing.is_some(), "it reads from the template's");
    assert_eq!(world.events(EventKind::VmCreated).await.len(), 1);
    assert_eq!(said(vms::create(&world.admin, &world.new_vm("web1")).await), "name: refusal-name-taken");
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_is_made_blank_with_either_disk_or_none(pool: PgPool) {
    let world = World::new(pool).await;
    for (name, allocation) in [("thin", Allocation::Thin), ("full", Allocation::Preallocated)] {
        let disk = Some(NewVmDisk { size: GIB, allocation });
        let new = NewVm { template: None, network: None, disk, ..world.new_vm(name) };
        let (vm, job) = vms::create(&world.admin, &new).await.unwrap();
        world.done(job).await;
        let made = vms::get(&world.admin, vm).await.unwrap();
        assert!(made.nics.is_empty());
        assert_eq!(made.disks[0].actual_size == GIB, allocation == Allocation::Preallocated);
    }
    let (vm, job) =
        vms::create(&world.admin, &NewVm { template: None, ..world.new_vm("bare") }).await.unwrap();
    world.done(job).await;
    assert!(vms::get(&world.admin, vm).await.unwrap().disks.is_empty());
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_runs_and_ends_in_each_way(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    for action in [vms::shutdown(admin, vm, None).await, vms::power_off(admin, vm, None).await] {
        assert_eq!(said(action), "refusal-vm-status");
    }
    assert_eq!(said(vms::reboot(admin, vm, None).await), "refusal-vm-status");

    world.stop_engine().await;
    let job = vms::run(admin, vm, Some(" to serve ")).await.unwrap();
    assert_eq!(said(vms::run(admin, vm, None).await), "refusal-busy");
    assert_eq!(said(vms::remove(admin, vm, true).await), "refusal-busy");
    world.done(job).await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::PoweringUp);
    assert_eq!(said(vms::run(admin, vm, None).await), "refusal-vm-status");
    assert_eq!(said(vms::remove(admin, vm, true).await), "refusal-vm-status");
    assert_eq!(world.estate.running_on(vm).len(), 1);
    let told = world.events(EventKind::VmStartInitiated).await[0].text.to_string();
    assert!(told.contains("to serve") && told.contains("admin@internal"), "{told}");

    world.estate.set_agent(vm, Some(guest("web1")));
    world.look_until(vm, VmStatus::Up).await;
    world.done(vms::shutdown(admin, vm, Some("holidays")).await.unwrap()).await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::PoweringDown);
    world.look().await;
    let down = world.vm(vm).await;
    assert_eq!((down.row.status, down.row.intended, down.row.host), (VmStatus::Down, VmIntent::Down, None));
    assert_eq!(down.row.status_reason.unwrap().key, "vm-reason-guest-shutdown");
    let shown = vms::get(admin, vm).await.unwrap().stop_reason;
    assert_eq!(shown.as_deref(), Some("holidays"), "to be shown at the next start");
    world.assert_tidy().await;

    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    assert_eq!(world.vm(vm).await.stop_reason, None);
    world.done(vms::power_off(admin, vm, None).await.unwrap()).await;
    let down = world.vm(vm).await;
    assert_eq!(down.row.status_reason.unwrap().to_string(), "Powered off by admin@internal.");
    assert_eq!((down.row.host, down.vnc_password, down.running), (None, None, None));
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_guest_without_agent_is_asked_by_its_power_button(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.powering_up("web1").await;
    world.estate.set_deaf(vm, true);
    world.done(vms::shutdown(&world.admin, vm, None).await.unwrap()).await;
    world.look().await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::PoweringDown, "it was asked and does not listen");
    world.estate.set_deaf(vm, false);
    world.done(vms::shutdown(&world.admin, vm, None).await.unwrap()).await;
    world.look().await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Down);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_shutdown_whose_answer_was_lost_is_no_failure(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.powering_up("web1").await;
    world.estate.fail_next("shutdown", host::HostError::NoAgent("none".into()));
    world.estate.fail_after("shutdown", host::HostError::Timeout { seconds: 10 });
    world.done(vms::shutdown(&world.admin, vm, None).await.unwrap()).await;
    world.look().await;
    assert_eq!(world.vm(vm).await.row.status_reason.unwrap().key, "vm-reason-guest-shutdown");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_is_edited_by_one_at_a_time(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    world.down("web2").await;
    let opened = world.vm(vm).await.row.version;
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    world.estate.set_agent(vm, Some(guest("web1")));
    world.look_until(vm, VmStatus::Up).await;

    let edit = |version, change: fn(&mut model::vm_request::VmConfig)| {
        let mut config = vm_config("web1");
        change(&mut config);
        EditVm { version, config }
    };
    // The dialog was opened before the start: coming up is no edit.
    vms::edit(admin, vm, &edit(opened, |c| c.memory = 512 * MIB)).await.unwrap();
    let details = vms::get(admin, vm).await.unwrap();
    assert!(details.next_run_changes, "the running process keeps what it has");
    assert_eq!(said(vms::edit(admin, vm, &edit(opened, |c| c.comment = "x".into())).await), "stale");
    let version = details.row.version;
    assert_eq!(
        said(vms::edit(admin, vm, &edit(version, |c| c.name = "web2".into())).await),
        "name: refusal-name-taken"
    );
    assert_eq!(
        said(vms::edit(admin, vm, &edit(version, |c| c.memory = 0)).await),
        "memory: field-between-sizes"
    );
    assert_eq!(
        said(vms::edit(admin, vm, &edit(version, |c| c.name = "a\0".into())).await),
        "name: field-name-characters"
    );
    assert_eq!(
        said(vms::edit(admin, vm, &edit(version, |c| c.memory = 65 * GIB)).await),
        "memory: refusal-beyond-every-host"
    );
    assert_eq!(world.events(EventKind::VmUpdated).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_is_removed_with_its_disks_or_without(pool: PgPool) {
    let world = World::new(pool).await;
    let disks = async || control::disks::list(&world.admin, &ListQuery::default()).await.unwrap().rows;
    for (name, with_disks, left) in [("web1", true, 1), ("web2", false, 2)] {
        let vm = world.down(name).await;
        world.stop_engine().await;
        let job = vms::remove(&world.admin, vm, with_disks).await.unwrap();
        assert_eq!(said(vms::remove(&world.admin, vm, with_disks).await), "refusal-busy");
        world.done(job).await;
        assert_eq!(said(vms::get(&world.admin, vm).await), "no vm");
        assert_eq!(said(vms::remove(&world.admin, vm, with_disks).await), "no vm");
        assert_eq!(disks().await.len(), left, "the template's, and what was to be kept");
        world.assert_tidy().await;
    }
    let kept = disks().await.into_iter().find(|d| d.alias == "web2_Disk1").unwrap();
    assert_eq!(kept.attached_to, Vec::<String>::new());
    assert_eq!(world.events(EventKind::VmRemoved).await.len(), 2);

    world.stop_engine().await;
    let job = control::disks::remove(&world.admin, kept.id).await.unwrap();
    assert_eq!(said(control::disks::remove(&world.admin, kept.id).await), "refusal-busy");
    world.done(job).await;
    assert_eq!(said(control::disks::remove(&world.admin, kept.id).await), "no disk");
    let others = disks().await;
    assert_eq!(said(control::disks::remove(&world.admin, others[0].id).await), "refusal-disk-attached");
    assert_eq!(world.events(EventKind::DiskRemoved).await.len(), 1);
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_screen_is_only_shown_while_there_is_one(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    assert_eq!(said(vms::screen(admin, vm).await), "refusal-vm-status");
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    let screen = vms::screen(admin, vm).await.unwrap();
    assert_eq!((screen.password.len(), screen.name.as_str()), (8, "web1"));
    let domain = world.estate.domains(world.vm(vm).await.row.host.unwrap().0).remove(0);
    assert_eq!(domain.spec.graphics.unwrap().password, screen.password);

    let mut blind = world.new_vm("web2");
    blind.config.options.graphics = model::vm_options::Graphics::None;
    let (blind, job) = vms::create(admin, &blind).await.unwrap();
    world.done(job).await;
    world.done(vms::run(admin, blind, None).await.unwrap()).await;
    assert_eq!(said(vms::screen(admin, blind).await), "refusal-headless");
    world.estate.fail_next("screen", host::HostError::Unreachable("no route".into()));
    assert_eq!(said(vms::screen(admin, vm).await), "host-reason-unreachable");
}

/// The password in a file is fresh, ends soon, and disturbs nobody who looks by the portal.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_viewers_file_has_a_password_that_ends_soon(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    assert_eq!(said(vms::viewer(admin, vm, Protocol::Vnc).await), "refusal-vm-status");
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    assert_eq!(said(vms::viewer(admin, vm, Protocol::Spice).await), "refusal-no-protocol");
    let first = vms::screen(admin, vm).await.unwrap().password;
    let given = vms::viewer(admin, vm, Protocol::Vnc).await.unwrap();
    let domain = || async {
        let host = world.vm(vm).await.row.host.unwrap().0;
        world.estate.domains(host).into_iter().find(|d| d.spec.vm == vm).unwrap()
    };
    assert_ne!(given.screen.password, first);
    assert_eq!(domain().await.spec.graphics.unwrap().password, given.screen.password);
    assert_eq!(domain().await.password_until, Some(world.clock.now() + vms::VIEWER_TIME));
    assert_ne!(vms::viewer(admin, vm, Protocol::Vnc).await.unwrap().screen.password, given.screen.password);
    let shared = vms::screen(admin, vm).await.unwrap().password;
    assert_eq!(domain().await.spec.graphics.unwrap().password, shared, "the portal uses it meanwhile");
    world.clock.advance(vms::VIEWER_TIME);
    let after = vms::screen(admin, vm).await.unwrap().password;
    assert_ne!(after, shared);
    assert_eq!(
        (domain().await.spec.graphics.unwrap().password, domain().await.password_until),
        (after, None)
    );
    assert_eq!(world.events(EventKind::ViewerFileGiven).await.len(), 2);

    let mut both = world.new_vm("web2");
    both.config.options.graphics = model::vm_options::Graphics::Spice;
    let (spice, job) = vms::create(admin, &both).await.unwrap();
    world.done(job).await;
    world.done(vms::run(admin, spice, None).await.unwrap()).await;
    assert_eq!(said(vms::screen(admin, spice).await), "refusal-no-protocol");
    assert_eq!(vms::viewer(admin, spice, Protocol::Spice).await.unwrap().protocol, Protocol::Spice);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_start_that_is_cancelled_goes_back(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let mut hold = world.estate.hold_next("start");
    world.start_engine().await;
    let job = vms::run(&world.admin, vm, None).await.unwrap();
    hold.reached().await;
    control::jobs::cancel(&world.admin, job).await.unwrap();
    hold.release();
    let (status, _) = world.finish(job).await;
    assert_eq!(status, JobStatus::Cancelled);
    let back = world.vm(vm).await.row;
    assert_eq!((back.status, back.intended, back.host), (VmStatus::Down, VmIntent::Down, None));
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_jobs_log_tells_what_was_asked_what_was_done_and_what_followed(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.down("web2").await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let job = vms::run(&owner, vm, Some("for the audit")).await.unwrap();
    world.done(job).await;
    let log = control::jobs::get(&owner, job).await.unwrap().log;
    assert!(log.is_sorted_by_key(|line| line.at));
    let words: Vec<String> = log.iter().map(|line| line.text.to_string()).collect();
    assert_eq!(words[0], "owner@internal asked for it");
    for part in ["for the audit", "Choose a host begins", "Launch is done", "The job is finished"] {
        assert_eq!(words.iter().filter(|line| line.contains(part)).count(), 1, "{part} in {words:?}");
    }
    // One request may be about several objects: only what concerns this job's is told.
    assert!(words.iter().all(|line| !line.contains("web2")), "{words:?}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn whoever_may_make_vms_in_a_cluster_uses_only_what_they_see(pool: PgPool) {
    let world = World::new(pool).await;
    let maker = world.owner_of("maker", &[world.cluster.0]).await;
    let told = said(vms::create(&maker, &world.new_vm("web1")).await);
    assert_eq!(told, "template: field-unknown-reference, network: field-unknown-reference");
    let blank = NewVm { template: None, network: None, ..world.new_vm("web1") };
    let with_disk =
        NewVm { disk: Some(NewVmDisk { size: GIB, allocation: Allocation::Thin }), ..blank.clone() };
    assert_eq!(said(vms::create(&maker, &with_disk).await), "storage_domain: refusal-no-storage");
    let chosen = NewVm { storage_domain: Some(world.storage), ..with_disk.clone() };
    assert_eq!(said(vms::create(&maker, &chosen).await), "storage_domain: field-unknown-reference");
    let (vm, job) = vms::create(&maker, &blank).await.unwrap();
    world.done(job).await;
    vms::edit(&maker, vm, &EditVm { version: 1, config: vm_config("web2") }).await.unwrap();

    let equipped = world
        .owner_of("equipped", &[world.cluster.0, world.template.0, world.network.0, world.storage.0])
        .await;
    let (own, job) = vms::create(&equipped, &world.new_vm("web3")).await.unwrap();
    world.done(job).await;
    assert_eq!(vms::get(&equipped, own).await.unwrap().disks.len(), 1);
}
