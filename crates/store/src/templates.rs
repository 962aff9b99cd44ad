//! Templates.

use model::lease::Lease;
use model::template::{EditTemplate, TemplateRow, TemplateStatus};
use model::vm_options::VmOptions;
use model::{DataCenterId, DiskId, StorageDomainId, TemplateId, Text, id::Kind};
use search::Entity;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;

use crate::list::{Spec, count, json, named, parsed, signed, size, word};
use crate::tags::tags_of;
use crate::{StoreResult, objects};

pub static LIST: Spec<TemplateRow> = Spec {
    entity: Entity::Templates,
    columns: concat!("t.*, t.sockets * t.cores * t.threads AS vcpus, d.name AS data_center_name, k.virtual_size AS disk_size,
              s.id AS storage_domain_id, s.name AS storage_domain_name,
              coalesce(n.vms, 0) AS vm_count, ", tags_of!("t.id")),
    from: "FROM templates t JOIN data_centers d ON d.id = t.data_center_id JOIN disks k ON k.id = t.disk_id
           JOIN storage_domains s ON s.id = k.storage_domain_id
           LEFT JOIN (SELECT template_id, count(*) AS vms FROM vms GROUP BY template_id) n ON n.template_id = t.id",
    id: "t.id",
    sorts: &[
        ("name", "lower(t.name)"), ("description", "lower(t.description)"), ("comment", "lower(t.comment)"),
        ("status", "t.status"), ("data_center", "lower(d.name)"), ("storage_domain", "lower(s.name)"),
        ("memory", "t.memory"), ("vcpus", "vcpus"), ("disk_size", "disk_size"), ("vms", "vm_count"),
        ("created", "t.created_at"), ("cpu_model", "t.cpu_model"), ("tags", "tags"), ("id", "t.id"),
    ],
    ranks: &[],
    read: |r| {
        Ok(TemplateRow {
            id: TemplateId(r.try_get("id")?),
            version: r.try_get("version")?,
            name: r.try_get("name")?,
            description: r.try_get("description")?,
            comment: r.try_get("comment")?,
            status: word(r, "status")?,
            data_center: named(r, "data_center_id", "data_center_name")?,
            storage_domain: named(r, "storage_domain_id", "storage_domain_name")?,
            memory: size(r, "memory")?,
            vcpus: r.try_get::<i32, _>("vcpus")?.unsigned_abs(),
            disk_size: size(r, "disk_size")?,
            vm_count: count(r, "vm_count")?,
            cpu_model: r.try_get("cpu_model")?,
            options: r.try_get::<Json<VmOptions>, _>("options")?.0,
            lease: json(r, "lease")?,
            tags: r.try_get("tags")?,
            created_at: r.try_get("created_at")?,
        })
    },
};

/// What creating a VM needs of a template.
#[derive(Debug, Clone)]
pub struct Template {
    pub id: TemplateId,
    pub name: String,
    pub data_center: DataCenterId,
    pub status: TemplateStatus,
    pub disk: DiskId,
    pub storage_domain: StorageDomainId,
    pub disk_size: u64,
    pub lease: Option<Lease>,
}

pub struct NewTemplate<'a> {
    pub id: TemplateId,
    pub data_center: DataCenterId,
    pub name: &'a str,
    pub description: &'a str,
    pub memory: u64,
    pub comment: &'a str,
    pub sockets: u32,
    pub cores: u32,
    pub threads: u32,
    pub cpu_model: Option<&'a str>,
    pub options: VmOptions,
    pub disk: DiskId,
    pub storage_domain: StorageDomainId,
}

/// Inserts a locked template, below its data center and the domain that has its disk.
pub async fn insert(c: &mut PgConnection, t: &NewTemplate<'_>, now: OffsetDateTime) -> StoreResult<()> {
    objects::place(&mut *c, t.id.0, Kind::Template, &[t.data_center.0, t.storage_domain.0]).await?;
    sqlx::query!(
        "INSERT INTO templates (id, data_center_id, name, description, comment, status, memory, sockets, cores, threads,
                                cpu_model, options, disk_id, created_at)
         VALUES ($1, $2, $3, $4, $5, 'locked', $6, $7, $8, $9, $10, $11, $12, $13)",
        t.id.0, t.data_center.0, t.name, t.description, t.comment, signed(t.memory), t.sockets.cast_signed(),
        t.cores.cast_signed(), t.threads.cast_signed(), t.cpu_model, Json(&t.options) as Json<&VmOptions>, t.disk.0, now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn get(c: &mut PgConnection, id: TemplateId) -> StoreResult<Option<Template>> {
    let row = sqlx::query!(
        r#"SELECT t.name, t.data_center_id, t.status, t.disk_id, k.storage_domain_id, k.virtual_size,
                  t.lease AS "lease: Json<Lease>" FROM templates t
           JOIN disks k ON k.id = t.disk_id WHERE t.id = $1"#,
        id.0
    )
    .fetch_optional(c)
    .await?;
    row.map(|r| {
        Ok(Template {
            id,
            name: r.name,
            data_center: DataCenterId(r.data_center_id),
            status: parsed("a template's status", &r.status)?,
            disk: DiskId(r.disk_id),
            storage_domain: StorageDomainId(r.storage_domain_id),
            disk_size: r.virtual_size.unsigned_abs(),
            lease: r.lease.map(|lease| lease.0),
        })
    })
    .transpose()
}

/// False when the version is not that any more.
pub async fn update(c: &mut PgConnection, id: TemplateId, t: &EditTemplate) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE templates SET name = $3, description = $4, comment = $5, lease = $6, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0,
        t.version,
        t.name,
        t.description,
        t.comment,
        t.lease.as_ref().map(Json) as Option<Json<&Lease>>
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn set_status(c: &mut PgConnection, id: TemplateId, status: TemplateStatus) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE templates SET status = $2, version = version + 1 WHERE id = $1",
        id.0,
        status.as_str()
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Says, until the transaction ends, that this process is at work on the template's volume. False when
/// another is. The database forgets it by itself when the process dies.
pub async fn claim(c: &mut PgConnection, id: TemplateId) -> StoreResult<bool> {
    let (high, low) = id.0.as_u64_pair();
    let key = (high ^ low).cast_signed();
    Ok(sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock($1) AS "claimed!""#, key).fetch_one(c).await?)
}

/// Templates that somebody is at work on, or was when their process died. What a job is at is the job's.
pub async fn locked(c: &mut PgConnection) -> StoreResult<Vec<TemplateId>> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM templates t WHERE status = 'locked'
           AND NOT EXISTS (SELECT 1 FROM entity_locks l WHERE l.object_id = t.id) ORDER BY created_at"
    );
    Ok(ids.fetch_all(c).await?.into_iter().map(TemplateId).collect())
}

pub async fn users(c: &mut PgConnection, id: TemplateId) -> StoreResult<Vec<Text>> {
    // A disk that outlived its VM still reads from the template's.
    let rows = sqlx::query!(
        r#"SELECT kind AS "kind!", name AS "name!" FROM (
             SELECT 'vm' AS kind, name FROM vms WHERE template_id = $1
             UNION ALL SELECT 'disk', k.alias FROM disks k JOIN templates t ON t.disk_id = k.backing_disk_id
               WHERE t.id = $1 AND NOT EXISTS (SELECT 1 FROM vm_disks x WHERE x.disk_id = k.id)) u
           ORDER BY kind DESC, name LIMIT 20"#,
        id.0
    );
    Ok(rows.fetch_all(c).await?.iter().map(|r| objects::used_by(&r.kind, &r.name)).collect())
}

pub async fn by_name(
    c: &mut PgConnection,
    data_center: DataCenterId,
    name: &str,
) -> StoreResult<Option<TemplateId>> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM templates WHERE data_center_id = $1 AND name = $2",
        data_center.0,
        name
    );
    Ok(id.fetch_optional(c).await?.map(TemplateId))
}
