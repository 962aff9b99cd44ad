//! The jobs that this engine is working on: to stop one from outside, whether because it was cancelled,
//! because its lease is lost, or because the engine stops.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use model::JobId;
use store::jobs::work::Lease;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A job being worked on.
#[derive(Default)]
pub(crate) struct Flight {
    task: Mutex<Option<AbortHandle>>,
    /// Of the step that runs, if it can be cancelled.
    token: Mutex<Option<CancellationToken>>,
}

impl Flight {
    pub fn runs_in(&self, task: AbortHandle) {
        *lock(&self.task) = Some(task);
    }

    pub fn abort(&self) {
        if let Some(task) = &*lock(&self.task) {
            task.abort();
        }
    }

    /// A token for the next step, which `cancel` pulls if the step allows that.
    pub fn arm(&self, cancellable: bool) -> CancellationToken {
        let token = CancellationToken::new();
        *lock(&self.token) = Some(token.clone()).filter(|_| cancellable);
        token
    }

    pub fn cancel(&self) {
        if let Some(token) = &*lock(&self.token) {
            token.cancel();
        }
    }
}

#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<Uuid, Arc<Flight>>>);

impl Flights {
    pub fn add(&self, job: JobId) -> Arc<Flight> {
        let flight = Arc::new(Flight::default());
        lock(&self.0).insert(job.0, flight.clone());
        flight
    }

    pub fn remove(&self, job: JobId) {
        lock(&self.0).remove(&job.0);
    }

    pub fn get(&self, job: JobId) -> Option<Arc<Flight>> {
        lock(&self.0).get(&job.0).cloned()
    }

    pub fn ids(&self) -> Vec<Uuid> {
        lock(&self.0).keys().copied().collect()
    }

    pub fn all(&self) -> Vec<(JobId, Arc<Flight>)> {
        lock(&self.0).iter().map(|(id, flight)| (JobId(*id), flight.clone())).collect()
    }

    pub fn leases(&self, engine: Uuid) -> Vec<Lease> {
        self.ids().into_iter().map(|id| Lease { job: JobId(id), engine }).collect()
    }

    pub fn abort_all(&self) {
        self.all().iter().for_each(|(_, flight)| flight.abort());
    }
}

/// A panic elsewhere does not make these unusable: each is a single value.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|broken| broken.into_inner())
}
