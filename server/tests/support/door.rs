//! A server's routes on a database of its own, and a browser at its door.

// Each test file compiles this for itself and uses its part of it.
#![allow(dead_code)]

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use control::{App, Ctx, users};
use http_body_util::BodyExt;
use model::UserId;
use model::id::Kind;
use server::assets::Site;
use server::config::{SettingArgs, Settings};
use server::engine;
use server::http::{self, Guard};
use server::lifecycle::Stop;
use server::web;
use sqlx::PgPool;
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse";
const MANIFEST: &[u8] = br#"{"app.css":"pkg/app.1.css","app.wasm":"pkg/app.2.wasm","app.js":"pkg/app.3.js",
    "novnc.js":"pkg/novnc.4.js","RedHatTextVF.woff2":"pkg/font.5.woff2","texts.en.ftl":"pkg/texts.en.6.ftl",
    "texts.de.ftl":"pkg/texts.de.7.ftl"}"#;

/// The routes of a server on a database of its own.
pub struct Door {
    pub app: App,
    pub routes: Router,
    stop: Stop,
    _data: tempfile::TempDir,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.stop.begin();
    }
}

pub async fn door(pool: PgPool) -> Door {
    let data = tempfile::tempdir().unwrap();
    let mut url: url::Url = std::env::var("DATABASE_URL").unwrap().parse().unwrap();
    url.set_path(pool.connect_options().get_database().unwrap());
    let args = SettingArgs {
        data: Some(data.path().to_owned()),
        http: Some(true),
        database_url: Some(url.to_string()),
        ..SettingArgs::default()
    };
    let (settings, stop) = (Settings::load(&args).unwrap(), Stop::new());
    let app = engine::open(&settings, url.as_str()).await.unwrap();
    stop.spawn(control::live::listen(app.clone(), stop.token().clone()));
    let site = Site::new(&[("manifest.json", MANIFEST)]);
    let guard = Guard { tls: false, public_url: None, body_limit: http::DEFAULT_LIMIT };
    let routes = http::guard(web::routes(&settings, &app, &site, &stop), guard);
    Door { app, routes, stop, _data: data }
}

/// A browser: what it sends comes from a page of this server, unless it says otherwise.
#[derive(Default)]
pub struct Browser {
    pub cookie: Option<String>,
}

impl Browser {
    pub async fn send(&mut self, door: &Door, method: &str, path: &str, body: &str) -> (StatusCode, String) {
        let (status, answer) = self.open(door, method, path, body, Some("same-origin")).await;
        let bytes = answer.collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Follows a link, and no redirect: what the answer says, and where it leads.
    pub async fn follow(&mut self, door: &Door, path: &str) -> (StatusCode, String, String) {
        let answer = self.asked(door, "GET", path, "", Some("cross-site")).await;
        let status = answer.status();
        let to = answer.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, to.unwrap_or_default(), String::from_utf8_lossy(&bytes).into_owned())
    }

    pub async fn open(
        &mut self,
        door: &Door,
        method: &str,
        path: &str,
        body: &str,
        site: Option<&str>,
    ) -> (StatusCode, Body) {
        let answer = self.asked(door, method, path, body, site).await;
        (answer.status(), answer.into_body())
    }

    async fn asked(
        &mut self,
        door: &Door,
        method: &str,
        path: &str,
        body: &str,
        site: Option<&str>,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        request = request.header(header::ACCEPT, "application/json");
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, format!("drover={cookie}"));
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        let from: SocketAddr = "192.0.2.7:40000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(from));
        let response = door.routes.clone().oneshot(request).await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap().strip_prefix("drover=").unwrap_or_default();
            self.cookie = set.split(';').next().filter(|value| !value.is_empty()).map(str::to_owned);
        }
        response
    }

    pub async fn sign_in(&mut self, door: &Door, name: &str) -> String {
        let body = format!("user={name}&password={}", PASSWORD.replace(' ', "+"));
        let (status, answer) = self.send(door, "POST", "/sign-in", &body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }

    /// Whether a page opens.
    pub async fn is_in(&mut self, door: &Door) -> bool {
        let (status, _) = self.send(door, "GET", "/account", "").await;
        status == StatusCode::OK
    }
}

pub async fn user(door: &Door, name: &str) -> UserId {
    users::add(&Ctx::system(&door.app, "test"), name, PASSWORD, false).await.unwrap()
}

pub async fn super_user(door: &Door, name: &str) -> UserId {
    let id = user(door, name).await;
    let system = Ctx::system(&door.app, "test");
    users::grant(&system, name, "SuperUser", Kind::System, model::SYSTEM, "System").await.unwrap();
    id
}
