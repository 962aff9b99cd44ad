//! Gives each request an id that its log lines, its events and its answer share, and is the last resort for a
//! handler that panics: the cause is logged once under that id, and the person sees the id.

use crate::engine::RandomIds;
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use model::clock::Ids;
use std::{panic::AssertUnwindSafe, time::Instant};
use tracing::Instrument;
use uuid::Uuid;

pub const HEADER: HeaderName = HeaderName::from_static("x-correlation-id");

/// In the request's extensions for whoever builds a context of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorrelationId(pub Uuid);

pub async fn around(mut request: Request, next: Next) -> Response {
    // Never taken from the request: a client could otherwise write into other people's traces.
    let id = CorrelationId(RandomIds.uuid());
    request.extensions_mut().insert(id);
    let span =
        tracing::info_span!("request", id = %id.0, method = %request.method(), path = %request.uri().path());
    let mut response = answer(request, next, id).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id.0.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

async fn answer(request: Request, next: Next, id: CorrelationId) -> Response {
    let begun = Instant::now();
    let response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            tracing::error!(cause = said(panic.as_ref()), "a handler panicked");
            let text =
                format!("Something went wrong here. It is in the server's log as incident {}.\n", id.0);
            (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
        }
    };
    let (status, elapsed) = (response.status().as_u16(), begun.elapsed());
    tracing::debug!(status, ?elapsed, "answered");
    response
}

fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text")
}
