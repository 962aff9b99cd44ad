//! Pools and volumes.

use model::disk::{Allocation, Format};

use super::XmlError;
use super::read::{at, text, with_root};
use super::write::el;
use crate::driver::{NewVolume, PoolRef, VolumeReport};

/// A directory pool. Its UUID is the storage domain's id too, if the id is one.
pub fn pool(pool: &PoolRef) -> String {
    let id = uuid::Uuid::parse_str(&pool.pool).ok().map(|id| el("uuid").text(id));
    el("pool")
        .attr("type", "dir")
        .child(el("name").text(&pool.pool))
        .children(id)
        .child(el("target").child(el("path").text(&pool.path)))
        .to_string()
}

pub fn pool_path(xml: &str) -> Result<Option<String>, XmlError> {
    with_root(xml, |root| text(root, &["target", "path"]))
}

pub fn volume(new: &NewVolume) -> String {
    let allocation = match new.allocation {
        Allocation::Thin => 0,
        Allocation::Preallocated => new.size,
    };
    let backing = new.backing.as_ref().map(|(volume, format)| {
        let format = el("format").attr("type", format.as_str());
        el("backingStore").child(el("path").text(volume.path())).child(format)
    });
    let compat = (new.format == Format::Qcow2).then(|| el("compat").text("1.1"));
    el("volume")
        .attr("type", "file")
        .child(el("name").text(&new.at.volume))
        .child(el("capacity").attr("unit", "bytes").text(new.size))
        .child(el("allocation").attr("unit", "bytes").text(allocation))
        .child(el("target").child(el("format").attr("type", new.format.as_str())).children(compat))
        .children(backing)
        .to_string()
}

pub fn volume_report(xml: &str) -> Result<VolumeReport, XmlError> {
    let report = with_root(xml, |root| {
        Some(VolumeReport {
            name: text(root, &["name"])?,
            capacity: number(root, &["capacity"])?,
            allocation: number(root, &["allocation"]).unwrap_or(0),
            format: at(root, &["target", "format"]).and_then(|f| f.attribute("type")).map(str::to_owned),
            // A file with the data proper is as much of a dependency as one below.
            backing: text(root, &["backingStore", "path"]).or_else(|| text(root, &["dataStore", "path"])),
        })
    })?;
    report.ok_or_else(|| XmlError("the volume has no name or size".into()))
}

fn number(root: roxmltree::Node, path: &[&str]) -> Option<u64> {
    text(root, path)?.parse().ok()
}
