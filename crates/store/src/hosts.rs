//! Hosts: what people say of them, what is observed, and what placement asks.

use model::host::{HostConfig, HostDetails, HostFacts, HostIntent, HostRow, HostStatus};
use model::{ClusterId, HostId, Text, id::Kind};
use search::Entity;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;

use crate::list::{Spec, count, json, maybe_size, named, parsed, signed, word};
use crate::tags::tags_of;
use crate::{StoreResult, objects};

const COLUMNS: &str = concat!(
    "h.*, c.name AS cluster_name, d.id AS data_center_id, d.name AS data_center_name,
    (h.facts ->> 'memory')::bigint AS memory, (h.facts ->> 'cpus')::integer AS cpus,
    (SELECT count(*) FROM vms v WHERE v.host_id = h.id) AS vm_count, ",
    tags_of!("h.id")
);
const FROM: &str =
    "FROM hosts h JOIN clusters c ON c.id = h.cluster_id JOIN data_centers d ON d.id = c.data_center_id";

pub static LIST: Spec<HostRow> = Spec {
    entity: Entity::Hosts,
    columns: COLUMNS,
    from: FROM,
    id: "h.id",
    sorts: &[
        ("name", "lower(h.name)"),
        ("comment", "lower(h.comment)"),
        ("address", "lower(h.address)"),
        ("cluster", "lower(c.name)"),
        ("data_center", "lower(d.name)"),
        ("status", "h.status"),
        ("vms", "vm_count"),
        ("memory", "memory"),
        ("memory_percent", "1 - h.memory_free::float8 / nullif((h.facts ->> 'memory')::float8, 0)"),
        ("cpus", "cpus"),
        ("cpu", "h.cpu_percent"),
        ("tags", "tags"),
        ("id", "h.id"),
    ],
    ranks: &[],
    read: read_row,
};

static DETAILS: Spec<HostDetails> = Spec {
    entity: Entity::Hosts,
    columns: COLUMNS,
    from: FROM,
    id: "h.id",
    sorts: &[],
    ranks: &[],
    read: read_details,
};

fn read_row(r: &PgRow) -> Result<HostRow, sqlx::Error> {
    let memory = maybe_size(r, "memory")?;
    let free = maybe_size(r, "memory_free")?;
    Ok(HostRow {
        id: HostId(r.try_get("id")?),
        version: r.try_get("version")?,
        name: r.try_get("name")?,
        comment: r.try_get("comment")?,
        address: r.try_get("address")?,
        transport: word(r, "transport")?,
        status: word(r, "status")?,
        intended: word(r, "intended")?,
        status_reason: json(r, "status_reason")?,
        cluster: named(r, "cluster_id", "cluster_name")?,
        data_center: named(r, "data_center_id", "data_center_name")?,
        vm_count: count(r, "vm_count")?,
        memory,
        cpus: r.try_get::<Option<i32>, _>("cpus")?.map(i32::unsigned_abs),
        memory_percent: memory.zip(free).map(|(all, free)| 100.0 * (1.0 - free as f32 / all.max(1) as f32)),
        cpu_percent: r.try_get("cpu_percent")?,
        tags: r.try_get("tags")?,
    })
}

fn read_details(r: &PgRow) -> Result<HostDetails, sqlx::Error> {
    let facts: Option<HostFacts> = json(r, "facts")?;
    Ok(HostDetails {
        row: read_row(r)?,
        config: read_config(r)?,
        warnings: facts.as_ref().map(warnings).unwrap_or_default(),
        facts,
        last_seen: r.try_get("last_seen")?,
        use_history: Vec::new(),
    })
}

fn read_config(r: &PgRow) -> Result<HostConfig, sqlx::Error> {
    Ok(HostConfig {
        name: r.try_get("name")?,
        comment: r.try_get("comment")?,
        address: r.try_get("address")?,
        transport: word(r, "transport")?,
        port: r.try_get::<Option<i32>, _>("port")?.and_then(|p| u16::try_from(p).ok()),
        acceleration: word(r, "acceleration")?,
        memory_limit: maybe_size(r, "memory_limit")?,
        cpu_limit: r.try_get::<Option<i32>, _>("cpu_limit")?.map(i32::unsigned_abs),
    })
}

fn warnings(facts: &HostFacts) -> Vec<Text> {
    let mut all = Vec::new();
    if facts.bridges.is_none() {
        all.push(Text::new("host-warning-interface-driver"));
    }
    if !facts.kvm_offered {
        all.push(Text::new("host-warning-no-kvm"));
    }
    all
}

pub async fn details(c: &mut PgConnection, id: HostId) -> StoreResult<Option<HostDetails>> {
    let Some(host) = DETAILS.one(c, id.0).await? else { return Ok(None) };
    Ok(Some(HostDetails { use_history: crate::statistics::last_hour(c, id.0).await?, ..host }))
}

/// Every host with all that is known of it: what the reconcilers walk through.
pub async fn all(c: &mut PgConnection) -> StoreResult<Vec<HostDetails>> {
    let rows = sqlx::query(&format!("SELECT {COLUMNS} {FROM} ORDER BY h.name")).fetch_all(c).await?;
    Ok(rows.iter().map(read_details).collect::<Result<_, _>>()?)
}

/// Those of these hosts that are there.
pub async fn these(c: &mut PgConnection, ids: &[HostId]) -> StoreResult<Vec<HostDetails>> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE h.id = ANY ($1)");
    let rows = sqlx::query(&sql).bind(ids).fetch_all(c).await?;
    Ok(rows.iter().map(read_details).collect::<Result<_, _>>()?)
}

/// The hosts of one cluster.
pub async fn of_cluster(c: &mut PgConnection, cluster: ClusterId) -> StoreResult<Vec<HostDetails>> {
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE h.cluster_id = $1 ORDER BY h.name");
    let rows = sqlx::query(&sql).bind(cluster.0).fetch_all(c).await?;
    Ok(rows.iter().map(read_details).collect::<Result<_, _>>()?)
}

pub async fn insert(
    c: &mut PgConnection,
    id: HostId,
    cluster: ClusterId,
    h: &HostConfig,
    now: OffsetDateTime,
) -> StoreResult<()> {
    objects::place(&mut *c, id.0, Kind::Host, &[cluster.0]).await?;
    sqlx::query!(
        "INSERT INTO hosts (id, cluster_id, name, comment, address, transport, port, acceleration, memory_limit,
                            cpu_limit, intended, status, status_since, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', 'connecting', $11, $11)",
        id.0, cluster.0, h.name, h.comment, h.address, h.transport.as_str(), h.port.map(i32::from),
        h.acceleration.as_str(), h.memory_limit.map(signed), h.cpu_limit.map(u32::cast_signed), now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn update(c: &mut PgConnection, id: HostId, version: i64, h: &HostConfig) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE hosts SET name = $3, comment = $4, address = $5, transport = $6, port = $7, acceleration = $8,
                memory_limit = $9, cpu_limit = $10, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0, version, h.name, h.comment, h.address, h.transport.as_str(), h.port.map(i32::from),
        h.acceleration.as_str(), h.memory_limit.map(signed), h.cpu_limit.map(u32::cast_signed)
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn set_intent(c: &mut PgConnection, id: HostId, intent: HostIntent) -> StoreResult<()> {
    sqlx::query!("UPDATE hosts SET intended = $2 WHERE id = $1", id.0, intent.as_str()).execute(c).await?;
    Ok(())
}

/// True when that is news.
pub async fn set_status(
    c: &mut PgConnection,
    id: HostId,
    status: HostStatus,
    reason: Option<&Text>,
    now: OffsetDateTime,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE hosts SET status = $2, status_reason = $3,
                status_since = CASE WHEN status = $2 THEN status_since ELSE $4 END
         FROM (SELECT id, status AS before FROM hosts WHERE id = $1 FOR UPDATE) old
         WHERE hosts.id = old.id AND (hosts.status, hosts.status_reason) IS DISTINCT FROM ($2, $3::jsonb)
         RETURNING old.before",
        id.0,
        status.as_str(),
        reason.map(Json) as Option<Json<&Text>>,
        now
    )
    .fetch_optional(c)
    .await?;
    Ok(done.is_some_and(|r| r.before != status.as_str()))
}

/// Keeps what the host told of itself.
pub async fn set_facts(
    c: &mut PgConnection,
    id: HostId,
    facts: &HostFacts,
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE hosts SET facts = $2, host_uuid = $3, last_seen = $4 WHERE id = $1",
        id.0,
        Json(facts) as Json<&HostFacts>,
        facts.host_uuid,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Notes that it answered; nobody is told.
pub async fn set_seen(c: &mut PgConnection, id: HostId, now: OffsetDateTime) -> StoreResult<()> {
    sqlx::query!("UPDATE hosts SET last_seen = $2 WHERE id = $1", id.0, now).execute(c).await?;
    Ok(())
}

pub async fn set_use(
    c: &mut PgConnection,
    id: HostId,
    memory_free: u64,
    cpu_percent: Option<f32>,
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE hosts SET memory_free = $2, cpu_percent = coalesce($3, cpu_percent), last_seen = $4 WHERE id = $1",
        id.0, signed(memory_free), cpu_percent, now
    )
    .execute(c)
    .await?;
    Ok(())
}

/// The host that has this machine's UUID already.
pub async fn by_machine(c: &mut PgConnection, host_uuid: &str) -> StoreResult<Option<(HostId, String)>> {
    let row =
        sqlx::query!("SELECT id, name FROM hosts WHERE host_uuid = $1", host_uuid).fetch_optional(c).await?;
    Ok(row.map(|r| (HostId(r.id), r.name)))
}

pub async fn by_address(c: &mut PgConnection, h: &HostConfig) -> StoreResult<Option<(HostId, String)>> {
    let row = sqlx::query!(
        "SELECT id, name FROM hosts WHERE lower(address) = lower($1) AND transport = $2 AND coalesce(port, 0) = $3",
        h.address, h.transport.as_str(), h.port.map_or(0, i32::from)
    )
    .fetch_optional(c)
    .await?;
    Ok(row.map(|r| (HostId(r.id), r.name)))
}

/// The names of those of the hosts that are there, by name.
pub async fn names(c: &mut PgConnection, ids: &[HostId]) -> StoreResult<Vec<(HostId, String)>> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!("SELECT id, name FROM hosts WHERE id = ANY ($1) ORDER BY lower(name)", &ids);
    Ok(rows.fetch_all(c).await?.into_iter().map(|r| (HostId(r.id), r.name)).collect())
}

pub async fn by_name(c: &mut PgConnection, name: &str) -> StoreResult<Option<HostId>> {
    Ok(sqlx::query_scalar!("SELECT id FROM hosts WHERE name = $1", name).fetch_optional(c).await?.map(HostId))
}

/// Names of the VMs that have, or may have, a process on the host.
pub async fn vms(c: &mut PgConnection, id: HostId) -> StoreResult<Vec<String>> {
    Ok(sqlx::query_scalar!("SELECT name FROM vms WHERE host_id = $1 ORDER BY name", id.0)
        .fetch_all(c)
        .await?)
}

/// Memory and vCPUs that VMs on the host take or are about to take, and how many VMs that are. What was edited
/// since a VM was started counts as well as what it was started with: the larger of the two.
pub async fn taken(c: &mut PgConnection, id: HostId) -> StoreResult<(u64, u32, u64)> {
    let row = sqlx::query!(
        r#"SELECT coalesce(sum(greatest(memory, (running ->> 'memory')::bigint)), 0)::bigint AS "memory!",
                  coalesce(sum(greatest(sockets * cores * threads, (running ->> 'sockets')::integer
                      * (running ->> 'cores')::integer * (running ->> 'threads')::integer)), 0)::bigint AS "vcpus!",
                  count(*) AS "vms!" FROM vms WHERE host_id = $1"#,
        id.0
    )
    .fetch_one(c)
    .await?;
    Ok((row.memory.unsigned_abs(), u32::try_from(row.vcpus).unwrap_or(u32::MAX), row.vms.unsigned_abs()))
}

/// What the machine said is free.
pub async fn memory_free(c: &mut PgConnection, id: HostId) -> StoreResult<Option<u64>> {
    let free =
        sqlx::query_scalar!("SELECT memory_free FROM hosts WHERE id = $1", id.0).fetch_optional(c).await?;
    Ok(free.flatten().map(i64::unsigned_abs))
}

/// The status that is written down now.
pub async fn status(c: &mut PgConnection, id: HostId) -> StoreResult<Option<HostStatus>> {
    let word = sqlx::query_scalar!("SELECT status FROM hosts WHERE id = $1", id.0).fetch_optional(c).await?;
    word.map(|w| parsed("a host's status", &w)).transpose()
}

/// Takes the row for the rest of the transaction, so that no VM is placed there meanwhile.
pub async fn lock(c: &mut PgConnection, id: HostId) -> StoreResult<()> {
    sqlx::query!("SELECT id FROM hosts WHERE id = $1 FOR UPDATE", id.0).fetch_optional(c).await?;
    Ok(())
}
