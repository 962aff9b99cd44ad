//! Suspend a VM: write its memory into a volume, which ends its process, and let go of the host. As long as the process
//! is there the VM can go on; afterwards the volume is what it goes on from, and until that is written down all can be
//! taken back.

use std::time::Duration;

use async_trait::async_trait;
use host::{DomainState, HostDriver, HostError, StateReason};
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::disk::DiskStatus;
use model::event::EventKind;
use model::id::Kind;
use model::vm::{VmIntent, VmStatus};
use model::{DiskId, Refusal, Text, VmId};
use store::PgConnection;
use store::disks::Disk;
use tokio::time::timeout;

use super::{VmParams, cause, definition, fault_said, finished, host_said, volumes};
use crate::app::{App, commit};
use crate::events;

pub struct SuspendVm(pub App);

/// A save that another process began is waited for.
static STEPS: [Step; 3] = [
    Step::new("save").undo().cancellable().deadline(Duration::from_secs(6 * 3600)).attempts(12),
    Step::new("record").attempts(12),
    Step::new("forget"),
];

/// The disk that a VM's memory is, or is about to be, saved in.
pub(super) fn memory_disk(params: &VmParams) -> Result<DiskId, StepError> {
    params.disks.first().copied().ok_or_else(|| StepError::internal("the job has no disk for the memory"))
}

#[async_trait]
impl Flow for SuspendVm {
    fn kind(&self) -> &'static str {
        super::SUSPEND_VM
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        match step {
            "save" => self.save(&params, run).await,
            "record" => self.record(&params, run).await,
            _ => {
                // The VM has let go of it. One that cannot be told now is told by `orphans`.
                match self.0.hosts.driver(run.need("host")?).await {
                    Ok(driver) => definition::forget(driver.as_ref(), params.vm).await,
                    Err(_) => Ok(()),
                }
            }
        }
    }

    async fn undo(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let Some(driver) = self.host(params.vm).await? else { return Ok(()) };
        let disk = self.disk(&params).await?;
        let there = come_back(driver.as_ref(), params.vm, disk.as_ref()).await?;
        // Before its guest takes a step: what was saved must never be gone on from afterwards.
        volumes::delete(&self.0, &params.disks).await?;
        if there {
            wake(driver.as_ref(), params.vm).await?;
        }
        run.set("back", there)
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let Some(vm) = store::vms::get(tx, params.vm).await? else { return Ok(()) };
        if let Some((host, _)) = &vm.row.host {
            self.0.hosts.poke(*host);
        }
        if finished(outcome) || vm.row.status == VmStatus::Suspended {
            return Ok(());
        }
        // What became of one that does not run on, or could not be asked, the monitor finds out.
        let undone = !matches!(outcome, End::Failed { left, .. } if !left.is_empty());
        let runs = undone && run.get::<bool>("back")?.unwrap_or(true);
        let status = if runs { VmStatus::Up } else { VmStatus::Unknown };
        store::vms::set_status(tx, params.vm, status, None, self.0.now()).await?;
        let disk = memory_disk(&params)?;
        match undone {
            true => drop(store::objects::remove(tx, disk.0).await?),
            false => store::disks::set_status(tx, disk, DiskStatus::Illegal).await?,
        }
        let (args, about) = ([("cause", cause(outcome))], vec![(Kind::Vm, params.vm.0, vm.row.name)]);
        let told =
            events::note(tx, self.0.now(), EventKind::VmSuspendFailed, &args, about, super::of(run)).await;
        told.map_err(fault_said)
    }
}

impl SuspendVm {
    /// None once the VM has let go of it.
    async fn host(&self, vm: VmId) -> Result<Option<std::sync::Arc<dyn HostDriver>>, StepError> {
        let vm = super::vm(&self.0, vm).await?;
        let Some((host, _)) = &vm.row.host else { return Ok(None) };
        Ok(Some(self.0.hosts.driver(*host).await.map_err(fault_said)?))
    }

    async fn disk(&self, params: &VmParams) -> Result<Option<Disk>, StepError> {
        Ok(super::disks(&self.0, &[memory_disk(params)?]).await?.pop())
    }

    async fn save(&self, params: &VmParams, run: &mut Run) -> Result<(), StepError> {
        let (vm, driver) = definition::booked(&self.0, params.vm).await?;
        let missing = || StepError::internal("the disk for the memory is gone");
        let disk = self.disk(params).await?.ok_or_else(missing)?;
        driver.open_pool(&super::pool_ref(&disk)).await.map_err(host_said)?;
        let to = super::volume_ref(&disk);
        let mut saving = driver.save(params.vm, vm.of_run().memory, &to);
        let saved = match run.unless_cancelled(&mut saving).await {
            Ok(saved) => saved,
            Err(cancelled) => {
                // It may only have been waiting for its turn, and would begin later, behind everybody's back.
                while timeout(AGAIN, &mut saving).await.is_err() {
                    driver.abort_save(params.vm).await.map_err(host_said)?;
                }
                return Err(cancelled);
            }
        };
        saved.map_err(|error| match error {
            // It ended by itself before it could be saved.
            HostError::NotFound(_) => StepError::Fail(Refusal::from(error.text())),
            error => host_said(error),
        })?;
        let report = driver.volume(&to).await.map_err(host_said)?;
        let mut c = self.0.conn().await.map_err(fault_said)?;
        store::disks::set_sizes(&mut c, disk.id, report.capacity, report.allocation).await?;
        run.set("host", vm.row.host.map(|(id, _)| id))
    }

    async fn record(&self, params: &VmParams, run: &Run) -> Result<(), StepError> {
        let disk = self.disk(params).await?;
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        let vm = store::vms::lock(&mut tx, params.vm).await?;
        let (Some(vm), Some(disk)) = (vm, disk) else { return Ok(()) };
        if vm.row.status == VmStatus::Suspended {
            return Ok(());
        }
        let (now, reason) = (self.0.now(), Text::new("vm-reason-suspended").with("user", &run.owner_name));
        store::vms::suspend_run(&mut tx, params.vm).await?;
        store::vms::set_memory(&mut tx, params.vm, Some(disk.id)).await?;
        store::vms::set_intent(&mut tx, params.vm, VmIntent::Down, vm.stop_reason.as_deref()).await?;
        store::vms::set_status(&mut tx, params.vm, VmStatus::Suspended, Some(&reason), now).await?;
        store::disks::set_status(&mut tx, disk.id, DiskStatus::Ok).await?;
        let args = [("size", model::size::text(disk.virtual_size))];
        let about = vec![(Kind::Vm, params.vm.0, vm.row.name)];
        let told = events::note(&mut tx, now, EventKind::VmSuspended, &args, about, super::of(run)).await;
        told.map_err(fault_said)?;
        commit(tx).await.map_err(fault_said)
    }
}

/// How soon a save that is not wanted any more is given up once more.
const AGAIN: Duration = Duration::from_secs(1);

/// Sees to it that the VM's process is there, from what was saved if it has gone already. False when it ended by itself.
async fn come_back(driver: &dyn HostDriver, vm: VmId, disk: Option<&Disk>) -> Result<bool, StepError> {
    driver.abort_save(vm).await.map_err(host_said)?;
    let off = |state| matches!(state, DomainState::ShutOff | DomainState::Crashed);
    match driver.domain(vm).await {
        Err(HostError::NotFound(_)) => return Ok(false),
        Err(error) => return Err(host_said(error)),
        Ok(report) if off(report.state) => {
            let saved = matches!(report.reason, StateReason::Saved | StateReason::Unknown);
            let Some(disk) = disk.filter(|_| saved) else { return Ok(false) };
            match driver.restore(vm, disk.virtual_size, &super::volume_ref(disk)).await {
                Ok(()) => {}
                // Nothing was saved.
                Err(HostError::NotFound(_)) => return Ok(false),
                Err(error) => return Err(host_said(error)),
            }
        }
        Ok(_) => {}
    }
    Ok(true)
}

/// Running already is success.
pub(super) async fn wake(driver: &dyn HostDriver, vm: VmId) -> Result<(), StepError> {
    match driver.resume(vm).await {
        Err(HostError::WrongState(_))
            if driver.domain(vm).await.map_err(host_said)?.state == DomainState::Running =>
        {
            Ok(())
        }
        resumed => resumed.map_err(host_said),
    }
}
