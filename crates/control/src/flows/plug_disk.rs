//! Give a VM a disk: one that is made for it, or one that was there. The VM has it in its rows from the beginning, and
//! the guest once it is made. Fails as if it had never been asked for; a guest that has it already and does not let go
//! keeps it, and so does the VM.

use std::time::Duration;

use async_trait::async_trait;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::disk::DiskStatus;
use model::event::EventKind;
use model::id::Kind;
use store::PgConnection;

use super::{VmDiskParams, cause, definition, fault_said, finished, guest, host_said, pool_ref, volumes};
use crate::app::App;
use crate::events;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plug {
    New,
    There,
}

pub struct PlugDisk(pub App, pub Plug);

const MAKE: Step = Step::new("volumes").undo().deadline(Duration::from_secs(6 * 3600)).attempts(12);
const PLUG: Step = Step::new("plug").undo().deadline(Duration::from_secs(120)).attempts(5);
static NEW: [Step; 2] = [MAKE, PLUG];
static THERE: [Step; 1] = [PLUG];

#[async_trait]
impl Flow for PlugDisk {
    fn kind(&self) -> &'static str {
        match self.1 {
            Plug::New => super::ADD_DISK,
            Plug::There => super::ATTACH_DISK,
        }
    }

    fn steps(&self) -> &'static [Step] {
        match self.1 {
            Plug::New => &NEW,
            Plug::There => &THERE,
        }
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmDiskParams = run.params()?;
        match step {
            "volumes" => volumes::make(&self.0, &[params.disk]).await,
            _ => plug(&self.0, &params).await,
        }
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmDiskParams = run.params()?;
        match step {
            "volumes" => volumes::delete(&self.0, &[params.disk]).await,
            _ => unplug(&self.0, &params).await,
        }
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: VmDiskParams = run.params()?;
        let (Some(vm), Some(disk)) =
            (store::vms::get(tx, params.vm).await?, store::disks::get(tx, params.disk).await?)
        else {
            return Ok(());
        };
        let name = vm.row.name;
        let about = vec![(Kind::Disk, disk.id.0, disk.alias), (Kind::Vm, params.vm.0, name.clone())];
        let mut args = vec![("vm", events::word(&name))];
        let kind = match (self.1, finished(outcome)) {
            (Plug::New, true) => Some(EventKind::DiskAdded),
            // Who asked for it was told so.
            (Plug::There, true) => None,
            (Plug::New, false) => Some(EventKind::DiskAddFailed),
            (Plug::There, false) => Some(EventKind::DiskAttachFailed),
        };
        if finished(outcome) {
            volumes::settle(tx, params.disk, DiskStatus::Ok).await?;
        } else {
            args.push(("cause", cause(outcome)));
            self.failed(&params, outcome, tx).await?;
        }
        let Some(kind) = kind else { return Ok(()) };
        let told = events::note(tx, self.0.now(), kind, &args, about, super::of(run)).await;
        told.map_err(fault_said)
    }
}

impl PlugDisk {
    async fn failed(
        &self,
        params: &VmDiskParams,
        outcome: &End,
        tx: &mut PgConnection,
    ) -> Result<(), StepError> {
        let left = |step: &str| matches!(outcome, End::Failed { left, .. } if left.iter().any(|l| l == step));
        if left("plug") {
            return volumes::settle(tx, params.disk, DiskStatus::Ok).await;
        }
        match self.1 {
            Plug::New if !left("volumes") => drop(store::objects::remove(tx, params.disk.0).await?),
            Plug::New => {
                store::vms::detach(tx, params.vm, params.disk).await?;
                volumes::settle(tx, params.disk, DiskStatus::Illegal).await?;
            }
            Plug::There => {
                store::vms::detach(tx, params.vm, params.disk).await?;
                store::disks::set_status(tx, params.disk, DiskStatus::Ok).await?;
            }
        }
        Ok(())
    }
}

/// Into the guest, if the VM runs.
pub async fn plug(app: &App, params: &VmDiskParams) -> Result<(), StepError> {
    let Some(driver) = guest::running(app, params.vm).await? else { return Ok(()) };
    let mut c = app.conn().await.map_err(fault_said)?;
    let all = store::vms::attached(&mut c, params.vm).await?;
    drop(c);
    let Some(own) = all.iter().find(|(disk, _)| disk.id == params.disk) else { return Ok(()) };
    driver.open_pool(&pool_ref(&own.0)).await.map_err(host_said)?;
    guest::told(driver.attach_disk(params.vm, &definition::disk_spec(own)).await)
}

/// Out of the guest, if the VM runs and has it.
pub async fn unplug(app: &App, params: &VmDiskParams) -> Result<(), StepError> {
    let Some(driver) = guest::running(app, params.vm).await? else { return Ok(()) };
    guest::told(driver.detach_disk(params.vm, &params.disk.to_string()).await)
}
