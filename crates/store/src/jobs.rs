//! Jobs: asking for one, and reading them as people do. What the engine alone writes is in `work`.
//! The tension: a job is seen by its owner and by whoever sees an object it concerns, and the list must
//! stay quick all the same.

pub mod log;
pub mod wakeup;
pub mod work;

use model::job::{JobRow, JobStatus, StepRow, StepStatus};
use model::list::{ListQuery, Page};
use model::{JobId, Text, UserId};
use search::Entity;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, Row};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::export::Export;
use crate::list::{Ask, bounds, count, json, parsed, word};
use crate::{StoreResult, Viewer};

/// A job as it is put into the queue.
#[derive(Debug)]
pub struct Insert<'a> {
    pub id: JobId,
    pub kind: &'a str,
    pub title: &'a Text,
    pub params: &'a serde_json::Value,
    pub owner: Option<UserId>,
    pub owner_name: &'a str,
    pub correlation_id: &'a str,
    pub now: OffsetDateTime,
    /// Name, and whether it can be cancelled while it runs.
    pub steps: &'a [(&'a str, bool)],
    /// What the job concerns, its locks included.
    pub objects: &'a [Uuid],
}

/// Writes the job with its steps and objects, and wakes the engines at commit.
pub async fn insert(c: &mut PgConnection, job: &Insert<'_>) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO jobs (id, kind, title, params, status, owner_id, owner_name, correlation_id, created_at, run_after)
         VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7, $8, $8)",
        job.id.0,
        job.kind,
        Json(job.title) as _,
        job.params,
        job.owner.map(|u| u.0),
        job.owner_name,
        job.correlation_id,
        job.now
    )
    .execute(&mut *c)
    .await?;
    let (names, cancellable): (Vec<String>, Vec<bool>) =
        job.steps.iter().map(|(name, cancellable)| ((*name).to_owned(), *cancellable)).unzip();
    sqlx::query!(
        "INSERT INTO job_steps (job_id, position, name, status, cancellable)
         SELECT $1, (s.n - 1)::integer, s.name, 'pending', s.cancellable
         FROM unnest($2::text[], $3::boolean[]) WITH ORDINALITY AS s (name, cancellable, n)",
        job.id.0,
        &names,
        &cancellable
    )
    .execute(&mut *c)
    .await?;
    sqlx::query!(
        "INSERT INTO job_objects (job_id, object_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING",
        job.id.0,
        job.objects
    )
    .execute(&mut *c)
    .await?;
    wakeup::tell_work(c).await
}

/// Locks an object for a job; false if another job holds it. Waits for no job: at most for another
/// transaction that locks the same object at this moment.
pub async fn lock(c: &mut PgConnection, job: JobId, object: Uuid) -> StoreResult<bool> {
    let done = sqlx::query!(
        "INSERT INTO entity_locks (object_id, job_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        object,
        job.0
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The job that holds `object`, with its title.
pub async fn busy(c: &mut PgConnection, object: Uuid) -> StoreResult<Option<(JobId, Text)>> {
    let row = sqlx::query!(
        r#"SELECT j.id, j.title AS "title: Json<Text>" FROM entity_locks l JOIN jobs j ON j.id = l.job_id
           WHERE l.object_id = $1"#,
        object
    )
    .fetch_optional(c)
    .await?;
    Ok(row.map(|r| (JobId(r.id), r.title.0)))
}

/// What stands for or against cancelling a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    pub status: JobStatus,
    pub owner: Option<UserId>,
    pub title: Text,
    /// The position under way or next, and how many there are.
    pub position: i32,
    pub steps: i32,
    /// Of the step at that position.
    pub step_status: Option<StepStatus>,
    pub cancellable: bool,
    /// Whether an engine is at it.
    pub leased: bool,
}

/// Reads how far a job is, and keeps it there until the transaction ends.
pub async fn course(c: &mut PgConnection, job: JobId) -> StoreResult<Option<Course>> {
    let row = sqlx::query!(
        r#"SELECT j.status, j.owner_id, j.title AS "title: Json<Text>", j.step,
                  (SELECT count(*)::integer FROM job_steps WHERE job_id = j.id) AS "steps!",
                  (SELECT status FROM job_steps WHERE job_id = j.id AND position = j.step) AS step_status,
                  coalesce((SELECT cancellable FROM job_steps WHERE job_id = j.id AND position = j.step), false)
                      AS "cancellable!", j.lease_owner IS NOT NULL AS "leased!"
           FROM jobs j WHERE j.id = $1 FOR UPDATE OF j"#,
        job.0
    )
    .fetch_optional(c)
    .await?;
    let Some(r) = row else { return Ok(None) };
    Ok(Some(Course {
        status: parsed("a job's status", &r.status)?,
        owner: r.owner_id.map(UserId),
        title: r.title.0,
        position: r.step,
        steps: r.steps,
        step_status: r.step_status.as_deref().map(|s| parsed("a step's status", s)).transpose()?,
        cancellable: r.cancellable,
        leased: r.leased,
    }))
}

/// Notes that a job shall stop, makes it due if it was waiting for a retry, and tells the engines at commit.
pub async fn ask_cancel(c: &mut PgConnection, job: JobId, now: OffsetDateTime) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE jobs SET cancel_asked = true, run_after = least(run_after, $2) WHERE id = $1",
        job.0,
        now
    )
    .execute(&mut *c)
    .await?;
    wakeup::tell_cancel(c, job).await
}

/// Deletes what ended before `before`, at most `limit` jobs; how many it were.
pub async fn delete_ended(c: &mut PgConnection, before: OffsetDateTime, limit: i64) -> StoreResult<u64> {
    let done = sqlx::query!(
        "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE ended_at < $1 ORDER BY ended_at LIMIT $2)",
        before,
        limit
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected())
}

const COLUMNS: &str =
    "j.id, j.kind, j.title, j.status, j.owner_name, j.correlation_id, j.created_at, j.ended_at,
    j.error, s.done AS steps_done, s.total AS steps_all, s.name AS step";

const FROM: &str = "FROM jobs j CROSS JOIN LATERAL (
        SELECT count(*) AS total, count(*) FILTER (WHERE status = 'done') AS done,
               min(name) FILTER (WHERE status IN ('running', 'undoing')) AS name
        FROM job_steps WHERE job_id = j.id) s";

/// Seen by whoever sees everything, by the owner, and by those who see an object it concerns.
const SCOPE: &str = "($1 OR j.owner_id = $2 OR EXISTS (
        SELECT 1 FROM job_objects o WHERE o.job_id = j.id AND visible($2, o.object_id)))";

/// The same for a list: what the person sees is made once, not asked of each job.
const SEEN: &str = "(j.owner_id = $2 OR j.id IN (
        SELECT o.job_id FROM job_objects o WHERE o.object_id IN (SELECT seen($2))))";

/// The object itself is named by itself: it may be gone, and then has no place.
const WITHIN: &str = "j.id IN (SELECT o.job_id FROM job_objects o WHERE o.object_id IN (
        SELECT $3 UNION ALL SELECT below.object_id FROM object_ancestors below WHERE below.ancestor_id = $3))";

/// Sort words and what they order by.
pub const SORTS: &[(&str, &str)] = &[
    ("created", "j.created_at"),
    ("ended", "j.ended_at"),
    ("kind", "j.kind"),
    ("status", "j.status"),
    ("owner", "lower(j.owner_name)"),
    ("title", "j.title::text"),
    // What has ended has none.
    (
        "progress",
        "CASE WHEN j.status IN ('queued', 'running', 'undoing') THEN (
        SELECT count(*) FILTER (WHERE x.status = 'done') / greatest(count(*), 1)::double precision
        FROM job_steps x WHERE x.job_id = j.id) END",
    ),
    ("correlation", "j.correlation_id"),
];

fn read(r: &PgRow) -> Result<JobRow, sqlx::Error> {
    Ok(JobRow {
        id: JobId(r.try_get("id")?),
        kind: r.try_get("kind")?,
        title: r.try_get::<Json<Text>, _>("title")?.0,
        status: word(r, "status")?,
        owner: r.try_get("owner_name")?,
        correlation_id: r.try_get("correlation_id")?,
        created_at: r.try_get("created_at")?,
        ended_at: r.try_get("ended_at")?,
        error: json(r, "error")?,
        steps_done: count(r, "steps_done")?,
        steps_all: count(r, "steps_all")?,
        step: r.try_get("step")?,
    })
}

/// A page of the jobs that `viewer` may see; the newest first unless sorted otherwise. Steps are counted for the
/// page's jobs only.
pub async fn list(c: &mut PgConnection, viewer: Viewer, query: &ListQuery) -> StoreResult<Page<JobRow>> {
    let ask = Ask::new(Entity::Jobs, viewer, query)?;
    let scope = ask.narrowed(SEEN.to_owned(), WITHIN.to_owned());
    let total = ask.count(c, "FROM jobs j", &scope).await?;
    let order = order(&ask);
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE j.id IN (SELECT page.id FROM (
             SELECT j.id FROM jobs j WHERE {scope} ORDER BY {order} {}) page) ORDER BY {order}",
        bounds(&ask.query)
    );
    let rows = ask.rows(c, &sql, read).await?;
    Ok(Page { rows, total, more: false, query: ask.query })
}

/// All of them, to be read little by little.
pub async fn export(c: PoolConnection<Postgres>, viewer: Viewer, query: &ListQuery) -> StoreResult<Export> {
    let ask = Ask::new(Entity::Jobs, viewer, query)?;
    let scope = ask.narrowed(SEEN.to_owned(), WITHIN.to_owned());
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE {scope} ORDER BY {}", order(&ask));
    Export::begin(c, &sql, ask.arguments()?, read).await
}

fn order(ask: &Ask) -> String {
    if let Some(order) = ask.order() {
        return format!("{}, j.id", order.sql());
    }
    let query = &ask.query;
    let wanted = query.sort.as_deref().and_then(|sort| SORTS.iter().find(|(word, _)| *word == sort));
    match wanted {
        Some((_, by)) => format!("{by} {} NULLS LAST, j.id", if query.descending { "DESC" } else { "ASC" }),
        None => "j.created_at DESC, j.id".to_owned(),
    }
}

/// One job, if `viewer` may see it.
pub async fn get(c: &mut PgConnection, viewer: Viewer, job: JobId) -> StoreResult<Option<JobRow>> {
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE j.id = $3 AND {SCOPE}");
    let row = sqlx::query(&sql).bind(viewer.all).bind(viewer.user).bind(job.0).fetch_optional(c).await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// What is under way for the tray: the newest `limit` jobs that have not ended.
pub async fn running(c: &mut PgConnection, viewer: Viewer, limit: i64) -> StoreResult<Vec<JobRow>> {
    let scope = if viewer.all { "true" } else { SCOPE };
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE j.status IN ('queued', 'running', 'undoing') AND {scope}
         ORDER BY j.created_at DESC, j.id LIMIT {limit}"
    );
    let rows = sqlx::query(&sql).bind(viewer.all).bind(viewer.user).fetch_all(c).await?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

/// How many jobs are under way on the object, or on what is below it, that somebody began who holds what `principal` holds.
pub async fn begun_by(c: &mut PgConnection, principal: Uuid, object: Uuid) -> StoreResult<i64> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM jobs j WHERE j.status IN ('queued', 'running', 'undoing')
             AND $1 IN (SELECT id FROM principals(j.owner_id))
             AND EXISTS (SELECT 1 FROM job_objects o JOIN object_ancestors a ON a.object_id = o.object_id
                         WHERE o.job_id = j.id AND a.ancestor_id = $2)"#,
        principal,
        object
    );
    Ok(count.fetch_one(c).await?)
}

/// The steps of a job in their order.
pub async fn steps(c: &mut PgConnection, job: JobId) -> StoreResult<Vec<StepRow>> {
    let rows = sqlx::query!(
        "SELECT position, name, status, attempts, started_at, ended_at, error FROM job_steps
         WHERE job_id = $1 ORDER BY position",
        job.0
    )
    .fetch_all(c)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(StepRow {
                position: r.position,
                name: r.name,
                status: parsed("a step's status", &r.status)?,
                attempts: r.attempts,
                started_at: r.started_at,
                ended_at: r.ended_at,
                error: r.error.map(|kept| model::Text::of_kept(&kept).to_string()),
            })
        })
        .collect()
}

/// Who asked for a job.
pub async fn owner(c: &mut PgConnection, job: JobId) -> StoreResult<Option<UserId>> {
    let owner = sqlx::query_scalar!("SELECT owner_id FROM jobs WHERE id = $1", job.0);
    Ok(owner.fetch_optional(c).await?.flatten().map(UserId))
}

/// The objects a job concerns.
pub async fn objects(c: &mut PgConnection, job: JobId) -> StoreResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!("SELECT object_id FROM job_objects WHERE job_id = $1 ORDER BY object_id", job.0)
        .fetch_all(c)
        .await?)
}

/// All objects that are locked, each with the job that has it.
pub async fn locked(c: &mut PgConnection) -> StoreResult<Vec<(Uuid, JobId)>> {
    let rows = sqlx::query!("SELECT object_id, job_id FROM entity_locks").fetch_all(c).await?;
    Ok(rows.into_iter().map(|r| (r.object_id, JobId(r.job_id))).collect())
}
