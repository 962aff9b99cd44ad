//! What is asked of a running VM: shut down, reboot, reset, pause, go on, and the plug pulled. The guest decides when it is
//! down; the monitor records it.

use std::time::Duration;

use async_trait::async_trait;
use host::{Ask, DomainState, HostDriver, HostError, HostResult};
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::event::EventKind;
use model::id::Kind;
use model::vm::VmStatus;
use model::{Refusal, Text, VmId};
use store::PgConnection;

use super::{VmParams, cause, fault_said, finished, host_said};
use crate::app::{App, commit};
use crate::events;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    Shutdown,
    Reboot,
    Reset,
    Pause,
    Resume,
}

impl Power {
    /// The guest begins anew.
    fn anew(self) -> bool {
        matches!(self, Power::Reboot | Power::Reset)
    }
}

pub struct PowerVm(pub App, pub Power);

static ASK: [Step; 1] =
    [Step { name: "ask", undo: false, cancellable: false, deadline: Duration::from_secs(60), attempts: 3 }];

#[async_trait]
impl Flow for PowerVm {
    fn kind(&self) -> &'static str {
        match self.1 {
            Power::Shutdown => super::SHUTDOWN_VM,
            Power::Reboot => super::REBOOT_VM,
            Power::Reset => super::RESET_VM,
            Power::Pause => super::PAUSE_VM,
            Power::Resume => super::RESUME_VM,
        }
    }

    fn steps(&self) -> &'static [Step] {
        &ASK
    }

    async fn run(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let driver = driver(&self.0, params.vm).await?;
        if self.1 == Power::Resume {
            // A resume from what was saved may have been broken off with the VM there, paused.
            let mut tx = self.0.begin().await.map_err(fault_said)?;
            let vm = store::vms::lock(&mut tx, params.vm).await?;
            let vm = vm.ok_or_else(|| fault_said(model::Fault::NotFound { kind: Kind::Vm }))?;
            store::vms::leave_memory(&mut tx, &vm).await?;
            commit(tx).await.map_err(fault_said)?;
        }
        if self.1.anew() {
            // Beforehand: the guest may tell that it has begun anew before its host has answered.
            self.now_is(params.vm, VmStatus::RebootInProgress).await?;
        }
        let asked = match self.1 {
            Power::Resume => driver.resume(params.vm).await,
            Power::Pause => driver.pause(params.vm).await,
            Power::Reset => driver.reset(params.vm).await,
            asked => ask(driver.as_ref(), asked, params.vm).await,
        };
        match asked {
            Err(HostError::WrongState(_)) if self.already(driver.as_ref(), params.vm).await? => {}
            asked => asked.map_err(host_said)?,
        }
        match self.1 {
            Power::Shutdown => self.now_is(params.vm, VmStatus::PoweringDown).await,
            Power::Reboot | Power::Reset => Ok(()),
            Power::Pause => self.now_is(params.vm, VmStatus::Paused).await,
            Power::Resume => self.now_is(params.vm, VmStatus::Up).await,
        }
    }

    async fn undo(&self, _step: &'static str, _run: &mut Run) -> Result<(), StepError> {
        Ok(())
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        if self.1.anew() && !finished(outcome) {
            self.not_rebooted(run, tx).await?;
        }
        let kind = match self.1 {
            Power::Shutdown => EventKind::VmStopFailed,
            Power::Reboot | Power::Reset => EventKind::VmRebootFailed,
            Power::Pause => EventKind::VmPauseFailed,
            Power::Resume => EventKind::VmStartFailed,
        };
        told_if_failed(&self.0, run, outcome, tx, kind).await
    }
}

impl PowerVm {
    async fn now_is(&self, vm: VmId, status: VmStatus) -> Result<(), StepError> {
        let mut c = self.0.conn().await.map_err(fault_said)?;
        let reason = (status == VmStatus::Paused).then(|| Text::new("vm-reason-user-paused"));
        store::vms::set_status(&mut c, vm, status, reason.as_ref(), self.0.now()).await?;
        Ok(())
    }

    /// It may have been heard all the same: the monitor finds out whether the guest is up.
    async fn not_rebooted(&self, run: &Run, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let vm = store::vms::get(tx, params.vm).await?;
        if vm.is_some_and(|vm| vm.row.status == VmStatus::RebootInProgress) {
            store::vms::set_status(tx, params.vm, VmStatus::PoweringUp, None, self.0.now()).await?;
        }
        Ok(())
    }

    /// Whether it is so already: an attempt whose answer was lost may have been heard.
    async fn already(&self, driver: &dyn HostDriver, vm: VmId) -> Result<bool, StepError> {
        let state = driver.domain(vm).await.map_err(host_said)?.state;
        Ok(match self.1 {
            Power::Shutdown => matches!(state, DomainState::ShutOff | DomainState::ShuttingDown),
            Power::Resume => state == DomainState::Running,
            Power::Pause => state == DomainState::Paused,
            Power::Reboot | Power::Reset => false,
        })
    }
}

/// By the agent, which knows that the guest heard; else by the power button.
async fn ask(driver: &dyn HostDriver, power: Power, vm: VmId) -> HostResult<()> {
    match ask_by(driver, power, vm, Ask::Agent).await {
        Err(HostError::NoAgent(_) | HostError::Timeout { .. } | HostError::Failed(_)) => {
            ask_by(driver, power, vm, Ask::Acpi).await
        }
        other => other,
    }
}

async fn ask_by(driver: &dyn HostDriver, power: Power, vm: VmId, how: Ask) -> HostResult<()> {
    match power {
        Power::Reboot => driver.reboot(vm, how).await,
        _ => driver.shutdown(vm, how).await,
    }
}

async fn driver(app: &App, vm: VmId) -> Result<std::sync::Arc<dyn HostDriver>, StepError> {
    let vm = super::vm(app, vm).await?;
    let host = vm.row.host.ok_or_else(|| {
        let status = vm.row.status.text();
        StepError::Fail(Refusal::new("refusal-vm-status").with("action", "").with("status", status))
    })?;
    app.hosts.driver(host.0).await.map_err(fault_said)
}

async fn told_if_failed(
    app: &App,
    run: &Run,
    outcome: &End,
    tx: &mut PgConnection,
    kind: EventKind,
) -> Result<(), StepError> {
    let params: VmParams = run.params()?;
    let Some(vm) = store::vms::get(tx, params.vm).await? else { return Ok(()) };
    if let Some((host, _)) = &vm.row.host {
        app.hosts.poke(*host);
    }
    if finished(outcome) {
        return Ok(());
    }
    let (args, about) = ([("cause", cause(outcome))], vec![(Kind::Vm, params.vm.0, vm.row.name)]);
    events::note(tx, app.now(), kind, &args, about, super::of(run)).await.map_err(fault_said)
}

/// Pull the plug: end the process, record Down, forget the definition.
pub struct PowerOffVm(pub App);

const fn step(name: &'static str) -> Step {
    Step { name, undo: false, cancellable: false, deadline: Duration::from_secs(60), attempts: 5 }
}

static POWER_OFF: [Step; 3] = [step("destroy"), step("forget"), step("record")];

#[async_trait]
impl Flow for PowerOffVm {
    fn kind(&self) -> &'static str {
        super::POWER_OFF_VM
    }

    fn steps(&self) -> &'static [Step] {
        &POWER_OFF
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let vm = super::vm(&self.0, params.vm).await?;
        let Some((host, _)) = &vm.row.host else { return Ok(()) };
        let driver = self.0.hosts.driver(*host).await.map_err(fault_said)?;
        match step {
            "destroy" => driver.destroy(params.vm).await.map_err(host_said),
            "forget" => driver.undefine(params.vm).await.map_err(host_said),
            _ => self.record(&params, run).await,
        }
    }

    async fn undo(&self, _step: &'static str, _run: &mut Run) -> Result<(), StepError> {
        Ok(())
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        told_if_failed(&self.0, run, outcome, tx, EventKind::VmStopFailed).await
    }
}

impl PowerOffVm {
    async fn record(&self, params: &VmParams, run: &Run) -> Result<(), StepError> {
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        let reason = Text::new("vm-reason-powered-off").with("user", &run.owner_name);
        let vm = store::vms::lock(&mut tx, params.vm).await?;
        let Some(vm) = vm.filter(|vm| vm.row.status != VmStatus::Down) else { return Ok(()) };
        store::vms::set_status(&mut tx, params.vm, VmStatus::Down, Some(&reason), self.0.now()).await?;
        store::vms::end_run(&mut tx, params.vm).await?;
        let about = vec![(Kind::Vm, params.vm.0, vm.row.name)];
        let args = [("why", reason)];
        let told = events::note(&mut tx, self.0.now(), EventKind::VmDown, &args, about, super::of(run)).await;
        told.map_err(fault_said)?;
        commit(tx).await.map_err(fault_said)
    }
}
