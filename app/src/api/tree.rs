//! Reading the tree of the left pane, one level at a time.

use leptos::prelude::*;
use model::id::Kind;
use model::list::{TreeBranch, TreeNode};
use uuid::Uuid;

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "tree/children")]
pub async fn children(
    of: Kind,
    id: Uuid,
    folder: bool,
    #[server(default)] most: u32,
) -> Result<Vec<TreeNode>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::tree::children(&ctx, of, id, folder, most).await.map_err(super::ctx::told)
}

/// What is to be open for the object to be in sight.
#[server(prefix = "/fn", endpoint = "tree/way")]
pub async fn way(id: Uuid) -> Result<Vec<TreeBranch>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::tree::way(&ctx, id).await.map_err(super::ctx::told)
}
