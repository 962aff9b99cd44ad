//! Answers requests for assets, one route for each file. A hashed path is the content's name, so it is its
//! entity tag as well; other files get a tag of their content.

use super::{Site, encoding};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use ring::digest::{SHA256, digest};
use std::sync::Arc;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

pub fn routes(site: &Site) -> Router {
    let mut routes = Router::new();
    for path in site.served() {
        let asset = Arc::new(Asset::new(site, path));
        routes =
            routes.route(&format!("/{path}"), get(async move |headers: HeaderMap| asset.answer(&headers)));
    }
    // What an older or newer build asked for: a plain 404, not a page.
    let routes = routes.route("/pkg/{*rest}", get(async || missing()));
    // Browsers ask for it even where the page names another icon.
    match (site.file("favicon.ico"), site.file("favicon.svg")) {
        (None, Some(_)) => routes.route("/favicon.ico", get(async || Redirect::temporary("/favicon.svg"))),
        _ => routes,
    }
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "There is no such file in this version.\n").into_response()
}

/// One file in its forms.
struct Asset {
    content_type: HeaderValue,
    caching: HeaderValue,
    tag: String,
    plain: &'static [u8],
    /// Coding and content, best first.
    packed: Vec<(&'static str, &'static [u8])>,
}

impl Asset {
    fn new(site: &Site, path: &'static str) -> Asset {
        let plain = site.file(path).unwrap_or_default();
        let hashed = site.hashed.contains(path);
        let sibling = |(coding, end)| Some((coding, site.file(&format!("{path}{end}"))?));
        Asset {
            content_type: HeaderValue::from_static(content_type(path)),
            caching: if hashed { FOR_EVER } else { ASK_AGAIN },
            tag: if hashed { path.to_owned() } else { content_tag(plain) },
            plain,
            packed: encoding::SIBLINGS.into_iter().filter_map(sibling).collect(),
        }
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let word = |name: HeaderName| asked.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let accept = word(header::ACCEPT_ENCODING);
        let packed = self.packed.iter().find(|(coding, _)| encoding::accepts(accept, coding));
        let tag =
            format!("\"{}{}\"", self.tag, packed.map(|(coding, _)| format!("-{coding}")).unwrap_or_default());
        let known = word(header::IF_NONE_MATCH).split(',').any(|t| t.trim() == tag);
        let mut response = match known {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => Bytes::from_static(packed.map_or(self.plain, |(_, bytes)| bytes)).into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, self.caching.clone());
        headers.insert(header::CONTENT_TYPE, self.content_type.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        if let Some((coding, _)) = packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

fn content_tag(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref()[..8].iter().map(|b| format!("{b:02x}")).collect()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "html" => "text/html; charset=utf-8",
        "txt" | "md" | "ftl" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, http::Request};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    const FILES: &[(&str, &[u8])] = &[
        ("manifest.json", br#"{"app.wasm":"pkg/app.0a1b.wasm"}"#),
        ("pkg/app.0a1b.wasm", b"plain"),
        ("pkg/app.0a1b.wasm.br", b"packed"),
        ("favicon.svg", b"<svg/>"),
    ];

    async fn ask(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let routes = routes(&Site::new(FILES));
        let answer = routes.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
    }

    #[tokio::test]
    async fn by_the_manifest_and_in_the_best_form() {
        let url = Site::new(FILES).url("app.wasm");
        assert_eq!(url, "/pkg/app.0a1b.wasm");
        let (status, headers, body) = ask(&url, &[("accept-encoding", "gzip, br")]).await;
        assert_eq!((status, body.as_slice()), (StatusCode::OK, b"packed".as_slice()));
        assert_eq!(headers["content-type"], "application/wasm");
        assert_eq!(headers["content-encoding"], "br");
        assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
        let (_, headers, body) = ask(&url, &[("accept-encoding", "gzip")]).await;
        assert_eq!((headers.get("content-encoding"), body.as_slice()), (None, b"plain".as_slice()));
    }

    #[tokio::test]
    async fn a_public_file_keeps_its_name_and_is_asked_for_again() {
        let (status, headers, body) = ask(&Site::new(FILES).url("favicon.svg"), &[]).await;
        assert_eq!((status, body.as_slice()), (StatusCode::OK, b"<svg/>".as_slice()));
        assert_eq!(headers["cache-control"], "no-cache");
        assert_eq!(ask("/favicon.ico", &[]).await.1["location"], "/favicon.svg");
    }

    #[tokio::test]
    async fn an_unchanged_file_is_not_sent_again() {
        for path in ["/pkg/app.0a1b.wasm", "/favicon.svg"] {
            let (_, headers, _) = ask(path, &[]).await;
            let tag = headers["etag"].to_str().unwrap().to_owned();
            let (status, _, body) = ask(path, &[("if-none-match", &tag)]).await;
            assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        }
    }

    #[tokio::test]
    async fn nothing_else_is_served() {
        for path in ["/pkg/app.wasm", "/manifest.json", "/pkg/app.0a1b.wasm.br", "/pkg/../favicon.svg"] {
            assert_eq!(ask(path, &[]).await.0, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
