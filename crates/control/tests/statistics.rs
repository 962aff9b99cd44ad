//! Statistics over hours, days and years, on a clock that jumps: averages of what is complete, once, and only what is
//! old and averaged goes.

use control::{hosts, reconcile, statistics};
use model::id::Kind;
use model::statistics::{Bucket, Sample, Span, Use};
use sqlx::PgPool;
use time::Duration;
use time::macros::datetime;
use uuid::Uuid;

use crate::support::*;

/// A point of now, and a minute passes.
async fn point(world: &World, object: Uuid, cpu: f32, network: u64) {
    let used = Use { cpu: Some(cpu), network: Some(network), ..Use::default() };
    let mut c = world.app.conn().await.unwrap();
    store::statistics::keep(&mut c, world.app.now(), &[Sample { object, used }]).await.unwrap();
    world.clock.advance(Duration::MINUTE);
}

async fn roll_up(world: &World) {
    reconcile::rollup::roll_up(&world.app).await.unwrap();
}

async fn history(world: &World, span: Span) -> Vec<Bucket> {
    statistics::history(&world.admin, (Kind::Host, world.hosts[0].0), span).await.unwrap()
}

async fn counts(world: &World) -> (i64, i64, i64) {
    let of = async |table| {
        let sql = format!("SELECT count(*) FROM {table} WHERE object_id = '{}'", world.hosts[0]);
        world.count(&sql).await
    };
    (of("samples").await, of("samples_hourly").await, of("samples_daily").await)
}

/// It is noon; an hour's points.
async fn hour_of_points(world: &World) {
    for n in 0..60 {
        point(world, world.hosts[0].0, n as f32, 1000).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_hour_is_averaged_when_it_is_over_and_once(pool: PgPool) {
    let world = World::new(pool).await;
    hour_of_points(&world).await;
    roll_up(&world).await;
    assert_eq!(counts(&world).await, (60, 0, 0), "its last points may still be on their way");
    world.clock.advance(Duration::minutes(2));
    for _ in 0..2 {
        roll_up(&world).await;
        assert_eq!(counts(&world).await, (60, 1, 0));
    }
    let line = history(&world, Span::Month).await;
    assert_eq!(line.len(), 1);
    assert_eq!((line[0].mean.cpu, line[0].peak.cpu), (Some(29.5), Some(59.0)));
    assert_eq!((line[0].mean.network, line[0].mean.memory), (Some(1000), None));
    assert_eq!(history(&world, Span::Hour).await.len(), 57, "the hour before now");
    assert_eq!(history(&world, Span::Day).await.len(), 6, "ten minutes together");
    assert!(history(&world, Span::Year).await.is_empty(), "the day is not over");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn two_at_once_average_once(pool: PgPool) {
    let world = World::new(pool).await;
    hour_of_points(&world).await;
    world.clock.advance(Duration::minutes(2));
    tokio::join!(roll_up(&world), roll_up(&world), roll_up(&world));
    assert_eq!(counts(&world).await, (60, 1, 0));
    assert_eq!(history(&world, Span::Month).await[0].mean.cpu, Some(29.5));
}

/// Over the end of a day, of a month and of a year: it is the last of December.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_day_is_averaged_by_its_points(pool: PgPool) {
    let world = World::new(pool).await;
    world.clock.advance(datetime!(2030-12-31 22:58 UTC) - world.app.now());
    // Two minutes in one hour, sixty in the next, three in the next year.
    for cpu in [100.0, 100.0].into_iter().chain([10.0; 60]).chain([50.0; 3]) {
        point(&world, world.hosts[0].0, cpu, 0).await;
    }
    roll_up(&world).await;
    assert_eq!(counts(&world).await, (65, 2, 1));
    let year = history(&world, Span::Year).await;
    assert_eq!(year[0].at, datetime!(2030-12-31 0:00 UTC));
    let mean = year[0].mean.cpu.unwrap();
    assert!((mean - 800.0 / 62.0).abs() < 0.01, "{mean}");
    assert_eq!(year[0].peak.cpu, Some(100.0));
    world.clock.advance(Duration::DAY);
    roll_up(&world).await;
    let year = history(&world, Span::Year).await;
    assert_eq!(year.iter().map(|day| day.at.year()).collect::<Vec<_>>(), [2030, 2031]);
    assert_eq!(year[1].mean.cpu, Some(50.0));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nothing_is_lost_while_the_server_is_down(pool: PgPool) {
    let world = World::new(pool).await;
    hour_of_points(&world).await;
    world.clock.advance(Duration::days(3));
    // The first turn averages what lay there, and only then lets it go.
    roll_up(&world).await;
    assert_eq!(counts(&world).await, (0, 1, 1));
    assert_eq!(history(&world, Span::Month).await[0].mean.cpu, Some(29.5));
    assert_eq!(history(&world, Span::Year).await[0].peak.cpu, Some(59.0));
    point(&world, world.hosts[0].0, 7.0, 0).await;
    world.clock.advance(Duration::HOUR + Duration::MINUTE);
    roll_up(&world).await;
    assert_eq!(counts(&world).await, (1, 2, 1), "it goes on from there");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_old_goes_and_what_is_not_averaged_stays(pool: PgPool) {
    let world = World::new(pool).await;
    hour_of_points(&world).await;
    let keep = async |kept, before| {
        let mut c = world.app.conn().await.unwrap();
        store::statistics::rollup::delete_old(&mut c, kept, before, 40).await.unwrap()
    };
    use store::statistics::rollup::Kept;
    let later = world.app.now() + Duration::days(2);
    assert_eq!(keep(Kept::Points, later).await, 0, "no hour is made of them yet");
    world.clock.advance(Duration::minutes(2));
    let mut c = world.app.conn().await.unwrap();
    let until = model::statistics::Step::Hour.settled(world.app.now());
    store::statistics::rollup::make(&mut c, model::statistics::Step::Hour, until).await.unwrap();
    drop(c);
    assert_eq!((keep(Kept::Points, later).await, keep(Kept::Points, later).await), (40, 20), "in bites");
    assert_eq!(keep(Kept::Hours, later).await, 0, "no day is made of it yet");
    world.clock.advance(Duration::days(32));
    roll_up(&world).await;
    assert_eq!(counts(&world).await, (0, 0, 1), "hours are kept for a month");
    world.clock.advance(Duration::days(5 * 365));
    roll_up(&world).await;
    assert_eq!(counts(&world).await, (0, 0, 0), "days for five years");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn storage_and_the_whole_have_points_of_their_own(pool: PgPool) {
    let world = World::new(pool).await;
    for _ in 0..2 {
        world.clock.advance(Duration::MINUTE);
        world.look().await;
        reconcile::rollup::turn(&world.app).await.unwrap();
    }
    reconcile::rollup::turn(&world.app).await.unwrap();
    let of = async |kind, id| statistics::history(&world.admin, (kind, id), Span::Hour).await.unwrap();
    let domain = of(Kind::StorageDomain, world.storage.0).await;
    assert_eq!(domain.len(), 2, "one each minute: {domain:?}");
    assert!(domain[1].mean.used.is_some() && domain[1].mean.capacity > domain[1].mean.used);
    let whole = of(Kind::System, model::SYSTEM).await;
    assert!(whole[1].mean.cpu.is_some() && whole[1].mean.memory.is_some(), "{whole:?}");
    assert_eq!(whole[1].mean.used, domain[1].mean.used);

    let owner = world.owner_of("owner", &[world.cluster.0]).await;
    let whole = statistics::history(&owner, (Kind::System, model::SYSTEM), Span::Hour).await;
    assert_eq!(said(whole), "no system");

    // A host that goes takes its statistics with it.
    hosts::maintain(&world.admin, world.hosts[0], None).await.unwrap();
    hosts::remove(&world.admin, world.hosts[0]).await.unwrap();
    assert_eq!(counts(&world).await, (0, 0, 0));
}
