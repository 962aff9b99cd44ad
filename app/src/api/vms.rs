//! Reading virtual machines.

use leptos::prelude::*;
use model::VmId;
use model::list::{ListQuery, Page};
use model::vm::{VmDetails, VmRow};

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "vms/list")]
pub async fn list(query: ListQuery) -> Result<Page<VmRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::vms::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "vms/get")]
pub async fn get(id: VmId) -> Result<VmDetails, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::vms::get(&ctx, id).await.map_err(super::ctx::told)
}
