//! The second factor: offered, confirmed, asked for, used once, and gone with the password or an administrator.

use control::audit::Whence;
use control::{Ctx, second_factor, users};
use model::UserId;
use model::event::EventKind;
use sqlx::PgPool;
use time::Duration;
use totp_rs::{Algorithm, Secret, TOTP};

use crate::support::*;

const PASSWORD: &str = "correct horse";
const WHENCE: Whence<'static> = Whence { address: "192.0.2.1", correlation: "c-code" };

struct Bob {
    id: UserId,
    ctx: Ctx,
}

async fn bob(world: &World) -> Bob {
    let id = users::add(&world.admin, "bob", PASSWORD, false).await.unwrap();
    let ctx = Ctx::signed_in(&world.app, id, "c".into(), String::new(), Some("bob-1".into())).await.unwrap();
    Bob { id, ctx: ctx.unwrap() }
}

/// What the device shows now.
async fn code(world: &World, key: &str) -> String {
    let key = Secret::Encoded(key.to_owned()).to_bytes().unwrap();
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, key, None, "bob".to_owned()).unwrap();
    totp.generate(world.app.now().unix_timestamp().unsigned_abs())
}

async fn offered(bob: &Bob) -> String {
    second_factor::offer(&bob.ctx).await.unwrap();
    second_factor::state(&bob.ctx).await.unwrap().offer.unwrap().key
}

/// Key and recovery codes of somebody who has it on.
async fn on(world: &World, bob: &Bob) -> (String, Vec<String>) {
    let key = offered(bob).await;
    let codes = second_factor::confirm(&bob.ctx, &code(world, &key).await).await.unwrap();
    world.clock.advance(Duration::seconds(90));
    (key, codes)
}

async fn second(world: &World, bob: &Bob, code: &str) -> String {
    match second_factor::sign_in(&world.app, bob.id, code, WHENCE).await {
        Ok(()) => "in".to_owned(),
        refused => said(refused),
    }
}

async fn password(world: &World) -> String {
    match users::sign_in(&world.app, "bob", PASSWORD, ("192.0.2.1", "c")).await {
        Ok(_) => "right".to_owned(),
        refused => said(refused),
    }
}

async fn asked(world: &World, bob: &Bob) -> bool {
    second_factor::asked_of(&mut world.app.conn().await.unwrap(), bob.id).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn it_is_on_when_the_device_has_shown_that_it_works(pool: PgPool) {
    let world = World::new(pool).await;
    let bob = bob(&world).await;
    assert_eq!(said(second_factor::confirm(&bob.ctx, "000000").await), "refusal-second-factor-nothing");
    let first = offered(&bob).await;
    let key = offered(&bob).await;
    assert_ne!(first, key, "beginning anew makes another key");
    let offer = second_factor::state(&bob.ctx).await.unwrap().offer.unwrap();
    assert!(offer.address.starts_with("otpauth://totp/Drover:bob%40internal?"), "{}", offer.address);
    assert!(!asked(&world, &bob).await);
    let stale = code(&world, &first).await;
    assert_eq!(said(second_factor::confirm(&bob.ctx, &stale).await), "code: second-factor-wrong");
    let codes = second_factor::confirm(&bob.ctx, &code(&world, &key).await).await.unwrap();
    assert_eq!(codes.len(), 10);
    assert!(asked(&world, &bob).await);
    let state = second_factor::state(&bob.ctx).await.unwrap();
    assert!(state.since.is_some() && state.codes_left == 10 && state.offer.is_none(), "{state:?}");
    assert_eq!(said(second_factor::offer(&bob.ctx).await), "refusal-second-factor-on");
    let again = second_factor::confirm(&bob.ctx, &code(&world, &key).await).await;
    assert_eq!(said(again), "refusal-second-factor-nothing");
    assert_eq!(world.events(EventKind::SecondFactorOn).await.len(), 1);
    let clear = format!("SELECT count(*) FROM second_factors WHERE position('{key}'::bytea in sealed) > 0");
    assert_eq!(world.count(&clear).await, 0, "the key lies nowhere as it is");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_code_is_good_once_and_near_its_time(pool: PgPool) {
    let world = World::new(pool).await;
    let bob = bob(&world).await;
    let (key, _) = on(&world, &bob).await;
    let events = world.events(EventKind::SignedIn).await.len();
    assert_eq!(password(&world).await, "right");
    assert_eq!(world.events(EventKind::SignedIn).await.len(), events, "nobody is in with half of it");
    let first = code(&world, &key).await;
    assert_eq!(second(&world, &bob, &first).await, "in");
    assert_eq!(second(&world, &bob, &first).await, "code: second-factor-wrong", "a code is used once");
    assert_eq!(world.events(EventKind::SignedIn).await.len(), events + 1);

    world.clock.advance(Duration::seconds(30));
    let late = code(&world, &key).await;
    world.clock.advance(Duration::seconds(30));
    assert_eq!(second(&world, &bob, &late).await, "in", "half a minute late");
    world.clock.advance(Duration::seconds(30));
    let later = code(&world, &key).await;
    world.clock.advance(Duration::seconds(60));
    assert_eq!(second(&world, &bob, &later).await, "code: second-factor-wrong", "a minute late");
    let now = code(&world, &key).await;
    let (one, two) = tokio::join!(second(&world, &bob, &now), second(&world, &bob, &now));
    assert_ne!(one, two, "of two at once, one");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn wrong_codes_lock_the_account_whatever_the_password(pool: PgPool) {
    let world = World::new(pool).await;
    let bob = bob(&world).await;
    let (key, _) = on(&world, &bob).await;
    for _ in 0..5 {
        assert_eq!(password(&world).await, "right");
        assert_eq!(second(&world, &bob, "000000").await, "code: second-factor-wrong");
    }
    assert_eq!(second(&world, &bob, &code(&world, &key).await).await, "refusal-account-locked");
    assert_eq!(password(&world).await, "refusal-account-locked");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn each_recovery_code_opens_once(pool: PgPool) {
    let world = World::new(pool).await;
    let bob = bob(&world).await;
    let (_, codes) = on(&world, &bob).await;
    assert_eq!(second(&world, &bob, &codes[3].to_lowercase().replace('-', " ")).await, "in");
    assert_eq!(second(&world, &bob, &codes[3]).await, "code: second-factor-wrong");
    assert_eq!(second(&world, &bob, &codes[4]).await, "in");
    assert_eq!(second_factor::state(&bob.ctx).await.unwrap().codes_left, 8);
    assert_eq!(world.events(EventKind::RecoveryCodeUsed).await.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn it_goes_with_the_password_or_by_an_administrator(pool: PgPool) {
    let world = World::new(pool).await;
    let bob = bob(&world).await;
    assert_eq!(said(second_factor::turn_off(&bob.ctx, PASSWORD).await), "refusal-second-factor-off");
    on(&world, &bob).await;
    assert_eq!(said(second_factor::turn_off(&bob.ctx, "wrong horse").await), "password: password-wrong");
    second_factor::turn_off(&bob.ctx, PASSWORD).await.unwrap();
    assert!(!asked(&world, &bob).await);

    on(&world, &bob).await;
    crate::sessions::begin(&world, bob.id, "bob-1").await;
    let owner = world.owner_of("owner", &[]).await;
    assert_eq!(said(second_factor::reset(&owner, bob.id).await), "refusal-not-permitted");
    second_factor::reset(&world.admin, bob.id).await.unwrap();
    assert!(!asked(&world, &bob).await);
    assert_eq!(world.count("SELECT count(*) FROM sessions").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM recovery_codes").await, 0);
    assert_eq!(said(second_factor::reset(&world.admin, bob.id).await), "refusal-second-factor-off");
    assert_eq!(said(second_factor::reset(&world.admin, UserId(uuid::Uuid::max())).await), "no user");
}
