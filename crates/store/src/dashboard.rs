//! What the dashboard counts and adds up, for one person's eyes. Each question is one statement over all objects: who
//! does not see everything gets theirs by `seen`, because asking `visible` for each of ten thousand is too slow.

mod most;

use model::host::HostStatus;
use model::storage_domain::StorageStatus;
use model::vm::VmStatus;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::{Viewer, parsed};

pub use most::{Most, hosts_most, vms_most};

/// How many have which status.
#[derive(Debug, Clone, Default)]
pub struct Statuses {
    pub hosts: Vec<(HostStatus, u64)>,
    pub vms: Vec<(VmStatus, u64)>,
}

pub async fn statuses(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Statuses> {
    let rows = sqlx::query!(
        r#"WITH seen AS MATERIALIZED (SELECT id FROM seen($2) AS known (id) WHERE NOT $1::bool)
           SELECT 'host' AS "kind!", status AS "status!", count(*) AS "n!" FROM hosts
           WHERE $1 OR id IN (SELECT id FROM seen) GROUP BY status
           UNION ALL
           SELECT 'vm', status, count(*) FROM vms WHERE $1 OR id IN (SELECT id FROM seen) GROUP BY status"#,
        viewer.all,
        viewer.user
    );
    let mut found = Statuses::default();
    for row in rows.fetch_all(c).await? {
        let n = row.n.unsigned_abs();
        match row.kind.as_str() {
            "host" => found.hosts.push((parsed("a host's status", &row.status)?, n)),
            _ => found.vms.push((parsed("a VM's status", &row.status)?, n)),
        }
    }
    Ok(found)
}

pub async fn data_centers(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM data_centers WHERE $1 OR id IN (SELECT id FROM seen($2) AS known (id)) ORDER BY name",
        viewer.all,
        viewer.user
    );
    Ok(ids.fetch_all(c).await?)
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
    let rows = sqlx::query!(
        r#"WITH seen AS MATERIALIZED (SELECT id FROM seen($2) AS known (id) WHERE NOT $1::bool),
           theirs AS (
               SELECT h.cluster_id, count(*) FILTER (WHERE h.intended = 'active') AS hosts,
                      count(*) FILTER (WHERE h.status = 'up') AS up, sum(f.cpus) FILTER (WHERE h.status = 'up') AS cpus,
                      sum(f.cpus * h.cpu_percent / 100) FILTER (WHERE h.status = 'up') AS busy,
                      sum(f.memory) FILTER (WHERE h.status = 'up') AS memory,
                      sum(f.memory - h.memory_free) FILTER (WHERE h.status = 'up') AS used
               FROM hosts h LEFT JOIN LATERAL jsonb_to_record(h.facts) AS f (cpus integer, memory bigint) ON true
               WHERE $1 OR h.id IN (SELECT id FROM seen) GROUP BY h.cluster_id)
           SELECT c.id, c.name, c.data_center_id, coalesce(t.hosts, 0) AS "hosts!", coalesce(t.up, 0) AS "up!",
                  coalesce(t.cpus, 0)::double precision AS "cpus!", coalesce(t.busy, 0)::double precision AS "busy!",
                  coalesce(t.memory, 0)::double precision AS "memory!", coalesce(t.used, 0)::double precision AS "used!"
           FROM clusters c LEFT JOIN theirs t ON t.cluster_id = c.id
           WHERE $1 OR c.id IN (SELECT id FROM seen) ORDER BY lower(c.name)"#,
        viewer.all,
        viewer.user
    )
    .fetch_all(c)
    .await?;
    let read = rows.into_iter().map(|r| ClusterUse {
        id: r.id,
        name: r.name,
        data_center: r.data_center_id,
        hosts: r.hosts.unsigned_abs(),
        up: r.up.unsigned_abs(),
        cpus: r.cpus,
        cpus_busy: r.busy,
        memory: r.memory,
        memory_used: r.used,
    });
    Ok(read.collect())
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

pub async fn domains(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vec<DomainUse>> {
    let rows = sqlx::query!(
        r#"WITH promised AS (SELECT storage_domain_id, sum(virtual_size) AS size FROM disks GROUP BY storage_domain_id)
           SELECT s.id, s.name, s.data_center_id, s.status, coalesce(s.capacity, 0)::double precision AS "capacity!",
                  coalesce(s.capacity - s.available, 0)::double precision AS "used!",
                  coalesce(p.size, 0)::double precision AS "promised!"
           FROM storage_domains s LEFT JOIN promised p ON p.storage_domain_id = s.id
           WHERE $1 OR s.id IN (SELECT id FROM seen($2) AS known (id)) ORDER BY lower(s.name)"#,
        viewer.all,
        viewer.user
    )
    .fetch_all(c)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(DomainUse {
                id: r.id,
                name: r.name,
                data_center: r.data_center_id,
                status: parsed("a storage domain's status", &r.status)?,
                capacity: r.capacity,
                used: r.used,
                promised: r.promised,
            })
        })
        .collect()
}

/// vCPUs and memory of the VMs on the hosts that are Up.
pub async fn promised(c: &mut PgConnection, viewer: Viewer) -> StoreResult<(f64, f64)> {
    let row = sqlx::query!(
        r#"SELECT coalesce(sum(v.sockets * v.cores * v.threads), 0)::double precision AS "vcpus!",
                  coalesce(sum(v.memory), 0)::double precision AS "memory!"
           FROM vms v JOIN hosts h ON h.id = v.host_id AND h.status = 'up'
           WHERE $1 OR h.id IN (SELECT id FROM seen($2) AS known (id))"#,
        viewer.all,
        viewer.user
    )
    .fetch_one(c)
    .await?;
    Ok((row.vcpus, row.memory))
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
