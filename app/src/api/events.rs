//! Reading events.

use leptos::prelude::*;
use model::event::EventRow;
use model::list::{ListQuery, Page};
use uuid::Uuid;

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "events/list")]
pub async fn list(query: ListQuery) -> Result<Page<EventRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::events::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "events/get")]
pub async fn get(id: Uuid) -> Result<EventRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::events::get(&ctx, id).await.map_err(super::ctx::told)
}
