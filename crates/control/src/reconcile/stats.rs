//! Rates out of totals: the use of a host and of its VMs since the look before.

use std::collections::HashMap;

use host::{DomainReport, DomainState, HostUse, Report};
use model::VmId;
use model::host::{HostDetails, HostPoint};
use model::vm::UsePoint;
use store::vms::Vm;
use time::{Duration, OffsetDateTime};

use crate::Outcome;
use crate::app::App;

/// Samples are kept at this distance, whatever the monitor's pace.
const EVERY: Duration = Duration::seconds(5);

#[derive(Default)]
pub struct Memory {
    host: Option<HostUse>,
    /// What the newest sample was made of.
    sampled: Option<(HostUse, OffsetDateTime)>,
    vms: HashMap<VmId, (DomainReport, OffsetDateTime)>,
}

pub async fn apply(
    app: &App,
    host: &HostDetails,
    report: &Report,
    vms: &[Vm],
    memory: &mut Memory,
) -> Outcome<()> {
    let now = app.now();
    let cpu = memory.host.as_ref().and_then(|before| host_cpu(before, &report.usage));
    memory.host = Some(report.usage.clone());
    let point = memory.point(&report.usage, now);
    // By itself: whoever holds the host's row while waiting for a VM's could meet an operation that does the reverse.
    let free = report.usage.memory_free;
    store::hosts::set_use(&mut *app.conn().await?, host.row.id, free, cpu, now).await?;
    if let Some(point) = point {
        store::hosts::samples::add(&mut *app.conn().await?, host.row.id, &point).await?;
    }
    let mut tx = app.begin().await?;
    for vm in vms {
        let domain = report.domains.iter().find(|d| d.vm == vm.row.id && d.state == DomainState::Running);
        let Some(domain) = domain else {
            memory.vms.remove(&vm.row.id);
            continue;
        };
        let before = memory.vms.get(&vm.row.id);
        if before.is_some_and(|(_, at)| now - *at < EVERY) {
            continue;
        }
        if let Some(point) =
            before.and_then(|(before, at)| sample(before, domain, now - *at, vm.row.vcpus, now))
        {
            store::vms::add_sample(&mut tx, vm.row.id, &point).await?;
        }
        memory.vms.insert(vm.row.id, (domain.clone(), now));
    }
    crate::app::commit(tx).await
}

impl Memory {
    /// The host's use since the sample before, when it is time for another.
    fn point(&mut self, now: &HostUse, at: OffsetDateTime) -> Option<HostPoint> {
        if self.sampled.as_ref().is_some_and(|(_, before)| at - *before < EVERY) {
            return None;
        }
        let (before, _) = self.sampled.replace((now.clone(), at))?;
        let free = now.memory_free as f64 / now.memory_total.max(1) as f64;
        Some(HostPoint {
            at,
            cpu_percent: host_cpu(&before, now)?,
            memory_percent: (100.0 * (1.0 - free)).clamp(0.0, 100.0) as f32,
        })
    }
}

/// Busy share of all CPUs between two looks, 0 to 100.
fn host_cpu(before: &HostUse, now: &HostUse) -> Option<f32> {
    let busy = now.cpu_busy_ns.checked_sub(before.cpu_busy_ns)?;
    let total = now.cpu_total_ns.checked_sub(before.cpu_total_ns).filter(|t| *t > 0)?;
    Some((100.0 * busy as f64 / total as f64).clamp(0.0, 100.0) as f32)
}

/// A VM's use between two looks. None when the counters began anew in between.
fn sample(
    before: &DomainReport,
    now: &DomainReport,
    passed: Duration,
    vcpus: u32,
    at: OffsetDateTime,
) -> Option<UsePoint> {
    let seconds = passed.as_seconds_f64();
    let cpu =
        now.cpu_time_ns.checked_sub(before.cpu_time_ns)? as f64 / 1e9 / seconds / f64::from(vcpus.max(1));
    let net = (now.net_rx + now.net_tx).checked_sub(before.net_rx + before.net_tx)? as f64 / seconds;
    let memory = match (now.memory_current, now.memory_unused) {
        (Some(all), Some(unused)) if all > 0 => 100.0 * (1.0 - unused.min(all) as f64 / all as f64),
        _ => 0.0,
    };
    Some(UsePoint {
        at,
        cpu_percent: (100.0 * cpu).clamp(0.0, 100.0) as f32,
        memory_percent: memory as f32,
        network_rate: net as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use host::StateReason;

    fn report(cpu: u64, rx: u64) -> DomainReport {
        DomainReport {
            vm: VmId(uuid::Uuid::nil()),
            name: String::new(),
            state: DomainState::Running,
            reason: StateReason::Unknown,
            ours: true,
            cpu_time_ns: cpu,
            memory_current: Some(200),
            memory_unused: Some(50),
            net_rx: rx,
            net_tx: 0,
            disk_read: 0,
            disk_write: 0,
        }
    }

    #[test]
    fn rates_come_from_differences() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let point =
            sample(&report(0, 0), &report(5_000_000_000, 1000), Duration::seconds(10), 1, at).unwrap();
        assert_eq!((point.cpu_percent, point.memory_percent, point.network_rate), (50.0, 75.0, 100));
        assert_eq!(sample(&report(9, 0), &report(1, 0), Duration::seconds(10), 1, at), None, "a restart");
    }

    #[test]
    fn a_host_is_sampled_at_a_distance() {
        let usage = |busy, total| HostUse {
            cpu_busy_ns: busy,
            cpu_total_ns: total,
            memory_total: 400,
            memory_free: 100,
        };
        let mut memory = Memory::default();
        let mut at =
            |seconds, usage| memory.point(&usage, OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds));
        assert_eq!(at(0, usage(0, 100)), None, "nothing to compare with");
        assert_eq!(at(3, usage(5, 110)), None, "too soon");
        let point = at(6, usage(25, 200)).unwrap();
        assert_eq!((point.cpu_percent, point.memory_percent), (25.0, 75.0));
        assert_eq!(at(12, usage(1, 10)), None, "the machine began anew");
        assert!(at(18, usage(2, 20)).is_some());
    }

    #[test]
    fn a_hosts_cpu_is_the_busy_share() {
        let usage = |busy, total| HostUse { cpu_busy_ns: busy, cpu_total_ns: total, ..HostUse::default() };
        assert_eq!(host_cpu(&usage(0, 0), &usage(25, 100)), Some(25.0));
        assert_eq!(host_cpu(&usage(50, 100), &usage(25, 200)), None);
        assert_eq!(host_cpu(&usage(0, 100), &usage(0, 100)), None);
    }
}
