//! Reading virtual machines.

use leptos::prelude::*;
use model::VmId;
use model::lease::LeaseOffer;
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

/// What may be chosen as the end of one.
#[server(prefix = "/fn", endpoint = "vms/extendable")]
pub async fn extendable(id: VmId) -> Result<LeaseOffer, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::vms::extendable(&ctx, id).await.map_err(super::ctx::told)
}
