//! Looking into a directory, and adding users and groups of it: from then on they can be given roles, and sign in.

use directory::Session;
use model::directory::{Finding, Found};
use model::event::EventKind;
use model::id::Kind;
use model::{Action, DirectoryId, Fault, Refusal, SYSTEM, Text, UserId, field};
use store::{directories as table, members};

use super::profile;
use crate::app::{Tx, commit};
use crate::{Ctx, Outcome, events};

/// As many as are added at once.
const MOST: usize = 100;

/// Users and groups that a word fits.
pub async fn find(ctx: &Ctx, id: DirectoryId, text: &str) -> Outcome<Finding> {
    may(ctx).await?;
    field::line(text.trim(), 255).map_err(|text| Fault::field("find", text))?;
    let profile = profile(&ctx.app, id).await?;
    let found = directory::find(&profile, text).await;
    let (found, more) = found.map_err(|e| away(&profile.config.name, &e))?;
    let ids: Vec<String> = found.iter().map(|one| one.id.clone()).collect();
    let added = members::added(&mut *ctx.app.conn().await?, &profile.config.name, &ids).await?;
    Ok(Finding { found, added, more })
}

/// Adds those with these ids of the directory; who is here already stays.
pub async fn add(ctx: &Ctx, id: DirectoryId, ids: &[String]) -> Outcome<()> {
    may(ctx).await?;
    match ids.len() {
        0 => return Err(Fault::field("chosen", Text::new("field-required"))),
        n if n > MOST => return Err(Fault::field("chosen", Text::new("field-too-many").with("max", MOST))),
        _ => {}
    }
    let profile = profile(&ctx.app, id).await?;
    let name = &profile.config.name;
    let asked = async {
        let mut session = Session::open(&profile).await?;
        Ok::<_, directory::DirectoryError>(
            [session.those(ids, true).await?, session.those(ids, false).await?].concat(),
        )
    };
    let found = asked.await.map_err(|e| away(name, &e))?;
    if ids.iter().any(|id| !found.iter().any(|one| one.id == *id)) {
        return Err(Fault::field("chosen", Text::new("field-unknown-choice")));
    }
    let mut tx = ctx.app.begin().await?;
    if !table::lock(&mut tx, id).await? {
        return Err(Fault::NotFound { kind: Kind::Directory });
    }
    for one in &found {
        put(ctx, &mut tx, name, one).await?;
    }
    // Who of them is in which group is read next.
    table::read_soon(&mut tx, id).await?;
    commit(tx).await
}

pub(crate) async fn may(ctx: &Ctx) -> Outcome<()> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::System, SYSTEM, Action::AddFromDirectory).await
}

pub(crate) async fn put(ctx: &Ctx, tx: &mut Tx, domain: &str, found: &Found) -> Outcome<()> {
    let id = ctx.app.ids.uuid();
    if !members::add(tx, id, domain, found, ctx.app.now()).await? {
        let same = members::added(tx, domain, std::slice::from_ref(&found.id)).await?;
        if same.is_empty() {
            let refusal =
                Refusal::new("refusal-other-person").with("name", &found.name).with("directory", domain);
            return Err(refusal.into());
        }
        return Ok(());
    }
    let kind = if found.group { EventKind::GroupAdded } else { EventKind::UserAdded };
    let name = format!("{}@{domain}", found.name);
    events::tell(tx, ctx, kind, &[], vec![(Kind::User, UserId(id).0, name)]).await
}

/// What stands in the way, for those who can mend it.
fn away(name: &str, error: &directory::DirectoryError) -> Fault {
    Fault::Unavailable(
        Refusal::new("refusal-directory-away").with("directory", name).because(vec![error.text()]),
    )
}
