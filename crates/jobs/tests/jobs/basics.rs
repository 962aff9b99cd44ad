//! A job that works, how engines hear of it, and what a slow one may not do.

use std::time::Duration;

use jobs::testing::World;
use jobs::{Options, enqueue};
use model::JobId;
use model::job::JobStatus;
use store::PgPool;

use crate::flow::{Act, Gate, STEPS};
use crate::world::Fake;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_runs_through_its_steps_and_leaves_what_was_asked(pool: PgPool) {
    let fake = Fake::new(pool);
    let job = fake.enqueue().await;
    assert!(fake.locked(fake.object).await);
    let row = fake.row(job).await;
    assert_eq!((row.status, row.steps_done, row.steps_all), (JobStatus::Queued, 0, 4));

    let engine = fake.engine(fake.options()).start();
    let row = fake.until(job, JobStatus::Finished).await;
    assert_eq!((row.steps_done, row.step, row.error), (4, None, None));
    assert_eq!(row.ended_at, Some(time::macros::datetime!(2030-01-01 12:00 UTC)));
    assert_eq!(fake.outside.calls(), ["choose", "make", "mend", "show", "end"]);
    assert_eq!(fake.course(job).await, ["choose done", "make done", "mend done", "show done"]);
    assert!(
        fake.steps(job)
            .await
            .iter()
            .all(|s| s.attempts == 1 && s.started_at.is_some() && s.ended_at.is_some())
    );
    fake.as_asked().await.unwrap();
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_idle_engine_hears_of_a_job_when_the_transaction_commits(pool: PgPool) {
    let fake = Fake::new(pool);
    // It has looked around and found nothing: from here on only a notification can wake it.
    let engine = fake.engine(fake.options()).start();
    for _ in 0..3 {
        let object = fake.ids().uuid();
        let job = fake.ask(fake.job(object)).await.unwrap();
        fake.until(job, JobStatus::Finished).await;
    }
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_that_is_rolled_back_was_never_asked_for(pool: PgPool) {
    let fake = Fake::new(pool);
    let mut tx = store::begin_on(&fake.pool).await.unwrap();
    enqueue(&mut tx, &fake.clock, fake.ids.as_ref(), &STEPS, fake.job(fake.object)).await.unwrap();
    tx.rollback().await.unwrap();
    assert!(!fake.locked(fake.object).await);
    // The next one is alone.
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until(job, JobStatus::Finished).await;
    assert_eq!(fake.outside.calls().len(), 5);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_slow_job_holds_up_no_other(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("choose", [Act::Gate(gate.clone())]);
    let engine = fake.engine(Options { workers: 2, ..fake.options() }).start();
    let slow = fake.enqueue().await;
    gate.reached().await;
    for _ in 0..10 {
        let job = fake.ask(fake.job(fake.ids().uuid())).await.unwrap();
        fake.until(job, JobStatus::Finished).await;
    }
    assert_eq!(fake.row(slow).await.status, JobStatus::Running);
    assert_eq!(fake.row(slow).await.step.as_deref(), Some("choose"));
    gate.open();
    fake.until(slow, JobStatus::Finished).await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_more_jobs_run_at_once_than_there_are_workers(pool: PgPool) {
    let fake = Fake::new(pool);
    let gates: Vec<Gate> = (0..3).map(|_| Gate::default()).collect();
    fake.outside.script("choose", gates.iter().cloned().map(Act::Gate));
    let mut jobs = Vec::new();
    for _ in 0..3 {
        jobs.push(fake.ask(fake.job(fake.ids().uuid())).await.unwrap());
    }
    let engine = fake.engine(Options { workers: 2, ..fake.options() }).start();
    gates[0].reached().await;
    gates[1].reached().await;
    engine.poke();
    assert_eq!(engine.in_flight(), 2);
    assert_eq!(fake.standing(jobs[2]).await.0, JobStatus::Queued);
    // A worker that becomes free takes the third.
    gates[0].open();
    gates[2].reached().await;
    gates[1].open();
    gates[2].open();
    for job in jobs {
        fake.until(job, JobStatus::Finished).await;
    }
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_ended_long_ago_is_forgotten(pool: PgPool) {
    let fake = Fake::new(pool);
    let engine = fake.engine(fake.options()).start();
    let old = fake.enqueue().await;
    fake.until(old, JobStatus::Finished).await;
    fake.clock.advance(time::Duration::days(20));
    let recent = fake.ask(fake.job(fake.ids().uuid())).await.unwrap();
    fake.until(recent, JobStatus::Finished).await;
    engine.drain(Duration::from_secs(60)).await;
    let waits = fake.ask(fake.job(fake.ids().uuid())).await.unwrap();
    fake.clock.advance(time::Duration::days(20));

    assert_eq!(jobs::remove_ended(&fake.pool, &fake.clock, 30).await.unwrap(), 1);
    assert_eq!(jobs::remove_ended(&fake.pool, &fake.clock, 30).await.unwrap(), 0);
    let there = |job: JobId| {
        let pool = fake.pool.clone();
        async move {
            let mut c = pool.acquire().await.unwrap();
            store::jobs::get(&mut c, crate::world::ALL, job).await.unwrap().is_some()
        }
    };
    assert!(!there(old).await);
    assert!(there(recent).await);
    assert!(there(waits).await);
}
