//! Change the NICs of a VM that runs: one is put in, taken out, or has its cable moved. A new one is in the VM's rows from
//! the beginning, one that goes until the guest has let go of it; what is changed is written down once it is so.

use std::time::Duration;

use async_trait::async_trait;
use host::HostDriver;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::event::EventKind;
use model::id::Kind;
use model::nic::NicConfig;
use model::vm::Nic;
use model::{NicId, VmId};
use serde::Deserialize;
use store::PgConnection;
use store::vms::WiredNic;

use super::{cause, definition, fault_said, finished, guest};
use crate::app::App;
use crate::events;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Add,
    Edit,
    Remove,
}

pub struct ChangeNic(pub App, pub Change);

#[derive(Deserialize)]
struct Params {
    vm: VmId,
    nic: NicId,
    /// What is to become of it.
    wanted: Option<NicConfig>,
}

static STEPS: [Step; 1] = [Step::new("plug").undo().deadline(Duration::from_secs(120)).attempts(6)];

#[async_trait]
impl Flow for ChangeNic {
    fn kind(&self) -> &'static str {
        match self.1 {
            Change::Add => super::ADD_NIC,
            Change::Edit => super::EDIT_NIC,
            Change::Remove => super::REMOVE_NIC,
        }
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: Params = run.params()?;
        let (before, after) = self.sides(&params).await?;
        self.turn(params.vm, before.as_ref(), after.as_ref()).await
    }

    async fn undo(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: Params = run.params()?;
        let (before, after) = self.sides(&params).await?;
        self.turn(params.vm, after.as_ref(), before.as_ref()).await
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: Params = run.params()?;
        let (Some(vm), Some(wired)) =
            (store::vms::get(tx, params.vm).await?, store::vms::nic(tx, params.vm, params.nic).await?)
        else {
            return Ok(());
        };
        self.settle(&params, outcome, tx).await?;
        if finished(outcome) {
            return Ok(());
        }
        let kind = match self.1 {
            Change::Add => EventKind::NicAddFailed,
            Change::Edit => EventKind::NicUpdateFailed,
            Change::Remove => EventKind::NicRemoveFailed,
        };
        let args = [("nic", events::word(&wired.nic.name)), ("cause", cause(outcome))];
        let about = vec![(Kind::Vm, params.vm.0, vm.row.name)];
        let told = events::note(tx, self.0.now(), kind, &args, about, super::of(run)).await;
        told.map_err(fault_said)
    }
}

impl ChangeNic {
    /// What the guest has before and after; none is nothing.
    async fn sides(&self, params: &Params) -> Result<(Option<WiredNic>, Option<WiredNic>), StepError> {
        let mut c = self.0.conn().await.map_err(fault_said)?;
        let Some(own) = store::vms::nic(&mut c, params.vm, params.nic).await? else {
            return Ok((None, None));
        };
        let wanted = match &params.wanted {
            Some(wanted) => Some(wired(&mut c, &own, wanted).await?),
            None => None,
        };
        let plugged = |nic: Option<WiredNic>| nic.filter(|wired| wired.nic.plugged);
        Ok(match self.1 {
            Change::Add => (None, plugged(Some(own))),
            Change::Edit => (plugged(Some(own)), plugged(wanted)),
            Change::Remove => (plugged(Some(own)), None),
        })
    }

    async fn turn(
        &self,
        vm: VmId,
        before: Option<&WiredNic>,
        after: Option<&WiredNic>,
    ) -> Result<(), StepError> {
        let Some(driver) = guest::running(&self.0, vm).await? else { return Ok(()) };
        match (before, after) {
            (None, None) => Ok(()),
            (Some(nic), None) => guest::told(driver.detach_nic(vm, &nic.nic.mac).await),
            (None, Some(nic)) => attach(driver.as_ref(), vm, nic).await,
            // libvirt moves a cable from bridge to bridge only.
            (Some(a), Some(b)) if a.bridge.is_some() != b.bridge.is_some() => {
                guest::told(driver.detach_nic(vm, &a.nic.mac).await)?;
                attach(driver.as_ref(), vm, b).await
            }
            (Some(_), Some(nic)) => guest::told(driver.update_nic(vm, &definition::nic_spec(nic)).await),
        }
    }

    async fn settle(&self, params: &Params, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let kept = matches!(outcome, End::Failed { left, .. } if !left.is_empty());
        match (self.1, finished(outcome), &params.wanted) {
            (Change::Add, false, _) if !kept => store::vms::remove_nic(tx, params.vm, params.nic).await?,
            (Change::Remove, true, _) => store::vms::remove_nic(tx, params.vm, params.nic).await?,
            (Change::Edit, true, Some(wanted)) => {
                store::vms::update_nic(tx, params.vm, params.nic, wanted).await?;
            }
            _ => {}
        }
        Ok(())
    }
}

async fn attach(driver: &dyn HostDriver, vm: VmId, nic: &WiredNic) -> Result<(), StepError> {
    guest::told(driver.attach_nic(vm, &definition::nic_spec(nic)).await)
}

/// The same card as it would be.
async fn wired(c: &mut PgConnection, own: &WiredNic, wanted: &NicConfig) -> Result<WiredNic, StepError> {
    let network = match wanted.network {
        Some(id) => store::networks::LIST.one(c, id.0).await?,
        None => None,
    };
    let nic = Nic {
        name: wanted.name.clone(),
        network: network.as_ref().map(|row| (row.id, row.config.name.clone())),
        model: wanted.model,
        plugged: wanted.plugged,
        linked: wanted.linked,
        ..own.nic.clone()
    };
    Ok(WiredNic { nic, bridge: network.map(|row| row.config.bridge) })
}
