//! Signing in with what a directory keeps. Who is let in was added, or is in a group that was; what they are in is read
//! anew each time, so that a right that was taken there is gone here.

use directory::Person;
use model::event::EventKind;
use model::{Fault, Refusal, UserId, field};
use store::{directories as table, members};
use uuid::Uuid;

use super::profile;
use crate::app::{App, Tx, commit};
use crate::attempts::{self, Attempt};
use crate::audit::Whence;
use crate::{Outcome, passwords};

pub(crate) async fn sign_in(
    app: &App,
    (name, domain): (&str, &str),
    password: &str,
    from: Whence<'_>,
) -> Outcome<UserId> {
    let nameable = !name.is_empty() && field::line(name, 255).is_ok() && field::name(domain, 255).is_ok();
    let known = match nameable {
        true => table::by_name(&mut *app.conn().await?, domain).await?,
        false => None,
    };
    let Some((id, _)) = known else {
        // As long as for one that is known; and what can be no name is not written down, it may be a password.
        passwords::verify(password, None).await?;
        let attempt = attempts::begin(app, "?", from).await?;
        return Err(wrong(app, &attempt, "?", from).await?);
    };
    let profile = profile(app, id).await?;
    let domain = profile.config.name.clone();
    let principal = format!("{name}@{domain}");
    let attempt = attempts::begin(app, &principal, from).await?;
    match directory::sign_in(&profile, name, password).await {
        Ok(Some(person)) => {
            let coming = Coming { domain: &domain, person: &person, everybody: false };
            let_in(app, coming, Some(&attempt), from).await
        }
        Ok(None) => Err(wrong(app, &attempt, &principal, from).await?),
        Err(error) => {
            // Nobody knows whether it was wrong.
            let mut tx = app.begin().await?;
            attempt.passed(&mut tx).await?;
            commit(tx).await?;
            tracing::warn!(directory = domain, %error, "nobody of this directory can sign in");
            Err(Fault::Unavailable(Refusal::new("refusal-directory-away").with("directory", domain)))
        }
    }
}

async fn wrong(app: &App, attempt: &Attempt, principal: &str, from: Whence<'_>) -> Outcome<Fault> {
    let mut tx = app.begin().await?;
    attempt.failed(&mut tx, app, principal, None, from).await?;
    commit(tx).await?;
    Ok(Fault::Forbidden(Refusal::new("refusal-sign-in")))
}

/// Somebody whom their directory vouches for.
#[derive(Clone, Copy)]
pub(crate) struct Coming<'a> {
    pub domain: &'a str,
    pub person: &'a Person,
    /// Whether who was not added gets in all the same.
    pub everybody: bool,
}

/// Whoever they are, it is them. `attempt` is the one that their password was, where it was tried here.
pub(crate) async fn let_in(
    app: &App,
    coming: Coming<'_>,
    attempt: Option<&Attempt>,
    from: Whence<'_>,
) -> Outcome<UserId> {
    let Coming { domain, person, everybody } = coming;
    let principal = format!("{}@{domain}", person.user.name);
    let mut tx = app.begin().await?;
    if let Some(attempt) = attempt {
        attempt.succeeded(&mut tx).await?;
    }
    let groups = added_groups(&mut tx, domain, person).await?;
    let known = members::user(&mut tx, domain, &person.user.id).await?;
    let user = match known {
        Some(user) => Some(user),
        None if groups.is_empty() && !everybody => None,
        None => newcomer(app, &mut tx, domain, person, from).await?,
    };
    let Some(user) = user else {
        attempts::tell(&mut tx, app, EventKind::SignInFailed, &principal, None, from).await?;
        commit(tx).await?;
        let refusal = Refusal::new("refusal-not-added").with("user", principal).with("directory", domain);
        return Err(Fault::Forbidden(refusal));
    };
    members::refresh(&mut tx, user, domain, &person.user).await?;
    members::put_into(&mut tx, user, &groups).await?;
    attempts::tell(&mut tx, app, EventKind::SignedIn, &principal, Some((user, &principal)), from).await?;
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
    from: Whence<'_>,
) -> Outcome<Option<UserId>> {
    let id = app.ids.uuid();
    if !members::add(tx, id, domain, &person.user, app.now()).await? {
        // In the same moment, or with the name of somebody who was here before.
        return Ok(members::user(tx, domain, &person.user.id).await?);
    }
    let principal = format!("{}@{domain}", person.user.name);
    attempts::tell(tx, app, EventKind::UserAdded, &principal, Some((UserId(id), &principal)), from).await?;
    Ok(Some(UserId(id)))
}
