//! The end of a lease: told, stopped, kept and removed, each step once, whatever happens in between.

use control::{reconcile, vms};
use host::HostError;
use model::VmId;
use model::event::EventKind;
use model::lease::{GRACE, Lease, LeaseStage};
use model::list::ListQuery;
use model::vm::{VmIntent, VmStatus};
use model::vm_request::EditVm;
use sqlx::PgPool;
use time::Duration;
use time::macros::date;

use super::LEASE;
use crate::support::*;

/// A VM that is up, and in a minute expires.
async fn near_its_end(world: &World, name: &str) -> VmId {
    world.template_says(Some(LEASE)).await;
    let vm = world.up(name).await;
    world.clock.advance(world.end(vm).await.unwrap() - world.app.now() - Duration::MINUTE);
    world.due().await;
    assert_eq!(world.stage(vm).await, LeaseStage::LastDay);
    world.clock.advance(Duration::MINUTE);
    vm
}

/// One that is kept, its days over.
async fn kept_long_enough(world: &World, name: &str) -> VmId {
    let vm = near_its_end(world, name).await;
    world.due_and_done(vm).await;
    world.clock.advance(GRACE);
    world.due().await;
    assert_eq!(world.stage(vm).await, LeaseStage::Kept);
    world.clock.advance(Duration::days(LEASE.keep.into()));
    vm
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn its_owner_is_told_and_it_is_stopped_kept_and_removed(pool: PgPool) {
    let world = World::new(pool).await;
    world.template_says(Some(LEASE)).await;
    let vm = world.up("web1").await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let ways = [
        (Duration::days(22), LeaseStage::Running, None),
        (Duration::days(1), LeaseStage::Warned, Some(EventKind::LeaseEndsInAWeek)),
        (Duration::days(6), LeaseStage::LastDay, Some(EventKind::LeaseEndsInADay)),
        (Duration::days(1), LeaseStage::Stopping, Some(EventKind::LeaseExpired)),
        (GRACE, LeaseStage::Kept, Some(EventKind::LeaseKept)),
        (Duration::days(4), LeaseStage::Kept, None),
    ];
    for (later, stage, told) in ways {
        world.clock.advance(later);
        for _ in 0..2 {
            world.due_and_done(vm).await;
        }
        assert_eq!(world.stage(vm).await, stage);
        if let Some(kind) = told {
            assert_eq!(world.told(kind).await, 1, "{kind:?}");
        }
    }
    let row = world.vm(vm).await.row;
    assert_eq!((row.status, row.intended), (VmStatus::Down, VmIntent::Down));
    assert_eq!(world.told(EventKind::LeaseForced).await, 0);
    assert_eq!(said(vms::run(&owner, vm, None).await), "refusal-lease-expired");
    let seen = control::events::list(&owner, &ListQuery { size: 500, ..ListQuery::default() }).await.unwrap();
    for kind in [EventKind::LeaseEndsInAWeek, EventKind::LeaseEndsInADay, EventKind::LeaseKept] {
        assert!(seen.rows.iter().any(|event| event.code == kind.code()), "the owner sees {kind:?}");
    }
    world.clock.advance(Duration::days(1));
    world.due_and_done(vm).await;
    assert!(world.find_vm(vm).await.is_none());
    assert_eq!((world.told(EventKind::LeaseRemoved).await, world.told(EventKind::VmRemoved).await), (1, 1));
    assert_eq!(
        world.count("SELECT count(*) FROM disks").await,
        1,
        "its disk is gone, the template's is there"
    );
    world.due().await;
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_does_not_shut_down_is_switched_off(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = near_its_end(&world, "web1").await;
    world.estate.set_agent(vm, None);
    world.estate.set_deaf(vm, true);
    world.due_and_done(vm).await;
    assert_eq!(said(vms::run(&world.admin, vm, None).await), "refusal-vm-status");
    world.clock.advance(GRACE);
    world.due_and_done(vm).await;
    assert_eq!((world.stage(vm).await, world.vm(vm).await.row.status), (LeaseStage::Forced, VmStatus::Down));
    world.clock.advance(Duration::MINUTE);
    world.due().await;
    assert_eq!(world.stage(vm).await, LeaseStage::Kept);
    for kind in [EventKind::LeaseExpired, EventKind::LeaseForced, EventKind::LeaseKept] {
        assert_eq!(world.told(kind).await, 1, "{kind:?}");
    }
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_server_that_dies_in_between_goes_on_where_it_was(pool: PgPool) {
    let mut world = World::new(pool).await;
    let vm = near_its_end(&world, "web1").await;
    world.stop_engine().await;
    // The stage is written with its job, or neither is.
    world.due().await;
    assert_eq!(world.stage(vm).await, LeaseStage::Stopping);
    world.restart().await;
    world.due().await;
    assert_eq!(world.count("SELECT count(*) FROM jobs WHERE kind = 'vm-shutdown'").await, 1);
    world.due_and_done(vm).await;
    world.clock.advance(GRACE);
    world.restart().await;
    world.due().await;
    world.due().await;
    assert_eq!((world.stage(vm).await, world.told(EventKind::LeaseKept).await), (LeaseStage::Kept, 1));
    world.clock.advance(Duration::days(LEASE.keep.into()));
    world.due().await;
    world.restart().await;
    world.due().await;
    assert_eq!(world.count("SELECT count(*) FROM jobs WHERE kind = 'vm-remove'").await, 1);
    world.due_and_done(vm).await;
    assert!(world.find_vm(vm).await.is_none());
    world.assert_tidy().await;
}

/// Nobody loses the days for which it is kept because the server was away.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_server_that_was_away_for_long_takes_nothing_away(pool: PgPool) {
    let world = World::new(pool).await;
    world.template_says(Some(LEASE)).await;
    let vm = world.down("web1").await;
    world.clock.advance(Duration::days(300));
    assert_eq!(said(vms::run(&world.admin, vm, None).await), "refusal-lease-expired", "whoever was first");
    world.due().await;
    assert_eq!(world.stage(vm).await, LeaseStage::Kept);
    assert_eq!(world.vm(vm).await.lease_due, Some(world.app.now() + Duration::days(5)));
    assert_eq!(world.told(EventKind::LeaseEndsInAWeek).await, 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_extended_goes_on(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = kept_long_enough(&world, "web1").await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    vms::extend_lease(&owner, vm, Some(date!(2030 - 02 - 18))).await.unwrap();
    assert_eq!(world.stage(vm).await, LeaseStage::Running);
    world.due().await;
    assert_eq!(world.told(EventKind::LeaseRemoved).await, 0);
    world.done(vms::run(&owner, vm, None).await.unwrap()).await;
    world.clock.advance(Duration::days(8));
    world.due().await;
    assert_eq!(world.told(EventKind::LeaseEndsInAWeek).await, 1, "the new end is told as the first was");
}

/// Its removal is asked for: until that has ended it is too late.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_being_removed_is_not_extended(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = kept_long_enough(&world, "web1").await;
    world.stop_engine().await;
    world.due().await;
    let extend = vms::extend_lease(&world.admin, vm, Some(date!(2030 - 03 - 01))).await;
    assert_eq!(said(extend), "refusal-busy");
    // It fails, with the disk still there.
    world.estate.fail_next("delete_volume", HostError::Failed("no".into()));
    let (job, _) = store::jobs::busy(&mut world.app.conn().await.unwrap(), vm.0).await.unwrap().unwrap();
    world.finish(job).await;
    assert_eq!(
        (world.stage(vm).await, world.vm(vm).await.row.status),
        (LeaseStage::Removing, VmStatus::Down)
    );
    assert_eq!(said(vms::run(&world.admin, vm, None).await), "refusal-lease-expired");
    world.due().await;
    assert_eq!(world.count("SELECT count(*) FROM jobs WHERE kind = 'vm-remove'").await, 1, "not at once");
    world.clock.advance(Duration::HOUR);
    world.due_and_done(vm).await;
    assert!(world.find_vm(vm).await.is_none());
    assert_eq!(
        (world.told(EventKind::LeaseRemoved).await, world.told(EventKind::VmRemoveFailed).await),
        (1, 1)
    );
}

async fn protected(world: &World, vm: VmId, on: bool) {
    let row = world.vm(vm).await;
    let mut config = row.config.clone();
    config.options.protected = on;
    vms::edit(&world.admin, vm, &EditVm { version: row.row.version, config }).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_protected_is_held_until_it_is_not(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = kept_long_enough(&world, "web1").await;
    protected(&world, vm, true).await;
    assert_eq!(said(vms::remove(&world.admin, vm, true).await), "refusal-protected");
    for _ in 0..3 {
        world.due_and_done(vm).await;
        world.clock.advance(Duration::DAY);
    }
    assert_eq!((world.stage(vm).await, world.told(EventKind::LeaseHeld).await), (LeaseStage::Held, 1));
    assert_eq!(said(vms::run(&world.admin, vm, None).await), "refusal-lease-expired");
    protected(&world, vm, false).await;
    world.due_and_done(vm).await;
    assert!(world.find_vm(vm).await.is_none());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_suspended_is_kept_so_and_then_removed_with_its_memory(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = near_its_end(&world, "web1").await;
    world.done(vms::suspend(&world.admin, vm, None).await.unwrap()).await;
    world.due().await;
    assert_eq!(
        (world.stage(vm).await, world.vm(vm).await.row.status),
        (LeaseStage::Kept, VmStatus::Suspended)
    );
    assert_eq!(said(vms::run(&world.admin, vm, None).await), "refusal-lease-expired");
    world.clock.advance(Duration::days(LEASE.keep.into()));
    world.due_and_done(vm).await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Down);
    world.clock.advance(GRACE);
    world.due_and_done(vm).await;
    assert!(world.find_vm(vm).await.is_none());
    world.assert_tidy().await;
}

/// A VM that is busy, or whose host is away, waits, and holds up no other.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_that_cannot_be_stopped_holds_up_no_other(pool: PgPool) {
    let world = World::new(pool).await;
    let (lost, other) = (near_its_end(&world, "lost").await, world.down("other").await);
    world.estate.disconnect(world.host_of(lost).await, "cable");
    for _ in 0..3 {
        world.look().await;
    }
    vms::extend_lease(&world.admin, other, Some(date!(2030 - 02 - 01))).await.unwrap();
    world.clock.advance(Duration::days(2));
    world.due().await;
    assert_eq!((world.stage(lost).await, world.stage(other).await), (LeaseStage::LastDay, LeaseStage::Kept));
    assert_eq!(world.told(EventKind::LeaseExpired).await, 0, "what was not done is not told");
    world.estate.reconnect(world.host_of(lost).await);
    world.look().await;
    world.clock.advance(Duration::MINUTE);
    world.due_and_done(lost).await;
    assert_eq!(
        (world.stage(lost).await, world.told(EventKind::LeaseExpired).await),
        (LeaseStage::Stopping, 1)
    );
}

/// A highly available VM that dies at its end is not started again, and nobody is told of attempts.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_has_died_by_its_end_is_not_started_again(pool: PgPool) {
    let world = World::new(pool).await;
    world.template_says(Some(Lease { days: 1, ..LEASE })).await;
    let mut new = world.new_vm("web1");
    new.config.options.ha = true;
    let (vm, job) = vms::create(&world.admin, &new).await.unwrap();
    world.done(job).await;
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    world.clock.advance(Duration::DAY);
    world.estate.kill(vm);
    world.look().await;
    world.due().await;
    assert_eq!((world.stage(vm).await, world.vm(vm).await.row.intended), (LeaseStage::Kept, VmIntent::Down));
    reconcile::ha::round(&world.app).await.unwrap();
    assert_eq!(world.told(EventKind::HaRestartFailed).await, 0);
}
