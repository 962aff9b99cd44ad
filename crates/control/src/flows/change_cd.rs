//! Put a file into the CD drive of a running VM, or empty it. What is in the drive is written down once it is.

use async_trait::async_trait;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::VmId;
use model::event::EventKind;
use model::id::Kind;
use model::vm_options::MediaRef;
use serde::Deserialize;
use store::PgConnection;

use super::{cause, definition, fault_said, finished, host_said};
use crate::app::App;
use crate::events;

pub struct ChangeCd(pub App);

#[derive(Deserialize)]
struct Params {
    vm: VmId,
    cd: Option<MediaRef>,
}

static STEPS: [Step; 1] = [Step::new("change")];

#[async_trait]
impl Flow for ChangeCd {
    fn kind(&self) -> &'static str {
        super::CHANGE_CD
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: Params = run.params()?;
        let (_, driver) = definition::booked(&self.0, params.vm).await?;
        let file = match &params.cd {
            Some(at) => Some(definition::cd(&self.0, at, driver.as_ref()).await?),
            None => None,
        };
        driver.change_cd(params.vm, file.as_ref()).await.map_err(host_said)?;
        let mut c = self.0.conn().await.map_err(fault_said)?;
        Ok(store::vms::set_cd(&mut c, params.vm, params.cd.as_ref()).await?)
    }

    async fn undo(&self, _step: &'static str, _run: &mut Run) -> Result<(), StepError> {
        Ok(())
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: Params = run.params()?;
        let Some(vm) = store::vms::get(tx, params.vm).await?.filter(|_| !finished(outcome)) else {
            return Ok(());
        };
        let (args, about) = ([("cause", cause(outcome))], vec![(Kind::Vm, params.vm.0, vm.row.name)]);
        let told = events::note(tx, self.0.now(), EventKind::CdChangeFailed, &args, about, super::of(run));
        told.await.map_err(fault_said)
    }
}
