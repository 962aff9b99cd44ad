//! Operations on disks. They come with their VMs and templates, or are made out of an image; one that nothing has can
//! be removed.

use model::disk::{Allocation, DiskContent, DiskRow, DiskStatus, ImageDisk, Source};
use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::storage_domain::Medium;
use model::{Action, DataCenterId, DiskId, Fault, JobId, Text};
use store::disks as table;
use store::disks::NewDisk;

use crate::app::{Tx, commit};
use crate::flows::{self, Order};
use crate::quotas::{self, Asked, Taking};
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

/// Makes a disk out of an image, in the image's domain. Nothing has it yet.
pub async fn from_image(ctx: &Ctx, new: &ImageDisk) -> Outcome<(DiskId, JobId)> {
    let mut tx = ctx.app.begin().await?;
    let mut errors = new.errors();
    let storage_domain = new.image.storage_domain;
    ctx.uses(&mut tx, (Kind::StorageDomain, storage_domain.0), Action::CreateDisk, "image").await?;
    let found = store::media::get(&mut tx, &new.image).await?;
    if found.is_none() {
        errors.add("image", Text::new("field-image-unknown"));
    }
    if let Some((center, _)) = &found {
        quotas::chosen(ctx, &mut tx, (new.quota, *center), &mut errors).await?;
    }
    errors.into_result()?;
    let id = DiskId(ctx.app.ids.uuid());
    let mut tx = reserve(ctx, tx, id, new, &found).await?;
    let disk = NewDisk {
        id,
        storage_domain,
        alias: &new.alias,
        description: &new.description,
        virtual_size: found.map_or(0, |(_, medium)| medium.size),
        content: DiskContent::Data,
        allocation: Allocation::Thin,
        backing: None,
        source: Some(Source::Image(new.image.clone())),
        quota: new.quota,
    };
    table::insert(&mut tx, &disk, ctx.app.now()).await?;
    let args = [("image", events::word(&new.image.name))];
    let about = vec![(Kind::Disk, id.0, new.alias.clone())];
    events::tell(&mut tx, ctx, EventKind::DiskCreateStarted, &args, about).await?;
    let job = ctx.enqueue(&mut tx, Order::on_disk(flows::MAKE_DISK, id, &new.alias)).await?;
    commit(tx).await?;
    Ok((id, job))
}

async fn reserve(
    ctx: &Ctx,
    tx: Tx,
    id: DiskId,
    new: &ImageDisk,
    found: &Option<(DataCenterId, Medium)>,
) -> Outcome<Tx> {
    let Some((data_center, medium)) = found else { return Ok(tx) };
    let about = (Kind::Disk, id.0, new.alias.clone());
    let taking = Taking { data_center: *data_center, quota: new.quota, about };
    quotas::reserve(ctx, tx, &taking, &Asked::disk(new.image.storage_domain, medium.size)).await
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
