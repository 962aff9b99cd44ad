//! Operations on disks: for now they come and go with their VMs.

use model::disk::DiskRow;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::{DiskId, Fault};
use store::disks as table;

use crate::{Ctx, Outcome};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<DiskRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: DiskId) -> Outcome<DiskRow> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::Disk, id.0).await?;
    table::LIST.one(&mut c, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Disk })
}
