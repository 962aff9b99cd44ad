//! The devices of a VM: virtio throughout, and what a person or the guest agent needs besides.

use model::disk::Format;

use super::write::{Element, el};
use crate::driver::{DiskSpec, DomainSpec, GraphicsSpec, NicSpec};

pub fn all(spec: &DomainSpec, listen: &str, password: Option<&str>) -> Vec<Element> {
    let mut devices: Vec<_> = spec.disks.iter().enumerate().map(|(i, d)| disk(i, d)).collect();
    devices.extend(spec.nics.iter().map(nic));
    devices.extend(always());
    match &spec.graphics {
        Some(screen) => devices.extend(graphics(screen, listen, password)),
        None => devices.push(el("video").child(el("model").attr("type", "none"))),
    }
    devices
}

/// Thin disks grow while they are written, which blocks native I/O; threads do not mind. A guest whose
/// storage fails is paused rather than told, so that it goes on where it was.
fn disk(index: usize, disk: &DiskSpec) -> Element {
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
    el("disk")
        .attr("type", "file")
        .attr("device", "disk")
        .child(driver)
        .child(el("source").attr("file", disk.volume.path()))
        .child(el("target").attr("dev", target(index)).attr("bus", "virtio"))
        .child(el("serial").text(word(&disk.serial)))
        .children(disk.boot.then(|| el("boot").attr("order", 1)))
        .child(el("alias").attr("name", format!("ua-{}", word(&disk.serial))))
}

/// vda … vdz, vdaa …
fn target(index: usize) -> String {
    let mut letters = String::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'a' + (rest % 26) as u8));
        rest /= 26;
    }
    format!("vd{letters}")
}

/// libvirt takes letters, digits, `_` and `-` in aliases and serial numbers.
fn word(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}

/// An unplugged cable is a tap device in no bridge, with its link down.
fn nic(nic: &NicSpec) -> Element {
    let interface = match &nic.bridge {
        Some(bridge) => el("interface").attr("type", "bridge").child(el("source").attr("bridge", bridge)),
        None => el("interface").attr("type", "ethernet").child(el("link").attr("state", "down")),
    };
    interface
        .child(el("mac").attr("address", &nic.mac))
        .child(el("model").attr("type", "virtio"))
        .child(el("alias").attr("name", format!("ua-{}", word(&nic.name))))
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

fn graphics(screen: &GraphicsSpec, listen: &str, password: Option<&str>) -> [Element; 3] {
    let vnc = el("graphics")
        .attr("type", "vnc")
        .attr("port", -1)
        .attr("autoport", "yes")
        .attr_if("passwd", password)
        .attr_if("keymap", screen.keyboard.as_ref())
        .child(el("listen").attr("type", "address").attr("address", listen));
    [
        el("input").attr("type", "tablet").attr("bus", "usb"),
        vnc,
        el("video").child(el("model").attr("type", "vga")),
    ]
}
