//! Reading clusters.

use leptos::prelude::*;
use model::ClusterId;
use model::cluster::ClusterRow;
use model::list::{ListQuery, Page};

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "clusters/list")]
pub async fn list(query: ListQuery) -> Result<Page<ClusterRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::clusters::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "clusters/get")]
pub async fn get(id: ClusterId) -> Result<ClusterRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::clusters::get(&ctx, id).await.map_err(super::ctx::told)
}
