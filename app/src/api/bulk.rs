//! What a deed on many objects would do, and which objects a whole result has.

use leptos::prelude::*;
use model::bulk::Plan;
use model::id::Kind;
use model::list::ListQuery;
use uuid::Uuid;

use super::error::ApiError;

/// Ids of objects, with commas between: a list as an argument could not be empty.
#[server(prefix = "/fn", endpoint = "bulk/plan")]
pub async fn planned(kind: Kind, part: String, objects: String) -> Result<Plan, ApiError> {
    let ctx = super::ctx::ctx()?;
    let ids: Vec<Uuid> = objects.split(',').filter_map(|id| id.parse().ok()).collect();
    control::bulk::plan(&ctx, kind, &part, &ids).await.map_err(super::ctx::told)
}

/// The objects of the whole result, not of one page.
#[server(prefix = "/fn", endpoint = "bulk/ids")]
pub async fn ids(kind: Kind, query: ListQuery) -> Result<Vec<Uuid>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::bulk::ids(&ctx, kind, &query).await.map_err(super::ctx::told)
}
