//! Asking for a job, in the transaction that writes the intended state: either all objects get locked and
//! the job is queued, or the answer says at once which object is busy with what.

use model::clock::{Clock, Ids};
use model::{Fault, JobId, Refusal, Text, UserId};
use serde_json::Value;
use store::jobs::{Insert, busy, insert, lock};
use store::{PgConnection, StoreError};
use uuid::Uuid;

use crate::Step;

/// A job to be done.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub kind: &'static str,
    /// "Start VM web1"
    pub title: Text,
    /// Ids only, in the flow's own type.
    pub params: Value,
    /// What the job concerns beside its locks: whoever sees one of them sees the job.
    pub objects: Vec<Uuid>,
    /// What no other job may touch until this one has ended, with the name to say if it is busy.
    pub locks: Vec<(Uuid, String)>,
    pub owner: Option<UserId>,
    pub owner_name: String,
    pub correlation_id: String,
}

/// Another job holds an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Busy {
    pub object: Uuid,
    pub name: String,
    pub job: JobId,
    pub title: Text,
}

impl From<Busy> for Refusal {
    fn from(busy: Busy) -> Self {
        Refusal::new("refusal-busy").with("name", busy.name).with("job", busy.title)
    }
}

impl From<Busy> for Fault {
    fn from(busy: Busy) -> Self {
        Fault::Refused(busy.into())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    #[error("{} is busy: {}", .0.name, .0.title)]
    Busy(Busy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Queues a job of `steps`; engines hear of it when the transaction commits. After `Busy` the transaction
/// is as it was before.
pub async fn enqueue(
    tx: &mut PgConnection,
    clock: &dyn Clock,
    ids: &dyn Ids,
    steps: &[Step],
    job: NewJob,
) -> Result<JobId, EnqueueError> {
    let id = JobId(ids.uuid());
    let mut inner = store::begin(tx).await?;
    write(&mut inner, clock, steps, id, &job).await?;
    // The order is the same for all, so that two jobs with the same objects never wait for each other.
    let mut locks = job.locks;
    locks.sort();
    locks.dedup_by_key(|(object, _)| *object);
    for (object, name) in locks {
        if let Some(busy) = take(&mut inner, id, object, name).await? {
            inner.rollback().await.map_err(StoreError::from)?;
            return Err(EnqueueError::Busy(busy));
        }
    }
    inner.commit().await.map_err(StoreError::from)?;
    Ok(id)
}

async fn write(
    tx: &mut PgConnection,
    clock: &dyn Clock,
    steps: &[Step],
    id: JobId,
    job: &NewJob,
) -> Result<(), StoreError> {
    let steps: Vec<_> = steps.iter().map(|step| (step.name, step.cancellable)).collect();
    let objects: Vec<_> =
        job.objects.iter().copied().chain(job.locks.iter().map(|(object, _)| *object)).collect();
    let row = Insert {
        id,
        kind: job.kind,
        title: &job.title,
        params: &job.params,
        owner: job.owner,
        owner_name: &job.owner_name,
        correlation_id: &job.correlation_id,
        now: clock.now(),
        steps: &steps,
        objects: &objects,
    };
    insert(tx, &row).await
}

/// Locks one object, or says who has it.
async fn take(
    tx: &mut PgConnection,
    id: JobId,
    object: Uuid,
    name: String,
) -> Result<Option<Busy>, StoreError> {
    loop {
        if lock(tx, id, object).await? {
            return Ok(None);
        }
        // Between the two questions the other job may have ended; then the lock is free.
        if let Some((job, title)) = busy(tx, object).await? {
            return Ok(Some(Busy { object, name, job, title }));
        }
    }
}
