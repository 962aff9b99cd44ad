//! The server's half of `start`.

use control::{Ctx, Outcome};
use model::Fault;
use model::id::Kind;
use model::list::{ListQuery, PAGE_SIZES};

use super::start::Start;

pub async fn start(ctx: &Ctx) -> Outcome<Start> {
    let me = control::users::me(ctx).ok_or(Fault::SignedOut)?;
    let newest = ListQuery { size: PAGE_SIZES[0], ..ListQuery::default() };
    Ok(Start {
        me,
        jobs: control::jobs::running(ctx).await?,
        events: control::events::list(ctx, &newest).await?.rows,
        tree: control::tree::children(ctx, Kind::DataCenter, model::SYSTEM, true).await?,
        columns: control::settings::columns(ctx).await?,
        build: None,
    })
}
