//! Accounts: added once, signed in with the right password only, and no more in the hands of others than they
//! have themselves.

use control::{Ctx, users};
use model::event::EventKind;
use model::id::Kind;
use sqlx::PgPool;

use crate::support::*;

const PASSWORD: &str = "correct horse";

async fn sign_in(world: &World, name: &str, password: &str) -> control::Outcome<model::UserId> {
    users::sign_in(&world.app, name, password, ("192.0.2.1", "c-sign-in")).await
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_accounts_life(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let bob = users::add(admin, "bob", PASSWORD, true).await.unwrap();
    assert_eq!(said(users::add(admin, "bob", PASSWORD, true).await), "name: refusal-name-taken");
    assert_eq!(said(users::add(admin, "a b", PASSWORD, true).await), "name: field-name-characters");
    assert_eq!(said(users::add(admin, "eve", "short", true).await), "password: password-too-short");
    for name in ["bob", "bob@internal", " bob "] {
        assert_eq!(sign_in(&world, name, PASSWORD).await.unwrap(), bob);
    }
    for (name, password) in
        [("bob", "wrong horse"), ("nobody", PASSWORD), ("", ""), ("b\0b", "\0"), (&"x".repeat(1 << 16), "")]
    {
        assert_eq!(said(sign_in(&world, name, password).await), "refusal-sign-in", "{name:.9}");
    }
    assert_eq!(world.events(EventKind::SignedIn).await.len(), 3);
    assert_eq!(world.events(EventKind::SignInFailed).await.len(), 5);

    let me = Ctx::signed_in(&world.app, bob, "c".into(), String::new(), Some("kept".into()))
        .await
        .unwrap()
        .unwrap();
    assert!(me.who.must_change_password);
    for session in ["kept", "other"] {
        session_of(&world, bob, session).await;
    }
    assert_eq!(
        said(users::change_password(&me, "wrong horse", "better horse").await),
        "current: password-wrong"
    );
    assert_eq!(said(users::change_password(&me, PASSWORD, PASSWORD).await), "new: password-same");
    assert_eq!(said(users::change_password(&me, PASSWORD, "bobbobbobbob").await), "new: password-too-simple");
    users::change_password(&me, PASSWORD, "better horse").await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM sessions").await, 1, "the others have ended");
    assert_eq!(said(sign_in(&world, "bob", PASSWORD).await), "refusal-sign-in");
    let me = Ctx::signed_in(&world.app, bob, "c".into(), String::new(), None).await.unwrap().unwrap();
    assert!(!me.who.must_change_password);

    users::reset_password(admin, "bob", "third horse", true).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM sessions").await, 0);
    assert_eq!(said(users::reset_password(admin, "nobody", "third horse", true).await), "no user");
    sign_in(&world, "bob", "third horse").await.unwrap();
}

async fn session_of(world: &World, user: model::UserId, id: &str) {
    let now = world.app.now();
    let session = store::sessions::Session {
        id: id.to_owned(),
        user: Some(user),
        address: String::new(),
        agent: String::new(),
        data: serde_json::json!({}),
        created_at: now,
        last_seen: now,
        expires_at: now + time::Duration::HOUR,
    };
    store::sessions::save(&mut world.app.conn().await.unwrap(), &session).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nobody_gives_what_they_do_not_have(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let friend = world.owner_of("friend", &[]).await;
    let grant =
        async |who: &Ctx, user: &str, role: &str| users::grant(who, user, role, Kind::Vm, vm.0, "web1").await;
    assert_eq!(said(grant(&owner, "owner", "SuperUser").await), "refusal-only-super-user");
    assert_eq!(said(control::vms::get(&friend, vm).await), "no vm");
    for _ in 0..2 {
        grant(&owner, "friend", "UserVmManager").await.unwrap();
    }
    control::vms::get(&friend, vm).await.unwrap();
    assert_eq!(said(grant(&world.admin, "friend", "Emperor").await), "role: field-unknown-choice");
    assert_eq!(said(grant(&world.admin, "nobody", "SuperUser").await), "no user");
    let system = Ctx::system(&world.app, "test");
    let nowhere = users::grant(&system, "friend", "SuperUser", Kind::Vm, uuid::Uuid::max(), "x").await;
    assert_eq!(said(nowhere), "no vm");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_role_is_given_to_who_is_named_with_their_directory(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let friend = world.owner_of("friend", &[]).await;
    world.group("operators", &[&friend]).await;
    world.group("Friend", &[]).await;
    let grant =
        async |name: &str| users::grant(&world.admin, name, "UserVmManager", Kind::Vm, vm.0, "web1").await;
    for (name, wanted) in [
        ("operators", Some("no user")),
        ("operators@elsewhere", Some("no user")),
        ("friend@corp@corp", Some("no user")),
        ("", Some("no user")),
        ("operators@corp", None),
    ] {
        let granted = grant(name).await;
        match wanted {
            Some(refused) => assert_eq!(said(granted), refused, "{name}"),
            None => granted.unwrap(),
        }
    }
    control::vms::get(&friend, vm).await.unwrap();
    let held = async || {
        let on = control::permissions::on(&world.admin, Kind::Vm, vm.0).await.unwrap().rows;
        on.into_iter().filter(|row| row.on.1 == vm.0).map(|row| row.principal.name).collect::<Vec<_>>()
    };
    assert_eq!(held().await, ["operators@corp"]);
    grant("friend@corp").await.unwrap();
    grant("friend").await.unwrap();
    assert_eq!(held().await, ["Friend@corp", "friend@internal", "operators@corp"]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_first_administrator_is_made_once(pool: PgPool) {
    let world = World::new(pool).await;
    assert!(!users::ensure_administrator(&world.app, PASSWORD).await.unwrap(), "there is somebody");
    sqlx::query("DELETE FROM permissions").execute(&world.app.pool).await.unwrap();
    sqlx::query("DELETE FROM users").execute(&world.app.pool).await.unwrap();
    assert!(users::ensure_administrator(&world.app, PASSWORD).await.unwrap());
    assert!(!users::ensure_administrator(&world.app, PASSWORD).await.unwrap());
    let admin = sign_in(&world, "admin", PASSWORD).await.unwrap();
    let me = Ctx::signed_in(&world.app, admin, "c".into(), String::new(), None).await.unwrap().unwrap();
    assert!(me.who.all && me.who.must_change_password);
}
