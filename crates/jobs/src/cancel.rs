//! Stopping a job that is under way, and forgetting those that ended long ago.

use model::clock::Clock;
use model::job::{JobStatus, StepStatus};
use model::{Fault, JobId, Refusal, id::Kind};
use store::jobs::{Course, ask_cancel, course, delete_ended};
use store::{PgConnection, PgPool, StoreError, StoreResult};

/// Why a job cannot be cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    #[error("there is no such job")]
    Unknown,
    #[error("the job has ended already")]
    Ended,
    /// It goes back already, or its last step runs and cannot be interrupted.
    #[error("the job cannot be interrupted any more")]
    TooLate,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CancelError {
    /// What a person is told; a database error is the caller's.
    pub fn fault(self) -> Result<Fault, StoreError> {
        match self {
            CancelError::Unknown => Ok(Fault::NotFound { kind: Kind::Job }),
            CancelError::Ended => Ok(Refusal::new("refusal-job-ended").into()),
            CancelError::TooLate => Ok(Refusal::new("refusal-job-not-cancellable").into()),
            CancelError::Store(error) => Err(error),
        }
    }
}

/// Asks for a job to be stopped and undone. It is honoured between steps and within those that allow it;
/// the answer says no when that can come to nothing. Whether the person may is the caller's question.
pub async fn cancel(tx: &mut PgConnection, clock: &dyn Clock, job: JobId) -> Result<(), CancelError> {
    let course = course(tx, job).await?.ok_or(CancelError::Unknown)?;
    possible(&course)?;
    Ok(ask_cancel(tx, job, clock.now()).await?)
}

fn possible(course: &Course) -> Result<(), CancelError> {
    if course.status.ended() {
        return Err(CancelError::Ended);
    }
    let last = course.position + 1 >= course.steps;
    let runs = course.leased && course.step_status == Some(StepStatus::Running);
    let over = course.position >= course.steps;
    if course.status == JobStatus::Undoing || over || (last && runs && !course.cancellable) {
        return Err(CancelError::TooLate);
    }
    Ok(())
}

/// Housekeeping: deletes jobs that ended more than `days` ago, in bites that block nobody; how many it were.
pub async fn remove_ended(pool: &PgPool, clock: &dyn Clock, days: u32) -> StoreResult<u64> {
    const BITE: i64 = 1000;
    let before = clock.now() - time::Duration::days(days.into());
    let mut connection = pool.acquire().await?;
    let mut all = 0;
    loop {
        let bite = delete_ended(&mut connection, before, BITE).await?;
        all += bite;
        if bite < BITE.unsigned_abs() {
            return Ok(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Text;

    fn at(status: JobStatus, position: i32, step: StepStatus, cancellable: bool) -> Course {
        let step_status = Some(step).filter(|_| position < 3);
        Course {
            status,
            owner: None,
            title: Text::new("t"),
            position,
            steps: 3,
            step_status,
            cancellable,
            leased: true,
        }
    }

    #[test]
    fn a_job_can_be_cancelled_while_that_can_change_anything() {
        use {JobStatus::*, StepStatus as S};
        assert!(possible(&at(Queued, 0, S::Pending, false)).is_ok());
        assert!(possible(&at(Running, 0, S::Running, false)).is_ok(), "honoured before the next step");
        assert!(possible(&at(Running, 2, S::Pending, false)).is_ok());
        assert!(possible(&at(Running, 2, S::Running, true)).is_ok());
        let waits = Course { leased: false, ..at(Running, 2, S::Running, false) };
        assert!(possible(&waits).is_ok(), "waits for a retry");
        assert!(matches!(possible(&at(Running, 2, S::Running, false)), Err(CancelError::TooLate)));
        assert!(matches!(possible(&at(Running, 3, S::Done, true)), Err(CancelError::TooLate)));
        assert!(matches!(possible(&at(Undoing, 0, S::Undoing, true)), Err(CancelError::TooLate)));
        for ended in [Finished, Failed, Cancelled] {
            assert!(matches!(possible(&at(ended, 0, S::Done, true)), Err(CancelError::Ended)));
        }
    }
}
