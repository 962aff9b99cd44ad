//! How somebody's sign-in stands, and what administrators do about it: opening a locked account.

use model::event::EventKind;
use model::id::Kind;
use model::session::Standing;
use model::{Action, Fault, UserId};

use crate::app::{Tx, commit};
use crate::{Ctx, Outcome, attempts, events};

const NOBODY: Fault = Fault::NotFound { kind: Kind::User };

/// How somebody's sign-in stands.
pub async fn standing(ctx: &Ctx, user: UserId) -> Outcome<Standing> {
    let mut tx = ctx.app.begin().await?;
    let (_, principal) = managed(ctx, &mut tx, user).await?;
    let account = attempts::account(&principal);
    let locked_until = store::attempts::locked(&mut tx, &account, ctx.app.now(), &attempts::RULE).await?;
    let second_factor = store::second_factor::get(&mut tx, user).await?.and_then(|f| f.confirmed_at);
    commit(tx).await?;
    Ok(Standing { locked_until, second_factor, sessions: crate::sessions::list(ctx, Some(user)).await? })
}

/// Forgets the wrong passwords of an account. One that is not locked stays as it is.
pub async fn unlock(ctx: &Ctx, user: UserId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let name = managed(ctx, &mut tx, user).await?;
    let (bare, principal) = &name;
    if store::attempts::forget(&mut tx, &attempts::account(principal)).await? {
        let about = vec![(Kind::User, user.0, bare.clone())];
        events::tell(&mut tx, ctx, EventKind::AccountUnlocked, &[], about).await?;
    }
    commit(tx).await
}

/// Lets an account be managed; gives its name, and that with its directory.
pub(crate) async fn managed(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Outcome<(String, String)> {
    ctx.may(tx, Kind::System, model::SYSTEM, Action::ManageUsers).await?;
    let (name, domain) = store::accounts::name(tx, user).await?.ok_or(NOBODY)?;
    let principal = format!("{name}@{domain}");
    Ok((name, principal))
}
