//! Everything between the socket and a handler: the listener with TLS (`listen`), and the layers that every
//! request passes (`guard`), from the outside in: correlation id and last resort (`trace`), security headers
//! with the nonce (`headers`), the limit on bodies (`body`), and the origin check (`origin`). Bodies come before
//! origins, because a client that is refused while it still sends sees a broken stream, not the refusal.

mod body;
mod headers;
mod listen;
mod origin;
mod trace;

pub use body::DEFAULT_LIMIT;
pub use headers::{CspNonce, host_of};
pub use listen::{ListenError, Listener, tls_config};
pub use trace::CorrelationId;

use axum::{Router, middleware};
use std::sync::Arc;

/// What the layers need to know of the configuration.
#[derive(Debug, Clone)]
pub struct Guard {
    /// Whether this server itself speaks TLS, and so may promise it for the future.
    pub tls: bool,
    /// The origin that people use when a proxy stands before us.
    pub public_url: Option<String>,
    /// The largest body a request may have, in bytes.
    pub body_limit: usize,
}

/// Puts every layer around the routes. Routes that take large bodies (uploads) are merged in afterwards, with
/// `guard` of another limit.
pub fn guard<S: Clone + Send + Sync + 'static>(routes: Router<S>, guard: Guard) -> Router<S> {
    let guard = Arc::new(guard);
    // The last one added is the first one met.
    routes
        .layer(middleware::from_fn_with_state(guard.clone(), origin::check))
        .layer(middleware::from_fn_with_state(guard.clone(), body::limit))
        .layer(middleware::from_fn_with_state(guard, headers::add))
        .layer(middleware::from_fn(trace::around))
}
