//! The way back of a job: what was done is undone backwards, the step that failed included, since it may have
//! half happened. An undo that does not work is tried again for minutes; then the job stops there and says
//! what is left.

use model::text::step as step_text;
use model::{Refusal, Text};
use store::StoreResult;
use store::jobs::work;

use crate::execute::{Verdict, incident};
use crate::worker::{Next, Worker, unknown};
use crate::{Outcome, Step, When};

impl Worker {
    pub(crate) async fn back(&mut self, from: i32) -> StoreResult<Next> {
        let Some(at) = (0..=from).rev().find(|at| self.to_undo(*at)) else {
            let outcome = match self.error.clone() {
                Some(error) => Outcome::Failed { error, left: Vec::new() },
                None => Outcome::Cancelled,
            };
            return self.conclude(outcome).await;
        };
        if self.gives_back().await? {
            return Ok(Next::Stop);
        }
        let Some(step) = self.planned(at).and_then(|planned| planned.step) else {
            return self.leave(at, unknown(self.flow.kind())).await;
        };
        self.reached(step.name, true, When::Before).await;
        self.run.cancelled = self.flight.arm(false);
        let mut connection = self.core.pool.acquire().await?;
        let begun = work::begin_undo(&mut connection, self.lease, at, self.core.clock.now()).await?;
        drop(connection);
        let Some(n) = begun else { return Ok(Next::Stop) };
        self.run.attempt = n.unsigned_abs();
        let verdict = self.attempt(step, true, self.core.options.undo_attempts).await;
        self.settle_undo(at, step, verdict).await
    }

    /// A step that this version does not know cannot be undone, which must be said.
    fn to_undo(&self, at: i32) -> bool {
        self.planned(at).is_some_and(|planned| planned.step.is_none_or(|step| step.undo))
    }

    async fn settle_undo(&mut self, at: i32, step: &'static Step, verdict: Verdict) -> StoreResult<Next> {
        let (cause, after) = match verdict {
            Verdict::Done => return self.undone(at, step).await,
            Verdict::Retry { cause, after } => (cause, after),
            Verdict::Fail(cause) => (cause, self.core.options.undo_backoff),
            Verdict::Cancelled => {
                (incident(&"an undo says it was cancelled"), self.core.options.undo_backoff)
            }
        };
        if self.run.attempt < self.core.options.undo_attempts {
            let first = after.max(self.core.options.undo_backoff);
            return self.put_off(at, cause.whole(), first, self.run.attempt).await;
        }
        self.leave(at, cause).await
    }

    async fn undone(&mut self, at: i32, step: &'static Step) -> StoreResult<Next> {
        let now = self.core.clock.now();
        let mut connection = self.core.pool.acquire().await?;
        if !work::undone(&mut connection, self.lease, at, &self.run.state, now).await? {
            return Ok(Next::Stop);
        }
        drop(connection);
        self.reached(step.name, true, When::After).await;
        Ok(Next::Back(at - 1))
    }

    /// Stops going back: undoing an earlier step while a later one stands could do harm. The error names
    /// everything that was left.
    async fn leave(&mut self, at: i32, cause: Refusal) -> StoreResult<Next> {
        let mut connection = self.core.pool.acquire().await?;
        if !work::left(&mut connection, self.lease, at, &cause.clone().whole(), self.core.clock.now()).await?
        {
            return Ok(Next::Stop);
        }
        drop(connection);
        let left: Vec<String> = (0..=at)
            .rev()
            .filter(|at| self.to_undo(*at))
            .filter_map(|at| Some(self.planned(at)?.name.clone()))
            .collect();
        let mut error = self.error.clone().unwrap_or_else(|| Refusal::new("job-cancel-incomplete"));
        let first = left.iter().take(1).map(|step| {
            Text::new("job-step-left").with("step", step_text(step)).with("cause", cause.clone().whole())
        });
        let rest =
            left.iter().skip(1).map(|step| Text::new("job-step-not-reached").with("step", step_text(step)));
        error.reasons.extend(first.chain(rest));
        self.conclude(Outcome::Failed { error, left }).await
    }
}
