//! What guests tell through their agent: that they have booted, who they are and where they are to be reached.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use host::{DomainState, HostDriver, Report};
use model::VmId;
use model::vm::VmStatus;
use store::vms::Booked;
use time::Duration;

use crate::Outcome;
use crate::app::App;

/// How often a guest that has answered is asked again.
const EVERY: Duration = Duration::seconds(30);

/// Whose agent has been asked and has not answered yet.
#[derive(Default, Clone)]
pub struct Memory(Arc<Mutex<HashSet<VmId>>>);

impl Memory {
    /// False while it is being asked already.
    fn begin(&self, vm: VmId) -> bool {
        self.0.lock().unwrap_or_else(|broken| broken.into_inner()).insert(vm)
    }

    fn end(&self, vm: VmId) {
        self.0.lock().unwrap_or_else(|broken| broken.into_inner()).remove(&vm);
    }
}

/// Asks the agents of those that have not answered yet, and now and then the others. Each in a task of its
/// own, and one at a time: an agent that hangs holds up nothing, and takes no more than one of the host's workers.
pub fn ask(app: &App, driver: &Arc<dyn HostDriver>, vms: &[Booked], report: &Report, memory: &Memory) {
    for vm in vms {
        let running = report.domains.iter().any(|d| d.vm == vm.id && d.state == DomainState::Running);
        let asked = matches!(vm.status, VmStatus::Up | VmStatus::PoweringUp | VmStatus::WaitForLaunch);
        let again =
            vm.agent_seen && (app.now() - vm.status_since).whole_seconds() % EVERY.whole_seconds() >= 3;
        if !running || !asked || again || !memory.begin(vm.id) {
            continue;
        }
        let (app, driver, memory, vm) = (app.clone(), driver.clone(), memory.clone(), vm.clone());
        tokio::spawn(async move {
            let answer = driver.guest_info(vm.id).await;
            memory.end(vm.id);
            let Ok(guest) = answer else { return };
            if vm.agent_seen && vm.status != VmStatus::PoweringUp && vm.guest.as_ref() == Some(&guest) {
                return;
            }
            if let Err(fault) = heard(&app, &vm, &guest).await {
                tracing::warn!(vm = %vm.name, %fault, "a guest's answer was lost");
            }
        });
    }
}

/// A guest whose agent answers has booted. An answer of an earlier run says nothing of this one.
async fn heard(app: &App, asked: &Booked, guest: &model::vm::GuestInfo) -> Outcome<()> {
    let mut tx = app.begin().await?;
    let id = asked.id;
    let Some(vm) = store::vms::lock(&mut tx, id).await? else { return Ok(()) };
    if vm.row.host.is_none() || vm.row.started_at != asked.started_at {
        return Ok(());
    }
    store::vms::set_guest(&mut tx, id, guest).await?;
    if vm.row.status == VmStatus::PoweringUp {
        store::vms::set_status(&mut tx, id, VmStatus::Up, None, app.now()).await?;
        store::vms::set_ha(&mut tx, id, 0, None).await?;
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
