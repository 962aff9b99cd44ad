//! The look of an object of any kind where there is room for an icon alone: in the tree, in the command palette.

use std::str::FromStr;

use model::host::HostStatus;
use model::id::Kind;
use model::storage_domain::StorageStatus;
use model::template::TemplateStatus;
use model::vm::VmStatus;
use ui::{Icon, Tone};

use super::value::{Look, host_look, storage_look, template_look, vm_look};
use crate::paths;

/// The icon with its tone, and the state in words where the kind has one.
pub type Face = (Tone, Icon, Option<String>);

pub fn face(kind: Kind, status: Option<&str>) -> Face {
    let word = status.unwrap_or_default();
    let looked = match kind {
        Kind::Vm => of(word, vm_look, VmStatus::label),
        Kind::Host => of(word, host_look, HostStatus::label),
        Kind::StorageDomain => of(word, storage_look, StorageStatus::label),
        Kind::Template => of(word, template_look, TemplateStatus::label),
        _ => None,
    };
    let icon = paths::tab_for(kind).map_or(Icon::Folder, |tab| tab.icon());
    looked.unwrap_or((Tone::Neutral, icon, None))
}

fn of<S: FromStr + Copy>(word: &str, look: fn(S) -> Look, label: fn(S) -> String) -> Option<Face> {
    let status = word.parse::<S>().ok()?;
    let (tone, icon, _) = look(status);
    Some((tone, icon, Some(label(status))))
}
