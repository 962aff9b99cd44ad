//! Flows around the flow under test that provoke what a test is about.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

use async_trait::async_trait;
use model::Refusal;
use store::PgConnection;
use tokio_util::sync::CancellationToken;

use crate::{Flow, Outcome, Run, Step, StepError};

/// Does everything twice.
pub(super) struct Twice(pub Arc<dyn Flow>);

#[async_trait]
impl Flow for Twice {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn steps(&self) -> &'static [Step] {
        self.0.steps()
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        self.0.run(step, run).await?;
        self.0.run(step, run).await
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        self.0.undo(step, run).await?;
        self.0.undo(step, run).await
    }

    async fn end(&self, run: &Run, outcome: &Outcome, tx: &mut PgConnection) -> Result<(), StepError> {
        self.0.end(run, outcome, tx).await
    }
}

/// Fails at one step, before or after its work.
pub(super) struct FailsAt {
    pub flow: Arc<dyn Flow>,
    pub step: &'static str,
    pub after: bool,
}

#[async_trait]
impl Flow for FailsAt {
    fn kind(&self) -> &'static str {
        self.flow.kind()
    }

    fn steps(&self) -> &'static [Step] {
        self.flow.steps()
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        if step != self.step || self.after {
            self.flow.run(step, run).await?;
        }
        if step == self.step {
            return Err(Refusal::new("plain").with("text", "a test wants this to fail").into());
        }
        Ok(())
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        self.flow.undo(step, run).await
    }

    async fn end(&self, run: &Run, outcome: &Outcome, tx: &mut PgConnection) -> Result<(), StepError> {
        self.flow.end(run, outcome, tx).await
    }
}

/// Goes on no further at the n-th point where a step waits.
pub(super) struct StopsWithin {
    flow: Arc<dyn Flow>,
    step: &'static str,
    left: AtomicU32,
    stopped: CancellationToken,
}

impl StopsWithin {
    /// The token is pulled when it has stopped.
    pub fn new(flow: Arc<dyn Flow>, step: &'static str, polls: u32) -> (Self, CancellationToken) {
        let stopped = CancellationToken::new();
        (StopsWithin { flow, step, left: AtomicU32::new(polls), stopped: stopped.clone() }, stopped)
    }

    async fn cut_short<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|cx| {
            if self.left.load(Ordering::Relaxed) == 0 {
                return Poll::Pending;
            }
            let polled = work.as_mut().poll(cx);
            if polled.is_pending() && self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
                self.stopped.cancel();
            }
            polled
        })
        .await
    }
}

#[async_trait]
impl Flow for StopsWithin {
    fn kind(&self) -> &'static str {
        self.flow.kind()
    }

    fn steps(&self) -> &'static [Step] {
        self.flow.steps()
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let work = self.flow.run(step, run);
        if step == self.step { self.cut_short(work).await } else { work.await }
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        self.flow.undo(step, run).await
    }

    async fn end(&self, run: &Run, outcome: &Outcome, tx: &mut PgConnection) -> Result<(), StepError> {
        self.flow.end(run, outcome, tx).await
    }
}
