//! What a browser meets: sessions (`session`), pages and forms (`pages`), the live stream (`live`) and consoles
//! (`console`). Thin: every decision is `control`'s.

pub mod console;
pub mod live;
pub mod pages;
pub mod session;

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::FromRef;
use control::App;
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;

use crate::console::Tickets;
use crate::sign_in::Limiter;

/// What the handlers share.
#[derive(Clone)]
pub struct Web {
    pub app: App,
    pub leptos: LeptosOptions,
    pub tickets: Arc<Tickets>,
    pub limiter: Arc<Limiter>,
    /// Where the first password lies until it is changed.
    pub data: PathBuf,
    pub end: CancellationToken,
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.leptos.clone()
    }
}
