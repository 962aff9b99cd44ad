//! The ends of VMs: what was said of one when it was made, how far it is on the way there, and which are to be looked at.

use model::VmId;
use model::lease::{Due, Lease};
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::StoreResult;

/// What a VM's template or quota has said of it. An end that an administrator sets or takes away leaves that alone.
pub async fn set_lease(c: &mut PgConnection, id: VmId, lease: Option<&Lease>) -> StoreResult<()> {
    sqlx::query!("UPDATE vms SET lease = $2 WHERE id = $1", id.0, lease.map(Json) as Option<Json<&Lease>>)
        .execute(c)
        .await?;
    Ok(())
}

/// Another end, with what it begins with; none takes the end away. No edit of the VM collides with it.
pub async fn set_end(c: &mut PgConnection, id: VmId, end: Option<(OffsetDateTime, Due)>) -> StoreResult<()> {
    let (expires, due) = end.unzip();
    sqlx::query!(
        "UPDATE vms SET expires_at = $2, lease_stage = $3, lease_due = $4, revision = revision + 1 WHERE id = $1",
        id.0,
        expires,
        due.map_or("running", |due| due.stage.as_str()),
        due.map(|due| due.at)
    )
    .execute(c)
    .await?;
    Ok(())
}

/// How far the VM is, and when to look at it again.
pub async fn set_due(c: &mut PgConnection, id: VmId, due: Due) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET lease_stage = $2, lease_due = $3 WHERE id = $1 AND lease_due IS NOT NULL",
        id.0,
        due.stage.as_str(),
        due.at
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Looks at a VM later, if nobody has been there meanwhile.
pub async fn put_off(
    c: &mut PgConnection,
    id: VmId,
    now: OffsetDateTime,
    until: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!("UPDATE vms SET lease_due = $3 WHERE id = $1 AND lease_due <= $2", id.0, now, until)
        .execute(c)
        .await?;
    Ok(())
}

/// Which VMs something is due for, the longest first; not more than `most`.
pub async fn lease_due(c: &mut PgConnection, now: OffsetDateTime, most: i64) -> StoreResult<Vec<VmId>> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM vms WHERE lease_due <= $1 ORDER BY lease_due LIMIT $2",
        now,
        most
    );
    Ok(ids.fetch_all(c).await?.into_iter().map(VmId).collect())
}
