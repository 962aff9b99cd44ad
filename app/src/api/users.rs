//! Reading users.

use leptos::prelude::*;
use model::UserId;
use model::list::{ListQuery, Page};
use model::user::UserRow;

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "users/list")]
pub async fn list(query: ListQuery) -> Result<Page<UserRow>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::users::page(&ctx, &query).await.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "users/get")]
pub async fn get(id: UserId) -> Result<UserRow, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::users::get(&ctx, id).await.map_err(super::ctx::told)
}
