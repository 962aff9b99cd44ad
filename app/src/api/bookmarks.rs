//! Reading bookmarks.

use leptos::prelude::*;
use model::BookmarkId;
use model::bookmark::BookmarkRow;
use model::list::{ListQuery, Page};

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "bookmarks/list")]
pub async fn list(query: ListQuery) -> Result<Page<BookmarkRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::bookmarks::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "bookmarks/get")]
pub async fn get(id: BookmarkId) -> Result<BookmarkRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::bookmarks::get(&ctx, id).await.map_err(super::ctx::told)
}
