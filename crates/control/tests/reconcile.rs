//! What the server finds out by itself: what became of VMs while it was away, hosts that are lost and come back,
//! definitions that nobody needs, storage that goes, guests that boot. And that nothing is started twice.

use control::{hosts, reconcile, storage_domains, vms};
use host::{HostDriver, HostError};
use model::event::EventKind;
use model::host::HostStatus;
use model::storage_domain::StorageStatus;
use model::vm::{VmIntent, VmStatus};
use model::{HostId, VmId};
use sqlx::PgPool;
use std::sync::Arc;
use time::Duration;

use crate::support::*;

impl World {
    async fn host_of(&self, vm: VmId) -> HostId {
        self.vm(vm).await.row.host.expect("it is on a host").0
    }

    async fn host_status(&self, id: HostId) -> HostStatus {
        hosts::get(&self.admin, id).await.unwrap().row.status
    }

    async fn driver(&self, id: HostId) -> Arc<dyn HostDriver> {
        self.app.hosts.driver(id).await.unwrap()
    }

    async fn reason(&self, vm: VmId) -> String {
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
    assert_eq!(world.events(EventKind::VmPaused).await.len(), 1);
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
async fn storage_goes_and_comes_back(pool: PgPool) {
    let world = World::new(pool).await;
    let status = async || storage_domains::get(&world.admin, world.storage).await.unwrap().status;
    let look = async || {
        world.clock.advance(Duration::seconds(16));
        world.look().await;
    };
    assert_eq!(status().await, StorageStatus::Active);
    world.estate.set_missing(PATH, true);
    look().await;
    assert_eq!(status().await, StorageStatus::Inactive);
    assert_eq!(world.events(EventKind::StorageInactive).await.len(), 1);
    let seen = storage_domains::hosts(&world.admin, world.storage).await.unwrap();
    assert!(seen.iter().all(|host| !host.active && host.reason.is_some()));
    world.estate.set_missing(PATH, false);
    look().await;
    assert_eq!(status().await, StorageStatus::Active);

    // One host that does not have it is enough to have it; a VM is placed elsewhere.
    for host in &world.hosts[1..] {
        world.estate.on(*host).fail_next("open_pool", HostError::NotFound("not mounted".into()));
    }
    look().await;
    assert_eq!(status().await, StorageStatus::Active);
    let vm = world.powering_up("web1").await;
    assert_eq!(world.host_of(vm).await, world.hosts[0]);

    // Without a host that is Up nobody knows.
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    for host in &world.hosts {
        hosts::maintain(&world.admin, *host, None).await.unwrap();
    }
    assert_eq!(status().await, StorageStatus::Unknown);
    hosts::activate(&world.admin, world.hosts[0]).await.unwrap();
    world.look().await;
    assert_eq!(status().await, StorageStatus::Active);
}

/// A host is sent to maintenance while it is being looked at: the look does not write over that.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn maintenance_survives_a_look_under_way(pool: PgPool) {
    let world = World::new(pool).await;
    let host = world.hosts[0];
    world.estate.disconnect(host, "cable");
    for _ in 0..2 {
        world.look().await;
    }
    assert_eq!(world.host_status(host).await, HostStatus::NonResponsive);
    world.estate.reconnect(host);
    let mut hold = world.estate.on(host).hold_next("report");
    let mut look = Box::pin(world.look());
    tokio::select! {
        () = hold.reached() => {}
        () = &mut look => panic!("the report is held"),
    }
    hosts::maintain(&world.admin, host, None).await.unwrap();
    hold.release();
    look.await;
    assert_eq!(world.host_status(host).await, HostStatus::Maintenance);
    assert_eq!(world.events(EventKind::HostUp).await.len(), 3, "each came up once, at first");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn use_is_measured_between_looks(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    for _ in 0..3 {
        world.clock.advance(Duration::seconds(5));
        world.look().await;
    }
    let details = vms::get(&world.admin, vm).await.unwrap();
    assert!(details.row.cpu_percent.is_some_and(|p| p > 0.0) && details.row.memory_percent == Some(50.0));
    assert!(details.use_history.len() >= 2 && details.use_history[0].at > details.use_history[1].at);
    let host = hosts::get(&world.admin, world.host_of(vm).await).await.unwrap();
    assert!(host.row.cpu_percent.is_some() && host.row.memory_percent.is_some());
    let history = &host.use_history;
    assert!(history.len() >= 2 && history[0].at - history[1].at >= Duration::seconds(5), "{history:?}");
    assert_eq!(Some(history[0].memory_percent.round()), host.row.memory_percent.map(f32::round));
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    assert_eq!(world.vm(vm).await.row.cpu_percent, None);
    world.clock.advance(Duration::HOUR + Duration::SECOND);
    world.look().await;
    let kept = hosts::get(&world.admin, host.row.id).await.unwrap().use_history;
    assert!(
        kept.iter().all(|point| world.app.now() - point.at <= Duration::HOUR),
        "an hour is kept: {kept:?}"
    );
    assert_eq!(kept.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_old_goes(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let counts = async || {
        (world.count("SELECT count(*) FROM events").await, world.count("SELECT count(*) FROM jobs").await)
    };
    let before = counts().await;
    world.clock.advance(Duration::days(29));
    reconcile::housekeeping::tidy(&world.app).await.unwrap();
    assert_eq!(counts().await, before);
    world.clock.advance(Duration::days(2));
    reconcile::housekeeping::tidy(&world.app).await.unwrap();
    assert_eq!(counts().await, (before.0, 0), "jobs are kept for a month, events for three");
    world.clock.advance(Duration::days(60));
    reconcile::housekeeping::tidy(&world.app).await.unwrap();
    assert_eq!(counts().await, (0, 0));
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Down);
}

/// All of it together, as the server runs it: what a host tells unasked is looked at, whatever the clock says.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_reconcilers_run_by_themselves(pool: PgPool) {
    let world = World::new(pool).await;
    let end = tokio_util::sync::CancellationToken::new();
    let mut tasks = reconcile::start(&world.app, &end);
    let vm = world.powering_up("web1").await;
    let becomes = async |status| {
        jobs::testing::eventually(&format!("{status:?}"), || async {
            (world.vm(vm).await.row.status == status).then_some(())
        })
        .await;
    };
    world.estate.set_agent(vm, Some(guest("web1")));
    becomes(VmStatus::Up).await;
    world.done(vms::reboot(&world.admin, vm, None).await.unwrap()).await;
    // The guest tells that it began anew, and its agent answers soon.
    becomes(VmStatus::Up).await;
    world.estate.guest_shutdown(vm);
    becomes(VmStatus::Down).await;
    let fourth = hosts::create(&world.admin, &host("kvm4", world.cluster)).await.unwrap();
    jobs::testing::eventually("a new host comes up", || async {
        (world.host_status(fourth).await == HostStatus::Up).then_some(())
    })
    .await;
    jobs::testing::eventually("nothing lies about", || async {
        world.litter().await.is_empty().then_some(())
    })
    .await;
    end.cancel();
    while tasks.join_next().await.is_some() {}
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

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_a_guest_writes_is_seen_at_its_disk(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let disk = async || vms::get(&world.admin, vm).await.unwrap().disks.remove(0);
    let volume = store::disks::get(&mut world.app.conn().await.unwrap(), disk().await.id).await.unwrap();
    world.estate.write(PATH, &volume.unwrap().volume, 7 << 20);
    world.clock.advance(Duration::minutes(3));
    world.look().await;
    assert_eq!(disk().await.actual_size, 7 << 20);
}
