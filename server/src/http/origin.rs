//! Refuses what another site makes a browser send. Whoever changes something, or opens a WebSocket, must say
//! where the request comes from, and that must be here. Browsers always say so; a cookie alone is no consent.

use super::{Guard, headers::host_of};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

pub async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if !needs_origin(request.method(), request.headers()) {
        return next.run(request).await;
    }
    let headers = request.headers();
    let word = |name: &HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    let source = Source { fetch_site: word(&FETCH_SITE), origin: word(&header::ORIGIN) };
    if source.is_here(host_of(request.uri(), headers).as_deref(), guard.public_url.as_deref()) {
        return next.run(request).await;
    }
    tracing::warn!(origin = source.origin, site = source.fetch_site, "refused a request from another site");
    let text = "This request did not come from a page of this server, so it was refused. If a proxy stands \
                before Drover, it must pass the Host header on, or public-url must be set.\n";
    (StatusCode::FORBIDDEN, text).into_response()
}

/// A WebSocket is opened by a GET, and cookies travel with it whatever page asks.
fn needs_origin(method: &Method, headers: &HeaderMap) -> bool {
    !matches!(*method, Method::GET | Method::HEAD) || headers.contains_key(header::UPGRADE)
}

/// Where a request says it comes from.
struct Source<'a> {
    fetch_site: Option<&'a str>,
    origin: Option<&'a str>,
}

impl Source<'_> {
    fn is_here(&self, host: Option<&str>, public_url: Option<&str>) -> bool {
        if let Some(site) = self.fetch_site {
            return site == "same-origin" || site == "none";
        }
        let Some(origin) = self.origin else { return false };
        let authority = origin.split_once("://").map(|(_, rest)| rest.to_ascii_lowercase());
        let same = authority.is_some() && authority.as_deref() == host;
        same || public_url.is_some_and(|url| origin.eq_ignore_ascii_case(origin_of(url)))
    }
}

/// The scheme and authority of a URL that may have a path.
fn origin_of(url: &str) -> &str {
    let begin = url.find("://").map_or(0, |i| i + 3);
    let end = url[begin..].find('/').map_or(url.len(), |i| begin + i);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_from_here() {
        let public = Some("https://drover.example/ui");
        let cases: &[(Option<&str>, Option<&str>, bool)] = &[
            (Some("same-origin"), None, true),
            (Some("none"), None, true),
            (Some("same-site"), Some("https://box:8443"), false),
            (Some("cross-site"), Some("https://evil.example"), false),
            (None, Some("https://box:8443"), true),
            (None, Some("https://BOX:8443"), true),
            (None, Some("https://box"), false),
            (None, Some("https://drover.example"), true),
            (None, Some("http://drover.example"), false),
            (None, Some("https://box:8443.evil.example"), false),
            (None, Some("null"), false),
            (None, None, false),
        ];
        for &(fetch_site, origin, want) in cases {
            let source = Source { fetch_site, origin };
            assert_eq!(source.is_here(Some("box:8443"), public), want, "{fetch_site:?} {origin:?}");
        }
        assert!(!Source { fetch_site: None, origin: Some("null") }.is_here(None, None));
    }

    #[test]
    fn reading_is_free_and_sockets_are_not() {
        let mut headers = HeaderMap::new();
        assert!(!needs_origin(&Method::GET, &headers) && !needs_origin(&Method::HEAD, &headers));
        assert!(needs_origin(&Method::POST, &headers) && needs_origin(&Method::OPTIONS, &headers));
        headers.insert(header::UPGRADE, "websocket".parse().unwrap());
        assert!(needs_origin(&Method::GET, &headers));
    }
}
