//! Make a disk larger, before the eyes of the guest that has it. Its row has the new size from the beginning, so that
//! its quota counts it; what has grown cannot shrink, so the way back finds out how large it is.

use std::time::Duration;

use async_trait::async_trait;
use host::HostError;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::disk::{DiskStatus, Format};
use model::event::EventKind;
use model::id::Kind;
use model::{DiskId, Refusal};
use serde::Deserialize;
use store::PgConnection;
use store::disks::Disk;

use super::{cause, fault_said, finished, guest, host_said, host_with, pool_ref, volume_ref};
use crate::app::App;
use crate::events;

pub struct ExtendDisk(pub App);

#[derive(Deserialize)]
struct Params {
    disk: DiskId,
    /// Bytes.
    size: u64,
}

static STEPS: [Step; 1] = [Step::new("grow").undo().deadline(Duration::from_secs(6 * 3600)).attempts(5)];

#[async_trait]
impl Flow for ExtendDisk {
    fn kind(&self) -> &'static str {
        super::EXTEND_DISK
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: Params = run.params()?;
        let Some(disk) = super::disks(&self.0, &[params.disk]).await?.pop() else { return Ok(()) };
        self.grow(&disk, params.size).await?;
        let (_, allocation) = self.measure(&disk).await?;
        let mut c = self.0.conn().await.map_err(fault_said)?;
        Ok(store::disks::set_sizes(&mut c, disk.id, params.size, allocation).await?)
    }

    async fn undo(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: Params = run.params()?;
        let Some(disk) = super::disks(&self.0, &[params.disk]).await?.pop() else { return Ok(()) };
        run.set("size", self.measure(&disk).await?.0)
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: Params = run.params()?;
        let Some(disk) = store::disks::get(tx, params.disk).await? else { return Ok(()) };
        let size = if finished(outcome) { Some(params.size) } else { run.get::<u64>("size")? };
        if let Some(size) = size {
            store::disks::set_virtual_size(tx, params.disk, size).await?;
        }
        store::disks::set_status(tx, params.disk, DiskStatus::Ok).await?;
        let about = vec![(Kind::Disk, disk.id.0, disk.alias)];
        let (kind, arg) = match finished(outcome) {
            true => (EventKind::DiskExtended, ("size", model::size::text(params.size))),
            false => (EventKind::DiskExtendFailed, ("cause", cause(outcome))),
        };
        let told = events::note(tx, self.0.now(), kind, &[arg], about, super::of(run)).await;
        told.map_err(fault_said)
    }
}

impl ExtendDisk {
    /// QEMU holds the image of a running VM, and makes it larger itself; a raw file is made larger first, so that its
    /// room is taken, and QEMU is told.
    async fn grow(&self, disk: &Disk, size: u64) -> Result<(), StepError> {
        let mut c = self.0.conn().await.map_err(fault_said)?;
        let vm = store::vms::attachment(&mut c, disk.id).await?.map(|how| how.vm);
        drop(c);
        let running = match vm {
            Some(vm) => guest::running(&self.0, vm).await?.map(|driver| (vm, driver)),
            None => None,
        };
        if running.is_none() || disk.format == Format::Raw {
            let driver = host_with(&self.0, disk.storage_domain, None).await?;
            driver.open_pool(&pool_ref(disk)).await.map_err(host_said)?;
            let grown = driver.grow_volume(&volume_ref(disk), disk.allocation, size).await;
            grown.map_err(host_said)?;
        }
        let Some((vm, driver)) = running else { return Ok(()) };
        match driver.grow_disk(vm, &disk.id.to_string(), size).await {
            // It has ended meanwhile, and its file is free.
            Err(HostError::WrongState(_)) => {
                let cause = Refusal::new("refusal-disk-locked").with("name", &disk.alias);
                Err(StepError::Retry { cause, after: Duration::from_secs(2) })
            }
            grown => grown.map_err(host_said),
        }
    }

    /// What it is and what it takes.
    async fn measure(&self, disk: &Disk) -> Result<(u64, u64), StepError> {
        let driver = host_with(&self.0, disk.storage_domain, None).await?;
        driver.open_pool(&pool_ref(disk)).await.map_err(host_said)?;
        let report = driver.volume(&volume_ref(disk)).await.map_err(host_said)?;
        Ok((report.capacity, report.allocation))
    }
}
