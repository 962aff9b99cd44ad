//! Small changes to definitions that libvirt holds. They are made in its own words, so that everything else,
//! what a later version of libvirt or of Drover thinks of included, stays as the guest knows it.

use std::ops::Range;

use roxmltree::Node;

use super::XmlError;
use super::read::{all, at, with_root};
use super::write::el;
use crate::driver::ScreenPassword;

/// Pieces of a text and what is to be there instead, in the text's order.
pub(super) fn spliced(text: &str, pieces: &[(Range<usize>, String)]) -> String {
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
        let source = path
            .map(|path| el("source").attr("file", path).attr("startupPolicy", "optional").to_string())
            .unwrap_or_default();
        pieces.push((target.start..target.start, source));
        pieces.sort_by_key(|(range, _)| range.start);
        Some((xml[outer].to_owned(), pieces))
    })?;
    Ok(drive.map(|(text, pieces)| spliced(&text, &pieces)))
}

/// A running VM's screen as it is, but for its password and how long that opens it; none when it has no such screen.
pub fn with_password(xml: &str, new: &ScreenPassword) -> Result<Option<String>, XmlError> {
    let until = new.until.map(|until| {
        let until = until.to_offset(time::UtcOffset::UTC);
        let ((year, month, day), (hour, minute, second)) = (until.to_calendar_date(), until.to_hms());
        format!("{year}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", u8::from(month))
    });
    let screen = with_root(xml, |root| {
        let mut screens = all(at(root, &["devices"])?, "graphics");
        let screen = screens.find(|g| g.attribute("type") == Some(new.protocol.as_str()))?;
        let outer = screen.range();
        let ours = |name: &str| name == "passwd" || name == "passwdValidTo";
        let own = screen.attributes().filter(|a| ours(a.name())).map(|a| a.range());
        let mut pieces: Vec<_> =
            own.map(|range| (range.start - outer.start..range.end - outer.start, String::new())).collect();
        let name = "<graphics".len();
        let valid = until.map(|until| format!(" passwdValidTo='{until}'")).unwrap_or_default();
        pieces.push((name..name, format!(" passwd='{}'{valid}", escaped(&new.password))));
        pieces.sort_by_key(|(range, _)| range.start);
        Some(spliced(&xml[outer], &pieces))
    })?;
    Ok(screen)
}

#[cfg(test)]
mod tests {
    use model::vm_options::Protocol;

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
    fn a_screen_gets_another_password_for_a_while() {
        let until = Some(time::macros::datetime!(2030-01-02 03:04:05 +1));
        let vnc = |password: &str, until| ScreenPassword {
            protocol: Protocol::Vnc,
            password: password.into(),
            until,
        };
        let told = with_password(RUNNING, &vnc("new", until)).unwrap().unwrap();
        let read = |xml: &str| {
            with_root(xml, |g| {
                let word = |name| g.attribute(name).map(str::to_owned);
                (word("passwd"), word("passwdValidTo"), word("port"))
            })
            .unwrap()
        };
        let port = Some("5900".to_owned());
        assert_eq!(read(&told), (Some("new".into()), Some("2030-01-02T02:04:05".into()), port.clone()));
        let again = with_password(&format!("<domain><devices>{told}</devices></domain>"), &vnc("old", None));
        assert_eq!(read(&again.unwrap().unwrap()), (Some("old".into()), None, port));
        let spice = ScreenPassword { protocol: Protocol::Spice, ..vnc("x", None) };
        assert_eq!(with_password(RUNNING, &spice).unwrap(), None);
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
