//! Tags: words that people put on objects, in a hierarchy. Whoever looks for a tag finds what carries one below it, too.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::Kind;
use crate::{FieldErrors, TagId, Text, field};

/// What can carry tags.
pub const TAGGED: [Kind; 4] = [Kind::Vm, Kind::Host, Kind::Template, Kind::User];

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TagConfig {
    pub name: String,
    pub description: String,
    /// The tag that it is below.
    pub parent: Option<TagId>,
}

impl TagConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::name(&self.name, 50));
        e.check("description", field::free_text(&self.description, 4000));
        e
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditTag {
    pub version: i64,
    pub config: TagConfig,
}

/// A tag in its place. Lists of them are in the order of the tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TagRow {
    pub id: TagId,
    pub version: i64,
    pub name: String,
    pub description: String,
    pub parent: Option<(TagId, String)>,
    /// From 1.
    pub level: u32,
    /// Tags below it, however deep.
    pub below: u32,
    /// What carries it or one below it.
    pub objects: u32,
}

/// A change of the tags of many objects at once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AssignTags {
    pub add: Vec<TagId>,
    pub remove: Vec<TagId>,
}

/// Objects, and what they carry by now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tagged {
    pub kind: Kind,
    pub objects: Vec<(Uuid, String)>,
    /// Every tag, and how many of the objects carry it.
    pub tags: Vec<(TagRow, u32)>,
}

/// Whether `tag` may go below `parent`: not below itself, nor below what is below it. `parents` has every tag with the
/// one that it is below now.
pub fn may_move(parents: &[(TagId, Option<TagId>)], tag: TagId, parent: Option<TagId>) -> Result<(), Text> {
    let mut above = parent;
    // A way up that is longer than there are tags goes around.
    for _ in 0..=parents.len() {
        let Some(at) = above else { return Ok(()) };
        if at == tag {
            break;
        }
        above = parents.iter().find(|(id, _)| *id == at).and_then(|(_, parent)| *parent);
    }
    Err(Text::new("field-tag-loop"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_tag() {
        let long = "x".repeat(51);
        for (name, description, wrong) in [
            ("web", "", ""),
            ("web-2.de", "What the world sees", ""),
            ("", "", "name"),
            ("two words", "", "name"),
            ("a*", "", "name"),
            (&long, "", "name"),
            ("web", "\0", "description"),
        ] {
            let tag = TagConfig { name: name.into(), description: description.into(), parent: None };
            let fields: Vec<_> = tag.errors().0.into_iter().map(|(field, _)| field).collect();
            assert_eq!(fields.join(","), wrong, "{name:?}");
        }
    }

    /// The tree: 1 above 2 above 3, and 4 by itself.
    #[test]
    fn no_tag_goes_below_itself() {
        let id = |n: u128| TagId(Uuid::from_u128(n));
        let parents = [(id(1), None), (id(2), Some(id(1))), (id(3), Some(id(2))), (id(4), None)];
        for (tag, parent, fine) in [
            (1, None, true),
            (1, Some(4), true),
            (3, Some(1), true),
            (4, Some(3), true),
            (3, None, true),
            (1, Some(1), false),
            (1, Some(2), false),
            (1, Some(3), false),
            (2, Some(3), false),
        ] {
            assert_eq!(may_move(&parents, id(tag), parent.map(id)).is_ok(), fine, "{tag} below {parent:?}");
        }
        let around = [(id(1), Some(id(2))), (id(2), Some(id(1)))];
        assert!(may_move(&around, id(3), Some(id(1))).is_err(), "what is broken already comes to an end");
    }
}
