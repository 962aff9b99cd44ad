//! Operations on disks. They come with their VMs and templates; one that a removed VM left behind can be removed.

use model::disk::{DiskRow, DiskStatus};
use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::{Action, DiskId, Fault, JobId};
use store::disks as table;

use crate::app::commit;
use crate::flows::{self, Order};
use crate::{Ctx, Outcome, events};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<DiskRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: DiskId) -> Outcome<DiskRow> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::Disk, id.0).await?;
    table::LIST.one(&mut c, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Disk })
}

pub async fn remove(ctx: &Ctx, id: DiskId) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    ctx.takes(&mut tx, Kind::Disk, id.0, Action::RemoveDisk).await?;
    let row = table::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Disk })?;
    if let Some((job, title)) = store::jobs::busy(&mut tx, id.0).await? {
        return Err(jobs::Busy { object: id.0, name: row.alias, job, title }.into());
    }
    row.can(Action::RemoveDisk)?;
    table::set_status(&mut tx, id, DiskStatus::Locked).await?;
    let about = vec![(Kind::Disk, id.0, row.alias.clone())];
    events::tell(&mut tx, ctx, EventKind::DiskRemoveStarted, &[], about).await?;
    let job = ctx.enqueue(&mut tx, Order::on_disk(flows::REMOVE_DISK, id, &row.alias)).await?;
    commit(tx).await?;
    Ok(job)
}
