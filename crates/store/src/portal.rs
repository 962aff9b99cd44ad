//! What the VM portal sums up of somebody's machines.

use model::portal::{OwnDisk, Totals};
use sqlx::PgConnection;

use crate::StoreResult;
use crate::list::{Viewer, signed};

/// Of everything that the viewer sees; what runs is counted as it was started.
pub async fn totals(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Totals> {
    let row = sqlx::query!(
        r#"WITH own AS MATERIALIZED (
               SELECT v.id, v.sockets::bigint * v.cores * v.threads AS vcpus, v.memory,
                      v.status NOT IN ('down', 'suspended', 'image_locked', 'image_illegal') AS runs,
                      (v.running ->> 'sockets')::bigint * (v.running ->> 'cores')::bigint
                          * (v.running ->> 'threads')::bigint AS run_vcpus,
                      (v.running ->> 'memory')::bigint AS run_memory
               FROM vms v WHERE $1 OR v.id IN (SELECT seen($2))),
           disks AS MATERIALIZED (
               SELECT sum(k.virtual_size)::bigint AS virtual_size, sum(k.actual_size)::bigint AS actual_size
               FROM vm_disks a JOIN disks k ON k.id = a.disk_id
               WHERE k.content = 'data' AND a.vm_id IN (SELECT id FROM own))
           SELECT count(*) AS "machines!", count(*) FILTER (WHERE runs) AS "running!",
                  coalesce(sum(vcpus), 0)::bigint AS "vcpus!",
                  coalesce(sum(coalesce(run_vcpus, vcpus)) FILTER (WHERE runs), 0)::bigint AS "vcpus_running!",
                  coalesce(sum(memory), 0)::bigint AS "memory!",
                  coalesce(sum(coalesce(run_memory, memory)) FILTER (WHERE runs), 0)::bigint AS "memory_running!",
                  coalesce((SELECT virtual_size FROM disks), 0) AS "virtual_size!",
                  coalesce((SELECT actual_size FROM disks), 0) AS "actual_size!"
           FROM own"#,
        viewer.all,
        viewer.user
    )
    .fetch_one(c)
    .await?;
    let all = |n: i64| n.unsigned_abs();
    Ok(Totals {
        machines: all(row.machines),
        running: all(row.running),
        vcpus: all(row.vcpus),
        vcpus_running: all(row.vcpus_running),
        memory: all(row.memory),
        memory_running: all(row.memory_running),
        virtual_size: all(row.virtual_size),
        actual_size: all(row.actual_size),
    })
}

/// The disks of the machines that the viewer sees, those that hold most first; at most `most`.
pub async fn disks(c: &mut PgConnection, viewer: Viewer, most: u64) -> StoreResult<Vec<OwnDisk>> {
    let rows = sqlx::query!(
        r#"SELECT v.id AS vm, v.name, k.id, k.alias, k.virtual_size, k.actual_size
           FROM vm_disks a JOIN vms v ON v.id = a.vm_id JOIN disks k ON k.id = a.disk_id
           WHERE k.content = 'data' AND ($1 OR v.id IN (SELECT seen($2)))
           ORDER BY k.virtual_size DESC, k.id LIMIT $3"#,
        viewer.all,
        viewer.user,
        signed(most)
    )
    .fetch_all(c)
    .await?;
    let own = rows.into_iter().map(|row| OwnDisk {
        vm: (row.vm, row.name),
        id: row.id,
        alias: row.alias,
        virtual_size: row.virtual_size.unsigned_abs(),
        actual_size: row.actual_size.unsigned_abs(),
    });
    Ok(own.collect())
}
