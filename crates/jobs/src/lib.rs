//! The job engine: long operations as persisted jobs of linear steps, with entity locks, leases, retry,
//! undo and recovery. It knows no VM: what a step means is its flow's. The tension: whatever dies at
//! whatever moment, a job ends as asked or as before, and no two engines ever work on one job.

mod back;
mod backoff;
mod cancel;
mod dispatch;
mod end;
mod engine;
mod enqueue;
mod execute;
mod flight;
mod flow;
mod hook;
mod run;
#[cfg(feature = "testing")]
pub mod testing;
mod worker;

pub use cancel::{CancelError, cancel, remove_ended};
pub use engine::{Engine, EngineHandle, Options};
pub use enqueue::{Busy, EnqueueError, NewJob, enqueue};
pub use flow::{Flow, Outcome, Step, StepError};
pub use hook::{CrashAt, Hook, Place, When};
pub use run::Run;
pub use tokio_util::sync::CancellationToken;
