//! Many at once: what there is room for is given away once.

use std::sync::Arc;

use control::vms;
use model::QuotaId;
use model::quota::{QuotaConfig, QuotaMode};
use model::size::GIB;
use sqlx::PgPool;

use super::quota;
use crate::concurrency::{answers, at_once};
use crate::support::*;

async fn named(world: &World, name: &str) -> QuotaId {
    let all = control::quotas::usable(&world.admin).await.unwrap();
    all.into_iter().find(|row| row.config.name == name).unwrap().id
}

/// Each has a disk of one GiB.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn of_a_hundred_ten_are_made(pool: PgPool) {
    let world = Arc::new(World::new(pool).await);
    world.quotas_are(QuotaMode::Enforced).await;
    world.quota(QuotaConfig { storage: Some(10 * GIB), ..quota("dev") }).await;
    let made = at_once(100, &world, |w, n| async move {
        let dev = named(&w, "dev").await;
        vms::create(&w.admin, &w.vm_in(&format!("web{n}"), dev)).await
    });
    assert_eq!(made.await, answers([("ok", 10), ("refusal-quota", 90)]));
    assert_eq!(world.count("SELECT count(*) FROM vms").await, 10);
    assert_eq!(world.count("SELECT count(*) FROM disks WHERE quota_id IS NOT NULL").await, 10);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn of_eight_starts_three_have_room(pool: PgPool) {
    let world = Arc::new(World::new(pool).await);
    let dev = world.quota(QuotaConfig { vcpus: Some(3), ..quota("dev") }).await;
    for n in 0..8 {
        world.down_in(&format!("web{n}"), dev).await;
    }
    world.quotas_are(QuotaMode::Enforced).await;
    world.stop_engine().await;
    let started = at_once(8, &world, |w, n| async move {
        let vm = store::vms::by_name(&mut *w.app.conn().await?, &format!("web{n}")).await?.unwrap();
        vms::run(&w.admin, vm, None).await
    });
    assert_eq!(started.await, answers([("ok", 3), ("refusal-quota", 5)]));
}
