//! Reading jobs.

use leptos::prelude::*;
use model::JobId;
use model::job::{JobDetails, JobRow};
use model::list::{ListQuery, Page};

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "jobs/list")]
pub async fn list(query: ListQuery) -> Result<Page<JobRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::jobs::list(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "jobs/get")]
pub async fn get(id: JobId) -> Result<JobDetails, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::jobs::get(&ctx, id).await.map_err(super::ctx::told)
}

/// Those under way, for the tray.
#[server(prefix = "/fn", endpoint = "jobs/running")]
pub async fn running() -> Result<Vec<JobRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::jobs::running(&ctx).await.map_err(super::ctx::told)
}
