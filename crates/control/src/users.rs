//! People: signing in, passwords, permissions. Passwords are those of the internal directory; others keep their own. Sign-in attempts are limited by the
//! server's transport before they come here; here every outcome becomes an event.

use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::permission::Principal;
use model::user::{Me, UserRow};
use model::{Action, Fault, Refusal, Text, UserId};
use store::PgConnection;
use uuid::Uuid;

use crate::app::{App, commit, name_taken};
use crate::audit::Whence;
use crate::{Ctx, Outcome, attempts, directories, events, passwords, permissions, second_factor};

mod leaving;

pub use leaving::{remove, reset};

/// Checks a name and a password. Behind an `@` in the name stands its directory; without one it is the internal one. The
/// answer never tells which was wrong.
/// `correlation` is of the request, which has no `Ctx` yet. Whoever has a second factor is not in yet
/// (`second_factor::sign_in`).
pub async fn sign_in(
    app: &App,
    name: &str,
    password: &str,
    (address, correlation): (&str, &str),
) -> Outcome<UserId> {
    let (bare, domain) = model::directory::principal(name);
    let whence = Whence { address, correlation };
    if domain != model::user::INTERNAL {
        return directories::sign_in(app, (bare, domain), password, whence).await;
    }
    // What can be no name is not looked up, nor written down: it may be a password, or a megabyte.
    let known = model::field::name(bare, 255).is_ok();
    let account = match known {
        true => store::users::account(&mut *app.conn().await?, bare).await?,
        false => None,
    };
    let principal = format!("{}@internal", if known { bare } else { "?" });
    let attempt = attempts::begin(app, &principal, whence).await?;
    let hash = account.as_ref().and_then(|a| a.password_hash.clone());
    let fits = passwords::verify(password, hash).await?;
    let mut tx = app.begin().await?;
    let about = account.as_ref().map(|a| (a.id, a.name.as_str()));
    let Some((id, _)) = about.filter(|_| fits) else {
        attempt.failed(&mut tx, app, &principal, about, whence).await?;
        commit(tx).await?;
        return Err(Fault::Forbidden(Refusal::new("refusal-sign-in")));
    };
    if second_factor::asked_of(&mut tx, id).await? {
        attempt.passed(&mut tx).await?;
    } else {
        attempt.succeeded(&mut tx).await?;
        attempts::tell(&mut tx, app, EventKind::SignedIn, &principal, about, whence).await?;
    }
    commit(tx).await?;
    Ok(id)
}

/// Notes that somebody left. The session itself is the server's.
pub async fn sign_out(ctx: &Ctx) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    events::tell(&mut tx, ctx, EventKind::SignedOut, &[], vec![]).await?;
    commit(tx).await
}

pub fn me(ctx: &Ctx) -> Option<Me> {
    ctx.who.id.map(|id| Me {
        id,
        principal: ctx.who.principal.clone(),
        must_change_password: ctx.who.must_change_password,
        administrator: ctx.who.administrator,
    })
}

/// Changes one's own password; all other sessions of that person end.
pub async fn change_password(ctx: &Ctx, current: &str, new: &str) -> Outcome<()> {
    let user = ctx.who.id.ok_or(Fault::SignedOut)?;
    let (name, domain) = model::directory::principal(&ctx.who.principal);
    model::directory::keeps_password(domain)?;
    let name = name.to_owned();
    if !attempts::own_password(ctx, current).await? {
        return Err(Fault::field("current", Text::new("password-wrong")));
    }
    if current == new {
        return Err(Fault::field("new", Text::new("password-same")));
    }
    model::user::password(new, &name).map_err(|text| Fault::field("new", text))?;
    let hash = passwords::hash(new, ctx.app.ids.as_ref()).await?;
    let mut tx = ctx.app.begin().await?;
    store::users::set_password(&mut tx, user, &hash, false).await?;
    store::sessions::delete_others(&mut tx, user, ctx.session.as_deref()).await?;
    events::tell(&mut tx, ctx, EventKind::PasswordChanged, &[], vec![(Kind::User, user.0, name)]).await?;
    commit(tx).await
}

/// Adds a user of the internal directory.
pub async fn add(ctx: &Ctx, name: &str, password: &str, must_change: bool) -> Outcome<UserId> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::System, model::SYSTEM, Action::ManageUsers).await?;
    model::field::name(name, 255).map_err(|text| Fault::field("name", text))?;
    model::user::password(password, name).map_err(|text| Fault::field("password", text))?;
    let hash = passwords::hash(password, ctx.app.ids.as_ref()).await?;
    let id = UserId(ctx.app.ids.uuid());
    let added = store::users::insert(&mut tx, id, name, &hash, must_change, ctx.app.now()).await;
    added.map_err(|e| name_taken(e, Kind::User, name))?;
    events::tell(&mut tx, ctx, EventKind::UserAdded, &[], vec![(Kind::User, id.0, name.to_owned())]).await?;
    commit(tx).await?;
    Ok(id)
}

/// Sets somebody else's password; all their sessions end.
pub async fn reset_password(ctx: &Ctx, name: &str, password: &str, must_change: bool) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::System, model::SYSTEM, Action::ManageUsers).await?;
    let account = store::users::account(&mut tx, name).await?.ok_or(Fault::NotFound { kind: Kind::User })?;
    model::user::password(password, name).map_err(|text| Fault::field("password", text))?;
    let hash = passwords::hash(password, ctx.app.ids.as_ref()).await?;
    store::users::set_password(&mut tx, account.id, &hash, must_change).await?;
    store::sessions::delete_others(&mut tx, account.id, None).await?;
    events::tell(
        &mut tx,
        ctx,
        EventKind::PasswordChanged,
        &[],
        vec![(Kind::User, account.id.0, name.to_owned())],
    )
    .await?;
    commit(tx).await
}

/// Whom a name means: with its directory a user or a group, alone a user of the internal one.
async fn named(c: &mut PgConnection, name: &str) -> Outcome<Principal> {
    let nobody = Fault::NotFound { kind: Kind::User };
    if model::field::line(name, 512).is_err() {
        return Err(nobody);
    }
    let whole = model::directory::whole_name(name);
    let mut found = store::permissions::named(c, &whole).await?;
    if found.len() > 1 {
        let text = Text::new("principal-ambiguous").with("name", whole);
        let names: Vec<String> = found.into_iter().map(|one| one.name).collect();
        return Err(Fault::field("name", text.with("names", names.join(", "))));
    }
    found.pop().ok_or(nobody)
}

/// Gives a user, or a group, a role on an object, all by their names.
pub async fn grant(
    ctx: &Ctx,
    user: &str,
    role: &str,
    kind: Kind,
    object: Uuid,
    object_name: &str,
) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let giver = permissions::manages(ctx, &mut tx, (kind, object), Action::GrantPermission).await?;
    let principal = named(&mut tx, user).await?;
    let unknown = || Fault::field("role", Text::new("field-unknown-choice"));
    model::field::title(role, 255).map_err(|_| unknown())?;
    let role = store::roles::by_name(&mut tx, role).await?.ok_or_else(unknown)?;
    permissions::give(ctx, &mut tx, &giver, (kind, object, object_name), (&principal, role, None)).await?;
    commit(tx).await
}

pub async fn list(ctx: &Ctx) -> Outcome<Vec<UserRow>> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::System, model::SYSTEM, Action::ManageUsers).await?;
    Ok(store::users::list(&mut c).await?)
}

/// A page of them, wherever in the tree one looks from: users have no place in it.
pub async fn page(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<UserRow>> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::System, model::SYSTEM, Action::ManageUsers).await?;
    let viewer = store::Viewer { all: true, ..ctx.viewer() };
    Ok(store::users::LIST.page(&mut c, viewer, &ListQuery { within: None, ..query.clone() }).await?)
}

pub async fn get(ctx: &Ctx, id: UserId) -> Outcome<UserRow> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::System, model::SYSTEM, Action::ManageUsers).await?;
    store::users::LIST.one(&mut c, id.0).await?.ok_or(Fault::NotFound { kind: Kind::User })
}

/// The first administrator, made when there is nobody. Gives whether it was.
pub async fn ensure_administrator(app: &App, password: &str) -> Outcome<bool> {
    let ctx = Ctx::system(app, "first-start");
    let mut c = app.conn().await?;
    store::roles::seed(&mut c).await?;
    if !store::users::list(&mut c).await?.is_empty() {
        return Ok(false);
    }
    drop(c);
    add(&ctx, "admin", password, true).await?;
    grant(&ctx, "admin", model::policy::SUPER_USER.name, Kind::System, model::SYSTEM, "System").await?;
    Ok(true)
}
