//! Signing in with what a directory keeps. Who is let in was added, or is in a group that was; what they are in is read
//! anew each time, so that a right that was taken there is gone here.

use directory::{Person, Profile};
use model::event::EventKind;
use model::id::Kind;
use model::{Fault, Refusal, Text, UserId, field};
use store::events::NewEvent;
use store::{directories as table, members};
use uuid::Uuid;

use super::profile;
use crate::app::{App, Tx, commit};
use crate::{Outcome, events, passwords};

/// Where somebody asks from, and the request in which.
type From<'a> = (&'a str, &'a str);

pub(crate) async fn sign_in(
    app: &App,
    (name, domain): (&str, &str),
    password: &str,
    from: From<'_>,
) -> Outcome<UserId> {
    let nameable = !name.is_empty() && field::line(name, 255).is_ok() && field::name(domain, 255).is_ok();
    let known = match nameable {
        true => table::by_name(&mut *app.conn().await?, domain).await?,
        false => None,
    };
    let Some((id, _)) = known else {
        // As long as for one that is known; and what can be no name is not written down, it may be a password.
        passwords::verify(password, None).await?;
        return Err(wrong(app, "?", from).await?);
    };
    let profile = profile(app, id).await?;
    let domain = profile.config.name.clone();
    match directory::sign_in(&profile, name, password).await {
        Ok(Some(person)) => enter(app, &profile, person, from).await,
        Ok(None) => Err(wrong(app, &format!("{name}@{domain}"), from).await?),
        Err(error) => {
            tracing::warn!(directory = domain, %error, "nobody of this directory can sign in");
            Err(Fault::Unavailable(Refusal::new("refusal-directory-away").with("directory", domain)))
        }
    }
}

async fn wrong(app: &App, principal: &str, from: From<'_>) -> Outcome<Fault> {
    let mut tx = app.begin().await?;
    note(&mut tx, app, EventKind::SignInFailed, principal, from, None).await?;
    commit(tx).await?;
    Ok(Fault::Forbidden(Refusal::new("refusal-sign-in")))
}

/// The password was theirs.
async fn enter(app: &App, profile: &Profile, person: Person, from: From<'_>) -> Outcome<UserId> {
    let domain = profile.config.name.as_str();
    let principal = format!("{}@{domain}", person.user.name);
    let mut tx = app.begin().await?;
    let groups = added_groups(&mut tx, domain, &person).await?;
    let known = members::user(&mut tx, domain, &person.user.id).await?;
    let user = match known {
        Some(user) => Some(user),
        None if groups.is_empty() => None,
        None => newcomer(app, &mut tx, domain, &person, from).await?,
    };
    let Some(user) = user else {
        note(&mut tx, app, EventKind::SignInFailed, &principal, from, None).await?;
        commit(tx).await?;
        let refusal = Refusal::new("refusal-not-added").with("user", principal).with("directory", domain);
        return Err(Fault::Forbidden(refusal));
    };
    members::refresh(&mut tx, user, domain, &person.user).await?;
    members::put_into(&mut tx, user, &groups).await?;
    note(&mut tx, app, EventKind::SignedIn, &principal, from, Some(user)).await?;
    commit(tx).await?;
    Ok(user)
}

/// Those of a person's groups that were added here.
pub(super) async fn added_groups(tx: &mut Tx, domain: &str, person: &Person) -> Outcome<Vec<Uuid>> {
    let added = members::groups(tx, domain).await?;
    let theirs = |id: &str| person.groups.iter().any(|group| group.id == id);
    Ok(added.into_iter().filter(|group| theirs(&group.external_id)).map(|group| group.id).collect())
}

/// Somebody of an added group, for the first time here. None when another has their name.
async fn newcomer(
    app: &App,
    tx: &mut Tx,
    domain: &str,
    person: &Person,
    from: From<'_>,
) -> Outcome<Option<UserId>> {
    let id = app.ids.uuid();
    if !members::add(tx, id, domain, &person.user, app.now()).await? {
        // In the same moment, or with the name of somebody who was here before.
        return Ok(members::user(tx, domain, &person.user.id).await?);
    }
    let principal = format!("{}@{domain}", person.user.name);
    note(tx, app, EventKind::UserAdded, &principal, from, Some(UserId(id))).await?;
    Ok(Some(UserId(id)))
}

async fn note(
    tx: &mut Tx,
    app: &App,
    kind: EventKind,
    principal: &str,
    (address, correlation): From<'_>,
    user: Option<UserId>,
) -> Outcome<()> {
    let text = Text::new(kind.key())
        .with("user", principal)
        .with("name", principal)
        .with("reason", "")
        .with("address", address);
    let event = NewEvent {
        kind,
        text,
        user: user.map(|id| (id.0, principal)),
        correlation: Some(correlation),
        job: None,
        objects: user.map(|id| (Kind::User, id.0, principal.to_owned())).into_iter().collect(),
    };
    events::write(tx, app.now(), &event).await
}
