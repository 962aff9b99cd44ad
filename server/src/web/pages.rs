//! Pages and forms: all of `app`, with what only the server knows: signing in and out, and the nonce.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use app::forms::http::{Answered, Portal, Sessions};
use app::shell::Assets;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::header;
use axum::http::request::Parts;
use control::{Ctx, users};
use model::{Fault, Refusal};
use tower_sessions::Session;

use super::{Web, session};
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
    fn sign_in<'a>(&'a self, request: &'a Parts, user: &'a str, password: &'a str) -> Answered<'a, Ctx> {
        Box::pin(self.let_in(request, user, password))
    }

    fn directories(&self) -> Answered<'_, Vec<String>> {
        Box::pin(control::directories::names(&self.0.app))
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
    async fn let_in(&self, request: &Parts, user: &str, password: &str) -> Result<Ctx, Fault> {
        let app = &self.0.app;
        let address = address(request);
        let account = user.trim().to_lowercase();
        self.0.limiter.attempt(&account, address, app.now()).map_err(|often| {
            let seconds = often.wait.whole_seconds().max(1);
            Fault::Refused(Refusal::new("refusal-sign-in-rate").with("seconds", seconds))
        })?;
        let from = address.to_string();
        let correlation =
            request.extensions.get::<CorrelationId>().map(|c| c.0.to_string()).unwrap_or_default();
        let id = users::sign_in(app, user, password, (&from, &correlation)).await?;
        self.0.limiter.succeeded(&account);
        let session = session_of(request)?;
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
