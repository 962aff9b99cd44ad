//! What a page may ask that is shown before anybody is signed in, and so has nobody who asks.

use std::sync::Arc;

use model::Fault;

use crate::forms::http::Sessions;

#[derive(Clone)]
pub struct Doors(pub Arc<dyn Sessions>);

impl Doors {
    /// The directories that somebody may sign in with, beside Drover's own.
    pub async fn directories(&self) -> Result<Vec<String>, Fault> {
        self.0.directories().await
    }
}
