//! What the dashboard counts and adds up, for one person's eyes. Each question is one statement over all objects: who
//! does not see everything gets theirs by `seen`, because asking `visible` for each of ten thousand is too slow. Whether
//! they do stands in its text, so that it is planned once.

mod most;
mod vms;

use model::host::HostStatus;
use model::storage_domain::StorageStatus;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::{Viewer, parsed, size, word};

pub use most::Most;
pub use vms::{Vms, vms};

/// What narrows a question down to what the viewer (`$1`) sees.
fn scope(viewer: Viewer, id: &str) -> String {
    if viewer.all { "true".to_owned() } else { format!("{id} IN (SELECT seen($1))") }
}

/// How many hosts have which status.
pub async fn hosts(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vec<(HostStatus, u64)>> {
    let sql = format!("SELECT status, count(*) FROM hosts h WHERE {} GROUP BY status", scope(viewer, "h.id"));
    let rows: Vec<(String, i64)> = sqlx::query_as(&sql).bind(viewer.user).fetch_all(c).await?;
    rows.into_iter().map(|(word, n)| Ok((parsed("a host's status", &word)?, n.unsigned_abs()))).collect()
}

/// The hosts that use most CPU, and those that use most memory.
pub async fn hosts_most(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vec<Most>> {
    let sql = format!(
        "WITH used AS MATERIALIZED (
             SELECT h.id, h.name, h.cpu_percent AS cpu,
                    (100 * (1 - h.memory_free::double precision / nullif((h.facts ->> 'memory')::bigint, 0)))::real AS memory
             FROM hosts h WHERE h.status = 'up' AND {})
         (SELECT * FROM used ORDER BY cpu DESC NULLS LAST LIMIT 10) UNION
         (SELECT * FROM used ORDER BY memory DESC NULLS LAST LIMIT 10)",
        scope(viewer, "h.id")
    );
    Ok(sqlx::query_as(&sql).bind(viewer.user).fetch_all(c).await?)
}

pub async fn data_centers(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vec<Uuid>> {
    let sql = format!("SELECT id FROM data_centers d WHERE {} ORDER BY name", scope(viewer, "d.id"));
    Ok(sqlx::query_scalar(&sql).bind(viewer.user).fetch_all(c).await?)
}

/// A cluster with what its hosts have together: those that are Up, but for how many there are that shall be.
#[derive(Debug, Clone)]
pub struct ClusterUse {
    pub id: Uuid,
    pub name: String,
    pub data_center: Uuid,
    pub hosts: u64,
    pub up: u64,
    pub cpus: f64,
    pub cpus_busy: f64,
    /// Bytes.
    pub memory: f64,
    pub memory_used: f64,
}

pub async fn clusters(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vec<ClusterUse>> {
    let sql = format!(
        "WITH theirs AS (
             SELECT h.cluster_id, count(*) FILTER (WHERE h.intended = 'active') AS hosts,
                    count(*) FILTER (WHERE h.status = 'up') AS up, sum(f.cpus) FILTER (WHERE h.status = 'up') AS cpus,
                    sum(f.cpus * h.cpu_percent / 100) FILTER (WHERE h.status = 'up') AS busy,
                    sum(f.memory) FILTER (WHERE h.status = 'up') AS memory,
                    sum(f.memory - h.memory_free) FILTER (WHERE h.status = 'up') AS used
             FROM hosts h LEFT JOIN LATERAL jsonb_to_record(h.facts) AS f (cpus integer, memory bigint) ON true
             WHERE {} GROUP BY h.cluster_id)
         SELECT c.id, c.name, c.data_center_id, coalesce(t.hosts, 0) AS hosts, coalesce(t.up, 0) AS up,
                coalesce(t.cpus, 0)::float8 AS cpus, coalesce(t.busy, 0)::float8 AS cpus_busy,
                coalesce(t.memory, 0)::float8 AS memory, coalesce(t.used, 0)::float8 AS memory_used
         FROM clusters c LEFT JOIN theirs t ON t.cluster_id = c.id
         WHERE {} ORDER BY lower(c.name)",
        scope(viewer, "h.id"),
        scope(viewer, "c.id")
    );
    let rows = sqlx::query(&sql).bind(viewer.user).fetch_all(c).await?;
    Ok(rows.iter().map(cluster).collect::<Result<_, _>>()?)
}

fn cluster(r: &PgRow) -> Result<ClusterUse, sqlx::Error> {
    Ok(ClusterUse {
        id: r.try_get("id")?,
        name: r.try_get("name")?,
        data_center: r.try_get("data_center_id")?,
        hosts: size(r, "hosts")?,
        up: size(r, "up")?,
        cpus: r.try_get("cpus")?,
        cpus_busy: r.try_get("cpus_busy")?,
        memory: r.try_get("memory")?,
        memory_used: r.try_get("memory_used")?,
    })
}

#[derive(Debug, Clone)]
pub struct DomainUse {
    pub id: Uuid,
    pub name: String,
    pub data_center: Uuid,
    pub status: StorageStatus,
    /// Bytes.
    pub capacity: f64,
    pub used: f64,
    /// What its disks may grow to.
    pub promised: f64,
}

/// What is promised is summed domain by domain, in the index of their disks (migration 0043).
pub async fn domains(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vec<DomainUse>> {
    let sql = format!(
        "SELECT s.id, s.name, s.data_center_id, s.status, coalesce(s.capacity, 0)::float8 AS capacity,
                coalesce(s.capacity - s.available, 0)::float8 AS used,
                coalesce((SELECT sum(k.virtual_size) FROM disks k WHERE k.storage_domain_id = s.id), 0)::float8 AS promised
         FROM storage_domains s WHERE {} ORDER BY lower(s.name)",
        scope(viewer, "s.id")
    );
    let rows = sqlx::query(&sql).bind(viewer.user).fetch_all(c).await?;
    Ok(rows.iter().map(domain).collect::<Result<_, _>>()?)
}

fn domain(r: &PgRow) -> Result<DomainUse, sqlx::Error> {
    Ok(DomainUse {
        id: r.try_get("id")?,
        name: r.try_get("name")?,
        data_center: r.try_get("data_center_id")?,
        status: word(r, "status")?,
        capacity: r.try_get("capacity")?,
        used: r.try_get("used")?,
        promised: r.try_get("promised")?,
    })
}

/// Shares in percent at a moment: CPU and memory of hosts, what is used of storage.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub cpu: Option<f32>,
    pub memory: Option<f32>,
    pub storage: Option<f32>,
}

/// How the whole went since `since`, from old to new. Who does not see the whole gets the averages of the hours of
/// the hosts and domains that they see.
pub async fn line(c: &mut PgConnection, viewer: Viewer, since: OffsetDateTime) -> StoreResult<Vec<Moment>> {
    if viewer.all {
        let rows = sqlx::query_as!(
            Moment,
            r#"SELECT avg(cpu)::real AS cpu, avg(memory)::real AS memory, (100 * sum(used) / nullif(sum(capacity), 0))::real AS storage
               FROM samples WHERE object_id = $1 AND at > $2
               GROUP BY date_bin('10 minutes', at, 'epoch') ORDER BY date_bin('10 minutes', at, 'epoch')"#,
            model::SYSTEM,
            since
        );
        return Ok(rows.fetch_all(c).await?);
    }
    let rows = sqlx::query_as!(
        Moment,
        r#"SELECT avg(s.cpu)::real AS cpu, avg(s.memory)::real AS memory,
                  (100 * sum(s.used) / nullif(sum(s.capacity), 0))::real AS storage
           FROM seen($1) AS seen (id) JOIN objects o ON o.id = seen.id AND o.kind IN ('host', 'storage_domain')
           JOIN samples_hourly s ON s.object_id = o.id AND s.at > $2 GROUP BY s.at ORDER BY s.at"#,
        viewer.user,
        since
    );
    Ok(rows.fetch_all(c).await?)
}
