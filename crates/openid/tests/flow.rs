//! The way to a provider and back, with one that can be wrong in every way.

#![allow(clippy::unwrap_used)]

mod issuer;

use std::net::SocketAddr;
use std::sync::Arc;

use issuer::{Issuer, SECRET, Signed, query};
use model::directory::Step;
use openid::{Asked, OpenIdError, Person, Profile, Returned, begin, finish, probe};
use serde_json::json;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::rustls::{self, pki_types::PrivateKeyDer};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

const NOW: OffsetDateTime = datetime!(2030-01-01 12:00 UTC);

fn profile(issuer: &Issuer) -> Profile {
    Profile { config: issuer.config("example.org"), secret: Some(SECRET.into()) }
}

fn asked() -> Asked {
    Asked {
        state: "s".repeat(64),
        nonce: "n".repeat(64),
        verifier: "v".repeat(64),
        redirect: "https://drover.example/sign-in/oidc/callback".into(),
    }
}

fn with(code: &str) -> Returned<'_> {
    Returned { code, issuer: None, now: NOW }
}

/// All of it, as it should be but for what the provider does.
async fn through(issuer: &Issuer, profile: &Profile) -> Result<Person, OpenIdError> {
    let to = begin(profile, &asked()).await?;
    finish(profile, &asked(), with(&issuer.code(&to))).await
}

#[tokio::test]
async fn somebody_goes_and_comes_back() {
    let issuer = Issuer::start(NOW).await;
    let to = begin(&profile(&issuer), &asked()).await.unwrap();
    let said = query(&to);
    assert_eq!((said["state"].clone(), said["nonce"].clone()), (asked().state, asked().nonce));
    assert_eq!(said["redirect_uri"], asked().redirect);
    assert!(!to.contains(&asked().verifier) && !to.contains(SECRET));
    let ada = finish(&profile(&issuer), &asked(), with(&issuer.code(&to))).await.unwrap();
    let wanted = Person {
        id: format!("{} 7", issuer.url),
        name: "ada".into(),
        full_name: "Ada Lovelace".into(),
        mail: "ada@example.org".into(),
        groups: vec!["staff".into()],
    };
    assert_eq!(ada, wanted);
}

#[tokio::test]
async fn what_is_not_in_the_token_is_asked_for() {
    let issuer = Issuer::start(NOW).await;
    let mut profile = profile(&issuer);
    profile.config.groups_claim = "realm.roles".into();
    issuer.change(|scene| {
        scene.claims = json!({ "preferred_username": null });
        scene.userinfo =
            json!({ "preferred_username": "ada", "name": "Other", "realm": { "roles": ["a", "b"] } });
    });
    let ada = through(&issuer, &profile).await.unwrap();
    assert_eq!((ada.name.as_str(), ada.full_name.as_str()), ("ada", "Ada Lovelace"), "the token goes before");
    assert_eq!(ada.groups, ["a", "b"]);
    issuer.change(|scene| scene.userinfo = json!({ "sub": "8", "preferred_username": "eve" }));
    assert!(through(&issuer, &profile).await.is_err(), "it tells of somebody else");
    issuer.change(|scene| scene.userinfo = json!({}));
    assert_eq!(through(&issuer, &profile).await, Err(OpenIdError::Claim("preferred_username".into())));
}

/// Of which kind an error is.
fn kind(error: &OpenIdError) -> &'static str {
    error.refusal().trim_start_matches("refusal-openid-")
}

#[tokio::test]
async fn what_is_not_for_this_sign_in_is_not_believed() {
    let issuer = Issuer::start(NOW).await;
    let at = |after: Duration| (NOW + after).unix_timestamp();
    let cases = [
        ("another nonce", json!({ "nonce": "x" }), "token"),
        ("no nonce", json!({ "nonce": null }), "token"),
        ("for another client", json!({ "aud": "other" }), "token"),
        ("for another client too", json!({ "aud": ["drover", "other"] }), "token"),
        ("for nobody", json!({ "aud": [] }), "token"),
        ("given to another", json!({ "azp": "other" }), "token"),
        ("of another issuer", json!({ "iss": "https://elsewhere.example.org" }), "token"),
        ("run out", json!({ "exp": at(-Duration::minutes(2)) }), "clock"),
        ("of the future", json!({ "iat": at(Duration::minutes(2)) }), "clock"),
        ("of another access token", json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" }), "token"),
    ];
    for (what, claims, wanted) in cases {
        issuer.change(|scene| scene.claims = claims);
        let error = through(&issuer, &profile(&issuer)).await.expect_err(what);
        assert_eq!(kind(&error), wanted, "{what}: {error}");
    }
    // Clocks are never the same.
    let near =
        json!({ "exp": at(-Duration::seconds(30)), "iat": at(Duration::seconds(30)), "azp": "drover" });
    issuer.change(|scene| scene.claims = near);
    through(&issuer, &profile(&issuer)).await.unwrap();
}

#[tokio::test]
async fn what_is_not_signed_by_the_provider_is_not_believed() {
    let issuer = Issuer::start(NOW).await;
    for (signed, wanted) in [
        (Signed::NotAtAll, "token"),
        (Signed::WithTheSecret, "token"),
        (Signed::WithAnother, "token"),
        (Signed::Badly, "token"),
    ] {
        issuer.change(|scene| scene.signed = signed);
        let error = through(&issuer, &profile(&issuer)).await.unwrap_err();
        assert_eq!(kind(&error), wanted, "{signed:?}: {error}");
    }
    issuer.change(|scene| (scene.signed, scene.key) = (Signed::WithAnother, "second"));
    let error = through(&issuer, &profile(&issuer)).await.unwrap_err();
    assert_eq!(kind(&error), "key", "{error}");
}

#[tokio::test]
async fn a_code_is_good_for_whom_it_was_given_and_once() {
    let issuer = Issuer::start(NOW).await;
    let profile = profile(&issuer);
    let to = begin(&profile, &asked()).await.unwrap();
    let stolen = Asked { verifier: "w".repeat(64), ..asked() };
    let error = finish(&profile, &stolen, with(&issuer.code(&to))).await.unwrap_err();
    assert_eq!(kind(&error), "code", "without the verifier: {error}");
    let code = issuer.code(&to);
    finish(&profile, &asked(), with(&code)).await.unwrap();
    let error = finish(&profile, &asked(), with(&code)).await.unwrap_err();
    assert_eq!(kind(&error), "code", "twice: {error}");
    let wrong = Profile { secret: Some("wrong".into()), ..profile.clone() };
    let error = finish(&wrong, &asked(), with(&issuer.code(&to))).await.unwrap_err();
    assert!(matches!(&error, OpenIdError::Code(why) if why.contains("invalid_client")), "{error}");
    // A code of one provider is not taken to another.
    let other = Returned { issuer: Some("https://elsewhere.example.org"), ..with(&code) };
    assert_eq!(kind(&finish(&profile, &asked(), other).await.unwrap_err()), "token");
    issuer.change(|scene| {
        scene.description = json!({ "authorization_response_iss_parameter_supported": true });
    });
    let code = issuer.code(&to);
    assert_eq!(
        kind(&finish(&profile, &asked(), with(&code)).await.unwrap_err()),
        "token",
        "it does say who it is"
    );
    let said = Returned { issuer: Some(&issuer.url), ..with(&code) };
    finish(&profile, &asked(), said).await.unwrap();
}

fn steps(outcomes: &[model::directory::StepOutcome]) -> Vec<(Step, bool)> {
    outcomes.iter().map(|one| (one.step, one.fine)).collect()
}

#[tokio::test]
async fn a_test_shows_how_far_it_comes() {
    let issuer = Issuer::start(NOW).await;
    let config = issuer.config("example.org");
    let reached = [(Step::Resolve, true), (Step::Connect, true), (Step::Tls, true)];
    let and = |more: &[(Step, bool)]| [&reached, more].concat();
    let fine = [(Step::Discovery, true), (Step::Keys, true), (Step::Pkce, true)];
    assert_eq!(steps(&probe(&config).await), and(&fine));
    for (description, wanted) in [
        (json!({ "issuer": "https://elsewhere.example.org" }), vec![(Step::Discovery, false)]),
        (json!({ "token_endpoint": 7 }), vec![(Step::Discovery, false)]),
        (json!({ "jwks_uri": "http://192.0.2.1/keys" }), vec![(Step::Discovery, true), (Step::Keys, false)]),
        (
            json!({ "jwks_uri": format!("{}/nowhere", issuer.url) }),
            vec![(Step::Discovery, true), (Step::Keys, false)],
        ),
        (
            json!({ "code_challenge_methods_supported": ["plain"] }),
            vec![(Step::Discovery, true), (Step::Keys, true), (Step::Pkce, false)],
        ),
    ] {
        issuer.change(|scene| scene.description = description.clone());
        assert_eq!(steps(&probe(&config).await), and(&wanted), "{description}");
    }
    let away = model::provider::ProviderConfig { issuer: "http://127.0.0.1:1".into(), ..config.clone() };
    assert_eq!(steps(&probe(&away).await), [(Step::Resolve, true), (Step::Connect, false)]);
    assert!(begin(&Profile { config: away, secret: None }, &asked()).await.unwrap_err().away());
}

/// People type their passwords where the provider says.
#[tokio::test]
async fn nobody_is_sent_where_others_listen() {
    let issuer = Issuer::start(NOW).await;
    for address in ["http://id.example.org/authorize", "javascript:alert(1)", "data:text/html,x"] {
        issuer.change(|scene| scene.description = json!({ "authorization_endpoint": address }));
        assert!(begin(&profile(&issuer), &asked()).await.unwrap_err().away(), "{address}");
    }
}

/// Connections with TLS.
struct Encrypted(TcpListener, TlsAcceptor);

impl axum::serve::Listener for Encrypted {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = self.0.accept().await.unwrap();
            if let Ok(stream) = self.1.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

#[tokio::test]
async fn only_the_right_authority_is_believed() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls =
        rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let tls = tls.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = Issuer::at(format!("https://localhost:{}", listener.local_addr().unwrap().port()), NOW);
    let encrypted = Encrypted(listener, TlsAcceptor::from(Arc::new(tls)));
    let routes = issuer::routes(issuer.clone());
    tokio::spawn(async move { axum::serve(encrypted, routes).await });

    let mut profile = profile(&issuer);
    profile.config.ca = made.cert.pem();
    assert_eq!(steps(&probe(&profile.config).await).last(), Some(&(Step::Pkce, true)));
    assert_eq!(through(&issuer, &profile).await.unwrap().name, "ada");
    let other = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    for ca in [other.cert.pem(), String::new()] {
        profile.config.ca = ca;
        assert_eq!(steps(&probe(&profile.config).await).last(), Some(&(Step::Tls, false)));
        assert!(matches!(through(&issuer, &profile).await, Err(OpenIdError::Tls(..))));
    }
}
