//! The tree of the left pane: one level at a time, only what the person may see.

use model::Fault;
use model::id::Kind;
use model::list::{TREE_MOST, TREE_STEP, TreeBranch, TreeNode};
use store::PgConnection;
use store::tree::{Spot, folders, objects, spot};
use uuid::Uuid;

use crate::{Ctx, Outcome};

/// What is below a node: of an object its folders, of a folder its first `most` objects.
pub async fn children(ctx: &Ctx, of: Kind, id: Uuid, folder: bool, most: u32) -> Outcome<Vec<TreeNode>> {
    ctx.has_changed_password()?;
    let most = most.clamp(TREE_STEP, TREE_MOST);
    below(ctx, &mut *ctx.app.conn().await?, (of, id, folder), most).await
}

/// What is to be open for an object to be in sight, from the outside; nothing for what has no place in the tree. In a
/// folder of very many it may still be among those that are not shown.
pub async fn way(ctx: &Ctx, id: Uuid) -> Outcome<Vec<TreeBranch>> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    let Some(spot) = spot(&mut c, id).await? else { return Ok(Vec::new()) };
    // What somebody does not see is not told from what is not there.
    match ctx.sees(&mut c, spot.kind, id).await {
        Err(Fault::NotFound { .. }) => return Ok(Vec::new()),
        seen => seen?,
    }
    let mut branches = Vec::new();
    for (kind, id, folder) in opened(&spot) {
        let nodes = below(ctx, &mut c, (kind, id, folder), TREE_STEP).await?;
        branches.push(TreeBranch { kind, id, folder, nodes });
    }
    Ok(branches)
}

async fn below(
    ctx: &Ctx,
    c: &mut PgConnection,
    (of, id, folder): (Kind, Uuid, bool),
    most: u32,
) -> Outcome<Vec<TreeNode>> {
    if folder {
        return Ok(objects(c, ctx.viewer(), of, id, most).await?);
    }
    Ok(folders(c, ctx.viewer(), of, id).await?)
}

fn opened(spot: &Spot) -> Vec<(Kind, Uuid, bool)> {
    let center = spot.data_center;
    let within_center = |kind| vec![(Kind::DataCenter, center, false), (kind, center, true)];
    match (spot.kind, spot.cluster) {
        (Kind::DataCenter, _) => Vec::new(),
        (kind, None) => within_center(kind),
        (kind, Some(cluster)) => {
            let mut all = within_center(Kind::Cluster);
            all.extend([(Kind::Cluster, cluster, false), (kind, cluster, true)]);
            all
        }
    }
}
