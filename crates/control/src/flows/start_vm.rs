//! Start a VM: choose a host and book it, define the domain there, launch it, and see it run. Until the
//! process is proven not to exist, the VM keeps its host: nothing is ever started twice.

use std::time::Duration;

use async_trait::async_trait;
use host::DomainState;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::event::EventKind;
use model::id::Kind;
use model::vm::{VmIntent, VmStatus};
use model::{HostId, Refusal, Text};
use store::PgConnection;

use super::{VmParams, cause, definition, fault_said, finished, host_said};
use crate::app::{App, commit};
use crate::events;

pub struct StartVm(pub App);

const fn step(name: &'static str, undo: bool, seconds: u64) -> Step {
    Step { name, undo, cancellable: undo, deadline: Duration::from_secs(seconds), attempts: 5 }
}

static STEPS: [Step; 4] =
    [step("place", true, 30), step("define", true, 60), step("launch", true, 120), step("settle", false, 60)];

#[async_trait]
impl Flow for StartVm {
    fn kind(&self) -> &'static str {
        super::START_VM
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        match step {
            "place" => self.place(&params).await,
            "define" => definition::define(&self.0, params.vm).await,
            "launch" => {
                let (vm, driver) = definition::booked(&self.0, params.vm).await?;
                driver.start(vm.row.id).await.map_err(host_said)
            }
            _ => self.settle(&params, run).await,
        }
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let vm = super::vm(&self.0, params.vm).await?;
        if step == "place" {
            let mut c = self.0.conn().await.map_err(fault_said)?;
            return Ok(store::vms::end_run(&mut c, params.vm).await?);
        }
        let Some((host, _)) = &vm.row.host else { return Ok(()) };
        let driver = self.0.hosts.driver(*host).await.map_err(fault_said)?;
        match step {
            "launch" => driver.destroy(params.vm).await.map_err(host_said),
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
        let now = self.0.now();
        // A VM that still has its host could not be taken back there: the monitor finds out what it is.
        let status = if vm.row.host.is_some() { VmStatus::Unknown } else { VmStatus::Down };
        let reason = Text::new("vm-reason-start-failed");
        store::vms::set_status(tx, params.vm, status, Some(&reason), now).await?;
        // One that is being started again by itself is tried again; `ha` says when.
        if vm.ha_attempts == 0 || *outcome == End::Cancelled {
            store::vms::set_intent(tx, params.vm, VmIntent::Down, None).await?;
        }
        let (args, about) = ([("cause", cause(outcome))], vec![(Kind::Vm, params.vm.0, vm.row.name)]);
        events::note(tx, now, EventKind::VmStartFailed, &args, about, super::of(run))
            .await
            .map_err(fault_said)
    }
}

impl StartVm {
    async fn place(&self, params: &VmParams) -> Result<(), StepError> {
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        let vm = store::vms::lock(&mut tx, params.vm).await?;
        let vm = vm.ok_or_else(|| fault_said(model::Fault::NotFound { kind: Kind::Vm }))?;
        if vm.row.host.is_some() {
            return Ok(());
        }
        definition::book(&mut tx, &vm).await?;
        let password =
            (!vm.config.options.headless()).then(|| crate::vms::screen_password(self.0.ids.uuid()));
        store::vms::begin_run(&mut tx, params.vm, &vm.config, password.as_deref()).await?;
        commit(tx).await.map_err(fault_said)
    }

    async fn settle(&self, params: &VmParams, run: &Run) -> Result<(), StepError> {
        let (vm, driver) = definition::booked(&self.0, params.vm).await?;
        let report = driver.domain(params.vm).await.map_err(host_said)?;
        if !matches!(report.state, DomainState::Running | DomainState::Paused | DomainState::ShuttingDown) {
            return Err(StepError::Fail(Refusal::new("vm-reason-crashed")));
        }
        let now = self.0.now();
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        store::vms::set_status(&mut tx, params.vm, VmStatus::PoweringUp, None, now).await?;
        if vm.row.started_at.is_some() {
            // This step has been here before, and was told of.
            return commit(tx).await.map_err(fault_said);
        }
        store::vms::set_started(&mut tx, params.vm, now).await?;
        let (host_id, host) = vm.row.host.clone().unwrap_or((HostId(uuid::Uuid::nil()), String::new()));
        let about = vec![(Kind::Vm, params.vm.0, vm.row.name), (Kind::Host, host_id.0, host.clone())];
        let args = [("host", events::word(&host))];
        events::note(&mut tx, now, EventKind::VmStarted, &args, about, super::of(run))
            .await
            .map_err(fault_said)?;
        commit(tx).await.map_err(fault_said)
    }
}
