//! What is written of a VM while it runs, and between its runs: its status, its host, what its guest tells, its use.

use model::vm::{GuestInfo, VmIntent, VmStatus};
use model::vm_options::MediaRef;
use model::vm_request::VmConfig;
use model::{DiskId, HostId, Text, VmId};
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::StoreResult;
use crate::list::parsed;

/// What was observed of a VM. Returns the status before, when that is another.
pub async fn set_status(
    c: &mut PgConnection,
    id: VmId,
    status: VmStatus,
    reason: Option<&Text>,
    now: OffsetDateTime,
) -> StoreResult<Option<VmStatus>> {
    let before = sqlx::query_scalar!(
        "UPDATE vms SET status = $2, status_reason = $3, revision = revision + 1,
                status_since = CASE WHEN status = $2 THEN status_since ELSE $4 END
         FROM (SELECT id, status AS before FROM vms WHERE id = $1 FOR UPDATE) old
         WHERE vms.id = old.id AND (vms.status, vms.status_reason) IS DISTINCT FROM ($2, $3::jsonb)
         RETURNING old.before",
        id.0,
        status.as_str(),
        reason.map(Json) as Option<Json<&Text>>,
        now
    )
    .fetch_optional(c)
    .await?;
    match before {
        Some(word) if word != status.as_str() => Ok(Some(parsed("a VM's status", &word)?)),
        _ => Ok(None),
    }
}

pub async fn set_intent(
    c: &mut PgConnection,
    id: VmId,
    intent: VmIntent,
    stop_reason: Option<&str>,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET intended = $2, stop_reason = $3, start_for = NULL, revision = revision + 1 WHERE id = $1",
        id.0,
        intent.as_str(),
        stop_reason
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Says on which host the VM's process is, or is about to be; none when it is proven to be nowhere.
pub async fn set_host(c: &mut PgConnection, id: VmId, host: Option<HostId>) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET host_id = $2, revision = revision + 1 WHERE id = $1",
        id.0,
        host.map(|h| h.0)
    )
    .execute(c)
    .await?;
    Ok(())
}

/// What a run begins with: its configuration and the password of its screen.
pub async fn begin_run(
    c: &mut PgConnection,
    id: VmId,
    config: &VmConfig,
    vnc_password: Option<&str>,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET running = $2, vnc_password = $3, vnc_password_until = NULL, agent_seen = false, guest = NULL, revision = revision + 1 WHERE id = $1",
        id.0, Json(config) as Json<&VmConfig>, vnc_password
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn set_started(c: &mut PgConnection, id: VmId, at: OffsetDateTime) -> StoreResult<()> {
    sqlx::query!("UPDATE vms SET started_at = coalesce(started_at, $2) WHERE id = $1", id.0, at)
        .execute(c)
        .await?;
    Ok(())
}

/// Forgets everything of the run that has ended.
pub async fn end_run(c: &mut PgConnection, id: VmId) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET host_id = NULL, running = NULL, vnc_password = NULL, started_at = NULL, agent_seen = false,
                guest = NULL, cpu_percent = NULL, memory_percent = NULL, network_rate = NULL, revision = revision + 1
         WHERE id = $1",
        id.0
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Forgets what a suspended VM does not have: a host, and what its guest tells. Its run goes on elsewhere, so that
/// the run's configuration and its screen's password stay.
pub async fn suspend_run(c: &mut PgConnection, id: VmId) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET host_id = NULL, started_at = NULL, agent_seen = false, guest = NULL, cpu_percent = NULL,
                memory_percent = NULL, network_rate = NULL, revision = revision + 1
         WHERE id = $1",
        id.0
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Says where the memory of a suspended VM is; none once that is not what it would go on with any more.
pub async fn set_memory(c: &mut PgConnection, id: VmId, disk: Option<DiskId>) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET memory_disk_id = $2, revision = revision + 1 WHERE id = $1",
        id.0,
        disk.map(|d| d.0)
    )
    .execute(c)
    .await?;
    Ok(())
}

/// The password of the VM's screen counts as ended, if it has an end already or `anyway`.
pub async fn end_screen_password(
    c: &mut PgConnection,
    id: VmId,
    now: OffsetDateTime,
    anyway: bool,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET vnc_password_until = $2
         WHERE id = $1 AND ($3::bool OR vnc_password_until <= $2::timestamptz + interval '15 seconds')",
        id.0,
        now,
        anyway
    )
    .execute(c)
    .await?;
    Ok(())
}

/// What opens the VM's screen from now on, and until when.
pub async fn set_screen_password(
    c: &mut PgConnection,
    id: VmId,
    password: &str,
    until: Option<OffsetDateTime>,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET vnc_password = $2, vnc_password_until = $3 WHERE id = $1",
        id.0,
        password,
        until
    )
    .execute(c)
    .await?;
    Ok(())
}

/// What is in the CD drive, of the run and for the next one.
pub async fn set_cd(c: &mut PgConnection, id: VmId, cd: Option<&MediaRef>) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET options = options || jsonb_build_object('cd', $2::jsonb),
                running = CASE WHEN running IS NOT NULL
                    THEN jsonb_set(running, '{options,cd}', coalesce($2::jsonb, 'null')) END,
                version = version + 1, revision = revision + 1
         WHERE id = $1",
        id.0,
        cd.map(Json) as Option<Json<&MediaRef>>
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn set_guest(c: &mut PgConnection, id: VmId, guest: &GuestInfo) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET guest = $2, agent_seen = true WHERE id = $1 AND (guest IS DISTINCT FROM $2 OR NOT agent_seen)",
        id.0, Json(guest) as Json<&GuestInfo>
    )
    .execute(c)
    .await?;
    Ok(())
}

/// The guest begins anew: its agent has to answer again.
pub async fn forget_agent(c: &mut PgConnection, id: VmId) -> StoreResult<()> {
    sqlx::query!("UPDATE vms SET agent_seen = false WHERE id = $1", id.0).execute(c).await?;
    Ok(())
}

/// How often it was started again since it was well, and when the next attempt may be.
pub async fn set_ha(
    c: &mut PgConnection,
    id: VmId,
    attempts: u32,
    next: Option<OffsetDateTime>,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vms SET ha_attempts = $2, ha_next_at = $3
         WHERE id = $1 AND (ha_attempts, ha_next_at) IS DISTINCT FROM ($2, $3)",
        id.0,
        attempts.cast_signed(),
        next
    )
    .execute(c)
    .await?;
    Ok(())
}
