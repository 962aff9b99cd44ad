//! Bookmarks: searches that somebody keeps for themselves or for everybody.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::{BookmarkId, FieldErrors, Text, field};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BookmarkConfig {
    pub name: String,
    /// The whole search, with what it searches: `Vms: name = web*`.
    pub search: String,
    /// Everybody's; otherwise its maker's alone.
    pub shared: bool,
}

impl BookmarkConfig {
    /// What can be said without knowing the language.
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::title(&self.name, 40));
        if self.search.is_empty() {
            e.add("search", Text::new("field-required"));
        }
        e.check("search", field::line(&self.search, 1000));
        e
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditBookmark {
    pub version: i64,
    pub config: BookmarkConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BookmarkRow {
    pub id: BookmarkId,
    pub version: i64,
    pub config: BookmarkConfig,
    /// The list that it searches, and the search without the word for that; or why it is none any more.
    pub leads: Result<(Kind, String), Text>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_bookmark() {
        let long = "x".repeat(1001);
        for (name, search, wrong) in [
            ("Web servers", "Vms: name = web*", ""),
            ("", "Vms:", "name"),
            ("a/b", "Vms:", "name"),
            ("a", "", "search"),
            ("a", "Vms:\nname = a", "search"),
            ("a", &long, "search"),
        ] {
            let bookmark = BookmarkConfig { name: name.into(), search: search.into(), shared: false };
            let fields: Vec<_> = bookmark.errors().0.into_iter().map(|(field, _)| field).collect();
            assert_eq!(fields.join(","), wrong, "{name:?} {search:.9?}");
        }
    }
}
