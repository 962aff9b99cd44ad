//! Operations on directories that are OpenID Connect providers: what is said of one, and which of its groups are known
//! here. Listing and removing them is as for all directories; signing in is `entering`. A provider is asked while no
//! transaction is open.

use model::directory::{Found, Means, StepOutcome};
use model::event::EventKind;
use model::id::Kind;
use model::provider::{EditProvider, ProviderConfig, group_names, keeps_secret};
use model::{Action, DirectoryId, Fault, SYSTEM, Text};
use openid::Profile;
use store::{PgConnection, providers as table};

use crate::app::{App, commit};
use crate::ctx::stale;
use crate::directories::{self, begin, locked, may_be_called, one, put, refused, tell};
use crate::{Ctx, Outcome};

mod entering;

pub use entering::{Answer, Setting, go, refuse, return_from};
pub use openid::Asked;

/// What the sign-in offers. Nobody has to be anybody to know it.
pub async fn offered(app: &App) -> Outcome<Vec<(DirectoryId, String)>> {
    Ok(table::offered(&mut *app.conn().await?).await?)
}

pub async fn create(ctx: &Ctx, config: &ProviderConfig, secret: Option<&str>) -> Outcome<DirectoryId> {
    let mut tx = begin(ctx, Action::CreateDirectory).await?;
    config.errors().into_result()?;
    let id = DirectoryId(ctx.app.ids.uuid());
    let secret = seal(&ctx.app, id, secret)?;
    let added = table::insert(&mut tx, id, config, secret, ctx.app.now()).await;
    added.map_err(|e| refused(e, &config.name))?;
    tell(&mut tx, ctx, EventKind::DirectoryAdded, id, &config.name).await?;
    commit(tx).await?;
    Ok(id)
}

/// The secret that there is goes on being used for the same client of the same provider only.
pub async fn edit(ctx: &Ctx, id: DirectoryId, edit: &EditProvider) -> Outcome<()> {
    let mut tx = begin(ctx, Action::EditDirectory).await?;
    locked(&mut tx, id).await?;
    edit.config.errors().into_result()?;
    let row = one(&mut tx, id).await?;
    let before = row.openid().ok_or(NONE)?;
    may_be_called(&row, &edit.config.name)?;
    let secret = seal(&ctx.app, id, edit.secret.as_deref())?;
    if row.has_password && secret.is_none() && !keeps_secret(before, &edit.config) {
        return Err(Fault::field("password", Text::new("field-client-secret-again")));
    }
    let updated = table::update(&mut tx, id, edit.version, &edit.config, secret).await;
    if !updated.map_err(|e| refused(e, &edit.config.name))? {
        return Err(stale(Kind::Directory, edit.version));
    }
    tell(&mut tx, ctx, EventKind::DirectoryUpdated, id, &edit.config.name).await?;
    commit(tx).await
}

/// Tries how far one comes with it before somebody signs in.
pub async fn test(ctx: &Ctx, config: &ProviderConfig) -> Outcome<Vec<StepOutcome>> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::System, SYSTEM, Action::TestDirectory).await?;
    drop(c);
    config.errors().into_result()?;
    Ok(openid::probe(config).await)
}

/// Adds groups by the names that the provider says: it cannot be asked which there are. Who is here already stays.
pub async fn add_groups(ctx: &Ctx, id: DirectoryId, names: &[String]) -> Outcome<()> {
    let mut tx = begin(ctx, Action::AddGroups).await?;
    locked(&mut tx, id).await?;
    let row = one(&mut tx, id).await?;
    row.openid().ok_or(NONE)?;
    group_names(names).map_err(|text| Fault::field("groups", text))?;
    for name in names {
        put(ctx, &mut tx, &row.name, &group(name)).await?;
    }
    commit(tx).await
}

const NONE: Fault = Fault::NotFound { kind: Kind::Directory };

/// A group's name is what the provider calls it for ever.
fn group(name: &str) -> Found {
    let (id, name, none) = (name.to_owned(), name.to_owned(), String::new);
    Found { group: true, id, name, dn: none(), full_name: none(), mail: none() }
}

/// Nothing is no secret.
fn seal(app: &App, id: DirectoryId, secret: Option<&str>) -> Outcome<Option<Vec<u8>>> {
    let secret = secret.filter(|secret| !secret.is_empty());
    secret.map(|s| app.secrets.seal(app.ids.as_ref(), &directories::about(id), s.as_bytes())).transpose()
}

/// One that the sign-in offers, as it is asked.
async fn profile(app: &App, c: &mut PgConnection, id: DirectoryId) -> Outcome<Profile> {
    let Means::OpenId(config) = one(c, id).await?.config else { return Err(NONE) };
    if !config.enabled {
        return Err(NONE);
    }
    let secret = directories::opened(app, id, table::secret(c, id).await?)?;
    Ok(Profile { config, secret })
}
