//! What the reconcilers keep of hosts and storage beside the states of VMs: domains, use, and what is old.

use control::{hosts, reconcile, storage_domains, vms};
use host::HostError;
use model::event::EventKind;
use model::host::HostStatus;
use model::storage_domain::StorageStatus;
use model::vm::VmStatus;
use sqlx::PgPool;
use time::Duration;

use crate::support::*;

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
        world.clock.advance(Duration::MINUTE);
        world.look().await;
    }
    let details = vms::get(&world.admin, vm).await.unwrap();
    assert!(details.row.cpu_percent.is_some_and(|p| p > 0.0) && details.row.memory_percent == Some(50.0));
    assert!(details.use_history.len() >= 2 && details.use_history[0].at > details.use_history[1].at);
    let host = hosts::get(&world.admin, world.host_of(vm).await).await.unwrap();
    assert!(host.row.cpu_percent.is_some() && host.row.memory_percent.is_some());
    let history = &host.use_history;
    assert!(history.len() >= 2 && history[0].at - history[1].at >= Duration::MINUTE, "{history:?}");
    assert_eq!(Some(history[0].memory_percent.round()), host.row.memory_percent.map(f32::round));
    assert_eq!(history[0].network_rate, details.use_history[0].network_rate, "of its only VM");
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    assert_eq!(world.vm(vm).await.row.cpu_percent, None);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_old_goes(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let counts = async || {
        (world.count("SELECT count(*) FROM events").await, world.count("SELECT count(*) FROM jobs").await)
    };
    let before = counts().await;
    let mut retention = reconcile::housekeeping::Retention::default();
    let end = tokio_util::sync::CancellationToken::new();
    let mut sweep = async || {
        reconcile::housekeeping::tidy(&world.app).await.unwrap();
        retention.keep(&world.app, &end).await.unwrap();
    };
    world.clock.advance(Duration::days(29));
    sweep().await;
    assert_eq!(counts().await, before, "both are kept for a month");
    world.clock.advance(Duration::hours(23));
    sweep().await;
    world.clock.advance(Duration::hours(2));
    sweep().await;
    assert_eq!(counts().await, (1, 0));
    let told = world.events(EventKind::EventsRemoved).await.remove(0).text.to_string();
    assert!(told.contains(&format!("{} events", before.0)) && told.contains("30 days"), "{told}");
    // Nothing more within the day, and what was told then goes when it is old itself.
    sweep().await;
    assert_eq!(counts().await.0, 1);
    world.clock.advance(Duration::days(31));
    sweep().await;
    assert_eq!(world.events(EventKind::EventsRemoved).await.len(), 1);
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Down);
}

/// Many go in bites; a server that stops meanwhile leaves the rest for the next one.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn many_old_events_go_in_bites(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let many = "INSERT INTO events (time, code, severity, text, message)
                SELECT timestamptz '2020-01-01', 61, 'alert', '{\"key\":\"x\"}', 'm' FROM generate_series(1, 12000)";
    sqlx::query(many).execute(&pool).await.unwrap();
    let old = "SELECT count(*) FROM events WHERE time < '2021-01-01'";
    let mut retention = reconcile::housekeeping::Retention::default();
    let end = tokio_util::sync::CancellationToken::new();
    end.cancel();
    retention.keep(&world.app, &end).await.unwrap();
    assert_eq!(world.count(old).await, 12_000);
    retention.keep(&world.app, &tokio_util::sync::CancellationToken::new()).await.unwrap();
    assert_eq!(world.count(old).await, 0);
    let told = world.events(EventKind::EventsRemoved).await.remove(0).text.to_string();
    assert!(told.contains("12,000") || told.contains("12000"), "{told}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_full_storage_domain_is_told_once_and_when_it_has_space_again(pool: PgPool) {
    let world = World::new(pool).await;
    let told = async || {
        let kinds =
            [EventKind::StorageSpaceLow, EventKind::StorageSpaceCritical, EventKind::StorageSpaceFine];
        let mut n = [0; 3];
        for (kind, n) in kinds.iter().zip(&mut n) {
            *n = world.events(*kind).await.len();
        }
        n
    };
    let look = async || {
        world.clock.advance(Duration::minutes(1));
        world.look().await;
        world.look().await;
    };
    world.put_image("big.img").await;
    // 64 MiB are in use: next to nothing is left.
    world.estate.set_capacity(PATH, (64 << 20) + (1 << 20));
    look().await;
    look().await;
    assert_eq!(told().await, [0, 1, 0]);
    assert_eq!(control::alerts::list(&world.admin).await.unwrap().len(), 1);
    world.estate.set_capacity(PATH, 1 << 40);
    look().await;
    assert_eq!(told().await, [0, 1, 1]);
    assert!(control::alerts::list(&world.admin).await.unwrap().is_empty(), "its cause has gone");
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
