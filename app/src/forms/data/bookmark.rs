//! A bookmark, new or changed.

use model::FieldErrors;
use model::bookmark::{BookmarkConfig, BookmarkRow, EditBookmark};
use serde::{Deserialize, Serialize};

use crate::forms::FormData;
use crate::forms::parse::{Reader, boxed, on};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookmarkForm {
    /// Empty for a new one.
    pub version: String,
    pub name: String,
    pub search: String,
    pub shared: String,
}

impl From<&BookmarkRow> for BookmarkForm {
    fn from(row: &BookmarkRow) -> Self {
        BookmarkForm {
            version: row.version.to_string(),
            name: row.config.name.clone(),
            search: row.config.search.clone(),
            shared: boxed(row.config.shared),
        }
    }
}

impl BookmarkForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditBookmark, FieldErrors> {
        Ok(EditBookmark { version: self.version.parse().unwrap_or_default(), config: self.request()? })
    }
}

impl FormData for BookmarkForm {
    type Request = BookmarkConfig;

    fn request(&self) -> Result<BookmarkConfig, FieldErrors> {
        let mut r = Reader::default();
        let config = BookmarkConfig {
            name: self.name.trim().to_owned(),
            search: self.search.trim().to_owned(),
            shared: on(&self.shared),
        };
        r.and(config.errors());
        r.end(config)
    }
}
