//! Quotas. What is used of one is counted by `quota_uses` in the schema each time it is asked: of the virtual machines
//! and disks that are there, so that a decision, a list and what was told beforehand never differ.

use model::lease::Lease;
use model::quota::{ClusterLimit, DomainLimit, QuotaConfig, QuotaMode, QuotaRow, Use};
use model::{ClusterId, DataCenterId, QuotaId, StorageDomainId, Text, id::Kind};
use search::Entity;
use serde::Deserialize;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::list::{Spec, json, maybe_size, named, parsed, signed, word};
use crate::{StoreResult, objects};

mod consumers;
pub mod requests;

pub use consumers::{consumers, revoke};

pub static LIST: Spec<QuotaRow> = Spec {
    entity: Entity::Quotas,
    columns: "q.*, d.name AS data_center_name, d.quota_mode AS mode,
              (SELECT jsonb_agg(jsonb_build_object('cluster', l.cluster_id, 'vcpus', l.vcpus, 'memory', l.memory)
                                ORDER BY l.cluster_id)
               FROM quota_clusters l WHERE l.quota_id = q.id) AS clusters,
              (SELECT jsonb_agg(jsonb_build_object('domain', l.storage_domain_id, 'storage', l.storage)
                                ORDER BY l.storage_domain_id)
               FROM quota_domains l WHERE l.quota_id = q.id) AS domains,
              (SELECT jsonb_agg(jsonb_build_object('what', u.what, 'place', u.place_id, 'name', u.place,
                                                   'used', u.used, 'most', u.most)
                                ORDER BY array_position(ARRAY['vcpus', 'memory', 'storage'], u.what), lower(u.place))
               FROM quota_uses(q.id) u) AS uses,
              (SELECT count(*) FROM quota_requests r WHERE r.quota_id = q.id AND r.state = 'asked') AS asked",
    from: "FROM quotas q JOIN data_centers d ON d.id = q.data_center_id",
    id: "q.id",
    sorts: &[
        ("name", "lower(q.name)"),
        ("description", "lower(q.description)"),
        ("data_center", "lower(d.name)"),
        ("mode", "d.quota_mode"),
        ("id", "q.id"),
    ],
    ranks: &[],
    read: read_row,
};

fn read_row(r: &PgRow) -> Result<QuotaRow, sqlx::Error> {
    Ok(QuotaRow {
        id: QuotaId(r.try_get("id")?),
        version: r.try_get("version")?,
        is_default: r.try_get("is_default")?,
        data_center: named(r, "data_center_id", "data_center_name")?,
        mode: word(r, "mode")?,
        config: read_config(r)?,
        uses: json::<Vec<Use>>(r, "uses")?.unwrap_or_default(),
        asked: r.try_get::<i64, _>("asked")?.unsigned_abs(),
    })
}

fn read_config(r: &PgRow) -> Result<QuotaConfig, sqlx::Error> {
    let percent = |column| r.try_get::<i32, _>(column).map(i32::unsigned_abs);
    Ok(QuotaConfig {
        name: r.try_get("name")?,
        description: r.try_get("description")?,
        per_cluster: r.try_get("per_cluster")?,
        vcpus: maybe_size(r, "vcpus")?,
        memory: maybe_size(r, "memory")?,
        clusters: json::<Vec<ClusterLimit>>(r, "clusters")?.unwrap_or_default(),
        per_domain: r.try_get("per_domain")?,
        storage: maybe_size(r, "storage")?,
        domains: json::<Vec<DomainLimit>>(r, "domains")?.unwrap_or_default(),
        cluster_threshold: percent("cluster_threshold")?,
        cluster_grace: percent("cluster_grace")?,
        storage_threshold: percent("storage_threshold")?,
        storage_grace: percent("storage_grace")?,
        lease: json(r, "lease")?,
    })
}

fn limit(n: Option<u64>) -> Option<i64> {
    n.map(signed)
}

fn lease(q: &QuotaConfig) -> Option<Json<&Lease>> {
    q.lease.as_ref().map(Json)
}

/// What the quota says of how long something in it is there.
pub async fn lease_of(c: &mut PgConnection, id: QuotaId) -> StoreResult<Option<Lease>> {
    let said = sqlx::query_scalar!(r#"SELECT lease AS "lease: Json<Lease>" FROM quotas WHERE id = $1"#, id.0);
    Ok(said.fetch_optional(c).await?.flatten().map(|lease| lease.0))
}

pub async fn insert(
    c: &mut PgConnection,
    id: QuotaId,
    data_center: DataCenterId,
    q: &QuotaConfig,
    now: OffsetDateTime,
) -> StoreResult<()> {
    objects::place(&mut *c, id.0, Kind::Quota, &[data_center.0]).await?;
    sqlx::query!(
        "INSERT INTO quotas (id, data_center_id, name, description, per_cluster, vcpus, memory, per_domain, storage,
                             cluster_threshold, cluster_grace, storage_threshold, storage_grace, created_at, lease)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        id.0,
        data_center.0,
        q.name,
        q.description,
        q.per_cluster,
        limit(q.vcpus),
        limit(q.memory),
        q.per_domain,
        limit(q.storage),
        q.cluster_threshold.cast_signed(),
        q.cluster_grace.cast_signed(),
        q.storage_threshold.cast_signed(),
        q.storage_grace.cast_signed(),
        now,
        lease(q) as Option<Json<&Lease>>
    )
    .execute(&mut *c)
    .await?;
    set_places(c, id, q).await
}

/// False when the version is not `version` any more.
pub async fn update(c: &mut PgConnection, id: QuotaId, version: i64, q: &QuotaConfig) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE quotas SET name = $3, description = $4, per_cluster = $5, vcpus = $6, memory = $7, per_domain = $8,
                storage = $9, cluster_threshold = $10, cluster_grace = $11, storage_threshold = $12,
                storage_grace = $13, lease = $14, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0,
        version,
        q.name,
        q.description,
        q.per_cluster,
        limit(q.vcpus),
        limit(q.memory),
        q.per_domain,
        limit(q.storage),
        q.cluster_threshold.cast_signed(),
        q.cluster_grace.cast_signed(),
        q.storage_threshold.cast_signed(),
        q.storage_grace.cast_signed(),
        lease(q) as Option<Json<&Lease>>
    )
    .execute(&mut *c)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    set_places(c, id, q).await?;
    Ok(true)
}

/// The limits of single clusters and domains; only those of the part that has them in each are kept.
async fn set_places(c: &mut PgConnection, id: QuotaId, q: &QuotaConfig) -> StoreResult<()> {
    sqlx::query!("DELETE FROM quota_clusters WHERE quota_id = $1", id.0).execute(&mut *c).await?;
    sqlx::query!("DELETE FROM quota_domains WHERE quota_id = $1", id.0).execute(&mut *c).await?;
    for one in q.clusters.iter().filter(|_| q.per_cluster) {
        sqlx::query!(
            "INSERT INTO quota_clusters (quota_id, cluster_id, vcpus, memory) VALUES ($1, $2, $3, $4)",
            id.0,
            one.cluster.0,
            limit(one.vcpus),
            limit(one.memory)
        )
        .execute(&mut *c)
        .await?;
    }
    for one in q.domains.iter().filter(|_| q.per_domain) {
        sqlx::query!(
            "INSERT INTO quota_domains (quota_id, storage_domain_id, storage) VALUES ($1, $2, $3)",
            id.0,
            one.domain.0,
            limit(one.storage)
        )
        .execute(&mut *c)
        .await?;
    }
    Ok(())
}

/// How many of these clusters and domains are not of the data center.
pub async fn strangers(
    c: &mut PgConnection,
    data_center: DataCenterId,
    clusters: &[Uuid],
    domains: &[Uuid],
) -> StoreResult<i64> {
    let found = sqlx::query_scalar!(
        r#"SELECT cardinality($2::uuid[]) + cardinality($3::uuid[])
             - (SELECT count(*) FROM clusters WHERE data_center_id = $1 AND id = ANY ($2))
             - (SELECT count(*) FROM storage_domains WHERE data_center_id = $1 AND id = ANY ($3)) AS "n!""#,
        data_center.0,
        clusters,
        domains
    );
    Ok(found.fetch_one(c).await?)
}

/// What stands in the way of a removal.
pub async fn users(c: &mut PgConnection, id: QuotaId) -> StoreResult<Vec<Text>> {
    let rows = sqlx::query!(
        r#"SELECT kind AS "kind!", name AS "name!" FROM (
             SELECT 'vm' AS kind, name FROM vms WHERE quota_id = $1
             UNION ALL SELECT 'template', name FROM templates WHERE quota_id = $1
             UNION ALL SELECT 'disk', alias FROM disks WHERE quota_id = $1) u
           ORDER BY kind DESC, name LIMIT 20"#,
        id.0
    );
    Ok(rows.fetch_all(c).await?.iter().map(|r| objects::used_by(&r.kind, &r.name)).collect())
}

/// Takes the quota until the transaction ends, then counts: nobody else decides on it meanwhile. What refers to the
/// quota may still be written, also by others.
pub async fn lock(c: &mut PgConnection, id: QuotaId) -> StoreResult<Option<QuotaRow>> {
    let taken = sqlx::query!("SELECT id FROM quotas WHERE id = $1 FOR NO KEY UPDATE", id.0);
    taken.fetch_optional(&mut *c).await?;
    LIST.one(c, id.0).await
}

/// What a data center does with its quotas, and its default one.
pub async fn of_center(
    c: &mut PgConnection,
    data_center: DataCenterId,
) -> StoreResult<Option<(QuotaMode, Option<QuotaId>)>> {
    let row = sqlx::query!(
        r#"SELECT d.quota_mode, q.id AS "quota?" FROM data_centers d
           LEFT JOIN quotas q ON q.data_center_id = d.id AND q.is_default WHERE d.id = $1"#,
        data_center.0
    );
    let Some(row) = row.fetch_optional(c).await? else { return Ok(None) };
    Ok(Some((parsed("a quota mode", &row.quota_mode)?, row.quota.map(QuotaId))))
}

/// What takes the most of a quota: names and amounts, the largest first.
#[derive(Debug, Deserialize)]
pub struct Taker {
    pub name: String,
    pub amount: u64,
}

/// The VMs that take the most vCPUs, or memory, of a quota.
pub async fn largest_vms(c: &mut PgConnection, id: QuotaId, memory: bool) -> StoreResult<Vec<Taker>> {
    let rows = sqlx::query!(
        r#"SELECT name, CASE WHEN $2 THEN coalesce((running ->> 'memory')::bigint, memory)
                  ELSE coalesce((running ->> 'sockets')::bigint * (running ->> 'cores')::bigint,
                                sockets::bigint * cores) END AS "amount!"
           FROM vms
           WHERE quota_id = $1 AND quota_id IS NOT NULL
             AND status NOT IN ('down', 'suspended', 'image_locked', 'image_illegal')
           ORDER BY 2 DESC, name LIMIT 5"#,
        id.0,
        memory
    );
    let rows = rows.fetch_all(c).await?;
    Ok(rows.into_iter().map(|r| Taker { name: r.name, amount: r.amount.unsigned_abs() }).collect())
}

pub async fn largest_disks(c: &mut PgConnection, id: QuotaId) -> StoreResult<Vec<Taker>> {
    let rows = sqlx::query!(
        "SELECT alias, virtual_size FROM disks WHERE quota_id = $1 AND content = 'data'
         ORDER BY virtual_size DESC, alias LIMIT 5",
        id.0
    );
    let rows = rows.fetch_all(c).await?;
    Ok(rows.into_iter().map(|r| Taker { name: r.alias, amount: r.virtual_size.unsigned_abs() }).collect())
}

/// Where something is in a quota of another data center than its own.
#[derive(Debug)]
pub struct Stray {
    pub kind: Kind,
    pub id: Uuid,
    pub name: String,
    pub quota: String,
}

/// Takes what is in a quota of another data center out of it, and tells what that was.
pub async fn release_strays(c: &mut PgConnection) -> StoreResult<Vec<Stray>> {
    let vms = sqlx::query!(
        "UPDATE vms v SET options = v.options - 'quota', version = v.version + 1, revision = v.revision + 1
         FROM quotas q, clusters c
         WHERE q.id = v.quota_id AND v.quota_id IS NOT NULL AND c.id = v.cluster_id
           AND c.data_center_id <> q.data_center_id
         RETURNING v.id, v.name, q.name AS quota"
    );
    let vms = vms.fetch_all(&mut *c).await?;
    let disks = sqlx::query!(
        "UPDATE disks k SET quota_id = NULL, version = k.version + 1 FROM quotas q, storage_domains s
         WHERE q.id = k.quota_id AND k.quota_id IS NOT NULL AND s.id = k.storage_domain_id
           AND s.data_center_id <> q.data_center_id
         RETURNING k.id, k.alias, q.name AS quota"
    );
    let disks = disks.fetch_all(c).await?;
    let vms = vms.into_iter().map(|r| Stray { kind: Kind::Vm, id: r.id, name: r.name, quota: r.quota });
    let disks =
        disks.into_iter().map(|r| Stray { kind: Kind::Disk, id: r.id, name: r.alias, quota: r.quota });
    Ok(vms.chain(disks).collect())
}

/// Puts a disk into a quota; none is the default. False when it is gone.
pub async fn assign_disk(
    c: &mut PgConnection,
    disk: model::DiskId,
    quota: Option<QuotaId>,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE disks SET quota_id = $2, version = version + 1 WHERE id = $1",
        disk.0,
        quota.map(|q| q.0)
    );
    Ok(done.execute(c).await?.rows_affected() == 1)
}

/// The quotas that somebody may use: by a role on them, or above. All of them for who sees everything.
pub async fn usable(c: &mut PgConnection, user: Option<Uuid>) -> StoreResult<Vec<QuotaRow>> {
    let group = model::Action::UseQuota.group();
    let ids = sqlx::query_scalar!(
        "SELECT q.id FROM quotas q WHERE $1::uuid IS NULL OR EXISTS (
             SELECT 1 FROM object_ancestors a JOIN permissions p ON p.object_id = a.ancestor_id
             JOIN roles r ON r.id = p.role_id
             WHERE a.object_id = q.id AND p.principal_id IN (SELECT id FROM principals($1)) AND $2 = ANY (r.groups))
         ORDER BY lower(q.name), q.id",
        user,
        group
    );
    let ids = ids.fetch_all(&mut *c).await?;
    let mut rows = LIST.many(c, &ids).await?;
    rows.sort_by_cached_key(|row| (row.config.name.to_lowercase(), row.id));
    Ok(rows)
}

/// The names of places, for what is said of them.
pub async fn cluster_name(c: &mut PgConnection, id: ClusterId) -> StoreResult<String> {
    let name = sqlx::query_scalar!("SELECT name FROM clusters WHERE id = $1", id.0);
    Ok(name.fetch_optional(c).await?.unwrap_or_default())
}

pub async fn domain_name(c: &mut PgConnection, id: StorageDomainId) -> StoreResult<String> {
    let name = sqlx::query_scalar!("SELECT name FROM storage_domains WHERE id = $1", id.0);
    Ok(name.fetch_optional(c).await?.unwrap_or_default())
}
