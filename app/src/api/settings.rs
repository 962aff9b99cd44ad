//! What people set for themselves.

use leptos::prelude::*;
use model::id::Kind;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

/// A column that a list can show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnChoice {
    pub word: String,
    pub title: String,
    pub shown: bool,
}

/// All columns of a kind's list: those that this person sees in their order, then the others.
#[server(prefix = "/fn", endpoint = "settings/columns")]
pub async fn columns(kind: Kind) -> Result<Vec<ColumnChoice>, ApiError> {
    let ctx = super::ctx::ctx()?;
    let chosen = control::settings::columns(&ctx).await.map_err(super::ctx::told)?.remove(kind.as_str());
    let heads = crate::parts::list::heads_of(kind);
    let seen = crate::parts::list::numbers_of(&heads, chosen.as_ref());
    let others = (0..heads.len()).filter(|n| !seen.contains(n));
    let one = |n: usize| ColumnChoice {
        word: heads[n].word().to_owned(),
        title: model::text::t(heads[n].title),
        shown: seen.contains(&n),
    };
    Ok(seen.iter().copied().chain(others).map(one).collect())
}
