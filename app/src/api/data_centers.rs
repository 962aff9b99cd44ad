//! Reading data centers.

use leptos::prelude::*;
use model::DataCenterId;
use model::data_center::DataCenterRow;
use model::list::{ListQuery, Page};

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "data-centers/list")]
pub async fn list(query: ListQuery) -> Result<Page<DataCenterRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::data_centers::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "data-centers/get")]
pub async fn get(id: DataCenterId) -> Result<DataCenterRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::data_centers::get(&ctx, id).await.map_err(super::ctx::told)
}
