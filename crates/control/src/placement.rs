//! Gathers what `schedule` decides on. The cluster's row is taken first, so that two placements at once
//! never count the same memory twice.

use std::collections::BTreeSet;

use model::{ClusterId, Fault, HostId, Refusal, StorageDomainId, size};
use schedule::{Candidate, Demand, OVERHEAD};
use store::PgConnection;
use store::vms::Vm;

use crate::Outcome;

/// What `vm` needs of a host: a suspended one what it ran with, on the hosts that it may run on now.
pub async fn demand(c: &mut PgConnection, vm: &Vm) -> Outcome<Demand> {
    let nics = store::vms::nics(c, vm.row.id, None).await?;
    let networks = nics.into_iter().filter_map(|n| Some((n.nic.network?.1, n.bridge?))).collect();
    let mut storage: Vec<(StorageDomainId, String)> = Vec::new();
    let disks = store::disks::of_vm(c, vm.row.id).await?;
    for disk in disks.into_iter().chain(vm.memory_disk) {
        if let Some(row) = store::disks::LIST.one(c, disk.0).await?
            && !storage.contains(&row.storage_domain)
        {
            storage.push(row.storage_domain);
        }
    }
    let config = vm.of_run();
    let options = &config.options;
    if let Some(cd) = &options.cd
        && storage.iter().all(|(id, _)| *id != cd.storage_domain)
        && let Some(row) = store::storage_domains::LIST.one(c, cd.storage_domain.0).await?
    {
        storage.push((row.id, row.config.name));
    }
    Ok(Demand {
        memory: config.memory,
        vcpus: config.vcpus(),
        networks,
        storage,
        cpu_model: config.cpu_model.clone(),
        hosts: vm.config.options.hosts.clone(),
        spice: options.graphics.spice(),
    })
}

/// The hosts of a cluster as placement sees them.
async fn candidates(c: &mut PgConnection, cluster: ClusterId) -> Outcome<Vec<Candidate>> {
    let mut all = Vec::new();
    for host in store::hosts::of_cluster(c, cluster).await? {
        let id = host.row.id;
        let facts = host.facts.unwrap_or_default();
        let (memory_taken, vcpus_taken, vms) = store::hosts::taken(c, id).await?;
        let storage: BTreeSet<StorageDomainId> =
            store::storage_domains::active_on(c, id).await?.into_iter().collect();
        all.push(Candidate {
            id,
            name: host.row.name,
            status: host.row.status,
            memory: host.config.memory_limit.map_or(facts.memory, |limit| limit.min(facts.memory)),
            memory_taken: memory_taken + vms * OVERHEAD,
            memory_free: store::hosts::memory_free(c, id).await?,
            cpus: host.config.cpu_limit.map_or(facts.cpus, |limit| limit.min(facts.cpus)),
            vcpus_taken,
            bridges: facts.bridges,
            storage,
            cpu_models: facts.cpu_models,
            spice: facts.spice,
        });
    }
    Ok(all)
}

/// Chooses a host for `vm`, which is on none, or tells per host which filter said no.
pub async fn place(c: &mut PgConnection, vm: &Vm) -> Outcome<HostId> {
    let (cluster, cluster_name) = &vm.row.cluster;
    store::clusters::lock(c, *cluster).await?;
    let demand = demand(c, vm).await?;
    let candidates = candidates(c, *cluster).await?;
    if candidates.is_empty() {
        return Err(Refusal::new("refusal-no-hosts-in-cluster").with("cluster", cluster_name).into());
    }
    schedule::place(&demand, &candidates).map_err(|reasons| -> Fault {
        let refusal =
            Refusal::new("refusal-no-host").with("cluster", cluster_name).with("name", &vm.row.name);
        refusal.because(reasons).into()
    })
}

/// The largest memory and CPU count that any host of the cluster gives one VM; none while no host is known.
pub async fn largest(c: &mut PgConnection, cluster: ClusterId) -> Outcome<Option<(u64, u32)>> {
    let mut most: Option<(u64, u32)> = None;
    for host in store::hosts::of_cluster(c, cluster).await? {
        let Some(facts) = host.facts else { continue };
        let memory =
            host.config.memory_limit.map_or(facts.memory, |l| l.min(facts.memory)).saturating_sub(OVERHEAD);
        let cpus = host.config.cpu_limit.map_or(facts.cpus, |l| l.min(facts.cpus));
        let (m, n) = most.unwrap_or_default();
        most = Some((m.max(memory), n.max(cpus)));
    }
    Ok(most)
}

/// Adds to a form's errors what no host of the cluster could ever give.
pub async fn beyond(
    c: &mut PgConnection,
    cluster: ClusterId,
    config: &model::vm_request::VmConfig,
    errors: &mut model::FieldErrors,
) -> Outcome<()> {
    let Some((memory, cpus)) = largest(c, cluster).await? else { return Ok(()) };
    if config.memory > memory && errors.get("memory").is_none() {
        errors.add(
            "memory",
            Refusal::new("refusal-beyond-every-host").with("largest", size::text(memory)).text,
        );
    }
    if config.vcpus() > cpus && errors.get("cores").is_none() {
        errors.add("cores", Refusal::new("refusal-vcpus-beyond-every-host").with("largest", cpus).text);
    }
    Ok(())
}
