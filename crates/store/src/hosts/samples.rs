//! How much of a host was used, for an hour.

use model::HostId;
use model::host::HostPoint;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::StoreResult;

/// Keeps a sample.
pub async fn add(c: &mut PgConnection, id: HostId, p: &HostPoint) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO host_samples (host_id, at, cpu_percent, memory_percent)
         SELECT $1, $2, $3, $4 FROM hosts WHERE id = $1 ON CONFLICT DO NOTHING",
        id.0,
        p.at,
        p.cpu_percent,
        p.memory_percent
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Forgets what is older.
pub async fn forget(c: &mut PgConnection, id: HostId, before: OffsetDateTime) -> StoreResult<()> {
    sqlx::query!("DELETE FROM host_samples WHERE host_id = $1 AND at < $2", id.0, before).execute(c).await?;
    Ok(())
}

/// The newest first, an hour at most.
pub(super) async fn history(c: &mut PgConnection, id: HostId) -> StoreResult<Vec<HostPoint>> {
    let rows = sqlx::query!(
        "SELECT at, cpu_percent, memory_percent FROM host_samples WHERE host_id = $1 ORDER BY at DESC LIMIT 720",
        id.0
    );
    let rows = rows.fetch_all(c).await?.into_iter();
    Ok(rows
        .map(|r| HostPoint { at: r.at, cpu_percent: r.cpu_percent, memory_percent: r.memory_percent })
        .collect())
}
