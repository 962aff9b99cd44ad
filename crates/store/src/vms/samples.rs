//! How much VMs used, for an hour. A host tells of all its VMs at once, and so is it written.

use model::VmId;
use model::vm::UsePoint;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::StoreResult;
use crate::list::signed;

/// Points of several VMs, a column each.
struct Columns {
    ids: Vec<uuid::Uuid>,
    at: Vec<OffsetDateTime>,
    cpu: Vec<f32>,
    memory: Vec<f32>,
    network: Vec<i64>,
}

impl Columns {
    fn of(points: &[(VmId, UsePoint)]) -> Self {
        Columns {
            ids: points.iter().map(|(id, _)| id.0).collect(),
            at: points.iter().map(|(_, p)| p.at).collect(),
            cpu: points.iter().map(|(_, p)| p.cpu_percent).collect(),
            memory: points.iter().map(|(_, p)| p.memory_percent).collect(),
            network: points.iter().map(|(_, p)| signed(p.network_rate)).collect(),
        }
    }
}

/// Keeps a sample of each VM that is still there.
pub async fn add_samples(c: &mut PgConnection, points: &[(VmId, UsePoint)]) -> StoreResult<()> {
    let Columns { ids, at, cpu, memory, network } = Columns::of(points);
    sqlx::query!(
        "INSERT INTO vm_samples (vm_id, at, cpu_percent, memory_percent, network_rate)
         SELECT p.* FROM unnest($1::uuid[], $2::timestamptz[], $3::real[], $4::real[], $5::bigint[])
             AS p (id, at, cpu, memory, network) JOIN vms v ON v.id = p.id
         ON CONFLICT DO NOTHING",
        &ids,
        &at,
        &cpu,
        &memory,
        &network
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Makes these points what is shown of the VMs, and so news.
pub async fn show_use(c: &mut PgConnection, points: &[(VmId, UsePoint)]) -> StoreResult<()> {
    let Columns { ids, cpu, memory, network, .. } = Columns::of(points);
    sqlx::query!(
        "UPDATE vms SET cpu_percent = p.cpu, memory_percent = p.memory, network_rate = p.network
         FROM unnest($1::uuid[], $2::real[], $3::real[], $4::bigint[]) AS p (id, cpu, memory, network)
         WHERE vms.id = p.id AND vms.host_id IS NOT NULL",
        &ids,
        &cpu,
        &memory,
        &network
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Forgets what is older.
pub async fn forget_samples(c: &mut PgConnection, vms: &[VmId], before: OffsetDateTime) -> StoreResult<()> {
    let ids: Vec<uuid::Uuid> = vms.iter().map(|vm| vm.0).collect();
    sqlx::query!("DELETE FROM vm_samples WHERE vm_id = ANY ($1) AND at < $2", &ids, before)
        .execute(c)
        .await?;
    Ok(())
}

/// The newest first, an hour at most.
pub(super) async fn history(c: &mut PgConnection, vm: VmId) -> StoreResult<Vec<UsePoint>> {
    let rows = sqlx::query!(
        "SELECT at, cpu_percent, memory_percent, network_rate FROM vm_samples WHERE vm_id = $1 ORDER BY at DESC LIMIT 720",
        vm.0
    )
    .fetch_all(c)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| UsePoint {
            at: r.at,
            cpu_percent: r.cpu_percent,
            memory_percent: r.memory_percent,
            network_rate: r.network_rate.unsigned_abs(),
        })
        .collect())
}
