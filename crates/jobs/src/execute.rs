//! One attempt at a step or at its undo: within its deadline, and with a panic caught.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use model::{Fault, Refusal};

use crate::{Flow, Run, Step, StepError};

/// What came of an attempt, in words for a person.
#[derive(Debug)]
pub(crate) enum Verdict {
    Done,
    Cancelled,
    Retry { cause: Refusal, after: Duration },
    Fail(Refusal),
}

pub(crate) async fn attempt(flow: &dyn Flow, step: &Step, undo: bool, run: &mut Run) -> Verdict {
    let work = async {
        if undo { flow.undo(step.name, run).await } else { flow.run(step.name, run).await }
    };
    match tokio::time::timeout(step.deadline, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(result)) => judge(result, run),
        Ok(Err(panic)) => Verdict::Fail(incident(&format!("a panic: {}", words(&*panic)))),
        Err(_) => Verdict::Retry { cause: too_slow(step), after: Duration::from_secs(1) },
    }
}

/// A step whose token was pulled and that ended with an error has stopped because of that.
fn judge(result: Result<(), StepError>, run: &Run) -> Verdict {
    match result {
        Ok(()) => Verdict::Done,
        Err(_) if run.cancelled.is_cancelled() => Verdict::Cancelled,
        Err(StepError::Retry { cause, after }) => Verdict::Retry { cause, after },
        Err(StepError::Fail(cause)) => Verdict::Fail(cause),
        Err(StepError::Cancelled) => Verdict::Fail(incident(&"the step says it was cancelled, but it was not")),
        Err(StepError::Internal(cause)) => Verdict::Fail(incident(&cause)),
    }
}

fn too_slow(step: &Step) -> Refusal {
    Refusal::new("job-step-deadline").with("step", step.name).with("seconds", step.deadline.as_secs())
}

/// Logs the cause, once, and says under which id.
pub(crate) fn incident(cause: &dyn std::fmt::Display) -> Refusal {
    match store::internal(cause) {
        Fault::Internal { incident } => Refusal::new("fault-internal").with("incident", incident),
        other => Refusal::new("plain").with("text", other.to_string()),
    }
}

pub(crate) fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a text")
}
