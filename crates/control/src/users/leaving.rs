//! Users and groups taken out of Drover, with all that they held; and a password set by the id of its user.

use model::directory::{Leaving, keeps_password, may_leave};
use model::event::EventKind;
use model::id::Kind;
use model::{Action, Fault, SYSTEM, UserId};
use store::members;

use crate::app::commit;
use crate::{Ctx, Outcome, events};

/// Takes out a user, or a group. Who is left must not be nobody.
pub async fn remove(ctx: &Ctx, id: UserId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::System, SYSTEM, Action::RemoveUser).await?;
    members::lock(&mut tx).await?;
    let row = store::users::LIST.one(&mut tx, id.0).await?.ok_or(Fault::NotFound { kind: Kind::User })?;
    let super_users_left = members::super_users(&mut tx, id.0).await?;
    may_leave(Leaving { oneself: ctx.who.id == Some(id), super_users_left })?;
    store::sessions::delete_others(&mut tx, id, None).await?;
    let held = members::remove(&mut tx, id.0).await?;
    let kind = if row.group { EventKind::GroupRemoved } else { EventKind::UserRemoved };
    let args = [("held", events::word(&held.to_string()))];
    events::tell(&mut tx, ctx, kind, &args, vec![(Kind::User, id.0, row.principal())]).await?;
    commit(tx).await
}

/// Sets the password of somebody whose password is kept here.
pub async fn reset(ctx: &Ctx, id: UserId, password: &str, must_change: bool) -> Outcome<()> {
    let row = super::get(ctx, id).await?;
    keeps_password(&row.domain)?;
    super::reset_password(ctx, &row.name, password, must_change).await
}
