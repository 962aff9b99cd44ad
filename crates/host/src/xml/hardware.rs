//! What is put into a running VM and taken out of it: devices alone, and a VM's own devices found in its definition.

use roxmltree::Node;

use super::XmlError;
use super::device;
use super::edit::spliced;
use super::read::{all, at, with_root};
use super::write::el;
use crate::driver::{DiskSpec, NicSpec};

pub fn disk_device(disk: &DiskSpec) -> String {
    device::disk(disk, None).to_string()
}

pub fn nic_device(nic: &NicSpec) -> String {
    device::nic(nic, None).to_string()
}

/// A running VM's disk as libvirt has it, and the name that it has there; none when it has no such disk.
pub fn disk_of(xml: &str, serial: &str) -> Result<Option<(String, String)>, XmlError> {
    let alias = device::disk_alias(serial);
    with_root(xml, |root| {
        let mut disks = all(at(root, &["devices"])?, "disk");
        let disk = disks.find(|d| at(*d, &["alias"]).and_then(|a| a.attribute("name")) == Some(&alias))?;
        let target = at(disk, &["target"])?.attribute("dev")?.to_owned();
        Some((xml[disk.range()].to_owned(), target))
    })
}

/// The same of a NIC, known by its address.
pub fn nic_of(xml: &str, mac: &str) -> Result<Option<String>, XmlError> {
    with_root(xml, |root| nic_node(root, mac).map(|nic| xml[nic.range()].to_owned()))
}

fn nic_node<'a, 'i>(root: Node<'a, 'i>, mac: &str) -> Option<Node<'a, 'i>> {
    let address = |nic: &Node| {
        let own = at(*nic, &["mac"]).and_then(|m| m.attribute("address"));
        own.is_some_and(|own| own.eq_ignore_ascii_case(mac))
    };
    all(at(root, &["devices"])?, "interface").find(address)
}

/// A running VM's NIC as it is, but for its bridge and whether its cable is in; none when it has no such NIC.
pub fn changed_nic(xml: &str, nic: &NicSpec) -> Result<Option<String>, XmlError> {
    with_root(xml, |root| {
        let node = nic_node(root, &nic.mac)?;
        let outer = node.range();
        let inner = |node: Node| node.range().start - outer.start..node.range().end - outer.start;
        let gone = node.children().filter(|c| ["source", "link"].iter().any(|n| c.has_tag_name(*n)));
        let mut pieces: Vec<_> = gone.map(|node| (inner(node), String::new())).collect();
        let source = nic.bridge.as_ref().map(|bridge| el("source").attr("bridge", bridge).to_string());
        let state = if nic.linked && nic.bridge.is_some() { "up" } else { "down" };
        let mac = inner(at(node, &["mac"])?).end;
        pieces.push((mac..mac, format!("{}{}", source.unwrap_or_default(), device::link(state))));
        pieces.sort_by_key(|(range, _)| (range.start, range.end));
        Some(spliced(&xml[outer], &pieces))
    })
}

#[cfg(test)]
mod tests {
    use model::nic::NicModel;

    use super::*;

    const RUNNING: &str = "<domain><devices>\
        <disk type='file' device='disk'><source file='/d'/><target dev='vda'/><alias name='ua-a'/></disk>\
        <disk type='file' device='disk'><source file='/e'/><target dev='sdb'/><alias name='ua-b'/></disk>\
        <disk type='file' device='cdrom'><target dev='sda'/><alias name='ua-cd'/></disk>\
        <interface type='bridge'><mac address='56:6F:00:00:00:01'/><source bridge='one'/><target dev='vnet3'/>\
        <model type='virtio'/><link state='down'/><alias name='ua-nic1'/></interface></devices></domain>";

    fn nic(bridge: &str, linked: bool) -> NicSpec {
        NicSpec {
            mac: "56:6f:00:00:00:01".into(),
            bridge: Some(bridge.into()),
            name: "nic1".into(),
            model: NicModel::Virtio,
            linked,
        }
    }

    #[test]
    fn a_disk_is_found_by_its_serial_number() {
        let (xml, target) = disk_of(RUNNING, "b").unwrap().unwrap();
        assert!(xml.starts_with("<disk") && xml.contains("/e") && !xml.contains("/d'"), "{xml}");
        assert_eq!(target, "sdb");
        assert_eq!(disk_of(RUNNING, "c").unwrap(), None);
        assert!(disk_of("<domain", "c").is_err());
    }

    #[test]
    fn a_nic_is_found_by_its_address_however_it_is_written() {
        assert!(nic_of(RUNNING, "56:6f:00:00:00:01").unwrap().unwrap().contains("vnet3"));
        assert_eq!(nic_of(RUNNING, "56:6f:00:00:00:02").unwrap(), None);
    }

    #[test]
    fn only_the_cable_changes() {
        for (bridge, linked, state) in [("two", true, "up"), ("a&b", false, "down")] {
            let changed = changed_nic(RUNNING, &nic(bridge, linked)).unwrap().unwrap();
            let read = |name: &'static str, attribute: &'static str| {
                with_root(&changed, |root| {
                    at(root, &[name]).and_then(|n| n.attribute(attribute)).map(str::to_owned)
                })
                .unwrap()
            };
            assert_eq!(read("source", "bridge").as_deref(), Some(bridge));
            assert_eq!(read("link", "state").as_deref(), Some(state));
            assert_eq!(read("target", "dev").as_deref(), Some("vnet3"));
            assert_eq!(changed.matches("<link").count(), 1);
        }
        assert_eq!(changed_nic("<domain><devices/></domain>", &nic("two", true)).unwrap(), None);
    }
}
