//! Reading disks.

use leptos::prelude::*;
use model::DiskId;
use model::disk::DiskRow;
use model::list::{ListQuery, Page};
use model::vm_disk::DiskOfVm;

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "disks/list")]
pub async fn list(query: ListQuery) -> Result<Page<DiskRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::disks::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "disks/get")]
pub async fn get(id: DiskId) -> Result<DiskRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::disks::get(&ctx, id).await.map_err(super::ctx::told)
}

/// With what its dialog must know.
#[server(prefix = "/fn", endpoint = "disks/editing")]
pub async fn editing(id: DiskId) -> Result<DiskOfVm, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::disks::details(&ctx, id).await.map_err(super::ctx::told)
}
