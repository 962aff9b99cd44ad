//! Signing in at a provider. Somebody is sent there with what only their browser may come back with; whom the provider
//! vouches for is let in as from any directory. What went wrong is told, with why, and without who: nobody is known yet.

use directory::Person;
use model::directory::Found;
use model::event::EventKind;
use model::id::Kind;
use model::{DirectoryId, Fault, Refusal, Text, UserId};
use openid::{Asked, OpenIdError, Profile, Returned};
use serde::{Deserialize, Serialize};
use store::audit::Outcome as Ended;
use store::events::NewEvent;

use super::{group, profile};
use crate::app::{App, commit};
use crate::audit::{self, Whence};
use crate::directories::{Coming, let_in};
use crate::{Outcome, events, secrets};

/// What was asked of a provider for one sign-in, to be kept with the browser that asked, and used once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setting {
    pub provider: DirectoryId,
    pub asked: Asked,
}

/// What somebody came back with, as it stands in the address.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answer<'a> {
    pub code: &'a str,
    /// Why there is no code.
    pub error: &'a str,
    pub issuer: Option<&'a str>,
}

/// Where somebody goes to sign in, and what is to be kept until they come back to `redirect`.
pub async fn go(
    app: &App,
    id: DirectoryId,
    redirect: String,
    from: Whence<'_>,
) -> Outcome<(String, Setting)> {
    let profile = profile(app, &mut *app.conn().await?, id).await?;
    let asked = Asked { state: word(app), nonce: word(app), verifier: word(app), redirect };
    match openid::begin(&profile, &asked).await {
        Ok(address) => Ok((address, Setting { provider: id, asked })),
        Err(error) => Err(failed(app, id, &profile, &error, from).await?),
    }
}

/// Lets in who came back.
pub async fn return_from(
    app: &App,
    setting: &Setting,
    answer: Answer<'_>,
    from: Whence<'_>,
) -> Outcome<UserId> {
    let (id, asked) = (setting.provider, &setting.asked);
    let profile = profile(app, &mut *app.conn().await?, id).await?;
    let name = profile.config.name.as_str();
    if answer.code.is_empty() {
        let why = Text::new("plain").with("text", shown(answer.error));
        refuse(app, Some((id, name)), why, from).await?;
        let key =
            if answer.error == "access_denied" { "refusal-openid-denied" } else { "refusal-openid-error" };
        let refusal = Refusal::new(key).with("directory", name).with("error", shown(answer.error));
        return Err(Fault::Forbidden(refusal));
    }
    let returned = Returned { code: answer.code, issuer: answer.issuer, now: app.now() };
    match openid::finish(&profile, asked, returned).await {
        Ok(person) => {
            let person = known(person);
            let coming = Coming { domain: name, person: &person, everybody: profile.config.everybody };
            let_in(app, coming, None, from).await
        }
        Err(error) => Err(failed(app, id, &profile, &error, from).await?),
    }
}

/// Tells that somebody was not let in, and why.
pub async fn refuse(app: &App, at: Option<(DirectoryId, &str)>, why: Text, from: Whence<'_>) -> Outcome<()> {
    let kind = EventKind::OpenIdSignInFailed;
    let name = at.map_or("OpenID Connect", |(_, name)| name);
    let text = Text::new(kind.key()).with("name", name).with("address", from.address).with("why", why);
    let objects = at.map(|(id, name)| (Kind::Directory, id.0, name.to_owned())).into_iter().collect();
    let event = NewEvent { kind, text, user: None, correlation: Some(from.correlation), job: None, objects };
    let mut tx = app.begin().await?;
    events::write(&mut tx, app.now(), &event).await?;
    audit::told(&mut tx, app.now(), &event, (None, &format!("?@{name}")), from, Ended::Failed).await?;
    commit(tx).await
}

async fn failed(
    app: &App,
    id: DirectoryId,
    profile: &Profile,
    error: &OpenIdError,
    from: Whence<'_>,
) -> Outcome<Fault> {
    let name = profile.config.name.as_str();
    tracing::warn!(provider = name, %error, "nobody was signed in");
    refuse(app, Some((id, name)), error.text(), from).await?;
    let refusal = Refusal::new(error.refusal()).with("directory", name);
    let refusal = match error {
        OpenIdError::Claim(claim) => refusal.with("claim", claim),
        _ => refusal,
    };
    Ok(if error.away() { Fault::Unavailable(refusal) } else { Fault::Forbidden(refusal) })
}

/// As a directory would have said it.
fn known(person: openid::Person) -> Person {
    let user = Found {
        group: false,
        id: person.id,
        name: person.name,
        dn: String::new(),
        full_name: person.full_name,
        mail: person.mail,
    };
    Person { user, groups: person.groups.iter().map(|name| group(name)).collect() }
}

/// 256 bits that nobody guesses, in letters that an address and PKCE allow.
fn word(app: &App) -> String {
    secrets::random::<32>(app.ids.as_ref()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What came with an address is anybody's text.
fn shown(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic()).take(40).collect()
}
