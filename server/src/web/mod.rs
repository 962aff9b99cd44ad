//! What a browser meets: sessions (`session`), pages and forms (`pages`), the live stream (`live`), consoles
//! (`console`), lists as files (`export`) and the way to OpenID Connect providers (`openid`), in the reader's language
//! (`language`); what they were refused is noted (`refusals`). Thin: every decision is `control`'s.

pub mod console;
pub mod export;
pub mod language;
pub mod live;
pub mod openid;
pub mod pages;
mod refusals;
pub mod session;

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::FromRef;
use axum::routing::{get, post};
use axum::{Router, middleware};
use control::App;
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;

use crate::assets::Site;
use crate::config::Settings;
use crate::console::Tickets;
use crate::lifecycle::Stop;
use crate::sign_in::Limiter;

/// What the handlers share.
#[derive(Clone)]
pub struct Web {
    pub app: App,
    pub leptos: LeptosOptions,
    pub tickets: Arc<Tickets>,
    pub watched: Arc<console::Watched>,
    pub limiter: Arc<Limiter>,
    /// Where the first password lies until it is changed.
    pub data: PathBuf,
    pub end: CancellationToken,
    /// The address that people type; none: whatever the browser says it asked for, with `scheme`.
    pub public_url: Option<String>,
    pub scheme: &'static str,
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.leptos.clone()
    }
}

/// Everything that a browser asks for besides assets.
pub fn routes(settings: &Settings, app: &App, site: &Site, stop: &Stop) -> Router {
    let web = Web {
        app: app.clone(),
        leptos: LeptosOptions::builder().output_name("drover").build(),
        tickets: Arc::default(),
        watched: Arc::default(),
        limiter: Arc::default(),
        data: settings.data.clone(),
        end: stop.token().clone(),
        public_url: settings.public_url.clone(),
        scheme: if settings.http { "http" } else { "https" },
    };
    stop.spawn(session::forget_first_password(web.clone()));
    // A proxy that speaks TLS for us is told by the public address.
    let secure = !settings.http || settings.public_url.as_ref().is_some_and(|u| u.starts_with("https://"));
    Router::new()
        .route("/live", get(live::stream))
        // Finding the session was all there is to do.
        .route("/active", post(async || axum::http::StatusCode::NO_CONTENT))
        .route("/vms/{id}/console/ticket", post(console::ticket))
        .route("/vms/{id}/console/socket", get(console::socket))
        .route("/vms/{id}/viewer/{protocol}", get(console::viewer))
        .route("/export/{file}", get(export::file))
        .merge(pages::routes(&web, site))
        .layer(middleware::from_fn(language::answer))
        .layer(middleware::from_fn_with_state(web.clone(), session::who))
        .layer(session::layer(app, settings.session_idle, settings.session_limit, secure))
        .with_state(web)
}
