//! Alerts stand until somebody who may acknowledges them, or until their cause has gone; and what comes in bursts is
//! told once.

use control::{alerts, events, hosts};
use model::event::{EventKind, EventRow, Severity};
use model::host::HostStatus;
use model::id::Kind;
use model::list::ListQuery;
use sqlx::PgPool;
use time::Duration;
use uuid::Uuid;

use crate::support::*;

/// A host that does not answer any more.
async fn lost(world: &World, n: usize) -> EventRow {
    world.estate.disconnect(world.hosts[n], "no route");
    world.look().await;
    world.look().await;
    assert_eq!(world.host_status(world.hosts[n]).await, HostStatus::NonResponsive);
    world.events(EventKind::HostNonResponsive).await.remove(0)
}

async fn standing(ctx: &control::Ctx) -> Vec<i64> {
    alerts::list(ctx).await.unwrap().iter().map(|alert| alert.id).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_alert_is_acknowledged_and_let_stand_again(pool: PgPool) {
    let world = World::new(pool).await;
    let (admin, alert) = (&world.admin, lost(&world, 0).await);
    assert_eq!(alert.severity, Severity::Alert);
    assert_eq!(standing(admin).await, [alert.id]);

    alerts::acknowledge(admin, alert.uuid()).await.unwrap();
    let now = events::get(admin, alert.uuid()).await.unwrap();
    assert_eq!(
        (now.acknowledged_by.as_deref(), now.acknowledged_at),
        (Some("admin@internal"), Some(world.app.now()))
    );
    assert!(standing(admin).await.is_empty());
    let told = world.events(EventKind::AlertAcknowledged).await.remove(0);
    assert!(told.text.to_string().contains("does not answer") && told.objects == alert.objects);

    // A second time nothing happens, and nothing is told.
    alerts::acknowledge(admin, alert.uuid()).await.unwrap();
    alerts::acknowledge_all(admin).await.unwrap();
    assert_eq!(world.events(EventKind::AlertAcknowledged).await.len(), 1);
    assert_eq!(world.events(EventKind::AlertsAcknowledged).await.len(), 0);

    alerts::restore(admin).await.unwrap();
    assert_eq!(standing(admin).await, [alert.id]);
    let other = lost(&world, 1).await;
    alerts::acknowledge_all(admin).await.unwrap();
    assert!(standing(admin).await.is_empty());
    let told = world.events(EventKind::AlertsAcknowledged).await.remove(0).text.to_string();
    assert!(told.contains("2 alerts"), "{told}");
    alerts::restore(admin).await.unwrap();
    alerts::restore(admin).await.unwrap();
    assert_eq!(standing(admin).await, [other.id, alert.id]);
    assert_eq!(world.events(EventKind::AlertsRestored).await.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_alert_goes_with_its_cause(pool: PgPool) {
    let world = World::new(pool).await;
    let (first, second) = (lost(&world, 0).await, lost(&world, 1).await);
    alerts::acknowledge(&world.admin, first.uuid()).await.unwrap();
    world.estate.reconnect(world.hosts[0]);
    world.look().await;
    assert_eq!(world.host_status(world.hosts[0]).await, HostStatus::Up);
    assert_eq!(standing(&world.admin).await, [second.id], "only the one of that host");
    hosts::maintain(&world.admin, world.hosts[1], None).await.unwrap();
    assert!(standing(&world.admin).await.is_empty());
    alerts::restore(&world.admin).await.unwrap();
    assert!(standing(&world.admin).await.is_empty(), "what has gone does not stand again");
    let gone = events::get(&world.admin, first.uuid()).await.unwrap();
    assert!(gone.acknowledged_at.is_some() && gone.acknowledged_by.is_none());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_may_not_acknowledge(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let manager = world.owner_of("manager", &[world.data_center.0]).await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let alert = lost(&world, 0).await;
    assert_eq!(standing(&manager).await, [alert.id]);
    assert_eq!(said(alerts::acknowledge(&manager, alert.uuid()).await), "refusal-not-permitted");
    assert_eq!(said(alerts::acknowledge_all(&manager).await), "refusal-not-permitted");
    assert_eq!(said(alerts::acknowledge(&owner, alert.uuid()).await), "no event");
    alerts::acknowledge_all(&owner).await.unwrap();
    assert_eq!(standing(&world.admin).await, [alert.id]);
    for id in [Uuid::max(), Uuid::nil()] {
        assert_eq!(said(alerts::acknowledge(&world.admin, id).await), "no event");
    }
    let plain = world.events(EventKind::HostAdded).await.remove(0);
    assert_eq!(said(alerts::acknowledge(&world.admin, plain.uuid()).await), "refusal-no-alert");
    alerts::acknowledge(&world.admin, alert.uuid()).await.unwrap();
    assert_eq!(said(alerts::restore(&manager).await), "refusal-not-permitted");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_comes_in_bursts_is_told_once(pool: PgPool) {
    let world = World::new(pool).await;
    let tell = async |host: usize| {
        let about = vec![(Kind::Host, world.hosts[host].0, "kvm".to_owned())];
        let mut c = world.app.conn().await.unwrap();
        let now = world.app.now();
        events::note(&mut c, now, EventKind::HostReconnected, &[], about, None).await.unwrap();
    };
    for host in [0, 0, 1, 1] {
        tell(host).await;
    }
    assert_eq!(world.events(EventKind::HostReconnected).await.len(), 2, "once for each host");
    world.clock.advance(Duration::MINUTE);
    tell(0).await;
    assert_eq!(world.events(EventKind::HostReconnected).await.len(), 3);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_click_leads_to_its_job_and_its_events(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let click = control::Ctx { correlation: "click-1".into(), ..world.admin.clone() };
    let job = control::vms::run(&click, vm, None).await.unwrap();
    world.done(job).await;
    assert_eq!(world.job(job).await.correlation_id, "click-1");
    let kinds = async |query: ListQuery| -> Vec<i32> {
        events::list(&world.admin, &query).await.unwrap().rows.iter().map(|e| e.code).collect()
    };
    let expected = [EventKind::VmStarted.code(), EventKind::VmStartInitiated.code()];
    let request = ListQuery { correlation: Some("click-1".into()), ..ListQuery::default() };
    assert_eq!(kinds(request).await, expected);
    assert_eq!(kinds(ListQuery { within: Some(job.0), ..ListQuery::default() }).await, expected);
}
