//! What a kind of job is: its steps, and how each is run and undone. Written elsewhere, once per operation.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use model::Refusal;
use store::{PgConnection, SqlError, StoreError};

use crate::Run;

/// One step of a flow.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub name: &'static str,
    /// Whether it leaves something that has to be undone when the job does not work out.
    pub undo: bool,
    /// Whether the step's token is pulled when somebody cancels the job while the step runs.
    pub cancellable: bool,
    /// How long one attempt (or one attempt to undo it) may take.
    pub deadline: Duration,
    /// How often it is tried when it asks for that, the first time included.
    pub attempts: u32,
}

impl Step {
    /// A step without undo that is tried three times, a minute each, and cannot be interrupted.
    pub const fn new(name: &'static str) -> Self {
        Step { name, undo: false, cancellable: false, deadline: Duration::from_secs(60), attempts: 3 }
    }

    pub const fn undo(mut self) -> Self {
        self.undo = true;
        self
    }

    pub const fn cancellable(mut self) -> Self {
        self.cancellable = true;
        self
    }

    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }
}

/// A kind of job. `run` and `undo` are idempotent: after a crash a step runs again, whether it had begun,
/// half happened or happened; and `undo` may find that nothing had happened.
#[async_trait]
pub trait Flow: Send + Sync + 'static {
    fn kind(&self) -> &'static str;

    fn steps(&self) -> &'static [Step];

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError>;

    /// Only called for steps with `undo`.
    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError>;

    /// In the transaction that ends the job: writes what follows from the outcome (states, events).
    /// `Fail` on a finished job makes it go back instead.
    async fn end(&self, run: &Run, outcome: &Outcome, tx: &mut PgConnection) -> Result<(), StepError>;
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Finished,
    /// Undone, but for the steps in `left` (the one whose undo failed, and all before it that have an undo).
    Failed {
        error: Refusal,
        left: Vec<String>,
    },
    /// Undone because somebody cancelled it.
    Cancelled,
}

/// Why a step did not work out, decided where it is thrown.
pub enum StepError {
    /// It may work later, not before `after`; doubled each time. With no attempt left it is a `Fail`.
    Retry { cause: Refusal, after: Duration },
    /// It will not work: undo the job.
    Fail(Refusal),
    /// The step was cancelled and stopped (see `Run::unless_cancelled`).
    Cancelled,
    /// A defect. The cause goes to the log, the person gets the incident's id; the job is undone.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl StepError {
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        StepError::Internal(cause.into())
    }

    pub fn retry(cause: Refusal, after: Duration) -> Self {
        StepError::Retry { cause, after }
    }

    pub fn fail(key: &str) -> Self {
        StepError::Fail(Refusal::new(key))
    }
}

impl From<Refusal> for StepError {
    fn from(refusal: Refusal) -> Self {
        StepError::Fail(refusal)
    }
}

/// A database that is away for a moment is waited for; any other error of it is a defect.
impl From<StoreError> for StepError {
    fn from(error: StoreError) -> Self {
        if error.transient() {
            StepError::retry(Refusal::new("job-database-away"), Duration::from_secs(1))
        } else {
            StepError::internal(error)
        }
    }
}

impl From<SqlError> for StepError {
    fn from(error: SqlError) -> Self {
        StoreError::from(error).into()
    }
}

impl From<serde_json::Error> for StepError {
    fn from(error: serde_json::Error) -> Self {
        StepError::internal(error)
    }
}

impl fmt::Debug for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepError::Retry { cause, after } => write!(f, "Retry({cause}, after {after:?})"),
            StepError::Fail(cause) => write!(f, "Fail({cause})"),
            StepError::Cancelled => f.write_str("Cancelled"),
            StepError::Internal(cause) => write!(f, "Internal({cause})"),
        }
    }
}
