//! Reading templates.

use leptos::prelude::*;
use model::TemplateId;
use model::list::{ListQuery, Page};
use model::template::TemplateRow;

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "templates/list")]
pub async fn list(query: ListQuery) -> Result<Page<TemplateRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::templates::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "templates/get")]
pub async fn get(id: TemplateId) -> Result<TemplateRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::templates::get(&ctx, id).await.map_err(super::ctx::told)
}
