//! Resume a suspended VM on a host that fits. It comes back paused; only when it is written down that its saved
//! memory is used up does its guest take a step, because from then on its disks are newer than that memory. Before,
//! everything can be taken back; afterwards nothing is, and what is left of the volume is only room.

use std::time::Duration;

use async_trait::async_trait;
use host::DomainState;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::disk::DiskStatus;
use model::event::EventKind;
use model::id::Kind;
use model::vm::{VmIntent, VmStatus};
use model::{DiskId, HostId, Refusal, Text};
use store::PgConnection;

use super::suspend_vm::{memory_disk, wake};
use super::{VmParams, cause, definition, fault_said, finished, host_said, volumes};
use crate::app::{App, commit};
use crate::events;

pub struct RestoreVm(pub App);

static STEPS: [Step; 6] = [
    Step::new("place").undo().cancellable().attempts(5),
    Step::new("define").undo().cancellable().attempts(5),
    Step::new("restore").undo().cancellable().deadline(Duration::from_secs(6 * 3600)).attempts(12),
    Step::new("use").attempts(5),
    Step::new("wake").attempts(5),
    Step::new("discard").deadline(Duration::from_secs(300)).attempts(5),
];

#[async_trait]
impl Flow for RestoreVm {
    fn kind(&self) -> &'static str {
        super::RESTORE_VM
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        match step {
            "place" => self.place(&params).await,
            "define" => definition::define(&self.0, params.vm).await,
            "restore" => self.restore(&params).await,
            "use" => self.use_up(&params).await,
            "wake" => self.wake(&params, run).await,
            _ => discard(&self.0, &params, run).await,
        }
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let vm = super::vm(&self.0, params.vm).await?;
        if vm.memory_disk.is_none() {
            return Ok(());
        }
        if step == "place" {
            let mut c = self.0.conn().await.map_err(fault_said)?;
            return Ok(store::vms::suspend_run(&mut c, params.vm).await?);
        }
        let Some((host, _)) = &vm.row.host else { return Ok(()) };
        let driver = self.0.hosts.driver(*host).await.map_err(fault_said)?;
        match step {
            "restore" => driver.destroy(params.vm).await.map_err(host_said),
            _ => definition::forget(driver.as_ref(), params.vm).await,
        }
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let Some(vm) = store::vms::get(tx, params.vm).await? else { return Ok(()) };
        if let Some((host, _)) = &vm.row.host {
            self.0.hosts.poke(*host);
        }
        if finished(outcome) {
            return Ok(());
        }
        left_over(tx, memory_disk(&params)?, &vm).await?;
        if vm.row.status == VmStatus::Up {
            // It goes on; only the volume is still there.
            return Ok(());
        }
        // One that still has its host could not be taken back there: the monitor finds out what it is.
        let status = if vm.row.host.is_some() { VmStatus::Unknown } else { VmStatus::Suspended };
        let reason = Text::new("vm-reason-start-failed");
        store::vms::set_status(tx, params.vm, status, Some(&reason), self.0.now()).await?;
        if vm.row.host.is_none() {
            store::vms::set_intent(tx, params.vm, VmIntent::Down, None).await?;
        }
        let (args, about) = ([("cause", cause(outcome))], vec![(Kind::Vm, params.vm.0, vm.row.name)]);
        let told =
            events::note(tx, self.0.now(), EventKind::VmStartFailed, &args, about, super::of(run)).await;
        told.map_err(fault_said)
    }
}

impl RestoreVm {
    async fn place(&self, params: &VmParams) -> Result<(), StepError> {
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        let vm = store::vms::lock(&mut tx, params.vm).await?;
        let vm = vm.ok_or_else(|| fault_said(model::Fault::NotFound { kind: Kind::Vm }))?;
        definition::book(&mut tx, &vm).await?;
        commit(tx).await.map_err(fault_said)
    }

    async fn restore(&self, params: &VmParams) -> Result<(), StepError> {
        let (vm, driver) = definition::booked(&self.0, params.vm).await?;
        let Some(disk) = super::disks(&self.0, &[memory_disk(params)?]).await?.pop() else {
            return Err(StepError::internal("the saved memory's disk is gone"));
        };
        driver.open_pool(&super::pool_ref(&disk)).await.map_err(host_said)?;
        let restored = driver.restore(vm.row.id, vm.of_run().memory, &super::volume_ref(&disk)).await;
        restored.map_err(host_said)
    }

    /// From here on the saved memory is never gone on from again.
    async fn use_up(&self, params: &VmParams) -> Result<(), StepError> {
        let (vm, driver) = definition::booked(&self.0, params.vm).await?;
        let state = driver.domain(params.vm).await.map_err(host_said)?.state;
        if vm.memory_disk.is_some() && state != DomainState::Paused {
            // Its host has lost it since; what was saved is as good as before.
            return Err(StepError::Fail(Refusal::new("vm-reason-host-restarted")));
        }
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        store::vms::set_memory(&mut tx, params.vm, None).await?;
        store::disks::set_status(&mut tx, memory_disk(params)?, DiskStatus::Locked).await?;
        commit(tx).await.map_err(fault_said)
    }

    async fn wake(&self, params: &VmParams, run: &Run) -> Result<(), StepError> {
        let (vm, driver) = definition::booked(&self.0, params.vm).await?;
        let state = driver.domain(params.vm).await.map_err(host_said)?.state;
        if vm.row.started_at.is_none() && state != DomainState::Running {
            wake(driver.as_ref(), params.vm).await?;
        }
        let now = self.0.now();
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        store::vms::set_status(&mut tx, params.vm, VmStatus::Up, None, now).await?;
        if vm.row.started_at.is_some() {
            // This step has been here before, and was told of.
            return commit(tx).await.map_err(fault_said);
        }
        store::vms::set_started(&mut tx, params.vm, now).await?;
        let (host_id, host) = vm.row.host.clone().unwrap_or((HostId(uuid::Uuid::nil()), String::new()));
        let about = vec![(Kind::Vm, params.vm.0, vm.row.name), (Kind::Host, host_id.0, host.clone())];
        let args = [("host", events::word(&host))];
        let told = events::note(&mut tx, now, EventKind::VmRestored, &args, about, super::of(run)).await;
        told.map_err(fault_said)?;
        commit(tx).await.map_err(fault_said)
    }
}

/// A disk that was to be discarded and was not is nobody's, and can be removed.
async fn left_over(tx: &mut PgConnection, disk: DiskId, vm: &store::vms::Vm) -> Result<(), StepError> {
    if vm.memory_disk == Some(disk) { Ok(()) } else { Ok(store::disks::leave(tx, disk).await?) }
}

/// Removes what was saved. A volume that cannot be deleted is no reason to stop the VM that goes on: its disk
/// stays, belongs to nothing, and can be removed like any other.
async fn discard(app: &App, params: &VmParams, run: &Run) -> Result<(), StepError> {
    let id = memory_disk(params)?;
    let Some(disk) = super::disks(app, &[id]).await?.pop() else { return Ok(()) };
    let deleted = volumes::delete(app, &[id]).await;
    let mut tx = app.begin().await.map_err(fault_said)?;
    match deleted {
        Ok(()) => drop(store::objects::remove(&mut tx, id.0).await?),
        Err(StepError::Retry { cause, .. } | StepError::Fail(cause)) => {
            store::disks::leave(&mut tx, id).await?;
            let (args, about) = ([("cause", cause.text)], vec![(Kind::Disk, id.0, disk.alias)]);
            let told =
                events::note(&mut tx, app.now(), EventKind::DiskRemoveFailed, &args, about, super::of(run));
            told.await.map_err(fault_said)?;
        }
        Err(other) => return Err(other),
    }
    commit(tx).await.map_err(fault_said)
}

/// Power off a suspended VM: it is down at once, and what was saved goes.
pub struct DiscardVm(pub App);

static DISCARD: [Step; 2] =
    [Step::new("record").attempts(5), Step::new("discard").deadline(Duration::from_secs(300)).attempts(5)];

#[async_trait]
impl Flow for DiscardVm {
    fn kind(&self) -> &'static str {
        super::DISCARD_VM
    }

    fn steps(&self) -> &'static [Step] {
        &DISCARD
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        match step {
            "record" => self.record(&params, run).await,
            _ => discard(&self.0, &params, run).await,
        }
    }

    async fn undo(&self, _step: &'static str, _run: &mut Run) -> Result<(), StepError> {
        Ok(())
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        match store::vms::get(tx, params.vm).await?.filter(|_| !finished(outcome)) {
            Some(vm) => left_over(tx, memory_disk(&params)?, &vm).await,
            None => Ok(()),
        }
    }
}

impl DiscardVm {
    async fn record(&self, params: &VmParams, run: &Run) -> Result<(), StepError> {
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        let vm = store::vms::lock(&mut tx, params.vm).await?;
        let Some(vm) = vm.filter(|vm| vm.row.status == VmStatus::Suspended) else { return Ok(()) };
        let (now, reason) = (self.0.now(), Text::new("vm-reason-discarded").with("user", &run.owner_name));
        store::vms::set_status(&mut tx, params.vm, VmStatus::Down, Some(&reason), now).await?;
        store::vms::end_run(&mut tx, params.vm).await?;
        store::vms::set_memory(&mut tx, params.vm, None).await?;
        store::disks::set_status(&mut tx, memory_disk(params)?, DiskStatus::Locked).await?;
        let (args, about) = ([("why", reason)], vec![(Kind::Vm, params.vm.0, vm.row.name)]);
        let told = events::note(&mut tx, now, EventKind::VmDown, &args, about, super::of(run)).await;
        told.map_err(fault_said)?;
        commit(tx).await.map_err(fault_said)
    }
}
