//! What the server finds out by itself: what became of VMs while it was away, hosts that are lost and come back,
//! definitions that nobody needs, guests that boot. And that nothing is started twice.

use control::{hosts, reconcile, vms};
use host::HostDriver;
use model::event::EventKind;
use model::host::HostStatus;
use model::vm::{VmIntent, VmStatus};
use model::{HostId, VmId};
use sqlx::PgPool;
use std::sync::Arc;
use time::Duration;

use crate::support::*;

impl World {
    pub async fn host_of(&self, vm: VmId) -> HostId {
        self.vm(vm).await.row.host.expect("it is on a host").0
    }

    pub async fn host_status(&self, id: HostId) -> HostStatus {
        hosts::get(&self.admin, id).await.unwrap().row.status
    }

    pub async fn driver(&self, id: HostId) -> Arc<dyn HostDriver> {
        self.app.hosts.driver(id).await.unwrap()
    }

    pub async fn reason(&self, vm: VmId) -> String {
        self.vm(vm).await.row.status_reason.map(|text| text.key).unwrap_or_default()
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_happened_while_the_server_was_away_is_told_apart(pool: PgPool) {
    let mut world = World::new(pool).await;
    let (died, ended, ran) = (world.up("died").await, world.up("ended").await, world.up("ran").await);
    world.stop_engine().await;
    world.estate.kill(died);
    world.estate.guest_shutdown(ended);
    world.restart().await;
    world.look().await;
    let stands =
        async |vm| (world.vm(vm).await.row.status, world.reason(vm).await, world.vm(vm).await.row.intended);
    assert_eq!(stands(died).await, (VmStatus::Down, "vm-reason-crashed".into(), VmIntent::Up));
    assert_eq!(stands(ended).await, (VmStatus::Down, "vm-reason-guest-shutdown".into(), VmIntent::Down));
    assert_eq!(stands(ran).await, (VmStatus::Up, String::new(), VmIntent::Up));
    assert_eq!(world.events(EventKind::VmDownError).await.len(), 1);
    assert_eq!(world.events(EventKind::VmDown).await.len(), 1);
    world.look().await;
    assert_eq!(world.events(EventKind::VmDownError).await.len(), 1, "it is told once");
    world.assert_tidy().await;
    for vm in [died, ended] {
        world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_power_cut_is_told_as_one(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    let host = world.host_of(vm).await;
    world.estate.power_cut(host);
    world.look().await;
    assert_eq!(world.host_status(host).await, HostStatus::Up, "one failure is no news");
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Up);
    world.look().await;
    assert_eq!(world.host_status(host).await, HostStatus::NonResponsive);
    assert_eq!(
        (world.vm(vm).await.row.status, world.reason(vm).await),
        (VmStatus::Unknown, "vm-reason-host-lost".into())
    );
    world.estate.power_on(host);
    world.look().await;
    assert_eq!(world.host_status(host).await, HostStatus::Up);
    assert_eq!(
        (world.vm(vm).await.row.status, world.reason(vm).await),
        (VmStatus::Down, "vm-reason-host-restarted".into())
    );
    world.look().await;
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_on_a_lost_host_is_never_started_elsewhere(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    let host = world.host_of(vm).await;
    world.estate.disconnect(host, "cable");
    for _ in 0..3 {
        world.look().await;
    }
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Unknown);
    for refused in [
        vms::run(&world.admin, vm, None).await,
        vms::power_off(&world.admin, vm, None).await,
        vms::remove(&world.admin, vm, true).await,
    ] {
        assert_eq!(said(refused), "refusal-vm-status");
    }
    assert_eq!(said(hosts::maintain(&world.admin, host, None).await), "refusal-host-vms");
    assert_eq!(said(hosts::remove(&world.admin, host).await), "refusal-host-status");
    assert_eq!(world.events(EventKind::VmUnknown).await.len(), 1, "it is told once");
    assert_eq!(world.estate.running_on(vm), [host]);
    world.estate.reconnect(host);
    world.look().await;
    assert_eq!((world.vm(vm).await.row.status, world.host_of(vm).await), (VmStatus::Up, host));
    assert_eq!(world.events(EventKind::VmRespondsAgain).await.len(), 1);
}

/// A job held the VM when its host was lost, and fails later: the VM is unknown then, too.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_that_was_busy_when_its_host_went_is_lost_later(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    world.stop_engine().await;
    let host = world.host_of(vm).await;
    let job = vms::reboot(&world.admin, vm, None).await.unwrap();
    world.estate.disconnect(host, "cable");
    for _ in 0..3 {
        world.look().await;
    }
    assert_ne!(world.vm(vm).await.row.status, VmStatus::Unknown, "the job has it");
    assert_eq!(world.finish(job).await.0, model::job::JobStatus::Failed);
    world.look().await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Unknown);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_guest_is_up_when_its_agent_answers_or_after_a_minute(pool: PgPool) {
    let world = World::new(pool).await;
    let (quick, mute) = (world.powering_up("quick").await, world.powering_up("mute").await);
    world.estate.set_agent(quick, Some(guest("quick.example.org")));
    world.look_until(quick, VmStatus::Up).await;
    assert_eq!(world.vm(quick).await.row.fqdn.as_deref(), Some("quick.example.org"));
    assert_eq!(world.vm(mute).await.row.status, VmStatus::PoweringUp);
    world.clock.advance(Duration::seconds(59));
    world.look().await;
    assert_eq!(world.vm(mute).await.row.status, VmStatus::PoweringUp);
    world.clock.advance(Duration::seconds(1));
    world.look().await;
    assert_eq!(world.vm(mute).await.row.status, VmStatus::Up);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_agent_that_hangs_is_asked_once(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.powering_up("web1").await;
    world.estate.set_agent(vm, Some(guest("before")));
    world.estate.clear_calls();
    let mut hold = world.estate.hold_next("guest_info");
    for _ in 0..3 {
        world.look().await;
    }
    hold.reached().await;
    assert_eq!(world.estate.calls().iter().filter(|call| call.call == "guest_info").count(), 1);
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    world.clock.advance(Duration::seconds(1));
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    world.estate.set_agent(vm, Some(guest("after")));
    hold.release();
    world.look_until(vm, VmStatus::Up).await;
    assert_eq!(world.vm(vm).await.row.fqdn.as_deref(), Some("after"));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_reboot_is_seen_from_its_wish_to_its_end(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    world.done(vms::reboot(&world.admin, vm, None).await.unwrap()).await;
    world.look().await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::RebootInProgress);
    world.estate.set_agent(vm, None);
    reconcile::guests::rebooted(&world.app, vm).await;
    world.look().await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::PoweringUp);
    world.estate.set_agent(vm, Some(guest("web1")));
    world.look_until(vm, VmStatus::Up).await;

    // The guest is quicker than its host's answer.
    let mut hold = world.estate.hold_next("reboot");
    let job = vms::reboot(&world.admin, vm, None).await.unwrap();
    hold.reached().await;
    reconcile::guests::rebooted(&world.app, vm).await;
    hold.release();
    world.done(job).await;
    world.look_until(vm, VmStatus::Up).await;

    // A guest that rebooted without telling is up a minute later.
    world.done(vms::reboot(&world.admin, vm, None).await.unwrap()).await;
    world.clock.advance(Duration::seconds(60));
    world.look().await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Up);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_disk_that_cannot_be_written_pauses_and_goes_on(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    world.estate.io_error(vm);
    world.look().await;
    assert_eq!(
        (world.vm(vm).await.row.status, world.reason(vm).await),
        (VmStatus::Paused, "vm-reason-io-error".into())
    );
    assert_eq!(world.events(EventKind::VmPausedIo).await.len(), 1);
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    world.look().await;
    assert_eq!((world.vm(vm).await.row.status, world.reason(vm).await), (VmStatus::Up, String::new()));
    assert_eq!(world.events(EventKind::VmStarted).await.len(), 1, "it was not started again");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_hung_process_is_its_own_matter(pool: PgPool) {
    let world = World::new(pool).await;
    let (hung, well) = (world.up("hung").await, world.up("well").await);
    world.estate.set_stuck(hung, true);
    world.look().await;
    assert_eq!(world.vm(hung).await.row.status, VmStatus::NotResponding);
    assert_eq!(world.vm(well).await.row.status, VmStatus::Up);
    world.estate.set_stuck(hung, false);
    world.look().await;
    assert_eq!(world.vm(hung).await.row.status, VmStatus::Up);
    world.estate.set_stuck(hung, true);
    world.look().await;
    world.done(vms::power_off(&world.admin, hung, None).await.unwrap()).await;
    assert_eq!(world.vm(hung).await.row.status, VmStatus::Down);
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_definition_that_nobody_needs_is_forgotten(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    let here = world.host_of(vm).await;
    let there = *world.hosts.iter().find(|id| **id != here).unwrap();
    let spec = world.estate.domains(here).remove(0).spec;
    // As an attempt that was given up may leave it.
    world.driver(there).await.define(&spec).await.unwrap();
    world.look().await;
    assert!(world.estate.domains(there).is_empty());
    assert_eq!(world.estate.running_on(vm), [here]);
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    world.driver(there).await.define(&spec).await.unwrap();
    world.look().await;
    world.assert_tidy().await;

    // One of a VM that Drover does not know is told and left alone.
    let stranger = host::DomainSpec { vm: VmId(uuid::Uuid::max()), disks: vec![], ..spec };
    world.driver(there).await.define(&stranger).await.unwrap();
    for _ in 0..2 {
        world.look().await;
    }
    assert_eq!(world.estate.domains(there).len(), 1);
    assert_eq!(world.events(EventKind::OrphanFound).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_domain_that_somebody_else_started_is_taken_in(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.powering_up("web1").await;
    let host = world.host_of(vm).await;
    let spec = world.estate.domains(host).remove(0).spec;
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    let driver = world.driver(host).await;
    driver.define(&spec).await.unwrap();
    driver.start(vm).await.unwrap();
    world.look_until(vm, VmStatus::Up).await;
    assert_eq!(world.host_of(vm).await, host);
    assert_eq!(world.events(EventKind::VmFound).await.len(), 1);
    assert_eq!(said(vms::run(&world.admin, vm, None).await), "refusal-vm-status");
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    world.assert_tidy().await;
}

/// The host's answer is older than what a job wrote meanwhile: nothing may be concluded from it.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_old_report_proves_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    let host = world.host_of(vm).await;
    // The report of a running VM arrives when it has been powered off.
    let observed = hosts::get(&world.admin, host).await.unwrap();
    let rows = store::vms::of_host(&mut world.app.conn().await.unwrap(), host).await.unwrap();
    let driver = world.driver(host).await;
    let running = driver.report().await.unwrap();
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    let mut memory = Default::default();
    reconcile::vm_states::apply(&world.app, &observed, &running, &rows).await.unwrap();
    reconcile::orphans::apply(&world.app, &observed, &running, &[], driver.as_ref(), &mut memory)
        .await
        .unwrap();
    assert_eq!((world.vm(vm).await.row.status, world.vm(vm).await.row.host), (VmStatus::Down, None));

    // The report of one that is about to be launched arrives when it runs.
    let mut hold = world.estate.hold_next("start");
    let job = vms::run(&world.admin, vm, None).await.unwrap();
    hold.reached().await;
    let host = world.host_of(vm).await;
    let observed = hosts::get(&world.admin, host).await.unwrap();
    let rows = store::vms::of_host(&mut world.app.conn().await.unwrap(), host).await.unwrap();
    let off = world.driver(host).await.report().await.unwrap();
    assert_eq!((rows.len(), off.domains[0].state), (1, host::DomainState::ShutOff));
    hold.release();
    world.done(job).await;
    reconcile::vm_states::apply(&world.app, &observed, &off, &rows).await.unwrap();
    assert_eq!(world.vm(vm).await.row.status, VmStatus::PoweringUp);
    assert_eq!(world.events(EventKind::VmDownError).await.len(), 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_guest_that_does_not_shut_down_is_up_again(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.powering_up("web1").await;
    world.estate.set_deaf(vm, true);
    world.done(vms::shutdown(&world.admin, vm, Some("no use")).await.unwrap()).await;
    world.look().await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::PoweringDown);
    world.clock.advance(reconcile::vm_states::SHUTDOWN_TIME);
    world.look().await;
    let row = world.vm(vm).await.row;
    assert_eq!((row.status, row.intended), (VmStatus::Up, VmIntent::Up));
    assert_eq!(world.events(EventKind::VmShutdownIgnored).await.len(), 1);
}
