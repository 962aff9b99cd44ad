//! Storage domains, and how each host sees them.

use model::storage_domain::{HostStorage, StorageConfig, StorageRow, StorageStatus};
use model::{DataCenterId, HostId, StorageDomainId, Text, id::Kind};
use search::Entity;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;

use crate::list::{Spec, count, maybe_size, named, signed, size, word};
use crate::{StoreResult, objects};

pub static LIST: Spec<StorageRow> = Spec {
    entity: Entity::Storage,
    columns: "s.*, d.name AS data_center_name,
              (SELECT count(*) FROM disks k WHERE k.storage_domain_id = s.id) AS disk_count,
              (SELECT coalesce(sum(k.virtual_size), 0)::bigint FROM disks k WHERE k.storage_domain_id = s.id) AS committed",
    from: "FROM storage_domains s JOIN data_centers d ON d.id = s.data_center_id",
    id: "s.id",
    sorts: &[
        ("name", "lower(s.name)"), ("description", "lower(s.description)"), ("comment", "lower(s.comment)"),
        ("status", "s.status"), ("data_center", "lower(d.name)"), ("path", "s.path"), ("total", "s.capacity"),
        ("free", "s.available"), ("committed", "committed"), ("disks", "disk_count"), ("id", "s.id"),
    ],
    read: |r| {
        Ok(StorageRow {
            id: StorageDomainId(r.try_get("id")?),
            version: r.try_get("version")?,
            config: StorageConfig {
                name: r.try_get("name")?,
                description: r.try_get("description")?,
                comment: r.try_get("comment")?,
                path: r.try_get("path")?,
            },
            data_center: named(r, "data_center_id", "data_center_name")?,
            status: word(r, "status")?,
            capacity: maybe_size(r, "capacity")?,
            available: maybe_size(r, "available")?,
            committed: size(r, "committed")?,
            disk_count: count(r, "disk_count")?,
        })
    },
};

pub async fn insert(
    c: &mut PgConnection,
    id: StorageDomainId,
    data_center: DataCenterId,
    s: &StorageConfig,
    now: OffsetDateTime,
) -> StoreResult<()> {
    objects::place(&mut *c, id.0, Kind::StorageDomain, &[data_center.0]).await?;
    sqlx::query!(
        "INSERT INTO storage_domains (id, data_center_id, name, description, comment, path, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id.0,
        data_center.0,
        s.name,
        s.description,
        s.comment,
        s.path,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn update(
    c: &mut PgConnection,
    id: StorageDomainId,
    version: i64,
    s: &StorageConfig,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE storage_domains SET name = $3, description = $4, comment = $5, path = $6, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0, version, s.name, s.description, s.comment, s.path
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn users(c: &mut PgConnection, id: StorageDomainId) -> StoreResult<Vec<Text>> {
    let rows = sqlx::query_scalar!(
        "SELECT alias FROM disks WHERE storage_domain_id = $1 ORDER BY alias LIMIT 20",
        id.0
    )
    .fetch_all(c)
    .await?;
    Ok(rows.iter().map(|alias| objects::used_by("disk", alias)).collect())
}

pub async fn by_name(c: &mut PgConnection, name: &str) -> StoreResult<Option<StorageDomainId>> {
    Ok(sqlx::query_scalar!("SELECT id FROM storage_domains WHERE name = $1", name)
        .fetch_optional(c)
        .await?
        .map(StorageDomainId))
}

/// The domains of a data center, the oldest first.
pub async fn of_data_center(
    c: &mut PgConnection,
    data_center: DataCenterId,
) -> StoreResult<Vec<StorageDomainId>> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM storage_domains WHERE data_center_id = $1 ORDER BY created_at, id",
        data_center.0
    );
    Ok(ids.fetch_all(c).await?.into_iter().map(StorageDomainId).collect())
}

pub async fn hosts(c: &mut PgConnection, id: StorageDomainId) -> StoreResult<Vec<HostStorage>> {
    let rows = sqlx::query!(
        r#"SELECT h.id, h.name, hs.active, hs.reason AS "reason: Json<Text>" FROM host_storage hs
           JOIN hosts h ON h.id = hs.host_id WHERE hs.storage_domain_id = $1 ORDER BY h.name"#,
        id.0
    )
    .fetch_all(c)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| HostStorage {
            host: (HostId(r.id), r.name),
            active: r.active,
            reason: r.reason.map(|j| j.0),
        })
        .collect())
}

/// Hosts that are Up and have the domain, in no particular order but a stable one.
pub async fn reachable_from(c: &mut PgConnection, id: StorageDomainId) -> StoreResult<Vec<HostId>> {
    let ids = sqlx::query_scalar!(
        "SELECT h.id FROM host_storage hs JOIN hosts h ON h.id = hs.host_id
         WHERE hs.storage_domain_id = $1 AND hs.active AND h.status = 'up' ORDER BY h.name",
        id.0
    );
    Ok(ids.fetch_all(c).await?.into_iter().map(HostId).collect())
}

/// Notes what one host found.
pub async fn seen(
    c: &mut PgConnection,
    host: HostId,
    id: StorageDomainId,
    reason: Option<&Text>,
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO host_storage (host_id, storage_domain_id, active, reason, checked_at)
         SELECT $1, $2, $3, $4, $5 FROM hosts h, storage_domains s WHERE h.id = $1 AND s.id = $2
         ON CONFLICT (host_id, storage_domain_id) DO UPDATE SET active = $3, reason = $4, checked_at = $5",
        host.0,
        id.0,
        reason.is_none(),
        reason.map(Json) as Option<Json<&Text>>,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn set_space(
    c: &mut PgConnection,
    id: StorageDomainId,
    capacity: u64,
    available: u64,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE storage_domains SET capacity = $2, available = $3
         WHERE id = $1 AND (capacity, available) IS DISTINCT FROM ($2, $3)",
        id.0,
        signed(capacity),
        signed(available)
    )
    .execute(c)
    .await?;
    Ok(())
}

/// True when that is news.
pub async fn set_status(
    c: &mut PgConnection,
    id: StorageDomainId,
    status: StorageStatus,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE storage_domains SET status = $2 WHERE id = $1 AND status <> $2",
        id.0,
        status.as_str()
    );
    Ok(done.execute(c).await?.rows_affected() == 1)
}

/// What the hosts that are Up say: active when one has it, inactive when none does, unknown without any.
pub async fn standing(c: &mut PgConnection, id: StorageDomainId) -> StoreResult<StorageStatus> {
    let active = sqlx::query_scalar!(
        "SELECT bool_or(hs.active) FROM host_storage hs JOIN hosts h ON h.id = hs.host_id
         WHERE hs.storage_domain_id = $1 AND h.status = 'up'",
        id.0
    );
    Ok(match active.fetch_one(c).await? {
        None => StorageStatus::Unknown,
        Some(true) => StorageStatus::Active,
        Some(false) => StorageStatus::Inactive,
    })
}

/// The name of the data center's domain that has this path.
pub async fn by_path(
    c: &mut PgConnection,
    data_center: DataCenterId,
    path: &str,
) -> StoreResult<Option<String>> {
    let name = sqlx::query_scalar!(
        "SELECT name FROM storage_domains WHERE data_center_id = $1 AND path = $2",
        data_center.0,
        path
    );
    Ok(name.fetch_optional(c).await?)
}

/// Forgets what hosts found, because it is somewhere else now.
pub async fn forget_seen(c: &mut PgConnection, id: StorageDomainId) -> StoreResult<()> {
    sqlx::query!("DELETE FROM host_storage WHERE storage_domain_id = $1", id.0).execute(c).await?;
    Ok(())
}

/// The domains that a host has.
pub async fn active_on(c: &mut PgConnection, host: HostId) -> StoreResult<Vec<StorageDomainId>> {
    let ids = sqlx::query_scalar!(
        "SELECT storage_domain_id FROM host_storage WHERE host_id = $1 AND active",
        host.0
    );
    Ok(ids.fetch_all(c).await?.into_iter().map(StorageDomainId).collect())
}

/// Whether the data center of the host has a domain that the host was never asked for.
pub async fn unchecked(c: &mut PgConnection, host: HostId) -> StoreResult<bool> {
    let any = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM storage_domains s JOIN clusters c ON c.data_center_id = s.data_center_id
             JOIN hosts h ON h.cluster_id = c.id WHERE h.id = $1 AND NOT EXISTS
               (SELECT 1 FROM host_storage x WHERE x.host_id = h.id AND x.storage_domain_id = s.id)) AS "any!""#,
        host.0
    );
    Ok(any.fetch_one(c).await?)
}
