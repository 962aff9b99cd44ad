//! The server's half of `start`.

use control::{Ctx, Outcome};
use model::Fault;
use model::id::Kind;
use model::list::{TREE_MOST, TreeBranch};
use uuid::Uuid;

use super::start::Start;

/// How many of the newest messages a page comes with.
const MESSAGES: u32 = 25;

/// `about` is the object that the page is about.
pub async fn start(ctx: &Ctx, about: Option<Uuid>) -> Outcome<Start> {
    let me = control::users::me(ctx).ok_or(Fault::SignedOut)?;
    Ok(Start {
        me,
        jobs: control::jobs::running(ctx).await?,
        events: control::events::newest(ctx, MESSAGES).await?,
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
