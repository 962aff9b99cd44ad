//! The provider of these tests: it signs what it is told to, so that it can be wrong in every way. A test is the browser:
//! it takes the address that somebody is sent to, and comes back with a code.

#![allow(dead_code, reason = "each test that takes this in uses a part of it")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use model::provider::ProviderConfig;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::net::TcpListener;

pub const CLIENT: &str = "drover";
pub const SECRET: &str = "kept-from-everybody";

/// What a token is signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    WithTheKey,
    /// With one that it does not publish, but says it does.
    WithAnother,
    /// With the client's secret, as if both ends had one key.
    WithTheSecret,
    /// `alg: none`, and nothing behind the last dot.
    NotAtAll,
    /// The right key is named, and what is there is no signature of it.
    Badly,
}

/// How the provider behaves.
pub struct Scene {
    pub signed: Signed,
    /// What stands in the token beside, or instead of, what is right. Null takes it out.
    pub claims: Value,
    pub userinfo: Value,
    /// What it says of itself beside, or instead of, what is right.
    pub description: Value,
    /// The name of its key: another when it was replaced.
    pub key: &'static str,
}

pub struct Issuer {
    pub url: String,
    pub scene: Mutex<Scene>,
    now: OffsetDateTime,
    right: Ed25519KeyPair,
    other: Ed25519KeyPair,
    /// Challenge and nonce by the code that was given for them.
    codes: Mutex<HashMap<String, (String, String)>>,
}

impl Issuer {
    pub async fn start(now: OffsetDateTime) -> Arc<Issuer> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Issuer::at(format!("http://{}", listener.local_addr().unwrap()), now);
        let routes = routes(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        issuer
    }

    pub fn at(url: String, now: OffsetDateTime) -> Arc<Issuer> {
        let nothing = || json!({});
        let scene = Scene {
            signed: Signed::WithTheKey,
            claims: nothing(),
            userinfo: nothing(),
            description: nothing(),
            key: "first",
        };
        let (right, other) = (key(), key());
        Arc::new(Issuer { url, scene: Mutex::new(scene), now, right, other, codes: Mutex::default() })
    }

    pub fn config(&self, name: &str) -> ProviderConfig {
        ProviderConfig {
            name: name.into(),
            issuer: self.url.clone(),
            client_id: CLIENT.into(),
            scopes: vec!["profile".into(), "email".into()],
            user_claim: "preferred_username".into(),
            full_name_claim: "name".into(),
            mail_claim: "email".into(),
            groups_claim: "groups".into(),
            ca: String::new(),
            enabled: true,
            everybody: false,
        }
    }

    /// Somebody signs in at the address that they were sent to, and is given a code.
    pub fn code(&self, sent_to: &str) -> String {
        let asked = query(sent_to);
        assert!(sent_to.starts_with(&format!("{}/authorize?", self.url)), "{sent_to}");
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["scope"], "openid profile email");
        let code = format!("code-{}", self.codes.lock().unwrap().len());
        let promise = (asked["code_challenge"].clone(), asked["nonce"].clone());
        self.codes.lock().unwrap().insert(code.clone(), promise);
        code
    }

    pub fn change(&self, change: impl FnOnce(&mut Scene)) {
        change(&mut self.scene.lock().unwrap());
    }

    fn token(&self, nonce: &str) -> String {
        let scene = self.scene.lock().unwrap();
        let now = self.now.unix_timestamp();
        let claims = json!({
            "iss": self.url, "sub": "7", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
            "preferred_username": "ada", "name": "Ada Lovelace", "email": "ada@example.org", "groups": ["staff"],
        });
        let alg = match scene.signed {
            Signed::NotAtAll => "none",
            Signed::WithTheSecret => "HS256",
            _ => "EdDSA",
        };
        let header = json!({ "alg": alg, "kid": scene.key, "typ": "JWT" });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let body = format!("{}.{}", part(&header), part(&overlaid(claims, &scene.claims)));
        let signature = match scene.signed {
            Signed::WithTheKey => self.right.sign(body.as_bytes()).as_ref().to_vec(),
            Signed::WithAnother => self.other.sign(body.as_bytes()).as_ref().to_vec(),
            Signed::Badly => vec![0; 64],
            Signed::NotAtAll => Vec::new(),
            Signed::WithTheSecret => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
                ring::hmac::sign(&key, body.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

pub fn key() -> Ed25519KeyPair {
    let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap()
}

/// The words of an address.
pub fn query(address: &str) -> HashMap<String, String> {
    let url: axum::http::Uri = address.parse().unwrap();
    let query = axum::extract::Query::<HashMap<String, String>>::try_from_uri(&url).unwrap();
    query.0
}

fn overlaid(mut under: Value, over: &Value) -> Value {
    let into = under.as_object_mut().unwrap();
    for (name, value) in over.as_object().unwrap() {
        into.insert(name.clone(), value.clone());
    }
    into.retain(|_, value| !value.is_null());
    under
}

pub fn routes(issuer: Arc<Issuer>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(description))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo))
        .with_state(issuer)
}

async fn description(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", issuer.url);
    let right = json!({
        "issuer": issuer.url, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"), "userinfo_endpoint": at("/userinfo"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["EdDSA", "none", "HS256"],
        "code_challenge_methods_supported": ["S256"],
    });
    Json(overlaid(right, &issuer.scene.lock().unwrap().description))
}

async fn keys(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let x = URL_SAFE_NO_PAD.encode(issuer.right.public_key());
    // The one before: a token that is signed with it is not believed by the name alone.
    Json(
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "first", "x": x }] }),
    )
}

async fn token(
    State(issuer): State<Arc<Issuer>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let refused = |why: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response();
    let client = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    if headers.get("authorization").is_none_or(|said| said != client.as_str()) {
        return refused("invalid_client");
    }
    let promise = issuer.codes.lock().unwrap().remove(form.get("code").map_or("", String::as_str));
    let challenge = form.get("code_verifier").map(|v| URL_SAFE_NO_PAD.encode(digest(&SHA256, v.as_bytes())));
    let Some((_, nonce)) = promise.filter(|(asked, _)| challenge.as_ref() == Some(asked)) else {
        return refused("invalid_grant");
    };
    let id_token = issuer.token(&nonce);
    let tokens = json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token });
    Json(tokens).into_response()
}

async fn userinfo(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Response {
    if headers.get("authorization").is_none_or(|said| said != "Bearer a") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(overlaid(json!({ "sub": "7" }), &issuer.scene.lock().unwrap().userinfo)).into_response()
}
