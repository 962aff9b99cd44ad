//! Disks.

use model::disk::{Allocation, DiskContent, DiskRow, DiskStatus, Format, Source};
use model::{DiskId, StorageDomainId, TemplateId, VmId, id::Kind};
use search::Entity;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;

use crate::list::{Rank, Spec, maybe_named, named, parsed, signed, size, word};
use crate::{StoreResult, objects};

/// The first of the names in `attached_to`. Where a virtual machine has the disk, nobody else is asked for.
const ATTACHED_TO: &str = "coalesce(
    (SELECT min(lower(x.name)) FROM vm_disks y JOIN vms x ON x.id = y.vm_id WHERE y.disk_id = k.id),
    (SELECT min(lower(x.name)) FROM vms x WHERE x.memory_disk_id = k.id),
    (SELECT min(lower(x.name)) FROM templates x WHERE x.disk_id = k.id))";

pub static LIST: Spec<DiskRow> = Spec {
    entity: Entity::Disks,
    columns: "k.*, s.name AS storage_domain_name, q.name AS quota_name, d.id AS data_center_id, d.name AS data_center_name,
              ARRAY(SELECT v.name FROM vm_disks vd JOIN vms v ON v.id = vd.vm_id WHERE vd.disk_id = k.id
                    UNION ALL SELECT v.name FROM vms v WHERE v.memory_disk_id = k.id
                    UNION ALL SELECT t.name FROM templates t WHERE t.disk_id = k.id) AS attached_to",
    from: "FROM disks k LEFT JOIN storage_domains s ON s.id = k.storage_domain_id LEFT JOIN data_centers d ON d.id = s.data_center_id
           LEFT JOIN quotas q ON q.id = k.quota_id",
    id: "k.id",
    sorts: &[
        ("alias", "lower(k.alias)"),
        ("status", "k.status"),
        ("content", "k.content"),
        ("allocation", "k.allocation"),
        ("virtual_size", "k.virtual_size"),
        ("actual_size", "k.actual_size"),
        ("attached_to", ATTACHED_TO),
        ("storage_domain", "lower(s.name)"),
        ("data_center", "lower(d.name)"),
        ("quota", "lower(q.name)"),
        ("created", "k.created_at"),
        ("description", "lower(k.description)"),
        ("id", "k.id"),
    ],
    ranks: &[
        Rank {
            by: "lower(s.name)",
            of: "k.storage_domain_id",
            among: "SELECT x.id, dense_rank() OVER (ORDER BY lower(x.name)) FROM storage_domains x",
        },
        Rank {
            by: "lower(d.name)",
            of: "k.storage_domain_id",
            among: "SELECT x.id, dense_rank() OVER (ORDER BY lower(y.name))
                    FROM storage_domains x JOIN data_centers y ON y.id = x.data_center_id",
        },
    ],
    read: |r| {
        Ok(DiskRow {
            id: DiskId(r.try_get("id")?),
            version: r.try_get("version")?,
            alias: r.try_get("alias")?,
            description: r.try_get("description")?,
            status: word(r, "status")?,
            content: word(r, "content")?,
            allocation: word(r, "allocation")?,
            virtual_size: size(r, "virtual_size")?,
            actual_size: size(r, "actual_size")?,
            storage_domain: named(r, "storage_domain_id", "storage_domain_name")?,
            data_center: named(r, "data_center_id", "data_center_name")?,
            attached_to: r.try_get("attached_to")?,
            quota: maybe_named(r, "quota_id", "quota_name")?,
            created_at: r.try_get("created_at")?,
        })
    },
};

/// What the flows need of a disk.
#[derive(Debug, Clone)]
pub struct Disk {
    pub id: DiskId,
    pub storage_domain: StorageDomainId,
    pub path: String,
    pub alias: String,
    pub virtual_size: u64,
    pub allocation: Allocation,
    pub format: Format,
    pub status: DiskStatus,
    pub volume: String,
    /// Volume name and format of the disk below; always of the same domain.
    pub backing: Option<(String, Format)>,
    /// What it is still to be made a copy of.
    pub source: Option<Source>,
}

pub struct NewDisk<'a> {
    pub id: DiskId,
    pub storage_domain: StorageDomainId,
    pub alias: &'a str,
    pub description: &'a str,
    pub virtual_size: u64,
    pub content: DiskContent,
    pub allocation: Allocation,
    pub backing: Option<DiskId>,
    pub source: Option<Source>,
    /// None is the default.
    pub quota: Option<model::QuotaId>,
}

impl NewDisk<'_> {
    /// The volume's name on the storage: the disk's id, with what it is for whoever looks there.
    pub fn volume(&self) -> String {
        let ending = match self.content {
            DiskContent::Data => self.allocation.format().as_str(),
            DiskContent::Memory => "memory",
        };
        format!("{}.{ending}", self.id)
    }
}

/// Inserts a locked disk under its domain.
pub async fn insert(c: &mut PgConnection, d: &NewDisk<'_>, now: OffsetDateTime) -> StoreResult<()> {
    objects::place(&mut *c, d.id.0, Kind::Disk, &[d.storage_domain.0]).await?;
    sqlx::query!(
        "INSERT INTO disks (id, storage_domain_id, alias, virtual_size, allocation, format, status, volume,
                            backing_disk_id, created_at, content, source, quota_id, description)
         VALUES ($1, $2, $3, $4, $5, $6, 'locked', $7, $8, $9, $10, $11, $12, $13)",
        d.id.0,
        d.storage_domain.0,
        d.alias,
        signed(d.virtual_size),
        d.allocation.as_str(),
        d.allocation.format().as_str(),
        d.volume(),
        d.backing.map(|b| b.0),
        now,
        d.content.as_str(),
        d.source.as_ref().map(Json) as Option<Json<&Source>>,
        d.quota.map(|q| q.0),
        d.description
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn get(c: &mut PgConnection, id: DiskId) -> StoreResult<Option<Disk>> {
    let row = sqlx::query!(
        r#"SELECT k.id, k.storage_domain_id, k.alias, k.virtual_size, k.allocation, k.format, k.status, k.volume,
                  k.source AS "source: Json<Source>", s.path, b.volume AS "backing_volume?", b.format AS "backing_format?" FROM disks k
           JOIN storage_domains s ON s.id = k.storage_domain_id LEFT JOIN disks b ON b.id = k.backing_disk_id
           WHERE k.id = $1"#,
        id.0
    )
    .fetch_optional(c)
    .await?;
    let Some(r) = row else { return Ok(None) };
    let backing = match (r.backing_volume, r.backing_format) {
        (Some(volume), Some(format)) => Some((volume, parsed("a disk's format", &format)?)),
        _ => None,
    };
    Ok(Some(Disk {
        id,
        storage_domain: StorageDomainId(r.storage_domain_id),
        path: r.path,
        alias: r.alias,
        virtual_size: r.virtual_size.unsigned_abs(),
        allocation: parsed("a disk's allocation", &r.allocation)?,
        format: parsed("a disk's format", &r.format)?,
        status: parsed("a disk's status", &r.status)?,
        volume: r.volume,
        backing,
        source: r.source.map(|source| source.0),
    }))
}

/// What somebody changed of it; false when somebody else was faster.
pub async fn update(
    c: &mut PgConnection,
    id: DiskId,
    version: i64,
    (alias, description): (&str, &str),
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE disks SET alias = $3, description = $4, version = version + 1 WHERE id = $1 AND version = $2",
        id.0,
        version,
        alias,
        description
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Something around it has changed: whoever looks at it is told.
pub async fn touch(c: &mut PgConnection, id: DiskId) -> StoreResult<()> {
    sqlx::query!("UPDATE disks SET version = version + 1 WHERE id = $1", id.0).execute(c).await?;
    Ok(())
}

/// How large it is, or is to become: what its quota counts.
pub async fn set_virtual_size(c: &mut PgConnection, id: DiskId, size: u64) -> StoreResult<()> {
    sqlx::query!("UPDATE disks SET virtual_size = $2 WHERE id = $1", id.0, signed(size)).execute(c).await?;
    Ok(())
}

pub async fn set_status(c: &mut PgConnection, id: DiskId, status: DiskStatus) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE disks SET status = $2, version = version + 1 WHERE id = $1 AND status <> $2",
        id.0,
        status.as_str()
    )
    .execute(c)
    .await?;
    Ok(())
}

/// A disk that nobody has any more and whose volume may still be there: below its domain only, to be removed.
pub async fn leave(c: &mut PgConnection, id: DiskId) -> StoreResult<()> {
    let Some(disk) = get(c, id).await? else { return Ok(()) };
    objects::place(&mut *c, id.0, Kind::Disk, &[disk.storage_domain.0]).await?;
    set_status(c, id, DiskStatus::Illegal).await
}

/// It is what it was to be a copy of.
pub async fn copied(c: &mut PgConnection, id: DiskId) -> StoreResult<()> {
    sqlx::query!("UPDATE disks SET source = NULL WHERE id = $1", id.0).execute(c).await?;
    Ok(())
}

pub async fn set_sizes(
    c: &mut PgConnection,
    id: DiskId,
    virtual_size: u64,
    actual_size: u64,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE disks SET virtual_size = $2, actual_size = $3
         WHERE id = $1 AND (virtual_size, actual_size) IS DISTINCT FROM ($2, $3)",
        id.0,
        signed(virtual_size),
        signed(actual_size)
    )
    .execute(c)
    .await?;
    Ok(())
}

/// What volumes of a domain take, by their names. A disk that a job works on is the job's to measure.
pub async fn measured(
    c: &mut PgConnection,
    domain: StorageDomainId,
    sizes: &[(String, u64)],
) -> StoreResult<()> {
    let (names, sizes): (Vec<String>, Vec<i64>) =
        sizes.iter().map(|(name, size)| (name.clone(), signed(*size))).unzip();
    sqlx::query!(
        "UPDATE disks SET actual_size = v.size FROM unnest($2::text[], $3::bigint[]) AS v (name, size)
         WHERE storage_domain_id = $1 AND volume = v.name AND status = 'ok' AND actual_size <> v.size",
        domain.0,
        &names,
        &sizes
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn of_vm(c: &mut PgConnection, vm: VmId) -> StoreResult<Vec<DiskId>> {
    Ok(sqlx::query_scalar!("SELECT disk_id FROM vm_disks WHERE vm_id = $1 ORDER BY position", vm.0)
        .fetch_all(c)
        .await?
        .into_iter()
        .map(DiskId)
        .collect())
}

pub async fn of_template(c: &mut PgConnection, template: TemplateId) -> StoreResult<Option<DiskId>> {
    Ok(sqlx::query_scalar!("SELECT disk_id FROM templates WHERE id = $1", template.0)
        .fetch_optional(c)
        .await?
        .map(DiskId))
}

/// All volumes that Drover knows in a domain, with the size it last measured.
pub async fn volumes(c: &mut PgConnection, domain: StorageDomainId) -> StoreResult<Vec<(DiskId, String)>> {
    let rows = sqlx::query!("SELECT id, volume FROM disks WHERE storage_domain_id = $1", domain.0)
        .fetch_all(c)
        .await?;
    Ok(rows.into_iter().map(|r| (DiskId(r.id), r.volume)).collect())
}
