//! Pages and forms: all of `app`, with what only the server knows: signing in and out, and the nonce.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use app::forms::Fields;
use app::forms::http::{Answered, CameBack, Entered, Portal, Sessions};
use app::shell::Assets;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::header;
use axum::http::request::Parts;
use control::audit::Whence;
use control::providers::{self, Answer};
use control::{Ctx, second_factor, users};
use model::{DirectoryId, Fault, Refusal, UserId};
use tower_sessions::Session;

use super::{Web, openid, session};
use crate::assets::Site;
use crate::http::{CorrelationId, CspNonce};

/// No routes when the binary was built without web assets: the API works all the same.
pub fn routes(web: &Web, site: &Site) -> Router<Web> {
    // Rendering spawns; set already (by a test that serves twice) is as good.
    let _ = any_spawner::Executor::init_custom_executor(super::language::Tongue);
    match Assets::from_manifest(&site.manifest_json()) {
        Ok(assets) => app::forms::http::routes(Portal {
            assets: Arc::new(assets),
            sessions: Arc::new(Door(web.clone())),
            page_context: CspNonce::provide,
        }),
        Err(error) => {
            tracing::warn!(%error, "no pages are served");
            Router::new()
        }
    }
}

/// Where people come in and leave.
struct Door(Web);

impl Sessions for Door {
    fn sign_in<'a>(&'a self, request: &'a Parts, user: &'a str, password: &'a str) -> Answered<'a, Entered> {
        Box::pin(self.let_in(request, user, password))
    }

    fn directories(&self) -> Answered<'_, Vec<String>> {
        Box::pin(control::directories::names(&self.0.app))
    }

    fn second_step<'a>(&'a self, request: &'a Parts, code: &'a str) -> Answered<'a, Ctx> {
        Box::pin(self.second(request, code))
    }

    fn providers(&self) -> Answered<'_, Vec<(DirectoryId, String)>> {
        Box::pin(control::providers::offered(&self.0.app))
    }

    fn callback(&self, request: &Parts) -> Option<String> {
        openid::callback(&self.0, request)
    }

    fn go_out<'a>(
        &'a self,
        request: &'a Parts,
        provider: DirectoryId,
        next: Option<&'a str>,
    ) -> Answered<'a, String> {
        Box::pin(async move {
            let (from, correlation) = self.knock(request)?;
            let whence = Whence { address: &from, correlation: &correlation };
            openid::send(&self.0, (request, session_of(request)?), (provider, next), whence).await
        })
    }

    fn come_back<'a>(&'a self, request: &'a Parts, answer: &'a Fields) -> Answered<'a, CameBack> {
        Box::pin(async move {
            let (from, correlation) = self.knock(request)?;
            let whence = Whence { address: &from, correlation: &correlation };
            let sent = openid::returned(&self.0, session_of(request)?, answer.get("state"), whence).await?;
            let entered = self.vouched_for(request, &sent, answer, whence).await;
            Ok(CameBack { next: sent.next, entered })
        })
    }

    fn sign_out<'a>(&'a self, request: &'a Parts) -> Answered<'a, ()> {
        Box::pin(async move {
            if let Some(ctx) = request.extensions.get::<Ctx>() {
                users::sign_out(ctx).await?;
            }
            session_of(request)?.flush().await.map_err(|e| store::internal(&e))
        })
    }
}

impl Door {
    async fn let_in(&self, request: &Parts, user: &str, password: &str) -> Result<Entered, Fault> {
        let app = &self.0.app;
        let (from, correlation) = self.knock(request)?;
        let id = users::sign_in(app, user, password, (&from, &correlation)).await?;
        self.entered(request, id, from, correlation).await
    }

    /// Whom a provider sent back.
    async fn vouched_for(
        &self,
        request: &Parts,
        sent: &openid::Sent,
        answer: &Fields,
        whence: Whence<'_>,
    ) -> Result<Entered, Fault> {
        let issuer = answer.has("iss").then(|| answer.get("iss"));
        let answer = Answer { code: answer.get("code"), error: answer.get("error"), issuer };
        let id = providers::return_from(&self.0.app, &sent.setting, answer, whence).await?;
        self.entered(request, id, whence.address.to_owned(), whence.correlation.to_owned()).await
    }

    /// Begins a session for whoever it is, or half of one.
    async fn entered(
        &self,
        request: &Parts,
        id: UserId,
        from: String,
        correlation: String,
    ) -> Result<Entered, Fault> {
        let app = &self.0.app;
        let asked = second_factor::asked_of(&mut *app.conn().await?, id).await?;
        if asked {
            let begun = session::begin_half(app, session_of(request)?, id).await;
            begun.map_err(|e| store::internal(&e))?;
            return Ok(Entered::Half);
        }
        Ok(Entered::In(self.begin(request, id, from, correlation).await?))
    }

    async fn second(&self, request: &Parts, code: &str) -> Result<Ctx, Fault> {
        let app = &self.0.app;
        let (from, correlation) = self.knock(request)?;
        let half = session::half(app, session_of(request)?).await.map_err(|e| store::internal(&e))?;
        let id = half.ok_or_else(|| Fault::refused("refusal-code-first"))?;
        let whence = Whence { address: &from, correlation: &correlation };
        second_factor::sign_in(app, id, code, whence).await?;
        self.begin(request, id, from, correlation).await
    }

    /// Counts an attempt from this address; gives where it comes from.
    fn knock(&self, request: &Parts) -> Result<(String, String), Fault> {
        let address = address(request);
        self.0.limiter.attempt(address, self.0.app.now()).map_err(|often| {
            let seconds = often.wait.whole_seconds().max(1);
            Fault::Refused(Refusal::new("refusal-sign-in-rate").with("seconds", seconds))
        })?;
        let correlation = request.extensions.get::<CorrelationId>().map(|c| c.0.to_string());
        Ok((address.to_string(), correlation.unwrap_or_default()))
    }

    async fn begin(
        &self,
        request: &Parts,
        id: UserId,
        from: String,
        correlation: String,
    ) -> Result<Ctx, Fault> {
        let (app, session) = (&self.0.app, session_of(request)?);
        let began = session::begin(app, session, id, from.clone(), agent(request)).await;
        began.map_err(|e| store::internal(&e))?;
        let hashed = session.id().map(session::hashed);
        Ctx::signed_in(app, id, correlation, from, hashed).await?.ok_or(Fault::SignedOut)
    }
}

fn session_of(request: &Parts) -> Result<&Session, Fault> {
    request.extensions.get::<Session>().ok_or_else(|| store::internal(&"the request has no session layer"))
}

fn address(request: &Parts) -> IpAddr {
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// What the browser says it is, cut to a sane length.
fn agent(request: &Parts) -> String {
    let agent = request.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    agent.chars().take(200).collect()
}
