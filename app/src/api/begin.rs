//! The server's half of `start`.

use std::collections::BTreeMap;

use axum::http::Uri;
use control::{Ctx, Outcome};
use model::Fault;
use model::id::Kind;
use model::list::{TREE_MOST, TreeBranch};
use uuid::Uuid;

use super::start::Start;
use crate::paths;

/// What the page at this address begins with.
pub async fn start(ctx: &Ctx, uri: &Uri) -> Outcome<Start> {
    if paths::is_portal(uri.path()) { for_portal(ctx).await } else { of(ctx, about(uri)).await }
}

/// The VM portal's frame has no tree, no tray and no alerts, and reads its messages when somebody looks.
pub async fn for_portal(ctx: &Ctx) -> Outcome<Start> {
    Ok(Start {
        me: control::users::me(ctx).ok_or(Fault::SignedOut)?,
        jobs: Vec::new(),
        last: None,
        alerts: Vec::new(),
        tree: Vec::new(),
        way: Vec::new(),
        columns: BTreeMap::new(),
        portal: Some(control::portal::begun(ctx).await?),
        build: None,
    })
}

/// The object that the page at an address is about.
fn about(uri: &Uri) -> Option<Uuid> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let within =
        form_urlencoded::parse(query).find(|(name, _)| name == "within").map(|(_, id)| id.into_owned());
    paths::about(uri.path(), within.as_deref())
}

/// `about` is the object that the page is about.
pub async fn of(ctx: &Ctx, about: Option<Uuid>) -> Outcome<Start> {
    let me = control::users::me(ctx).ok_or(Fault::SignedOut)?;
    Ok(Start {
        me,
        jobs: control::jobs::running(ctx).await?,
        last: control::events::newest(ctx).await?,
        alerts: control::alerts::list(ctx).await?,
        tree: control::tree::children(ctx, Kind::DataCenter, model::SYSTEM, true, TREE_MOST).await?,
        way: way(ctx, about).await,
        columns: control::settings::columns(ctx).await?,
        portal: None,
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
