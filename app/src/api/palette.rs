//! Looking objects up for the command palette.

use leptos::prelude::*;
use model::palette::Found;

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "palette")]
pub async fn find(text: String) -> Result<Vec<Found>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::palette::find(&ctx, &text).await.map_err(super::ctx::told)
}
