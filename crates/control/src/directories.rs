//! Operations on directories: which there are and how they are reached, who of them is added here, and signing in with
//! what somebody has there. A directory is asked while no transaction is open: one that is slow or away holds up those
//! who ask it, and nobody else.

use directory::Profile;
use model::directory::{DirectoryConfig, DirectoryRow, EditDirectory, Means, StepOutcome};
use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::{Action, DirectoryId, Fault, SYSTEM, Text};
use store::{PgConnection, StoreError, directories as table};

use crate::app::{App, Tx, commit, name_taken};
use crate::ctx::{in_use, stale};
use crate::{Ctx, Outcome, events};

mod adding;
mod entering;
pub mod reading;

pub(crate) use adding::put;
pub use adding::{add, find};
pub(crate) use entering::{Coming, let_in, sign_in};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<DirectoryRow>> {
    Ok(crate::tags::page(all(ctx).await?, query))
}

pub(crate) async fn all(ctx: &Ctx) -> Outcome<Vec<DirectoryRow>> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::System, SYSTEM, Action::EditDirectory).await?;
    Ok(table::list(&mut c, None).await?)
}

pub async fn get(ctx: &Ctx, id: DirectoryId) -> Outcome<DirectoryRow> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::System, SYSTEM, Action::EditDirectory).await?;
    one(&mut c, id).await
}

pub(crate) async fn one(c: &mut PgConnection, id: DirectoryId) -> Outcome<DirectoryRow> {
    table::list(c, Some(id)).await?.pop().ok_or(Fault::NotFound { kind: Kind::Directory })
}

/// What somebody may choose from who signs in. Nobody has to be anybody to know it.
pub async fn names(app: &App) -> Outcome<Vec<String>> {
    Ok(table::names(&mut *app.conn().await?).await?)
}

/// Those that somebody may add users from, with their names.
pub async fn choices(ctx: &Ctx) -> Outcome<Vec<(DirectoryId, String)>> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::System, SYSTEM, Action::AddFromDirectory).await?;
    let all = table::list(&mut c, None).await?.into_iter();
    Ok(all.filter(|d| d.ldap().is_some()).map(|d| (d.id, d.name)).collect())
}

pub async fn create(ctx: &Ctx, config: &DirectoryConfig, password: Option<&str>) -> Outcome<DirectoryId> {
    let mut tx = begin(ctx, Action::CreateDirectory).await?;
    config.errors().into_result()?;
    let id = DirectoryId(ctx.app.ids.uuid());
    let secret = seal(&ctx.app, id, config, password)?;
    let added = table::insert(&mut tx, id, config, secret, ctx.app.now()).await;
    added.map_err(|e| refused(e, &config.name))?;
    tell(&mut tx, ctx, EventKind::DirectoryAdded, id, &config.name).await?;
    commit(tx).await?;
    Ok(id)
}

pub async fn edit(ctx: &Ctx, id: DirectoryId, edit: &EditDirectory) -> Outcome<()> {
    let mut tx = begin(ctx, Action::EditDirectory).await?;
    locked(&mut tx, id).await?;
    edit.config.errors().into_result()?;
    let row = one(&mut tx, id).await?;
    ldap(&row)?;
    may_be_called(&row, &edit.config.name)?;
    let secret = seal(&ctx.app, id, &edit.config, edit.password.as_deref())?;
    let updated = table::update(&mut tx, id, edit.version, &edit.config, secret).await;
    if !updated.map_err(|e| refused(e, &edit.config.name))? {
        return Err(stale(Kind::Directory, edit.version));
    }
    tell(&mut tx, ctx, EventKind::DirectoryUpdated, id, &edit.config.name).await?;
    commit(tx).await
}

/// Users and groups are known by the name of their directory.
pub(crate) fn may_be_called(row: &DirectoryRow, name: &str) -> Outcome<()> {
    if row.name != name && row.users + row.groups > 0 {
        return Err(Fault::field("name", Text::new("field-directory-name-used")));
    }
    Ok(())
}

/// Not as long as somebody of it is here: they would be left without a way in, and keep what they hold.
pub async fn remove(ctx: &Ctx, id: DirectoryId) -> Outcome<()> {
    let mut tx = begin(ctx, Action::RemoveDirectory).await?;
    locked(&mut tx, id).await?;
    let row = one(&mut tx, id).await?;
    let users = |key: &str, n: u32| (n > 0).then(|| Text::new(key).with("n", n));
    let used: Vec<Text> =
        users("in-use-users", row.users).into_iter().chain(users("in-use-groups", row.groups)).collect();
    if !used.is_empty() {
        return Err(in_use(&row.name, used));
    }
    table::remove(&mut tx, id).await?;
    tell(&mut tx, ctx, EventKind::DirectoryRemoved, id, &row.name).await?;
    commit(tx).await
}

/// Tries how far one comes with it. Of one that is there, no password stands for the one that it has.
pub async fn test(
    ctx: &Ctx,
    id: Option<DirectoryId>,
    config: &DirectoryConfig,
    password: Option<&str>,
) -> Outcome<Vec<StepOutcome>> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::System, SYSTEM, Action::TestDirectory).await?;
    config.errors().into_result()?;
    let password = match (id, password) {
        (_, Some(password)) => password.to_owned(),
        (Some(id), None) => {
            ldap(&one(&mut c, id).await?)?;
            unsealed(&ctx.app, id, table::secret(&mut c, id).await?)?
        }
        (None, None) => String::new(),
    };
    drop(c);
    Ok(directory::probe(&Profile { config: config.clone(), password }).await)
}

pub(crate) async fn begin(ctx: &Ctx, action: Action) -> Outcome<Tx> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::System, SYSTEM, action).await?;
    Ok(tx)
}

pub(crate) async fn locked(tx: &mut Tx, id: DirectoryId) -> Outcome<()> {
    if table::lock(tx, id).await? { Ok(()) } else { Err(Fault::NotFound { kind: Kind::Directory }) }
}

pub(crate) async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventKind,
    id: DirectoryId,
    name: &str,
) -> Outcome<()> {
    events::tell(tx, ctx, kind, &[], vec![(Kind::Directory, id.0, name.to_owned())]).await
}

pub(crate) fn refused(error: StoreError, name: &str) -> Fault {
    name_taken(error, Kind::Directory, name)
}

/// Nobody's password is none.
fn seal(
    app: &App,
    id: DirectoryId,
    config: &DirectoryConfig,
    password: Option<&str>,
) -> Outcome<Option<Vec<u8>>> {
    let password = password.filter(|p| !p.is_empty() && !config.bind_dn.is_empty());
    password.map(|p| app.secrets.seal(app.ids.as_ref(), &about(id), p.as_bytes())).transpose()
}

/// Whose secret it is.
pub(crate) fn about(id: DirectoryId) -> String {
    format!("directory {id}")
}

fn unsealed(app: &App, id: DirectoryId, secret: Option<Vec<u8>>) -> Outcome<String> {
    Ok(opened(app, id, secret)?.unwrap_or_default())
}

pub(crate) fn opened(app: &App, id: DirectoryId, secret: Option<Vec<u8>>) -> Outcome<Option<String>> {
    let opened = secret.map(|sealed| app.secrets.open(&about(id), &sealed)).transpose();
    // The key file is another's, as after a restore without it: the password has to be given again.
    let opened = opened.map_err(|_| Fault::refused("refusal-directory-key"))?;
    Ok(opened.map(|plain| String::from_utf8_lossy(&plain).into_owned()))
}

/// One that is asked with names and passwords: of another, nothing here is known.
fn ldap(row: &DirectoryRow) -> Outcome<&DirectoryConfig> {
    row.ldap().ok_or(Fault::NotFound { kind: Kind::Directory })
}

/// A directory as it is asked, with its name as users have it.
async fn profile(app: &App, id: DirectoryId) -> Outcome<Profile> {
    let mut c = app.conn().await?;
    let row = one(&mut c, id).await?;
    let Means::Ldap(config) = row.config else { return Err(Fault::NotFound { kind: Kind::Directory }) };
    let secret = table::secret(&mut c, id).await?;
    Ok(Profile { config, password: unsealed(app, id, secret)? })
}
