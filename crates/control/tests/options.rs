//! Highly available VMs come back by themselves, the most important first, and nothing else does. Options of a VM
//! that the estate decides on: hosts, the CD.

use control::reconcile::ha;
use control::vms;
use host::Sessions;
use model::event::EventKind;
use model::vm::{VmIntent, VmStatus};
use model::vm_options::{BootDevice, DisconnectAction, MediaRef, Priority, VmOptions};
use model::vm_request::NewVm;
use model::{HostId, VmId};
use sqlx::PgPool;
use time::Duration;

use crate::support::*;

impl World {
    async fn with(&self, name: &str, options: VmOptions) -> VmId {
        let (vm, job) = vms::create(&self.admin, &self.new_with(name, options)).await.unwrap();
        self.done(job).await;
        vm
    }

    fn new_with(&self, name: &str, options: VmOptions) -> NewVm {
        let mut new = self.new_vm(name);
        new.config.options = options;
        new
    }

    /// It runs, and its guest has booted.
    async fn booted(&self, name: &str, options: VmOptions) -> VmId {
        let vm = self.with(name, options).await;
        self.done(vms::run(&self.admin, vm, None).await.unwrap()).await;
        self.estate.set_agent(vm, Some(guest(name)));
        self.look_until(vm, VmStatus::Up).await;
        vm
    }

    /// The jobs that start VMs and have not ended, by title, in the order in which they were asked for.
    async fn starting(&self) -> Vec<String> {
        let sql = "SELECT title -> 'args' ->> 'name' FROM jobs WHERE kind = 'vm-start' AND status = 'queued' ORDER BY created_at, id";
        sqlx::query_scalar(sql).fetch_all(&self.app.pool).await.unwrap()
    }
}

fn available(priority: Priority) -> VmOptions {
    VmOptions { ha: true, priority, ..VmOptions::default() }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_died_is_started_again_and_what_was_shut_down_is_not(pool: PgPool) {
    let world = World::new(pool).await;
    let died = world.booted("died", available(Priority::Low)).await;
    let plain = world.booted("plain", VmOptions::default()).await;
    let ended = world.booted("ended", available(Priority::High)).await;
    let off = world.booted("off", available(Priority::High)).await;
    world.done(vms::power_off(&world.admin, off, None).await.unwrap()).await;
    world.estate.kill(died);
    world.estate.kill(plain);
    world.estate.guest_shutdown(ended);
    world.look().await;
    ha::round(&world.app).await.unwrap();
    world.start_engine().await;
    world.look_until(died, VmStatus::PoweringUp).await;
    for vm in [plain, ended, off] {
        assert_eq!(world.vm(vm).await.row.status, VmStatus::Down);
    }
    assert_eq!(world.estate.running_on(died).len(), 1);
    assert_eq!(world.events(EventKind::HaVmFailed).await.len(), 1);
    ha::round(&world.app).await.unwrap();
    assert_eq!(world.events(EventKind::HaVmFailed).await.len(), 1, "it runs");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_most_important_is_started_first(pool: PgPool) {
    let world = World::new(pool).await;
    let mut all = Vec::new();
    for (name, priority) in [("low", Priority::Low), ("high", Priority::High), ("medium", Priority::Medium)] {
        all.push(world.booted(name, available(priority)).await);
    }
    world.stop_engine().await;
    all.into_iter().for_each(|vm| world.estate.kill(vm));
    world.look().await;
    let due = store::vms::to_restart(&mut world.app.conn().await.unwrap(), world.app.now()).await.unwrap();
    let names: Vec<String> = due.into_iter().map(|vm| vm.row.name).collect();
    assert_eq!(names, ["high", "medium", "low"]);
    ha::round(&world.app).await.unwrap();
    let mut starting = world.starting().await;
    starting.sort();
    assert_eq!(starting, ["high", "low", "medium"]);
    ha::round(&world.app).await.unwrap();
    assert_eq!(world.starting().await.len(), 3, "each is started once");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn attempts_go_on_and_are_told(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.booted("web1", available(Priority::Low)).await;
    let others: Vec<HostId> = world.hosts.clone();
    world.estate.kill(vm);
    world.look().await;
    for host in &others {
        control::hosts::maintain(&world.admin, *host, None).await.unwrap();
    }
    ha::round(&world.app).await.unwrap();
    assert_eq!(world.events(EventKind::HaRestartFailed).await.len(), 1);
    let waiting = world.vm(vm).await;
    assert_eq!((waiting.ha_attempts, waiting.row.intended), (1, VmIntent::Up));
    assert!(vms::get(&world.admin, vm).await.unwrap().ha_next_at.is_some());
    ha::round(&world.app).await.unwrap();
    assert_eq!(world.events(EventKind::HaRestartFailed).await.len(), 1, "not before its time");
    world.clock.advance(ha::pause(1));
    ha::round(&world.app).await.unwrap();
    assert_eq!(world.vm(vm).await.ha_attempts, 2);

    control::hosts::activate(&world.admin, others[0]).await.unwrap();
    world.look().await;
    world.clock.advance(ha::pause(2));
    // The host takes it and fails: it is tried once more.
    world.estate.fail_next("start", host::HostError::Failed("broken".into()));
    ha::round(&world.app).await.unwrap();
    world.start_engine().await;
    jobs::testing::eventually("the start has failed", || async {
        (world.events(EventKind::VmStartFailed).await.len() == 1).then_some(())
    })
    .await;
    let failed = world.vm(vm).await;
    assert_eq!((failed.row.status, failed.row.intended), (VmStatus::Down, VmIntent::Up));
    world.clock.advance(Duration::minutes(10));
    ha::round(&world.app).await.unwrap();
    world.look_until(vm, VmStatus::PoweringUp).await;
    world.estate.set_agent(vm, Some(guest("web1")));
    world.look_until(vm, VmStatus::Up).await;
    assert_eq!(world.vm(vm).await.ha_attempts, 0, "it is well again");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_lost_host_keeps_its_vms_available_or_not(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.booted("web1", available(Priority::High)).await;
    let host = world.vm(vm).await.row.host.unwrap().0;
    world.estate.disconnect(host, "cable");
    world.look().await;
    world.look().await;
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Unknown);
    ha::round(&world.app).await.unwrap();
    assert_eq!(world.starting().await, Vec::<String>::new());
    world.estate.power_cut(host);
    world.estate.power_on(host);
    world.look_until(vm, VmStatus::Down).await;
    ha::round(&world.app).await.unwrap();
    world.start_engine().await;
    world.look_until(vm, VmStatus::PoweringUp).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_runs_only_where_it_may(pool: PgPool) {
    let world = World::new(pool).await;
    let mine = world.hosts[2];
    let vm = world.with("web1", VmOptions { hosts: vec![mine], ..VmOptions::default() }).await;
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    assert_eq!(world.vm(vm).await.row.host.unwrap().0, mine);
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    control::hosts::maintain(&world.admin, mine, None).await.unwrap();
    let told = reasons(vms::run(&world.admin, vm, None).await);
    assert_eq!(told.iter().filter(|line| line.contains("may not run here")).count(), 2, "{told:?}");

    let far = control::clusters::create(&world.admin, &cluster("far", world.data_center)).await.unwrap();
    let elsewhere = VmOptions { hosts: vec![mine], ..VmOptions::default() };
    let new = NewVm { cluster: far, ..world.new_with("web2", elsewhere) };
    assert!(said(vms::create(&world.admin, &new).await).contains("hosts: field-host-cluster"));
    let pinned = VmOptions { hosts: vec![mine], ..available(Priority::Low) };
    assert_eq!(said(vms::create(&world.admin, &world.new_with("web3", pinned)).await), "ha: field-ha-pinned");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_file_of_the_storage_becomes_the_cd(pool: PgPool) {
    let world = World::new(pool).await;
    let cd = MediaRef { storage_domain: world.storage, name: "tiny.iso".into() };
    let options = VmOptions {
        cd: Some(cd.clone()),
        boot: vec![BootDevice::Cdrom, BootDevice::Disk],
        ..VmOptions::default()
    };
    let new = world.new_with("web1", options.clone());
    assert_eq!(said(vms::create(&world.admin, &new).await), "cd: field-cd-unknown");
    world.estate.put_file(PATH, "tiny.iso", 7 << 20);
    world.clock.advance(Duration::minutes(3));
    world.look().await;
    let media = control::storage_domains::media(&world.admin, world.storage).await.unwrap();
    assert_eq!(
        media.iter().map(|m| (m.at.name.as_str(), m.size)).collect::<Vec<_>>(),
        [("tiny.iso", 7 << 20)]
    );

    let vm = world.with("web1", options).await;
    let job = vms::run(&world.admin, vm, None).await.unwrap();
    world.done(job).await;
    let host = world.vm(vm).await.row.host.unwrap().0;
    let spec = world.estate.domains(host).remove(0).spec;
    assert_eq!(spec.cd.map(|cd| cd.volume), Some("tiny.iso".to_owned()));
    assert_eq!(spec.boot, [BootDevice::Cdrom, BootDevice::Disk]);
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;

    world.estate.take_file(PATH, "tiny.iso");
    let (_, error) = world.finish(vms::run(&world.admin, vm, None).await.unwrap()).await;
    assert_eq!(error.unwrap().text.key, "refusal-cd-missing");
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Down);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_console_that_is_left_does_what_the_vm_says(pool: PgPool) {
    let world = World::new(pool).await;
    let says = |disconnect| VmOptions { disconnect, ..VmOptions::default() };
    let stays = world.booted("stays", says(DisconnectAction::None)).await;
    let ends = world.booted("ends", says(DisconnectAction::Shutdown)).await;
    let again = world.booted("again", says(DisconnectAction::Reboot)).await;
    let locks = world.booted("locks", says(DisconnectAction::LockScreen)).await;
    let leaves = world.booted("leaves", says(DisconnectAction::Logout)).await;
    for vm in [stays, ends, again, locks, leaves] {
        vms::unwatched(&world.app, vm).await.unwrap();
    }
    for (vm, then) in [(stays, None), (locks, Some(Sessions::Lock)), (leaves, Some(Sessions::End))] {
        let host = world.vm(vm).await.row.host.unwrap().0;
        let domain = world.estate.domains(host).into_iter().find(|d| d.spec.vm == vm).unwrap();
        assert_eq!(domain.sessions, then);
    }
    assert_eq!(world.events(EventKind::SessionsLocked).await.len(), 1);
    world.estate.set_agent(locks, None);
    vms::unwatched(&world.app, locks).await.expect("without an agent there is nothing to lock");
    assert_eq!(world.events(EventKind::SessionsLocked).await.len(), 1);
    world.look_until(ends, VmStatus::Down).await;
    assert_eq!(world.vm(ends).await.row.intended, VmIntent::Down);
    world.look_until(again, VmStatus::RebootInProgress).await;
    assert_eq!(world.vm(stays).await.row.status, VmStatus::Up);
    vms::unwatched(&world.app, ends).await.unwrap();
}
