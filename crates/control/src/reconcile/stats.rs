//! Rates out of totals: the use of a host and of its VMs since the look before.

use std::collections::HashMap;

use host::{DomainReport, DomainState, HostUse, Report};
use model::VmId;
use model::host::{HostDetails, HostPoint, HostStatus};
use model::vm::{UsePoint, VmRow};
use store::vms::Vm;
use time::{Duration, OffsetDateTime};

use crate::Outcome;
use crate::app::App;

/// Samples are kept at this distance, whatever the monitor's pace.
const EVERY: Duration = Duration::seconds(5);

/// How often samples that are too old are taken away, and how long they are kept.
const FORGET_EVERY: Duration = Duration::minutes(10);
const KEPT: Duration = Duration::HOUR;
/// How often it is noted at least that a host answered.
const SEEN_EVERY: Duration = Duration::seconds(15);

#[derive(Default)]
pub struct Memory {
    host: Option<HostUse>,
    /// What the newest sample was made of.
    sampled: Option<(HostUse, OffsetDateTime)>,
    vms: HashMap<VmId, (DomainReport, OffsetDateTime)>,
    forgot_at: Option<OffsetDateTime>,
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
    note_host(app, host, &report.usage, cpu).await?;
    if let Some(point) = memory.point(&report.usage, now) {
        store::hosts::samples::add(&mut *app.conn().await?, host.row.id, &point).await?;
    }
    let points = memory.points(report, vms, now);
    if !points.is_empty() {
        let mut c = app.conn().await?;
        store::vms::add_samples(&mut c, &points).await?;
        let shown = |id: VmId| vms.iter().find(|vm| vm.row.id == id).map(|vm| Shown::of(&vm.row));
        let news = |(id, point): &(VmId, UsePoint)| shown(*id).is_some_and(|shown| shown.differs(point));
        let news: Vec<_> = points.into_iter().filter(news).collect();
        if !news.is_empty() {
            store::vms::show_use(&mut c, &news).await?;
        }
    }
    if memory.forgot_at.is_none_or(|at| now - at > FORGET_EVERY) {
        memory.forgot_at = Some(now);
        forget(app, host, vms).await?;
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

async fn forget(app: &App, host: &HostDetails, vms: &[Vm]) -> Outcome<()> {
    let (before, ids) = (app.now() - KEPT, vms.iter().map(|vm| vm.row.id).collect::<Vec<_>>());
    let mut c = app.conn().await?;
    store::vms::forget_samples(&mut c, &ids, before).await?;
    store::hosts::samples::forget(&mut c, host.row.id, before).await?;
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
    fn of(row: &VmRow) -> Self {
        Shown { cpu: row.cpu_percent, memory: row.memory_percent, network: row.network_rate }
    }

    /// Whether the use is another by so much that it is news: a whole percent, or a tenth of what the network carries.
    /// Everything that is written is told to everybody who looks.
    fn differs(&self, now: &UsePoint) -> bool {
        let network = self.network.is_none_or(|shown| {
            let (less, more) = (shown.min(now.network_rate), shown.max(now.network_rate));
            more - less > more / 10 && more - less >= 256
        });
        network || apart(self.cpu, now.cpu_percent) || apart(self.memory, now.memory_percent)
    }
}

impl Memory {
    /// The use of each running VM since its sample before, of those that it is time for.
    fn points(&mut self, report: &Report, vms: &[Vm], now: OffsetDateTime) -> Vec<(VmId, UsePoint)> {
        let mut points = Vec::new();
        for vm in vms {
            let id = vm.row.id;
            let domain = report.domains.iter().find(|d| d.vm == id && d.state == DomainState::Running);
            let Some(domain) = domain else {
                self.vms.remove(&id);
                continue;
            };
            let before = self.vms.get(&id);
            if before.is_some_and(|(_, at)| now - *at < EVERY) {
                continue;
            }
            let point = before.and_then(|(before, at)| sample(before, domain, now - *at, vm.row.vcpus, now));
            points.extend(point.map(|point| (id, point)));
            self.vms.insert(id, (domain.clone(), now));
        }
        points
    }

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
            let (cpu_percent, memory_percent, network_rate) = now;
            let at = OffsetDateTime::UNIX_EPOCH;
            let point = UsePoint { at, cpu_percent, memory_percent, network_rate };
            let shown = Shown { cpu: shown.0, memory: shown.1, network: shown.2 };
            assert_eq!(shown.differs(&point), news, "{point:?}");
        }
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
