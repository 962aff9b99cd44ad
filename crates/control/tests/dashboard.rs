//! The dashboard: what is counted, and that it is counted of what the person may see.

use control::{Ctx, dashboard, hosts, reconcile, vms};
use model::dashboard::{Count, Dashboard, Standing};
use model::id::Kind;
use sqlx::PgPool;
use time::Duration;

use crate::support::*;

async fn overview(ctx: &Ctx) -> Dashboard {
    dashboard::overview(ctx).await.unwrap()
}

fn count(dashboard: &Dashboard, kind: Kind) -> &Count {
    dashboard.counts.iter().find(|count| count.kind == kind).unwrap()
}

fn standings(dashboard: &Dashboard, kind: Kind) -> Vec<(Standing, u64)> {
    count(dashboard, kind).parts.iter().map(|(standing, n, _)| (*standing, *n)).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_administrator_sees_everything_at_a_glance(pool: PgPool) {
    let world = World::new(pool).await;
    let up = world.up("web1").await;
    world.down("web2").await;
    world.clock.advance(Duration::MINUTE);
    world.look().await;
    reconcile::rollup::turn(&world.app).await.unwrap();
    let runs = world.host_of(up).await;
    let idle = world.hosts.iter().find(|host| **host != runs).unwrap();
    hosts::maintain(&world.admin, *idle, None).await.unwrap();
    let all = overview(&world.admin).await;
    assert_eq!(standings(&all, Kind::Vm), [(Standing::Up, 1), (Standing::Idle, 1)]);
    assert_eq!(standings(&all, Kind::Host), [(Standing::Up, 2), (Standing::Idle, 1)]);
    assert_eq!(count(&all, Kind::Host).parts[0].2.as_deref(), Some("status = up"));
    assert_eq!(standings(&all, Kind::Cluster), [(Standing::Up, 1)], "a host in maintenance is no trouble");
    assert_eq!(standings(&all, Kind::DataCenter), [(Standing::Up, 1)]);
    assert_eq!(standings(&all, Kind::StorageDomain), [(Standing::Up, 1)]);
    assert!(all.cpu.now.total > 0.0 && all.cpu.now.percent().is_some());
    assert_eq!(all.memory.now.promised, MEMORY as f64, "what runs");
    assert!(all.storage.now.total > 0.0 && all.storage.now.promised > 0.0);
    assert_eq!((all.cpu.line.len(), all.memory.line.len(), all.storage.line.len()), (1, 1, 1));
    let (kind, most) = &all.cpu.top[1];
    assert_eq!((*kind, most.len(), most[0].id), (Kind::Vm, 1, up.0));
    assert_eq!(all.cpu.top[0].1.len(), 2, "hosts that are up");
    assert_eq!((all.cpu.heat.len(), all.storage.heat.len()), (1, 1));
    assert!(all.cpu.heat[0].percent.is_some() && all.storage.heat[0].percent.is_some());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn others_see_what_is_theirs(pool: PgPool) {
    let world = World::new(pool).await;
    let (own, _) = (world.up("web1").await, world.up("web2").await);
    world.clock.advance(Duration::MINUTE);
    world.look().await;
    let owner = world.owner_of("owner", &[own.0]).await;
    let seen = overview(&owner).await;
    assert_eq!(standings(&seen, Kind::Vm), [(Standing::Up, 1)]);
    assert_eq!(
        (seen.count(Kind::Host), seen.count(Kind::Cluster)),
        (0, 1),
        "the names of the boxes it is in"
    );
    assert_eq!(seen.cpu.now.total, 0.0, "nobody's hosts");
    assert_eq!(seen.cpu.top[1].1.iter().map(|one| one.id).collect::<Vec<_>>(), [own.0]);
    assert!(!seen.administrator);

    let stranger = overview(&world.owner_of("stranger", &[]).await).await;
    assert!(stranger.counts.iter().all(|count| count.all == 0), "{stranger:?}");
    assert!(stranger.cpu.top.iter().all(|(_, most)| most.is_empty()));

    // Somebody of the data center sees its hosts, and how they went hour by hour.
    let manager = world.owner_of("manager", &[world.data_center.0]).await;
    let seen = overview(&manager).await;
    assert_eq!((seen.count(Kind::Host), seen.count(Kind::Vm)), (3, 2));
    assert!(seen.cpu.now.total > 0.0 && seen.cpu.line.is_empty());
    world.clock.advance(Duration::HOUR + Duration::MINUTE);
    reconcile::rollup::turn(&world.app).await.unwrap();
    assert_eq!(overview(&manager).await.cpu.line.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn alerts_of_the_last_day_are_counted_for_whom_they_concern(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.estate.disconnect(world.hosts[0], "cable");
    for _ in 0..2 {
        world.look().await;
    }
    assert_eq!(overview(&world.admin).await.events.alerts, 1, "a host does not answer");
    assert_eq!(standings(&overview(&world.admin).await, Kind::Cluster), [(Standing::Warning, 1)]);
    let owner = world.owner_of("owner", &[vm.0]).await;
    assert_eq!(overview(&owner).await.events.alerts, 0);
    world.clock.advance(Duration::DAY + Duration::SECOND);
    assert_eq!(overview(&world.admin).await.events, Default::default());
}

/// `seen` is `visible` for all objects at once: they must not come apart.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_seen_at_once_is_what_is_visible_one_by_one(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let disk = vms::get(&world.admin, vm).await.unwrap().disks[0].id;
    for (name, objects) in [
        ("nobody", vec![]),
        ("vm", vec![vm.0]),
        ("disk", vec![disk.0]),
        ("cluster", vec![world.cluster.0, disk.0]),
        ("all", vec![model::SYSTEM]),
    ] {
        let user = world.owner_of(name, &objects).await.who.id.unwrap();
        let differ = format!(
            "SELECT count(*) FROM objects o
             WHERE visible('{user}', o.id) <> (o.id IN (SELECT seen('{user}')))"
        );
        assert_eq!(world.count(&differ).await, 0, "{name}");
    }
}
