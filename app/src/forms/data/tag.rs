//! A tag, new or changed, and the tags of objects.

use model::id::Kind;
use model::tag::{AssignTags, EditTag, TagConfig, TagRow, Tagged};
use model::{FieldErrors, TagId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TagForm {
    /// Empty for a new one.
    pub version: String,
    pub name: String,
    pub description: String,
    /// Empty at the top.
    pub parent: String,
}

impl From<&TagRow> for TagForm {
    fn from(row: &TagRow) -> Self {
        TagForm {
            version: row.version.to_string(),
            name: row.name.clone(),
            description: row.description.clone(),
            parent: row.parent.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default(),
        }
    }
}

impl TagForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditTag, FieldErrors> {
        Ok(EditTag { version: self.version.parse().unwrap_or_default(), config: self.request()? })
    }
}

impl FormData for TagForm {
    type Request = TagConfig;

    fn request(&self) -> Result<TagConfig, FieldErrors> {
        let mut r = Reader::default();
        let config = TagConfig {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            parent: r.choice_or_none::<Uuid>("parent", &self.parent).map(TagId),
        };
        r.and(config.errors());
        r.end(config)
    }
}

/// What objects shall carry. Ids with commas between.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssignForm {
    pub kind: String,
    pub objects: String,
    /// Those that are marked.
    pub tags: String,
    /// Those that all objects carried when the form was opened, and were marked therefore.
    pub before: String,
    /// Of those that some objects carry: to be taken off these.
    pub remove: String,
}

pub struct Assign {
    pub kind: Kind,
    pub objects: Vec<Uuid>,
    pub change: AssignTags,
}

impl From<&Tagged> for AssignForm {
    fn from(tagged: &Tagged) -> Self {
        let joined = |ids: Vec<String>| ids.join(",");
        let all = tagged.objects.len() as u64;
        let carried = tagged.tags.iter().filter(|(_, n)| u64::from(*n) == all);
        let before = joined(carried.map(|(tag, _)| tag.id.to_string()).collect());
        AssignForm {
            kind: tagged.kind.as_str().to_owned(),
            objects: joined(tagged.objects.iter().map(|(id, _)| id.to_string()).collect()),
            tags: before.clone(),
            before,
            remove: String::new(),
        }
    }
}

impl FormData for AssignForm {
    type Request = Assign;

    fn request(&self) -> Result<Assign, FieldErrors> {
        let mut r = Reader::default();
        let objects = r.several("objects", &self.objects);
        let [marked, before, remove] =
            [("tags", &self.tags), ("before", &self.before), ("remove", &self.remove)]
                .map(|(name, text)| r.several::<TagId>(name, text));
        let kind = self.kind.parse().unwrap_or_else(|()| {
            r.refuse("kind", "field-unknown-choice");
            Kind::Vm
        });
        let gone = before.iter().chain(&remove).filter(|tag| !marked.contains(tag)).copied().collect();
        let new = marked.iter().filter(|tag| !before.contains(tag)).copied().collect();
        r.end(Assign { kind, objects, change: AssignTags { add: new, remove: gone } })
    }
}
