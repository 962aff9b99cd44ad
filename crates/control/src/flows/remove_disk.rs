//! Remove a disk that nothing has. What has been deleted cannot come back: the way back only finds out whether the
//! volume is still there. With it the disk is as before, otherwise it is illegal, and removing it again goes on.

use std::time::Duration;

use async_trait::async_trait;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::disk::DiskStatus;
use model::event::EventKind;
use model::id::Kind;
use store::PgConnection;

use super::{DiskParams, cause, fault_said, finished, volumes};
use crate::app::App;
use crate::events;

pub struct RemoveDisk(pub App);

static STEPS: [Step; 1] = [Step {
    name: "volumes",
    undo: true,
    cancellable: false,
    deadline: Duration::from_secs(300),
    attempts: 5,
}];

#[async_trait]
impl Flow for RemoveDisk {
    fn kind(&self) -> &'static str {
        super::REMOVE_DISK
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: DiskParams = run.params()?;
        volumes::delete(&self.0, &[params.disk]).await
    }

    async fn undo(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: DiskParams = run.params()?;
        run.set("intact", volumes::intact(&self.0, &[params.disk]).await?)
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: DiskParams = run.params()?;
        let Some(disk) = store::disks::get(tx, params.disk).await? else { return Ok(()) };
        let (now, about) = (self.0.now(), vec![(Kind::Disk, params.disk.0, disk.alias)]);
        if finished(outcome) {
            let told = events::note(tx, now, EventKind::DiskRemoved, &[], about, super::of(run)).await;
            told.map_err(fault_said)?;
            store::objects::remove(tx, params.disk.0).await?;
            return Ok(());
        }
        let intact = run.get::<bool>("intact")?.unwrap_or(false);
        let status = if intact { DiskStatus::Ok } else { DiskStatus::Illegal };
        store::disks::set_status(tx, params.disk, status).await?;
        let args = [("cause", cause(outcome))];
        let told = events::note(tx, now, EventKind::DiskRemoveFailed, &args, about, super::of(run)).await;
        told.map_err(fault_said)
    }
}
