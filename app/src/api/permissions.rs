//! Reading permissions: of an object, of a person, with a role; and what can be given.

use leptos::prelude::*;
use model::id::Kind;
use model::permission::{Offer, Permissions};
use uuid::Uuid;

use super::error::ApiError;

/// Of an object; of a user what they hold, of a role who has it.
#[server(prefix = "/fn", endpoint = "permissions/of")]
pub async fn of(kind: Kind, id: Uuid) -> Result<Permissions, ApiError> {
    let ctx = super::ctx::ctx()?;
    let found = match kind {
        Kind::User => control::permissions::of_user(&ctx, id.into()).await,
        Kind::Role => control::permissions::of_role(&ctx, id.into()).await,
        _ => control::permissions::on(&ctx, kind, id).await,
    };
    found.map_err(super::ctx::told)
}

#[server(prefix = "/fn", endpoint = "permissions/offer")]
pub async fn offered(kind: Kind, id: Uuid) -> Result<Offer, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::permissions::offer(&ctx, kind, id).await.map_err(super::ctx::told)
}
