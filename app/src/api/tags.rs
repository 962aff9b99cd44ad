//! Reading tags, and what objects carry.

use leptos::prelude::*;
use model::TagId;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::tag::{TagRow, Tagged};

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "tags/list")]
pub async fn list(query: ListQuery) -> Result<Page<TagRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::tags::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "tags/get")]
pub async fn get(id: TagId) -> Result<TagRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::tags::get(&ctx, id).await.map_err(super::ctx::told)
}

/// Ids of objects, with commas between: a list as an argument could not be empty.
#[server(prefix = "/fn", endpoint = "tags/carried")]
pub async fn carried(kind: Kind, objects: String) -> Result<Tagged, ApiError> {
    let ctx = super::ctx::ctx()?;
    let ids: Vec<uuid::Uuid> = objects.split(',').filter_map(|id| id.parse().ok()).collect();
    control::tags::tagged(&ctx, kind, &ids).await.map_err(super::ctx::told)
}
