//! From what a host reports to what is recorded of its VMs. The decision is pure and a table; a VM that a job
//! holds is the job's business.

use host::{DomainReport, DomainState, Report, StateReason};
use model::Text;
use model::event::EventKind;
use model::host::HostDetails;
use model::id::Kind;
use model::vm::VmStatus;
use store::vms::Booked;
use time::{Duration, OffsetDateTime};

use crate::app::{App, commit};
use crate::{Outcome, events};

/// After that long without an agent a running VM counts as Up (catalogue README).
pub const BOOT_TIME: Duration = Duration::seconds(60);

/// A guest that was asked to shut down and has not within that long does not mean to. Longer than what systemd
/// gives its services.
pub const SHUTDOWN_TIME: Duration = Duration::minutes(3);

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    pub status: VmStatus,
    pub reason: Option<Text>,
}

impl Observed {
    fn is(status: VmStatus) -> Self {
        Observed { status, reason: None }
    }

    fn why(status: VmStatus, key: &str) -> Self {
        Observed { status, reason: Some(Text::new(key)) }
    }
}

/// What a report means for a VM that is recorded as `status` since `age`, whose agent was or was not heard.
pub fn decide(
    status: VmStatus,
    age: Duration,
    agent: bool,
    domain: Option<(DomainState, StateReason)>,
) -> Observed {
    use DomainState::*;
    let Some((state, reason)) = domain else { return Observed::why(VmStatus::Down, "vm-reason-crashed") };
    match state {
        Running => running(status, age, agent),
        Paused if reason == StateReason::IoError => Observed::why(VmStatus::Paused, "vm-reason-io-error"),
        Paused => Observed::why(VmStatus::Paused, "vm-reason-user-paused"),
        ShuttingDown => Observed::is(VmStatus::PoweringDown),
        Stuck => Observed::is(VmStatus::NotResponding),
        Crashed => Observed::why(VmStatus::Down, "vm-reason-crashed"),
        ShutOff => Observed::why(VmStatus::Down, off_reason(reason)),
    }
}

fn running(status: VmStatus, age: Duration, agent: bool) -> Observed {
    let booted = agent || age >= BOOT_TIME;
    Observed::is(match status {
        VmStatus::PoweringDown if age < SHUTDOWN_TIME => VmStatus::PoweringDown,
        VmStatus::RebootInProgress if age < BOOT_TIME => VmStatus::RebootInProgress,
        VmStatus::Up => VmStatus::Up,
        VmStatus::PoweringUp | VmStatus::WaitForLaunch | VmStatus::RebootInProgress if !booted => {
            VmStatus::PoweringUp
        }
        _ => VmStatus::Up,
    })
}

fn off_reason(reason: StateReason) -> &'static str {
    match reason {
        StateReason::Shutdown => "vm-reason-guest-shutdown",
        StateReason::Destroyed => "vm-reason-destroyed",
        StateReason::Unknown => "vm-reason-host-restarted",
        _ => "vm-reason-crashed",
    }
}

/// Whether a VM that went down did so as somebody wished.
fn expected(reason: &Text) -> bool {
    matches!(reason.key.as_str(), "vm-reason-guest-shutdown" | "vm-reason-destroyed")
}

/// Records the states of the host's VMs, which were read before the host was asked. The definition of one that
/// went down stays for `orphans`, which looks next: recorded first, forgotten then.
pub async fn apply(app: &App, host: &HostDetails, report: &Report, vms: &[Booked]) -> Outcome<()> {
    for vm in vms {
        let domain = report.domains.iter().find(|d| d.vm == vm.id);
        if !settled(vm, domain, app.now()) {
            record(app, host, vm, domain).await?;
        }
    }
    Ok(())
}

/// The common case, decided without asking the database again.
fn settled(vm: &Booked, domain: Option<&DomainReport>, now: OffsetDateTime) -> bool {
    let seen = decide(vm.status, now - vm.status_since, vm.agent_seen, domain.map(|d| (d.state, d.reason)));
    seen.status == vm.status && seen.reason == vm.status_reason
}

async fn record(app: &App, host: &HostDetails, vm: &Booked, domain: Option<&DomainReport>) -> Outcome<()> {
    let mut tx = app.begin().await?;
    let id = vm.id;
    let Some(now_vm) = store::vms::lock(&mut tx, id).await? else { return Ok(()) };
    let moved = now_vm.row.host.as_ref().map(|h| h.0) != Some(host.row.id);
    let changed = now_vm.revision != vm.revision;
    if moved || changed || store::jobs::busy(&mut tx, id.0).await?.is_some() {
        // The report is older than what was written since; the next look will tell.
        return Ok(());
    }
    let now = app.now();
    let seen = decide(vm.status, now - vm.status_since, vm.agent_seen, domain.map(|d| (d.state, d.reason)));
    let before = store::vms::set_status(&mut tx, id, seen.status, seen.reason.as_ref(), now).await?;
    if seen.status == VmStatus::Up {
        store::vms::set_ha(&mut tx, id, 0, None).await?;
    }
    let off = domain.is_none_or(|d| d.state == DomainState::ShutOff && d.reason == StateReason::Unknown);
    let asleep = seen.status == VmStatus::Down && off && now_vm.memory_disk.is_some();
    if asleep {
        // Its host was lost while it was being resumed: its guest has not taken a step, and what was saved is good.
        let reason = Text::new("vm-reason-start-failed");
        store::vms::set_status(&mut tx, id, VmStatus::Suspended, Some(&reason), now).await?;
        store::vms::set_intent(&mut tx, id, model::vm::VmIntent::Down, None).await?;
        store::vms::suspend_run(&mut tx, id).await?;
        return commit(tx).await;
    }
    if seen.status != VmStatus::Paused {
        store::vms::leave_memory(&mut tx, &now_vm).await?;
    }
    let down = seen.status == VmStatus::Down;
    if down {
        store::vms::end_run(&mut tx, id).await?;
        let crash = seen.reason.as_ref().is_some_and(|r| !expected(r));
        if !crash {
            store::vms::set_intent(&mut tx, id, model::vm::VmIntent::Down, vm.stop_reason.as_deref()).await?;
        }
    }
    if before == Some(VmStatus::PoweringDown) && seen.status == VmStatus::Up {
        store::vms::set_intent(&mut tx, id, model::vm::VmIntent::Up, None).await?;
    }
    if let Some((kind, why)) = before.and_then(|before| told(before, &seen)) {
        let about =
            vec![(Kind::Vm, id.0, vm.name.clone()), (Kind::Host, host.row.id.0, host.row.name.clone())];
        events::note(&mut tx, now, kind, &[("why", why)], about, None).await?;
    }
    commit(tx).await
}

/// The event that a change of state is worth.
fn told(before: VmStatus, seen: &Observed) -> Option<(EventKind, Text)> {
    let why = seen.reason.clone().unwrap_or_else(|| events::word(""));
    let kind = match seen.status {
        VmStatus::Down if expected(&why) => EventKind::VmDown,
        VmStatus::Down => EventKind::VmDownError,
        VmStatus::Paused if why.key == "vm-reason-io-error" => EventKind::VmPausedIo,
        VmStatus::Paused => EventKind::VmPaused,
        VmStatus::Up if before == VmStatus::Paused => EventKind::VmRecovered,
        VmStatus::NotResponding => EventKind::VmNotResponding,
        VmStatus::Up if before == VmStatus::PoweringDown => {
            let minutes = Text::new("value-minutes").with("n", SHUTDOWN_TIME.whole_minutes());
            return Some((EventKind::VmShutdownIgnored, minutes));
        }
        VmStatus::Up | VmStatus::PoweringUp
            if matches!(before, VmStatus::NotResponding | VmStatus::Unknown) =>
        {
            EventKind::VmRespondsAgain
        }
        _ => return None,
    };
    Some((kind, why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use DomainState as D;
    use StateReason as R;
    use VmStatus::*;

    #[test]
    fn what_each_report_means() {
        let (young, old) = (Duration::seconds(5), Duration::seconds(61));
        for (status, age, agent, domain, then, why) in [
            (WaitForLaunch, young, false, Some((D::Running, R::Unknown)), PoweringUp, None),
            (PoweringUp, young, false, Some((D::Running, R::Unknown)), PoweringUp, None),
            (PoweringUp, young, true, Some((D::Running, R::Unknown)), Up, None),
            (PoweringUp, old, false, Some((D::Running, R::Unknown)), Up, None),
            (Up, young, false, Some((D::Running, R::Unknown)), Up, None),
            (PoweringDown, old, true, Some((D::Running, R::Unknown)), PoweringDown, None),
            (PoweringDown, SHUTDOWN_TIME, true, Some((D::Running, R::Unknown)), Up, None),
            (RebootInProgress, young, true, Some((D::Running, R::Unknown)), RebootInProgress, None),
            (RebootInProgress, old, false, Some((D::Running, R::Unknown)), Up, None),
            (Unknown, young, false, Some((D::Running, R::Unknown)), Up, None),
            (NotResponding, young, true, Some((D::Running, R::Unknown)), Up, None),
            (Up, old, true, Some((D::Stuck, R::Unknown)), NotResponding, None),
            (Up, old, true, Some((D::Paused, R::IoError)), Paused, Some("vm-reason-io-error")),
            (Up, old, true, Some((D::Paused, R::User)), Paused, Some("vm-reason-user-paused")),
            (Up, old, true, Some((D::ShuttingDown, R::Unknown)), PoweringDown, None),
            (
                PoweringDown,
                old,
                true,
                Some((D::ShutOff, R::Shutdown)),
                Down,
                Some("vm-reason-guest-shutdown"),
            ),
            (Up, old, true, Some((D::ShutOff, R::Shutdown)), Down, Some("vm-reason-guest-shutdown")),
            (Up, old, true, Some((D::ShutOff, R::Crashed)), Down, Some("vm-reason-crashed")),
            (Up, old, true, Some((D::ShutOff, R::Failed)), Down, Some("vm-reason-crashed")),
            (Up, old, true, Some((D::ShutOff, R::Destroyed)), Down, Some("vm-reason-destroyed")),
            (Unknown, old, true, Some((D::ShutOff, R::Unknown)), Down, Some("vm-reason-host-restarted")),
            (Up, old, true, Some((D::Crashed, R::Crashed)), Down, Some("vm-reason-crashed")),
            (Up, old, true, None, Down, Some("vm-reason-crashed")),
        ] {
            let seen = decide(status, age, agent, domain);
            let key = seen.reason.as_ref().map(|r| r.key.as_str());
            assert_eq!((seen.status, key), (then, why), "{status:?} {age} {agent} {domain:?}");
            assert!(key.is_none_or(model::text::known), "{key:?}");
        }
    }
}
