//! One engine: what it is made of, and starting, poking and stopping it. Several may work on one database;
//! which of them should is decided elsewhere (by an advisory lock), and being wrong about it is safe.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::clock::{Clock, Ids};
use store::{PgPool, StoreResult};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::flight::Flights;
use crate::{Flow, Hook, dispatch};

/// How an engine behaves. Times here are of the machine, not of the `Clock`.
#[derive(Clone)]
pub struct Options {
    /// How many jobs run at once. A job is cheap, so that this can be many, and slow ones block nobody.
    pub workers: usize,
    /// How long a lease lasts beyond its last renewal.
    pub lease: Duration,
    /// How often leases are renewed.
    pub heartbeat: Duration,
    /// How often to look for work without being told of any.
    pub poll: Duration,
    /// How often the undo of a step is tried.
    pub undo_attempts: u32,
    /// The wait after the first failed undo; doubled each time.
    pub undo_backoff: Duration,
    /// The longest that doubling leads to.
    pub longest_backoff: Duration,
    /// For tests.
    pub hook: Option<Arc<dyn Hook>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            workers: 64,
            lease: Duration::from_secs(30),
            heartbeat: Duration::from_secs(10),
            poll: Duration::from_secs(5),
            undo_attempts: 8,
            undo_backoff: Duration::from_secs(1),
            longest_backoff: Duration::from_secs(60),
            hook: None,
        }
    }
}

/// What the engine's tasks share.
pub(crate) struct Core {
    pub pool: PgPool,
    pub clock: Arc<dyn Clock>,
    pub flows: BTreeMap<&'static str, Arc<dyn Flow>>,
    pub options: Options,
    /// The name in the leases.
    pub id: Uuid,
    pub flights: Flights,
    pub wake: Notify,
    /// Pulled to take no more work and to stop jobs at their next step.
    pub draining: CancellationToken,
    pub jobs: TaskTracker,
}

pub struct Engine(Arc<Core>);

impl Engine {
    /// An engine for these flows. Its id, under which it leases, is the first that `ids` gives.
    pub fn new(
        pool: PgPool,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        flows: Vec<Arc<dyn Flow>>,
        options: Options,
    ) -> Self {
        Engine(Arc::new(Core {
            pool,
            clock,
            flows: flows.into_iter().map(|flow| (flow.kind(), flow)).collect(),
            options,
            id: ids.uuid(),
            flights: Flights::default(),
            wake: Notify::new(),
            draining: CancellationToken::new(),
            jobs: TaskTracker::new(),
        }))
    }

    /// Takes over what others have leased, at once. For a new leader, before `start`.
    pub async fn reclaim_all(&self) -> StoreResult<u64> {
        let mut connection = self.0.pool.acquire().await?;
        let until = self.0.clock.now() + self.0.options.lease;
        store::jobs::work::reclaim_all(&mut connection, self.0.id, until).await
    }

    /// Begins to work, within a Tokio runtime.
    pub fn start(self) -> EngineHandle {
        let core = self.0;
        let dispatcher = tokio::spawn(dispatch::work(core.clone()));
        let others =
            [tokio::spawn(dispatch::listen(core.clone())), tokio::spawn(dispatch::keep_leases(core.clone()))];
        EngineHandle { core, dispatcher, others }
    }
}

/// A running engine. Dropping it stops it like `kill`, but without waiting.
pub struct EngineHandle {
    core: Arc<Core>,
    dispatcher: JoinHandle<()>,
    others: [JoinHandle<()>; 2],
}

impl EngineHandle {
    /// Looks for work now; for tests that have moved the clock.
    pub fn poke(&self) {
        self.core.wake.notify_one();
    }

    /// How many jobs run just now.
    pub fn in_flight(&self) -> usize {
        self.core.flights.ids().len()
    }

    /// Takes no more work, lets running steps end, and gives the leases back. Steps that have not ended
    /// within `deadline` are dropped where they are and run again later; false if there were such.
    pub async fn drain(mut self, deadline: Duration) -> bool {
        self.core.draining.cancel();
        self.core.jobs.close();
        let all = tokio::time::timeout(deadline, async {
            // It may be about to launch what it has just leased.
            let _ = (&mut self.dispatcher).await;
            self.core.jobs.wait().await;
        });
        let all = all.await.is_ok();
        let left = self.core.flights.leases(self.core.id);
        self.stop().await;
        for lease in left {
            if let Err(error) = self.give_back(lease).await {
                tracing::warn!(job = %lease.job, %error, "a lease could not be given back; it will run out");
            }
        }
        all
    }

    async fn give_back(&self, lease: store::jobs::work::Lease) -> StoreResult<()> {
        let mut connection = self.core.pool.acquire().await?;
        store::jobs::work::release(&mut connection, lease).await.map(|_| ())
    }

    /// Stops at once, as if the process had died; nothing is written. Returns when nothing runs any more.
    pub async fn kill(mut self) {
        self.stop().await;
    }

    async fn stop(&mut self) {
        self.abort();
        if !self.dispatcher.is_finished() {
            // An error says that the task was aborted, which is what was wanted.
            let _ = (&mut self.dispatcher).await;
        }
        self.core.flights.abort_all();
        self.core.jobs.close();
        self.core.jobs.wait().await;
    }

    fn abort(&self) {
        self.dispatcher.abort();
        self.others.iter().for_each(JoinHandle::abort);
        self.core.flights.abort_all();
    }
}

impl Drop for EngineHandle {
    fn drop(&mut self) {
        self.abort();
    }
}
