//! No handler sees a body above the limit, with or without a declared length: bodies are small here, so they
//! are read whole before the handler runs. What is too large is read on for a while and thrown away, because a
//! browser that is cut off while sending shows a broken connection instead of our answer.

use super::Guard;
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::{sync::Arc, time::Duration};

/// Enough for every form; 1 MiB.
pub const DEFAULT_LIMIT: usize = 1 << 20;
/// A body of the limit's size takes longer only on a line that nobody works over.
const READ_PATIENCE: Duration = Duration::from_secs(30);
const DRAIN_PATIENCE: Duration = Duration::from_secs(5);

pub async fn limit(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() || request.method() == Method::CONNECT {
        return next.run(request).await;
    }
    let limit = guard.body_limit;
    let expects = request.headers().contains_key(header::EXPECT);
    let (parts, mut body) = request.into_parts();
    if body.size_hint().lower() > limit as u64 {
        // A client that waits for leave to send has sent nothing that would need draining.
        if !expects {
            drain(body).await;
        }
        return too_large(limit);
    }
    match tokio::time::timeout(READ_PATIENCE, read(&mut body, limit)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(Failure::TooLarge)) => {
            drain(body).await;
            too_large(limit)
        }
        Ok(Err(Failure::Broken)) => {
            (StatusCode::BAD_REQUEST, "The request ended too early.\n").into_response()
        }
        Err(_) => (StatusCode::REQUEST_TIMEOUT, "The request took too long to arrive.\n").into_response(),
    }
}

enum Failure {
    TooLarge,
    Broken,
}

async fn read(body: &mut Body, limit: usize) -> Result<Bytes, Failure> {
    match Limited::new(body, limit).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(e) if e.is::<LengthLimitError>() => Err(Failure::TooLarge),
        Err(_) => Err(Failure::Broken),
    }
}

async fn drain(mut body: Body) {
    let all = async { while let Some(Ok(_)) = body.frame().await {} };
    let _ = tokio::time::timeout(DRAIN_PATIENCE, all).await;
}

fn too_large(limit: usize) -> Response {
    let text = format!("The request is too large: this server takes at most {} KiB here.\n", limit >> 10);
    (StatusCode::PAYLOAD_TOO_LARGE, text).into_response()
}
