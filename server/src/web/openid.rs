//! Signing in at an OpenID Connect provider: what somebody was sent with is kept in their session, so that no other browser
//! can come back with it, and is taken out of it before anything is done with it: it is good once, and not for long.

use axum::http::request::Parts;
use control::audit::Whence;
use control::providers::{self, Setting};
use model::{DirectoryId, Fault, Refusal, Text};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tower_sessions::Session;
use tower_sessions::session::Error;

use super::Web;
use crate::http::host_of;

const KEPT: &str = "openid";
/// How long one has at the provider.
const FOR: Duration = Duration::minutes(10);
/// In so many tabs somebody may sign in at once; the first is forgotten for one more.
const MOST: usize = 5;

/// Somebody who was sent away to sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sent {
    pub setting: Setting,
    /// The page that they had asked for.
    pub next: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    until: OffsetDateTime,
}

/// Where providers send people back to: below the address that people type.
pub fn callback(web: &Web, request: &Parts) -> Option<String> {
    let typed = || Some(format!("{}://{}", web.scheme, host_of(&request.uri, &request.headers)?));
    Some(format!("{}{}", web.public_url.clone().or_else(typed)?, app::paths::OPENID_BACK))
}

/// Sends somebody away; gives where to.
pub async fn send(
    web: &Web,
    (request, session): (&Parts, &Session),
    (provider, next): (DirectoryId, Option<&str>),
    from: Whence<'_>,
) -> Result<String, Fault> {
    let redirect =
        callback(web, request).ok_or_else(|| Fault::from(Refusal::new("refusal-openid-address")))?;
    let (to, setting) = providers::go(&web.app, provider, redirect, from).await?;
    let sent = Sent { setting, next: next.map(str::to_owned), until: web.app.now() + FOR };
    keep(session, sent).await.map_err(|e| store::internal(&e))?;
    Ok(to)
}

/// Whom `state` was given to, if that was in this session and they come for the first time.
pub async fn returned(web: &Web, session: &Session, state: &str, from: Whence<'_>) -> Result<Sent, Fault> {
    let sent = take(session, state, web.app.now()).await.map_err(|e| store::internal(&e))?;
    if let Some(sent) = sent {
        return Ok(sent);
    }
    providers::refuse(&web.app, None, Text::new("openid-no-state"), from).await?;
    Err(Fault::Forbidden(Refusal::new("refusal-openid-state")))
}

async fn keep(session: &Session, sent: Sent) -> Result<(), Error> {
    let all = session.get::<Vec<Sent>>(KEPT).await?.unwrap_or_default();
    session.insert(KEPT, with(all, sent)).await?;
    session.save().await
}

async fn take(session: &Session, state: &str, now: OffsetDateTime) -> Result<Option<Sent>, Error> {
    let mut all = session.get::<Vec<Sent>>(KEPT).await?.unwrap_or_default();
    let Some(sent) = without(&mut all, state) else { return Ok(None) };
    session.insert(KEPT, all).await?;
    session.save().await?;
    Ok(Some(sent).filter(|sent| sent.until > now))
}

fn with(mut all: Vec<Sent>, sent: Sent) -> Vec<Sent> {
    all.push(sent);
    all.split_off(all.len().saturating_sub(MOST))
}

fn without(all: &mut Vec<Sent>, state: &str) -> Option<Sent> {
    let at = all.iter().position(|sent| sent.setting.asked.state == state)?;
    Some(all.remove(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use control::providers::Asked;
    use time::macros::datetime;

    fn sent(state: &str) -> Sent {
        let word = str::to_owned;
        let asked = Asked { state: word(state), nonce: word("n"), verifier: word("v"), redirect: word("r") };
        let setting = Setting { provider: DirectoryId(uuid::Uuid::nil()), asked };
        Sent { setting, next: None, until: datetime!(2030-01-01 12:00 UTC) }
    }

    #[test]
    fn a_way_back_is_good_once_and_there_are_few() {
        let mut all = Vec::new();
        for n in 0..=MOST {
            all = with(all, sent(&n.to_string()));
        }
        for (state, there) in [("0", false), ("1", true), ("1", false), ("", false), ("5", true)] {
            assert_eq!(without(&mut all, state).is_some(), there, "{state}");
        }
        assert_eq!(all.len(), MOST - 2);
    }
}
