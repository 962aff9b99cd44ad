//! What the browser's completion cannot know by itself.

use leptos::prelude::*;

use super::error::ApiError;

/// Stands for tags where else an entity's word stands.
pub const TAGS: &str = "tags";

/// Names of objects of an entity, or of tags, that begin so.
#[server(prefix = "/fn", endpoint = "search/names")]
pub async fn names(of: String, begins: String) -> Result<Vec<String>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::search::names(&ctx, &of, &begins).await.map_err(super::ctx::told)
}
