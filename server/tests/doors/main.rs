//! The way in and out, over the routes that are served: no other site gets in, no planted session is worth anything,
//! half a sign-in opens nothing, and who was removed is out at once.

#![allow(clippy::unwrap_used)]

#[path = "../support/door.rs"]
mod door;
mod openid;

use axum::http::StatusCode;
use control::{Ctx, second_factor, users};
use door::{Browser, Door, door, super_user, user};
use http_body_util::BodyExt;
use model::UserId;
use model::clock::Clock;
use model::id::Kind;
use server::engine::SystemClock;
use sqlx::PgPool;
use totp_rs::{Algorithm, Secret, TOTP};

async fn count(door: &Door, sql: &str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&door.app.pool).await.unwrap()
}

/// Turns the second factor on; gives a recovery code.
async fn with_second_factor(door: &Door, user: UserId) -> String {
    let ctx = Ctx::signed_in(&door.app, user, "c".into(), String::new(), None).await.unwrap().unwrap();
    second_factor::offer(&ctx).await.unwrap();
    let key = second_factor::state(&ctx).await.unwrap().offer.unwrap().key;
    let key = Secret::Encoded(key).to_bytes().unwrap();
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, key, None, "ada".into()).unwrap();
    let code = totp.generate(SystemClock.now().unix_timestamp().unsigned_abs());
    second_factor::confirm(&ctx, &code).await.unwrap().remove(0)
}

#[sqlx::test(migrations = false)]
async fn another_site_changes_nothing_whatever_it_sends(pool: PgPool) {
    let door = door(pool).await;
    super_user(&door, "ada").await;
    let mut ada = Browser::default();
    ada.sign_in(&door, "ada").await;
    let id = uuid::Uuid::max().to_string();
    let mut paths: Vec<String> =
        app::forms::table::TABLE.iter().map(|line| line.path.replace("{id}", &id)).collect();
    paths.extend(["/sign-in", "/sign-in/code", "/sign-out", "/active", "/fn/vms/list"].map(str::to_owned));
    paths.push(format!("/vms/{id}/console/ticket"));
    let before = (count(&door, "SELECT count(*) FROM events").await, ada.cookie.clone());
    for path in &paths {
        for site in [Some("cross-site"), Some("same-site"), None] {
            let (status, _) = ada.open(&door, "POST", path, "name=x", site).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{path} from {site:?}");
        }
    }
    assert_eq!((count(&door, "SELECT count(*) FROM events").await, ada.cookie.clone()), before);
    assert!(ada.is_in(&door).await);
    // The same from here is answered by the application.
    let (status, _) = ada.send(&door, "POST", &format!("/vms/{id}/run"), "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = false)]
async fn a_planted_session_is_worth_nothing(pool: PgPool) {
    let door = door(pool).await;
    user(&door, "ada").await;
    let mut attacker = Browser::default();
    attacker.sign_in(&door, "ada").await;
    attacker.send(&door, "POST", "/sign-out", "").await;
    for planted in [Some("AAAAAAAAAAAAAAAAAAAAAQ".to_owned()), attacker.cookie.clone()] {
        let mut ada = Browser { cookie: planted.clone() };
        ada.sign_in(&door, "ada").await;
        assert!(ada.cookie.is_some() && ada.cookie != planted, "the id is another one");
        let first = ada.cookie.clone();
        assert!(ada.is_in(&door).await);
        assert!(!Browser { cookie: planted }.is_in(&door).await);
        ada.sign_in(&door, "ada").await;
        assert_ne!(ada.cookie, first, "and again with each sign-in");
        assert!(!Browser { cookie: first }.is_in(&door).await);
    }
}

#[sqlx::test(migrations = false)]
async fn half_a_sign_in_opens_nothing(pool: PgPool) {
    let door = door(pool).await;
    let id = super_user(&door, "ada").await;
    let code = with_second_factor(&door, id).await;
    let mut ada = Browser::default();
    let (status, refused) = ada.send(&door, "POST", "/sign-in/code", &format!("code={code}")).await;
    assert_eq!(status, StatusCode::CONFLICT, "a code alone: {refused}");
    let answer = ada.sign_in(&door, "ada").await;
    assert!(answer.contains("/sign-in/code"), "{answer}");
    let half = ada.cookie.clone();
    for (method, path, wanted) in [
        ("GET", "/vms", StatusCode::SEE_OTHER),
        ("GET", "/account", StatusCode::SEE_OTHER),
        ("GET", "/live", StatusCode::UNAUTHORIZED),
        ("POST", "/fn/account/own", StatusCode::UNAUTHORIZED),
        ("POST", "/account/second-factor/off", StatusCode::UNAUTHORIZED),
        ("POST", "/data-centers/new", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(ada.send(&door, method, path, "").await.0, wanted, "{method} {path}");
    }
    let (status, _) = ada.send(&door, "POST", "/sign-in/code", "code=000000").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, answer) = ada.send(&door, "POST", "/sign-in/code", &format!("code={code}")).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_ne!(ada.cookie, half, "the id is another one");
    assert!(ada.is_in(&door).await);
    assert!(!Browser { cookie: half }.is_in(&door).await);
}

#[sqlx::test(migrations = false)]
async fn half_a_sign_in_ends_with_the_password(pool: PgPool) {
    let door = door(pool).await;
    let id = user(&door, "ada").await;
    let code = with_second_factor(&door, id).await;
    let mut thief = Browser::default();
    thief.sign_in(&door, "ada").await;
    let system = Ctx::system(&door.app, "test");
    users::reset_password(&system, "ada", "another horse", false).await.unwrap();
    let (status, _) = thief.send(&door, "POST", "/sign-in/code", &format!("code={code}")).await;
    assert_eq!(status, StatusCode::CONFLICT);
}

#[sqlx::test(migrations = false)]
async fn who_is_removed_is_out_at_once(pool: PgPool) {
    let door = door(pool).await;
    super_user(&door, "ada").await;
    let bob_id = user(&door, "bob").await;
    let mut bob = Browser::default();
    bob.sign_in(&door, "bob").await;
    assert!(bob.is_in(&door).await);
    let (status, mut stream) = bob.open(&door, "GET", "/live", "", Some("same-origin")).await;
    assert_eq!(status, StatusCode::OK);
    users::remove(&Ctx::system(&door.app, "test"), bob_id).await.unwrap();
    let mut said = String::new();
    let deadline = std::time::Duration::from_secs(60);
    tokio::time::timeout(deadline, async {
        while let Some(frame) = stream.frame().await {
            said.push_str(&String::from_utf8_lossy(frame.unwrap().data_ref().unwrap()));
            if said.contains("ended") {
                break;
            }
        }
    })
    .await
    .unwrap();
    assert!(said.contains("ended"), "{said}");
    assert!(!bob.is_in(&door).await);
    assert_eq!(bob.send(&door, "POST", "/data-centers/new", "name=x").await.0, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrations = false)]
async fn what_was_refused_is_in_the_audit(pool: PgPool) {
    let door = door(pool).await;
    let mut bob = Browser::default();
    user(&door, "bob").await;
    let from_nobody = bob.send(&door, "POST", "/data-centers/new", "name=x").await.0;
    assert_eq!(from_nobody, StatusCode::UNAUTHORIZED);
    let system = Ctx::system(&door.app, "test");
    let main = model::data_center::DataCenterConfig { name: "main".into(), ..Default::default() };
    let main = control::data_centers::create(&system, &main).await.unwrap();
    users::grant(&system, "bob", "UserVmManager", Kind::DataCenter, main.0, "main").await.unwrap();
    bob.sign_in(&door, "bob").await;
    let remove = format!("/data-centers/{main}/remove");
    assert_eq!(bob.send(&door, "POST", &remove, "").await.0, StatusCode::FORBIDDEN);
    let rows = control::audit::newest(&door.app, 100).await.unwrap();
    let refused = rows.iter().filter(|r| r.outcome == "refused");
    let refused: Vec<String> = refused
        .map(|r| {
            format!("{}|{}|{}|{}", r.actor, r.address, r.action, r.object_kind.as_deref().unwrap_or("-"))
        })
        .collect();
    let wanted =
        ["|192.0.2.7|/data-centers/new|-".to_owned(), format!("bob@internal|192.0.2.7|{remove}|data_center")];
    assert_eq!(refused, wanted);
    assert_eq!(control::audit::verify(&door.app, None).await.unwrap().broken, None);
}
