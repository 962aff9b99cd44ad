//! Suspend: the VM's memory goes to a storage domain, and the VM goes on from there when it is run again, on
//! whichever host fits.

use model::disk::{Allocation, DiskContent};
use model::event::EventKind;
use model::id::Kind;
use model::storage_domain::StorageStatus;
use model::vm::VmStatus;
use model::{Action, DiskId, JobId, Refusal, StorageDomainId, VmId, size};
use store::disks::NewDisk;
use store::vms as table;

use super::not_busy;
use crate::app::{Tx, commit};
use crate::flows::{self, Order};
use crate::{Ctx, Outcome, events};

pub async fn suspend(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::SuspendVm).await?;
    not_busy(&mut tx, &vm).await?;
    vm.row.status.can(Action::SuspendVm)?;
    let reason = events::given(reason)?;
    let storage_domain = room_for(ctx, &mut tx, &vm).await?;
    let disk = DiskId(ctx.app.ids.uuid());
    let alias = format!("{}_memory", vm.row.name);
    let new = NewDisk {
        id: disk,
        storage_domain,
        alias: &alias,
        description: "",
        virtual_size: vm.of_run().memory,
        content: DiskContent::Memory,
        allocation: Allocation::Preallocated,
        backing: None,
        source: None,
        quota: None,
    };
    store::disks::insert(&mut tx, &new, ctx.app.now()).await?;
    store::objects::place(&mut tx, disk.0, Kind::Disk, &[storage_domain.0, id.0]).await?;
    table::set_status(&mut tx, id, VmStatus::SavingState, None, ctx.app.now()).await?;
    let about = vec![(Kind::Vm, id.0, vm.row.name.clone())];
    let args = [("reason", events::reason(reason))];
    events::tell(&mut tx, ctx, EventKind::VmSuspendInitiated, &args, about).await?;
    let order = Order::on_vm(flows::SUSPEND_VM, id, &vm.row.name).with_disks(&[disk]);
    let job = ctx.enqueue(&mut tx, order).await?;
    commit(tx).await?;
    Ok(job)
}

/// The domain of the VM's first disk, else one that the VM's host has and where this person may make disks; the memory
/// must fit.
async fn room_for(ctx: &Ctx, tx: &mut Tx, vm: &table::Vm) -> Outcome<StorageDomainId> {
    let mut fitting = Vec::new();
    for disk in store::disks::of_vm(tx, vm.row.id).await? {
        fitting.extend(store::disks::get(tx, disk).await?.map(|disk| disk.storage_domain));
    }
    if let Some((host, _)) = &vm.row.host {
        for id in store::storage_domains::active_on(tx, *host).await? {
            if ctx.may(tx, Kind::StorageDomain, id.0, Action::CreateDisk).await.is_ok() {
                fitting.push(id);
            }
        }
    }
    let needed = vm.of_run().memory;
    let mut full = None;
    for id in fitting {
        let row = store::storage_domains::LIST.one(tx, id.0).await?;
        let Some(row) = row.filter(|row| row.status == StorageStatus::Active) else { continue };
        match row.available {
            Some(free) if free < needed => full = full.or(Some((row.config.name, free))),
            _ => return Ok(id),
        }
    }
    let Some((name, free)) = full else {
        return Err(Refusal::new("refusal-no-storage").with("name", &vm.row.data_center.1).into());
    };
    let refusal = Refusal::new("refusal-storage-full").with("name", name).with("available", size::text(free));
    Err(refusal.with("needed", size::text(needed)).into())
}
