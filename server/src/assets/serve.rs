//! Answers requests for assets. The name is the content's hash, so it is the entity tag as well.

use super::{Site, encoding};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use std::sync::Arc;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub fn routes(site: Arc<Site>) -> Router {
    Router::new().route("/assets/{*name}", get(file)).route("/favicon.ico", get(favicon)).with_state(site)
}

/// Browsers ask for it even where the page names another icon.
async fn favicon(State(site): State<Arc<Site>>) -> Response {
    match ["favicon.ico", "favicon.svg"].into_iter().find(|n| site.manifest.contains_key(*n)) {
        Some(name) => Redirect::temporary(&site.url(name)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn file(State(site): State<Arc<Site>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((name, plain)) = site.get(&name) else {
        return (StatusCode::NOT_FOUND, "There is no such file in this version.\n").into_response();
    };
    let word = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok()).unwrap_or_default();
    let accept = word(header::ACCEPT_ENCODING);
    let packed = encoding::SIBLINGS.iter().filter(|(coding, _)| encoding::accepts(accept, coding));
    let packed = packed.filter_map(|(coding, end)| Some((*coding, site.sibling(name, end)?))).next();
    let tag = format!("\"{name}{}\"", packed.map(|(coding, _)| format!("-{coding}")).unwrap_or_default());
    let mut response = if word(header::IF_NONE_MATCH).split(',').any(|t| t.trim() == tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        packed.map_or(plain, |(_, bytes)| bytes).into_response()
    };
    describe(response.headers_mut(), name, &tag, packed.map(|(coding, _)| coding));
    response
}

fn describe(headers: &mut HeaderMap, name: &str, tag: &str, coding: Option<&'static str>) {
    headers.insert(header::CACHE_CONTROL, FOR_EVER);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
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
        "html" => "text/html; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
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
        ("manifest.json", br#"{"app.wasm":"app.0a1b.wasm","favicon.svg":"favicon.77.svg"}"#),
        ("app.0a1b.wasm", b"plain"),
        ("app.0a1b.wasm.br", b"packed"),
        ("favicon.77.svg", b"<svg/>"),
    ];

    async fn ask(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer =
            routes(Arc::new(Site::new(FILES))).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
    }

    #[tokio::test]
    async fn by_the_manifest_and_in_the_best_form() {
        let url = Site::new(FILES).url("app.wasm");
        assert_eq!(url, "/assets/app.0a1b.wasm");
        let (status, headers, body) = ask(&url, &[("accept-encoding", "gzip, br")]).await;
        assert_eq!((status, body.as_slice()), (StatusCode::OK, b"packed".as_slice()));
        assert_eq!(headers["content-type"], "application/wasm");
        assert_eq!(headers["content-encoding"], "br");
        assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
        let (_, headers, body) = ask(&url, &[("accept-encoding", "gzip")]).await;
        assert_eq!((headers.get("content-encoding"), body.as_slice()), (None, b"plain".as_slice()));
    }

    #[tokio::test]
    async fn an_unchanged_file_is_not_sent_again() {
        let (_, headers, _) = ask("/assets/app.0a1b.wasm", &[]).await;
        let tag = headers["etag"].to_str().unwrap().to_owned();
        let (status, _, body) = ask("/assets/app.0a1b.wasm", &[("if-none-match", &tag)]).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
    }

    #[tokio::test]
    async fn nothing_else_is_served() {
        for path in
            ["/assets/app.wasm", "/assets/manifest.json", "/assets/app.0a1b.wasm.br", "/assets/../etc/passwd"]
        {
            assert_eq!(ask(path, &[]).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(ask("/favicon.ico", &[]).await.1["location"], "/assets/favicon.77.svg");
    }
}
