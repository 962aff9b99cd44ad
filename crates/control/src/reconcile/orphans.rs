//! Domains that are where they should not be. A shut-off definition of a VM that is elsewhere or down is
//! forgotten; a running one is taken in if its VM is nowhere else, and never touched otherwise.

use std::collections::HashSet;

use host::{DomainReport, DomainState, HostDriver, Report};
use model::VmId;
use model::event::EventKind;
use model::host::HostDetails;
use model::id::Kind;
use store::vms::{Booked, Vm};

use crate::app::{App, commit};
use crate::{Outcome, events};

/// What has been told already.
#[derive(Default)]
pub struct Memory {
    told: HashSet<VmId>,
}

/// What is to be done about a domain on a host that its VM is not booked on.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: it is not Drover's, or a job is at it.
    Leave,
    Forget,
    /// It runs, and its VM is recorded nowhere: it runs here.
    Adopt,
    /// It runs although its VM is unknown or elsewhere: a person must look.
    Tell,
}

/// `elsewhere`: the VM is known and booked on another host; `None`: no such VM.
pub fn judge(domain: &DomainReport, busy: bool, elsewhere: Option<bool>) -> Verdict {
    if !domain.ours || busy {
        return Verdict::Leave;
    }
    match (off(domain.state), elsewhere) {
        (true, Some(_)) => Verdict::Forget,
        (false, Some(false)) => Verdict::Adopt,
        (_, _) => Verdict::Tell,
    }
}

/// Nothing of it runs, whatever is left of its process.
fn off(state: DomainState) -> bool {
    matches!(state, DomainState::ShutOff | DomainState::Crashed)
}

/// `booked` are the VMs that were the host's before it was asked.
pub async fn apply(
    app: &App,
    host: &HostDetails,
    report: &Report,
    booked: &[Booked],
    driver: &dyn HostDriver,
    memory: &mut Memory,
) -> Outcome<()> {
    let here = |d: &DomainReport, state: fn(DomainState) -> bool| {
        booked.iter().any(|vm| vm.id == d.vm && state(d.state))
    };
    for domain in report.domains.iter().filter(|d| d.ours) {
        // One that is booked here is a stray only if it was just recorded as down.
        if !here(domain, |state| !off(state)) {
            consider(app, host, domain.vm, driver, memory).await?;
        }
    }
    Ok(())
}

/// Decides on what the host says now, and only if nothing was written of the VM in between: the report may be
/// older than a job that has ended since.
async fn consider(
    app: &App,
    host: &HostDetails,
    id: VmId,
    driver: &dyn HostDriver,
    memory: &mut Memory,
) -> Outcome<()> {
    let before = store::vms::get(&mut *app.conn().await?, id).await?;
    let on = |vm: &Vm| vm.row.host.as_ref().map(|(id, _)| *id);
    if before.as_ref().and_then(on) == Some(host.row.id) {
        return Ok(());
    }
    // A host that has it no more, or does not answer, leaves nothing to decide.
    let Ok(domain) = driver.domain(id).await else { return Ok(()) };
    let mut tx = app.begin().await?;
    let vm = store::vms::lock(&mut tx, id).await?;
    let changed = vm.as_ref().map(|vm| vm.revision) != before.as_ref().map(|vm| vm.revision);
    let busy = changed || store::jobs::busy(&mut tx, id.0).await?.is_some();
    match judge(&domain, busy, vm.as_ref().map(|vm| on(vm).is_some())) {
        Verdict::Leave => {}
        // With the row taken, so that no start defines it anew in the same moment.
        Verdict::Forget => {
            // What is left of a crashed process stands in the way.
            let gone = match domain.state {
                DomainState::Crashed => driver.destroy(id).await,
                _ => Ok(()),
            };
            let forgotten = match gone {
                Ok(()) => driver.undefine(id).await,
                kept => kept,
            };
            if let Err(error) = forgotten {
                tracing::warn!(host = %host.row.name, vm = %id, %error, "a stale definition stays");
            }
        }
        Verdict::Adopt => {
            store::vms::set_host(&mut tx, id, Some(host.row.id)).await?;
            let about = about(host, &domain, vm);
            let args = [("host", events::word(&host.row.name))];
            events::note(&mut tx, app.now(), EventKind::VmFound, &args, about, None).await?;
        }
        Verdict::Tell if memory.told.insert(id) => {
            let args = [("what", events::word(&domain.name)), ("host", events::word(&host.row.name))];
            let about = about(host, &domain, vm);
            events::note(&mut tx, app.now(), EventKind::OrphanFound, &args, about, None).await?;
        }
        Verdict::Tell => {}
    }
    commit(tx).await
}

/// The VM, if it is one that is known, and the host.
fn about(host: &HostDetails, domain: &DomainReport, vm: Option<Vm>) -> Vec<events::About> {
    let name = vm.map(|vm| (Kind::Vm, domain.vm.0, vm.row.name));
    name.into_iter().chain([(Kind::Host, host.row.id.0, host.row.name.clone())]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use host::StateReason;

    #[test]
    fn the_verdict_for_each_case() {
        let domain = |ours, state| DomainReport {
            vm: VmId(uuid::Uuid::nil()),
            name: String::new(),
            state,
            reason: StateReason::Unknown,
            ours,
            cpu_time_ns: 0,
            memory_current: None,
            memory_unused: None,
            net_rx: 0,
            net_tx: 0,
            disk_read: 0,
            disk_write: 0,
        };
        use DomainState::{Running, ShutOff};
        for (ours, state, busy, elsewhere, then) in [
            (false, Running, false, None, Verdict::Leave),
            (true, Running, true, Some(false), Verdict::Leave),
            (true, ShutOff, false, Some(false), Verdict::Forget),
            (true, ShutOff, false, Some(true), Verdict::Forget),
            (true, DomainState::Crashed, false, Some(false), Verdict::Forget),
            (true, Running, false, Some(false), Verdict::Adopt),
            (true, Running, false, Some(true), Verdict::Tell),
            (true, Running, false, None, Verdict::Tell),
            (true, ShutOff, false, None, Verdict::Tell),
        ] {
            assert_eq!(
                judge(&domain(ours, state), busy, elsewhere),
                then,
                "{ours} {state:?} {busy} {elsewhere:?}"
            );
        }
    }
}
