//! Reading one's own account, and for administrators how somebody signs in.

use leptos::prelude::*;
use model::UserId;
use model::session::{SecondFactorState, SessionRow, Standing};
use serde::{Deserialize, Serialize};

use super::error::ApiError;

/// One's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnAccount {
    pub second: SecondFactorState,
    /// The offered key, for a device to look at: SVG.
    pub picture: Option<String>,
    pub sessions: Vec<SessionRow>,
}

#[server(prefix = "/fn", endpoint = "account/own")]
pub async fn own() -> Result<OwnAccount, ApiError> {
    let ctx = super::ctx::ctx()?;
    let second = control::second_factor::state(&ctx).await.map_err(super::ctx::told)?;
    let sessions = control::sessions::list(&ctx, None).await.map_err(super::ctx::told)?;
    let picture = second.offer.as_ref().and_then(|offer| super::picture::of(&offer.address));
    Ok(OwnAccount { second, picture, sessions })
}

#[server(prefix = "/fn", endpoint = "account/standing")]
pub async fn of(user: UserId) -> Result<Standing, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::accounts::standing(&ctx, user).await.map_err(super::ctx::told)
}
