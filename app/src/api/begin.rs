//! The server's half of `start`.

use control::{Ctx, Outcome};
use model::Fault;
use model::id::Kind;
use model::list::{ListQuery, PAGE_SIZES, TREE_MOST, TreeBranch};
use uuid::Uuid;

use super::start::Start;

/// `about` is the object that the page is about.
pub async fn start(ctx: &Ctx, about: Option<Uuid>) -> Outcome<Start> {
    let me = control::users::me(ctx).ok_or(Fault::SignedOut)?;
    let newest = ListQuery { size: PAGE_SIZES[0], ..ListQuery::default() };
    Ok(Start {
        me,
        jobs: control::jobs::running(ctx).await?,
        events: control::events::list(ctx, &newest).await?.rows,
        alerts: control::alerts::list(ctx).await?,
        tree: control::tree::children(ctx, Kind::DataCenter, model::SYSTEM, true, TREE_MOST).await?,
        way: way(ctx, about).await,
        columns: control::settings::columns(ctx).await?,
        build: None,
    })
}

/// One that is not there, or not for this person, is the page's to say.
async fn way(ctx: &Ctx, about: Option<Uuid>) -> Vec<TreeBranch> {
    match about {
        Some(id) => control::tree::way(ctx, id).await.unwrap_or_default(),
        None => Vec::new(),
    }
}
