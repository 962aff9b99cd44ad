//! One job from where it stands to its end, or to where it has to wait: forward step by step, and to the way
//! back (`back`) when a step did not work out or somebody cancelled. Every write is guarded by the lease; a refused write or a
//! database that is away ends the work on the spot, and the job is taken up again from what is persisted.

use std::sync::Arc;
use std::time::Duration;

use model::job::{JobStatus, StepStatus};
use model::{Refusal, Text};
use store::jobs::work::{self, Begun, Lease, Leased};
use store::{PgPool, StoreResult};
use tracing::Instrument;

use crate::engine::Core;
use crate::execute::{Verdict, attempt};
use crate::flight::Flight;
use crate::{Flow, Outcome, Place, Run, Step, When, backoff};

/// How often a step may be interrupted, beyond its attempts, before it counts as what kills the server.
const INTERRUPTIONS: u32 = 20;
/// The pause after an error of the database, within the job's task.
const AFTER_ERROR: Duration = Duration::from_secs(1);

/// What to do next. Positions may be one off either end.
pub(crate) enum Next {
    Forward(i32),
    Back(i32),
    /// Nothing: the job has ended, waits, or is somebody else's now.
    Stop,
}

/// A step as it was persisted, with what the flow of this version says of it.
pub(crate) struct Planned {
    pub name: String,
    pub step: Option<&'static Step>,
    status: StepStatus,
}

pub(crate) struct Worker {
    pub core: Arc<Core>,
    pub flow: Arc<dyn Flow>,
    pub lease: Lease,
    pub run: Run,
    /// Why the job goes back, if nobody cancelled it.
    pub error: Option<Refusal>,
    pub flight: Arc<Flight>,
    plan: Vec<Planned>,
}

/// Works on a leased job until there is nothing more to do now.
pub(crate) async fn drive(core: Arc<Core>, flight: Arc<Flight>, leased: Leased) {
    // In the log lines of the request that asked for it, this is the request's `id`.
    let correlation = &leased.correlation_id;
    let span = tracing::info_span!("job", id = %leased.id, kind = %leased.kind, %correlation);
    let work = async {
        if let Err(error) = go(core, flight, leased).await {
            tracing::warn!(%error, "a job was dropped; it will be taken up again");
            tokio::time::sleep(AFTER_ERROR).await;
        }
    };
    work.instrument(span).await;
}

async fn go(core: Arc<Core>, flight: Arc<Flight>, leased: Leased) -> StoreResult<()> {
    let lease = Lease { job: leased.id, engine: core.id };
    let Some(flow) = core.flows.get(leased.kind.as_str()).cloned() else {
        return reject(&core, lease, &leased).await;
    };
    let mut next = match leased.status {
        JobStatus::Undoing => Next::Back(leased.position),
        _ => Next::Forward(leased.position),
    };
    let plan = plan(&core.pool, flow.as_ref(), lease).await?;
    let run = Run::of(&leased);
    let mut worker = Worker { core, flow, lease, run, error: leased.error, flight, plan };
    loop {
        next = match next {
            Next::Forward(at) if worker.planned(at).is_some() => worker.forward(at).await?,
            Next::Forward(_) => worker.conclude(Outcome::Finished).await?,
            Next::Back(at) => worker.back(at).await?,
            Next::Stop => return Ok(()),
        };
    }
}

async fn plan(pool: &PgPool, flow: &dyn Flow, lease: Lease) -> StoreResult<Vec<Planned>> {
    let mut connection = pool.acquire().await?;
    let rows = store::jobs::steps(&mut connection, lease.job).await?;
    let known = |name: &str| flow.steps().iter().find(|step| step.name == name);
    Ok(rows
        .into_iter()
        .map(|row| Planned { step: known(&row.name), name: row.name, status: row.status })
        .collect())
}

/// A job of a kind that this version does not have must not hold its locks for ever.
async fn reject(core: &Core, lease: Lease, leased: &Leased) -> StoreResult<()> {
    tracing::error!("this version knows no such kind of job; it fails, and what it did stays");
    let error = unknown(&leased.kind);
    let mut tx = store::begin_on(&core.pool).await?;
    work::end(&mut tx, lease, JobStatus::Failed, Some(&error), core.clock.now()).await?;
    Ok(tx.commit().await?)
}

pub(crate) fn unknown(kind: &str) -> Refusal {
    Refusal::new("job-kind-unknown").with("kind", kind)
}

impl Worker {
    pub(crate) fn planned(&self, at: i32) -> Option<&Planned> {
        self.plan.get(usize::try_from(at).ok()?)
    }

    pub(crate) fn last(&self) -> i32 {
        i32::try_from(self.plan.len()).unwrap_or(i32::MAX) - 1
    }

    pub(crate) async fn reached(&self, step: &str, undo: bool, when: When) {
        if let Some(hook) = &self.core.options.hook {
            hook.at(Place { kind: self.flow.kind(), step, undo, when }).await;
        }
    }

    /// Before each step: whether the engine wants to stop. Then the job is given back.
    pub(crate) async fn gives_back(&self) -> StoreResult<bool> {
        if !self.core.draining.is_cancelled() {
            return Ok(false);
        }
        let mut connection = self.core.pool.acquire().await?;
        work::release(&mut connection, self.lease).await?;
        Ok(true)
    }

    async fn forward(&mut self, at: i32) -> StoreResult<Next> {
        if self.gives_back().await? {
            return Ok(Next::Stop);
        }
        let Some((step, half)) =
            self.planned(at).and_then(|p| Some((p.step?, p.status == StepStatus::Running)))
        else {
            return self.turn_back(at - 1, Some(unknown(self.flow.kind())), None).await;
        };
        self.reached(step.name, false, When::Before).await;
        self.run.cancelled = self.flight.arm(step.cancellable);
        let mut connection = self.core.pool.acquire().await?;
        let begun = work::begin(&mut connection, self.lease, at, self.core.clock.now()).await?;
        drop(connection);
        match begun {
            Begun::Lost => Ok(Next::Stop),
            // What an earlier attempt left half done is undone as well.
            Begun::CancelAsked => self.turn_back(if half { at } else { at - 1 }, None, None).await,
            Begun::Attempt(n) => {
                self.run.attempt = n.unsigned_abs();
                let verdict = self.attempt(step, false, step.attempts).await;
                self.settle(at, step, verdict).await
            }
        }
    }

    /// Runs or undoes a step that is persisted as begun.
    pub(crate) async fn attempt(&mut self, step: &'static Step, undo: bool, attempts: u32) -> Verdict {
        self.reached(step.name, undo, When::Begun).await;
        let verdict = if self.run.attempt > attempts.saturating_add(INTERRUPTIONS) {
            let text = Refusal::new("job-step-interrupted").with("step", model::text::step(step.name));
            Verdict::Fail(text.with("n", INTERRUPTIONS))
        } else {
            attempt(self.flow.as_ref(), step, undo, &mut self.run).await
        };
        self.reached(step.name, undo, When::Ran).await;
        verdict
    }

    /// Persists what came of a step.
    async fn settle(&mut self, at: i32, step: &'static Step, verdict: Verdict) -> StoreResult<Next> {
        match verdict {
            Verdict::Done => self.done(at, step).await,
            Verdict::Cancelled => {
                let text = Text::new("job-status-cancelled");
                self.turn_back(at, None, Some(&text)).await
            }
            Verdict::Retry { cause, after } if self.run.attempt < step.attempts => {
                self.put_off(at, cause.whole(), after, self.run.attempt).await
            }
            Verdict::Retry { cause, .. } | Verdict::Fail(cause) => {
                let text = cause.clone().whole();
                self.turn_back(at, Some(cause), Some(&text)).await
            }
        }
    }

    async fn done(&mut self, at: i32, step: &'static Step) -> StoreResult<Next> {
        let now = self.core.clock.now();
        let mut connection = self.core.pool.acquire().await?;
        if !work::done(&mut connection, self.lease, at, &self.run.state, now).await? {
            return Ok(Next::Stop);
        }
        drop(connection);
        self.reached(step.name, false, When::After).await;
        Ok(Next::Forward(at + 1))
    }

    /// Lets the job wait, without a worker, before the next attempt.
    pub(crate) async fn put_off(
        &mut self,
        at: i32,
        why: Text,
        first: Duration,
        attempt: u32,
    ) -> StoreResult<Next> {
        let wait = backoff::wait(first, attempt, self.core.options.longest_backoff);
        tracing::info!(%why, ?wait, "waits for another attempt");
        let now = self.core.clock.now();
        let mut connection = self.core.pool.acquire().await?;
        work::put_off(&mut connection, self.lease, at, &self.run.state, &why, (now, now + wait)).await?;
        Ok(Next::Stop)
    }

    /// The job goes back from `at` on, whose step has failed with the text `failed`.
    pub(crate) async fn turn_back(
        &mut self,
        at: i32,
        error: Option<Refusal>,
        failed: Option<&Text>,
    ) -> StoreResult<Next> {
        let why = error.as_ref().map(Refusal::to_string);
        tracing::info!(why = why.as_deref().unwrap_or("cancelled"), "goes back");
        let mut connection = self.core.pool.acquire().await?;
        let (state, now) = (&self.run.state, self.core.clock.now());
        let held =
            work::turn_back(&mut connection, self.lease, at, state, error.as_ref(), failed, now).await?;
        self.error = error;
        Ok(if held { Next::Back(at) } else { Next::Stop })
    }
}
