//! The listener and its layers over real sockets, judged by curl where a browser's behaviour matters.

#![allow(clippy::unwrap_used)]

use axum::{
    Router,
    body::Body,
    response::IntoResponse,
    response::sse::{Event, Sse},
    routing::{get, post},
};
use axum_server::tls_rustls::RustlsConfig;
use model::clock::Clock;
use server::{
    engine::SystemClock,
    http::{CspNonce, Guard, Listener, guard, tls_config},
    lifecycle::Stop,
    pki::Pki,
};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

struct Server {
    url: String,
    ca: PathBuf,
    stop: Stop,
    task: JoinHandle<()>,
    _dir: tempfile::TempDir,
}

fn routes(stop: &Stop) -> Router {
    let token = stop.token().clone();
    let events = move || {
        let token = token.clone();
        async move {
            let first = futures_util::stream::once(async {
                Ok::<_, std::convert::Infallible>(Event::default().data("hello"))
            });
            let rest = futures_util::stream::pending();
            Sse::new(futures_util::StreamExt::take_until(
                futures_util::StreamExt::chain(first, rest),
                token.cancelled_owned(),
            ))
        }
    };
    Router::new()
        .route("/", get(async || "here"))
        .route(
            "/save",
            post(async |body: Body| axum::body::to_bytes(body, usize::MAX).await.unwrap().len().to_string()),
        )
        .route("/panic", get(async || -> &'static str { panic!("on purpose") }))
        .route("/deaf", get(async || std::future::pending::<&'static str>().await))
        .route("/events", get(events))
        .route("/page", get(page))
        .route("/cut", get(cut))
}

/// A file that breaks off after its beginning.
async fn cut() -> Body {
    let parts = [Ok("name\r\n"), Err(std::io::Error::other("the database is gone"))];
    Body::from_stream(futures_util::stream::iter(parts))
}

/// What the binary's own page routes do, with a page that is nothing but its nonce.
async fn page(request: axum::extract::Request) -> axum::response::Response {
    use leptos::prelude::*;
    // The binary's route list does this; once is enough.
    let _ = any_spawner::Executor::init_tokio();
    let shell = || view! { <script nonce=leptos::nonce::use_nonce()>"1"</script> };
    let render = leptos_axum::render_app_to_stream_with_context(CspNonce::provide, shell);
    render(request).await.into_response()
}

async fn start() -> Server {
    let dir = tempfile::tempdir().unwrap();
    let pki = Pki::open(&dir.path().join("pki"), &[], SystemClock.now()).unwrap();
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("https://localhost:{}", listener.address().unwrap().port());
    let tls = RustlsConfig::from_config(tls_config(&pki.server_cert(), &pki.server_key()).unwrap());
    let stop = Stop::new();
    let all = guard(routes(&stop), Guard { tls: true, public_url: None, body_limit: 64 << 10 });
    let ender = stop.clone();
    let task = tokio::spawn(async move { listener.with_tls(tls).serve(all, &ender).await.unwrap() });
    Server { url, ca: pki.client_dir().join("cacert.pem"), stop, task, _dir: dir }
}

impl Server {
    fn command(&self, args: &[&str], path: &str) -> Command {
        let mut command = Command::new("curl");
        command.args(["-sS", "-i", "--max-time", "60", "--resolve"]);
        let port = self.url.rsplit(':').next().unwrap();
        command.arg(format!("localhost:{port}:127.0.0.1")).arg("--cacert").arg(&self.ca);
        command.args(args).arg(format!("{}{path}", self.url));
        command
    }

    async fn curl(&self, args: &[&str], path: &str) -> String {
        let mut command = self.command(args, path);
        let out = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).to_lowercase()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_and_a_nonce_of_its_own() {
    let server = start().await;
    let (one, two) = (server.curl(&[], "/").await, server.curl(&[], "/nothing").await);
    assert!(one.starts_with("http/2 200") && two.starts_with("http/2 404"), "{one}{two}");
    let nonce = |text: &str| text.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    assert_ne!(nonce(&one), nonce(&two));
    for answer in [&one, &two] {
        for word in
            ["'strict-dynamic' 'wasm-unsafe-eval'", "frame-ancestors 'none'", "nosniff", "x-correlation-id: "]
        {
            assert!(answer.contains(word), "{word} is missing in {answer}");
        }
    }
    let old = server.curl(&["--http1.1", "--tls-max", "1.2"], "/").await;
    assert!(old.starts_with("http/1.1 200"), "{old}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rendered_page_carries_the_headers_nonce() {
    let server = start().await;
    let answer = server.command(&[], "/page");
    let out = tokio::task::spawn_blocking(move || {
        let mut a = answer;
        a.output().unwrap()
    })
    .await
    .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let nonce = text.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(text.contains(&format!("<script nonce=\"{nonce}\">")), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_requests_are_refused() {
    let server = start().await;
    let own = format!("origin: {}", server.url);
    assert!(server.curl(&["-d", "x", "-H", &own], "/save").await.starts_with("http/2 200"));
    assert!(
        server
            .curl(&["-d", "x", "-H", "sec-fetch-site: same-origin"], "/save")
            .await
            .starts_with("http/2 200")
    );
    for header in ["origin: https://evil.example", "sec-fetch-site: cross-site", "x: y"] {
        let answer = server.curl(&["-d", "x", "-H", header], "/save").await;
        assert!(answer.starts_with("http/2 403") && answer.contains("did not come from a page"), "{answer}");
    }
    let upgrade = [
        "--http1.1",
        "-H",
        "connection: upgrade",
        "-H",
        "upgrade: websocket",
        "-H",
        "origin: https://evil.example",
    ];
    assert!(server.curl(&upgrade, "/").await.starts_with("http/1.1 403"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_breaks_off_is_an_error_to_its_reader() {
    let server = start().await;
    // With compression in between, too.
    for args in [&[][..], &["--http1.1"], &["--compressed"]] {
        let mut command = server.command(args, "/cut");
        let out = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(!out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stdout));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_100_mb_is_answered_in_words() {
    let server = start().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(100 << 20).unwrap();
    let data = format!("@{}", file.path().display());
    let own = format!("origin: {}", server.url);
    for how in [
        &["--http1.1"][..],
        &["--http1.1", "-H", "expect:"],
        &["--http1.1", "-H", "transfer-encoding: chunked", "-H", "expect:"],
        &["--http2"],
        &["--http2", "-H", "content-length:"],
    ] {
        let args = [how, &["-X", "POST", "-H", &own, "--data-binary", &data]].concat();
        let answer = server.curl(&args, "/save").await;
        assert!(answer.contains(" 413 ") && answer.contains("at most 64 kib"), "{how:?}: {answer}");
    }
    let small = server.curl(&["-H", &own, "-d", "12345"], "/save").await;
    assert!(small.ends_with("\r\n\r\n5"), "{small}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_becomes_an_incident_and_the_server_lives() {
    let server = start().await;
    let answer = server.curl(&[], "/panic").await;
    assert!(answer.starts_with("http/2 500") && answer.contains("incident"), "{answer}");
    let id = answer.split("x-correlation-id: ").nth(1).unwrap()[..36].to_owned();
    assert!(answer.matches(&id).count() == 2 && !answer.contains("on purpose"), "{answer}");
    assert!(server.curl(&[], "/").await.starts_with("http/2 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn open_streams_and_deaf_handlers_do_not_hold_the_end() {
    let server = start().await;
    let open = |path: &str| {
        server.command(&["-N"], path).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut streams: Vec<_> = (0..20).map(|_| open("/events")).collect();
    let mut deaf = open("/deaf");
    for stream in &mut streams {
        let mut out = stream.stdout.take().unwrap();
        let read = tokio::task::spawn_blocking(move || {
            let (mut seen, mut byte) = (String::new(), [0; 64]);
            while !seen.contains("hello") {
                let n = std::io::Read::read(&mut out, &mut byte).unwrap();
                assert!(n > 0, "the stream ended early: {seen}");
                seen.push_str(&String::from_utf8_lossy(&byte[..n]));
            }
        });
        read.await.unwrap();
    }
    let begun = Instant::now();
    server.stop.begin();
    tokio::time::timeout(Duration::from_secs(10), server.task).await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    for mut child in streams {
        child.wait().unwrap();
    }
    deaf.wait().unwrap();
}
