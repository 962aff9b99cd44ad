//! Attempts that ask for another: when it comes, how often, and what a deadline, a panic or a defect is.

use std::time::Duration;

use jobs::testing::World;
use model::job::JobStatus;
use store::PgPool;

use crate::flow::Act;
use crate::world::Fake;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_retry_waits_by_the_clock_and_twice_as_long_each_time(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("mend", [Act::Retry(Duration::from_secs(5))]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    for seconds in [5, 10] {
        assert_eq!(fake.until_waiting(job).await, time::Duration::seconds(seconds));
        assert_eq!(fake.steps(job).await[2].error.as_deref(), Some("not yet"));
        assert_eq!(fake.row(job).await.status, JobStatus::Running);
        // A moment early nothing happens, with or without looking.
        fake.clock.advance(time::Duration::seconds(seconds) - time::Duration::MILLISECOND);
        let calls = fake.outside.calls().len();
        engine.poke();
        let other = fake.ask(fake.job(fake.ids().uuid())).await.unwrap();
        fake.until(other, JobStatus::Finished).await;
        assert_eq!(fake.outside.calls().len(), calls + 5, "the other job alone has run");
        if seconds == 5 {
            fake.outside.script("mend", [Act::Retry(Duration::from_secs(5))]);
        }
        fake.clock.advance(time::Duration::MILLISECOND);
        engine.poke();
    }
    fake.until(job, JobStatus::Finished).await;
    assert_eq!(fake.steps(job).await[2].attempts, 3);
    assert_eq!(fake.steps(job).await[2].error, None);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_engine_wakes_by_itself_when_a_retry_is_due(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("mend", [Act::Retry(Duration::from_millis(50))]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until_waiting(job).await;
    // Nothing but the engine's own timer tells it.
    fake.clock.advance(time::Duration::milliseconds(50));
    fake.until(job, JobStatus::Finished).await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_last_attempt_fails_for_good(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("mend", vec![Act::Retry(Duration::from_secs(1)); 3]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    for seconds in [1, 2] {
        assert_eq!(fake.until_waiting(job).await, time::Duration::seconds(seconds));
        fake.clock.advance(time::Duration::seconds(seconds));
        engine.poke();
    }
    let row = fake.until(job, JobStatus::Failed).await;
    assert_eq!(row.error.unwrap().to_string(), "not yet");
    fake.assert_as_before().await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_step_past_its_deadline_is_dropped_and_tried_again(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("make", [Act::Hang]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    assert_eq!(fake.until_waiting(job).await, time::Duration::SECOND);
    let error = fake.steps(job).await[1].error.clone();
    assert_eq!(error.as_deref(), Some("The step make did not end within 0 s."));
    fake.clock.advance(time::Duration::SECOND);
    engine.poke();
    fake.until(job, JobStatus::Finished).await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_panic_or_a_defect_ends_as_an_incident_and_is_undone(pool: PgPool) {
    let fake = Fake::new(pool);
    let engine = fake.engine(fake.options()).start();
    for act in [Act::Panic, Act::Internal, Act::Unwritable] {
        fake.outside.script("mend", [act]);
        let job = fake.enqueue().await;
        let error = fake.until(job, JobStatus::Failed).await.error.unwrap();
        assert_eq!(error.text.key, "fault-internal");
        let text = error.to_string();
        assert!(!text.contains("panics") && !text.contains("defect"), "{text}");
        assert_eq!(fake.course(job).await, ["choose done", "make undone", "mend undone", "show pending"]);
        fake.assert_as_before().await;
    }
    engine.kill().await;
}
