//! Which job is whose: leases taken, renewed and let go. What the engine writes of the steps of a job that it holds
//! is in `steps`.

use model::job::JobStatus;
use model::{JobId, Refusal, Text, UserId};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::parsed;

mod steps;

pub use steps::{Begun, begin, begin_undo, done, end, end_failed, left, put_off, turn_back, undone};

/// Who holds which job.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    pub job: JobId,
    pub engine: Uuid,
}

/// A job as the engine takes it up.
#[derive(Debug, Clone)]
pub struct Leased {
    pub id: JobId,
    pub kind: String,
    pub title: Text,
    pub params: Value,
    pub state: Value,
    pub status: JobStatus,
    /// The step to run or to undo next.
    pub position: i32,
    /// Why it is being undone, if not because somebody cancelled it.
    pub error: Option<Refusal>,
    pub owner: Option<UserId>,
    pub owner_name: String,
    pub correlation_id: String,
}

/// Leases up to `limit` jobs that are due and free, or whose lease has run out, or that this engine holds
/// without working on them (`in_flight`): those it dropped when the database was away.
pub async fn claim(
    c: &mut PgConnection,
    engine: Uuid,
    now: OffsetDateTime,
    until: OffsetDateTime,
    in_flight: &[Uuid],
    limit: i64,
) -> StoreResult<Vec<Leased>> {
    let rows = sqlx::query!(
        r#"UPDATE jobs SET lease_owner = $1, lease_until = $3
           WHERE id IN (
               SELECT id FROM jobs
               WHERE status IN ('queued', 'running', 'undoing') AND run_after <= $2 AND id <> ALL ($4)
                 AND (lease_owner IS NULL OR lease_owner = $1 OR lease_until <= $2)
               ORDER BY run_after, created_at, id LIMIT $5 FOR UPDATE SKIP LOCKED)
           RETURNING id, kind, title AS "title: Json<Text>", params, state, status, step,
                     error AS "error: Json<Refusal>", owner_id, owner_name, correlation_id"#,
        engine,
        now,
        until,
        in_flight,
        limit
    )
    .fetch_all(c)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(Leased {
                id: JobId(r.id),
                kind: r.kind,
                title: r.title.0,
                params: r.params,
                state: r.state,
                status: parsed("a job's status", &r.status)?,
                position: r.step,
                error: r.error.map(|json| json.0),
                owner: r.owner_id.map(UserId),
                owner_name: r.owner_name,
                correlation_id: r.correlation_id,
            })
        })
        .collect()
}

/// When the next job becomes due that is not being worked on.
pub async fn next_due(c: &mut PgConnection, in_flight: &[Uuid]) -> StoreResult<Option<OffsetDateTime>> {
    let due = sqlx::query_scalar!(
        "SELECT min(greatest(run_after, coalesce(lease_until, run_after))) FROM jobs
         WHERE status IN ('queued', 'running', 'undoing') AND id <> ALL ($1)",
        in_flight
    )
    .fetch_one(c)
    .await?;
    Ok(due)
}

/// How a job stands, and until when it waits if no engine has it.
pub async fn standing(
    c: &mut PgConnection,
    job: JobId,
) -> StoreResult<Option<(JobStatus, Option<OffsetDateTime>)>> {
    let row = sqlx::query!(
        r#"SELECT status, CASE WHEN lease_owner IS NULL THEN run_after END AS waits FROM jobs WHERE id = $1"#,
        job.0
    )
    .fetch_optional(c)
    .await?;
    row.map(|r| Ok((parsed("a job's status", &r.status)?, r.waits))).transpose()
}

/// When the next job goes on that no engine has.
pub async fn next_waiting(c: &mut PgConnection) -> StoreResult<Option<OffsetDateTime>> {
    let next = sqlx::query_scalar!(
        "SELECT min(run_after) FROM jobs WHERE status IN ('queued', 'running', 'undoing') AND lease_owner IS NULL"
    );
    Ok(next.fetch_one(c).await?)
}

/// Makes this engine's leases last until `until`. What is not among the answers is not held any more; with
/// each comes whether its cancellation was asked for.
pub async fn renew(
    c: &mut PgConnection,
    engine: Uuid,
    jobs: &[Uuid],
    until: OffsetDateTime,
) -> StoreResult<Vec<(JobId, bool)>> {
    let rows = sqlx::query!(
        "UPDATE jobs SET lease_until = $3 WHERE id = ANY ($2) AND lease_owner = $1 RETURNING id, cancel_asked",
        engine,
        jobs,
        until
    )
    .fetch_all(c)
    .await?;
    Ok(rows.into_iter().map(|r| (JobId(r.id), r.cancel_asked)).collect())
}

/// Takes every other engine's leases over, so that none of them can take its jobs up again; how many.
pub async fn reclaim_all(c: &mut PgConnection, engine: Uuid, until: OffsetDateTime) -> StoreResult<u64> {
    let done = sqlx::query!(
        "UPDATE jobs SET lease_owner = $1, lease_until = $2 WHERE lease_owner IS NOT NULL AND lease_owner <> $1",
        engine,
        until
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected())
}

/// Gives a job back as it is.
pub async fn release(c: &mut PgConnection, lease: Lease) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2",
        lease.job.0,
        lease.engine
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}
