//! Make a template or a disk out of what is there: copy its volume. Fails as if it had never been asked for.

use std::time::Duration;

use async_trait::async_trait;
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::disk::DiskStatus;
use model::event::EventKind;
use model::id::Kind;
use model::template::TemplateStatus;
use model::{DiskId, TemplateId};
use serde::Deserialize;
use store::PgConnection;

use super::{DiskParams, cause, fault_said, finished, volumes};
use crate::app::App;
use crate::events;

/// A copy that another process began is waited for.
static STEPS: [Step; 1] = [Step::new("volumes").undo().deadline(Duration::from_secs(6 * 3600)).attempts(12)];

pub struct MakeDisk(pub App);

#[async_trait]
impl Flow for MakeDisk {
    fn kind(&self) -> &'static str {
        super::MAKE_DISK
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        volumes::make(&self.0, &[run.params::<DiskParams>()?.disk]).await
    }

    async fn undo(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        volumes::delete(&self.0, &[run.params::<DiskParams>()?.disk]).await
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let id = run.params::<DiskParams>()?.disk;
        let Some(disk) = store::disks::get(tx, id).await? else { return Ok(()) };
        let about = vec![(Kind::Disk, id.0, disk.alias)];
        let (kind, args) = if finished(outcome) {
            volumes::settle(tx, id, DiskStatus::Ok).await?;
            (EventKind::DiskCreated, None)
        } else {
            if undone(outcome) {
                store::objects::remove(tx, id.0).await?;
            } else {
                volumes::settle(tx, id, DiskStatus::Illegal).await?;
            }
            (EventKind::DiskCreateFailed, Some(("cause", cause(outcome))))
        };
        let told = events::note(tx, self.0.now(), kind, args.as_slice(), about, super::of(run)).await;
        told.map_err(fault_said)
    }
}

/// Nothing of it is left.
fn undone(outcome: &End) -> bool {
    !matches!(outcome, End::Failed { left, .. } if !left.is_empty())
}

pub struct MakeTemplate(pub App);

#[derive(Deserialize)]
struct TemplateParams {
    template: TemplateId,
    disk: DiskId,
}

#[async_trait]
impl Flow for MakeTemplate {
    fn kind(&self) -> &'static str {
        super::MAKE_TEMPLATE
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        volumes::make(&self.0, &[run.params::<TemplateParams>()?.disk]).await
    }

    async fn undo(&self, _step: &'static str, run: &mut Run) -> Result<(), StepError> {
        volumes::delete(&self.0, &[run.params::<TemplateParams>()?.disk]).await
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let TemplateParams { template: id, disk } = run.params()?;
        let Some(template) = store::templates::get(tx, id).await? else { return Ok(()) };
        let about = vec![(Kind::Template, id.0, template.name)];
        let (kind, args) = if finished(outcome) {
            volumes::settle(tx, disk, DiskStatus::Ok).await?;
            store::templates::set_status(tx, id, TemplateStatus::Ok).await?;
            (EventKind::TemplateAdded, None)
        } else {
            if undone(outcome) {
                store::objects::remove(tx, id.0).await?;
                store::objects::remove(tx, disk.0).await?;
            } else {
                volumes::settle(tx, disk, DiskStatus::Illegal).await?;
                store::templates::set_status(tx, id, TemplateStatus::Illegal).await?;
            }
            (EventKind::TemplateFailed, Some(("cause", cause(outcome))))
        };
        let told = events::note(tx, self.0.now(), kind, args.as_slice(), about, super::of(run)).await;
        told.map_err(fault_said)
    }
}
