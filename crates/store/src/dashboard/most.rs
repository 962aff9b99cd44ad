//! Who uses most.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::Viewer;

/// One with its use in percent; it may be among the first for either.
#[derive(Debug, Clone)]
pub struct Most {
    pub id: Uuid,
    pub name: String,
    pub cpu: Option<f32>,
    pub memory: Option<f32>,
}

/// The hosts that use most CPU, and those that use most memory.
pub async fn hosts_most(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vec<Most>> {
    let rows = sqlx::query_as!(
        Most,
        r#"WITH used AS MATERIALIZED (
               SELECT h.id, h.name, h.cpu_percent AS cpu,
                      (100 * (1 - h.memory_free::double precision / nullif((h.facts ->> 'memory')::bigint, 0)))::real AS memory
               FROM hosts h WHERE h.status = 'up' AND ($1 OR h.id IN (SELECT id FROM seen($2) AS known (id))))
           (SELECT id AS "id!", name AS "name!", cpu, memory FROM used ORDER BY cpu DESC NULLS LAST LIMIT 10) UNION
           (SELECT * FROM used ORDER BY memory DESC NULLS LAST LIMIT 10)"#,
        viewer.all,
        viewer.user
    );
    Ok(rows.fetch_all(c).await?)
}

/// The same of VMs.
pub async fn vms_most(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Vec<Most>> {
    let rows = sqlx::query_as!(
        Most,
        r#"WITH used AS MATERIALIZED (
               SELECT v.id, v.name, v.cpu_percent AS cpu, v.memory_percent AS memory FROM vms v
               WHERE v.cpu_percent IS NOT NULL AND ($1 OR v.id IN (SELECT id FROM seen($2) AS known (id))))
           (SELECT id AS "id!", name AS "name!", cpu, memory FROM used ORDER BY cpu DESC NULLS LAST LIMIT 10) UNION
           (SELECT * FROM used ORDER BY memory DESC NULLS LAST LIMIT 10)"#,
        viewer.all,
        viewer.user
    );
    Ok(rows.fetch_all(c).await?)
}
