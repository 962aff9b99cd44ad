//! An engine that is asked to stop leaves every job where the next one can go on.

use std::time::Duration;

use jobs::testing::{World, eventually};
use model::job::JobStatus;
use store::PgPool;

use crate::flow::{Act, Gate};
use crate::world::Fake;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn draining_lets_the_step_end_and_gives_the_job_back(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("choose", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    let drained = tokio::spawn(engine.drain(Duration::from_secs(60)));
    let waiting = fake.ask(fake.job(fake.ids().uuid())).await.unwrap();
    gate.open();
    assert!(drained.await.unwrap(), "the step ended in time");
    assert_eq!(fake.course(job).await, ["choose done", "make pending", "mend pending", "show pending"]);
    assert!(fake.standing(job).await.1.is_some(), "nobody has the lease");
    assert_eq!(fake.row(waiting).await.status, JobStatus::Queued);

    let next = fake.engine(fake.options()).start();
    fake.until(job, JobStatus::Finished).await;
    fake.until(waiting, JobStatus::Finished).await;
    assert_eq!(fake.outside.calls().iter().filter(|call| *call == "choose").count(), 2, "one for each job");
    next.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_step_that_does_not_end_in_time_is_dropped_and_runs_again(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("choose", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    assert!(!engine.drain(Duration::from_millis(10)).await);
    assert!(fake.standing(job).await.1.is_some(), "nobody has the lease");
    let next = fake.engine(fake.options()).start();
    fake.until(job, JobStatus::Finished).await;
    assert_eq!(fake.outside.calls(), ["choose", "choose", "make", "mend", "show", "end"]);
    next.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_on_its_way_back_goes_on_with_that(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("show", [Act::Fail]);
    fake.outside.script("undo mend", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    let drained = tokio::spawn(engine.drain(Duration::from_secs(60)));
    gate.open();
    assert!(drained.await.unwrap());
    assert_eq!(fake.course(job).await, ["choose done", "make done", "mend undone", "show failed"]);
    let next = fake.engine(fake.options()).start();
    let row = fake.until(job, JobStatus::Failed).await;
    assert_eq!(row.error.unwrap().to_string(), "no");
    fake.assert_as_before().await;
    next.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_idle_engine_stops_at_once_and_a_dropped_one_stops_too(pool: PgPool) {
    let fake = Fake::new(pool);
    assert!(fake.engine(fake.options()).start().drain(Duration::from_secs(60)).await);
    let gate = Gate::default();
    fake.outside.script("choose", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    drop(engine);
    let next = fake.engine(fake.options());
    next.reclaim_all().await.unwrap();
    let next = next.start();
    fake.until(job, JobStatus::Finished).await;
    next.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn after_being_killed_an_engine_does_nothing_more(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("choose", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    engine.kill().await;
    gate.open();
    let before = eventually("the step is dropped", || async { Some(fake.outside.calls()) }).await;
    let other = fake.ask(fake.job(fake.ids().uuid())).await.unwrap();
    assert_eq!(fake.outside.calls(), before);
    assert_eq!(fake.row(other).await.status, JobStatus::Queued);
    assert_eq!(fake.course(job).await[0], "choose running");
}
