//! The disks and network interfaces of a VM: put in and taken out while it is down and while it runs, made larger, and
//! everything that stands in the way.

use control::{disks, quotas, templates, vms};
use model::disk::{Allocation, DiskStatus};
use model::event::EventKind;
use model::job::JobStatus;
use model::nic::{NicConfig, NicModel};
use model::quota::{QuotaConfig, QuotaMode};
use model::size::GIB;
use model::vm::VmStatus;
use model::vm_disk::{AddDisk, DetachDisk, EditDisk};
use model::{DiskId, NicId, StorageDomainId, VmId};
use sqlx::PgPool;

use crate::support::*;

impl World {
    /// The disk is made and the VM has it.
    async fn added(&self, vm: VmId, alias: &str) -> DiskId {
        let (disk, job) = vms::add_disk(&self.admin, vm, &self.new_disk(alias)).await.unwrap();
        self.done(job).await;
        disk
    }

    /// What the guest has: its disks' serial numbers, and its NICs' bridges.
    async fn guest_has(&self, vm: VmId) -> (Vec<String>, Vec<Option<String>>) {
        let (host, _) = self.vm(vm).await.row.host.unwrap();
        let domain = self.estate.domains(host).into_iter().find(|d| d.spec.vm == vm).unwrap();
        let disks = domain.spec.disks.into_iter().map(|disk| disk.serial).collect();
        (disks, domain.spec.nics.into_iter().map(|nic| nic.bridge).collect())
    }

    async fn disk(&self, id: DiskId) -> model::disk::DiskRow {
        disks::get(&self.admin, id).await.unwrap()
    }

    async fn nic(&self, vm: VmId, id: NicId) -> model::vm::Nic {
        let nics = vms::get(&self.admin, vm).await.unwrap().nics;
        nics.into_iter().find(|nic| nic.id == id).unwrap()
    }
}

fn taken(disk: DiskId, remove: bool) -> DetachDisk {
    DetachDisk { disk, remove }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_that_is_down_gets_a_disk_and_begins_with_it(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    let mut hold = world.estate.hold_next("create_volume");
    world.start_engine().await;
    let (disk, job) = vms::add_disk(admin, vm, &world.new_disk("web1_Disk2")).await.unwrap();
    hold.reached().await;
    assert_eq!(world.disk(disk).await.status, DiskStatus::Locked);
    assert_eq!(said(vms::add_disk(admin, vm, &world.new_disk("x")).await), "refusal-busy");
    assert_eq!(said(vms::run(admin, vm, None).await), "refusal-busy");
    hold.release();
    world.done(job).await;
    let made = vms::get(admin, vm).await.unwrap().disks;
    let of = |n: usize| (made[n].alias.as_str(), made[n].bootable, made[n].status);
    assert_eq!(of(0), ("web1_Disk1", true, DiskStatus::Ok));
    assert_eq!(of(1), ("web1_Disk2", false, DiskStatus::Ok));
    assert_eq!(world.disk(disk).await.attached_to, ["web1"]);
    assert_eq!(world.events(EventKind::DiskAdded).await.len(), 1);
    // The same name once more is another disk.
    let twin = world.added(vm, "web1_Disk2").await;
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    let (serials, _) = world.guest_has(vm).await;
    assert!(serials.contains(&disk.to_string()) && serials.contains(&twin.to_string()), "{serials:?}");
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_wrong_with_a_new_disk_is_told_at_its_field(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    let new = world.new_disk("more");
    let branch = control::data_centers::create(admin, &data_center("branch")).await.unwrap();
    let far = storage("far", branch, "/srv/far");
    let far = control::storage_domains::create(admin, &far).await.unwrap();
    for (wrong, told) in [
        (AddDisk { alias: String::new(), ..new.clone() }, "alias: field-required"),
        (AddDisk { size: 0, ..new.clone() }, "size: field-between-sizes"),
        (AddDisk { bootable: true, ..new.clone() }, "bootable: field-bootable-taken"),
        (AddDisk { storage_domain: far, ..new.clone() }, "storage_domain: refusal-other-data-center"),
        (
            AddDisk { storage_domain: StorageDomainId(uuid::Uuid::max()), ..new.clone() },
            "storage_domain: field-unknown-reference",
        ),
        (
            AddDisk { allocation: Allocation::Preallocated, size: 4096 * GIB, ..new.clone() },
            "size: refusal-storage-full",
        ),
    ] {
        assert_eq!(said(vms::add_disk(admin, vm, &wrong).await), told, "{wrong:?}");
    }
    assert_eq!(said(vms::add_disk(admin, VmId(uuid::Uuid::max()), &new).await), "no vm");
    let starting = world.powering_up("web2").await;
    assert_eq!(said(vms::add_disk(admin, starting, &new).await), "refusal-vm-status");
    // Whoever owns the VM alone may make no disks on the storage.
    let owner = world.owner_of("owner", &[vm.0]).await;
    let told = said(vms::add_disk(&owner, vm, &new).await);
    assert!(
        ["storage_domain: field-unknown-reference", "refusal-not-permitted"].contains(&told.as_str()),
        "{told}"
    );
    let other = world.owner_of("other", &[world.storage.0]).await;
    assert_eq!(said(vms::add_disk(&other, vm, &new).await), "no vm");
    assert_eq!(vms::get(admin, vm).await.unwrap().disks.len(), 1);
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_running_guest_gets_a_disk_and_lets_go_of_it(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.up("web1").await;
    let first = world.added(vm, "one").await;
    let second = world.added(vm, "two").await;
    assert_eq!(world.guest_has(vm).await.0.len(), 3);
    let boots = AddDisk { bootable: true, ..world.new_disk("x") };
    assert_eq!(said(vms::add_disk(admin, vm, &boots).await), "bootable: field-bootable-taken");

    world.stop_engine().await;
    let job = vms::detach_disk(admin, vm, &taken(first, false)).await.unwrap().expect("it runs");
    assert_eq!(said(vms::detach_disk(admin, vm, &taken(second, false)).await), "refusal-busy");
    world.done(job).await;
    assert_eq!(
        said(vms::detach_disk(admin, vm, &taken(first, false)).await),
        "disk: field-unknown-reference"
    );
    let kept = world.disk(first).await;
    assert_eq!((kept.status, kept.attached_to.len()), (DiskStatus::Ok, 0));
    // The place that is free is taken first, and no two disks have the same.
    let third = world.added(vm, "three").await;
    world.done(vms::attach_disk(admin, vm, &attach(first)).await.unwrap().expect("it runs")).await;
    assert_eq!(said(vms::attach_disk(admin, vm, &attach(first)).await), "refusal-disk-attached");
    assert_eq!(world.guest_has(vm).await.0.len(), 4);

    for disk in [second, third] {
        world.done(vms::detach_disk(admin, vm, &taken(disk, true)).await.unwrap().unwrap()).await;
        assert_eq!(said(disks::get(admin, disk).await), "no disk");
    }
    assert_eq!(world.guest_has(vm).await.0.len(), 2);
    assert_eq!(world.events(EventKind::DiskRemoved).await.len(), 2);
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_guest_that_keeps_its_disk_has_the_last_word(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.up("web1").await;
    let disk = world.added(vm, "more").await;
    world.estate.set_clinging(vm, true);
    for remove in [false, true] {
        let job = vms::detach_disk(admin, vm, &taken(disk, remove)).await.unwrap().unwrap();
        let (status, error) = world.finish(job).await;
        assert_eq!((status, error.unwrap().text.key.as_str()), (JobStatus::Failed, "refusal-guest-keeps"));
        let kept = world.disk(disk).await;
        assert_eq!((kept.status, kept.attached_to), (DiskStatus::Ok, vec!["web1".to_owned()]));
    }
    let nic = vms::get(admin, vm).await.unwrap().nics[0].id;
    let (status, _) = world.finish(vms::remove_nic(admin, vm, nic).await.unwrap().unwrap()).await;
    assert_eq!((status, vms::get(admin, vm).await.unwrap().nics.len()), (JobStatus::Failed, 1));
    assert_eq!(world.events(EventKind::DiskDetachFailed).await.len(), 2);
    assert_eq!(world.events(EventKind::NicRemoveFailed).await.len(), 1);
    world.estate.set_clinging(vm, false);
    world.done(vms::detach_disk(admin, vm, &taken(disk, true)).await.unwrap().unwrap()).await;
    world.assert_tidy().await;
}

/// The guest shuts itself down while its disk is being made: there is nobody to be told, and the next run has it.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_that_ends_meanwhile_has_its_disk_next_time(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.up("web1").await;
    let mut hold = world.estate.hold_next("create_volume");
    world.start_engine().await;
    let (disk, job) = vms::add_disk(admin, vm, &world.new_disk("more")).await.unwrap();
    hold.reached().await;
    world.estate.guest_shutdown(vm);
    hold.release();
    world.done(job).await;
    world.look_until(vm, VmStatus::Down).await;
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    assert!(world.guest_has(vm).await.0.contains(&disk.to_string()));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_free_disk_is_given_to_a_vm_and_taken_from_it(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let (one, two) = (world.down("web1").await, world.down("web2").await);
    let disk = world.added(one, "data").await;
    assert_eq!(said(vms::attach_disk(admin, two, &attach(disk)).await), "refusal-disk-attached");
    assert_eq!(
        vms::detach_disk(admin, one, &taken(disk, false)).await.unwrap(),
        None,
        "nobody is to be told"
    );
    assert_eq!(
        said(vms::detach_disk(admin, one, &taken(disk, false)).await),
        "disk: field-unknown-reference"
    );
    assert_eq!(vms::attach_disk(admin, two, &attach(disk)).await.unwrap(), None);
    assert_eq!(world.disk(disk).await.attached_to, ["web2"]);
    assert_eq!(
        said(vms::attach_disk(admin, one, &attach(DiskId(uuid::Uuid::max()))).await),
        "disk: field-unknown-reference"
    );
    assert_eq!(said(vms::detach_disk(admin, one, &taken(disk, true)).await), "disk: field-unknown-reference");
    // Who owns a VM does not reach a disk of somebody else's.
    let owner = world.owner_of("owner", &[one.0]).await;
    vms::detach_disk(admin, two, &taken(disk, false)).await.unwrap();
    assert_eq!(said(vms::attach_disk(&owner, one, &attach(disk)).await), "disk: field-unknown-reference");
    assert_eq!(said(vms::attach_disk(&owner, two, &attach(disk)).await), "no vm");
    // A suspended VM's hardware is what its memory knows.
    let up = world.up("web3").await;
    world.done(vms::suspend(admin, up, None).await.unwrap()).await;
    assert_eq!(said(vms::attach_disk(admin, up, &attach(disk)).await), "refusal-vm-status");
    assert_eq!(world.events(EventKind::DiskAttached).await.len(), 1);
    assert_eq!(world.events(EventKind::DiskDetached).await.len(), 2);
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_disk_is_edited_and_grows(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    let id = vms::get(admin, vm).await.unwrap().disks[0].id;
    let row = world.disk(id).await;
    let named = EditDisk { alias: "system".into(), description: "root".into(), ..extend(&row, 0, true) };
    assert_eq!(disks::edit(admin, id, &named).await.unwrap(), None);
    assert_eq!(said(disks::edit(admin, id, &named).await), "stale");
    let row = world.disk(id).await;
    assert_eq!((row.alias.as_str(), row.description.as_str()), ("system", "root"));

    let job = disks::edit(admin, id, &extend(&row, GIB, true)).await.unwrap().expect("it grows");
    world.done(job).await;
    let row = world.disk(id).await;
    assert_eq!((row.virtual_size, row.status), (2 * GIB, DiskStatus::Ok));
    let volume = world.estate.volumes(&world.pool()).into_iter().find(|v| v.name.contains(&id.to_string()));
    assert_eq!(volume.unwrap().capacity, 2 * GIB);
    for (wrong, told) in [
        (extend(&row, u64::MAX, true), "extend: field-extend-most"),
        (EditDisk { alias: "a/b".into(), ..extend(&row, 0, true) }, "alias: field-title-characters"),
    ] {
        assert_eq!(said(disks::edit(admin, id, &wrong).await), told);
    }
    assert_eq!(said(disks::edit(admin, DiskId(uuid::Uuid::max()), &named).await), "no disk");
    // Another is booted from, once this one is not.
    let second = world.added(vm, "second").await;
    let other = world.disk(second).await;
    assert_eq!(
        said(disks::edit(admin, second, &extend(&other, 0, true)).await),
        "bootable: field-bootable-taken"
    );
    disks::edit(admin, id, &extend(&row, 0, false)).await.unwrap();
    disks::edit(admin, second, &extend(&other, 0, true)).await.unwrap();
    assert_eq!(disks::details(admin, second).await.unwrap().bootable, Some(true));
    // A template's disk is what others stand on.
    let disk = store::disks::of_template(&mut world.app.conn().await.unwrap(), world.template).await.unwrap();
    let disk = world.disk(disk.unwrap()).await;
    assert_eq!(said(disks::edit(admin, disk.id, &extend(&disk, GIB, false)).await), "refusal-disk-attached");
    let reader = world.holder_of("reader", &model::policy::USER_ROLE, vm.0).await;
    assert_eq!(said(disks::edit(&reader, second, &extend(&other, 0, true)).await), "refusal-not-permitted");
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_disk_grows_under_a_running_guest(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.up("web1").await;
    let id = vms::get(admin, vm).await.unwrap().disks[0].id;
    let row = world.disk(id).await;
    world.estate.clear_calls();
    world.done(disks::edit(admin, id, &extend(&row, GIB, true)).await.unwrap().unwrap()).await;
    assert!(world.estate.calls().iter().any(|call| call.call == "grow_disk"));
    assert!(world.estate.calls().iter().all(|call| call.call != "grow_volume"), "QEMU holds the image");
    let row = world.disk(id).await;
    assert_eq!(said(disks::edit(admin, id, &extend(&row, 0, false)).await), "bootable: field-bootable-down");
    world.estate.fail_next("grow_disk", host::HostError::Failed("broken".into()));
    let (status, _) =
        world.finish(disks::edit(admin, id, &extend(&row, GIB, true)).await.unwrap().unwrap()).await;
    let after = world.disk(id).await;
    assert_eq!((status, after.virtual_size, after.status), (JobStatus::Failed, 2 * GIB, DiskStatus::Ok));
    assert_eq!(world.events(EventKind::DiskExtendFailed).await.len(), 1);

    let new = AddDisk { allocation: Allocation::Preallocated, ..world.new_disk("raw") };
    let (raw, job) = vms::add_disk(admin, vm, &new).await.unwrap();
    world.done(job).await;
    let row = world.disk(raw).await;
    world.done(disks::edit(admin, raw, &extend(&row, GIB, false)).await.unwrap().unwrap()).await;
    let grown = world.disk(raw).await;
    assert_eq!((grown.virtual_size, grown.actual_size), (2 * GIB, 2 * GIB), "its room is taken");
    let beyond = disks::edit(admin, raw, &extend(&grown, 4096 * GIB, false)).await;
    assert_eq!(said(beyond), "extend: refusal-storage-full");
    world.done(vms::suspend(admin, vm, None).await.unwrap()).await;
    assert_eq!(said(disks::edit(admin, raw, &extend(&grown, GIB, false)).await), "refusal-vm-status");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_quota_that_is_full_lets_no_disk_be_added_or_grow(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    let config = QuotaConfig { storage: Some(2 * GIB), ..crate::quotas::quota("small") };
    let id = world.quota(config).await;
    let quota = Some(id);
    world.quotas_are(QuotaMode::Enforced).await;
    let new = AddDisk { quota, ..world.new_disk("one") };
    let (disk, job) = vms::add_disk(admin, vm, &new).await.unwrap();
    world.done(job).await;
    let two = AddDisk { size: 2 * GIB, ..new.clone() };
    assert_eq!(said(vms::add_disk(admin, vm, &two).await), "refusal-quota");
    let row = world.disk(disk).await;
    assert_eq!(said(disks::edit(admin, disk, &extend(&row, 2 * GIB, false)).await), "refusal-quota");
    world.done(disks::edit(admin, disk, &extend(&row, GIB, false)).await.unwrap().unwrap()).await;
    assert_eq!(said(vms::add_disk(admin, vm, &new).await), "refusal-quota");
    world.done(vms::detach_disk(admin, vm, &taken(disk, true)).await.unwrap().unwrap()).await;
    let (_, job) = vms::add_disk(admin, vm, &new).await.unwrap();
    world.done(job).await;
    assert_eq!(quotas::get(admin, id).await.unwrap().config.name, "small");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_that_is_down_gets_nics_and_loses_them(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    let new = NicConfig { model: NicModel::E1000e, ..world.new_nic("nic2") };
    let (id, job) = vms::add_nic(admin, vm, &new).await.unwrap();
    assert_eq!(job, None, "nobody is to be told");
    let nic = world.nic(vm, id).await;
    assert!(nic.config() == new && nic.mac.starts_with("56:6f:"), "{nic:?}");
    assert_eq!(said(vms::add_nic(admin, vm, &new).await), "name: field-nic-name-taken");
    let changed =
        NicConfig { network: None, model: NicModel::Rtl8139, plugged: false, ..world.new_nic("lan") };
    assert_eq!(vms::edit_nic(admin, vm, id, &changed).await.unwrap(), None);
    assert_eq!(vms::edit_nic(admin, vm, id, &changed).await.unwrap(), None, "as it is already");
    let kept = world.nic(vm, id).await;
    assert_eq!((kept.config(), kept.mac.as_str()), (changed.clone(), nic.mac.as_str()));
    assert_eq!(
        said(vms::edit_nic(admin, vm, id, &world.new_nic("nic1")).await),
        "name: field-nic-name-taken"
    );
    let unseen = NicConfig { network: Some(model::NetworkId(uuid::Uuid::max())), ..new.clone() };
    assert_eq!(said(vms::edit_nic(admin, vm, id, &unseen).await), "network: field-unknown-reference");
    let owner = world.owner_of("owner", &[vm.0]).await;
    assert_eq!(
        said(vms::add_nic(&owner, vm, &world.new_nic("nic3")).await),
        "network: field-unknown-reference"
    );
    vms::edit_nic(&owner, vm, id, &NicConfig { linked: false, ..changed }).await.unwrap();
    let reader = world.holder_of("reader", &model::policy::USER_ROLE, vm.0).await;
    assert_eq!(said(vms::remove_nic(&reader, vm, id).await), "refusal-not-permitted");

    // What is not plugged, the guest does not have.
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    assert_eq!(world.guest_has(vm).await.1.len(), 1);
    assert_eq!(said(vms::remove_nic(admin, vm, id).await), "refusal-vm-status");
    world.done(vms::power_off(admin, vm, None).await.unwrap()).await;
    assert_eq!(vms::remove_nic(admin, vm, id).await.unwrap(), None);
    assert_eq!(said(vms::remove_nic(admin, vm, id).await), "refusal-nic-gone");
    assert_eq!(said(vms::remove_nic(admin, VmId(uuid::Uuid::max()), id).await), "no vm");
    for (kind, n) in [(EventKind::NicAdded, 1), (EventKind::NicUpdated, 3), (EventKind::NicRemoved, 1)] {
        assert_eq!(world.events(kind).await.len(), n, "{kind:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_nics_of_a_running_guest_change_before_its_eyes(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.up("web1").await;
    let (id, job) = vms::add_nic(admin, vm, &world.new_nic("nic2")).await.unwrap();
    world.done(job.expect("it runs")).await;
    assert_eq!(world.guest_has(vm).await.1.len(), 2);
    let edit = async |config: NicConfig| {
        world.done(vms::edit_nic(admin, vm, id, &config).await.unwrap().expect("it runs")).await;
        assert_eq!(world.nic(vm, id).await.config(), config);
        world.guest_has(vm).await.1
    };
    let on = |name: &str| Some(name.to_owned());
    let plugged = world.new_nic("lan");
    assert_eq!(edit(NicConfig { linked: false, ..plugged.clone() }).await, [on("mgmt"), on("mgmt")]);
    assert_eq!(edit(NicConfig { network: None, ..plugged.clone() }).await, [on("mgmt"), None]);
    assert_eq!(edit(plugged.clone()).await, [on("mgmt"), on("mgmt")]);
    let other = NicConfig { model: NicModel::E1000, ..plugged.clone() };
    assert_eq!(said(vms::edit_nic(admin, vm, id, &other).await), "model: field-nic-model-in-use");
    assert_eq!(edit(NicConfig { plugged: false, ..other.clone() }).await.len(), 1);
    assert_eq!(edit(other).await.len(), 2);

    // The host has no such bridge.
    let mut far = network("far", world.data_center);
    far.config.bridge = "far0".into();
    let far = control::networks::create(admin, &far).await.unwrap();
    let there = NicConfig { network: Some(far), ..world.new_nic("nic3") };
    assert_eq!(said(vms::add_nic(admin, vm, &there).await), "network: filter-network");
    world.estate.fail_next("attach_nic", host::HostError::Failed("broken".into()));
    let (_, job) = vms::add_nic(admin, vm, &world.new_nic("nic3")).await.unwrap();
    assert_eq!(world.finish(job.unwrap()).await.0, JobStatus::Failed);
    assert_eq!(vms::get(admin, vm).await.unwrap().nics.len(), 2, "as if it had never been asked for");
    assert_eq!(world.events(EventKind::NicAddFailed).await.len(), 1);
    world.done(vms::remove_nic(admin, vm, id).await.unwrap().unwrap()).await;
    assert_eq!(world.guest_has(vm).await.1.len(), 1);
}

/// A template is made of the disk that a VM boots from, whatever else it has.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_template_is_made_of_the_first_disk(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.added(vm, "more").await;
    let new = crate::permissions::matrix::template_of("golden");
    let (id, job) = templates::make(&world.admin, vm, &new).await.unwrap();
    world.done(job).await;
    assert_eq!(templates::get(&world.admin, id).await.unwrap().disk_size, GIB);
    world.done(vms::remove(&world.admin, vm, true).await.unwrap()).await;
    world.assert_tidy().await;
}
