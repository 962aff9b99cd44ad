//! Two jobs never hold one object, and whoever is second hears at once why.

use jobs::testing::World;
use jobs::{EnqueueError, enqueue};
use model::job::JobStatus;
use model::{Fault, Refusal};
use store::PgPool;

use crate::flow::{Act, Gate, STEPS};
use crate::world::Fake;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_busy_object_names_itself_and_the_job_that_has_it(pool: PgPool) {
    let fake = Fake::new(pool);
    let first = fake.enqueue().await;
    let Err(EnqueueError::Busy(busy)) = fake.ask(fake.job(fake.object)).await else { panic!("not busy") };
    assert_eq!((busy.object, busy.job), (fake.object, first));
    let text = "object 1 is busy: Start VM web1. Wait until that has ended, or cancel it.";
    assert_eq!(Refusal::from(busy.clone()).to_string(), text);
    assert_eq!(Fault::from(busy).status(), 409);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn after_busy_the_transaction_goes_on_as_if_nothing_had_been_asked(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.enqueue().await;
    let (free, other) = (fake.ids().uuid(), fake.ids().uuid());
    let mut job = fake.job(free);
    job.locks.push((fake.object, "web1".into()));
    let mut tx = store::begin_on(&fake.pool).await.unwrap();
    let refused = enqueue(&mut tx, &fake.clock, fake.ids.as_ref(), &STEPS, job).await;
    assert!(matches!(refused, Err(EnqueueError::Busy(_))));
    enqueue(&mut tx, &fake.clock, fake.ids.as_ref(), &STEPS, fake.job(other)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!fake.locked(free).await, "the refused job has kept a lock");
    assert!(fake.locked(other).await);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_object_is_free_again_when_its_job_has_ended_in_whatever_way(pool: PgPool) {
    let fake = Fake::new(pool);
    let engine = fake.engine(fake.options()).start();
    let fails = fake.outside.clone();
    fails.script("show", [Act::Fail]);
    let first = fake.enqueue().await;
    fake.until(first, JobStatus::Failed).await;
    let second = fake.enqueue().await;
    fake.until(second, JobStatus::Finished).await;
    assert!(!fake.locked(fake.object).await);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_object_stays_locked_while_its_job_waits_or_goes_back(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("make", [Act::Retry(std::time::Duration::from_secs(5)), Act::Fail]);
    fake.outside.script("undo make", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until_waiting(job).await;
    assert!(fake.locked(fake.object).await);
    fake.clock.advance(time::Duration::seconds(5));
    engine.poke();
    gate.reached().await;
    assert_eq!(fake.row(job).await.status, JobStatus::Undoing);
    assert!(fake.locked(fake.object).await);
    gate.open();
    fake.until(job, JobStatus::Failed).await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn jobs_with_the_same_objects_in_another_order_do_not_wait_for_each_other(pool: PgPool) {
    let fake = Fake::new(pool);
    let (a, b) = (fake.ids().uuid(), fake.ids().uuid());
    for _ in 0..20 {
        let (mut forth, mut back) = (fake.job(a), fake.job(b));
        forth.locks.push((b, "b".into()));
        back.locks.push((a, "a".into()));
        let (forth, back) = tokio::join!(fake.ask(forth), fake.ask(back));
        let got: Vec<_> = [&forth, &back].into_iter().filter_map(|r| r.as_ref().ok()).collect();
        assert_eq!(got.len(), 1, "{forth:?} {back:?}");
        fake.cancel(*got[0]).await.unwrap();
        let engine = fake.engine(fake.options()).start();
        fake.until(*got[0], JobStatus::Cancelled).await;
        engine.kill().await;
        assert!(!fake.locked(a).await && !fake.locked(b).await);
    }
}
