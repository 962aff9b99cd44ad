//! The tree of the left pane: one level at a time, only what the person may see.

use model::id::Kind;
use model::list::TreeNode;
use uuid::Uuid;

use crate::{Ctx, Outcome};

/// What is below a node: of an object its folders, of a folder its objects.
pub async fn children(ctx: &Ctx, of: Kind, id: Uuid, folder: bool) -> Outcome<Vec<TreeNode>> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    if folder {
        return Ok(store::tree::objects(&mut c, ctx.viewer(), of, id).await?);
    }
    Ok(store::tree::folders(&mut c, ctx.viewer(), of, id).await?)
}
