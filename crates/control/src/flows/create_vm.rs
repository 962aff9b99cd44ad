//! Create a VM: its volumes, then it is Down and ready. Fails as if it had never been asked for.

use std::time::Duration;

use async_trait::async_trait;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::disk::{DiskStatus, Source};
use model::event::EventKind;
use model::id::Kind;
use model::vm::VmStatus;
use store::PgConnection;

use super::{VmParams, cause, fault_said, finished, volumes};
use crate::app::App;
use crate::events;

pub struct CreateVm(pub App);

static STEPS: [Step; 1] = [Step {
    name: "volumes",
    undo: true,
    cancellable: false,
    deadline: Duration::from_secs(6 * 3600),
    // A copy that another process began is waited for.
    attempts: 12,
}];

#[async_trait]
impl Flow for CreateVm {
    fn kind(&self) -> &'static str {
        super::CREATE_VM
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        volumes::make(&self.0, &params.disks).await
    }

    async fn undo(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        volumes::delete(&self.0, &params.disks).await?;
        run.set("gone", true)
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let now = self.0.now();
        let Some(vm) = store::vms::get(tx, params.vm).await? else { return Ok(()) };
        let about = vec![(Kind::Vm, params.vm.0, vm.row.name)];
        if finished(outcome) {
            settle(tx, &params, DiskStatus::Ok, VmStatus::Down, now).await?;
            return events::note(tx, now, EventKind::VmCreated, &[], about, super::of(run))
                .await
                .map_err(fault_said);
        }
        if run.get::<bool>("gone")?.unwrap_or(false) {
            remove(tx, &params).await?;
        } else {
            // The volumes may still be there: the rows stay, so that removing the VM removes them too.
            settle(tx, &params, DiskStatus::Illegal, VmStatus::ImageIllegal, now).await?;
        }
        let args = [("cause", cause(outcome))];
        events::note(tx, now, EventKind::VmCreateFailed, &args, about, super::of(run))
            .await
            .map_err(fault_said)
    }
}

async fn settle(
    tx: &mut PgConnection,
    params: &VmParams,
    disk: DiskStatus,
    vm: VmStatus,
    now: time::OffsetDateTime,
) -> Result<(), StepError> {
    for id in &params.disks {
        if let Some(made) = store::disks::get(tx, *id).await?.filter(|_| disk == DiskStatus::Ok)
            && matches!(made.source, Some(Source::Disk(_)))
        {
            // It stands alone, and the template may go.
            store::vms::leave_template(tx, params.vm).await?;
        }
        volumes::settle(tx, *id, disk).await?;
    }
    store::vms::set_status(tx, params.vm, vm, None, now).await?;
    Ok(())
}

async fn remove(tx: &mut PgConnection, params: &VmParams) -> Result<(), StepError> {
    // Disks first: whoever sees the VM then hears of them, too.
    for id in &params.disks {
        store::objects::remove(tx, id.0).await?;
    }
    store::objects::remove(tx, params.vm.0).await?;
    Ok(())
}
