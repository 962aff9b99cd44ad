//! Accounts as a whole: locked by wrong passwords, opened by time or an administrator, removed unless nobody would be
//! left who may do everything.

use control::{Ctx, accounts, users};
use model::UserId;
use model::event::EventKind;
use sqlx::PgPool;
use time::Duration;

use crate::support::*;

const PASSWORD: &str = "correct horse";

async fn sign_in(world: &World, name: &str, password: &str) -> String {
    match users::sign_in(&world.app, name, password, ("192.0.2.1", "c-sign-in")).await {
        Ok(_) => "in".to_owned(),
        refused => said(refused),
    }
}

async fn guess(world: &World, name: &str, times: usize) {
    for _ in 0..times {
        assert_eq!(sign_in(world, name, "wrong horse").await, "refusal-sign-in");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn five_wrong_passwords_lock_an_account_for_a_while(pool: PgPool) {
    let world = World::new(pool).await;
    let bob = users::add(&world.admin, "bob", PASSWORD, false).await.unwrap();
    guess(&world, "bob", 4).await;
    assert_eq!(sign_in(&world, "bob", PASSWORD).await, "in", "and what was wrong before is forgotten");
    guess(&world, "bob", 4).await;
    world.clock.advance(Duration::minutes(15));
    guess(&world, "bob", 4).await;
    assert_eq!(world.events(EventKind::AccountLocked).await.len(), 0);
    guess(&world, "BOB@internal", 1).await;
    assert_eq!(sign_in(&world, "bob", PASSWORD).await, "refusal-account-locked", "however it is written");
    assert_eq!(world.events(EventKind::AccountLocked).await.len(), 0, "there is no BOB to tell of");

    world.clock.advance(Duration::minutes(15));
    guess(&world, "bob", 5).await;
    let told = world.events(EventKind::AccountLocked).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].objects[0].1, bob.0);
    for _ in 0..2 {
        assert_eq!(sign_in(&world, "bob@internal", PASSWORD).await, "refusal-account-locked");
    }
    world.clock.advance(Duration::minutes(14));
    assert_eq!(sign_in(&world, "bob", PASSWORD).await, "refusal-account-locked", "no attempt prolongs it");
    world.clock.advance(Duration::minutes(1));
    assert_eq!(sign_in(&world, "bob", PASSWORD).await, "in");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_account_that_is_not_there_is_locked_like_one_that_is(pool: PgPool) {
    let world = World::new(pool).await;
    guess(&world, "nobody", 5).await;
    assert_eq!(sign_in(&world, "nobody", PASSWORD).await, "refusal-account-locked");
    world.clock.advance(Duration::minutes(15));
    control::reconcile::housekeeping::tidy(&world.app).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM sign_in_attempts").await, 0, "and forgotten");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn many_guesses_at_once_are_no_more_than_five(pool: PgPool) {
    let world = World::new(pool).await;
    users::add(&world.admin, "bob", PASSWORD, false).await.unwrap();
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let app = world.app.clone();
        guesses
            .spawn(async move { said(users::sign_in(&app, "bob", "wrong horse", ("192.0.2.1", "c")).await) });
    }
    let answers = guesses.join_all().await;
    assert_eq!(answers.iter().filter(|a| *a == "refusal-sign-in").count(), 5, "{answers:?}");
    assert_eq!(world.events(EventKind::AccountLocked).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_administrator_unlocks_an_account(pool: PgPool) {
    let world = World::new(pool).await;
    let bob = users::add(&world.admin, "bob", PASSWORD, false).await.unwrap();
    let owner = world.owner_of("owner", &[]).await;
    guess(&world, "bob", 5).await;
    assert_eq!(said(accounts::unlock(&owner, bob).await), "refusal-not-permitted");
    assert_eq!(said(accounts::standing(&owner, bob).await), "refusal-not-permitted");
    let until = accounts::standing(&world.admin, bob).await.unwrap().locked_until;
    assert_eq!(until, Some(world.app.now() + Duration::minutes(15)));
    assert_eq!(sign_in(&world, "bob", PASSWORD).await, "refusal-account-locked");
    for _ in 0..2 {
        accounts::unlock(&world.admin, bob).await.unwrap();
    }
    assert_eq!(
        world.events(EventKind::AccountUnlocked).await.len(),
        1,
        "the second time there is nothing to do"
    );
    assert_eq!(sign_in(&world, "bob", PASSWORD).await, "in");
    let standing = accounts::standing(&world.admin, bob).await.unwrap();
    assert!(
        standing.locked_until.is_none() && standing.second_factor.is_none() && standing.sessions.is_empty()
    );
    assert_eq!(said(accounts::standing(&world.admin, UserId(uuid::Uuid::max())).await), "no user");
    assert_eq!(said(accounts::unlock(&world.admin, UserId(uuid::Uuid::max())).await), "no user");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_wrong_password_counts_wherever_it_is_asked_for(pool: PgPool) {
    let world = World::new(pool).await;
    let bob = users::add(&world.admin, "bob", PASSWORD, false).await.unwrap();
    let me = Ctx::signed_in(&world.app, bob, "c".into(), String::new(), None).await.unwrap().unwrap();
    for _ in 0..5 {
        let changed = users::change_password(&me, "wrong horse", "better horse").await;
        assert_eq!(said(changed), "current: password-wrong");
    }
    assert_eq!(said(users::change_password(&me, PASSWORD, "better horse").await), "refusal-account-locked");
    assert_eq!(sign_in(&world, "bob", PASSWORD).await, "refusal-account-locked");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn somebody_who_may_do_everything_is_always_left(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = world.admin.who.id.unwrap();
    let owner = world.owner_of("owner", &[world.data_center.0]).await;
    let own = owner.who.id.unwrap();
    assert_eq!(said(users::remove(&owner, admin).await), "refusal-not-permitted");
    assert_eq!(said(users::remove(&world.admin, admin).await), "refusal-remove-oneself");
    users::remove(&world.admin, own).await.unwrap();
    assert_eq!(said(users::remove(&world.admin, own).await), "no user");
    let left = format!("SELECT count(*) FROM permissions WHERE principal_id = '{own}'");
    assert_eq!(world.count(&left).await, 0);
    let gone = Ctx::signed_in(&world.app, own, "c".into(), String::new(), None).await.unwrap();
    assert!(gone.is_none());
    assert_eq!(world.events(EventKind::UserRemoved).await.len(), 1);

    let other = world.newcomer("other").await.who.id.unwrap();
    let system = Ctx::system(&world.app, "test");
    users::remove(&system, admin).await.unwrap();
    assert_eq!(said(users::remove(&system, other).await), "refusal-last-super-user");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn two_super_users_do_not_remove_each_other(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = world.admin.who.id.unwrap();
    let other = world.newcomer("other").await.who.id.unwrap();
    let (one, two) = (Ctx::system(&world.app, "one"), Ctx::system(&world.app, "two"));
    let (a, b) = tokio::join!(users::remove(&one, admin), users::remove(&two, other));
    let words = [a, b].map(|done| done.map_or_else(|f| said::<()>(Err(f)), |()| "removed".to_owned()));
    assert!(words.contains(&"removed".to_owned()), "{words:?}");
    assert!(words.contains(&"refusal-last-super-user".to_owned()), "{words:?}");
}
