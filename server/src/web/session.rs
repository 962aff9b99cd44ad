//! Login sessions: tower-sessions over the database, and the `Ctx` that every handler gets from one. The
//! browser alone has a session's id; the database has its hash. The idle limit is pushed on by what a person
//! does, never by the live stream.

use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use control::{App, Ctx};
use model::UserId;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

use super::{Web, refusals};
use crate::http::CorrelationId;

/// Paths whose requests are no sign of a person: the stream, and what a page reads because the stream said so.
/// A page tells by `POST /active` that somebody touches it.
const UNATTENDED: [&str; 2] = ["/live", "/fn/"];
/// How often being active is written down.
const TOUCH: time::Duration = time::Duration::seconds(60);
const LOGIN: &str = "login";
/// The first half of a sign-in: the password was right, the code is to come.
const HALF: &str = "half";
/// How long one has for the code.
const HALF_FOR: time::Duration = time::Duration::minutes(5);

/// What a session holds once somebody has signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Login {
    pub user: UserId,
    pub address: String,
    pub agent: String,
    #[serde(with = "time::serde::rfc3339")]
    pub begun: time::OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub seen: time::OffsetDateTime,
}

/// What a session holds between the password and the code: nothing that opens a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Half {
    user: UserId,
    #[serde(with = "time::serde::rfc3339")]
    until: time::OffsetDateTime,
}

#[derive(Clone)]
pub struct Sessions {
    app: App,
    limit: time::Duration,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

/// The layer that finds and keeps sessions. `secure` cookies need TLS, here or at a proxy.
pub fn layer(app: &App, idle: Duration, limit: Duration, secure: bool) -> SessionManagerLayer<Sessions> {
    let seconds = |d: Duration| time::Duration::seconds(i64::try_from(d.as_secs()).unwrap_or(i64::MAX));
    SessionManagerLayer::new(Sessions { app: app.clone(), limit: seconds(limit) })
        .with_name(if secure { "__Host-drover" } else { "drover" })
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(seconds(idle)))
}

/// The name under which the database knows a session.
pub fn hashed(id: Id) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, id.to_string().as_bytes()))
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

impl Sessions {
    /// What the database keeps of a session.
    fn row(&self, record: &Record) -> Result<store::sessions::Session> {
        let login: Option<Login> =
            record.data.get(LOGIN).cloned().map(serde_json::from_value).transpose().map_err(broken)?;
        let half: Option<Half> =
            record.data.get(HALF).cloned().map(serde_json::from_value).transpose().map_err(broken)?;
        let now = self.app.now();
        let begun = login.as_ref().map_or(now, |l| l.begun);
        Ok(store::sessions::Session {
            id: hashed(record.id),
            // Half a sign-in ends with the others, too, when the password changes.
            user: login.as_ref().map(|l| l.user).or(half.map(|h| h.user)),
            address: login.as_ref().map(|l| l.address.clone()).unwrap_or_default(),
            agent: login.map(|l| l.agent).unwrap_or_default(),
            data: serde_json::to_value(&record.data).map_err(broken)?,
            created_at: begun,
            last_seen: now,
            expires_at: record.expiry_date.min(begun + self.limit),
        })
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits do not meet.
        let session = self.row(record)?;
        let mut c = self.app.conn().await.map_err(broken)?;
        store::sessions::save(&mut c, &session).await.map_err(broken)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let session = self.row(record)?;
        let mut c = self.app.conn().await.map_err(broken)?;
        store::sessions::update(&mut c, &session).await.map_err(broken)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let mut c = self.app.conn().await.map_err(broken)?;
        let found = store::sessions::load(&mut c, &hashed(*id), self.app.now()).await.map_err(broken)?;
        found
            .map(|s| {
                let data = serde_json::from_value(s.data).map_err(broken)?;
                Ok(Record { id: *id, data, expiry_date: s.expires_at })
            })
            .transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut c = self.app.conn().await.map_err(broken)?;
        store::sessions::delete(&mut c, &hashed(*id)).await.map_err(broken)
    }
}

/// Begins a session for somebody who has shown all that is asked for. The id is new, so that one planted before is worth
/// nothing.
pub async fn begin(app: &App, session: &Session, user: UserId, address: String, agent: String) -> Result<()> {
    session.cycle_id().await.map_err(broken)?;
    let now = app.now();
    session.remove::<Half>(HALF).await.map_err(broken)?;
    session.insert(LOGIN, Login { user, address, agent, begun: now, seen: now }).await.map_err(broken)?;
    session.save().await.map_err(broken)
}

/// Notes that the password fitted and the code is to come. Whoever was signed in here before is not any more.
pub async fn begin_half(app: &App, session: &Session, user: UserId) -> Result<()> {
    session.cycle_id().await.map_err(broken)?;
    session.remove::<Login>(LOGIN).await.map_err(broken)?;
    session.insert(HALF, Half { user, until: app.now() + HALF_FOR }).await.map_err(broken)?;
    session.save().await.map_err(broken)
}

/// Whose code is to come.
pub async fn half(app: &App, session: &Session) -> Result<Option<UserId>> {
    let half = session.get::<Half>(HALF).await.map_err(broken)?;
    Ok(half.filter(|half| half.until > app.now()).map(|half| half.user))
}

/// Finds out who asks, and gives every handler a `Ctx` when somebody is signed in.
pub async fn who(State(web): State<Web>, session: Session, mut request: Request, next: Next) -> Response {
    let asks = Asks {
        attended: !UNATTENDED.iter().any(|path| request.uri().path().starts_with(path)),
        correlation: request
            .extensions()
            .get::<CorrelationId>()
            .map(|id| id.0.to_string())
            .unwrap_or_default(),
        address: address(&request),
    };
    let deed = refusals::Deed::of(&request, &asks.correlation, &asks.address);
    let mut who = None;
    match signed_in(&web, &session, asks).await {
        Ok(Some(ctx)) => {
            who = deed.is_some().then(|| ctx.who.clone());
            request.extensions_mut().insert(ctx);
        }
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "a session could not be read"),
    }
    let response = next.run(request).await;
    if let Some(deed) = deed {
        deed.ended(&web, who.as_ref(), response.status()).await;
    }
    response
}

/// What is to be known of a request before it goes on.
struct Asks {
    attended: bool,
    correlation: String,
    address: String,
}

async fn signed_in(
    web: &Web,
    session: &Session,
    asks: Asks,
) -> std::result::Result<Option<Ctx>, crate::commands::Failure> {
    let Some(mut login) = session.get::<Login>(LOGIN).await? else { return Ok(None) };
    let now = web.app.now();
    if asks.attended && now - login.seen > TOUCH {
        login.seen = now;
        session.insert(LOGIN, &login).await?;
    }
    let id = session.id().map(hashed);
    Ok(Ctx::signed_in(&web.app, login.user, asks.correlation, asks.address, id).await?)
}

/// The peer's address.
pub fn address(request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map(|info| info.0.ip().to_string()).unwrap_or_default()
}

/// The file with the first password goes as soon as that password is nobody's any more.
pub async fn forget_first_password(web: Web) {
    let mut changes = web.app.live.changes();
    loop {
        match changed(&web.app).await {
            Ok(true) => {
                if let Err(error) = crate::sign_in::remove_first_password(&web.data) {
                    tracing::warn!(%error, "the file with the first password could not be removed");
                }
                return;
            }
            Ok(false) => {}
            Err(fault) => tracing::warn!(%fault, "the first password cannot be looked after"),
        }
        // Any change is a reason to look again; so is having missed some.
        if web.end.run_until_cancelled(changes.recv()).await.is_none() {
            return;
        }
    }
}

async fn changed(app: &App) -> control::Outcome<bool> {
    let admin = store::users::account(&mut *app.conn().await?, "admin").await?;
    Ok(admin.is_none_or(|a| !a.must_change_password))
}
