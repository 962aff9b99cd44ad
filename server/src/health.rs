//! `/healthz`, for load balancers and for `make run`: 200 and "ok" when the database answers, else 503. It
//! tells strangers nothing more than that.

use crate::postgres::{State as Postgres, probe};
use axum::{Router, extract::State, http::StatusCode, routing::get};
use std::{path::PathBuf, sync::Arc};

#[derive(Debug)]
pub struct Health {
    /// The built-in database's socket.
    socket: Option<PathBuf>,
}

impl Health {
    pub fn new(socket: Option<PathBuf>) -> Health {
        Health { socket }
    }

    async fn answer(&self) -> (StatusCode, &'static str) {
        let Some(socket) = &self.socket else { return (StatusCode::OK, "ok\ndatabase: external\n") };
        match probe(socket).await {
            Postgres::Ready => (StatusCode::OK, "ok\ndatabase: ready\n"),
            Postgres::Refusing => {
                (StatusCode::SERVICE_UNAVAILABLE, "not ok\ndatabase: starting or stopping\n")
            }
            Postgres::Absent => (StatusCode::SERVICE_UNAVAILABLE, "not ok\ndatabase: down\n"),
        }
    }
}

pub fn routes(health: Arc<Health>) -> Router {
    Router::new()
        .route("/healthz", get(async |State(h): State<Arc<Health>>| h.answer().await))
        .with_state(health)
}
