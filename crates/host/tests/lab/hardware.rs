//! What is put into a running guest, made larger before its eyes, and taken out of it again.

use host::*;
use model::disk::{Allocation, Format};
use model::nic::NicModel;
use model::vm_disk::Interface;
use uuid::Uuid;

use crate::world::*;

const MIB: u64 = 1 << 20;

/// A volume of 64 MiB beside the guest's own, as another disk of it.
async fn another(host: &dyn HostDriver, guest: &Guest, position: u32, allocation: Allocation) -> DiskSpec {
    let pool = guest.spec.disks[0].volume.pool.clone();
    let volume = VolumeRef { pool, volume: format!("{}-{position}", guest.vm) };
    let new = match allocation {
        Allocation::Thin => thin(&volume, 64 * MIB, None),
        Allocation::Preallocated => preallocated(&volume, 64 * MIB),
    };
    host.create_volume(&new).await.unwrap();
    let interface = if position.is_multiple_of(2) { Interface::Virtio } else { Interface::VirtioScsi };
    let serial = Uuid::new_v4().to_string();
    DiskSpec { volume, format: new.format, serial, boot: false, position, interface }
}

/// What libvirt says of a running domain, line by line.
fn virsh(guest: &Guest, command: &str, more: &[&str]) -> String {
    let name = guest.name();
    let arguments: Vec<&str> =
        ["virsh", command, name.as_str()].into_iter().chain(more.iter().copied()).collect();
    lab(1, &arguments)
}

fn capacity(guest: &Guest, target: &str) -> u64 {
    let said = virsh(guest, "domblkinfo", &[target]);
    let line = said.lines().find(|line| line.starts_with("Capacity")).expect(&said);
    line.split_whitespace().last().unwrap().parse().unwrap()
}

/// A guest is asked until it lets go.
async fn let_go<F: Future<Output = HostResult<()>>>(what: &str, ask: impl Fn() -> F) {
    until(what, 60, async || match ask().await {
        Ok(()) => Some(()),
        Err(HostError::Kept(_)) => None,
        Err(error) => panic!("{what}: {error}"),
    })
    .await;
}

#[tokio::test]
async fn disks_come_grow_and_go_while_the_guest_runs() {
    let _lab = shared().await;
    let host = connect(1);
    let guest = Guest::started(1, &*host).await;
    until_agent(&*host, guest.vm).await;
    for (position, target, allocation) in [
        (1, "sdc", Allocation::Thin),
        (2, "vdc", Allocation::Thin),
        (3, "sde", Allocation::Preallocated),
        (4, "vde", Allocation::Preallocated),
    ] {
        let disk = another(&*host, &guest, position, allocation).await;
        host.attach_disk(guest.vm, &disk).await.unwrap();
        host.attach_disk(guest.vm, &disk).await.unwrap();
        assert!(virsh(&guest, "domblklist", &[]).contains(target), "{target}");
        assert_eq!(capacity(&guest, target), 64 * MIB);

        if disk.format == Format::Raw {
            host.grow_volume(&disk.volume, allocation, 96 * MIB).await.unwrap();
        }
        for _ in 0..2 {
            host.grow_disk(guest.vm, &disk.serial, 96 * MIB).await.unwrap();
            assert_eq!(capacity(&guest, target), 96 * MIB, "{target}");
        }
        let report = host.volume(&disk.volume).await.unwrap();
        assert_eq!(report.capacity, 96 * MIB);
        if allocation == Allocation::Preallocated {
            assert!(report.allocation >= 96 * MIB, "its room is taken: {report:?}");
        }

        let_go(target, || host.detach_disk(guest.vm, &disk.serial)).await;
        host.detach_disk(guest.vm, &disk.serial).await.unwrap();
        assert!(!virsh(&guest, "domblklist", &[]).contains(target), "{target}");
        let gone = host.grow_disk(guest.vm, &disk.serial, 128 * MIB).await;
        assert!(matches!(gone, Err(HostError::NotFound(_))), "{gone:?}");
        host.grow_volume(&disk.volume, allocation, 128 * MIB).await.unwrap();
        host.grow_volume(&disk.volume, allocation, 64 * MIB).await.unwrap();
        assert_eq!(host.volume(&disk.volume).await.unwrap().capacity, 128 * MIB, "it never gets smaller");
        host.delete_volume(&disk.volume).await.unwrap();
    }
}

#[tokio::test]
async fn nics_come_change_and_go_while_the_guest_runs() {
    let _lab = shared().await;
    let host = connect(1);
    let guest = Guest::started(1, &*host).await;
    until_agent(&*host, guest.vm).await;
    let bridge = guest.spec.nics[0].bridge.clone();
    for (last, model) in [(1, NicModel::Virtio), (2, NicModel::E1000e)] {
        let own = guest.vm.0.as_bytes();
        let mac = format!("56:6f:20:{:02x}:{:02x}:{last:02x}", own[0], own[1]);
        let nic = NicSpec { mac, bridge: bridge.clone(), name: format!("n{last}"), model, linked: true };
        host.attach_nic(guest.vm, &nic).await.unwrap();
        host.attach_nic(guest.vm, &nic).await.unwrap();
        assert_eq!(virsh(&guest, "domiflist", &[]).matches(&nic.mac).count(), 1);
        for (linked, state) in [(false, "down"), (true, "up")] {
            host.update_nic(guest.vm, &NicSpec { linked, ..nic.clone() }).await.unwrap();
            assert!(virsh(&guest, "domif-getlink", &[&nic.mac]).contains(state), "{state}");
        }
        let_go("the NIC", || host.detach_nic(guest.vm, &nic.mac)).await;
        host.detach_nic(guest.vm, &nic.mac).await.unwrap();
        assert!(!virsh(&guest, "domiflist", &[]).contains(&nic.mac));
        let gone = host.update_nic(guest.vm, &nic).await;
        assert!(matches!(gone, Err(HostError::NotFound(_))), "{gone:?}");
    }
    // A cable that leads nowhere.
    let (mac, name) = ("56:6f:20:00:00:09".into(), "loose".into());
    let loose = NicSpec { mac, name, bridge: None, ..guest.spec.nics[0].clone() };
    host.attach_nic(guest.vm, &loose).await.unwrap();
    assert!(virsh(&guest, "domif-getlink", &[&loose.mac]).contains("down"));
    host.destroy(guest.vm).await.unwrap();
    let late = host.attach_nic(guest.vm, &loose).await;
    assert!(matches!(late, Err(HostError::WrongState(_))), "{late:?}");
}
