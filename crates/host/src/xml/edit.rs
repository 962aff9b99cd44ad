//! Small changes to definitions that libvirt holds. They are made in its own words, so that everything else,
//! what a later version of libvirt or of Drover thinks of included, stays as the guest knows it.

use std::ops::Range;

use roxmltree::Node;

use super::XmlError;
use super::read::{all, at, with_root};
use super::write::el;

/// Pieces of a text and what is to be there instead, in the text's order.
fn spliced(text: &str, pieces: &[(Range<usize>, String)]) -> String {
    let (mut new, mut done) = (String::with_capacity(text.len()), 0);
    for (range, instead) in pieces {
        new.push_str(&text[done..range.start]);
        new.push_str(instead);
        done = range.end;
    }
    new.push_str(&text[done..]);
    new
}

/// The definition with its screens at another address: another host has another one.
pub fn listening_at(xml: &str, address: &str) -> Result<String, XmlError> {
    let quoted = escaped(address);
    let pieces = with_root(xml, |root| {
        let screens = at(root, &["devices"]).into_iter().flat_map(|devices| all(devices, "graphics"));
        let mut pieces: Vec<_> = screens.flat_map(addresses).map(|range| (range, quoted.clone())).collect();
        pieces.sort_by_key(|(range, _)| range.start);
        pieces
    })?;
    Ok(spliced(xml, &pieces))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;").replace('"', "&quot;")
}

/// Where a screen's address is written: libvirt says it twice.
fn addresses(screen: Node) -> Vec<Range<usize>> {
    let own = screen.attribute_node("listen");
    let below = all(screen, "listen").filter_map(|listen| listen.attribute_node("address"));
    own.into_iter().chain(below).map(|attribute| attribute.range_value()).collect()
}

/// The CD drive of a running VM as it is, but for the file in it; none when the VM has no drive.
pub fn changed_cd(xml: &str, path: Option<&str>) -> Result<Option<String>, XmlError> {
    let drive = with_root(xml, |root| {
        let drive = all(at(root, &["devices"])?, "disk").find(|d| d.attribute("device") == Some("cdrom"))?;
        let outer = drive.range();
        let inner = |node: Node| node.range().start - outer.start..node.range().end - outer.start;
        // What is below the file goes with it.
        let gone = drive.children().filter(|c| ["source", "backingStore"].iter().any(|n| c.has_tag_name(*n)));
        let mut pieces: Vec<_> = gone.map(|node| (inner(node), String::new())).collect();
        let target = inner(at(drive, &["target"])?);
        let source = path.map(|path| el("source").attr("file", path).to_string()).unwrap_or_default();
        pieces.push((target.start..target.start, source));
        pieces.sort_by_key(|(range, _)| range.start);
        Some((xml[outer].to_owned(), pieces))
    })?;
    Ok(drive.map(|(text, pieces)| spliced(&text, &pieces)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNING: &str = "<domain><devices>\
        <disk type='file' device='disk'><source file='/d'/><target dev='vda'/></disk>\
        <disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='/a.iso' index='1'/>\
        <backingStore/><target dev='sda' bus='sata' tray='open'/><readonly/><boot order='2'/>\
        <alias name='ua-cd'/></disk>\
        <graphics type='vnc' port='5900' listen='10.0.0.1' passwd='secret'>\
        <listen type='address' address='10.0.0.1'/></graphics></devices></domain>";

    #[test]
    fn only_the_file_in_the_drive_changes() {
        let filled = changed_cd(RUNNING, Some("/srv/b&c.iso")).unwrap().unwrap();
        assert!(filled.starts_with("<disk type='file' device='cdrom'>") && filled.ends_with("</disk>"));
        let source = with_root(&filled, |d| {
            all(d, "source").filter_map(|s| s.attribute("file").map(str::to_owned)).collect::<Vec<_>>()
        });
        assert_eq!(source.unwrap(), ["/srv/b&c.iso"]);
        assert!(filled.contains("<boot order='2'/>") && !filled.contains("backingStore"));
        let empty = changed_cd(RUNNING, None).unwrap().unwrap();
        assert!(!empty.contains("<source") && empty.contains("<target dev='sda'"));
        let again = format!("<domain><devices>{empty}</devices></domain>");
        assert!(changed_cd(&again, Some("/b.iso")).unwrap().unwrap().contains("/b.iso"));
        assert_eq!(changed_cd("<domain><devices/></domain>", None).unwrap(), None);
    }

    #[test]
    fn a_screen_listens_elsewhere_and_keeps_its_password() {
        let moved = listening_at(RUNNING, "10.0.0.22").unwrap();
        assert_eq!(moved.matches("10.0.0.22").count(), 2);
        assert!(!moved.contains("10.0.0.1'") && moved.contains("passwd='secret'"));
        assert!(listening_at("<domain/>", "x").unwrap() == "<domain/>");
        assert!(listening_at("<domain", "x").is_err());
    }
}
