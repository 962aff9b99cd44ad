//! Reading networks.

use leptos::prelude::*;
use model::NetworkId;
use model::list::{ListQuery, Page};
use model::network::NetworkRow;

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "networks/list")]
pub async fn list(query: ListQuery) -> Result<Page<NetworkRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::networks::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "networks/get")]
pub async fn get(id: NetworkId) -> Result<NetworkRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::networks::get(&ctx, id).await.map_err(super::ctx::told)
}
