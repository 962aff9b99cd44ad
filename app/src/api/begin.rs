//! The server's half of `start`.

use control::{Ctx, Outcome};
use model::Fault;
use model::id::Kind;

use super::start::Start;

/// How many of the newest messages a page comes with.
const MESSAGES: u32 = 25;

pub async fn start(ctx: &Ctx) -> Outcome<Start> {
    let me = control::users::me(ctx).ok_or(Fault::SignedOut)?;
    Ok(Start {
        me,
        jobs: control::jobs::running(ctx).await?,
        events: control::events::newest(ctx, MESSAGES).await?,
        alerts: control::alerts::list(ctx).await?,
        tree: control::tree::children(ctx, Kind::DataCenter, model::SYSTEM, true).await?,
        build: None,
    })
}
