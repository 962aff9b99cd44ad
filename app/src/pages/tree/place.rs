//! A node of the tree, however it is written down: in the browser's storage, in a row's id.

use model::id::Kind;
use model::list::TreeNode;
use uuid::Uuid;

/// A node by what it is: an object, or the folder of one kind in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub id: Uuid,
    pub kind: Kind,
    pub folder: bool,
}

impl Place {
    pub fn of(node: &TreeNode) -> Place {
        Place { id: node.id, kind: node.kind, folder: node.folder }
    }

    /// The root, whose children are the data centers.
    pub const ROOT: Place = Place { id: model::SYSTEM, kind: Kind::DataCenter, folder: true };

    pub fn word(self) -> String {
        format!("{}:{}:{}", self.kind.as_str(), if self.folder { "all" } else { "one" }, self.id)
    }

    pub fn read(word: &str) -> Option<Place> {
        let mut parts = word.splitn(3, ':');
        let kind = parts.next()?.parse().ok()?;
        let folder = parts.next()? == "all";
        Some(Place { kind, folder, id: parts.next()?.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_remembered_by_a_word() {
        for place in [Place::ROOT, Place { id: Uuid::from_u128(3), kind: Kind::StorageDomain, folder: false }]
        {
            assert_eq!(Place::read(&place.word()), Some(place));
        }
        for word in ["", "vm", "vm:one:x", "horse:all:00000000-0000-0000-0000-000000000000"] {
            assert_eq!(Place::read(word), None, "{word}");
        }
    }
}
