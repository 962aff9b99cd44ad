//! A job: one long operation with its steps, as people watch it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

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
