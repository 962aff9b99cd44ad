//! Remove a VM, with or without its disks. What has been deleted cannot come back: the way back only finds out
//! what is still there. With all of it the VM is Down as before, otherwise its image is illegal, and removing
//! it again goes on.

use std::time::Duration;

use async_trait::async_trait;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::disk::DiskStatus;
use model::event::EventKind;
use model::id::Kind;
use model::vm::VmStatus;
use store::PgConnection;

use super::{VmParams, cause, fault_said, finished, volumes};
use crate::app::App;
use crate::events;

pub struct RemoveVm(pub App);

static STEPS: [Step; 1] = [Step {
    name: "volumes",
    undo: true,
    cancellable: false,
    deadline: Duration::from_secs(300),
    attempts: 5,
}];

#[async_trait]
impl Flow for RemoveVm {
    fn kind(&self) -> &'static str {
        super::REMOVE_VM
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        volumes::delete(&self.0, &params.disks).await
    }

    async fn undo(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        run.set("intact", volumes::intact(&self.0, &params.disks).await?)
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let now = self.0.now();
        let Some(vm) = store::vms::get(tx, params.vm).await? else { return Ok(()) };
        let about = vec![(Kind::Vm, params.vm.0, vm.row.name)];
        if finished(outcome) {
            events::note(tx, now, EventKind::VmRemoved, &[], about, super::of(run))
                .await
                .map_err(fault_said)?;
            return remove(tx, &params).await;
        }
        let intact = run.get::<bool>("intact")?.unwrap_or(false);
        let status = if intact { VmStatus::Down } else { VmStatus::ImageIllegal };
        store::vms::set_status(tx, params.vm, status, None, now).await?;
        for id in params.disks.iter().filter(|_| !intact) {
            store::disks::set_status(tx, *id, DiskStatus::Illegal).await?;
        }
        let args = [("cause", cause(outcome))];
        events::note(tx, now, EventKind::VmRemoveFailed, &args, about, super::of(run))
            .await
            .map_err(fault_said)
    }
}

async fn remove(tx: &mut PgConnection, params: &VmParams) -> Result<(), StepError> {
    for id in store::disks::of_vm(tx, params.vm).await? {
        if params.disks.contains(&id) {
            store::objects::remove(tx, id.0).await?;
        } else if let Some(disk) = store::disks::get(tx, id).await? {
            // A disk that stays is below its domain only.
            store::objects::place(tx, id.0, Kind::Disk, &[disk.storage_domain.0]).await?;
        }
    }
    store::objects::remove(tx, params.vm.0).await?;
    Ok(())
}
