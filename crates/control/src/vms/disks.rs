//! The disks of a VM: a new one, one that nothing has, and one that it is to have no more. One that runs is told of it by
//! a job, one that is down has what its rows say; a disk that must be made, or removed, takes a job in any case.

use model::disk::{Allocation, DiskContent, DiskRow, DiskStatus};
use model::event::EventKind;
use model::id::Kind;
use model::vm::VmStatus;
use model::vm_disk::{AddDisk, AttachDisk, DetachDisk};
use model::{Action, DiskId, Fault, FieldErrors, JobId, Refusal, StorageDomainId, Text, VmId, size};
use store::disks as rows;
use store::disks::NewDisk;
use store::vms as table;

use super::not_busy;
use crate::app::{Tx, commit};
use crate::ctx::unknown;
use crate::flows::{self, Order};
use crate::quotas::{self, Asked, Taking};
use crate::{Ctx, Outcome, events, storage_domains};

/// Makes a disk for the VM.
pub async fn add_disk(ctx: &Ctx, id: VmId, new: &AddDisk) -> Outcome<(DiskId, JobId)> {
    let mut tx = ctx.app.begin().await?;
    let vm = changeable(ctx, &mut tx, id, Action::AddDisk).await?;
    let center = vm.row.data_center.0;
    let mut errors = new.errors();
    room(ctx, &mut tx, &vm, new, &mut errors).await?;
    quotas::chosen(ctx, &mut tx, (new.quota, center), &mut errors).await?;
    boots(&mut tx, &vm, new.bootable, &mut errors).await?;
    errors.into_result()?;
    let disk = DiskId(ctx.app.ids.uuid());
    let about = (Kind::Disk, disk.0, new.alias.clone());
    let taking = Taking { data_center: center, quota: new.quota, about: about.clone() };
    let asked = Asked::disk(new.storage_domain, new.size);
    let mut tx = quotas::reserve(ctx, tx, &taking, &asked).await?;
    rows::insert(&mut tx, &row(disk, new), ctx.app.now()).await?;
    crate::grants::to_maker(ctx, &mut tx, Kind::Disk, disk.0).await?;
    table::attach(&mut tx, id, (disk, new.storage_domain), new.interface, new.bootable).await?;
    tell(ctx, &mut tx, EventKind::DiskAddStarted, &vm, about).await?;
    let order = Order::on_vm_disk(flows::ADD_DISK, (id, &vm.row.name), (disk, &new.alias));
    let job = ctx.enqueue(&mut tx, order).await?;
    commit(tx).await?;
    Ok((disk, job))
}

fn row(id: DiskId, new: &AddDisk) -> NewDisk<'_> {
    NewDisk {
        id,
        storage_domain: new.storage_domain,
        alias: &new.alias,
        description: &new.description,
        virtual_size: new.size,
        content: DiskContent::Data,
        allocation: new.allocation,
        backing: None,
        source: None,
        quota: new.quota,
    }
}

/// Gives the VM a disk that nothing has. There is no job when it is down.
pub async fn attach_disk(ctx: &Ctx, id: VmId, asked: &AttachDisk) -> Outcome<Option<JobId>> {
    let mut tx = ctx.app.begin().await?;
    let vm = changeable(ctx, &mut tx, id, Action::AttachDisk).await?;
    let disk = free(ctx, &mut tx, asked.disk).await?;
    let mut errors = FieldErrors::default();
    if disk.data_center.0 != vm.row.data_center.0 {
        errors.add("disk", Text::new("refusal-other-data-center").with("name", &disk.alias));
    }
    if let Some(text) = beyond_host(&mut tx, &vm, &disk.storage_domain).await? {
        errors.add("disk", text);
    }
    boots(&mut tx, &vm, asked.bootable, &mut errors).await?;
    errors.into_result()?;
    table::attach(&mut tx, id, (disk.id, disk.storage_domain.0), asked.interface, asked.bootable).await?;
    let about = (Kind::Disk, disk.id.0, disk.alias.clone());
    tell(ctx, &mut tx, EventKind::DiskAttached, &vm, about).await?;
    let job = match vm.row.status.running() {
        false => {
            // Whoever looks at the disk hears of it.
            rows::touch(&mut tx, disk.id).await?;
            None
        }
        true => {
            rows::set_status(&mut tx, disk.id, DiskStatus::Locked).await?;
            let order = Order::on_vm_disk(flows::ATTACH_DISK, (id, &vm.row.name), (disk.id, &disk.alias));
            Some(ctx.enqueue(&mut tx, order).await?)
        }
    };
    commit(tx).await?;
    Ok(job)
}

/// Takes a disk from the VM, and removes it if asked; whoever asks for that must be allowed to remove disks, too.
pub async fn detach_disk(ctx: &Ctx, id: VmId, asked: &DetachDisk) -> Outcome<Option<JobId>> {
    let mut tx = ctx.app.begin().await?;
    let vm = changeable(ctx, &mut tx, id, Action::DetachDisk).await?;
    let own = table::attachment(&mut tx, asked.disk).await?.filter(|how| how.vm == id);
    let found = rows::LIST.one(&mut tx, asked.disk.0).await?.filter(|_| own.is_some());
    let disk = found.ok_or_else(|| unknown("disk", Kind::Disk))?;
    if asked.remove {
        ctx.takes(&mut tx, Kind::Disk, disk.id.0, Action::RemoveDisk).await?;
    }
    crate::disks::not_busy(&mut tx, &disk).await?;
    if disk.status == DiskStatus::Locked {
        return Err(Refusal::new("refusal-disk-locked").with("name", &disk.alias).into());
    }
    let about = (Kind::Disk, disk.id.0, disk.alias.clone());
    tell(ctx, &mut tx, EventKind::DiskDetached, &vm, about).await?;
    let job = match (vm.row.status.running(), asked.remove) {
        (false, false) => {
            table::detach(&mut tx, id, disk.id).await?;
            rows::touch(&mut tx, disk.id).await?;
            None
        }
        (_, remove) => {
            rows::set_status(&mut tx, disk.id, DiskStatus::Locked).await?;
            let kind = if remove { flows::TAKE_OUT_DISK } else { flows::DETACH_DISK };
            let order = Order::on_vm_disk(kind, (id, &vm.row.name), (disk.id, &disk.alias));
            Some(ctx.enqueue(&mut tx, order).await?)
        }
    };
    commit(tx).await?;
    Ok(job)
}

/// The VM, if this person may do that to it and nothing stands in the way.
pub(super) async fn changeable(ctx: &Ctx, tx: &mut Tx, id: VmId, action: Action) -> Outcome<table::Vm> {
    let vm = ctx.vm(tx, id, action).await?;
    not_busy(tx, &vm).await?;
    vm.row.status.can(action)?;
    Ok(vm)
}

/// The disk, if this person may give it away; nobody else takes it meanwhile.
async fn free(ctx: &Ctx, tx: &mut Tx, id: DiskId) -> Outcome<DiskRow> {
    match ctx.takes(tx, Kind::Disk, id.0, Action::TakeDisk).await {
        Err(Fault::NotFound { .. }) => return Err(unknown("disk", Kind::Disk)),
        decided => decided?,
    }
    let disk = rows::LIST.one(tx, id.0).await?.ok_or_else(|| unknown("disk", Kind::Disk))?;
    crate::disks::not_busy(tx, &disk).await?;
    disk.can(Action::TakeDisk)?;
    Ok(disk)
}

/// That the new disk has a place: a domain where this person may make disks, that the VM's host has, and with room.
async fn room(
    ctx: &Ctx,
    tx: &mut Tx,
    vm: &table::Vm,
    new: &AddDisk,
    errors: &mut FieldErrors,
) -> Outcome<()> {
    let place = (new.storage_domain, vm.row.data_center.0);
    let Some(row) = storage_domains::for_disk(ctx, tx, place, errors).await? else { return Ok(()) };
    if let Some(text) = beyond_host(tx, vm, &(row.id, row.config.name.clone())).await? {
        errors.add("storage_domain", text);
    }
    let free = row.available.unwrap_or(u64::MAX);
    if new.allocation == Allocation::Preallocated && new.size > free {
        let text = Text::new("refusal-storage-full").with("name", &row.config.name);
        let text = text.with("available", size::text(free)).with("needed", size::text(new.size));
        errors.add("size", text);
    }
    Ok(())
}

/// Why the host that the VM runs on cannot have something of that domain.
async fn beyond_host(
    tx: &mut Tx,
    vm: &table::Vm,
    (domain, name): &(StorageDomainId, String),
) -> Outcome<Option<Text>> {
    let Some((host, host_name)) = &vm.row.host else { return Ok(None) };
    let there = store::storage_domains::active_on(tx, *host).await?.contains(domain);
    let text = || Text::new("filter-storage").with("host", host_name).with("domain", name);
    Ok((!there).then(text))
}

/// One disk of a VM is booted from at most, and which one is decided while it is down.
async fn boots(tx: &mut Tx, vm: &table::Vm, bootable: bool, errors: &mut FieldErrors) -> Outcome<()> {
    if bootable { may_boot(tx, vm, None, errors).await } else { Ok(()) }
}

/// The same of a disk that the VM has: it is to be booted from, or not any more.
pub(crate) async fn boots_otherwise(
    tx: &mut Tx,
    vm: &table::Vm,
    (disk, bootable): (DiskId, bool),
    errors: &mut FieldErrors,
) -> Outcome<()> {
    if bootable {
        return may_boot(tx, vm, Some(disk), errors).await;
    }
    if vm.row.status != VmStatus::Down {
        errors.add("bootable", Text::new("field-bootable-down"));
    }
    Ok(())
}

async fn may_boot(tx: &mut Tx, vm: &table::Vm, own: Option<DiskId>, errors: &mut FieldErrors) -> Outcome<()> {
    let all = table::attached(tx, vm.row.id).await?;
    if let Some((disk, _)) = all.iter().find(|(disk, how)| how.bootable && Some(disk.id) != own) {
        errors.add("bootable", Text::new("field-bootable-taken").with("name", &disk.alias));
    } else if vm.row.status != VmStatus::Down {
        errors.add("bootable", Text::new("field-bootable-down"));
    }
    Ok(())
}

async fn tell(ctx: &Ctx, tx: &mut Tx, kind: EventKind, vm: &table::Vm, disk: events::About) -> Outcome<()> {
    let about = vec![disk, (Kind::Vm, vm.row.id.0, vm.row.name.clone())];
    events::tell(tx, ctx, kind, &[("vm", events::word(&vm.row.name))], about).await
}
