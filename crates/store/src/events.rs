//! The event log: writing it, and reading one event. The list is in `page`, what is acknowledged in `alerts`.

mod alerts;
mod page;

pub use alerts::{acknowledge, alerts, bad, clear, restore};
pub use page::{SORTS, export, newest, page, seen};

use model::event::{EventKind, EventRow};
use model::language::{Language, speak};
use model::{Text, id::Kind};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::{json, word};

pub struct NewEvent<'a> {
    pub kind: EventKind,
    pub text: Text,
    pub user: Option<(Uuid, &'a str)>,
    pub correlation: Option<&'a str>,
    pub job: Option<Uuid>,
    pub objects: Vec<(Kind, Uuid, String)>,
}

/// What searches look through, whatever the language of whoever does it.
fn english(text: &Text) -> String {
    speak(Language::English, || text.to_string())
}

pub async fn insert(c: &mut PgConnection, e: &NewEvent<'_>, now: OffsetDateTime) -> StoreResult<i64> {
    let id =
        sqlx::query_scalar!(
        "INSERT INTO events (time, code, severity, text, message, user_id, user_name, correlation_id, job_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        now, e.kind.code(), e.kind.severity().as_str(), Json(&e.text) as Json<&Text>, english(&e.text),
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
    let objects: Vec<Uuid> = e.objects.iter().map(|(_, object, _)| *object).collect();
    place(c, id, &objects).await?;
    Ok(id)
}

/// Notes what is above the objects of an event. One that is gone already was where its last event says.
async fn place(c: &mut PgConnection, event: i64, objects: &[Uuid]) -> StoreResult<()> {
    sqlx::query!(
        "WITH own AS (SELECT unnest($2::uuid[]) AS id),
         places AS (
             SELECT a.ancestor_id AS id, k.kind FROM own
             JOIN object_ancestors a ON a.object_id = own.id JOIN objects k ON k.id = a.ancestor_id
             UNION
             SELECT was.object_id, was.kind FROM own CROSS JOIN LATERAL (
                 SELECT l.event_id FROM event_objects l
                 WHERE l.object_id = own.id AND NOT l.above AND l.event_id <> $1 ORDER BY l.event_id DESC LIMIT 1) last
             JOIN event_objects was ON was.event_id = last.event_id AND was.above
             WHERE NOT EXISTS (SELECT 1 FROM objects o WHERE o.id = own.id))
         INSERT INTO event_objects (event_id, object_id, kind, name, above)
         SELECT $1, id, kind, '', true FROM places WHERE id <> $3 ON CONFLICT DO NOTHING",
        event,
        objects,
        model::SYSTEM
    )
    .execute(c)
    .await?;
    Ok(())
}

const OBJECTS: &str = "(SELECT coalesce(json_agg(json_build_array(o.kind, o.object_id, o.name)), '[]')::jsonb
                        FROM event_objects o WHERE o.event_id = e.id AND NOT o.above) AS objects";

fn read(r: &PgRow) -> Result<EventRow, sqlx::Error> {
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
        acknowledged_at: r.try_get("acknowledged_at")?,
        acknowledged_by: r.try_get("acknowledged_by")?,
    })
}

pub async fn get(c: &mut PgConnection, id: i64) -> StoreResult<Option<EventRow>> {
    let sql = format!("SELECT e.*, {OBJECTS} FROM events e WHERE e.id = $1");
    let row = sqlx::query(&sql).bind(id).fetch_optional(c).await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// What an event is about and what was above it: everything whose page shows it.
pub async fn scope(c: &mut PgConnection, id: i64) -> StoreResult<Vec<Uuid>> {
    let objects = sqlx::query_scalar!("SELECT object_id FROM event_objects WHERE event_id = $1", id);
    Ok(objects.fetch_all(c).await?)
}

/// Whether the same was told of the same objects since `since`.
pub async fn told_since(
    c: &mut PgConnection,
    kind: EventKind,
    objects: &[Uuid],
    since: OffsetDateTime,
) -> StoreResult<bool> {
    let told = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM events e WHERE e.code = $1 AND e.time > $3
             AND $2::uuid[] <@ ARRAY(SELECT o.object_id FROM event_objects o WHERE o.event_id = e.id)) AS "told!""#,
        kind.code(),
        objects,
        since
    );
    Ok(told.fetch_one(c).await?)
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
         WHERE o.object_id = $1 AND NOT o.above AND e.code = ANY($2) ORDER BY e.id DESC LIMIT 1",
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
