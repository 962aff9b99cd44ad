//! What guests tell through their agent: that they have booted, who they are and where they are to be reached.

use std::sync::Arc;

use host::{DomainState, HostDriver, Report};
use model::VmId;
use model::vm::VmStatus;
use store::vms::Vm;
use time::Duration;

use crate::Outcome;
use crate::app::App;

/// How often a guest that has answered is asked again.
const EVERY: Duration = Duration::seconds(30);

/// Asks the agents of those that have not answered yet, and now and then the others. Each in a task of its
/// own: an agent that hangs holds up nothing.
pub async fn ask(app: &App, driver: Arc<dyn HostDriver>, vms: &[Vm], report: &Report) -> Outcome<()> {
    for vm in vms {
        let running = report.domains.iter().any(|d| d.vm == vm.row.id && d.state == DomainState::Running);
        let asked = matches!(vm.row.status, VmStatus::Up | VmStatus::PoweringUp | VmStatus::WaitForLaunch);
        let again =
            vm.agent_seen && (app.now() - vm.status_since).whole_seconds() % EVERY.whole_seconds() >= 3;
        if !running || !asked || again {
            continue;
        }
        let (app, driver, id) = (app.clone(), driver.clone(), vm.row.id);
        tokio::spawn(async move {
            let Ok(guest) = driver.guest_info(id).await else { return };
            if let Err(fault) = heard(&app, id, &guest).await {
                tracing::warn!(vm = %id, %fault, "a guest's answer was lost");
            }
        });
    }
    Ok(())
}

/// A guest whose agent answers has booted.
async fn heard(app: &App, id: VmId, guest: &model::vm::GuestInfo) -> Outcome<()> {
    let mut tx = app.begin().await?;
    let Some(vm) = store::vms::lock(&mut tx, id).await? else { return Ok(()) };
    if vm.row.host.is_none() {
        return Ok(());
    }
    store::vms::set_guest(&mut tx, id, guest).await?;
    if vm.row.status == VmStatus::PoweringUp {
        store::vms::set_status(&mut tx, id, VmStatus::Up, None, app.now()).await?;
    }
    crate::app::commit(tx).await
}

/// The guest began anew, by our wish or its own.
pub async fn rebooted(app: &App, id: VmId) {
    let noted = async {
        let mut tx = app.begin().await?;
        let Some(vm) = store::vms::lock(&mut tx, id).await? else { return Ok(()) };
        if matches!(vm.row.status, VmStatus::Up | VmStatus::PoweringUp | VmStatus::RebootInProgress) {
            store::vms::forget_agent(&mut tx, id).await?;
            store::vms::set_status(&mut tx, id, VmStatus::PoweringUp, None, app.now()).await?;
        }
        crate::app::commit(tx).await
    };
    let noted: Outcome<()> = noted.await;
    if let Err(fault) = noted {
        tracing::warn!(vm = %id, %fault, "a reboot was not noted");
    }
}
