//! The devices of a VM: virtio throughout, and what a person or the guest agent needs besides.

use model::disk::Format;
use model::vm_disk::Interface;
use model::vm_options::BootDevice;

use super::write::{Element, el};
use crate::driver::{DiskSpec, DomainSpec, GraphicsSpec, NicSpec, VolumeRef};

pub fn all(spec: &DomainSpec, listen: &str, password: Option<&str>) -> Vec<Element> {
    let orders = orders(spec);
    let mut devices: Vec<_> =
        spec.disks.iter().enumerate().map(|(i, d)| disk(d, orders.disks.get(i).copied().flatten())).collect();
    devices.push(cd(spec.cd.as_ref(), orders.cd));
    devices.extend(spec.nics.iter().enumerate().map(|(i, n)| nic(n, orders.nics.get(i).copied().flatten())));
    devices.extend(ports());
    devices.extend(always());
    match &spec.graphics {
        Some(screen) => devices.extend(graphics(screen, listen, password)),
        None => devices.push(el("video").child(el("model").attr("type", "none"))),
    }
    devices
}

/// Each device's place in the order of booting, if it has one.
struct Orders {
    disks: Vec<Option<u32>>,
    cd: Option<u32>,
    nics: Vec<Option<u32>>,
}

/// libvirt numbers devices, people name kinds of them. Every NIC may be booted from, and the disks marked for it.
fn orders(spec: &DomainSpec) -> Orders {
    let mut orders =
        Orders { disks: vec![None; spec.disks.len()], cd: None, nics: vec![None; spec.nics.len()] };
    let mut next = 1..;
    for device in &spec.boot {
        match device {
            BootDevice::Disk => {
                let marked = spec.disks.iter().zip(&mut orders.disks).filter(|(disk, _)| disk.boot);
                marked.for_each(|(_, order)| *order = next.next());
            }
            BootDevice::Cdrom => orders.cd = next.next(),
            BootDevice::Network => orders.nics.iter_mut().for_each(|order| *order = next.next()),
        }
    }
    orders
}

fn boot(order: Option<u32>) -> Option<Element> {
    order.map(|order| el("boot").attr("order", order))
}

/// A drive that can be filled and emptied while the VM runs. A file that has gone is looked for before each start; a
/// suspended VM comes back without it.
pub fn cd(medium: Option<&VolumeRef>, order: Option<u32>) -> Element {
    el("disk")
        .attr("type", "file")
        .attr("device", "cdrom")
        .child(el("driver").attr("name", "qemu").attr("type", "raw"))
        .children(
            medium.map(|volume| el("source").attr("file", volume.path()).attr("startupPolicy", "optional")),
        )
        .child(el("target").attr("dev", "sda").attr("bus", "sata"))
        .child(el("readonly"))
        .children(boot(order))
        .child(el("alias").attr("name", "ua-cd"))
}

/// Thin disks grow while they are written, which blocks native I/O; threads do not mind. A guest whose
/// storage fails is paused rather than told, so that it goes on where it was.
pub fn disk(disk: &DiskSpec, order: Option<u32>) -> Element {
    let io = match disk.format {
        Format::Qcow2 => "threads",
        Format::Raw => "native",
    };
    let driver = el("driver")
        .attr("name", "qemu")
        .attr("type", disk.format.as_str())
        .attr("cache", "none")
        .attr("error_policy", "stop")
        .attr("io", io)
        .attr("discard", "unmap");
    let (target, address) = place(disk);
    el("disk")
        .attr("type", "file")
        .attr("device", "disk")
        .child(driver)
        .child(el("source").attr("file", disk.volume.path()))
        .child(target)
        .child(el("serial").text(word(&disk.serial)))
        .children(boot(order))
        .child(el("alias").attr("name", disk_alias(&disk.serial)))
        .children(address)
}

pub fn disk_alias(serial: &str) -> String {
    format!("ua-{}", word(serial))
}

/// Where the disk is. The first SCSI name is the CD drive's; on the controller each disk is a unit.
fn place(disk: &DiskSpec) -> (Element, Option<Element>) {
    let target = |first, position, bus| {
        el("target").attr("dev", format!("{first}{}", letters(position))).attr("bus", bus)
    };
    match disk.interface {
        Interface::Virtio => (target("vd", disk.position, "virtio"), None),
        Interface::VirtioScsi => {
            let address = el("address").attr("type", "drive").attr("controller", 0).attr("bus", 0);
            let address = address.attr("target", 0).attr("unit", disk.position);
            (target("sd", disk.position + 1, "scsi"), Some(address))
        }
    }
}

/// a … z, aa …
fn letters(position: u32) -> String {
    let mut letters = String::new();
    let mut rest = position + 1;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'a' + (rest % 26) as u8));
        rest /= 26;
    }
    letters
}

/// libvirt takes letters, digits, `_` and `-` in aliases and serial numbers.
fn word(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}

/// A cable that leads nowhere is a tap device in no bridge, with its link down.
pub fn nic(nic: &NicSpec, order: Option<u32>) -> Element {
    let interface = match &nic.bridge {
        Some(bridge) => el("interface").attr("type", "bridge").child(el("source").attr("bridge", bridge)),
        None => el("interface").attr("type", "ethernet"),
    };
    let down = nic.bridge.is_none() || !nic.linked;
    interface
        .children(down.then(|| link("down")))
        .child(el("mac").attr("address", &nic.mac))
        .child(el("model").attr("type", nic.model.as_str()))
        .children(boot(order))
        .child(el("alias").attr("name", format!("ua-{}", word(&nic.name))))
}

pub fn link(state: &str) -> Element {
    el("link").attr("state", state)
}

/// So many cards a VM has room for, those that it is made with included; oVirt gives it as many. What is put in while it
/// runs needs a port that was there when it began.
const PORTS: u32 = 16;

/// Where disks and cards are put in while the VM runs.
fn ports() -> Vec<Element> {
    let port =
        |index| el("controller").attr("type", "pci").attr("index", index).attr("model", "pcie-root-port");
    let scsi = el("controller").attr("type", "scsi").attr("index", 0).attr("model", "virtio-scsi");
    (1..=PORTS).map(port).chain([scsi]).collect()
}

fn always() -> Vec<Element> {
    let agent = el("target").attr("type", "virtio").attr("name", "org.qemu.guest_agent.0");
    let port = |kind| el("target").attr("type", kind).attr("port", 0);
    vec![
        el("controller").attr("type", "usb").attr("model", "qemu-xhci"),
        el("controller").attr("type", "virtio-serial").attr("index", 0),
        el("channel").attr("type", "unix").child(agent),
        el("serial").attr("type", "pty").child(port("isa-serial")),
        el("console").attr("type", "pty").child(port("serial")),
        el("memballoon").attr("model", "virtio").child(el("stats").attr("period", 5)),
        el("rng").attr("model", "virtio").child(el("backend").attr("model", "random").text("/dev/urandom")),
    ]
}

fn graphics(screen: &GraphicsSpec, listen: &str, password: Option<&str>) -> Vec<Element> {
    let server = |kind| {
        el("graphics").attr("type", kind).attr("port", -1).attr("autoport", "yes").attr_if("passwd", password)
    };
    let address = || el("listen").attr("type", "address").attr("address", listen);
    let vnc = || server("vnc").attr_if("keymap", screen.keyboard.as_ref()).child(address());
    let mut devices = vec![el("input").attr("type", "tablet").attr("bus", "usb")];
    devices.extend(screen.protocols.vnc().then(vnc));
    devices.extend(screen.protocols.spice().then(|| server("spice").child(address())));
    devices.push(el("video").child(el("model").attr("type", "vga")));
    devices
}
