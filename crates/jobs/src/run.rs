//! What a step gets: the job's parameters, what earlier steps left, and whether to stop.

use std::future::Future;

use model::{JobId, Text, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::jobs::work::Leased;
use tokio_util::sync::CancellationToken;

use crate::StepError;

/// A job under way, as its flow sees it.
#[derive(Debug, Clone)]
pub struct Run {
    pub job: JobId,
    pub title: Text,
    /// Ids only.
    pub params: Value,
    /// What steps leave for later ones and for undoing. Kept when the step has ended, in whatever way; lost
    /// when the server dies within the step, so that what an undo must know is left by an earlier step.
    pub state: Value,
    /// Nobody for the system's own jobs.
    pub owner: Option<UserId>,
    pub owner_name: String,
    pub correlation_id: String,
    /// The attempt at this step (or at its undo), from 1. Interrupted ones count.
    pub attempt: u32,
    /// Pulled when the job is cancelled while a cancellable step runs.
    pub cancelled: CancellationToken,
}

impl Run {
    pub(crate) fn of(leased: &Leased) -> Self {
        Run {
            job: leased.id,
            title: leased.title.clone(),
            params: leased.params.clone(),
            state: leased.state.clone(),
            owner: leased.owner,
            owner_name: leased.owner_name.clone(),
            correlation_id: leased.correlation_id.clone(),
            attempt: 0,
            cancelled: CancellationToken::new(),
        }
    }

    /// The parameters in the flow's own type.
    pub fn params<T: DeserializeOwned>(&self) -> Result<T, StepError> {
        Ok(T::deserialize(&self.params)?)
    }

    /// What a step left under `key`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StepError> {
        self.state.get(key).map(T::deserialize).transpose().map_err(StepError::internal)
    }

    /// What a step must have left under `key`.
    pub fn need<T: DeserializeOwned>(&self, key: &str) -> Result<T, StepError> {
        self.get(key)?.ok_or_else(|| StepError::internal(format!("the job's state has no {key:?}")))
    }

    /// Leaves `value` for later steps.
    pub fn set(&mut self, key: &str, value: impl Serialize) -> Result<(), StepError> {
        let value = serde_json::to_value(value)?;
        match self.state.as_object_mut() {
            Some(state) => drop(state.insert(key.to_owned(), value)),
            None => self.state = serde_json::json!({ key: value }),
        }
        Ok(())
    }

    pub fn unset(&mut self, key: &str) {
        if let Some(state) = self.state.as_object_mut() {
            state.remove(key);
        }
    }

    /// Waits for `work`, but not after the job was cancelled: then `work` is dropped where it is.
    pub async fn unless_cancelled<F: Future>(&self, work: F) -> Result<F::Output, StepError> {
        self.cancelled.run_until_cancelled(work).await.ok_or(StepError::Cancelled)
    }
}
