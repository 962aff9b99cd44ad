//! Where a VM may run and where it should: named filters that say why a host is out, then a weight that keeps
//! the estate even. Pure: facts come in, a host or the reasons come out; `control` gathers and acts.

use std::collections::BTreeSet;

use model::host::HostStatus;
use model::{HostId, StorageDomainId, Text, size};

/// What QEMU takes beside the guest's memory, as a rule of thumb.
pub const OVERHEAD: u64 = 64 * size::MIB;

/// A host as placement sees it. Sizes in bytes.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: HostId,
    pub name: String,
    pub status: HostStatus,
    /// What VMs may use in all: the machine's memory, or the smaller limit that somebody set.
    pub memory: u64,
    /// What VMs that are there, or on their way there, use; overhead included.
    pub memory_taken: u64,
    /// What the machine itself says is free now.
    pub memory_free: Option<u64>,
    pub cpus: u32,
    pub vcpus_taken: u32,
    /// None when the host cannot list its bridges.
    pub bridges: Option<Vec<String>>,
    pub storage: BTreeSet<StorageDomainId>,
    pub cpu_models: Vec<String>,
    pub spice: bool,
}

/// What a VM needs of its host.
#[derive(Debug, Clone, Default)]
pub struct Demand {
    pub memory: u64,
    pub vcpus: u32,
    /// Network name and bridge.
    pub networks: Vec<(String, String)>,
    /// Storage domain and its name.
    pub storage: Vec<(StorageDomainId, String)>,
    pub cpu_model: Option<String>,
    /// Where it may run; empty is anywhere.
    pub hosts: Vec<HostId>,
    pub spice: bool,
}

type Filter = fn(&Demand, &Candidate) -> Option<Text>;

/// In this order; the first that says no is the one told.
const FILTERS: &[(&str, Filter)] = &[
    ("pinned", pinned),
    ("status", status),
    ("cpu", cpu),
    ("memory", memory),
    ("cpu_model", cpu_model),
    ("network", network),
    ("storage", storage),
    ("spice", spice),
];

fn no(key: &str, host: &Candidate) -> Text {
    Text::new(key).with("host", &host.name)
}

fn pinned(d: &Demand, h: &Candidate) -> Option<Text> {
    (!d.hosts.is_empty() && !d.hosts.contains(&h.id)).then(|| no("filter-pinned", h))
}

fn spice(d: &Demand, h: &Candidate) -> Option<Text> {
    (d.spice && !h.spice).then(|| no("filter-spice", h))
}

fn status(_: &Demand, h: &Candidate) -> Option<Text> {
    (h.status != HostStatus::Up).then(|| no("filter-status", h).with("status", h.status.text()))
}

fn cpu(d: &Demand, h: &Candidate) -> Option<Text> {
    (d.vcpus > h.cpus).then(|| no("filter-cpu", h).with("total", h.cpus).with("needed", d.vcpus))
}

fn memory(d: &Demand, h: &Candidate) -> Option<Text> {
    let needed = d.memory + OVERHEAD;
    if needed > h.memory {
        let text = no("filter-memory-never", h).with("total", size::text(h.memory));
        return Some(text.with("needed", size::text(needed)));
    }
    let free = h.memory.saturating_sub(h.memory_taken).min(h.memory_free.unwrap_or(u64::MAX));
    (needed > free)
        .then(|| no("filter-memory", h).with("free", size::text(free)).with("needed", size::text(needed)))
}

fn cpu_model(d: &Demand, h: &Candidate) -> Option<Text> {
    let model = d.cpu_model.as_ref()?;
    (!h.cpu_models.contains(model)).then(|| no("filter-cpu-model", h).with("model", model))
}

fn network(d: &Demand, h: &Candidate) -> Option<Text> {
    if d.networks.is_empty() {
        return None;
    }
    let Some(bridges) = &h.bridges else { return Some(no("filter-network-unknown", h)) };
    let (network, bridge) = d.networks.iter().find(|(_, bridge)| !bridges.contains(bridge))?;
    Some(no("filter-network", h).with("bridge", bridge).with("network", network))
}

fn storage(d: &Demand, h: &Candidate) -> Option<Text> {
    let (_, name) = d.storage.iter().find(|(id, _)| !h.storage.contains(id))?;
    Some(no("filter-storage", h).with("domain", name))
}

/// How full the host would be with the VM, 0 to 2: the less, the better.
fn load(d: &Demand, h: &Candidate) -> f64 {
    let memory = (h.memory_taken + d.memory) as f64 / h.memory.max(1) as f64;
    let cpu = f64::from(h.vcpus_taken + d.vcpus) / f64::from(h.cpus.max(1));
    memory + cpu
}

/// The host for the VM, or for every host the filter that said no.
pub fn place(demand: &Demand, candidates: &[Candidate]) -> Result<HostId, Vec<Text>> {
    let mut reasons = Vec::new();
    let mut best: Option<(f64, &Candidate)> = None;
    for host in candidates {
        match FILTERS.iter().find_map(|(_, filter)| filter(demand, host)) {
            Some(reason) => reasons.push(reason),
            None => {
                let load = load(demand, host);
                if best.is_none_or(|(least, _)| load < least) {
                    best = Some((load, host));
                }
            }
        }
    }
    best.map(|(_, host)| host.id).ok_or(reasons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::size::GIB;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn host(n: u128) -> Candidate {
        Candidate {
            id: HostId(Uuid::from_u128(n)),
            name: format!("kvm{n}"),
            status: HostStatus::Up,
            memory: 4 * GIB,
            memory_taken: 0,
            memory_free: None,
            cpus: 2,
            vcpus_taken: 0,
            bridges: Some(vec!["mgmt".into()]),
            storage: BTreeSet::from([domain()]),
            cpu_models: vec!["qemu64".into()],
            spice: false,
        }
    }

    fn domain() -> StorageDomainId {
        StorageDomainId(Uuid::from_u128(99))
    }

    fn demand() -> Demand {
        Demand {
            memory: GIB,
            vcpus: 1,
            networks: vec![("mgmt".into(), "mgmt".into())],
            storage: vec![(domain(), "data".into())],
            cpu_model: None,
            hosts: Vec::new(),
            spice: false,
        }
    }

    type Break = fn(&mut Candidate, &mut Demand);

    #[test]
    fn each_filter_says_no_in_its_own_words() {
        let cases: [(&str, Break); 11] = [
            ("filter-pinned", |_, d| d.hosts = vec![host(2).id]),
            ("filter-spice", |_, d| d.spice = true),
            ("filter-status", |h, _| h.status = HostStatus::Maintenance),
            ("filter-cpu", |_, d| d.vcpus = 3),
            ("filter-memory-never", |_, d| d.memory = 5 * GIB),
            ("filter-memory", |h, _| h.memory_taken = 4 * GIB - OVERHEAD),
            ("filter-memory", |h, _| h.memory_free = Some(GIB)),
            ("filter-cpu-model", |_, d| d.cpu_model = Some("EPYC".into())),
            ("filter-network", |h, _| h.bridges = Some(vec!["other".into()])),
            ("filter-network-unknown", |h, _| h.bridges = None),
            ("filter-storage", |h, _| h.storage.clear()),
        ];
        assert_eq!(place(&demand(), &[host(1)]), Ok(host(1).id));
        for (key, change) in cases {
            let (mut h, mut d) = (host(1), demand());
            change(&mut h, &mut d);
            let reasons = place(&d, &[h]).unwrap_err();
            assert_eq!(reasons.iter().map(|t| t.key.as_str()).collect::<Vec<_>>(), [key]);
            assert!(model::text::known(key));
        }
    }

    #[test]
    fn the_emptier_host_wins_and_ties_go_to_the_first() {
        let mut full = host(1);
        full.memory_taken = 2 * GIB;
        assert_eq!(place(&demand(), &[full.clone(), host(2)]), Ok(host(2).id));
        assert_eq!(place(&demand(), &[host(3), host(2)]), Ok(host(3).id));
    }

    #[test]
    fn no_hosts_give_no_reasons() {
        assert_eq!(place(&demand(), &[]), Err(vec![]));
    }

    proptest! {
        /// Whatever the estate: the chosen host passes, and otherwise every host has its reason.
        #[test]
        fn the_chosen_host_always_fits(
            hosts in prop::collection::vec((0u64..8, 0u64..8, 1u32..8, 0u32..8), 0..20), memory in 1u64..8, vcpus in 1u32..8,
        ) {
            let hosts: Vec<Candidate> = hosts.into_iter().enumerate().map(|(n, (all, taken, cpus, vcpus))| Candidate {
                memory: all * GIB, memory_taken: taken * GIB, cpus, vcpus_taken: vcpus, ..host(n as u128)
            }).collect();
            let demand = Demand { memory: memory * GIB, vcpus, ..demand() };
            match place(&demand, &hosts) {
                Ok(id) => {
                    let chosen = hosts.iter().find(|h| h.id == id).unwrap();
                    prop_assert!(chosen.memory - chosen.memory_taken >= demand.memory + OVERHEAD && chosen.cpus >= vcpus);
                }
                Err(reasons) => prop_assert_eq!(reasons.len(), hosts.len()),
            }
        }
    }
}
