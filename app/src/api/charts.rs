//! Reading pictures of numbers. The server draws them whole, as HTML: a browser would only need the numbers to draw the
//! same, and the code for it.

use leptos::prelude::*;
use model::id::Kind;
use model::statistics::Span;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::ApiError;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Chart {
    Dashboard,
    /// How the use of an object went.
    Use(Kind, Uuid, Span),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Made by `crate::charts`, where names are text.
    pub html: String,
}

#[server(prefix = "/fn", endpoint = "charts/draw")]
pub async fn draw(of: Chart) -> Result<Drawn, ApiError> {
    let ctx = super::ctx::ctx()?;
    crate::charts::draw(&ctx, of).await.map_err(super::ctx::told)
}
