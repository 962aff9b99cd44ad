//! Reading hosts.

use leptos::prelude::*;
use model::HostId;
use model::host::{HostDetails, HostRow};
use model::list::{ListQuery, Page};

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "hosts/list")]
pub async fn list(query: ListQuery) -> Result<Page<HostRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::hosts::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "hosts/get")]
pub async fn get(id: HostId) -> Result<HostDetails, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::hosts::get(&ctx, id).await.map_err(super::ctx::told)
}
