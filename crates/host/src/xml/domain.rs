//! The definition of a VM, and what is read back from a running one.

use model::VmId;
use model::vm_options::Protocol;

use super::XmlError;
use super::device;
use super::read::{all, at, with_root};
use super::write::{Element, el};
use crate::driver::DomainSpec;

/// The namespace of Drover's own element in a domain's metadata.
pub const METADATA_URN: &str = "urn:drover:vm:1";

/// What the host adds to a VM's definition.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainShape {
    /// Whether KVM runs guests there; emulation otherwise.
    pub kvm: bool,
    /// Where the host's VNC servers listen.
    pub listen: String,
}

/// The name that libvirt knows a VM by.
pub fn domain_name(vm: VmId) -> String {
    format!("drover-{vm}")
}

pub fn domain(spec: &DomainSpec, shape: &DomainShape) -> String {
    let definition = fingerprint(&tree(spec, shape, "", None).to_string());
    let password = spec.graphics.as_ref().map(|g| g.password.as_str());
    tree(spec, shape, &definition, password).to_string()
}

fn tree(spec: &DomainSpec, shape: &DomainShape, definition: &str, password: Option<&str>) -> Element {
    let vcpus = spec.sockets * spec.cores * spec.threads;
    el("domain")
        .attr("type", if shape.kvm { "kvm" } else { "qemu" })
        .child(el("name").text(domain_name(spec.vm)))
        .child(el("uuid").text(spec.vm))
        .child(el("title").text(spec.title.replace(char::is_control, " ")))
        .child(el("metadata").child(metadata(definition)))
        .child(el("memory").attr("unit", "b").text(spec.memory))
        .child(el("currentMemory").attr("unit", "b").text(spec.memory))
        .child(el("vcpu").attr("placement", "static").text(vcpus))
        .child(boot(spec))
        .child(el("features").child(el("acpi")).child(el("apic")).child(el("vmport").attr("state", "off")))
        .child(cpu(spec, shape.kvm))
        .child(clock())
        .child(el("on_poweroff").text("destroy"))
        .child(el("on_reboot").text("restart"))
        .child(el("on_crash").text("destroy"))
        .child(power_management())
        .child(el("devices").children(device::all(spec, &shape.listen, password)))
}

fn boot(spec: &DomainSpec) -> Element {
    let machine = el("type").attr("arch", "x86_64").attr("machine", "q35").text("hvm");
    let mut os = el("os").child(machine);
    if let Some(kernel) = &spec.kernel {
        os = os
            .child(el("kernel").text(&kernel.kernel))
            .children(kernel.initrd.as_ref().map(|path| el("initrd").text(path)))
            .children(kernel.parameters.as_ref().map(|line| el("cmdline").text(line)));
    }
    os.children(spec.boot_menu.then(|| el("bootmenu").attr("enable", "yes").attr("timeout", 10_000)))
}

fn metadata(definition: &str) -> Element {
    el("drover:vm").attr("xmlns:drover", METADATA_URN).attr("definition", definition)
}

/// KVM without a model takes the host's; emulation takes all that QEMU can do. A model is then said to
/// the letter under KVM, while emulation gives what it has of it.
fn cpu(spec: &DomainSpec, kvm: bool) -> Element {
    let topology = el("topology")
        .attr("sockets", spec.sockets)
        .attr("dies", 1)
        .attr("cores", spec.cores)
        .attr("threads", spec.threads);
    let cpu = match (&spec.cpu_model, kvm) {
        (None, true) => el("cpu").attr("mode", "host-model"),
        (None, false) => el("cpu").attr("mode", "maximum"),
        (Some(name), kvm) => el("cpu")
            .attr("mode", "custom")
            .attr("match", "exact")
            .attr("check", if kvm { "partial" } else { "none" })
            .child(el("model").attr("fallback", "forbid").text(name)),
    };
    cpu.child(topology)
}

fn clock() -> Element {
    let timer = |name, key, value| el("timer").attr("name", name).attr(key, value);
    el("clock")
        .attr("offset", "utc")
        .child(timer("rtc", "tickpolicy", "catchup"))
        .child(timer("pit", "tickpolicy", "delay"))
        .child(timer("hpet", "present", "no"))
}

/// A guest that suspends itself would look paused by nobody.
fn power_management() -> Element {
    el("pm")
        .child(el("suspend-to-mem").attr("enabled", "no"))
        .child(el("suspend-to-disk").attr("enabled", "no"))
}

/// FNV-1a: tells two definitions apart, over versions of the compiler too; it keeps nothing secret.
fn fingerprint(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

/// The fingerprint that `domain` put into a definition or its metadata element; none if it is not ours.
/// Two definitions that differ only in the screen's password have the same.
pub fn definition_of(xml: &str) -> Option<String> {
    let take = |root: roxmltree::Node| {
        let ours = |n: &roxmltree::Node| n.has_tag_name((METADATA_URN, "vm"));
        // libvirt hands the element out alone and without its prefix's declaration when asked for metadata only.
        let element =
            root.descendants().find(ours).or_else(|| Some(root).filter(|r| r.has_tag_name("vm")))?;
        element.attribute("definition").map(str::to_owned)
    };
    with_root(xml, take).ok().flatten()
}

/// Where the server of a running domain's screen listens.
#[derive(Debug, Clone, PartialEq)]
pub struct Screen {
    pub address: Option<String>,
    pub port: u16,
}

/// None: it has none of that protocol, or none that listens (yet).
pub fn screen(xml: &str, protocol: Protocol) -> Result<Option<Screen>, XmlError> {
    with_root(xml, |root| {
        let mut screens = all(at(root, &["devices"])?, "graphics");
        let screen = screens.find(|g| g.attribute("type") == Some(protocol.as_str()))?;
        let port: i32 = screen.attribute("port")?.parse().ok()?;
        let listen = at(screen, &["listen"]).and_then(|l| l.attribute("address"));
        let address = listen.or_else(|| screen.attribute("listen")).map(str::to_owned);
        Some(Screen { address, port: u16::try_from(port).ok().filter(|p| *p > 0)? })
    })
}

/// The least guest that there is, booting from the volume at `path`. What turns its power off ends it; what
/// resets it only starts it again.
pub fn probe(name: &str, kind: &str, path: &str) -> String {
    let machine = el("type").attr("arch", "x86_64").attr("machine", "q35").text("hvm");
    let disk = el("disk")
        .attr("type", "file")
        .attr("device", "disk")
        .child(el("driver").attr("name", "qemu").attr("type", "raw"))
        .child(el("source").attr("file", path))
        .child(el("target").attr("dev", "vda").attr("bus", "virtio"))
        .child(el("boot").attr("order", 1));
    el("domain")
        .attr("type", kind)
        .child(el("name").text(name))
        .child(el("memory").attr("unit", "MiB").text(32))
        .child(el("vcpu").text(1))
        .child(el("os").child(machine))
        .child(el("features").child(el("acpi")))
        .child(el("on_poweroff").text("destroy"))
        .child(el("on_reboot").text("restart"))
        .child(el("on_crash").text("destroy"))
        .child(el("devices").child(disk))
        .to_string()
}
