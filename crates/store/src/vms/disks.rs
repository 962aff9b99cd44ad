//! The disks that a VM has, and how each hangs on it.

use model::disk::DiskStatus;
use model::id::Kind;
use model::vm::VmDisk;
use model::vm_disk::Interface;
use model::{DiskId, StorageDomainId, VmId};
use sqlx::PgConnection;

use super::touch;
use crate::disks::{self, Disk};
use crate::list::parsed;
use crate::{StoreResult, objects};

/// How a disk hangs on a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment {
    pub vm: VmId,
    /// From 0; it is what the disk is called in the guest, and stays as long as the VM has it.
    pub position: u32,
    pub bootable: bool,
    pub interface: Interface,
}

/// Gives a VM a disk, in the first place that is free; the disk is then below the VM too, so that its user sees it. The
/// VM's row must be held.
pub async fn attach(
    c: &mut PgConnection,
    vm: VmId,
    (disk, domain): (DiskId, StorageDomainId),
    interface: Interface,
    bootable: bool,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO vm_disks (vm_id, disk_id, position, bootable, interface)
         SELECT $1::uuid, $2::uuid, min(n), $3::bool, $4::text FROM generate_series(0, 1023) n
         WHERE NOT EXISTS (SELECT 1 FROM vm_disks o WHERE o.vm_id = $1 AND o.position = n)
         ON CONFLICT (vm_id, disk_id) DO NOTHING",
        vm.0,
        disk.0,
        bootable,
        interface.as_str()
    )
    .execute(&mut *c)
    .await?;
    touch(&mut *c, vm).await?;
    objects::place(c, disk.0, Kind::Disk, &[domain.0, vm.0]).await
}

/// Takes a disk from a VM; it is then below its domain only.
pub async fn detach(c: &mut PgConnection, vm: VmId, disk: DiskId) -> StoreResult<()> {
    sqlx::query!("DELETE FROM vm_disks WHERE vm_id = $1 AND disk_id = $2", vm.0, disk.0)
        .execute(&mut *c)
        .await?;
    touch(&mut *c, vm).await?;
    let Some(found) = disks::get(&mut *c, disk).await? else { return Ok(()) };
    objects::place(c, disk.0, Kind::Disk, &[found.storage_domain.0]).await
}

pub async fn set_bootable(c: &mut PgConnection, vm: VmId, disk: DiskId, bootable: bool) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE vm_disks SET bootable = $3 WHERE vm_id = $1 AND disk_id = $2",
        vm.0,
        disk.0,
        bootable
    )
    .execute(&mut *c)
    .await?;
    touch(c, vm).await
}

/// The VM that has the disk, if one does.
pub async fn attachment(c: &mut PgConnection, disk: DiskId) -> StoreResult<Option<Attachment>> {
    let row = sqlx::query!(
        "SELECT vm_id, position, bootable, interface FROM vm_disks WHERE disk_id = $1 ORDER BY vm_id LIMIT 1",
        disk.0
    );
    let Some(r) = row.fetch_optional(c).await? else { return Ok(None) };
    Ok(Some(Attachment {
        vm: VmId(r.vm_id),
        position: r.position.unsigned_abs(),
        bootable: r.bootable,
        interface: parsed("a disk's interface", &r.interface)?,
    }))
}

/// The disks of a VM in their order, each with how it hangs on it.
pub async fn attached(c: &mut PgConnection, vm: VmId) -> StoreResult<Vec<(Disk, Attachment)>> {
    let mut all = Vec::new();
    for id in disks::of_vm(c, vm).await? {
        if let (Some(disk), Some(how)) = (disks::get(c, id).await?, attachment(c, id).await?) {
            all.push((disk, how));
        }
    }
    Ok(all)
}

/// The same for its page.
pub(super) async fn shown(c: &mut PgConnection, vm: VmId) -> StoreResult<Vec<VmDisk>> {
    let rows = sqlx::query!(
        "SELECT k.id, k.alias, k.virtual_size, k.actual_size, k.allocation, k.status, vd.bootable, vd.interface,
                s.name AS domain
         FROM vm_disks vd JOIN disks k ON k.id = vd.disk_id JOIN storage_domains s ON s.id = k.storage_domain_id
         WHERE vd.vm_id = $1 ORDER BY vd.position",
        vm.0
    )
    .fetch_all(c)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(VmDisk {
                id: DiskId(r.id),
                alias: r.alias,
                virtual_size: r.virtual_size.unsigned_abs(),
                actual_size: r.actual_size.unsigned_abs(),
                allocation: parsed("a disk's allocation", &r.allocation)?,
                status: parsed::<DiskStatus>("a disk's status", &r.status)?,
                bootable: r.bootable,
                interface: parsed("a disk's interface", &r.interface)?,
                storage_domain: r.domain,
            })
        })
        .collect()
}
