//! One job is never worked on by two engines, and never lost with one of them.

use std::collections::HashMap;
use std::time::Duration;

use jobs::Options;
use jobs::testing::{World, eventually};
use model::job::JobStatus;
use store::PgPool;

use crate::flow::{Act, Gate};
use crate::world::Fake;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn many_jobs_and_three_engines_and_nothing_twice(pool: PgPool) {
    let fake = Fake::new(pool);
    let options = Options { workers: 5, ..fake.options() };
    let engines: Vec<_> = (0..3).map(|_| fake.engine(options.clone()).start()).collect();
    let mut jobs = Vec::new();
    for _ in 0..60 {
        jobs.push(fake.ask(fake.job(fake.ids().uuid())).await.unwrap());
    }
    for job in &jobs {
        fake.until(*job, JobStatus::Finished).await;
    }
    let mut counts: HashMap<_, u32> = HashMap::new();
    for call in fake.outside.calls.lock().unwrap().iter() {
        *counts.entry(call.clone()).or_default() += 1;
    }
    assert_eq!(counts.len(), 60 * 5);
    assert!(counts.values().all(|n| *n == 1), "{counts:?}");
    for engine in engines {
        engine.kill().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_lease_that_has_run_out_is_taken_and_the_late_engine_writes_nothing(pool: PgPool) {
    let fake = Fake::new(pool);
    let (late, second) = (Gate::default(), Gate::default());
    // The late engine has an outside world of its own, so that what it does there can be told apart.
    let other = Fake { outside: Default::default(), ..Fake::with(fake.pool.clone(), fake.ids()) };
    let other = Fake { clock: fake.clock.clone(), ..other };
    other.outside.script("make", [Act::Gate(late.clone())]);
    fake.outside.script("make", [Act::Gate(second.clone())]);

    let slow = other.engine(other.options()).start();
    let job = fake.enqueue().await;
    late.reached().await;
    let quick = fake.engine(fake.options()).start();
    fake.clock.advance(time::Duration::seconds(29));
    quick.poke();
    assert!(fake.outside.calls().is_empty(), "the lease is good for 30 s");
    fake.clock.advance(time::Duration::seconds(1));
    quick.poke();
    second.reached().await;

    // The late one comes back to itself in the middle of the other's step, and stops.
    late.open();
    eventually("the late engine lets go", || async { (slow.in_flight() == 0).then_some(()) }).await;
    assert_eq!(fake.course(job).await, ["choose done", "make running", "mend pending", "show pending"]);
    second.open();
    fake.until(job, JobStatus::Finished).await;
    assert_eq!(other.outside.calls(), ["choose", "make"]);
    assert_eq!(fake.outside.calls(), ["make", "mend", "show", "end"]);
    assert_eq!(fake.steps(job).await[1].attempts, 2);
    slow.kill().await;
    quick.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_heartbeat_keeps_a_lease_however_long_the_step_takes(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("choose", [Act::Gate(gate.clone())]);
    let first = fake.engine(Options { heartbeat: Duration::from_millis(2), ..fake.options() }).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    let second = fake.engine(fake.options()).start();
    for _ in 0..5 {
        fake.clock.advance(time::Duration::seconds(20));
        eventually("the lease is renewed", || async {
            let until: Option<time::OffsetDateTime> =
                sqlx::query_scalar("SELECT lease_until FROM jobs WHERE id = $1")
                    .bind(job.0)
                    .fetch_one(&fake.pool)
                    .await
                    .unwrap();
            let now = model::clock::Clock::now(&fake.clock);
            (until == Some(now + time::Duration::seconds(30))).then_some(())
        })
        .await;
        second.poke();
    }
    gate.open();
    fake.until(job, JobStatus::Finished).await;
    assert_eq!(fake.outside.calls(), ["choose", "make", "mend", "show", "end"]);
    first.kill().await;
    second.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_engine_whose_lease_was_taken_drops_its_step(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("choose", [Act::Gate(gate.clone())]);
    let old = fake.engine(Options { heartbeat: Duration::from_millis(2), ..fake.options() }).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    let new = fake.engine(fake.options());
    assert_eq!(new.reclaim_all().await.unwrap(), 1);
    // The step never ends by itself.
    eventually("the old leader lets go", || async { (old.in_flight() == 0).then_some(()) }).await;
    old.kill().await;
    let new = new.start();
    fake.until(job, JobStatus::Finished).await;
    assert_eq!(fake.outside.calls(), ["choose", "choose", "make", "mend", "show", "end"]);
    new.kill().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_new_leader_takes_over_at_once(pool: PgPool) {
    let fake = Fake::new(pool);
    let gate = Gate::default();
    fake.outside.script("make", [Act::Gate(gate.clone())]);
    let old = fake.engine(fake.options()).start();
    let job = fake.enqueue().await;
    gate.reached().await;
    old.kill().await;
    let new = fake.engine(fake.options());
    assert_eq!(new.reclaim_all().await.unwrap(), 1);
    let new = new.start();
    // The clock stands still: the lease would have lasted.
    fake.until(job, JobStatus::Finished).await;
    fake.as_asked().await.unwrap();
    new.kill().await;
}
