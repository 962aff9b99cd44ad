//! Engines for tests: on a manual clock that jumps to the next attempt, with ids that are known beforehand,
//! and waiting by looking again, with a bound.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use model::clock::{Clock, Ids, ManualClock};
use model::job::JobStatus;
use model::{JobId, Refusal};
use store::PgPool;
use store::jobs::work::standing;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Park, World};
use crate::{Engine, EngineHandle, Flow, Hook, Options, Place};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(2);

/// Ids that count up from 1.
#[derive(Default)]
pub struct SerialIds(AtomicU64);

impl Ids for SerialIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1)
    }
}

/// Looks until `what` has an answer; panics with `name` when there is none in time.
pub async fn eventually<T, F: Future<Output = Option<T>>>(name: &str, mut what: impl FnMut() -> F) -> T {
    let look = async {
        loop {
            if let Some(answer) = what().await {
                return answer;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(answer) => answer,
        Err(_) => panic!("{name}: not within {PATIENCE:?}"),
    }
}

/// Runs engines on a world's database, clock and ids.
pub struct Bench {
    pool: PgPool,
    clock: ManualClock,
    ids: Arc<dyn Ids>,
}

impl Bench {
    pub fn new(world: &dyn World) -> Self {
        Bench { pool: world.pool(), clock: world.clock(), ids: world.ids() }
    }

    pub fn engine(&self, flow: Arc<dyn Flow>, hook: Option<Arc<dyn Hook>>) -> Engine {
        let options = Options { hook, ..Options::default() };
        Engine::new(self.pool.clone(), Arc::new(self.clock.clone()), self.ids.clone(), vec![flow], options)
    }

    /// Lets an engine work until a job is at `place`, and kills it there.
    pub async fn kill_at(&self, flow: Arc<dyn Flow>, place: Place<'static>) {
        let park = Park::at(place);
        let reached = park.reached();
        let engine = self.engine(flow, Some(Arc::new(park))).start();
        eventually(&format!("{place:?} is reached"), || async {
            self.jump(None).await;
            engine.poke();
            reached.is_cancelled().then_some(())
        })
        .await;
        engine.kill().await;
    }

    /// A new leader takes over and works until the job has ended, which must be as expected.
    pub async fn run(&self, flow: Arc<dyn Flow>, job: JobId, expected: JobStatus, what: &str) {
        let engine = self.engine(flow, None);
        engine.reclaim_all().await.unwrap_or_else(|e| panic!("{what}: {e}"));
        let engine = engine.start();
        self.until_ended(&engine, job, what).await;
        engine.kill().await;
        let (status, error) = self.outcome(job).await;
        assert_eq!(status, expected, "{what}: {error:?}");
    }

    /// Waits for the end of a job; the clock jumps over its pauses.
    pub async fn until_ended(&self, engine: &EngineHandle, job: JobId, what: &str) {
        self.until_ended_or(engine, job, &CancellationToken::new(), what).await;
    }

    /// The same, or until the token is pulled; whether that came first.
    pub async fn until_ended_or(
        &self,
        engine: &EngineHandle,
        job: JobId,
        or: &CancellationToken,
        what: &str,
    ) -> bool {
        eventually(&format!("{what}: the job ends"), || async {
            let ended = self.jump(Some(job)).await;
            engine.poke();
            if or.is_cancelled() { Some(true) } else { ended.then_some(false) }
        })
        .await
    }

    /// Moves the clock to where the job goes on, if it waits; whether it has ended. Without a job, to
    /// where any goes on.
    async fn jump(&self, job: Option<JobId>) -> bool {
        let mut connection = self.pool.acquire().await.expect("a connection");
        let (ended, waits) = match job {
            Some(job) => match standing(&mut connection, job).await.expect("the job's status") {
                Some((status, waits)) => (status.ended(), waits),
                None => panic!("the job {job} is gone"),
            },
            None => (false, store::jobs::work::next_waiting(&mut connection).await.expect("the next job")),
        };
        if let Some(until) = waits.filter(|_| !ended) {
            self.advance_to(until);
        }
        ended
    }

    fn advance_to(&self, until: OffsetDateTime) {
        let ahead = until - self.clock.now();
        if ahead.is_positive() {
            self.clock.advance(ahead);
        }
    }

    pub async fn outcome(&self, job: JobId) -> (JobStatus, Option<Refusal>) {
        let mut connection = self.pool.acquire().await.expect("a connection");
        let all = store::Viewer { user: Uuid::nil(), all: true, now: time::OffsetDateTime::UNIX_EPOCH };
        let row =
            store::jobs::get(&mut connection, all, job).await.expect("the job").expect("the job is there");
        (row.status, row.error)
    }

    /// A failed job has put back everything that it could.
    pub(super) async fn nothing_left(&self, job: JobId, what: &str) {
        let (_, error) = self.outcome(job).await;
        let left =
            error.is_some_and(|error| error.reasons.iter().any(|reason| reason.key == "job-step-left"));
        assert!(!left, "{what}: a step could not be undone");
    }
}
