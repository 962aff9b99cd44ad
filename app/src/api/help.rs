//! Reading the help. It tells nothing of the estate, so everybody may.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HelpPage {
    /// The last word of its address.
    pub word: String,
    pub title: String,
    /// Made from our own Markdown.
    pub html: String,
    /// Word and title of every page.
    pub contents: Vec<(String, String)>,
}

/// None: there is no such page.
#[server(prefix = "/fn", endpoint = "help/page")]
pub async fn page(word: String) -> Result<Option<HelpPage>, ApiError> {
    Ok(super::manual::page(&word))
}
