//! Suspending and going on: on another host, not twice, not from a state that is used up, and what is told.

use control::{disks, vms};
use model::disk::DiskContent;
use model::event::EventKind;
use model::job::JobStatus;
use model::list::ListQuery;
use model::vm::{VmIntent, VmStatus};
use model::vm_request::EditVm;
use sqlx::PgPool;

use crate::support::*;

async fn suspended(world: &World, name: &str) -> model::VmId {
    let vm = world.up(name).await;
    world.done(vms::suspend(&world.admin, vm, None).await.unwrap()).await;
    vm
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_goes_on_elsewhere_when_its_host_is_lost(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    assert_eq!(said(vms::suspend(admin, vm, None).await), "refusal-vm-status");
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    world.estate.set_agent(vm, Some(guest("web1")));
    world.look_until(vm, VmStatus::Up).await;
    let before = world.vm(vm).await;
    let (first, _) = before.row.host.clone().unwrap();

    world.stop_engine().await;
    let job = vms::suspend(admin, vm, Some("the move")).await.unwrap();
    assert_eq!(world.vm(vm).await.row.status, VmStatus::SavingState);
    assert_eq!(said(vms::suspend(admin, vm, None).await), "refusal-busy");
    world.done(job).await;
    let asleep = world.vm(vm).await;
    assert_eq!((asleep.row.status, asleep.row.host), (VmStatus::Suspended, None));
    assert_eq!(asleep.vnc_password, before.vnc_password, "its screen comes back as it was");
    let all = disks::list(admin, &ListQuery::default()).await.unwrap().rows;
    let memory = all.iter().find(|d| d.content == DiskContent::Memory).unwrap();
    assert_eq!((memory.alias.as_str(), memory.virtual_size), ("web1_memory", MEMORY));
    assert_eq!(memory.attached_to, ["web1"]);
    assert_eq!(said(disks::remove(admin, memory.id).await), "refusal-disk-attached");
    for refused in [vms::shutdown(admin, vm, None).await, vms::remove(admin, vm, true).await] {
        assert_eq!(said(refused), "refusal-vm-status");
    }
    world.assert_tidy().await;

    // A change waits for the next start; the state that was saved fits what it was saved of.
    let mut config = vm_config("web1");
    config.memory *= 2;
    let version = asleep.row.version;
    vms::edit(admin, vm, &EditVm { version, config }).await.unwrap();
    world.estate.power_cut(first);
    world.look().await;
    world.look().await;
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    let back = world.vm(vm).await;
    let (second, _) = back.row.host.clone().unwrap();
    assert_ne!(first, second);
    assert_eq!((back.row.status, back.row.intended), (VmStatus::Up, VmIntent::Up));
    assert_eq!((back.running.unwrap().memory, back.memory_disk), (MEMORY, None));
    let domain = world.estate.domains(second).into_iter().find(|d| d.spec.vm == vm).unwrap();
    assert_eq!((domain.starts, domain.spec.memory), (0, MEMORY), "it went on, and did not start");
    for kind in [EventKind::VmSuspendInitiated, EventKind::VmSuspended, EventKind::VmRestored] {
        assert_eq!(world.events(kind).await.len(), 1, "{kind:?}");
    }
    world.estate.power_on(first);
    world.look_until(vm, VmStatus::Up).await;
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_was_saved_is_never_gone_on_from_twice(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = suspended(&world, "web1").await;
    // It is there again and runs; the volume cannot be deleted, and the host dies.
    world.estate.fail_next("delete_volume", host::HostError::Failed("read only".into()));
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    let (host, _) = world.vm(vm).await.row.host.unwrap();
    let left = disks::list(&world.admin, &ListQuery::default()).await.unwrap().rows;
    let left = left.into_iter().find(|d| d.content == DiskContent::Memory).unwrap();
    assert_eq!(left.attached_to, Vec::<String>::new());
    assert_eq!(world.events(EventKind::DiskRemoveFailed).await.len(), 1);
    world.estate.kill(vm);
    world.look_until(vm, VmStatus::Down).await;
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    let runs = world.estate.domains(host).into_iter().find(|d| d.spec.vm == vm);
    assert!(runs.is_none_or(|d| d.starts > 0), "it started anew");
    world.done(disks::remove(&world.admin, left.id).await.unwrap()).await;
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_resume_that_cannot_be_leaves_the_vm_suspended(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = suspended(&world, "web1").await;
    world.estate.fail_next("restore", host::HostError::Failed("no such CPU".into()));
    let (status, _) = world.finish(vms::run(&world.admin, vm, None).await.unwrap()).await;
    let back = world.vm(vm).await.row;
    assert_eq!((status, back.status, back.host), (JobStatus::Failed, VmStatus::Suspended, None));
    assert_eq!(back.intended, VmIntent::Down);
    world.assert_tidy().await;
    for host in &world.hosts {
        world.estate.disconnect(*host, "cable");
    }
    world.look().await;
    world.look().await;
    assert_eq!(said(vms::run(&world.admin, vm, None).await), "refusal-no-host");
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Suspended);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_suspended_vm_that_is_powered_off_loses_its_state(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = suspended(&world, "web1").await;
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    let down = world.vm(vm).await;
    assert_eq!((down.row.status, down.running, down.memory_disk), (VmStatus::Down, None, None));
    assert_eq!(down.row.status_reason.unwrap().key, "vm-reason-discarded");
    world.assert_tidy().await;
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::PoweringUp);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_suspend_that_fails_or_is_cancelled_lets_the_vm_run_on(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    world.estate.fail_next("save", host::HostError::NoSpace("full".into()));
    assert_eq!(world.finish(vms::suspend(&world.admin, vm, None).await.unwrap()).await.0, JobStatus::Failed);
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Up);
    assert_eq!(world.events(EventKind::VmSuspendFailed).await.len(), 1);
    world.assert_tidy().await;

    let mut hold = world.estate.hold_next("save");
    world.start_engine().await;
    let job = vms::suspend(&world.admin, vm, None).await.unwrap();
    hold.reached().await;
    control::jobs::cancel(&world.admin, job).await.unwrap();
    hold.release();
    assert_eq!(world.finish(job).await.0, JobStatus::Cancelled);
    let row = world.vm(vm).await.row;
    assert_eq!((row.status, row.intended), (VmStatus::Up, VmIntent::Up));
    assert_eq!(world.estate.running_on(vm).len(), 1);
    world.assert_tidy().await;
}

/// A resume whose host is lost before it is written down leaves what was saved as good as it was.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_resume_that_lost_its_host_can_be_had_again(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = suspended(&world, "web1").await;
    let memory = world.vm(vm).await.memory_disk;
    let mut hold = world.estate.hold_next("restore");
    world.start_engine().await;
    let job = vms::run(&world.admin, vm, None).await.unwrap();
    hold.reached().await;
    let (host, _) = world.vm(vm).await.row.host.unwrap();
    world.estate.power_cut(host);
    hold.release();
    assert_eq!(world.finish(job).await.0, JobStatus::Failed);
    let lost = world.vm(vm).await;
    assert_eq!((lost.row.status, lost.memory_disk), (VmStatus::Unknown, memory));
    world.look().await;
    world.estate.power_on(host);
    world.look_until(vm, VmStatus::Suspended).await;
    let back = world.vm(vm).await;
    assert_eq!((back.row.intended, back.row.host, back.memory_disk), (VmIntent::Down, None, memory));
    world.look().await;
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Up);
    world.assert_tidy().await;
}

/// One that is back, paused, after its job gave up: whoever lets it run on gives up what was saved.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_resume_that_was_broken_off_goes_on_by_hand(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = suspended(&world, "web1").await;
    world.estate.fail_after("restore", host::HostError::Failed("odd".into()));
    let mut hold = world.estate.hold_next("destroy");
    world.start_engine().await;
    let job = vms::run(&world.admin, vm, None).await.unwrap();
    hold.reached().await;
    let (host, _) = world.vm(vm).await.row.host.unwrap();
    world.estate.disconnect(host, "cable");
    hold.release();
    assert_eq!(world.finish(job).await.0, JobStatus::Failed);
    world.look().await;
    world.estate.reconnect(host);
    world.look_until(vm, VmStatus::Paused).await;
    assert!(world.vm(vm).await.memory_disk.is_some(), "its guest has not taken a step");
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    let runs = world.vm(vm).await;
    assert_eq!((runs.row.status, runs.memory_disk), (VmStatus::Up, None));
    let left = disks::list(&world.admin, &ListQuery::default()).await.unwrap().rows;
    let left = left.into_iter().find(|d| d.content == DiskContent::Memory).unwrap();
    world.done(disks::remove(&world.admin, left.id).await.unwrap()).await;
    world.assert_tidy().await;
}

/// A disc that has gone since is no reason to lose what was saved.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_suspended_vm_comes_back_without_a_disc_that_is_gone(pool: PgPool) {
    let world = World::new(pool).await;
    world.put_image("one.iso").await;
    let vm = world.up("web1").await;
    world.done(vms::change_cd(&world.admin, vm, Some(&world.image("one.iso"))).await.unwrap()).await;
    world.done(vms::suspend(&world.admin, vm, None).await.unwrap()).await;
    world.estate.take_file(PATH, "one.iso");
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Up);
}

/// What is left when the last step is given up is nobody's, and can be removed.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_discard_that_is_cancelled_leaves_a_disk_to_remove(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = suspended(&world, "web1").await;
    let mut hold = world.estate.hold_next("resume");
    world.start_engine().await;
    let job = vms::run(&world.admin, vm, None).await.unwrap();
    hold.reached().await;
    control::jobs::cancel(&world.admin, job).await.unwrap();
    hold.release();
    assert_eq!(world.finish(job).await.0, JobStatus::Cancelled);
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Up);
    assert!(world.events(EventKind::VmStartFailed).await.is_empty(), "it runs");
    let left = disks::list(&world.admin, &ListQuery::default()).await.unwrap().rows;
    let left = left.into_iter().find(|d| d.content == DiskContent::Memory).unwrap();
    world.done(disks::remove(&world.admin, left.id).await.unwrap()).await;
    world.assert_tidy().await;
}

/// A host that is lost before anything can run on it keeps nobody: the job finds another one.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_host_that_is_lost_while_a_vm_is_defined_on_it_is_left(pool: PgPool) {
    let world = World::new(pool).await;
    let (asleep, down) = (suspended(&world, "web1").await, world.down("web2").await);
    for (vm, then) in [(asleep, VmStatus::Up), (down, VmStatus::PoweringUp)] {
        let mut hold = world.estate.hold_next("define");
        world.start_engine().await;
        let job = vms::run(&world.admin, vm, None).await.unwrap();
        hold.reached().await;
        let (first, _) = world.vm(vm).await.row.host.unwrap();
        world.estate.disconnect(first, "cable");
        hold.release();
        world.look().await;
        world.look().await;
        world.done(job).await;
        let row = world.vm(vm).await.row;
        assert_eq!(row.status, then);
        assert_ne!(row.host.unwrap().0, first);
        world.estate.reconnect(first);
        world.look().await;
        world.look().await;
        world.assert_tidy().await;
    }
}

/// The memory must fit somewhere that the VM's host has.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_full_storage_is_told_beforehand(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    world.estate.set_capacity(PATH, MEMORY / 2);
    world.clock.advance(time::Duration::minutes(1));
    world.look().await;
    assert_eq!(said(vms::suspend(&world.admin, vm, None).await), "refusal-storage-full");
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Up);
}

/// A host that dies while it saves: nothing was saved, and the VM is down like any other whose host died.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_host_that_dies_while_it_saves_leaves_no_half_state(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    let (host, _) = world.vm(vm).await.row.host.unwrap();
    let mut hold = world.estate.hold_next("save");
    world.start_engine().await;
    let job = vms::suspend(&world.admin, vm, None).await.unwrap();
    hold.reached().await;
    world.estate.power_cut(host);
    hold.release();
    assert_eq!(world.finish(job).await.0, JobStatus::Failed);
    let lost = world.vm(vm).await.row;
    assert_eq!((lost.status, lost.host.map(|h| h.0)), (VmStatus::Unknown, Some(host)));
    world.look().await;
    world.estate.power_on(host);
    world.look_until(vm, VmStatus::Down).await;
    let left = disks::list(&world.admin, &ListQuery::default()).await.unwrap().rows;
    let left = left.into_iter().find(|d| d.content == DiskContent::Memory).unwrap();
    world.done(disks::remove(&world.admin, left.id).await.unwrap()).await;
    world.look().await;
    world.assert_tidy().await;
}
