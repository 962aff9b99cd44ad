//! What happened in a job, in the order of time: what its engine wrote, and the events that belong to it.

use model::job::{JobRow, LogLine, LogWhat};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::list::parsed;
use crate::{StoreResult, Viewer};

/// More events than this belong to no job that is read by people.
const EVENTS: i64 = 500;

/// The oldest first.
pub async fn of(c: &mut PgConnection, viewer: Viewer, job: &JobRow) -> StoreResult<Vec<LogLine>> {
    let mut lines = written(c, job).await?;
    lines.extend(events(c, viewer, job).await?);
    // Stable: of one moment, what the engine wrote comes first.
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

async fn written(c: &mut PgConnection, job: &JobRow) -> StoreResult<Vec<LogLine>> {
    let rows = sqlx::query!(
        "SELECT at, what, step, attempt, why FROM job_log WHERE job_id = $1 ORDER BY id",
        job.id.0
    );
    let rows = rows.fetch_all(c).await?.into_iter();
    rows.map(|r| {
        let what: LogWhat = parsed("a line of a job's log", &r.what)?;
        let text = what.text(r.step.as_deref(), r.attempt, r.why.as_deref().map(model::Text::of_kept));
        Ok(LogLine { at: r.at, severity: what.severity(), text })
    })
    .collect()
}

/// Those that the job told, that its request told of the same objects, and that are about itself; of these, what the
/// viewer may see.
async fn events(c: &mut PgConnection, viewer: Viewer, job: &JobRow) -> StoreResult<Vec<LogLine>> {
    let rows = sqlx::query!(
        r#"WITH told AS (
               SELECT e.id FROM events e WHERE e.correlation_id = $4 AND (e.job_id = $3 OR e.job_id IS NULL AND EXISTS (
                   SELECT 1 FROM event_objects o JOIN job_objects j ON j.object_id = o.object_id
                   WHERE o.event_id = e.id AND j.job_id = $3))
               UNION SELECT event_id FROM event_objects WHERE object_id = $3)
           SELECT e.time, e.severity, e.text AS "text: Json<model::Text>" FROM events e JOIN told ON told.id = e.id
           WHERE $1 OR e.user_id = $2 OR EXISTS (
               SELECT 1 FROM event_objects o WHERE o.event_id = e.id AND visible($2, o.object_id))
           ORDER BY e.id LIMIT $5"#,
        viewer.all,
        viewer.user,
        job.id.0,
        job.correlation_id,
        EVENTS
    );
    let rows = rows.fetch_all(c).await?.into_iter();
    rows.map(|r| {
        Ok(LogLine { at: r.time, severity: parsed("an event's severity", &r.severity)?, text: r.text.0 })
    })
    .collect()
}
