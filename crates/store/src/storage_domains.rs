//! Storage domains, and how each host sees them.

use std::collections::HashSet;

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
    columns: "s.*, d.name AS data_center_name, k.disk_count, k.committed,
              greatest(s.available - k.to_grow, 0) AS guaranteed_free",
    // Its disks are read once, whatever is said of them.
    from: "FROM storage_domains s JOIN data_centers d ON d.id = s.data_center_id CROSS JOIN LATERAL (
               SELECT count(*) AS disk_count, coalesce(sum(x.virtual_size), 0)::bigint AS committed,
                      coalesce(sum(greatest(x.virtual_size - x.actual_size, 0)), 0)::bigint AS to_grow
               FROM disks x WHERE x.storage_domain_id = s.id) k",
    id: "s.id",
    sorts: &[
        ("name", "lower(s.name)"),
        ("description", "lower(s.description)"),
        ("comment", "lower(s.comment)"),
        ("status", "s.status"),
        ("data_center", "lower(d.name)"),
        ("path", "s.path"),
        ("total", "s.capacity"),
        ("free", "s.available"),
        ("committed", "committed"),
        ("guaranteed_free", "guaranteed_free"),
        ("disks", "disk_count"),
        ("id", "s.id"),
    ],
    ranks: &[],
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
            guaranteed_free: maybe_size(r, "guaranteed_free")?,
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

/// What a look at a domain begins with: where it is, and what was found of its space last, in bytes.
#[derive(Debug, Clone)]
pub struct Place {
    pub id: StorageDomainId,
    pub name: String,
    pub path: String,
    pub capacity: Option<u64>,
    pub available: Option<u64>,
}

/// Where a data center's domains are, the oldest first.
pub async fn places(c: &mut PgConnection, data_center: DataCenterId) -> StoreResult<Vec<Place>> {
    let rows = sqlx::query!(
        "SELECT id, name, path, capacity, available FROM storage_domains
         WHERE data_center_id = $1 ORDER BY created_at, id",
        data_center.0
    );
    let rows = rows.fetch_all(c).await?.into_iter();
    Ok(rows
        .map(|r| Place {
            id: StorageDomainId(r.id),
            name: r.name,
            path: r.path,
            capacity: r.capacity.map(i64::unsigned_abs),
            available: r.available.map(i64::unsigned_abs),
        })
        .collect())
}

/// The domains of a data center that are not recorded as what `standing` says.
pub async fn unsettled(c: &mut PgConnection, data_center: DataCenterId) -> StoreResult<Vec<StorageDomainId>> {
    let ids = sqlx::query_scalar!(
        "SELECT s.id FROM storage_domains s
         WHERE s.data_center_id = $1 AND s.status <> CASE
             WHEN EXISTS (SELECT 1 FROM host_storage hs JOIN hosts h ON h.id = hs.host_id
                          WHERE hs.storage_domain_id = s.id AND hs.active AND h.status = 'up') THEN 'active'
             WHEN EXISTS (SELECT 1 FROM host_storage hs JOIN hosts h ON h.id = hs.host_id
                          WHERE hs.storage_domain_id = s.id AND h.status = 'up') THEN 'inactive'
             ELSE 'unknown' END
         ORDER BY s.created_at, s.id",
        data_center.0
    );
    Ok(ids.fetch_all(c).await?.into_iter().map(StorageDomainId).collect())
}

/// The domains that this host measures: the first, by name, of those that are Up and have them.
pub async fn measured_by(c: &mut PgConnection, host: HostId) -> StoreResult<Vec<StorageDomainId>> {
    let ids = sqlx::query_scalar!(
        "SELECT mine.storage_domain_id FROM host_storage mine WHERE mine.host_id = $1 AND $1 = (
             SELECT h.id FROM host_storage hs JOIN hosts h ON h.id = hs.host_id
             WHERE hs.storage_domain_id = mine.storage_domain_id AND hs.active AND h.status = 'up'
             ORDER BY h.name LIMIT 1)",
        host.0
    );
    Ok(ids.fetch_all(c).await?.into_iter().map(StorageDomainId).collect())
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

/// Notes what one host found in several domains: why it does not have them, when it does not.
pub async fn seen(
    c: &mut PgConnection,
    host: HostId,
    found: &[(StorageDomainId, Option<Text>)],
    now: OffsetDateTime,
) -> StoreResult<()> {
    let ids: Vec<uuid::Uuid> = found.iter().map(|(id, _)| id.0).collect();
    let reasons: Vec<Option<Json<&Text>>> = found.iter().map(|(_, why)| why.as_ref().map(Json)).collect();
    sqlx::query!(
        "INSERT INTO host_storage AS old (host_id, storage_domain_id, active, reason, checked_at)
         SELECT h.id, s.id, f.reason IS NULL, f.reason, $4
         FROM unnest($2::uuid[], $3::jsonb[]) AS f (id, reason) JOIN storage_domains s ON s.id = f.id, hosts h WHERE h.id = $1
         ON CONFLICT (host_id, storage_domain_id) DO UPDATE
             SET active = excluded.active, reason = excluded.reason, checked_at = excluded.checked_at
             WHERE (old.active, old.reason) IS DISTINCT FROM (excluded.active, excluded.reason)",
        host.0,
        &ids,
        &reasons as &[Option<Json<&Text>>],
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

/// How large domains are, and what of it is free.
pub async fn set_space(c: &mut PgConnection, found: &[(StorageDomainId, u64, u64)]) -> StoreResult<()> {
    let ids: Vec<uuid::Uuid> = found.iter().map(|f| f.0.0).collect();
    let (all, free): (Vec<i64>, Vec<i64>) = found.iter().map(|f| (signed(f.1), signed(f.2))).unzip();
    sqlx::query!(
        "UPDATE storage_domains SET capacity = f.capacity, available = f.available
         FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS f (id, capacity, available)
         WHERE storage_domains.id = f.id
           AND (storage_domains.capacity, storage_domains.available) IS DISTINCT FROM (f.capacity, f.available)",
        &ids,
        &all,
        &free
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

/// Those of the hosts whose data center has a domain that they were never asked for.
pub async fn unchecked(
    c: &mut PgConnection,
    hosts: impl Iterator<Item = HostId>,
) -> StoreResult<HashSet<HostId>> {
    let ids: Vec<uuid::Uuid> = hosts.map(|host| host.0).collect();
    let hosts = sqlx::query_scalar!(
        "SELECT h.id FROM hosts h JOIN clusters c ON c.id = h.cluster_id
         WHERE h.id = ANY ($1) AND EXISTS (SELECT FROM storage_domains s WHERE s.data_center_id = c.data_center_id
             AND NOT EXISTS (SELECT FROM host_storage x WHERE x.host_id = h.id AND x.storage_domain_id = s.id))",
        &ids
    );
    Ok(hosts.fetch_all(c).await?.into_iter().map(HostId).collect())
}
