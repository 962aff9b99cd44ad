//! The way to an OpenID Connect provider and back, over the routes that are served: bound to the browser, good once, and
//! never to somewhere else.

#[path = "../../../crates/openid/tests/issuer/mod.rs"]
mod issuer;

use std::sync::Arc;

use axum::http::StatusCode;
use control::{Ctx, providers};
use issuer::{Issuer, SECRET, query};
use model::DirectoryId;
use model::clock::Clock;
use server::engine::SystemClock;
use sqlx::PgPool;

use crate::door::{Browser, Door, door};

/// A provider that lets everybody in.
async fn provider(door: &Door) -> (Arc<Issuer>, DirectoryId) {
    let issuer = Issuer::start(SystemClock.now()).await;
    let mut config = issuer.config("id");
    config.everybody = true;
    let system = Ctx::system(&door.app, "test");
    let id = providers::create(&system, &config, Some(SECRET)).await.unwrap();
    (issuer, id)
}

/// Goes to the provider; gives the address to come back to.
async fn signed_in_there(browser: &mut Browser, door: &Door, issuer: &Issuer, way: &str) -> String {
    let (status, to, answer) = browser.follow(door, way).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    assert_eq!(query(&to)["redirect_uri"], "http://localhost/sign-in/oidc/callback");
    let (code, state) = (issuer.code(&to), query(&to)["state"].clone());
    format!("/sign-in/oidc/callback?code={code}&state={state}")
}

#[sqlx::test(migrations = false)]
async fn a_way_back_is_for_one_browser_and_good_once(pool: PgPool) {
    let door = door(pool).await;
    let (issuer, id) = provider(&door).await;
    let way = format!("/sign-in/oidc/{id}");
    let mut ada = Browser::default();
    let back = signed_in_there(&mut ada, &door, &issuer, &format!("{way}?next=%2Fclusters%3Fpage%3D2")).await;
    let before = ada.cookie.clone();
    assert!(before.is_some() && !ada.is_in(&door).await, "to have begun is nothing");
    // Somebody whom the link was sent to, with and without a sign-in of their own under way.
    let mut eve = Browser::default();
    assert_eq!(eve.follow(&door, &back).await.0, StatusCode::FORBIDDEN);
    signed_in_there(&mut eve, &door, &issuer, &way).await;
    assert_eq!(eve.follow(&door, &back).await.0, StatusCode::FORBIDDEN);
    assert!(!eve.is_in(&door).await);

    let (status, to, answer) = ada.follow(&door, &back).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/clusters?page=2"), "{answer}");
    assert!(ada.is_in(&door).await);
    assert_ne!(ada.cookie, before, "the id is another one");
    assert!(!Browser { cookie: before }.is_in(&door).await);
    let (status, _, answer) = ada.follow(&door, &back).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(answer.contains("Begin again"), "{answer}");
    assert!(ada.is_in(&door).await, "who is in stays in");
}

#[sqlx::test(migrations = false)]
async fn whoever_tries_too_often_waits_and_nobody_is_led_astray(pool: PgPool) {
    let door = door(pool).await;
    let (issuer, id) = provider(&door).await;
    let mut ada = Browser::default();
    for next in ["%2F%2Felsewhere.example", "https%3A%2F%2Felsewhere.example", "%2F%5Celsewhere.example"] {
        let way = format!("/sign-in/oidc/{id}?next={next}");
        let back = signed_in_there(&mut ada, &door, &issuer, &way).await;
        assert_eq!(ada.follow(&door, &back).await.1, "/vms", "{next}");
    }
    for (path, wanted) in [
        ("/sign-in/oidc/callback", StatusCode::FORBIDDEN),
        ("/sign-in/oidc/callback?state=&code=&error=%0A", StatusCode::FORBIDDEN),
        ("/sign-in/oidc/00000000-0000-0000-0000-000000000000", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(Browser::default().follow(&door, path).await.0, wanted, "{path}");
    }
    let mut eve = Browser::default();
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        last = eve.follow(&door, "/sign-in/oidc/callback").await.0;
    }
    assert_eq!(last, StatusCode::CONFLICT, "an address has so many attempts and no more");
}
