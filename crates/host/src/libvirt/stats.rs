//! All domains and the host's use in one go. First what libvirt knows by itself; then, apart and with little
//! patience, what only the guests' monitors know. A guest whose monitor hangs is left out of the second and
//! told as stuck, and nobody waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::VmId;
use uuid::Uuid;
use virt::connect::Connect;
use virt::domain::Domain;
use virt_sys as sys;

use super::domains::definition;
use super::driver::lookup;
use super::ffi::{self, DomainStats, Monitor, Params};
use super::probe;
use crate::driver::{DomainReport, DomainState, HostUse, Report, StateReason};
use crate::{HostError, HostResult};

const BASE: u32 = sys::VIR_DOMAIN_STATS_STATE | sys::VIR_DOMAIN_STATS_INTERFACE;
/// CPU time is here because libvirt 11 asks the monitor for a part of it.
const DETAIL: u32 =
    sys::VIR_DOMAIN_STATS_CPU_TOTAL | sys::VIR_DOMAIN_STATS_BALLOON | sys::VIR_DOMAIN_STATS_BLOCK;
/// A monitor that works on one command for longer hangs, milliseconds.
const HANGS: u64 = 2500;

/// What is remembered of each domain as long as it exists.
#[derive(Clone, Default)]
pub struct Known(Arc<Mutex<HashMap<Uuid, Memory>>>);

#[derive(Clone, Default)]
struct Memory {
    /// Whether it is Drover's: asked once.
    ours: bool,
    /// What its monitor told last, for the times when it tells nothing.
    last: Option<DomainReport>,
}

impl Known {
    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Memory>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks of the domains that are new, and forgets those that are gone.
    fn learn(&self, connection: &Connect, stats: &[DomainStats]) -> HostResult<()> {
        let new: Vec<_> = {
            let mut known = self.lock();
            known.retain(|uuid, _| stats.iter().any(|s| s.uuid == *uuid));
            stats.iter().map(|s| s.uuid).filter(|uuid| !known.contains_key(uuid)).collect()
        };
        for uuid in new {
            match lookup(connection, VmId(uuid)).and_then(|d| definition(&d)) {
                Ok(definition) => {
                    self.lock().insert(uuid, Memory { ours: definition.is_some(), last: None });
                }
                // It has just gone.
                Err(HostError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn has(&self, uuid: Uuid) -> bool {
        self.lock().contains_key(&uuid)
    }

    fn ours(&self, uuid: Uuid) -> bool {
        self.lock().get(&uuid).is_some_and(|m| m.ours)
    }

    fn remember(&self, report: &DomainReport) {
        if let Some(memory) = self.lock().get_mut(&report.vm.0) {
            memory.last = Some(report.clone());
        }
    }

    fn recall(&self, vm: VmId) -> Option<DomainReport> {
        self.lock().get(&vm.0)?.last.clone()
    }
}

/// A report in the making.
pub struct Base {
    report: Report,
    known: Known,
}

pub fn base(connection: &Connect, known: Known) -> HostResult<Base> {
    let mut stats = ffi::all_domain_stats(connection, BASE)?;
    stats.retain(|s| !probe::is_probe(&s.name));
    known.learn(connection, &stats)?;
    stats.retain(|s| known.has(s.uuid));
    let domains = stats.iter().map(|s| domain(s, known.ours(s.uuid))).collect();
    Ok(Base { report: Report { usage: usage(connection)?, domains }, known })
}

/// What needs the monitors. Not waited for where another call is at work with one already.
pub fn detail(connection: &Connect) -> HostResult<Vec<DomainStats>> {
    Ok(ffi::all_domain_stats(connection, DETAIL)?)
}

/// What is found out of a domain whose monitor told nothing.
pub struct Glance {
    stuck: bool,
    cpu_time_ns: Option<u64>,
}

/// Looks at these one by one. One that has just ended is left out.
pub fn glance(connection: &Connect, unclear: &[VmId]) -> HostResult<HashMap<VmId, Glance>> {
    let look = |vm: &VmId| {
        let domain = lookup(connection, *vm).ok()?;
        let cpu_time_ns = domain.info().ok().map(|i| i.cpu_time);
        Some((*vm, Glance { stuck: stuck(&domain), cpu_time_ns }))
    };
    Ok(unclear.iter().filter_map(look).collect())
}

fn stuck(domain: &Domain) -> bool {
    match ffi::monitor(domain) {
        Ok(Monitor::Occupied(milliseconds)) => milliseconds >= HANGS,
        Ok(Monitor::Broken) => true,
        // It has just ended, or is well.
        Ok(Monitor::Ready | Monitor::Job) | Err(_) => false,
    }
}

pub fn one(connection: &Connect, vm: VmId) -> HostResult<DomainReport> {
    let found = lookup(connection, vm)?;
    let stats = ffi::domain_stats(&found, BASE)?;
    let stats = stats.ok_or_else(|| HostError::NotFound(format!("the host does not know VM {vm}")))?;
    let mut report = domain(&stats, definition(&found)?.is_some());
    if runs(report.state) {
        report.cpu_time_ns = found.info()?.cpu_time;
        if stuck(&found) {
            report.state = DomainState::Stuck;
        }
    }
    Ok(report)
}

impl Base {
    /// Adds what the monitors told. The answer is the running domains of which nothing was told.
    pub fn merge(&mut self, detail: Vec<DomainStats>) -> Vec<VmId> {
        let detail: HashMap<_, _> = detail.into_iter().map(|s| (s.uuid, s.params)).collect();
        let mut unclear = Vec::new();
        for domain in self.report.domains.iter_mut().filter(|d| runs(d.state)) {
            if detail.get(&domain.vm.0).is_some_and(|params| add_detail(domain, params)) {
                self.known.remember(domain);
            } else {
                unclear.push(domain.vm);
            }
        }
        unclear
    }

    /// Of those, what was known before and what a glance found.
    pub fn fill(&mut self, glances: &HashMap<VmId, Glance>) {
        for domain in &mut self.report.domains {
            let Some(glance) = glances.get(&domain.vm) else { continue };
            if let Some(last) = self.known.recall(domain.vm) {
                let (state, reason) = (domain.state, domain.reason);
                let (net_rx, net_tx) = (domain.net_rx, domain.net_tx);
                *domain = DomainReport { state, reason, net_rx, net_tx, ..last };
            }
            domain.cpu_time_ns = glance.cpu_time_ns.unwrap_or(domain.cpu_time_ns);
            if glance.stuck {
                domain.state = DomainState::Stuck;
            }
        }
    }

    pub fn into_report(self) -> Report {
        self.report
    }
}

/// Whether the monitor told of it at all.
fn add_detail(domain: &mut DomainReport, params: &Params) -> bool {
    let Some(current) = params.number("balloon.current") else { return false };
    let unused = params.number("balloon.usable").or_else(|| params.number("balloon.unused"));
    domain.cpu_time_ns = params.number("cpu.time").unwrap_or(0);
    domain.memory_current = Some(current << 10);
    domain.memory_unused = unused.map(|kib| kib << 10);
    domain.disk_read = params.sum("block", "rd.bytes");
    domain.disk_write = params.sum("block", "wr.bytes");
    true
}

fn runs(state: DomainState) -> bool {
    !matches!(state, DomainState::ShutOff | DomainState::Crashed)
}

fn domain(stats: &DomainStats, ours: bool) -> DomainReport {
    let number = |name| stats.params.number(name).unwrap_or(0);
    let (state, reason) = state(number("state.state") as u32, number("state.reason") as u32);
    DomainReport {
        vm: VmId(stats.uuid),
        name: stats.name.clone(),
        state,
        reason,
        ours,
        cpu_time_ns: 0,
        memory_current: None,
        memory_unused: None,
        net_rx: stats.params.sum("net", "rx.bytes"),
        net_tx: stats.params.sum("net", "tx.bytes"),
        disk_read: 0,
        disk_write: 0,
    }
}

/// Asked of one domain, without its monitor.
pub fn state_of(domain: &Domain) -> HostResult<(DomainState, StateReason)> {
    let stats = ffi::domain_stats(domain, sys::VIR_DOMAIN_STATS_STATE)?;
    let number = |name| stats.as_ref().and_then(|s| s.params.number(name)).unwrap_or(0) as u32;
    Ok(state(number("state.state"), number("state.reason")))
}

/// virDomainState and, for each, its own list of reasons.
fn state(state: u32, reason: u32) -> (DomainState, StateReason) {
    match state {
        sys::VIR_DOMAIN_PAUSED => (DomainState::Paused, paused(reason)),
        sys::VIR_DOMAIN_SHUTDOWN => (DomainState::ShuttingDown, StateReason::Other),
        sys::VIR_DOMAIN_SHUTOFF => (DomainState::ShutOff, shut_off(reason)),
        sys::VIR_DOMAIN_CRASHED => (DomainState::Crashed, StateReason::Crashed),
        // A guest that suspended itself is not paused by anybody; it wakes when it wants.
        _ => (DomainState::Running, StateReason::Other),
    }
}

fn paused(reason: u32) -> StateReason {
    match reason {
        sys::VIR_DOMAIN_PAUSED_UNKNOWN => StateReason::Unknown,
        sys::VIR_DOMAIN_PAUSED_USER => StateReason::User,
        sys::VIR_DOMAIN_PAUSED_IOERROR => StateReason::IoError,
        sys::VIR_DOMAIN_PAUSED_CRASHED => StateReason::Crashed,
        _ => StateReason::Other,
    }
}

fn shut_off(reason: u32) -> StateReason {
    match reason {
        sys::VIR_DOMAIN_SHUTOFF_UNKNOWN => StateReason::Unknown,
        sys::VIR_DOMAIN_SHUTOFF_SHUTDOWN => StateReason::Shutdown,
        sys::VIR_DOMAIN_SHUTOFF_DESTROYED => StateReason::Destroyed,
        sys::VIR_DOMAIN_SHUTOFF_CRASHED => StateReason::Crashed,
        sys::VIR_DOMAIN_SHUTOFF_MIGRATED => StateReason::Migrated,
        sys::VIR_DOMAIN_SHUTOFF_SAVED => StateReason::Saved,
        sys::VIR_DOMAIN_SHUTOFF_FAILED => StateReason::Failed,
        _ => StateReason::Other,
    }
}

fn usage(connection: &Connect) -> HostResult<HostUse> {
    let memory = ffi::node_memory(connection)?;
    let cpu = ffi::node_cpu(connection)?;
    let kib = |name| memory.get(name).copied().unwrap_or(0) << 10;
    let ns = |name| cpu.get(name).copied().unwrap_or(0);
    let busy = ns("kernel") + ns("user");
    Ok(HostUse {
        memory_total: kib("total"),
        // The kernel gives caches away when memory is wanted.
        memory_free: kib("free") + kib("buffers") + kib("cached"),
        cpu_busy_ns: busy,
        cpu_total_ns: busy + ns("idle") + ns("iowait"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const VM: Uuid = Uuid::from_u128(7);

    fn stats(numbers: &[(&str, u64)]) -> DomainStats {
        DomainStats { uuid: VM, name: "drover-7".into(), params: Params::of(numbers, &[]) }
    }

    fn base(state: u64) -> Base {
        let known = Known::default();
        known.lock().insert(VM, Memory { ours: true, last: None });
        let numbers =
            [("state.state", state), ("net.count", 2), ("net.0.rx.bytes", 5), ("net.1.rx.bytes", 6)];
        let report = Report { usage: HostUse::default(), domains: vec![domain(&stats(&numbers), true)] };
        Base { report, known }
    }

    fn told() -> Vec<DomainStats> {
        let numbers =
            [("balloon.current", 2048), ("balloon.unused", 1024), ("cpu.time", 9), ("block.count", 1)];
        vec![stats(&[&numbers[..], &[("block.0.rd.bytes", 77)]].concat())]
    }

    #[test]
    fn libvirts_states_and_reasons() {
        use DomainState as D;
        use StateReason as R;
        for (libvirt, expected) in [
            ((1, 1), (D::Running, R::Other)),
            ((3, 1), (D::Paused, R::User)),
            ((3, 5), (D::Paused, R::IoError)),
            ((4, 1), (D::ShuttingDown, R::Other)),
            ((5, 0), (D::ShutOff, R::Unknown)),
            ((5, 1), (D::ShutOff, R::Shutdown)),
            ((5, 2), (D::ShutOff, R::Destroyed)),
            ((5, 3), (D::ShutOff, R::Crashed)),
            ((5, 4), (D::ShutOff, R::Migrated)),
            ((5, 5), (D::ShutOff, R::Saved)),
            ((5, 6), (D::ShutOff, R::Failed)),
            ((6, 1), (D::Crashed, R::Crashed)),
            ((7, 1), (D::Running, R::Other)),
        ] {
            assert_eq!(state(libvirt.0, libvirt.1), expected, "{libvirt:?}");
        }
    }

    #[test]
    fn what_the_monitor_tells_is_added() {
        let mut base = base(1);
        assert!(base.merge(told()).is_empty());
        let domain = &base.into_report().domains[0];
        assert_eq!((domain.cpu_time_ns, domain.disk_read, domain.net_rx), (9, 77, 11));
        assert_eq!((domain.memory_current, domain.memory_unused), (Some(2 << 20), Some(1 << 20)));
    }

    #[test]
    fn a_silent_monitor_leaves_what_was_known() {
        let mut first = base(1);
        first.merge(told());
        let mut second = Base { known: first.known.clone(), ..base(1) };
        assert_eq!(second.merge(Vec::new()), [VmId(VM)]);
        let glance = Glance { stuck: true, cpu_time_ns: Some(12) };
        second.fill(&HashMap::from([(VmId(VM), glance)]));
        let domain = &second.into_report().domains[0];
        assert_eq!(domain.state, DomainState::Stuck);
        assert_eq!((domain.cpu_time_ns, domain.disk_read, domain.memory_current), (12, 77, Some(2 << 20)));
    }

    #[test]
    fn nothing_is_asked_of_what_is_off() {
        assert!(base(5).merge(Vec::new()).is_empty());
    }
}
