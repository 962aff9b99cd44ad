//! What the job engine writes of a job's steps. Every write names the engine that holds the lease and does nothing when
//! another has taken it meanwhile, so that one that was presumed dead cannot spoil its successor's work. What it
//! writes also becomes a line of the job's log, in the same statement.

use model::job::JobStatus;
use model::{Refusal, Text};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use super::Lease;
use crate::StoreResult;

/// How beginning a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// For the n-th time, from 1.
    Attempt(i32),
    /// Not begun, because the job shall stop.
    CancelAsked,
    Lost,
}

/// Before a step runs.
pub async fn begin(
    c: &mut PgConnection,
    lease: Lease,
    position: i32,
    now: OffsetDateTime,
) -> StoreResult<Begun> {
    let row = sqlx::query!(
        r#"WITH held AS (
               UPDATE jobs SET status = 'running', step = $3, started_at = coalesce(started_at, $4)
               WHERE id = $1 AND lease_owner = $2 RETURNING id, cancel_asked),
           began AS (
               UPDATE job_steps s SET status = 'running', attempts = attempts + 1,
                      started_at = coalesce(s.started_at, $4)
               FROM held WHERE s.job_id = held.id AND s.position = $3 AND NOT held.cancel_asked
               RETURNING s.name, s.attempts),
           logged AS (
               INSERT INTO job_log (job_id, at, what, step, attempt) SELECT $1, $4, 'begun', name, attempts FROM began)
           SELECT cancel_asked, (SELECT attempts FROM began) AS attempts FROM held"#,
        lease.job.0,
        lease.engine,
        position,
        now
    )
    .fetch_optional(c)
    .await?;
    Ok(match row {
        None => Begun::Lost,
        Some(r) if r.cancel_asked => Begun::CancelAsked,
        Some(r) => r.attempts.map_or(Begun::Lost, Begun::Attempt),
    })
}

/// After a step ran: what it left for later ones is kept with it.
pub async fn done(
    c: &mut PgConnection,
    lease: Lease,
    position: i32,
    state: &Value,
    now: OffsetDateTime,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "WITH held AS (
             UPDATE jobs SET state = $4, step = $3 + 1 WHERE id = $1 AND lease_owner = $2 RETURNING id),
         noted AS (
             UPDATE job_steps s SET status = 'done', ended_at = $5, error = NULL
             FROM held WHERE s.job_id = held.id AND s.position = $3 RETURNING s.name)
         INSERT INTO job_log (job_id, at, what, step) SELECT $1, $5, 'done', name FROM noted",
        lease.job.0,
        lease.engine,
        position,
        state,
        now
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Leaves a step, its undo or the job's end for later, with the reason; not if it shall stop anyway.
pub async fn put_off(
    c: &mut PgConnection,
    lease: Lease,
    position: i32,
    state: &Value,
    why: &Text,
    (now, until): (OffsetDateTime, OffsetDateTime),
) -> StoreResult<bool> {
    let held = sqlx::query!(
        "WITH held AS (
             UPDATE jobs SET state = $4, lease_owner = NULL, lease_until = NULL,
                    run_after = CASE WHEN cancel_asked AND status = 'running' THEN run_after ELSE $6 END
             WHERE id = $1 AND lease_owner = $2 RETURNING id),
         noted AS (
             UPDATE job_steps s SET error = $5 FROM held WHERE s.job_id = held.id AND s.position = $3),
         logged AS (
             INSERT INTO job_log (job_id, at, what, step, why)
             SELECT $1, $7, 'put_off', (SELECT name FROM job_steps WHERE job_id = $1 AND position = $3), $5 FROM held)
         SELECT id FROM held",
        lease.job.0,
        lease.engine,
        position,
        state,
        why.kept(),
        until,
        now
    )
    .fetch_optional(c)
    .await?;
    Ok(held.is_some())
}

/// The job goes back, from `position` on. `failed` is the text for the step there if it is the one that
/// did not work out; without `error` somebody cancelled the job.
pub async fn turn_back(
    c: &mut PgConnection,
    lease: Lease,
    position: i32,
    state: &Value,
    error: Option<&Refusal>,
    failed: Option<&Text>,
    now: OffsetDateTime,
) -> StoreResult<bool> {
    let held = sqlx::query!(
        "WITH held AS (
             UPDATE jobs SET status = 'undoing', step = $3, state = $4, error = $5, end_attempts = 0
             WHERE id = $1 AND lease_owner = $2 RETURNING id),
         noted AS (
             UPDATE job_steps s SET status = 'failed', error = $6, ended_at = $7
             FROM held WHERE s.job_id = held.id AND s.position = $3 AND $6::text IS NOT NULL),
         logged AS (
             INSERT INTO job_log (job_id, at, what, step, why)
             SELECT $1, $7, CASE WHEN $8::text IS NULL THEN 'stopped' WHEN $6::text IS NULL THEN 'turned_back' ELSE 'failed' END,
                    (SELECT name FROM job_steps WHERE job_id = $1 AND position = $3 AND $6::text IS NOT NULL),
                    coalesce($6, $8) FROM held)
         SELECT id FROM held",
        lease.job.0,
        lease.engine,
        position,
        state,
        error.map(Json) as _,
        failed.map(Text::kept),
        now,
        error.map(|error| error.text.kept())
    )
    .fetch_optional(c)
    .await?;
    Ok(held.is_some())
}

/// Before a step is undone; the attempt from 1, or nothing if the lease is lost.
pub async fn begin_undo(
    c: &mut PgConnection,
    lease: Lease,
    position: i32,
    now: OffsetDateTime,
) -> StoreResult<Option<i32>> {
    let attempts = sqlx::query_scalar!(
        "WITH held AS (UPDATE jobs SET step = $3 WHERE id = $1 AND lease_owner = $2 RETURNING id),
         began AS (
             UPDATE job_steps s SET status = 'undoing', undo_attempts = undo_attempts + 1
             FROM held WHERE s.job_id = held.id AND s.position = $3 RETURNING s.name, s.undo_attempts),
         logged AS (
             INSERT INTO job_log (job_id, at, what, step, attempt)
             SELECT $1, $4, 'undoing', name, undo_attempts FROM began)
         SELECT undo_attempts FROM began",
        lease.job.0,
        lease.engine,
        position,
        now
    )
    .fetch_optional(c)
    .await?;
    Ok(attempts)
}

/// After a step was undone. Its text stays: it says why.
pub async fn undone(
    c: &mut PgConnection,
    lease: Lease,
    position: i32,
    state: &Value,
    now: OffsetDateTime,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "WITH held AS (
             UPDATE jobs SET state = $4, step = $3 - 1 WHERE id = $1 AND lease_owner = $2 RETURNING id),
         noted AS (
             UPDATE job_steps s SET status = 'undone', ended_at = $5
             FROM held WHERE s.job_id = held.id AND s.position = $3 RETURNING s.name)
         INSERT INTO job_log (job_id, at, what, step) SELECT $1, $5, 'undone', name FROM noted",
        lease.job.0,
        lease.engine,
        position,
        state,
        now
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A step that could not be undone stays failed.
pub async fn left(
    c: &mut PgConnection,
    lease: Lease,
    position: i32,
    why: &Text,
    now: OffsetDateTime,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "WITH held AS (UPDATE jobs SET step = $3 WHERE id = $1 AND lease_owner = $2 RETURNING id),
         noted AS (
             UPDATE job_steps s SET status = 'failed', error = $4, ended_at = $5
             FROM held WHERE s.job_id = held.id AND s.position = $3 RETURNING s.name)
         INSERT INTO job_log (job_id, at, what, step, why) SELECT $1, $5, 'left', name, $4 FROM noted",
        lease.job.0,
        lease.engine,
        position,
        why.kept(),
        now
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the job and frees what it had locked. In one transaction with what follows from the outcome.
pub async fn end(
    c: &mut PgConnection,
    lease: Lease,
    status: JobStatus,
    error: Option<&Refusal>,
    now: OffsetDateTime,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "WITH held AS (
             UPDATE jobs SET status = $3, error = $4, ended_at = $5, lease_owner = NULL, lease_until = NULL
             WHERE id = $1 AND lease_owner = $2 RETURNING id)
         INSERT INTO job_log (job_id, at, what, why) SELECT id, $5, 'job_' || $3, $6 FROM held",
        lease.job.0,
        lease.engine,
        status.as_str(),
        error.map(Json) as _,
        now,
        error.map(|error| error.text.kept())
    )
    .execute(&mut *c)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!("DELETE FROM entity_locks WHERE job_id = $1", lease.job.0).execute(c).await?;
    Ok(true)
}

/// Counts a failure to write the outcome; how many it are now, or nothing if the lease is lost.
pub async fn end_failed(c: &mut PgConnection, lease: Lease) -> StoreResult<Option<i32>> {
    Ok(sqlx::query_scalar!(
        "UPDATE jobs SET end_attempts = end_attempts + 1 WHERE id = $1 AND lease_owner = $2 RETURNING end_attempts",
        lease.job.0,
        lease.engine
    )
    .fetch_optional(c)
    .await?)
}
