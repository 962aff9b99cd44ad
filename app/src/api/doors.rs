//! What a page may ask that is shown before anybody is signed in, and so has nobody who asks.

use std::sync::Arc;

use axum::http::request::Parts;
use model::{DirectoryId, Fault};

use crate::forms::http::Sessions;

#[derive(Clone)]
pub struct Doors(pub Arc<dyn Sessions>);

impl Doors {
    /// The OpenID Connect providers that somebody may sign in with.
    pub async fn providers(&self) -> Result<Vec<(DirectoryId, String)>, Fault> {
        self.0.providers().await
    }

    /// Where they send people back to.
    pub fn callback(&self, request: &Parts) -> Option<String> {
        self.0.callback(request)
    }

    /// The directories that somebody may sign in with, beside Drover's own.
    pub async fn directories(&self) -> Result<Vec<String>, Fault> {
        self.0.directories().await
    }
}
