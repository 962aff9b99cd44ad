//! What is shown of the use of VMs. A host tells of all its VMs at once, and so is it written.

use model::VmId;
use model::statistics::Use;
use sqlx::PgConnection;

use crate::StoreResult;
use crate::list::signed;

/// Makes this what is shown of the VMs, and so news.
pub async fn show_use(c: &mut PgConnection, all: &[(VmId, Use)]) -> StoreResult<()> {
    let ids: Vec<uuid::Uuid> = all.iter().map(|(id, _)| id.0).collect();
    let cpu: Vec<Option<f32>> = all.iter().map(|(_, u)| u.cpu).collect();
    let memory: Vec<Option<f32>> = all.iter().map(|(_, u)| u.memory).collect();
    let network: Vec<Option<i64>> = all.iter().map(|(_, u)| u.network.map(signed)).collect();
    sqlx::query!(
        "UPDATE vms SET cpu_percent = p.cpu, memory_percent = p.memory, network_rate = p.network
         FROM unnest($1::uuid[], $2::real[], $3::real[], $4::bigint[]) AS p (id, cpu, memory, network)
         WHERE vms.id = p.id AND vms.host_id IS NOT NULL",
        &ids,
        &cpu as &[Option<f32>],
        &memory as &[Option<f32>],
        &network as &[Option<i64>]
    )
    .execute(c)
    .await?;
    Ok(())
}
