//! Looking at jobs, and asking one to stop.

use model::event::{EventKind, Severity};
use model::id::Kind;
use model::job::{JobDetails, JobRow, LogLine};
use model::list::{ListQuery, Page};
use model::{Action, Fault, JobId, Refusal, Text};

use crate::app::commit;
use crate::{Ctx, Outcome, events};

/// How many jobs the tray shows.
const TRAY: i64 = 50;

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<JobRow>> {
    ctx.has_changed_password()?;
    Ok(store::jobs::list(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

/// Those under way, for the tray.
pub async fn running(ctx: &Ctx) -> Outcome<Vec<JobRow>> {
    ctx.has_changed_password()?;
    Ok(store::jobs::running(&mut *ctx.app.conn().await?, ctx.viewer(), TRAY).await?)
}

pub async fn get(ctx: &Ctx, id: JobId) -> Outcome<JobDetails> {
    let mut c = ctx.app.conn().await?;
    let row = ctx.job(&mut c, id).await?;
    let steps = store::jobs::steps(&mut c, id).await?;
    let mut log = vec![asked(&row)];
    log.extend(store::jobs::log::of(&mut c, ctx.viewer(), &row).await?);
    Ok(JobDetails { row, steps, log })
}

/// How every job begins.
fn asked(job: &JobRow) -> LogLine {
    let text = Text::new("job-log-asked").with("owner", &job.owner);
    LogLine { at: job.created_at, severity: Severity::Normal, text }
}

/// Asks a job to stop and go back. Its owner may, and who may configure the engine.
pub async fn cancel(ctx: &Ctx, id: JobId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let job = ctx.job(&mut tx, id).await?;
    let owner = store::jobs::course(&mut tx, id).await?.and_then(|course| course.owner);
    if owner.is_none() || owner != ctx.who.id {
        let may = ctx.may(&mut tx, Kind::System, model::SYSTEM, Action::CancelJob).await;
        may.map_err(|_| {
            Fault::Forbidden(Refusal::new("refusal-not-permitted").with("action", Action::CancelJob.text()))
        })?;
    }
    if let Err(error) = ::jobs::cancel(&mut tx, ctx.app.clock.as_ref(), id).await {
        return Err(error.fault()?);
    }
    events::tell(
        &mut tx,
        ctx,
        EventKind::JobCancelled,
        &[("job", job.title)],
        vec![(Kind::Job, id.0, String::new())],
    )
    .await?;
    commit(tx).await
}
