//! Reading the tree of the left pane, one level at a time.

use leptos::prelude::*;
use model::id::Kind;
use model::list::TreeNode;
use uuid::Uuid;

use super::error::ApiError;

#[server(prefix = "/fn", endpoint = "tree/children")]
pub async fn children(of: Kind, id: Uuid, folder: bool) -> Result<Vec<TreeNode>, ApiError> {
    let ctx = super::ctx::ctx()?;
    control::tree::children(&ctx, of, id, folder).await.map_err(super::ctx::told)
}
