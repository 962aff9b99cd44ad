//! What the dashboard says of virtual machines, in one reading of them: there are many, and each costs the same whatever is
//! asked of it.

use model::vm::VmStatus;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::most::Most;
use crate::StoreResult;
use crate::list::{Viewer, parsed};

#[derive(Debug, Clone, Default)]
pub struct Vms {
    /// How many have which status.
    pub statuses: Vec<(VmStatus, u64)>,
    /// vCPUs and bytes of memory of those on the hosts that are Up.
    pub promised: (f64, f64),
    /// Those that use most CPU, and those that use most memory.
    pub most: Vec<Most>,
}

/// What is counted are the machines that the viewer sees; what is promised is what runs on the hosts that they see.
const FIGURES: &str = "one AS MATERIALIZED (
        SELECT v.id, v.name, v.status, v.cpu_percent AS cpu, v.memory_percent AS memory, {own} AS own, h.id IS NOT NULL AS there,
               v.sockets * v.cores * v.threads AS vcpus, v.memory AS bytes
        FROM vms v LEFT JOIN hosts h ON h.id = v.host_id AND h.status = 'up' AND {there}),
    used AS (SELECT NULL::text, NULL::bigint, NULL::float8, NULL::float8, id, name, cpu, memory FROM one WHERE own AND cpu IS NOT NULL)
    SELECT status, count(*) FILTER (WHERE own) AS n, (sum(vcpus) FILTER (WHERE there))::float8 AS vcpus,
           (sum(bytes) FILTER (WHERE there))::float8 AS bytes,
           NULL::uuid AS id, NULL::text AS name, NULL::real AS cpu, NULL::real AS memory FROM one GROUP BY status
    UNION ALL (
        (SELECT * FROM used ORDER BY cpu DESC NULLS LAST LIMIT 10) UNION (SELECT * FROM used ORDER BY memory DESC NULLS LAST LIMIT 10))";

pub async fn vms(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vms> {
    let (seen, own, there) = match viewer.all {
        true => ("", "true", "true"),
        false => (
            "seen AS MATERIALIZED (SELECT seen($1) AS id), ",
            "v.id IN (SELECT id FROM seen)",
            "h.id IN (SELECT id FROM seen)",
        ),
    };
    let sql = format!("WITH {seen}{}", FIGURES.replace("{own}", own).replace("{there}", there));
    let mut found = Vms::default();
    for row in sqlx::query(&sql).bind(viewer.user).fetch_all(c).await? {
        match row.try_get::<Option<&str>, _>("status")? {
            Some(status) => found.add(&row, parsed("a VM's status", status)?)?,
            None => found.most.push(most(&row)?),
        }
    }
    Ok(found)
}

fn most(row: &PgRow) -> Result<Most, sqlx::Error> {
    Ok(Most {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        cpu: row.try_get("cpu")?,
        memory: row.try_get("memory")?,
    })
}

impl Vms {
    fn add(&mut self, row: &PgRow, status: VmStatus) -> Result<(), sqlx::Error> {
        let n = row.try_get::<i64, _>("n")?.unsigned_abs();
        if n > 0 {
            self.statuses.push((status, n));
        }
        self.promised.0 += row.try_get::<Option<f64>, _>("vcpus")?.unwrap_or_default();
        self.promised.1 += row.try_get::<Option<f64>, _>("bytes")?.unwrap_or_default();
        Ok(())
    }
}
