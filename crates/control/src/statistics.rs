//! How the use of one object went.

use model::Fault;
use model::id::Kind;
use model::statistics::{Bucket, Span};
use uuid::Uuid;

use crate::{Ctx, Outcome};

/// From old to new.
pub async fn history(ctx: &Ctx, (kind, object): (Kind, Uuid), span: Span) -> Outcome<Vec<Bucket>> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, kind, object).await?;
    // Everybody sees the name of System, but not how the whole does.
    let whole = object == model::SYSTEM && !ctx.who.all;
    if whole || store::objects::scope(&mut c, object).await?.is_empty() {
        return Err(Fault::NotFound { kind });
    }
    Ok(store::statistics::history(&mut c, object, span, ctx.app.now()).await?)
}
