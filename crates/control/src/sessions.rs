//! Sessions as people see them: one's own, and for administrators anybody's. Ending one ends its pages, its live
//! stream and its consoles at once.

use model::event::EventKind;
use model::id::Kind;
use model::session::SessionRow;
use model::{Action, Fault, Refusal, UserId};
use uuid::Uuid;

use crate::app::commit;
use crate::{Ctx, Outcome, events};

/// The sessions of `user`, or one's own, the newest first.
pub async fn list(ctx: &Ctx, user: Option<UserId>) -> Outcome<Vec<SessionRow>> {
    ctx.has_changed_password()?;
    let own = ctx.who.id.ok_or(Fault::SignedOut)?;
    let mut c = ctx.app.conn().await?;
    let user = user.unwrap_or(own);
    if user != own {
        ctx.may(&mut c, Kind::System, model::SYSTEM, Action::ManageUsers).await?;
    }
    let found = store::sessions::of_user(&mut c, user, ctx.app.now()).await?;
    let row = |s: store::sessions::Shown| SessionRow {
        key: s.key,
        this: ctx.session.as_deref() == Some(s.id.as_str()),
        address: s.address,
        browser: model::session::browser(&s.agent),
        begun: s.created_at,
        seen: s.last_seen,
    };
    Ok(found.into_iter().map(row).collect())
}

/// Ends a session: one's own, or anybody's for those who manage users.
pub async fn end(ctx: &Ctx, key: Uuid) -> Outcome<()> {
    ctx.has_changed_password()?;
    let mut tx = ctx.app.begin().await?;
    let owner = store::sessions::owner(&mut tx, key).await?;
    if owner.is_none() || owner != ctx.who.id {
        ctx.may(&mut tx, Kind::System, model::SYSTEM, Action::ManageUsers).await?;
    }
    let ended = || Fault::Refused(Refusal::new("refusal-session-ended"));
    let owner = owner.ok_or_else(ended)?;
    if !store::sessions::end(&mut tx, key).await? {
        return Err(ended());
    }
    let name = store::accounts::name(&mut tx, owner).await?.map(|(name, _)| name).unwrap_or_default();
    let about = vec![(Kind::User, owner.0, name)];
    events::tell(&mut tx, ctx, EventKind::SessionTerminated, &[], about).await?;
    commit(tx).await
}
