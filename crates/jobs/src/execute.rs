//! One attempt at a step or at its undo: within its deadline, with a panic caught, and with nothing left that
//! the database cannot hold.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use model::text::step as step_text;
use model::{Fault, Refusal};
use serde_json::Value;

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
    let before = run.state.clone();
    let verdict = bounded(flow, step, undo, run).await;
    if storable(&run.state) {
        return verdict;
    }
    run.state = before;
    Verdict::Fail(incident(&"the step left a text with a NUL"))
}

async fn bounded(flow: &dyn Flow, step: &Step, undo: bool, run: &mut Run) -> Verdict {
    let work = async { if undo { flow.undo(step.name, run).await } else { flow.run(step.name, run).await } };
    match tokio::time::timeout(step.deadline, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(result)) => judge(result, run),
        Ok(Err(panic)) => Verdict::Fail(incident(&format!("a panic: {}", words(&*panic)))),
        Err(_) if run.cancelled.is_cancelled() => Verdict::Cancelled,
        Err(_) => Verdict::Retry { cause: too_slow(step), after: Duration::from_secs(1) },
    }
}

/// A step whose token was pulled and that ended with an error has stopped because of that.
fn judge(result: Result<(), StepError>, run: &Run) -> Verdict {
    match result {
        Ok(()) => Verdict::Done,
        Err(_) if run.cancelled.is_cancelled() => Verdict::Cancelled,
        Err(StepError::Retry { cause, after }) => Verdict::Retry { cause: sound(cause), after },
        Err(StepError::Fail(cause)) => Verdict::Fail(sound(cause)),
        Err(StepError::Cancelled) => {
            Verdict::Fail(incident(&"the step says it was cancelled, but it was not"))
        }
        Err(StepError::Internal(cause)) => Verdict::Fail(incident(&cause)),
    }
}

/// A cause that can be written down.
pub(crate) fn sound(cause: Refusal) -> Refusal {
    match serde_json::to_value(&cause) {
        Ok(value) if storable(&value) => cause,
        _ => incident(&format!("a cause with a NUL: {cause:?}")),
    }
}

/// PostgreSQL keeps no NUL in a text.
fn storable(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains('\0'),
        Value::Array(values) => values.iter().all(storable),
        Value::Object(values) => values.iter().all(|(key, value)| !key.contains('\0') && storable(value)),
        _ => true,
    }
}

fn too_slow(step: &Step) -> Refusal {
    Refusal::new("job-step-deadline")
        .with("step", step_text(step.name))
        .with("seconds", step.deadline.as_secs())
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_nul_is_found_wherever_it_hides() {
        for good in [json!(null), json!({"a": [1, "\\u0000", {"b": true}]}), json!("")] {
            assert!(storable(&good), "{good}");
        }
        for bad in [json!("\0"), json!({"a": [{"b": "x\0"}]}), json!({"a\0": 1})] {
            assert!(!storable(&bad), "{bad}");
        }
    }

    #[test]
    fn a_cause_with_a_nul_becomes_an_incident() {
        let cause = Refusal::new("plain").with("text", "x");
        assert_eq!(sound(cause.clone()), cause);
        assert_eq!(sound(cause.with("text", "\0")).text.key, "fault-internal");
    }
}
