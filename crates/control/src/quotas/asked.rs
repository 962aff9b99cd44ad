//! What a request would use, before it is known where that is called what.

use model::quota::{Need, Resource};
use model::vm_request::VmConfig;
use model::{ClusterId, StorageDomainId};
use store::PgConnection;

use crate::Outcome;

#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// In this cluster: vCPUs, as quotas count them, and bytes of memory.
    pub cluster: Option<(ClusterId, u64, u64)>,
    /// Bytes on this domain.
    pub storage: Option<(StorageDomainId, u64)>,
}

impl Asked {
    /// What a run with this configuration uses. Threads are not counted.
    pub fn run(cluster: ClusterId, config: &VmConfig) -> Asked {
        Asked { cluster: Some((cluster, vcpus(config), config.memory)), storage: None }
    }

    /// What one run uses more than another.
    pub fn more(cluster: ClusterId, before: &VmConfig, after: &VmConfig) -> Asked {
        let vcpus = vcpus(after).saturating_sub(vcpus(before));
        Asked { cluster: Some((cluster, vcpus, after.memory.saturating_sub(before.memory))), storage: None }
    }

    pub fn disk(domain: StorageDomainId, size: u64) -> Asked {
        Asked { cluster: None, storage: Some((domain, size)) }
    }

    pub(super) async fn needs(&self, c: &mut PgConnection) -> Outcome<Vec<Need>> {
        let mut needs = Vec::new();
        if let Some((cluster, vcpus, memory)) = self.cluster {
            let place = (cluster.0, store::quotas::cluster_name(c, cluster).await?);
            needs.push(Need { what: Resource::Vcpus, place: place.clone(), amount: vcpus });
            needs.push(Need { what: Resource::Memory, place, amount: memory });
        }
        if let Some((domain, amount)) = self.storage {
            let place = (domain.0, store::quotas::domain_name(c, domain).await?);
            needs.push(Need { what: Resource::Storage, place, amount });
        }
        Ok(needs)
    }
}

fn vcpus(config: &VmConfig) -> u64 {
    u64::from(config.sockets) * u64::from(config.cores)
}
