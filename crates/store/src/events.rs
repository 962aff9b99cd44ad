//! The event log.

use model::event::{EventKind, EventRow};
use model::list::{ListQuery, Page};
use model::{Text, id::Kind};
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::{Viewer, json, word};

pub struct NewEvent<'a> {
    pub kind: EventKind,
    pub text: Text,
    pub user: Option<(Uuid, &'a str)>,
    pub correlation: Option<&'a str>,
    pub job: Option<Uuid>,
    pub objects: Vec<(Kind, Uuid, String)>,
}

pub async fn insert(c: &mut PgConnection, e: &NewEvent<'_>, now: OffsetDateTime) -> StoreResult<i64> {
    let id =
        sqlx::query_scalar!(
        "INSERT INTO events (time, code, severity, text, message, user_id, user_name, correlation_id, job_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        now, e.kind.code(), e.kind.severity().as_str(), Json(&e.text) as Json<&Text>, e.text.to_string(),
        e.user.map(|u| u.0), e.user.map(|u| u.1), e.correlation, e.job
    )
        .fetch_one(&mut *c)
        .await?;
    for (kind, object, name) in &e.objects {
        sqlx::query!(
            "INSERT INTO event_objects (event_id, object_id, kind, name) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            id, object, kind.as_str(), name
        )
        .execute(&mut *c)
        .await?;
    }
    Ok(id)
}

const OBJECTS: &str = "(SELECT coalesce(json_agg(json_build_array(o.kind, o.object_id, o.name)), '[]')::jsonb
                        FROM event_objects o WHERE o.event_id = e.id) AS objects";
/// What concerns only oneself, or an object that one may see.
const SCOPE: &str = "($1 OR e.user_id = $2 OR EXISTS (SELECT 1 FROM event_objects o
                     WHERE o.event_id = e.id AND visible($2, o.object_id)))
                     AND ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM event_objects o
                     WHERE o.event_id = e.id AND (o.object_id = $3 OR EXISTS (SELECT 1 FROM object_ancestors a
                         WHERE a.object_id = o.object_id AND a.ancestor_id = $3))))";

fn read(r: &sqlx::postgres::PgRow) -> Result<EventRow, sqlx::Error> {
    Ok(EventRow {
        id: r.try_get("id")?,
        time: r.try_get("time")?,
        code: r.try_get("code")?,
        severity: word(r, "severity")?,
        text: json(r, "text")?.unwrap_or_else(|| Text::new("")),
        user: r.try_get("user_name")?,
        correlation_id: r.try_get("correlation_id")?,
        job: r.try_get("job_id")?,
        objects: json(r, "objects")?.unwrap_or_default(),
    })
}

/// The newest first; `within` is an object, and takes what is below it along.
pub async fn page(c: &mut PgConnection, viewer: Viewer, query: &ListQuery) -> StoreResult<Page<EventRow>> {
    let query = query.clone().bounded();
    let total: i64 = sqlx::query_scalar(&format!("SELECT count(*) FROM events e WHERE {SCOPE}"))
        .bind(viewer.all)
        .bind(viewer.user)
        .bind(query.within)
        .fetch_one(&mut *c)
        .await?;
    let sql =
        format!("SELECT e.*, {OBJECTS} FROM events e WHERE {SCOPE} ORDER BY e.id DESC LIMIT $4 OFFSET $5");
    let rows = sqlx::query(&sql)
        .bind(viewer.all)
        .bind(viewer.user)
        .bind(query.within)
        .bind(i64::from(query.size))
        .bind(query.offset())
        .fetch_all(c)
        .await?;
    let rows = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page { rows, total: total.unsigned_abs(), query })
}

pub async fn get(c: &mut PgConnection, id: i64) -> StoreResult<Option<EventRow>> {
    let sql = format!("SELECT e.*, {OBJECTS} FROM events e WHERE e.id = $1");
    let row = sqlx::query(&sql).bind(id).fetch_optional(c).await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// Deletes what was told before `before`, at most `limit` events; how many it were.
pub async fn delete_old(c: &mut PgConnection, before: OffsetDateTime, limit: i64) -> StoreResult<u64> {
    let done = sqlx::query!(
        "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE time < $1 ORDER BY time LIMIT $2)",
        before,
        limit
    );
    Ok(done.execute(c).await?.rows_affected())
}

/// Who saved the object last, and when, of the events with one of these codes.
pub async fn last_edit(
    c: &mut PgConnection,
    object: Uuid,
    codes: &[i32],
) -> StoreResult<Option<(Option<String>, OffsetDateTime)>> {
    let found = sqlx::query!(
        "SELECT e.user_name, e.time FROM events e JOIN event_objects o ON o.event_id = e.id
         WHERE o.object_id = $1 AND e.code = ANY($2) ORDER BY e.id DESC LIMIT 1",
        object,
        codes
    );
    Ok(found.fetch_optional(c).await?.map(|r| (r.user_name, r.time)))
}

/// Whose doing an event tells.
pub async fn author(c: &mut PgConnection, id: i64) -> StoreResult<Option<Uuid>> {
    let user = sqlx::query_scalar!("SELECT user_id FROM events WHERE id = $1", id);
    Ok(user.fetch_optional(c).await?.flatten())
}
