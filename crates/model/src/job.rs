//! A job: one long operation with its steps, as people watch it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::event::Severity;
use crate::vm::words;
use crate::{JobId, Text};

words! {
    /// `undoing` is a job on its way back; `failed` one that is back (or could not go further back).
    JobStatus {
        Queued = "queued", Running = "running", Undoing = "undoing", Finished = "finished", Failed = "failed",
        Cancelled = "cancelled",
    }
}

words! {
    StepStatus {
        Pending = "pending", Running = "running", Done = "done", Failed = "failed", Undoing = "undoing",
        Undone = "undone",
    }
}

words! {
    /// What the engine writes down as it happens. `put_off` waits for another attempt, `stopped` and `turned_back`
    /// begin the way back, `left` could not be undone.
    LogWhat {
        Begun = "begun", Done = "done", PutOff = "put_off", Failed = "failed", Stopped = "stopped",
        TurnedBack = "turned_back", Undoing = "undoing", Undone = "undone", Left = "left",
        JobFinished = "job_finished", JobFailed = "job_failed", JobCancelled = "job_cancelled",
    }
}

impl LogWhat {
    pub fn severity(self) -> Severity {
        match self {
            LogWhat::Failed | LogWhat::TurnedBack | LogWhat::Left | LogWhat::JobFailed => Severity::Error,
            LogWhat::PutOff | LogWhat::Stopped => Severity::Warning,
            _ => Severity::Normal,
        }
    }

    /// In words. Without a step it is about the job's end.
    pub fn text(self, step: Option<&str>, attempt: i32, why: Option<Text>) -> Text {
        let again = if attempt > 1 { "-again" } else { "" };
        let whole = if step.is_none() && self == LogWhat::PutOff { "-end" } else { "" };
        Text::new(&format!("job-log-{}{again}{whole}", self.as_str().replace('_', "-")))
            .with("step", crate::text::step(step.unwrap_or_default()))
            .with("n", attempt.unsigned_abs())
            .with("why", why.unwrap_or_else(|| Text::new("plain").with("text", "")))
    }
}

/// Something that happened in a job: a line of its engine's, or an event that belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub severity: Severity,
    pub text: Text,
}

/// A job with its steps and what happened, the oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobDetails {
    pub row: JobRow,
    pub steps: Vec<StepRow>,
    pub log: Vec<LogLine>,
}

impl JobStatus {
    pub fn ended(self) -> bool {
        matches!(self, JobStatus::Finished | JobStatus::Failed | JobStatus::Cancelled)
    }

    pub fn label(self) -> String {
        crate::text::t(&format!("job-status-{}", self.as_str()))
    }
}

impl StepStatus {
    pub fn label(self) -> String {
        crate::text::t(&format!("step-status-{}", self.as_str()))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    pub id: JobId,
    pub kind: String,
    /// "Start VM web1"
    pub title: Text,
    pub status: JobStatus,
    pub owner: String,
    pub correlation_id: String,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    /// Why it failed.
    pub error: Option<crate::Refusal>,
    pub steps_done: u32,
    pub steps_all: u32,
    /// The name of the step under way.
    pub step: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepRow {
    pub position: i32,
    pub name: String,
    pub status: StepStatus,
    pub attempts: i32,
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_log_has_words() {
        for what in LogWhat::ALL {
            for (step, attempt) in [(Some("place"), 1), (Some("place"), 0), (None, 0)] {
                let text = what.text(step, attempt, Some(Text::new("refusal-job-ended")));
                assert!(crate::text::known(&text.key), "{}", text.key);
            }
        }
        assert_eq!(
            LogWhat::Begun.text(Some("launch"), 2, None).to_string(),
            "Launch begins again, attempt 2"
        );
        assert_eq!(LogWhat::Undoing.text(Some("launch"), 3, None).key, "job-log-undoing-again");
        assert!(crate::text::known("job-log-undoing-again"));
        let late = LogWhat::PutOff.text(None, 0, Some(Text::new("x")));
        assert_eq!(
            late.to_string(),
            "The outcome could not be written down and waits for another attempt: x"
        );
    }
}
