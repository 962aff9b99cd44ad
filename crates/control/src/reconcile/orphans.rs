//! Domains that are where they should not be. A shut-off definition of a VM that is elsewhere or down is
//! forgotten; a running one is taken in if its VM is nowhere else, and never touched otherwise.

use std::collections::HashSet;

use host::{DomainReport, DomainState, HostDriver, Report};
use model::VmId;
use model::event::EventKind;
use model::host::HostDetails;
use model::id::Kind;
use store::vms::Vm;

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
    match (domain.state == DomainState::ShutOff, elsewhere) {
        (true, Some(_)) => Verdict::Forget,
        (false, Some(false)) => Verdict::Adopt,
        (_, _) => Verdict::Tell,
    }
}

pub async fn apply(
    app: &App,
    host: &HostDetails,
    report: &Report,
    driver: &dyn HostDriver,
    memory: &mut Memory,
) -> Outcome<()> {
    for domain in &report.domains {
        let mut tx = app.begin().await?;
        let vm = store::vms::get(&mut tx, domain.vm).await?;
        let booked = vm.as_ref().and_then(|vm| vm.row.host.as_ref()).map(|(id, _)| *id);
        if booked == Some(host.row.id) {
            continue;
        }
        let vm = store::vms::lock(&mut tx, domain.vm).await?;
        let booked = vm.as_ref().and_then(|vm| vm.row.host.as_ref()).map(|(id, _)| *id);
        let busy = booked == Some(host.row.id) || store::jobs::busy(&mut tx, domain.vm.0).await?.is_some();
        match judge(domain, busy, vm.as_ref().map(|_| booked.is_some())) {
            Verdict::Leave => {}
            Verdict::Forget => {
                commit(tx).await?;
                let _ = driver.undefine(domain.vm).await;
            }
            Verdict::Adopt => {
                store::vms::set_host(&mut tx, domain.vm, Some(host.row.id)).await?;
                commit(tx).await?;
            }
            Verdict::Tell if memory.told.insert(domain.vm) => tell(app, host, domain, vm).await?,
            Verdict::Tell => {}
        }
    }
    Ok(())
}

async fn tell(app: &App, host: &HostDetails, domain: &DomainReport, vm: Option<Vm>) -> Outcome<()> {
    let mut tx = app.begin().await?;
    let mut about = vec![(Kind::Host, host.row.id.0, host.row.name.clone())];
    about.extend(vm.map(|vm| (Kind::Vm, vm.row.id.0, vm.row.name)));
    let args = [("what", events::word(&domain.name)), ("host", events::word(&host.row.name))];
    events::note(&mut tx, app.now(), EventKind::OrphanFound, &args, about, None).await?;
    commit(tx).await
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
