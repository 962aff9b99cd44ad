//! The way back: in which order, when an undo itself does not work, and when the end cannot be written.

use std::time::Duration;

use jobs::testing::World;
use jobs::{NewJob, enqueue};
use model::job::JobStatus;
use store::PgPool;

use crate::flow::{Act, STEPS};
use crate::world::Fake;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_was_done_is_undone_backwards_and_so_is_the_step_that_failed(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("mend", [Act::HalfFail]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    let row = fake.until(job, JobStatus::Failed).await;
    assert_eq!(fake.outside.calls(), ["choose", "make", "mend", "undo mend", "undo make", "undo end"]);
    assert_eq!(row.error.unwrap().to_string(), "no, too late");
    assert_eq!(fake.course(job).await, ["choose done", "make undone", "mend undone", "show pending"]);
    assert_eq!(fake.steps(job).await[2].error.as_deref(), Some("no, too late"));
    fake.assert_as_before().await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_first_step_can_fail_too(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("choose", [Act::Fail]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until(job, JobStatus::Failed).await;
    assert_eq!(fake.outside.calls(), ["choose", "undo end"]);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_undo_that_fails_is_tried_again(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("show", [Act::Fail]);
    fake.outside.script("undo mend", [Act::Fail, Act::Panic, Act::Retry(Duration::from_secs(30))]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    for seconds in [1, 2, 60] {
        assert_eq!(fake.until_waiting(job).await, time::Duration::seconds(seconds));
        assert_eq!(fake.row(job).await.status, JobStatus::Undoing);
        fake.clock.advance(time::Duration::seconds(seconds));
        engine.poke();
    }
    let row = fake.until(job, JobStatus::Failed).await;
    assert_eq!(row.error.unwrap().to_string(), "no");
    fake.assert_as_before().await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_undo_that_never_works_ends_the_job_and_names_what_was_left(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("show", [Act::Fail]);
    fake.outside.script("undo mend", vec![Act::Fail; 8]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    for seconds in [1, 2, 4, 8, 16, 32, 60] {
        assert_eq!(fake.until_waiting(job).await, time::Duration::seconds(seconds));
        fake.clock.advance(time::Duration::seconds(seconds));
        engine.poke();
    }
    let error = fake.until(job, JobStatus::Failed).await.error.unwrap();
    let left = "no\nThe step mend could not be undone: no\nThe step make was not undone.";
    assert_eq!(error.to_string(), left);
    assert_eq!(fake.course(job).await, ["choose done", "make done", "mend failed", "show failed"]);
    // What is below stays as well: to take it away could harm what stands on it.
    assert_eq!(fake.outside.things().len(), 2);
    assert!(!fake.locked(fake.object).await);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_end_that_cannot_be_written_makes_a_finished_job_go_back(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("end", [Act::Fail]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    let row = fake.until(job, JobStatus::Failed).await;
    assert_eq!(row.error.unwrap().to_string(), "no");
    assert_eq!(
        fake.outside.calls(),
        ["choose", "make", "mend", "show", "end", "undo mend", "undo make", "undo end"]
    );
    fake.assert_as_before().await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_end_is_tried_again_and_what_it_had_written_is_taken_back_meanwhile(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("end", [Act::Internal, Act::Panic, Act::Retry(Duration::from_secs(9))]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    for seconds in [1, 2, 4] {
        assert_eq!(fake.until_waiting(job).await, time::Duration::seconds(seconds));
        assert!(!fake.made(fake.object).await);
        fake.clock.advance(time::Duration::seconds(seconds));
        engine.poke();
    }
    fake.until(job, JobStatus::Finished).await;
    fake.as_asked().await.unwrap();
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_end_that_never_can_be_written_keeps_no_lock(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("show", [Act::Fail]);
    fake.outside.script("undo end", vec![Act::Internal; 8]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    for _ in 1..8 {
        let ahead = fake.until_waiting(job).await;
        fake.clock.advance(ahead);
        engine.poke();
    }
    let error = fake.until(job, JobStatus::Failed).await.error.unwrap();
    assert_eq!(error.text.args.len(), 1);
    assert_eq!(error.reasons[0].key, "job-end-unwritten");
    fake.assert_as_before().await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_of_an_unknown_kind_fails_and_is_out_of_the_way(pool: PgPool) {
    let fake = Fake::new(pool);
    let job = fake.ask(NewJob { kind: "from.the.future", ..fake.job(fake.object) }).await.unwrap();
    let engine = fake.engine(fake.options()).start();
    let row = fake.until(job, JobStatus::Failed).await;
    assert_eq!(row.error.unwrap().text.key, "job-kind-unknown");
    assert!(!fake.locked(fake.object).await);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_step_that_this_version_does_not_have_makes_the_job_go_back(pool: PgPool) {
    let fake = Fake::new(pool);
    let mut steps = STEPS.to_vec();
    steps[2].name = "renamed";
    let mut tx = store::begin_on(&fake.pool).await.unwrap();
    let job = enqueue(&mut tx, &fake.clock, fake.ids.as_ref(), &steps, fake.job(fake.object)).await.unwrap();
    tx.commit().await.unwrap();
    let engine = fake.engine(fake.options()).start();
    let row = fake.until(job, JobStatus::Failed).await;
    assert_eq!(row.error.unwrap().text.key, "job-kind-unknown");
    fake.assert_as_before().await;
    engine.kill().await;
}
