//! The headers that tell a browser what a page of ours may do. Scripts run only with the request's nonce, or
//! when such a script loads them; nothing else of the page may be foreign. One nonce serves the header and,
//! through the request's extensions, the page's rendering.

use super::Guard;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    middleware::Next,
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore;
use std::sync::Arc;

/// The request's nonce for inline scripts.
#[derive(Debug, Clone)]
pub struct CspNonce(pub Arc<str>);

impl CspNonce {
    /// To be called in the render context of every page, where leptos has put a nonce of its own that the
    /// header knows nothing of.
    pub fn provide() {
        let parts = leptos::prelude::use_context::<axum::http::request::Parts>();
        if let Some(nonce) = parts.and_then(|p| p.extensions.get::<CspNonce>().cloned()) {
            leptos::prelude::provide_context(leptos::nonce::Nonce::from_value(nonce.0));
        }
    }

    fn fresh() -> CspNonce {
        let mut bytes = [0; 16];
        rand::rng().fill_bytes(&mut bytes);
        CspNonce(URL_SAFE_NO_PAD.encode(bytes).into())
    }
}

const FIXED: [(HeaderName, &str); 4] = [
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];
/// Two years, and not the subdomains: they may be others' machines.
const HSTS: &str = "max-age=63072000";

pub async fn add(State(guard): State<Arc<Guard>>, mut request: Request, next: Next) -> Response {
    let nonce = CspNonce::fresh();
    let host = host_of(request.uri(), request.headers());
    let policy = policy(&nonce.0, host.as_deref());
    request.extensions_mut().insert(nonce);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    // On localhost it would reach every other server that a developer runs there.
    if guard.tls && !host.is_some_and(|h| h.starts_with("localhost")) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    keep_private(headers);
    response
}

/// What a handler said nothing about is somebody's view of the estate: no cache may keep it.
fn keep_private(headers: &mut HeaderMap) {
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn policy(nonce: &str, host: Option<&str>) -> String {
    // 'self' covers wss: in today's browsers; the ones before them need it spelt out.
    let socket = host.map(|h| format!(" wss://{h}")).unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'{socket}; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

/// The authority the client asked for, if it is one and nothing more: it goes into a header.
pub fn host_of(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let authority = uri.authority().map(|a| a.as_str());
    let host = authority.or_else(|| headers.get(header::HOST)?.to_str().ok())?;
    let clean = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
    (!host.is_empty() && host.bytes().all(clean)).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_taken_only_when_clean() {
        let ask = |host: &str| {
            let request =
                Request::builder().uri("/").header(header::HOST, host).body(axum::body::Body::empty());
            let request = request.unwrap();
            host_of(request.uri(), request.headers())
        };
        assert_eq!(ask("Drover.Example:8443").as_deref(), Some("drover.example:8443"));
        assert_eq!(ask("[::1]:8443").as_deref(), Some("[::1]:8443"));
        assert_eq!(ask("x; script-src *"), None);
        assert_eq!(ask(""), None);
    }
}
