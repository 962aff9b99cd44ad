//! All domains and the host's use in one go. First what libvirt knows by itself; then, apart and with little
//! patience, what only the guests' monitors know. A guest whose monitor hangs is left out of the second and
//! told as stuck, and nobody waits for it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use model::VmId;
use uuid::Uuid;
use virt::connect::Connect;
use virt::domain::Domain;
use virt_sys as sys;

use super::domains::definition;
use super::driver::lookup;
use super::ffi::{self, DomainStats, Monitor};
use super::probe;
use crate::HostResult;
use crate::driver::{DomainReport, DomainState, HostUse, Report, StateReason};

const BASE: u32 =
    sys::VIR_DOMAIN_STATS_STATE | sys::VIR_DOMAIN_STATS_CPU_TOTAL | sys::VIR_DOMAIN_STATS_INTERFACE;
const DETAIL: u32 = sys::VIR_DOMAIN_STATS_BALLOON | sys::VIR_DOMAIN_STATS_BLOCK;
/// A monitor that works on one command for longer hangs, milliseconds.
const HANGS: u64 = 2500;

/// Which domains are Drover's, asked once for each and forgotten with it.
#[derive(Clone, Default)]
pub struct Known(Arc<Mutex<HashMap<Uuid, bool>>>);

impl Known {
    fn learn(&self, connection: &Connect, stats: &[DomainStats]) -> HashMap<Uuid, bool> {
        let before = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let ask = |uuid| lookup(connection, VmId(uuid)).is_ok_and(|d| definition(&d).is_some());
        let now: HashMap<_, _> = stats
            .iter()
            .map(|s| (s.uuid, before.get(&s.uuid).copied().unwrap_or_else(|| ask(s.uuid))))
            .collect();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now.clone();
        now
    }
}

/// A report in the making.
pub struct Base {
    report: Report,
}

pub fn base(connection: &Connect, known: &Known) -> HostResult<Base> {
    let mut stats = ffi::all_domain_stats(connection, BASE)?;
    stats.retain(|s| !probe::is_probe(&s.name));
    let ours = known.learn(connection, &stats);
    let domains = stats.iter().map(|s| domain(s, ours.get(&s.uuid) == Some(&true))).collect();
    Ok(Base { report: Report { usage: usage(connection)?, domains } })
}

/// What needs the monitors. Not waited for where another call is at work with one already.
pub fn detail(connection: &Connect) -> HostResult<Vec<DomainStats>> {
    Ok(ffi::all_domain_stats(connection, DETAIL)?)
}

/// Which of these have a monitor that hangs.
pub fn hanging(connection: &Connect, unclear: &[VmId]) -> HostResult<HashSet<VmId>> {
    let hangs = |vm: &&VmId| lookup(connection, **vm).is_ok_and(|d| stuck(&d));
    Ok(unclear.iter().filter(hangs).copied().collect())
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
    let stats = stats.ok_or_else(|| crate::HostError::NotFound(format!("the host does not know VM {vm}")))?;
    let mut report = domain(&stats, definition(&found).is_some());
    if runs(report.state) && stuck(&found) {
        report.state = DomainState::Stuck;
    }
    Ok(report)
}

impl Base {
    /// Adds what the monitors told. The answer is the running domains of which nothing was told.
    pub fn merge(&mut self, detail: Vec<DomainStats>) -> Vec<VmId> {
        let detail: HashMap<_, _> = detail.into_iter().map(|s| (s.uuid, s.params)).collect();
        let mut unclear = Vec::new();
        for domain in self.report.domains.iter_mut().filter(|d| runs(d.state)) {
            let params = detail.get(&domain.vm.0);
            let Some((params, current)) = params.and_then(|p| Some((p, p.number("balloon.current")?))) else {
                unclear.push(domain.vm);
                continue;
            };
            let unused = params.number("balloon.usable").or_else(|| params.number("balloon.unused"));
            domain.memory_current = Some(current << 10);
            domain.memory_unused = unused.map(|kib| kib << 10);
            domain.disk_read = params.sum("block", "rd.bytes");
            domain.disk_write = params.sum("block", "wr.bytes");
        }
        unclear
    }

    pub fn mark_stuck(&mut self, hanging: &HashSet<VmId>) {
        let hangs = |d: &&mut DomainReport| hanging.contains(&d.vm);
        self.report.domains.iter_mut().filter(hangs).for_each(|d| d.state = DomainState::Stuck);
    }

    pub fn into_report(self) -> Report {
        self.report
    }
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
        cpu_time_ns: number("cpu.time"),
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
