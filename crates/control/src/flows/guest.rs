//! What is done to the hardware of a VM that runs. One that does not, or not any more, has nothing to be told: its next
//! run begins with what is written down.

use std::sync::Arc;
use std::time::Duration;

use host::{DomainState, HostDriver, HostError, HostResult};
use jobs::StepError;
use model::{Refusal, VmId};

use super::{fault_said, host_said};
use crate::app::App;

/// The driver of the host that the VM runs on now.
pub async fn running(app: &App, id: VmId) -> Result<Option<Arc<dyn HostDriver>>, StepError> {
    let Some((host, _)) = super::vm(app, id).await?.row.host else { return Ok(None) };
    let driver = app.hosts.driver(host).await.map_err(fault_said)?;
    match driver.domain(id).await {
        Ok(report) if matches!(report.state, DomainState::ShutOff | DomainState::Crashed) => Ok(None),
        Ok(_) => Ok(Some(driver)),
        Err(HostError::NotFound(_)) => Ok(None),
        Err(error) => Err(host_said(error)),
    }
}

/// What a host's answer means to a VM that ran a moment ago. A guest that keeps something is asked for it again, and has
/// the last word.
pub fn told(answer: HostResult<()>) -> Result<(), StepError> {
    match answer {
        Err(HostError::WrongState(_)) => Ok(()),
        Err(HostError::Kept(_)) => {
            let cause = Refusal::new("refusal-guest-keeps");
            Err(StepError::Retry { cause, after: Duration::from_secs(2) })
        }
        answer => answer.map_err(host_said),
    }
}
