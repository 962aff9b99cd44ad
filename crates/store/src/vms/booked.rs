//! What whoever watches a host needs of the VMs on it. Read at every look, hundreds of times a second in a large
//! estate, so that it is one table and no names of others.

use model::vm::{GuestInfo, VmStatus};
use model::{HostId, Text, VmId};
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::StoreResult;
use crate::list::parsed;

/// A VM that has, or may have, a process on a host.
#[derive(Debug, Clone)]
pub struct Booked {
    pub id: VmId,
    pub name: String,
    /// Grows with everything that is written of it, but for what its guest and its use tell.
    pub revision: i64,
    pub status: VmStatus,
    pub status_reason: Option<Text>,
    pub status_since: OffsetDateTime,
    pub started_at: Option<OffsetDateTime>,
    pub stop_reason: Option<String>,
    pub agent_seen: bool,
    pub guest: Option<GuestInfo>,
    pub vcpus: u32,
    /// What is shown of its use.
    pub cpu_percent: Option<f32>,
    pub memory_percent: Option<f32>,
    pub network_rate: Option<u64>,
}

pub async fn of_host(c: &mut PgConnection, host: HostId) -> StoreResult<Vec<Booked>> {
    let rows = sqlx::query!(
        r#"SELECT id, name, revision, status, status_reason AS "status_reason: Json<Text>", status_since, started_at,
                  stop_reason, agent_seen, guest AS "guest: Json<GuestInfo>", sockets * cores * threads AS "vcpus!",
                  cpu_percent, memory_percent, network_rate
           FROM vms WHERE host_id = $1"#,
        host.0
    );
    let read = rows.fetch_all(c).await?.into_iter().map(|r| {
        Ok(Booked {
            id: VmId(r.id),
            name: r.name,
            revision: r.revision,
            status: parsed("a VM's status", &r.status)?,
            status_reason: r.status_reason.map(|json| json.0),
            status_since: r.status_since,
            started_at: r.started_at,
            stop_reason: r.stop_reason,
            agent_seen: r.agent_seen,
            guest: r.guest.map(|json| json.0),
            vcpus: r.vcpus.unsigned_abs(),
            cpu_percent: r.cpu_percent,
            memory_percent: r.memory_percent,
            network_rate: r.network_rate.map(i64::unsigned_abs),
        })
    });
    read.collect()
}
