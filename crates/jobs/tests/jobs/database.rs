//! The database goes away and comes back: nothing is lost, and nothing has to be started anew.

use std::time::Duration;

use jobs::Options;
use jobs::testing::{World, eventually};
use model::job::JobStatus;
use store::PgPool;

use crate::flow::{Act, Gate};
use crate::world::Fake;

/// Cuts every connection to this database but the one that cuts.
async fn cut(pool: &PgPool) {
    let mut connection = pool.acquire().await.unwrap();
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .execute(&mut *connection)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_running_job_survives_that_every_connection_is_cut(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("make", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    cut(&fake.pool).await;
    gate.open();
    fake.until(job, JobStatus::Finished).await;
    fake.as_asked().await.unwrap();
    // And the line on which it hears of new work is there again.
    let next = fake.ask(fake.job(fake.ids().uuid())).await.unwrap();
    fake.until(next, JobStatus::Finished).await;
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_that_could_not_be_written_is_taken_up_again_by_the_same_engine(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("make", [Act::Gate(gate.clone())]);
    let engine = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    // For a while every write to a step fails as if the server was shutting down.
    sqlx::raw_sql(
        "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '57P01'; END $$;
         CREATE TRIGGER away BEFORE UPDATE ON job_steps FOR EACH ROW EXECUTE FUNCTION away();",
    )
    .execute(&fake.pool)
    .await
    .unwrap();
    gate.open();
    eventually("the write has failed", || async { fake.outside.calls().len().eq(&2).then_some(()) }).await;
    sqlx::raw_sql("DROP TRIGGER away ON job_steps").execute(&fake.pool).await.unwrap();
    fake.until(job, JobStatus::Finished).await;
    fake.as_asked().await.unwrap();
    engine.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_engine_that_cannot_renew_stops_before_others_may_begin(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("make", [Act::Gate(gate.clone())]);
    let short =
        Options { lease: Duration::from_millis(200), heartbeat: Duration::from_millis(5), ..fake.options() };
    let engine = fake.engine(short).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    sqlx::raw_sql(
        "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '57P01'; END $$;
         CREATE TRIGGER away BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION away();",
    )
    .execute(&fake.pool)
    .await
    .unwrap();
    // The gate stays closed: the step is dropped where it is.
    eventually("the engine lets go", || async { (engine.in_flight() == 0).then_some(()) }).await;
    sqlx::raw_sql("DROP TRIGGER away ON jobs").execute(&fake.pool).await.unwrap();
    fake.until(job, JobStatus::Finished).await;
    assert_eq!(fake.outside.calls(), ["choose", "make", "make", "mend", "show", "end"]);
    engine.kill().await;
}
