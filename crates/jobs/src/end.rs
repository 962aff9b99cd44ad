//! The end of a job: its outcome, what its flow says follows from that, and its locks, in one transaction.
//! When the flow cannot write what follows, it is tried again; a finished job then goes back, and one that
//! has gone back ends without the flow's words, because its locks must not stay for ever.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use model::job::JobStatus;
use model::{Refusal, Text};
use store::jobs::work;
use store::{PgConnection, StoreResult};

use crate::execute::{incident, sound, words};
use crate::worker::{Next, Worker};
use crate::{Outcome, StepError, When};

/// How often the flow's words on the outcome are tried.
const ATTEMPTS: u32 = 8;
/// How long they may take.
const DEADLINE: Duration = Duration::from_secs(60);
/// The step's name in hooks.
const END: &str = "end";

impl Outcome {
    fn status(&self) -> JobStatus {
        match self {
            Outcome::Finished => JobStatus::Finished,
            Outcome::Failed { .. } => JobStatus::Failed,
            Outcome::Cancelled => JobStatus::Cancelled,
        }
    }

    fn error(&self) -> Option<&Refusal> {
        match self {
            Outcome::Failed { error, .. } => Some(error),
            Outcome::Finished | Outcome::Cancelled => None,
        }
    }
}

/// Why the outcome was not written; final if the flow said that it will not work.
struct Unwritten {
    cause: Refusal,
    last: bool,
}

impl Worker {
    pub(crate) async fn conclude(&mut self, outcome: Outcome) -> StoreResult<Next> {
        let undo = outcome != Outcome::Finished;
        self.reached(END, undo, When::Before).await;
        let Some(unwritten) = self.write_end(&outcome).await? else {
            tracing::info!(status = outcome.status().as_str(), "ended");
            self.reached(END, undo, When::After).await;
            return Ok(Next::Stop);
        };
        let mut connection = self.core.pool.acquire().await?;
        let Some(n) = work::end_failed(&mut connection, self.lease).await? else { return Ok(Next::Stop) };
        drop(connection);
        let attempt = n.unsigned_abs();
        match outcome {
            Outcome::Finished if unwritten.last || attempt >= ATTEMPTS => {
                self.turn_back(self.last(), Some(unwritten.cause), None).await
            }
            outcome if attempt >= ATTEMPTS => self.end_silently(outcome).await,
            _ => {
                let at = if undo { -1 } else { self.last() + 1 };
                self.put_off(at, unwritten.cause.whole(), Duration::from_secs(1), attempt).await
            }
        }
    }

    /// Nothing if it was written, or if the lease is lost and the end is another's.
    async fn write_end(&mut self, outcome: &Outcome) -> StoreResult<Option<Unwritten>> {
        let mut tx = store::begin_on(&self.core.pool).await?;
        let now = self.core.clock.now();
        if !work::end(&mut tx, self.lease, outcome.status(), outcome.error(), now).await? {
            return Ok(None);
        }
        let result = match self.follow(outcome, &mut tx).await {
            Ok(()) => tx.commit().await.map_err(StepError::from),
            Err(error) => Err(error),
        };
        Ok(result.err().map(unwritten))
    }

    /// The flow's part, within its time and with a panic caught.
    async fn follow(&self, outcome: &Outcome, tx: &mut PgConnection) -> Result<(), StepError> {
        let work = AssertUnwindSafe(self.flow.end(&self.run, outcome, tx)).catch_unwind();
        match tokio::time::timeout(DEADLINE, work).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => Err(StepError::internal(format!("a panic: {}", words(&*panic)))),
            Err(_) => Err(StepError::internal("the end took too long")),
        }
    }

    /// Ends the job without what its flow had to say, and says so.
    async fn end_silently(&mut self, outcome: Outcome) -> StoreResult<Next> {
        let id = incident(&"the flow could not write what follows from the outcome; the job ends without it");
        let mut error = outcome.error().cloned().unwrap_or_else(|| Refusal::new("job-cancel-incomplete"));
        let incident = id.text.args.get("incident").cloned();
        let note = Text::new("job-end-unwritten");
        error.reasons.push(incident.map_or(note.clone(), |incident| note.with("incident", incident)));
        let mut tx = store::begin_on(&self.core.pool).await?;
        work::end(&mut tx, self.lease, JobStatus::Failed, Some(&error), self.core.clock.now()).await?;
        tx.commit().await?;
        self.reached(END, true, When::After).await;
        Ok(Next::Stop)
    }
}

fn unwritten(error: StepError) -> Unwritten {
    match error {
        StepError::Retry { cause, .. } => Unwritten { cause: sound(cause), last: false },
        StepError::Fail(cause) => Unwritten { cause: sound(cause), last: true },
        StepError::Cancelled => {
            Unwritten { cause: incident(&"the end of a job says it was cancelled"), last: false }
        }
        StepError::Internal(cause) => Unwritten { cause: incident(&cause), last: false },
    }
}
