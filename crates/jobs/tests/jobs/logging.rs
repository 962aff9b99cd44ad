//! The log of a job: a line for everything that the engine wrote of it, in the order in which it happened.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jobs::testing::World;
use model::JobId;
use model::job::JobStatus;
use store::PgPool;

use crate::flow::Act;
use crate::world::{ALL, Fake};

/// The words of the lines, and that no line is earlier than the one before.
async fn log(fake: &Fake, job: JobId) -> Vec<String> {
    let mut connection = fake.pool.acquire().await.unwrap();
    let row = store::jobs::get(&mut connection, ALL, job).await.unwrap().unwrap();
    let lines = store::jobs::log::of(&mut connection, ALL, &row).await.unwrap();
    assert!(lines.is_sorted_by_key(|line| line.at));
    assert!(
        lines.iter().all(|line| line.at >= row.created_at && row.ended_at.is_none_or(|end| line.at <= end))
    );
    lines.iter().map(|line| line.text.to_string()).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn attempts_are_told_one_by_one(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("mend", [Act::Retry(Duration::from_secs(5))]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until_waiting(job).await;
    let so_far = ["choose begins", "choose is done", "make begins", "make is done", "mend begins"];
    let waits = "mend waits for another attempt: not yet";
    assert_eq!(log(&fake, job).await, [&so_far[..], &[waits]].concat(), "while it is under way");
    fake.clock.advance(time::Duration::seconds(5));
    engine.poke();
    fake.until(job, JobStatus::Finished).await;
    let rest = [
        "mend begins again, attempt 2",
        "mend is done",
        "show begins",
        "show is done",
        "The job is finished",
    ];
    assert_eq!(log(&fake, job).await, [&so_far[..], &[waits], &rest].concat());
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_way_back_is_told_with_its_reason(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("mend", [Act::HalfFail]);
    fake.outside.script("undo mend", [Act::Fail]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until_waiting(job).await;
    fake.clock.advance(time::Duration::SECOND);
    engine.poke();
    fake.until(job, JobStatus::Failed).await;
    let back = [
        "mend failed: no, too late",
        "mend is being undone",
        "mend waits for another attempt: no",
        "mend is being undone again, attempt 2",
        "mend is undone",
        "make is being undone",
        "make is undone",
        "The job has failed: no, too late",
    ];
    assert_eq!(log(&fake, job).await[5..], back);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_cancelled_job_says_so_and_what_was_left_is_told(pool: PgPool) {
    let fake = Fake::new(pool);
    let job = fake.enqueue().await;
    fake.cancel(job).await.unwrap();
    let engine = fake.engine(fake.options()).start();
    fake.until(job, JobStatus::Cancelled).await;
    assert_eq!(log(&fake, job).await, ["Cancelled: what was done is taken back", "The job is cancelled"]);

    fake.outside.script("show", [Act::Fail]);
    fake.outside.script("undo mend", vec![Act::Fail; 8]);
    let other = fake.ask(fake.job(fake.ids().uuid())).await.unwrap();
    for seconds in [1, 2, 4, 8, 16, 32, 60] {
        assert_eq!(fake.until_waiting(other).await, time::Duration::seconds(seconds));
        fake.clock.advance(time::Duration::seconds(seconds));
        engine.poke();
    }
    fake.until(other, JobStatus::Failed).await;
    let lines = log(&fake, other).await;
    assert_eq!(lines[lines.len() - 2..], ["mend could not be undone: no", "The job has failed: no"]);
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_outcome_that_cannot_be_written_is_told_too(pool: PgPool) {
    let fake = Fake::new(pool);
    fake.outside.script("end", [Act::Retry(Duration::from_secs(9)), Act::Fail]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until_waiting(job).await;
    fake.clock.advance(time::Duration::seconds(9));
    engine.poke();
    fake.until(job, JobStatus::Failed).await;
    let lines = log(&fake, job).await;
    let at = lines.iter().position(|line| line.starts_with("The outcome could not")).unwrap();
    assert_eq!(
        lines[at + 1],
        "What was done is taken back: no",
        "what was not written left no line: {lines:?}"
    );
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_log_goes_with_its_job(pool: PgPool) {
    let fake = Fake::new(pool);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until(job, JobStatus::Finished).await;
    fake.clock.advance(time::Duration::days(31));
    assert_eq!(jobs::remove_ended(&fake.pool, &fake.clock, 30).await.unwrap(), 1);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM job_log").fetch_one(&fake.pool).await.unwrap();
    assert_eq!(left, 0);
    engine.kill().await;
}

/// Keeps what is logged by all tests: an engine works on threads of its own.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A click leads on to the server's log: each line of a job's work has the id of the request that asked for it.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_lines_of_a_job_carry_its_correlation(pool: PgPool) {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(log).unwrap();
    let fake = Fake::new(pool);
    fake.outside.script("mend", [Act::Retry(Duration::from_secs(5))]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    fake.until_waiting(job).await;
    fake.clock.advance(time::Duration::seconds(5));
    engine.poke();
    fake.until(job, JobStatus::Finished).await;
    // The end is logged after it is written, so the last line is there once the engine has drained.
    assert!(engine.drain(Duration::from_secs(60)).await);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for told in ["waits for another attempt", "ended"] {
        let of = |line: &&str| line.contains(told) && line.contains(&format!("id={job}"));
        let line = text.lines().find(of).unwrap_or_else(|| panic!("{told}: {text}"));
        assert!(line.contains("correlation=c-1"), "{line}");
    }
}
