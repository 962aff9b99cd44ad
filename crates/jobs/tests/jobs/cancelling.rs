//! Cancelling at each point of a job's life.

use std::time::Duration;

use jobs::testing::World;
use jobs::{CancelError, Options};
use model::JobId;
use model::job::JobStatus;
use store::PgPool;

use crate::flow::{Act, Gate};
use crate::world::Fake;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_that_has_not_begun_never_does(pool: PgPool) {
    let fake = Fake::new(pool);
    let job = fake.enqueue().await;
    fake.cancel(job).await.unwrap();
    let engine = fake.engine(fake.options()).start();
    let row = fake.until(job, JobStatus::Cancelled).await;
    assert_eq!((row.error, row.steps_done), (None, 0));
    assert_eq!(fake.outside.calls(), ["undo end"]);
    fake.assert_as_before().await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_step_that_cannot_be_interrupted_ends_first(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("make", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    fake.cancel(job).await.unwrap();
    gate.open();
    fake.until(job, JobStatus::Cancelled).await;
    assert_eq!(fake.outside.calls(), ["choose", "make", "undo make", "undo end"]);
    assert_eq!(fake.course(job).await, ["choose done", "make undone", "mend pending", "show pending"]);
    fake.assert_as_before().await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_step_that_allows_it_is_stopped_and_undone(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("mend", [Act::UntilCancelled(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    fake.cancel(job).await.unwrap();
    let row = fake.until(job, JobStatus::Cancelled).await;
    assert_eq!(row.error, None);
    assert_eq!(fake.outside.calls(), ["choose", "make", "mend", "undo mend", "undo make", "undo end"]);
    assert_eq!(fake.steps(job).await[2].error.as_deref(), Some("Cancelled"));
    fake.assert_as_before().await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_heartbeat_brings_what_the_line_did_not(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("mend", [Act::UntilCancelled(gate.clone())]);
    let engine = fake.engine(Options { heartbeat: Duration::from_millis(5), ..fake.options() }).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    // As `ask_cancel`, but without telling anybody.
    sqlx::query("UPDATE jobs SET cancel_asked = true WHERE id = $1")
        .bind(job.0)
        .execute(&fake.pool)
        .await
        .unwrap();
    fake.until(job, JobStatus::Cancelled).await;
    fake.assert_as_before().await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_that_waits_for_a_retry_stops_at_once(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("make", [Act::Retry(Duration::from_secs(50))]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until_waiting(job).await;
    fake.cancel(job).await.unwrap();
    // The clock stands still: nobody waits for the 50 s. What half happened is undone.
    fake.until(job, JobStatus::Cancelled).await;
    assert_eq!(fake.outside.calls(), ["choose", "make", "undo make", "undo end"]);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_cancelled_step_that_asks_for_a_retry_does_not_wait_for_it(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("choose", [Act::Gate(gate.clone())]);
    fake.outside.script("make", [Act::Retry(Duration::from_secs(50))]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    fake.cancel(job).await.unwrap();
    gate.open();
    fake.until(job, JobStatus::Cancelled).await;
    assert_eq!(fake.outside.calls(), ["choose", "undo end"]);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_cancelled_while_no_engine_was_there_goes_back_from_where_it_stood(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("mend", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    engine.kill().await;
    fake.cancel(job).await.unwrap();
    let next = fake.engine(fake.options());
    next.reclaim_all().await.unwrap();
    let next = next.start();
    fake.until(job, JobStatus::Cancelled).await;
    assert_eq!(fake.outside.calls(), ["choose", "make", "mend", "undo mend", "undo make", "undo end"]);
    fake.assert_as_before().await;
    next.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn when_it_can_come_to_nothing_the_answer_says_so(pool: PgPool) {
    let fake = Fake::new(pool);
    let (last, back) = (Gate::default(), Gate::default());
    fake.outside.script("show", [Act::Gate(last.clone()), Act::Fail]);
    fake.outside.script("undo mend", [Act::Gate(back.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    last.reached().await;
    assert!(
        matches!(fake.cancel(job).await, Err(CancelError::TooLate)),
        "the last step cannot be interrupted"
    );
    last.open();
    fake.until(job, JobStatus::Finished).await;
    assert!(matches!(fake.cancel(job).await, Err(CancelError::Ended)));

    let job = fake.ask(fake.job(fake.ids().uuid())).await.unwrap();
    back.reached().await;
    assert!(matches!(fake.cancel(job).await, Err(CancelError::TooLate)), "it goes back already");
    back.open();
    fake.until(job, JobStatus::Failed).await;
    assert!(matches!(fake.cancel(JobId(fake.ids().uuid())).await, Err(CancelError::Unknown)));
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_cancelled_job_that_cannot_be_undone_has_failed(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("mend", [Act::UntilCancelled(gate.clone())]);
    fake.outside.script("undo mend", [Act::Fail]);
    let engine = fake.engine(Options { undo_attempts: 1, ..fake.options() }).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    fake.cancel(job).await.unwrap();
    let error = fake.until(job, JobStatus::Failed).await.error.unwrap();
    assert_eq!(error.text.key, "job-cancel-incomplete");
    assert_eq!(error.reasons.len(), 2);
    engine.kill().await;
}
