//! Rates out of totals: the use of a host and of its VMs since the look before.

use std::collections::HashMap;

use host::{DomainReport, DomainState, HostUse, Report};
use model::host::{HostDetails, HostStatus};
use model::statistics::{POINT_EVERY, Sample, Use};
use model::{HostId, VmId};
use store::vms::Booked;
use time::{Duration, OffsetDateTime};

use crate::Outcome;
use crate::app::App;

/// What a list shows of use is as new as this, whatever the monitor's pace.
const EVERY: Duration = Duration::seconds(5);
/// How often it is noted at least that a host answered.
const SEEN_EVERY: Duration = Duration::seconds(15);

/// What a look found, and when.
type Look<T> = (T, OffsetDateTime);

#[derive(Default)]
pub struct Memory {
    host: Option<HostUse>,
    vms: HashMap<VmId, Look<DomainReport>>,
    /// What the newest points were made of.
    points: Points,
}

#[derive(Default)]
struct Points {
    host: Option<Look<HostUse>>,
    vms: HashMap<VmId, Look<DomainReport>>,
}

pub async fn apply(
    app: &App,
    host: &HostDetails,
    report: &Report,
    vms: &[Booked],
    memory: &mut Memory,
) -> Outcome<()> {
    let now = app.now();
    let cpu = memory.host.as_ref().and_then(|before| host_cpu(before, &report.usage));
    memory.host = Some(report.usage.clone());
    let running: Vec<(&Booked, &DomainReport)> = vms.iter().filter_map(|vm| running(vm, report)).collect();
    let points = memory.points.take(host.row.id, &report.usage, &running, now);
    note_host(app, host, &report.usage, cpu).await?;
    if !points.is_empty() {
        store::statistics::keep(&mut *app.conn().await?, now, &points).await?;
    }
    let news = memory.news(&running, now);
    if !news.is_empty() {
        store::vms::show_use(&mut *app.conn().await?, &news).await?;
    }
    Ok(())
}

/// Writes down a host's use when it is another than what is shown, and now and then that the host answered. By itself:
/// whoever holds the host's row while waiting for a VM's could meet an operation that does the reverse.
async fn note_host(app: &App, host: &HostDetails, usage: &HostUse, cpu: Option<f32>) -> Outcome<()> {
    let (now, id) = (app.now(), host.row.id);
    let percent = 100.0 * (1.0 - usage.memory_free as f32 / usage.memory_total.max(1) as f32);
    if apart(host.row.memory_percent, percent)
        || cpu.is_some_and(|cpu| apart(host.row.cpu_percent, cpu))
        || host.row.status != HostStatus::Up
    {
        store::hosts::set_use(&mut *app.conn().await?, id, usage.memory_free, cpu, now).await?;
    } else if host.last_seen.is_none_or(|at| now - at > SEEN_EVERY) {
        store::hosts::set_seen(&mut *app.conn().await?, id, now).await?;
    }
    Ok(())
}

/// Whether a percentage is worth telling: pages show whole ones.
fn apart(shown: Option<f32>, now: f32) -> bool {
    shown.is_none_or(|shown| (shown - now).abs() >= 1.0)
}

/// What is shown of a VM's use.
struct Shown {
    cpu: Option<f32>,
    memory: Option<f32>,
    network: Option<u64>,
}

impl Shown {
    fn of(vm: &Booked) -> Self {
        Shown { cpu: vm.cpu_percent, memory: vm.memory_percent, network: vm.network_rate }
    }

    /// Whether the use is another by so much that it is news: a whole percent, or a tenth of what the network carries.
    /// Everything that is written is told to everybody who looks.
    fn differs(&self, now: &Use) -> bool {
        let network = now.network.is_some_and(|now| {
            self.network.is_none_or(|shown| {
                let (less, more) = (shown.min(now), shown.max(now));
                more - less > more / 10 && more - less >= 256
            })
        });
        let percent = |shown, now: Option<f32>| now.is_some_and(|now| apart(shown, now));
        network || percent(self.cpu, now.cpu) || percent(self.memory, now.memory)
    }
}

impl Memory {
    /// The use of each VM that it is time for, where it is news.
    fn news(&mut self, running: &[(&Booked, &DomainReport)], now: OffsetDateTime) -> Vec<(VmId, Use)> {
        self.vms.retain(|id, _| running.iter().any(|(vm, _)| vm.id == *id));
        let one = |(vm, domain): &(&Booked, &DomainReport)| {
            let used = vm_use(&mut self.vms, EVERY, vm, domain, now)?;
            Shown::of(vm).differs(&used).then_some((vm.id, used))
        };
        running.iter().filter_map(one).collect()
    }
}

fn running<'a>(vm: &'a Booked, report: &'a Report) -> Option<(&'a Booked, &'a DomainReport)> {
    let domain = report.domains.iter().find(|d| d.vm == vm.id && d.state == DomainState::Running)?;
    Some((vm, domain))
}

/// A VM's use since the look that is remembered, when that is `every` ago; then this look is.
fn vm_use(
    looks: &mut HashMap<VmId, Look<DomainReport>>,
    every: Duration,
    vm: &Booked,
    domain: &DomainReport,
    now: OffsetDateTime,
) -> Option<Use> {
    let before = looks.get(&vm.id);
    if before.is_some_and(|(_, at)| now - *at < every) {
        return None;
    }
    let used = before.and_then(|(before, at)| sample(before, domain, now - *at, vm.vcpus));
    looks.insert(vm.id, (domain.clone(), now));
    used
}

impl Points {
    /// What is to be kept of the host and its VMs, each over the time since its point before.
    fn take(
        &mut self,
        host: HostId,
        usage: &HostUse,
        running: &[(&Booked, &DomainReport)],
        now: OffsetDateTime,
    ) -> Vec<Sample> {
        self.vms.retain(|id, _| running.iter().any(|(vm, _)| vm.id == *id));
        let one = |(vm, domain): &(&Booked, &DomainReport)| {
            let used = vm_use(&mut self.vms, POINT_EVERY, vm, domain, now)?;
            Some(Sample { object: vm.id.0, used })
        };
        let mut points: Vec<Sample> = running.iter().filter_map(one).collect();
        let sum = |f: fn(&Use) -> Option<u64>| points.iter().filter_map(|p| f(&p.used)).sum();
        let (network, disk) = (Some(sum(|u| u.network)), Some(sum(|u| u.disk)));
        if let Some(own) = self.host(usage, now) {
            points.push(Sample { object: host.0, used: Use { network, disk, ..own } });
        }
        points
    }

    fn host(&mut self, now: &HostUse, at: OffsetDateTime) -> Option<Use> {
        if self.host.as_ref().is_some_and(|(_, before)| at - *before < POINT_EVERY) {
            return None;
        }
        let (before, _) = self.host.replace((now.clone(), at))?;
        let free = now.memory_free as f64 / now.memory_total.max(1) as f64;
        let memory = (100.0 * (1.0 - free)).clamp(0.0, 100.0) as f32;
        Some(Use { cpu: Some(host_cpu(&before, now)?), memory: Some(memory), ..Use::default() })
    }
}

/// Busy share of all CPUs between two looks, 0 to 100.
fn host_cpu(before: &HostUse, now: &HostUse) -> Option<f32> {
    let busy = now.cpu_busy_ns.checked_sub(before.cpu_busy_ns)?;
    let total = now.cpu_total_ns.checked_sub(before.cpu_total_ns).filter(|t| *t > 0)?;
    Some((100.0 * busy as f64 / total as f64).clamp(0.0, 100.0) as f32)
}

/// A VM's use between two looks. None when the counters began anew in between.
fn sample(before: &DomainReport, now: &DomainReport, passed: Duration, vcpus: u32) -> Option<Use> {
    let seconds = passed.as_seconds_f64();
    let cpu =
        now.cpu_time_ns.checked_sub(before.cpu_time_ns)? as f64 / 1e9 / seconds / f64::from(vcpus.max(1));
    let rate = |now: u64, before: u64| now.checked_sub(before).map(|bytes| (bytes as f64 / seconds) as u64);
    let memory = match (now.memory_current, now.memory_unused) {
        (Some(all), Some(unused)) if all > 0 => 100.0 * (1.0 - unused.min(all) as f64 / all as f64),
        _ => 0.0,
    };
    Some(Use {
        cpu: Some((100.0 * cpu).clamp(0.0, 100.0) as f32),
        memory: Some(memory as f32),
        network: Some(rate(now.net_rx + now.net_tx, before.net_rx + before.net_tx)?),
        // A disk that was taken out begins its count anew.
        disk: rate(now.disk_read + now.disk_write, before.disk_read + before.disk_write),
        ..Use::default()
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
        let used = |before, now| sample(&before, &now, Duration::seconds(10), 1);
        let now = used(report(0, 0), report(5_000_000_000, 1000)).unwrap();
        let rates = (now.cpu, now.memory, now.network, now.disk);
        assert_eq!(rates, (Some(50.0), Some(75.0), Some(100), Some(0)));
        assert_eq!(used(report(9, 0), report(1, 0)), None, "a restart");
        let read = |bytes| DomainReport { disk_read: bytes, ..report(1, 1) };
        assert_eq!(used(read(0), read(70)).unwrap().disk, Some(7));
        assert_eq!(used(read(70), read(0)).unwrap().disk, None, "another disk");
    }

    #[test]
    fn only_what_a_page_would_show_is_news() {
        for (shown, now, news) in [
            ((None, Some(50.0), Some(1000)), (10.0, 50.0, 1000), true),
            ((Some(10.0), Some(50.0), None), (10.0, 50.0, 1000), true),
            ((Some(10.0), Some(50.0), Some(1000)), (10.4, 49.6, 1090), false),
            ((Some(10.0), Some(50.0), Some(1000)), (11.0, 50.0, 1000), true),
            ((Some(10.0), Some(50.0), Some(1000)), (10.0, 48.9, 1000), true),
            ((Some(10.0), Some(50.0), Some(0)), (10.0, 50.0, 200), false),
            ((Some(10.0), Some(50.0), Some(0)), (10.0, 50.0, 256), true),
            ((Some(10.0), Some(50.0), Some(1_000_000)), (10.0, 50.0, 950_000), false),
            ((Some(10.0), Some(50.0), Some(1_000_000)), (10.0, 50.0, 850_000), true),
        ] {
            let (cpu, memory, network) = now;
            let now = Use { cpu: Some(cpu), memory: Some(memory), network: Some(network), ..Use::default() };
            let shown = Shown { cpu: shown.0, memory: shown.1, network: shown.2 };
            assert_eq!(shown.differs(&now), news, "{now:?}");
        }
    }

    #[test]
    fn a_host_has_a_point_each_minute() {
        let usage = |busy, total| HostUse {
            cpu_busy_ns: busy,
            cpu_total_ns: total,
            memory_total: 400,
            memory_free: 100,
        };
        let mut points = Points::default();
        let mut at =
            |seconds, usage| points.host(&usage, OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds));
        assert_eq!(at(0, usage(0, 100)), None, "nothing to compare with");
        assert_eq!(at(59, usage(5, 110)), None, "too soon");
        let point = at(60, usage(25, 200)).unwrap();
        assert_eq!((point.cpu, point.memory), (Some(25.0), Some(75.0)));
        assert_eq!(at(120, usage(1, 10)), None, "the machine began anew");
        assert!(at(180, usage(2, 20)).is_some());
    }

    #[test]
    fn a_hosts_cpu_is_the_busy_share() {
        let usage = |busy, total| HostUse { cpu_busy_ns: busy, cpu_total_ns: total, ..HostUse::default() };
        assert_eq!(host_cpu(&usage(0, 0), &usage(25, 100)), Some(25.0));
        assert_eq!(host_cpu(&usage(50, 100), &usage(25, 200)), None);
        assert_eq!(host_cpu(&usage(0, 100), &usage(0, 100)), None);
    }
}
