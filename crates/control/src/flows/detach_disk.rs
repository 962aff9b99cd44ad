//! Take a disk from a VM, and remove it if that was asked for. A guest that does not let go keeps it. What has been
//! deleted cannot come back: the way back finds out whether it is still there, and puts it in again if it is.

use std::time::Duration;

use async_trait::async_trait;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::disk::DiskStatus;
use model::event::EventKind;
use model::id::Kind;
use store::PgConnection;

use super::plug_disk::{plug, unplug};
use super::{VmDiskParams, cause, fault_said, finished, volumes};
use crate::app::App;
use crate::events;

/// What becomes of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    Keep,
    Remove,
}

pub struct DetachDisk(pub App, pub After);

const UNPLUG: Step = Step::new("unplug").undo().deadline(Duration::from_secs(120)).attempts(6);
static KEEP: [Step; 1] = [UNPLUG];
static REMOVE: [Step; 2] =
    [UNPLUG, Step::new("volumes").undo().deadline(Duration::from_secs(300)).attempts(5)];

#[async_trait]
impl Flow for DetachDisk {
    fn kind(&self) -> &'static str {
        match self.1 {
            After::Keep => super::DETACH_DISK,
            After::Remove => super::TAKE_OUT_DISK,
        }
    }

    fn steps(&self) -> &'static [Step] {
        match self.1 {
            After::Keep => &KEEP,
            After::Remove => &REMOVE,
        }
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmDiskParams = run.params()?;
        match step {
            "unplug" => unplug(&self.0, &params).await,
            _ => volumes::delete(&self.0, &[params.disk]).await,
        }
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmDiskParams = run.params()?;
        if step == "volumes" {
            return run.set("intact", volumes::intact(&self.0, &[params.disk]).await?);
        }
        match intact(run)? {
            true => plug(&self.0, &params).await,
            false => Ok(()),
        }
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: VmDiskParams = run.params()?;
        let (Some(vm), Some(disk)) =
            (store::vms::get(tx, params.vm).await?, store::disks::get(tx, params.disk).await?)
        else {
            return Ok(());
        };
        let (vm, alias, now) = (vm.row.name, disk.alias, self.0.now());
        let about = vec![(Kind::Disk, disk.id.0, alias), (Kind::Vm, params.vm.0, vm.clone())];
        let mut args = vec![("vm", events::word(&vm))];
        let kind = match (finished(outcome), self.1) {
            (true, After::Keep) => None,
            (true, After::Remove) => Some(EventKind::DiskRemoved),
            (false, _) => Some(EventKind::DiskDetachFailed),
        };
        if !finished(outcome) {
            args.push(("cause", cause(outcome)));
        }
        if let Some(kind) = kind {
            let told = events::note(tx, now, kind, &args, about, super::of(run)).await;
            told.map_err(fault_said)?;
        }
        // Of what nobody could look for any more, the worst is taken for true.
        let lost = matches!(outcome, End::Failed { left, .. } if left.iter().any(|step| step == "volumes"));
        self.settle(&params, finished(outcome), intact(run)? && !lost, tx).await
    }
}

/// As long as nobody has looked, nothing was deleted.
fn intact(run: &Run) -> Result<bool, StepError> {
    Ok(run.get::<bool>("intact")?.unwrap_or(true))
}

impl DetachDisk {
    async fn settle(
        &self,
        params: &VmDiskParams,
        done: bool,
        intact: bool,
        tx: &mut PgConnection,
    ) -> Result<(), StepError> {
        let gone = done && self.1 == After::Remove;
        if done || !intact {
            store::vms::detach(tx, params.vm, params.disk).await?;
        }
        if gone {
            store::objects::remove(tx, params.disk.0).await?;
            return Ok(());
        }
        let status = if intact { DiskStatus::Ok } else { DiskStatus::Illegal };
        Ok(store::disks::set_status(tx, params.disk, status).await?)
    }
}
