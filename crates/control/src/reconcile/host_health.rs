//! Whether a host answers and is what it should be. One failed call is no news; two in a row are, and then the
//! states of its VMs are unknown, which is not the same as down.

use host::{HostDriver, Report};
use model::event::EventKind;
use model::host::{HostDetails, HostStatus};
use model::id::Kind;
use model::vm::VmStatus;
use model::{HostId, Text, VmId};
use time::{Duration, OffsetDateTime};

use super::{monitor, storage};
use crate::app::{App, commit};
use crate::{Outcome, events};

/// How often a host that is Up is asked again what it is.
const FACTS_EVERY: Duration = Duration::minutes(5);

#[derive(Default)]
pub struct Memory {
    failures: u32,
    facts_at: Option<OffsetDateTime>,
}

/// What follows from a failed look: nothing yet, or NonResponsive.
pub fn after_failure(status: HostStatus, failures: u32) -> Option<HostStatus> {
    match status {
        HostStatus::NonResponsive => None,
        HostStatus::Up | HostStatus::PreparingForMaintenance if failures < 2 => None,
        _ => Some(HostStatus::NonResponsive),
    }
}

/// Asks the host; gives its report when it is fit to be acted on.
pub async fn look(
    app: &App,
    host: &HostDetails,
    driver: &dyn HostDriver,
    memory: &mut monitor::Memory,
) -> Outcome<Option<Report>> {
    let now = app.now();
    let due = memory.health.facts_at.is_none_or(|at| now - at > FACTS_EVERY);
    if due || host.row.status != HostStatus::Up {
        match driver.facts().await {
            Err(error) => return failed(app, host, error.text(), memory).await,
            Ok(facts) => {
                if let Some(reason) = other_machine(app, host, &facts).await? {
                    set(app, host, HostStatus::NonOperational, Some(reason), EventKind::HostNonOperational)
                        .await?;
                    lose_vms(app, host).await?;
                    return Ok(None);
                }
                store::hosts::set_facts(&mut *app.conn().await?, host.row.id, &facts, now).await?;
                memory.health.facts_at = Some(now);
            }
        }
    }
    let report = match driver.report().await {
        Err(error) => return failed(app, host, error.text(), memory).await,
        Ok(report) => report,
    };
    memory.health.failures = 0;
    if host.row.status != HostStatus::Up {
        // Storage first: a host that is Up is one that VMs may be placed on.
        storage::look(app, host, &mut memory.storage).await?;
        set(app, host, HostStatus::Up, None, EventKind::HostUp).await?;
        storage::settle(app, host.row.data_center.0, None).await?;
    }
    Ok(Some(report))
}

async fn failed(
    app: &App,
    host: &HostDetails,
    reason: Text,
    memory: &mut monitor::Memory,
) -> Outcome<Option<Report>> {
    memory.health.failures += 1;
    memory.health.facts_at = None;
    if let Some(status) = after_failure(host.row.status, memory.health.failures) {
        set(app, host, status, Some(reason), EventKind::HostNonResponsive).await?;
        storage::settle(app, host.row.data_center.0, None).await?;
    }
    if memory.health.failures >= 2 || host.row.status != HostStatus::Up {
        // Each time: a job may have held one of them the time before.
        lose_vms(app, host).await?;
    }
    Ok(None)
}

/// The host's VMs may run or not: nobody knows, and nothing may be concluded.
async fn lose_vms(app: &App, host: &HostDetails) -> Outcome<()> {
    for vm in store::vms::of_host(&mut *app.conn().await?, host.row.id).await? {
        if vm.status != VmStatus::Unknown {
            lose_vm(app, host, vm.id).await?;
        }
    }
    Ok(())
}

async fn lose_vm(app: &App, host: &HostDetails, id: VmId) -> Outcome<()> {
    let mut tx = app.begin().await?;
    let vm = store::vms::lock(&mut tx, id).await?;
    let here = vm.filter(|vm| vm.row.host.as_ref().is_some_and(|(on, _)| *on == host.row.id));
    let Some(vm) = here else { return Ok(()) };
    if store::jobs::busy(&mut tx, id.0).await?.is_some() {
        return Ok(());
    }
    let reason = Text::new("vm-reason-host-lost");
    let news = store::vms::set_status(&mut tx, id, VmStatus::Unknown, Some(&reason), app.now()).await?;
    if news.is_some() {
        let about = vec![(Kind::Vm, id.0, vm.row.name), (Kind::Host, host.row.id.0, host.row.name.clone())];
        let args = [("host", events::word(&host.row.name))];
        events::note(&mut tx, app.now(), EventKind::VmUnknown, &args, about, None).await?;
    }
    commit(tx).await
}

/// A host must stay the machine it was, and be here once.
async fn other_machine(
    app: &App,
    host: &HostDetails,
    facts: &model::host::HostFacts,
) -> Outcome<Option<Text>> {
    if host.facts.as_ref().is_some_and(|known| known.host_uuid != facts.host_uuid) && host.row.vm_count > 0 {
        return Ok(Some(Text::new("host-reason-other-machine")));
    }
    let same = store::hosts::by_machine(&mut *app.conn().await?, &facts.host_uuid).await?;
    let other = same.filter(|(id, _)| *id != host.row.id);
    Ok(other.map(|(_, name)| Text::new("refusal-duplicate-host").with("name", name)))
}

async fn set(
    app: &App,
    host: &HostDetails,
    status: HostStatus,
    reason: Option<Text>,
    kind: EventKind,
) -> Outcome<()> {
    let mut tx = app.begin().await?;
    store::hosts::lock(&mut tx, host.row.id).await?;
    let now = store::hosts::details(&mut tx, host.row.id).await?;
    let as_seen = |h: &HostDetails| h.row.intended == host.row.intended && h.config == host.config;
    if !now.as_ref().is_some_and(as_seen) {
        // Somebody sent it to maintenance, changed its address, or removed it, while we looked.
        return Ok(());
    }
    let news = store::hosts::set_status(&mut tx, host.row.id, status, reason.as_ref(), app.now()).await?;
    if news {
        let about = vec![(Kind::Host, host.row.id.0, host.row.name.clone())];
        let why = reason.unwrap_or_else(|| events::word(""));
        events::note(&mut tx, app.now(), kind, &[("why", why)], about, None).await?;
    }
    commit(tx).await
}

/// So many calls never returned that the driver renewed the connection.
pub async fn renewed(app: &App, id: HostId, abandoned: u64) {
    let told = async {
        let mut tx = app.begin().await?;
        let Some(host) = store::hosts::details(&mut tx, id).await? else { return Ok(()) };
        let about = vec![(Kind::Host, id.0, host.row.name)];
        let why = Text::new("host-reason-abandoned").with("n", abandoned);
        events::note(&mut tx, app.now(), EventKind::HostReconnected, &[("why", why)], about, None).await?;
        commit(tx).await
    };
    let told: Outcome<()> = told.await;
    if let Err(fault) = told {
        tracing::warn!(%fault, "an event was lost");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_is_no_news_but_for_a_host_that_never_answered() {
        use HostStatus::*;
        for (status, failures, then) in [
            (Up, 1, None),
            (Up, 2, Some(NonResponsive)),
            (Connecting, 1, Some(NonResponsive)),
            (NonResponsive, 9, None),
            (NonOperational, 1, Some(NonResponsive)),
            (PreparingForMaintenance, 1, None),
        ] {
            assert_eq!(after_failure(status, failures), then, "{status:?} {failures}");
        }
    }
}
