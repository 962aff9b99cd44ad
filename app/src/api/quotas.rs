//! Reading quotas.

use leptos::prelude::*;
use model::QuotaId;
use model::list::{ListQuery, Page};
use model::quota::{Consumer, QuotaRow};
use model::quota_request::{RequestRow, Requests};
use serde::{Deserialize, Serialize};

use super::choices::Named;
use super::error::ApiError;

/// What the dialog of a quota limits in each: clusters and storage domains, and the data centers that it may be made in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct QuotaPlaces {
    pub data_centers: Vec<Named>,
    pub clusters: Vec<Named>,
    pub domains: Vec<Named>,
}

#[server(prefix = "/fn", endpoint = "quotas/list")]
pub async fn list(query: ListQuery) -> Result<Page<QuotaRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::quotas::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "quotas/get")]
pub async fn get(id: QuotaId) -> Result<QuotaRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::quotas::get(&ctx, id).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "quotas/consumers")]
pub async fn consumers(id: QuotaId) -> Result<Vec<Consumer>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::quotas::consumers(&ctx, id).await.map_err(super::ctx::told)
}

/// What is asked of a quota, as far as it is this person's to see.
#[server(prefix = "/fn", endpoint = "quotas/requests")]
pub async fn requests_of(id: QuotaId) -> Result<Requests, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::quotas::requests::of(&ctx, id).await.map_err(super::ctx::told)
}

/// What this person has asked for, the newest first.
#[server(prefix = "/fn", endpoint = "quotas/own-requests")]
pub async fn own_requests() -> Result<Vec<RequestRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::quotas::requests::mine(&ctx).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "quotas/places")]
pub async fn places() -> Result<QuotaPlaces, ApiError> {
    let ctx = super::ctx::ctx()?;
    super::offers::places(&ctx).await.map_err(super::ctx::told)
}

/// The quotas that this person may put something into.
#[server(prefix = "/fn", endpoint = "quotas/usable")]
pub async fn usable() -> Result<Vec<Named>, ApiError> {
    let ctx = super::ctx::ctx()?;
    super::offers::quotas(&ctx).await.map_err(super::ctx::told)
}
