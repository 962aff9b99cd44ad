//! Directories: set up, looked into, signed in with, and read anew, against the OpenLDAP of `end2end/setup/ldap.sh`.

#[path = "../../directory/tests/slapd/mod.rs"]
mod slapd;

use std::time::Duration;

use control::{directories, reconcile, users};
use model::directory::{DirectoryConfig, EditDirectory, Schema, Security};
use model::event::EventKind;
use model::id::Kind;
use model::list::ListQuery;
use model::user::UserRow;
use model::{DirectoryId, UserId};
use slapd::slapd;
use sqlx::PgPool;
use tokio::net::TcpListener;

use crate::support::*;

/// Of a directory that is nowhere.
pub fn config(name: &str) -> DirectoryConfig {
    DirectoryConfig {
        name: name.into(),
        schema: Schema::OpenLdap,
        servers: vec!["127.0.0.1:1".into()],
        security: Security::Plain,
        ca: String::new(),
        base_dn: "dc=example,dc=org".into(),
        bind_dn: String::new(),
    }
}

pub fn edit(version: i64, name: &str) -> EditDirectory {
    EditDirectory { version, config: config(name), password: None }
}

async fn connected(world: &World) -> DirectoryId {
    let profile = slapd().profile(Security::Ldaps);
    directories::create(&world.admin, &profile.config, Some(&profile.password)).await.unwrap()
}

async fn add(world: &World, directory: DirectoryId, name: &str) -> UserRow {
    let found = directories::find(&world.admin, directory, name).await.unwrap();
    let ids: Vec<String> = found.found.iter().filter(|f| f.name == name).map(|f| f.id.clone()).collect();
    directories::add(&world.admin, directory, &ids).await.unwrap();
    row(world, name).await
}

async fn row(world: &World, name: &str) -> UserRow {
    let query = ListQuery { search: Some(format!("login = {name}")), ..ListQuery::default() };
    users::page(&world.admin, &query).await.unwrap().rows.pop().unwrap()
}

async fn sign_in(world: &World, name: &str, password: &str) -> control::Outcome<UserId> {
    users::sign_in(&world.app, name, password, ("192.0.2.1", "c-sign-in")).await
}

async fn change(world: &World, sql: &str) {
    sqlx::raw_sql(sql).execute(&world.app.pool).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_directorys_life(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let id = directories::create(admin, &config("one"), None).await.unwrap();
    assert_eq!(said(directories::create(admin, &config("ONE"), None).await), "name: refusal-name-taken");
    assert_eq!(
        said(directories::create(admin, &config("internal"), None).await),
        "name: field-directory-internal"
    );
    directories::edit(admin, id, &edit(1, "two")).await.unwrap();
    assert_eq!(said(directories::edit(admin, id, &edit(1, "three")).await), "stale");
    assert_eq!(
        said(directories::edit(admin, DirectoryId(uuid::Uuid::max()), &edit(1, "x")).await),
        "no directory"
    );
    let (who, _) = control::events::last_edit(admin, (Kind::Directory, id.0)).await.unwrap().unwrap();
    assert_eq!(who.as_deref(), Some("admin@internal"));
    let rows = directories::list(admin, &ListQuery::default()).await.unwrap().rows;
    assert_eq!((rows.len(), rows[0].name.as_str(), rows[0].version), (1, "two", 2));
    directories::remove(admin, id).await.unwrap();
    assert_eq!(said(directories::remove(admin, id).await), "no directory");
    for kind in [EventKind::DirectoryAdded, EventKind::DirectoryUpdated, EventKind::DirectoryRemoved] {
        assert_eq!(world.events(kind).await.len(), 1, "{kind:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_password_that_looks_is_in_the_database_only_sealed(pool: PgPool) {
    let world = World::new(pool).await;
    let id = connected(&world).await;
    let secret = "SELECT count(*) FROM directories WHERE position('reader-secret' in encode(bind_secret, 'escape')) > 0";
    assert_eq!(world.count(secret).await, 0);
    let row = directories::get(&world.admin, id).await.unwrap();
    let config = row.ldap().unwrap().clone();
    assert!(row.has_password && !serde_json::to_string(&row).unwrap().contains("reader-secret"));
    let steps = directories::test(&world.admin, Some(id), &config, None).await.unwrap();
    assert!(steps.len() == 7 && steps.iter().all(|step| step.fine), "{steps:?}");
    let steps = directories::test(&world.admin, None, &config, Some("wrong")).await.unwrap();
    assert!(!steps.last().unwrap().fine);
    let wrong = DirectoryConfig { ca: slapd().other_ca.clone(), ..config.clone() };
    let steps = directories::test(&world.admin, Some(id), &wrong, None).await.unwrap();
    assert_eq!(steps.last().unwrap().text.key, "directory-no-tls");
    // An edit without a password keeps it; nobody needs none.
    let kept = EditDirectory { version: 1, config: config.clone(), password: None };
    directories::edit(&world.admin, id, &kept).await.unwrap();
    assert!(directories::get(&world.admin, id).await.unwrap().has_password);
    let nobody = DirectoryConfig { bind_dn: String::new(), ..config };
    let change = EditDirectory { version: 2, config: nobody, password: None };
    directories::edit(&world.admin, id, &change).await.unwrap();
    assert!(!directories::get(&world.admin, id).await.unwrap().has_password);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn only_who_was_added_gets_in(pool: PgPool) {
    let world = World::new(pool).await;
    let id = connected(&world).await;
    assert_eq!(said(sign_in(&world, "u0001@example.org", "secret-u0001").await), "refusal-not-added");
    let ada = add(&world, id, "u0001").await;
    assert_eq!((ada.principal().as_str(), ada.full_name.as_str()), ("u0001@example.org", "Person 0001"));
    assert_eq!(sign_in(&world, "u0001@example.org", "secret-u0001").await.unwrap(), ada.id);
    assert_eq!(sign_in(&world, "u0001@EXAMPLE.org", "secret-u0001").await.unwrap(), ada.id);
    for (name, password) in [
        ("u0001@example.org", "secret-u0002"),
        ("u0001@example.org", ""),
        ("*@example.org", "secret-u0001"),
        ("u0001@elsewhere.org", "secret-u0001"),
        ("u0001", "secret-u0001"),
        ("\0@example.org", ""),
        ("@example.org", "x"),
    ] {
        assert_eq!(said(sign_in(&world, name, password).await), "refusal-sign-in", "{name:?} {password:?}");
    }
    // Twice is fine, and there is one.
    let again = add(&world, id, "u0001").await;
    assert_eq!(again.id, ada.id);
    assert_eq!(world.events(EventKind::UserAdded).await.len(), 1);
    let me =
        control::Ctx::signed_in(&world.app, ada.id, "c".into(), String::new(), None).await.unwrap().unwrap();
    let change = users::change_password(&me, "secret-u0001", "correct horse").await;
    assert_eq!(said(change), "refusal-password-directory");
    assert_eq!(
        said(users::reset(&world.admin, ada.id, "correct horse", false).await),
        "refusal-password-directory"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn members_of_an_added_group_get_in_and_hold_what_it_holds(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let id = connected(&world).await;
    let group = add(&world, id, "operators").await;
    assert!(group.group);
    let role = model::policy::USER_VM_MANAGER.id;
    let mut c = world.app.conn().await.unwrap();
    let permission = model::PermissionId(uuid::Uuid::from_u128(77));
    store::users::grant(&mut c, permission, group.id.0, role, vm.0, world.app.now()).await.unwrap();
    drop(c);
    // Through two groups.
    let ada = sign_in(&world, "u0001@example.org", "secret-u0001").await.unwrap();
    assert_eq!(row(&world, "u0001").await.groups, ["operators"]);
    let me =
        control::Ctx::signed_in(&world.app, ada, "c".into(), String::new(), None).await.unwrap().unwrap();
    control::vms::get(&me, vm).await.unwrap();
    assert_eq!(said(sign_in(&world, "u0009@example.org", "secret-u0009").await), "refusal-not-added");
    assert_eq!(said(directories::remove(&world.admin, id).await), "refusal-in-use");
    users::remove(&world.admin, group.id).await.unwrap();
    assert_eq!(said(control::vms::get(&me, vm).await), "no vm", "what the group held is gone with it");
    assert_eq!(said(users::remove(&world.admin, group.id).await), "no user");
    users::remove(&world.admin, ada).await.unwrap();
    directories::remove(&world.admin, id).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_is_in_which_group_is_read_anew(pool: PgPool) {
    let world = World::new(pool).await;
    let id = connected(&world).await;
    for name in ["u0001", "u0002", "u0009"] {
        add(&world, id, name).await;
    }
    add(&world, id, "admins").await;
    reconcile::directories::turn(&world.app).await.unwrap();
    let told = world.events(EventKind::DirectoryChanges).await;
    assert_eq!(told.len(), 1, "one event for all of them");
    assert!(told[0].text.to_string().contains("u0001 +admins, u0002 +admins."), "{}", told[0].text);
    reconcile::directories::turn(&world.app).await.unwrap();
    assert_eq!(world.events(EventKind::DirectoryChanges).await.len(), 1, "it is not time yet");

    // What stands here is not what the directory has: u0009 in a group, and one whom it does not know.
    change(&world, "INSERT INTO user_groups SELECT u.id, g.id FROM users u, groups g WHERE u.name = 'u0009'")
        .await;
    change(&world, "UPDATE users SET external_id = 'gone', full_name = 'Old' WHERE name = 'u0002'").await;
    let gone = row(&world, "u0002").await;
    world.clock.advance(time::Duration::hours(2));
    reconcile::directories::turn(&world.app).await.unwrap();
    let told = world.events(EventKind::DirectoryChanges).await;
    assert!(told.iter().any(|event| event.text.to_string().contains("u0009 −admins.")), "{told:?}");
    assert_eq!(world.events(EventKind::UserGone).await.len(), 1);
    let row = users::get(&world.admin, gone.id).await.unwrap();
    assert!(row.gone_at.is_some() && row.groups.is_empty());
    world.clock.advance(time::Duration::hours(2));
    reconcile::directories::turn(&world.app).await.unwrap();
    assert_eq!(world.events(EventKind::UserGone).await.len(), 1, "told once");
    // Their name is somebody else's over there.
    assert_eq!(said(sign_in(&world, "u0002@example.org", "secret-u0002").await), "refusal-not-added");
    assert_eq!(said(directories::add(&world.admin, id, &[]).await), "chosen: field-required");
    assert_eq!(
        said(directories::add(&world.admin, id, &["nobody".into()]).await),
        "chosen: field-unknown-choice"
    );
}

/// Asked as Active Directory, it has nobody that it had before.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_wrong_kind_makes_nobody_gone(pool: PgPool) {
    let world = World::new(pool).await;
    let id = connected(&world).await;
    add(&world, id, "u0001").await;
    let row = directories::get(&world.admin, id).await.unwrap();
    let config = DirectoryConfig { schema: Schema::ActiveDirectory, ..row.ldap().unwrap().clone() };
    let change = EditDirectory { version: row.version, config, password: None };
    directories::edit(&world.admin, id, &change).await.unwrap();
    reconcile::directories::turn(&world.app).await.unwrap();
    let trouble = directories::get(&world.admin, id).await.unwrap().trouble.unwrap();
    assert_eq!(trouble.key, "directory-step-none");
    assert_eq!(world.events(EventKind::UserGone).await.len(), 0);
}

/// It accepts, and says nothing for ever.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_directory_that_is_away_is_away_for_its_own_users_only(pool: PgPool) {
    let world = World::new(pool).await;
    users::add(&world.admin, "bob", "correct horse", false).await.unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let away = DirectoryConfig { servers: vec![silent.local_addr().unwrap().to_string()], ..config("away") };
    let id = directories::create(&world.admin, &away, None).await.unwrap();
    let waiting = sign_in(&world, "ada@away", "x");
    tokio::pin!(waiting);
    // While one waits, the others sign in.
    let bob = tokio::select! {
        biased;
        bob = sign_in(&world, "bob", "correct horse") => bob,
        _ = &mut waiting => panic!("nobody answers so soon"),
    };
    bob.unwrap();
    assert_eq!(
        said(tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap()),
        "refusal-directory-away"
    );
    assert_eq!(said(directories::find(&world.admin, id, "a").await), "refusal-directory-away");
    for _ in 0..2 {
        world.clock.advance(time::Duration::hours(2));
        reconcile::directories::turn(&world.app).await.unwrap();
    }
    assert_eq!(world.events(EventKind::DirectoryUnreachable).await.len(), 1, "told once a day");
    assert!(directories::get(&world.admin, id).await.unwrap().trouble.is_some());

    let profile = slapd().profile(Security::Plain);
    let config = DirectoryConfig { name: "away".into(), ..profile.config };
    let change = EditDirectory { version: 1, config, password: Some(profile.password) };
    directories::edit(&world.admin, id, &change).await.unwrap();
    reconcile::directories::turn(&world.app).await.unwrap();
    assert_eq!(world.events(EventKind::DirectoryAnswers).await.len(), 1);
    assert!(directories::get(&world.admin, id).await.unwrap().trouble.is_none());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn somebody_who_may_do_everything_stays(pool: PgPool) {
    let world = World::new(pool).await;
    let me = world.admin.who.id.unwrap();
    assert_eq!(said(users::remove(&world.admin, me).await), "refusal-remove-oneself");
    let system = control::Ctx::system(&world.app, "test");
    assert_eq!(said(users::remove(&system, me).await), "refusal-last-super-user");
    let bob = users::add(&world.admin, "bob", "correct horse", false).await.unwrap();
    users::grant(&world.admin, "bob", "SuperUser", Kind::System, model::SYSTEM, "System").await.unwrap();
    users::remove(&system, me).await.unwrap();
    assert_eq!(said(users::remove(&system, bob).await), "refusal-last-super-user");
    users::reset(&system, bob, "another horse", true).await.unwrap();
    sign_in(&world, "bob", "another horse").await.unwrap();
    assert_eq!(world.events(EventKind::UserRemoved).await.len(), 1);
}
