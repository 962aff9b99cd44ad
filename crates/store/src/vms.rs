//! Virtual machines: rows for people, what the flows and reconcilers read, and the VM as it was asked for. What is
//! written of its runs is in `run`.

use model::lease::{Lease, Term};
use model::vm::{GuestInfo, VmRow};
use model::vm_options::VmOptions;
use model::vm_request::VmConfig;
use model::{ClusterId, DiskId, TemplateId, UserId, VmId, id::Kind};
use search::Entity;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;

use crate::list::{Rank, Spec, json, maybe_named, named, signed, size, word};
use crate::tags::tags_of;
use crate::{StoreResult, objects};

mod booked;
mod disks;
mod lease;
mod nics;
mod parts;
mod run;
mod shown;

pub use booked::{Booked, of_host};
pub use disks::{Attachment, attach, attached, attachment, detach, set_bootable};
pub use lease::{lease_due, put_off, set_due, set_end, set_lease};
pub use nics::{WiredNic, add_nic, mac_taken, nic, nics, remove_nic, update_nic};
pub use parts::details;
pub use run::{
    begin_run, end_run, end_screen_password, forget_agent, set_cd, set_guest, set_ha, set_host, set_intent,
    set_memory, set_screen_password, set_started, set_status, suspend_run,
};
pub use shown::show_use;

/// Its screen, which is that of the run while it runs; an empty document has what everybody begins with.
macro_rules! graphics {
    () => {
        "coalesce(coalesce(v.running -> 'options', v.options) ->> 'graphics', 'vnc')"
    };
}
/// What a row shows beside what is written of the machine.
macro_rules! beside {
    () => {
        concat!(
            "v.sockets * v.cores * v.threads AS vcpus, ",
            graphics!(),
            " AS graphics, coalesce((v.options ->> 'protected')::boolean, false) AS protected, c.name AS cluster_name,
            d.id AS data_center_id, d.name AS data_center_name, h.name AS host_name, q.name AS quota_name, ",
            tags_of!("v.id")
        )
    };
}
/// For a list, which is long: no more than it shows.
const SHOWN: &str = concat!(
    "v.id, v.version, v.name, v.description, v.comment, v.status, v.intended, v.status_reason, v.host_id, v.cluster_id,
    v.memory, v.memory_percent, v.cpu_percent, v.network_rate, v.guest, v.quota_id, v.started_at, v.expires_at,
    v.lease_stage, ",
    beside!()
);
const COLUMNS: &str = concat!("v.*, t.name AS template_name, ", beside!());
const FROM: &str =
    "FROM vms v LEFT JOIN clusters c ON c.id = v.cluster_id LEFT JOIN data_centers d ON d.id = c.data_center_id
    LEFT JOIN hosts h ON h.id = v.host_id LEFT JOIN templates t ON t.id = v.template_id
    LEFT JOIN quotas q ON q.id = v.quota_id";

pub static LIST: Spec<VmRow> = Spec {
    entity: Entity::Vms,
    columns: SHOWN,
    from: FROM,
    id: "v.id",
    sorts: &[
        ("name", "lower(v.name)"),
        ("comment", "lower(v.comment)"),
        ("description", "lower(v.description)"),
        ("status", "v.status"),
        ("host", "lower(h.name)"),
        ("cluster", "lower(c.name)"),
        ("data_center", "lower(d.name)"),
        ("memory", "v.memory"),
        ("vcpus", "vcpus"),
        ("memory_percent", "v.memory_percent"),
        ("cpu_percent", "v.cpu_percent"),
        ("network", "v.network_rate"),
        ("uptime", "v.started_at"),
        ("addresses", "v.first_address"),
        ("graphics", graphics!()),
        ("quota", "lower(q.name)"),
        ("fqdn", "lower(v.guest ->> 'hostname')"),
        ("expires", "v.expires_at"),
        ("tags", "tags"),
        ("id", "v.id"),
    ],
    ranks: &[
        Rank {
            by: "lower(h.name)",
            of: "v.host_id",
            among: "SELECT x.id, dense_rank() OVER (ORDER BY lower(x.name)) FROM hosts x",
        },
        Rank {
            by: "lower(c.name)",
            of: "v.cluster_id",
            among: "SELECT x.id, dense_rank() OVER (ORDER BY lower(x.name)) FROM clusters x",
        },
        Rank {
            by: "lower(d.name)",
            of: "v.cluster_id",
            among: "SELECT x.id, dense_rank() OVER (ORDER BY lower(y.name))
                    FROM clusters x JOIN data_centers y ON y.id = x.data_center_id",
        },
    ],
    read: read_row,
};

static MACHINE: Spec<Vm> = Spec {
    entity: Entity::Vms,
    columns: COLUMNS,
    from: FROM,
    id: "v.id",
    sorts: &[],
    ranks: &[],
    read: read_vm,
};

fn read_row(r: &PgRow) -> Result<VmRow, sqlx::Error> {
    let guest: Option<GuestInfo> = json(r, "guest")?;
    let guest = guest.unwrap_or_default();
    Ok(VmRow {
        id: VmId(r.try_get("id")?),
        version: r.try_get("version")?,
        name: r.try_get("name")?,
        description: r.try_get("description")?,
        comment: r.try_get("comment")?,
        status: word(r, "status")?,
        intended: word(r, "intended")?,
        status_reason: json(r, "status_reason")?,
        host: maybe_named(r, "host_id", "host_name")?,
        cluster: named(r, "cluster_id", "cluster_name")?,
        data_center: named(r, "data_center_id", "data_center_name")?,
        memory: size(r, "memory")?,
        vcpus: r.try_get::<i32, _>("vcpus")?.unsigned_abs(),
        memory_percent: r.try_get("memory_percent")?,
        cpu_percent: r.try_get("cpu_percent")?,
        network_rate: r.try_get::<Option<i64>, _>("network_rate")?.map(i64::unsigned_abs),
        addresses: guest.interfaces.into_iter().flat_map(|i| i.addresses).filter(|a| reachable(a)).collect(),
        fqdn: guest.hostname,
        os: guest.os,
        graphics: word(r, "graphics")?,
        quota: maybe_named(r, "quota_id", "quota_name")?,
        protected: r.try_get("protected")?,
        tags: r.try_get("tags")?,
        started_at: r.try_get("started_at")?,
        expires_at: r.try_get("expires_at")?,
        lease_stage: word(r, "lease_stage")?,
    })
}

/// Whether others could use the address, as the schema's `guest_address` has it: not the guest's own loop, nor one that only its link knows.
fn reachable(address: &str) -> bool {
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(v4)) => !v4.is_loopback() && !v4.is_link_local(),
        Ok(std::net::IpAddr::V6(v6)) => !v6.is_loopback() && (v6.segments()[0] & 0xffc0) != 0xfe80,
        Err(_) => false,
    }
}

/// A VM with what only the server knows of it.
#[derive(Debug, Clone)]
pub struct Vm {
    pub row: VmRow,
    /// Grows with everything that is written of it, but for what its guest and its use tell.
    pub revision: i64,
    pub config: VmConfig,
    pub template: Option<(TemplateId, String)>,
    /// The configuration that the present run was started with.
    pub running: Option<VmConfig>,
    pub vnc_password: Option<String>,
    /// When that stops to open its screen, if it does before the run ends.
    pub vnc_password_until: Option<OffsetDateTime>,
    pub agent_seen: bool,
    pub guest: Option<GuestInfo>,
    pub stop_reason: Option<String>,
    /// How often it was started again by itself since it was well.
    pub ha_attempts: u32,
    pub ha_next_at: Option<OffsetDateTime>,
    /// What its memory was saved to while it is suspended.
    pub memory_disk: Option<DiskId>,
    /// What its template or its quota said when it was made.
    pub lease: Option<Lease>,
    /// When something is due on the way to its end, or after it.
    pub lease_due: Option<OffsetDateTime>,
    pub status_since: OffsetDateTime,
    pub created_at: OffsetDateTime,
}

impl Vm {
    /// What its run began with; of one that does not run, what the next one begins with.
    pub fn of_run(&self) -> &VmConfig {
        self.running.as_ref().unwrap_or(&self.config)
    }

    /// What is decided by when its end comes; of one that never expires, nothing.
    pub fn term(&self) -> Option<Term<'_>> {
        let (stage, status, protected) = (self.row.lease_stage, self.row.status, self.row.protected);
        let term = |expires| Term { stage, expires, lease: self.lease.as_ref(), status, protected };
        self.row.expires_at.map(term)
    }
}

fn read_config(r: &PgRow) -> Result<VmConfig, sqlx::Error> {
    let number = |column| r.try_get::<i32, _>(column).map(i32::unsigned_abs);
    Ok(VmConfig {
        name: r.try_get("name")?,
        description: r.try_get("description")?,
        comment: r.try_get("comment")?,
        memory: size(r, "memory")?,
        sockets: number("sockets")?,
        cores: number("cores")?,
        threads: number("threads")?,
        cpu_model: r.try_get("cpu_model")?,
        options: r.try_get::<Json<VmOptions>, _>("options")?.0,
    })
}

fn read_vm(r: &PgRow) -> Result<Vm, sqlx::Error> {
    Ok(Vm {
        row: read_row(r)?,
        revision: r.try_get("revision")?,
        config: read_config(r)?,
        template: maybe_named(r, "template_id", "template_name")?,
        running: json(r, "running")?,
        vnc_password: r.try_get("vnc_password")?,
        vnc_password_until: r.try_get("vnc_password_until")?,
        agent_seen: r.try_get("agent_seen")?,
        guest: json(r, "guest")?,
        stop_reason: r.try_get("stop_reason")?,
        ha_attempts: r.try_get::<i32, _>("ha_attempts")?.unsigned_abs(),
        ha_next_at: r.try_get("ha_next_at")?,
        memory_disk: r.try_get::<Option<uuid::Uuid>, _>("memory_disk_id")?.map(DiskId),
        lease: json(r, "lease")?,
        lease_due: r.try_get("lease_due")?,
        status_since: r.try_get("status_since")?,
        created_at: r.try_get("created_at")?,
    })
}

pub async fn get(c: &mut PgConnection, id: VmId) -> StoreResult<Option<Vm>> {
    MACHINE.one(c, id.0).await
}

/// Takes the row for the rest of the transaction, then reads it: what a decision is made on stays true.
pub async fn lock(c: &mut PgConnection, id: VmId) -> StoreResult<Option<Vm>> {
    sqlx::query!("SELECT id FROM vms WHERE id = $1 FOR UPDATE", id.0).fetch_optional(&mut *c).await?;
    get(c, id).await
}

/// All VMs that have, or may have, a process somewhere.
pub async fn with_host(c: &mut PgConnection) -> StoreResult<Vec<Vm>> {
    let rows =
        sqlx::query(&format!("SELECT {COLUMNS} {FROM} WHERE v.host_id IS NOT NULL")).fetch_all(c).await?;
    Ok(rows.iter().map(read_vm).collect::<Result<_, _>>()?)
}

/// Highly available VMs that are down although they should run, that nobody works on and whose next attempt is due:
/// the most important first.
pub async fn to_restart(c: &mut PgConnection, now: OffsetDateTime) -> StoreResult<Vec<Vm>> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM}
         WHERE v.intended = 'up' AND v.status = 'down' AND v.host_id IS NULL AND (v.options ->> 'ha')::boolean
           AND (v.ha_next_at IS NULL OR v.ha_next_at <= $1)
           AND NOT EXISTS (SELECT 1 FROM entity_locks l WHERE l.object_id = v.id)
         ORDER BY array_position(ARRAY['high', 'medium', 'low'], v.options ->> 'priority'), v.status_since"
    );
    let rows = sqlx::query(&sql).bind(now).fetch_all(c).await?;
    Ok(rows.iter().map(read_vm).collect::<Result<_, _>>()?)
}

/// Virtual machines that are made by now, with who wants them started.
pub async fn to_start(c: &mut PgConnection) -> StoreResult<Vec<(VmId, String, UserId)>> {
    let rows = sqlx::query!(
        r#"SELECT id, name, start_for AS "who!" FROM vms v WHERE start_for IS NOT NULL AND status = 'down'
             AND NOT EXISTS (SELECT 1 FROM entity_locks l WHERE l.object_id = v.id)"#
    );
    let rows = rows.fetch_all(c).await?;
    Ok(rows.into_iter().map(|row| (VmId(row.id), row.name, UserId(row.who))).collect())
}

/// Says who wants it started once it is made; nobody, when that is over.
pub async fn start_for(c: &mut PgConnection, id: VmId, who: Option<UserId>) -> StoreResult<()> {
    sqlx::query!("UPDATE vms SET start_for = $2 WHERE id = $1", id.0, who.map(|who| who.0))
        .execute(c)
        .await?;
    Ok(())
}

pub async fn insert(
    c: &mut PgConnection,
    id: VmId,
    cluster: ClusterId,
    template: Option<TemplateId>,
    v: &VmConfig,
    now: OffsetDateTime,
) -> StoreResult<()> {
    objects::place(&mut *c, id.0, Kind::Vm, &[cluster.0]).await?;
    sqlx::query!(
        "INSERT INTO vms (id, cluster_id, template_id, name, description, comment, memory, sockets, cores, threads,
                          cpu_model, options, intended, status, status_since, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'down', 'image_locked', $13, $13)",
        id.0, cluster.0, template.map(|t| t.0), v.name, v.description, v.comment, signed(v.memory),
        v.sockets.cast_signed(), v.cores.cast_signed(), v.threads.cast_signed(), v.cpu_model,
        Json(&v.options) as Json<&VmOptions>, now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn update(c: &mut PgConnection, id: VmId, version: i64, v: &VmConfig) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE vms SET name = $3, description = $4, comment = $5, memory = $6, sockets = $7, cores = $8, threads = $9,
                cpu_model = $10, options = $11, version = version + 1, revision = revision + 1
         WHERE id = $1 AND version = $2",
        id.0, version, v.name, v.description, v.comment, signed(v.memory), v.sockets.cast_signed(),
        v.cores.cast_signed(), v.threads.cast_signed(), v.cpu_model, Json(&v.options) as Json<&VmOptions>
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A VM whose disk is a copy of its template's has nothing to do with that any more.
pub async fn leave_template(c: &mut PgConnection, id: VmId) -> StoreResult<()> {
    sqlx::query!("UPDATE vms SET template_id = NULL, revision = revision + 1 WHERE id = $1", id.0)
        .execute(c)
        .await?;
    Ok(())
}

/// A VM whose guest takes a step is past what was saved of it: that is nobody's any more.
pub async fn leave_memory(c: &mut PgConnection, vm: &Vm) -> StoreResult<()> {
    let Some(disk) = vm.memory_disk else { return Ok(()) };
    set_memory(c, vm.row.id, None).await?;
    crate::disks::leave(c, disk).await
}

/// Something of what it is made of has changed: whoever looks at it is told, and nobody's form becomes stale.
async fn touch(c: &mut PgConnection, id: VmId) -> StoreResult<()> {
    sqlx::query!("UPDATE vms SET revision = revision + 1 WHERE id = $1", id.0).execute(c).await?;
    Ok(())
}

pub async fn by_name(c: &mut PgConnection, name: &str) -> StoreResult<Option<VmId>> {
    Ok(sqlx::query_scalar!("SELECT id FROM vms WHERE name = $1", name).fetch_optional(c).await?.map(VmId))
}
