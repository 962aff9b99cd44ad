//! Alerts: those that nobody has acknowledged, and what happens to them. There are few, and an index has only them.

use model::event::{EventKind, EventRow, Severity};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::page::scoped;
use super::{OBJECTS, read};
use crate::StoreResult;
use crate::list::{Viewer, parsed};

/// The newest `limit` alerts that `viewer` sees: those that stand, or those that people have acknowledged.
pub async fn alerts(
    c: &mut PgConnection,
    viewer: Viewer,
    standing: bool,
    limit: i64,
) -> StoreResult<Vec<EventRow>> {
    let (keys, seen) = scoped();
    let which = if standing { "e.acknowledged_at IS NULL" } else { "e.acknowledged_by IS NOT NULL" };
    let seen = if viewer.all { "true" } else { seen };
    let sql = format!(
        "WITH {keys} SELECT e.*, {OBJECTS} FROM events e
         WHERE e.severity = 'alert' AND {which} AND {seen} ORDER BY e.id DESC LIMIT {limit}"
    );
    let rows = sqlx::query(&sql).bind(viewer.user).fetch_all(c).await?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

/// How many events of each severity there were since `since`, but for normal ones, of those that the viewer sees.
pub async fn bad(
    c: &mut PgConnection,
    viewer: Viewer,
    since: OffsetDateTime,
) -> StoreResult<Vec<(Severity, u64)>> {
    let (keys, seen) = scoped();
    let seen = if viewer.all { "true" } else { seen };
    let sql = format!(
        "WITH {keys} SELECT e.severity, count(*) FROM events e
         WHERE e.severity <> 'normal' AND e.time > $2 AND {seen} GROUP BY e.severity"
    );
    let rows: Vec<(String, i64)> = sqlx::query_as(&sql).bind(viewer.user).bind(since).fetch_all(c).await?;
    rows.into_iter().map(|(word, n)| Ok((parsed("a severity", &word)?, n.unsigned_abs()))).collect()
}

/// Acknowledges those of these alerts that stand; how many it were.
pub async fn acknowledge(
    c: &mut PgConnection,
    ids: &[i64],
    by: &str,
    now: OffsetDateTime,
) -> StoreResult<u64> {
    let done = sqlx::query!(
        "UPDATE events SET acknowledged_at = $2, acknowledged_by = $3
         WHERE id = ANY ($1) AND severity = 'alert' AND acknowledged_at IS NULL",
        ids,
        now,
        by
    );
    Ok(done.execute(c).await?.rows_affected())
}

/// Lets alerts that people acknowledged stand again; one whose cause has gone stays away. How many it were.
pub async fn restore(c: &mut PgConnection, ids: &[i64]) -> StoreResult<u64> {
    let done = sqlx::query!(
        "UPDATE events SET acknowledged_at = NULL, acknowledged_by = NULL
         WHERE id = ANY ($1) AND severity = 'alert' AND acknowledged_by IS NOT NULL",
        ids
    );
    Ok(done.execute(c).await?.rows_affected())
}

/// The cause of these kinds of alerts about all of `objects` has gone. Those that were acknowledged lose the name, so that
/// nobody lets them stand again.
pub async fn clear(
    c: &mut PgConnection,
    kinds: &[EventKind],
    objects: &[Uuid],
    now: OffsetDateTime,
) -> StoreResult<()> {
    let codes: Vec<i32> = kinds.iter().map(|kind| kind.code()).collect();
    sqlx::query!(
        "UPDATE events e SET acknowledged_at = coalesce(acknowledged_at, $3), acknowledged_by = NULL
         WHERE e.severity = 'alert' AND e.code = ANY ($1)
           AND (e.acknowledged_at IS NULL OR e.acknowledged_by IS NOT NULL)
           AND $2 <@ ARRAY(SELECT o.object_id FROM event_objects o WHERE o.event_id = e.id AND NOT o.above)",
        &codes,
        objects,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}
