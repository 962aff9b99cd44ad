//! What load balancers, watchers and scripts ask, answered in words and without a session. `/healthz`: the
//! process lives and its database answers. `/readyz`: it also can do its work. Strangers may ask, so that the
//! answers name no version and no address.

use crate::engine::Leading;
use axum::{Router, extract::State, http::StatusCode, routing::get};
use control::App;
use std::{sync::Arc, time::Duration};
use store::schema;

/// Long enough for a loaded machine, short enough for who asks.
const PATIENCE: Duration = Duration::from_secs(2);

pub struct Health {
    app: App,
    leading: Leading,
}

type Answer = (StatusCode, String);

impl Health {
    pub fn new(app: App, leading: Leading) -> Health {
        Health { app, leading }
    }

    /// The database is asked as every operation asks it, so that an answer here is one there.
    async fn health(&self) -> Answer {
        let asked = async { store::alive(&mut *self.app.pool.acquire().await.ok()?).await.then_some(()) };
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Some(())) => answer("ok", true, &["database: ready"]),
            _ => answer("ok", false, &["database: does not answer"]),
        }
    }

    /// A standby is ready too: it answers browsers, and leads as soon as nobody else does.
    async fn readiness(&self) -> Answer {
        let schema = self.schema().await;
        let (current, schema) = match schema {
            Some(version) if version == schema::known() => (true, "schema: current"),
            Some(_) => (false, "schema: of another version"),
            None => (false, "schema: the database does not answer"),
        };
        let connected = self.app.live.connected();
        let live = if connected { "live: connected" } else { "live: not connected" };
        let role = if self.leading.get() { "role: leader" } else { "role: standby" };
        answer("ready", current && connected, &[schema, role, live])
    }

    async fn schema(&self) -> Option<i64> {
        let asked = async { schema::version(&mut *self.app.pool.acquire().await.ok()?).await.ok()? };
        tokio::time::timeout(PATIENCE, asked).await.ok()?
    }
}

fn answer(word: &str, good: bool, lines: &[&str]) -> Answer {
    let (status, not) = match good {
        true => (StatusCode::OK, ""),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not "),
    };
    (status, format!("{not}{word}\n{}\n", lines.join("\n")))
}

pub fn routes(health: Arc<Health>) -> Router {
    Router::new()
        .route("/healthz", get(async |State(h): State<Arc<Health>>| h.health().await))
        .route("/readyz", get(async |State(h): State<Arc<Health>>| h.readiness().await))
        .with_state(health)
}
