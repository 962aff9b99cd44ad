//! What an estate is made of, and the plain changes to it. No faults and no waiting here.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use model::disk::{Allocation, Format};
use model::host::HostFacts;
use model::vm::GuestInfo;
use model::{HostId, VmId};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::fault::Fault;
use super::weather::Weather;
use crate::driver::{
    DomainReport, DomainSpec, DomainState, HostEvent, NewVolume, Sessions, StateReason, VolumeReport,
};

pub(super) struct State {
    pub hosts: BTreeMap<HostId, SimHost>,
    /// By path: the same directory on every host is the same storage.
    pub storage: BTreeMap<String, Storage>,
    pub faults: Vec<Fault>,
    pub calls: VecDeque<Call>,
    pub keep_calls: usize,
    pub deadline: Duration,
    /// By the call's name.
    pub latencies: HashMap<String, Duration>,
    /// Since when use goes by the time, and how much of it is a report's worth.
    pub pace: Option<(Instant, Duration)>,
    pub weather: Weather,
}

impl Default for State {
    fn default() -> Self {
        State {
            hosts: BTreeMap::new(),
            storage: BTreeMap::new(),
            faults: Vec::new(),
            calls: VecDeque::new(),
            keep_calls: CALLS,
            deadline: Duration::from_secs(30),
            latencies: HashMap::new(),
            pace: None,
            weather: Weather::default(),
        }
    }
}

/// One call that arrived at a host.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub host: HostId,
    /// The method's name.
    pub call: &'static str,
    /// The VM or the volume, if it is about one.
    pub about: String,
}

pub(super) struct SimHost {
    pub facts: HostFacts,
    /// Why it cannot be reached.
    pub unreachable: Option<String>,
    pub connected: bool,
    /// Name to path.
    pub pools: BTreeMap<String, String>,
    pub domains: BTreeMap<VmId, SimDomain>,
    pub listeners: Vec<mpsc::Sender<HostEvent>>,
    /// Thousandths of reports, which grow with each, or with the time: a clock that only this host has.
    pub reports: u64,
    /// Grows with each call that arrives, the refused ones too.
    pub asked: u64,
}

/// A domain as the estate has it.
#[derive(Debug, Clone, PartialEq)]
pub struct SimDomain {
    pub spec: DomainSpec,
    pub state: DomainState,
    pub reason: StateReason,
    pub stuck: bool,
    /// Whether the guest ignores the power button.
    pub deaf: bool,
    /// Whether the guest lets go of nothing.
    pub clings: bool,
    pub agent: Option<GuestInfo>,
    /// How often it was started and reset.
    pub starts: u32,
    pub reboots: u32,
    /// What was done to the sessions in the guest.
    pub sessions: Option<Sessions>,
    /// When the password that was given last stops to open its screen.
    pub password_until: Option<time::OffsetDateTime>,
}

impl SimDomain {
    pub fn new(spec: DomainSpec) -> Self {
        SimDomain {
            spec,
            state: DomainState::ShutOff,
            reason: StateReason::Unknown,
            stuck: false,
            deaf: false,
            clings: false,
            agent: None,
            starts: 0,
            reboots: 0,
            sessions: None,
            password_until: None,
        }
    }

    pub(super) fn running_as(spec: DomainSpec) -> Self {
        let mut domain = SimDomain::new(spec);
        domain.launch();
        domain
    }

    pub fn running(&self) -> bool {
        !matches!(self.state, DomainState::ShutOff | DomainState::Crashed)
    }

    pub(super) fn launch(&mut self) {
        self.state = DomainState::Running;
        self.reason = StateReason::Other;
        self.starts += 1;
    }

    pub(super) fn stop(&mut self, reason: StateReason) {
        if self.running() {
            self.state = DomainState::ShutOff;
            self.reason = reason;
            self.stuck = false;
            self.agent = None;
        }
    }

    pub(super) fn pause(&mut self, reason: StateReason) {
        self.state = DomainState::Paused;
        self.reason = reason;
    }

    /// Half of the memory used and a tenth of a CPU busy, three seconds between reports.
    pub(super) fn report(&self, vm: VmId, reports: u64) -> DomainReport {
        let on = u64::from(self.running());
        DomainReport {
            vm,
            name: format!("drover-{vm}"),
            state: if self.stuck { DomainState::Stuck } else { self.state },
            reason: self.reason,
            ours: true,
            cpu_time_ns: on * reports * 300_000,
            memory_current: self.running().then_some(self.spec.memory),
            memory_unused: self.running().then_some(self.spec.memory / 2),
            net_rx: on * reports * 3,
            net_tx: on * reports * 3 / 2,
            disk_read: on * reports * 4096 / 1000,
            disk_write: on * reports * 8192 / 1000,
        }
    }
}

impl SimHost {
    fn new(id: HostId) -> Self {
        SimHost {
            facts: plain_facts(id),
            unreachable: None,
            connected: false,
            pools: BTreeMap::new(),
            domains: BTreeMap::new(),
            listeners: Vec::new(),
            reports: 0,
            asked: 0,
        }
    }

    pub fn all(&self) -> Vec<SimDomain> {
        self.domains.values().cloned().collect()
    }

    /// A listener that is gone or does not keep up is left out, as the real driver does.
    pub fn tell(&mut self, event: HostEvent) {
        self.listeners.retain(|l| !l.is_closed());
        if self.unreachable.is_none() {
            self.listeners.iter().for_each(|l| drop(l.try_send(event.clone())));
        }
    }

    pub fn disconnect(&mut self, id: HostId, cause: &str) {
        if std::mem::take(&mut self.connected) {
            self.tell(HostEvent::Disconnected { host: id, cause: cause.to_owned() });
        }
        self.unreachable = Some(cause.to_owned());
    }
}

fn plain_facts(id: HostId) -> HostFacts {
    HostFacts {
        hostname: format!("sim-{}", id.0.simple()),
        host_uuid: id.to_string(),
        cpu_model: "Sim".into(),
        cpu_vendor: "Sim".into(),
        arch: "x86_64".into(),
        sockets: 1,
        cores: 8,
        threads: 2,
        numa_nodes: 1,
        memory: 64 << 30,
        cpus: 16,
        libvirt_version: "11.3.0".into(),
        qemu_version: "10.0.2".into(),
        kvm_offered: true,
        machine_types: vec!["q35".into()],
        cpu_models: vec!["qemu64".into()],
        spice: true,
        bridges: Some(vec!["mgmt".into()]),
    }
}

pub(super) struct Storage {
    pub capacity: u64,
    pub missing: bool,
    pub volumes: BTreeMap<String, SimVolume>,
}

impl Storage {
    pub fn used(&self) -> u64 {
        self.volumes.values().map(|v| v.allocation).sum()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct SimVolume {
    pub name: String,
    pub format: Format,
    pub capacity: u64,
    pub allocation: u64,
    /// The path of the backing file.
    pub backing: Option<String>,
    /// How many bytes were uploaded into it.
    pub uploaded: u64,
    /// The state of a VM that is in it.
    pub(super) saved: Option<Saved>,
}

/// A VM's saved state: who it was, and whether its guest has run since.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Saved {
    pub vm: VmId,
    pub agent: Option<GuestInfo>,
    pub outdated: bool,
}

impl SimVolume {
    pub(super) fn new(new: &NewVolume) -> Self {
        SimVolume {
            name: new.at.volume.clone(),
            format: new.format,
            capacity: new.size,
            allocation: match new.allocation {
                Allocation::Preallocated => new.size,
                Allocation::Thin => 196_608.min(new.size),
            },
            backing: new.backing.as_ref().map(|(v, _)| v.path()),
            uploaded: 0,
            saved: None,
        }
    }

    pub(super) fn holding(name: &str, size: u64, saved: Saved) -> Self {
        SimVolume {
            name: name.to_owned(),
            format: Format::Raw,
            capacity: size,
            allocation: size,
            backing: None,
            uploaded: 0,
            saved: Some(saved),
        }
    }

    pub(super) fn report(&self) -> VolumeReport {
        VolumeReport {
            name: self.name.clone(),
            capacity: self.capacity,
            allocation: self.allocation,
            format: Some(self.format.as_str().to_owned()),
            backing: self.backing.clone(),
        }
    }
}

/// An estate may live long.
const CALLS: usize = 1 << 16;

impl State {
    /// Remembers a call, and gives its number among those to its host.
    pub fn record(&mut self, host: HostId, call: &'static str, about: impl ToString) -> u64 {
        if self.keep_calls > 0 {
            if self.calls.len() >= self.keep_calls {
                self.calls.pop_front();
            }
            self.calls.push_back(Call { host, call, about: about.to_string() });
        }
        let host = self.host(host);
        host.asked += 1;
        host.asked
    }

    pub fn latency(&self, call: &str) -> Option<Duration> {
        self.latencies.get(call).or_else(|| self.latencies.get("*")).copied()
    }

    pub fn host(&mut self, id: HostId) -> &mut SimHost {
        self.hosts.entry(id).or_insert_with(|| SimHost::new(id))
    }

    pub fn storage(&mut self, path: &str) -> &mut Storage {
        let empty = || Storage { capacity: 1 << 40, missing: false, volumes: BTreeMap::new() };
        self.storage.entry(path.to_owned()).or_insert_with(empty)
    }
}
