//! Reading storage domains.

use leptos::prelude::*;
use model::StorageDomainId;
use model::list::{ListQuery, Page};
use model::storage_domain::{HostStorage, Medium, StorageRow};

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "storage-domains/list")]
pub async fn list(query: ListQuery) -> Result<Page<StorageRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::storage_domains::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "storage-domains/get")]
pub async fn get(id: StorageDomainId) -> Result<StorageRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::storage_domains::get(&ctx, id).await.map_err(super::ctx::told)
}

/// How each host sees it.
#[server(prefix = "/fn", endpoint = "storage-domains/hosts")]
pub async fn hosts(id: StorageDomainId) -> Result<Vec<HostStorage>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::storage_domains::hosts(&ctx, id).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "storage-domains/media")]
pub async fn media(id: StorageDomainId) -> Result<Vec<Medium>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::storage_domains::media(&ctx, id).await.map_err(super::ctx::told)
}
