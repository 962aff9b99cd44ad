//! What is written is compared with the files in `golden/` (`GOLDEN=write cargo test -p host` renews them);
//! what is read must survive anything.

#![allow(clippy::unwrap_used)]

use model::VmId;
use model::disk::{Allocation, Format};
use model::nic::NicModel;
use model::vm_disk::Interface;
use model::vm_options::{BootDevice, Graphics, Protocol};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::driver::*;

const VM: VmId = VmId(Uuid::from_u128(0x0af1_9d44_6a0b_4f2e_9a51_3c1f_c2a7_7d10));

fn golden(name: &str, is: &str) {
    let path = format!("{}/src/xml/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("GOLDEN").is_some_and(|v| v == "write") {
        std::fs::write(&path, is).unwrap();
    }
    let should = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(is, should, "{name} differs");
}

fn data(volume: &str) -> VolumeRef {
    let pool = "6d6f9b9c-3f0a-4b0b-8d8e-6b6a7f6f0c01".to_owned();
    VolumeRef { pool: PoolRef { pool, path: "/srv/data".into() }, volume: volume.into() }
}

fn disk(volume: &str, format: Format, boot: bool) -> DiskSpec {
    let (position, interface) = if boot { (0, Interface::Virtio) } else { (1, Interface::VirtioScsi) };
    DiskSpec { volume: data(volume), format, serial: format!("{volume}-serial"), boot, position, interface }
}

fn nic(name: &str, bridge: Option<&str>) -> NicSpec {
    let mac = "56:6f:00:00:00:01".to_owned();
    NicSpec {
        mac,
        bridge: bridge.map(str::to_owned),
        name: name.into(),
        model: NicModel::Virtio,
        linked: true,
    }
}

fn full() -> DomainSpec {
    DomainSpec {
        vm: VM,
        title: "web1".into(),
        memory: 512 << 20,
        sockets: 2,
        cores: 2,
        threads: 1,
        cpu_model: None,
        disks: vec![disk("system", Format::Qcow2, true), disk("data", Format::Raw, false)],
        nics: vec![nic("nic1", Some("mgmt")), nic("nic2", None)],
        cd: None,
        boot: vec![BootDevice::Disk],
        boot_menu: false,
        kernel: None,
        graphics: Some(GraphicsSpec {
            password: "s3cr3t!!".into(),
            keyboard: Some("de".into()),
            protocols: Graphics::Vnc,
        }),
    }
}

fn plain() -> DomainSpec {
    DomainSpec { cpu_model: Some("Nehalem".into()), graphics: None, disks: vec![], nics: vec![], ..full() }
}

fn shape(kvm: bool) -> DomainShape {
    DomainShape { kvm, listen: "192.0.2.11".into() }
}

#[test]
fn a_vm_with_everything() {
    golden("domain-full-emulation.xml", &domain(&full(), &shape(false)));
    golden("domain-full-kvm.xml", &domain(&full(), &shape(true)));
}

#[test]
fn a_headless_vm_with_a_cpu_model() {
    golden("domain-headless-kvm.xml", &domain(&plain(), &shape(true)));
    golden("domain-headless-emulation.xml", &domain(&plain(), &shape(false)));
}

#[test]
fn what_it_boots_from() {
    let kernel = KernelSpec {
        kernel: "/boot/vmlinuz".into(),
        initrd: Some("/boot/initrd".into()),
        parameters: Some("quiet a=<b>".into()),
    };
    let boot = vec![BootDevice::Network, BootDevice::Cdrom, BootDevice::Disk];
    let cd = Some(data("tiny.iso"));
    golden(
        "domain-boot-order.xml",
        &domain(&DomainSpec { boot, boot_menu: true, cd, ..full() }, &shape(false)),
    );
    golden("domain-boot-kernel.xml", &domain(&DomainSpec { kernel: Some(kernel), ..full() }, &shape(false)));
}

#[test]
fn both_screens() {
    let graphics = Some(GraphicsSpec { protocols: Graphics::Both, ..full().graphics.unwrap() });
    golden("domain-spice-vnc.xml", &domain(&DomainSpec { graphics, ..full() }, &shape(false)));
}

#[test]
fn volumes_and_pools() {
    let thin = NewVolume {
        at: data("thin"),
        format: Format::Qcow2,
        allocation: Allocation::Thin,
        size: 10 << 30,
        backing: Some((data("base"), Format::Qcow2)),
    };
    golden("volume-thin.xml", &volume(&thin));
    let raw = NewVolume {
        at: data("raw"),
        format: Format::Raw,
        allocation: Allocation::Preallocated,
        backing: None,
        ..thin
    };
    golden("volume-raw.xml", &volume(&raw));
    golden("pool.xml", &pool(&data("any").pool));
}

#[test]
fn a_person_s_words_stay_words() {
    let title = "</title><os>&amp;'\"\u{1}\n ü".to_owned();
    let xml = domain(&DomainSpec { title, ..plain() }, &shape(true));
    let document = roxmltree::Document::parse(&xml).unwrap();
    let read = document.descendants().find(|n| n.has_tag_name("title")).unwrap().text();
    assert_eq!(read, Some("</title><os>&amp;'\"   ü"));
}

#[test]
fn a_definition_is_recognised_whatever_its_password() {
    let other_password = |spec: DomainSpec| DomainSpec {
        graphics: Some(GraphicsSpec {
            password: "other".into(),
            keyboard: Some("de".into()),
            protocols: Graphics::Vnc,
        }),
        ..spec
    };
    let definition = |spec: &DomainSpec| definition_of(&domain(spec, &shape(true))).unwrap();
    assert_eq!(definition(&full()), definition(&other_password(full())));
    assert_ne!(definition(&full()), definition(&DomainSpec { memory: 1 << 30, ..full() }));
    assert_eq!(definition_of("<domain><metadata/></domain>"), None);
    let alone = format!("<drover:vm xmlns:drover='{METADATA_URN}' definition='ab'/>");
    assert_eq!(definition_of(&alone).as_deref(), Some("ab"));
    assert_eq!(definition_of("<vm definition='ab'/>").as_deref(), Some("ab"), "as libvirt hands it out");
}

#[test]
fn more_disks_than_letters() {
    let place =
        |position| DiskSpec { position, interface: Interface::Virtio, ..disk("d", Format::Raw, false) };
    let disks = (0..28).map(place).collect();
    let xml = domain(&DomainSpec { disks, ..plain() }, &shape(true));
    for name in ["'vda'", "'vdz'", "'vdaa'", "'vdab'"] {
        assert!(xml.contains(name), "{name}");
    }
}

#[test]
fn what_a_host_says() {
    let host = capabilities(include_str!("golden/capabilities.xml")).unwrap();
    assert_eq!(host.host_uuid, "d0000093-0000-4000-8000-000000000001");
    assert_eq!((host.arch.as_str(), host.numa_nodes, host.kvm), ("x86_64", 1, true));
    assert_eq!((host.cpu_vendor.as_str(), host.cpu_model.as_str()), ("Intel", "Skylake-Server-v1"));
    assert!(host.machines.contains(&"q35".into()), "{:?}", host.machines);
    assert_eq!(host.machines.iter().filter(|m| *m == "q35").count(), 1);

    let guests = domain_capabilities(include_str!("golden/domain-capabilities.xml")).unwrap();
    assert_eq!(guests.host_model.as_deref(), Some("EPYC"));
    assert!(guests.cpu_models.contains(&"Nehalem".into()), "{:?}", guests.cpu_models);
    assert!(!guests.cpu_models.contains(&"Skylake-Server".into()), "not usable by emulation");
}

#[test]
fn where_a_screen_is() {
    let live = |graphics: &str| {
        screen(&format!("<domain><devices>{graphics}</devices></domain>"), Protocol::Vnc).unwrap()
    };
    let found = live("<graphics type='vnc' port='5901' listen='a'><listen address='b'/></graphics>");
    assert_eq!(found, Some(Screen { address: Some("b".into()), port: 5901 }));
    for none in ["", "<graphics type='vnc' port='-1'/>", "<graphics type='spice' port='5900'/>"] {
        assert_eq!(live(none), None, "{none}");
    }
}

#[test]
fn a_volume_is_read_back() {
    let xml = "<volume><name>v</name><capacity unit='bytes'>100</capacity><allocation>7</allocation>
        <target><format type='qcow2'/></target><backingStore><path>/b</path></backingStore></volume>";
    let read = volume_report(xml).unwrap();
    assert_eq!((read.name.as_str(), read.capacity, read.allocation), ("v", 100, 7));
    assert_eq!((read.format.as_deref(), read.backing.as_deref()), (Some("qcow2"), Some("/b")));
    assert!(volume_report("<volume/>").is_err());
}

/// Something that looks like XML often enough to get past the parser.
fn documents() -> impl Strategy<Value = String> {
    let names =
        "(domain|devices|graphics|volume|name|capacity|target|format|cpu|mode|host|guest|arch|machine)";
    let attributes = "( (type|name|port|unit|num|address|definition)='[^<&']{0,8}')?";
    let leaf = (names, attributes, "[^<&]{0,8}").prop_map(|(n, a, t)| format!("<{n}{a}>{t}</{n}>"));
    leaf.prop_recursive(6, 64, 4, move |inner| {
        (names, attributes, prop::collection::vec(inner, 0..4))
            .prop_map(|(n, a, inside)| format!("<{n}{a}>{}</{n}>", inside.concat()))
    })
}

fn read_everything(xml: &str) {
    let _ = (capabilities(xml), domain_capabilities(xml), screen(xml, Protocol::Vnc), definition_of(xml));
    let _ = (volume_report(xml), pool_path(xml), bridge(xml));
}

proptest! {
    #[test]
    fn reading_never_panics(xml in documents()) {
        read_everything(&xml);
    }

    #[test]
    fn nor_does_it_on_noise(noise in ".{0,200}") {
        read_everything(&noise);
    }

    #[test]
    fn every_text_comes_back_as_it_was(title in "\\PC{0,40}", bridge in "\\PC{1,20}", keymap in "[ -~]{1,9}") {
        let graphics = Some(GraphicsSpec { password: "p".into(), keyboard: Some(keymap.clone()), protocols: Graphics::Both });
        let nics = vec![nic("nic1", Some(&bridge))];
        let xml = domain(&DomainSpec { title, nics, graphics, ..plain() }, &shape(true));
        let document = roxmltree::Document::parse(&xml).unwrap();
        let attribute = |element, name| {
            document.descendants().filter(|n| n.has_tag_name(element)).find_map(|n| n.attribute(name))
        };
        prop_assert_eq!(attribute("source", "bridge"), Some(bridge.as_str()));
        prop_assert_eq!(attribute("graphics", "keymap"), Some(keymap.as_str()));
    }
}
