//! Operations on disks. They come with their VMs and templates, are added to a VM (`vms::add_disk`) or made out of an
//! image; what is said of one can be changed, it can grow, and one that nothing has can be removed.

use model::disk::{Allocation, DiskContent, DiskRow, DiskStatus, ImageDisk, Source};
use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::storage_domain::Medium;
use model::vm::VmStatus;
use model::vm_disk::{DiskOfVm, EditDisk};
use model::{Action, DataCenterId, DiskId, Fault, FieldErrors, JobId, Text, size};
use store::disks as table;
use store::disks::NewDisk;

use crate::app::{Tx, commit};
use crate::ctx::stale;
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

/// The disk with how it hangs on its VM.
pub async fn details(ctx: &Ctx, id: DiskId) -> Outcome<DiskOfVm> {
    let disk = get(ctx, id).await?;
    let mut c = ctx.app.conn().await?;
    let how = store::vms::attachment(&mut c, id).await?;
    let vm = match how {
        Some(how) => store::vms::get(&mut c, how.vm).await?,
        None => None,
    };
    let down = vm.is_some_and(|vm| vm.row.status == VmStatus::Down);
    Ok(DiskOfVm { disk, bootable: how.map(|how| how.bootable), down })
}

/// Changes what is said of a disk, and makes it larger by a job.
pub async fn edit(ctx: &Ctx, id: DiskId, edit: &EditDisk) -> Outcome<Option<JobId>> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Disk, id.0, Action::EditDisk).await?;
    // The VM's row first, as everybody who gives it a disk or takes one.
    let how = store::vms::attachment(&mut tx, id).await?;
    let vm = match how {
        Some(how) => store::vms::lock(&mut tx, how.vm).await?,
        None => None,
    };
    ctx.takes(&mut tx, Kind::Disk, id.0, Action::EditDisk).await?;
    let row = table::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Disk })?;
    if store::vms::attachment(&mut tx, id).await? != how {
        return Err(stale(Kind::Disk, row.version));
    }
    not_busy(&mut tx, &row).await?;
    row.can(Action::EditDisk)?;
    let mut errors = edit.errors(row.virtual_size);
    let boots = how.filter(|how| how.bootable != edit.bootable);
    if let (Some(vm), true) = (&vm, boots.is_some()) {
        crate::vms::boots_otherwise(&mut tx, vm, (id, edit.bootable), &mut errors).await?;
    }
    if edit.extend > 0 {
        extendable(&mut tx, &row, vm.as_ref(), edit.extend, &mut errors).await?;
    }
    errors.into_result()?;
    let about = (Kind::Disk, id.0, edit.alias.clone());
    let mut tx = match edit.extend {
        0 => tx,
        more => {
            let quota = row.quota.as_ref().map(|(quota, _)| *quota);
            let taking = Taking { data_center: row.data_center.0, quota, about: about.clone() };
            quotas::reserve(ctx, tx, &taking, &Asked::disk(row.storage_domain.0, more)).await?
        }
    };
    if !table::update(&mut tx, id, edit.version, (&edit.alias, &edit.description)).await? {
        return Err(stale(Kind::Disk, row.version));
    }
    if let Some(how) = boots {
        store::vms::set_bootable(&mut tx, how.vm, id, edit.bootable).await?;
    }
    events::tell(&mut tx, ctx, EventKind::DiskUpdated, &[], vec![about.clone()]).await?;
    let job = match edit.extend {
        0 => None,
        more => Some(extend(ctx, &mut tx, about, row.virtual_size + more, vm.as_ref()).await?),
    };
    commit(tx).await?;
    Ok(job)
}

/// Room is needed at once for what is preallocated. A template's disk is what others stand on.
async fn extendable(
    tx: &mut Tx,
    row: &DiskRow,
    vm: Option<&store::vms::Vm>,
    more: u64,
    errors: &mut FieldErrors,
) -> Outcome<()> {
    row.can(Action::ExtendDisk)?;
    match vm {
        Some(vm) => {
            crate::vms::not_busy(tx, vm).await?;
            vm.row.status.can(Action::ExtendDisk)?;
        }
        None => row.can(Action::TakeDisk)?,
    }
    let domain = store::storage_domains::LIST.one(tx, row.storage_domain.0.0).await?;
    let free = domain.and_then(|domain| domain.available).unwrap_or(u64::MAX);
    if row.allocation == Allocation::Preallocated && more > free {
        let text = Text::new("refusal-storage-full").with("name", &row.storage_domain.1);
        let text = text.with("available", size::text(free)).with("needed", size::text(more));
        errors.add("extend", text);
    }
    Ok(())
}

async fn extend(
    ctx: &Ctx,
    tx: &mut Tx,
    about: events::About,
    larger: u64,
    vm: Option<&store::vms::Vm>,
) -> Outcome<JobId> {
    let (id, alias) = (DiskId(about.1), about.2.clone());
    table::set_virtual_size(tx, id, larger).await?;
    table::set_status(tx, id, DiskStatus::Locked).await?;
    let args = [("size", size::text(larger))];
    events::tell(tx, ctx, EventKind::DiskExtendStarted, &args, vec![about]).await?;
    let order = Order::on_disk(flows::EXTEND_DISK, id, &alias).with("size", larger);
    let order = match vm {
        Some(vm) => order.locking(vm.row.id.0, &vm.row.name),
        None => order,
    };
    ctx.enqueue(tx, order).await
}

pub(crate) async fn not_busy(tx: &mut Tx, row: &DiskRow) -> Outcome<()> {
    match store::jobs::busy(tx, row.id.0).await? {
        Some((job, title)) => {
            Err(jobs::Busy { object: row.id.0, name: row.alias.clone(), job, title }.into())
        }
        None => Ok(()),
    }
}

pub async fn remove(ctx: &Ctx, id: DiskId) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    ctx.takes(&mut tx, Kind::Disk, id.0, Action::RemoveDisk).await?;
    let row = table::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Disk })?;
    not_busy(&mut tx, &row).await?;
    row.can(Action::RemoveDisk)?;
    table::set_status(&mut tx, id, DiskStatus::Locked).await?;
    let about = vec![(Kind::Disk, id.0, row.alias.clone())];
    events::tell(&mut tx, ctx, EventKind::DiskRemoveStarted, &[], about).await?;
    let job = ctx.enqueue(&mut tx, Order::on_disk(flows::REMOVE_DISK, id, &row.alias)).await?;
    commit(tx).await?;
    Ok(job)
}
