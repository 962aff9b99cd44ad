//! OpenID Connect providers: set up, given groups, and signed in with, against an issuer of the tests' own.

#[path = "../../openid/tests/issuer/mod.rs"]
mod issuer;

use std::sync::Arc;

use control::audit::Whence;
use control::providers::{self, Answer, Setting};
use control::{directories, users};
use issuer::{Issuer, SECRET, Signed};
use model::directory::Means;
use model::event::EventKind;
use model::id::Kind;
use model::list::ListQuery;
use model::provider::{EditProvider, ProviderConfig};
use model::user::UserRow;
use model::{DirectoryId, Fault, UserId};
use serde_json::json;
use sqlx::PgPool;
use tokio::net::TcpListener;

use crate::support::*;

const BACK: &str = "https://drover.example/sign-in/oidc/callback";
const WHENCE: Whence<'static> = Whence { address: "192.0.2.1", correlation: "c-sign-in" };

/// Of a provider that is nowhere.
pub fn config(name: &str) -> ProviderConfig {
    ProviderConfig {
        name: name.into(),
        issuer: "http://127.0.0.1:1".into(),
        client_id: "drover".into(),
        scopes: vec![],
        user_claim: "preferred_username".into(),
        full_name_claim: String::new(),
        mail_claim: String::new(),
        groups_claim: "groups".into(),
        ca: String::new(),
        enabled: true,
        everybody: false,
    }
}

pub fn edit(version: i64, config: ProviderConfig) -> EditProvider {
    EditProvider { version, config, secret: None }
}

async fn connected(world: &World) -> (Arc<Issuer>, DirectoryId) {
    let issuer = Issuer::start(world.app.now()).await;
    let id = providers::create(&world.admin, &issuer.config("id"), Some(SECRET)).await.unwrap();
    (issuer, id)
}

async fn go(world: &World, id: DirectoryId) -> control::Outcome<(String, Setting)> {
    providers::go(&world.app, id, BACK.into(), WHENCE).await
}

async fn back(world: &World, setting: &Setting, code: &str) -> control::Outcome<UserId> {
    providers::return_from(&world.app, setting, Answer { code, ..Answer::default() }, WHENCE).await
}

async fn through(world: &World, issuer: &Issuer, id: DirectoryId) -> control::Outcome<UserId> {
    let (to, setting) = go(world, id).await?;
    back(world, &setting, &issuer.code(&to)).await
}

async fn row(world: &World, name: &str) -> UserRow {
    let query = ListQuery { search: Some(format!("login = {name}")), ..ListQuery::default() };
    users::page(&world.admin, &query).await.unwrap().rows.pop().unwrap()
}

fn groups(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_providers_life(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let id = providers::create(admin, &config("one"), Some("secret-of-the-client")).await.unwrap();
    // What stands behind the @ is one thing, whichever kind it is.
    let twice = providers::create(admin, &config("ONE"), None).await;
    assert_eq!(said(twice), "name: refusal-name-taken");
    let twice = directories::create(admin, &crate::directories::config("one"), None).await;
    assert_eq!(said(twice), "name: refusal-name-taken");
    let insecure = ProviderConfig { issuer: "http://id.example.org".into(), ..config("two") };
    assert_eq!(said(providers::create(admin, &insecure, None).await), "issuer: field-issuer-url");
    let row = directories::get(admin, id).await.unwrap();
    assert_eq!(
        (row.name.as_str(), row.config.clone(), row.version),
        ("one", Means::OpenId(config("one")), 1)
    );
    assert!(row.has_password && !serde_json::to_string(&row).unwrap().contains("secret-of"));
    let secret = "SELECT count(*) FROM openid_providers WHERE position('secret-of' in encode(client_secret, 'escape')) > 0";
    assert_eq!(world.count(secret).await, 0);
    providers::edit(admin, id, &edit(1, config("two"))).await.unwrap();
    assert!(directories::get(admin, id).await.unwrap().has_password, "it is kept");
    assert_eq!(said(providers::edit(admin, id, &edit(1, config("three"))).await), "stale");
    let nowhere = DirectoryId(uuid::Uuid::max());
    assert_eq!(said(providers::edit(admin, nowhere, &edit(1, config("x"))).await), "no directory");
    // The secret is sent to whom it was for.
    let elsewhere = ProviderConfig { issuer: "https://elsewhere.example.org".into(), ..config("two") };
    let moved = providers::edit(admin, id, &edit(2, elsewhere.clone())).await;
    assert_eq!(said(moved), "password: field-client-secret-again");
    let moved = EditProvider { secret: Some("another".into()), ..edit(2, elsewhere) };
    providers::edit(admin, id, &moved).await.unwrap();
    assert_eq!(providers::offered(&world.app).await.unwrap(), [(id, "two".to_owned())]);
    directories::remove(admin, id).await.unwrap();
    assert_eq!(said(directories::remove(admin, id).await), "no directory");
    assert_eq!(world.count("SELECT count(*) FROM openid_providers").await, 0);
    for (kind, n) in
        [(EventKind::DirectoryAdded, 1), (EventKind::DirectoryUpdated, 2), (EventKind::DirectoryRemoved, 1)]
    {
        assert_eq!(world.events(kind).await.len(), n, "{kind:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn neither_kind_is_taken_for_the_other(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let ldap = directories::create(admin, &crate::directories::config("ldap"), None).await.unwrap();
    let id = providers::create(admin, &config("id"), None).await.unwrap();
    assert_eq!(said(directories::edit(admin, id, &crate::directories::edit(1, "x")).await), "no directory");
    assert_eq!(said(providers::edit(admin, ldap, &edit(1, config("x"))).await), "no directory");
    assert_eq!(said(directories::find(admin, id, "a").await), "no directory");
    assert_eq!(said(directories::add(admin, id, &["a".into()]).await), "no directory");
    assert_eq!(said(providers::add_groups(admin, ldap, &groups(&["a"])).await), "no directory");
    assert_eq!(said(go(&world, ldap).await), "no directory");
    assert_eq!(directories::choices(admin).await.unwrap(), [(ldap, "ldap".to_owned())]);
    assert_eq!(directories::names(&world.app).await.unwrap(), ["ldap"]);
    // Nobody of it signs in with a password here.
    let typed = users::sign_in(&world.app, "ada@id", "x", ("192.0.2.1", "c")).await;
    assert_eq!(said(typed), "refusal-sign-in");
    control::reconcile::directories::turn(&world.app).await.unwrap();
    assert!(directories::get(admin, id).await.unwrap().trouble.is_none(), "there is nothing to read");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_test_changes_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let issuer = Issuer::start(world.app.now()).await;
    let steps = providers::test(&world.admin, &issuer.config("id")).await.unwrap();
    assert!(steps.len() == 6 && steps.iter().all(|step| step.fine), "{steps:?}");
    let steps = providers::test(&world.admin, &config("id")).await.unwrap();
    assert_eq!(steps.last().unwrap().text.key, "directory-no-connection");
    assert_eq!(said(providers::test(&world.admin, &config("")).await), "name: field-required");
    assert_eq!(world.count("SELECT count(*) FROM directories").await, 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn groups_are_added_by_name(pool: PgPool) {
    let world = World::new(pool).await;
    let id = providers::create(&world.admin, &config("id"), None).await.unwrap();
    for _ in 0..2 {
        providers::add_groups(&world.admin, id, &groups(&["staff", "/realm/a b"])).await.unwrap();
    }
    assert_eq!(world.events(EventKind::GroupAdded).await.len(), 2, "twice is fine, and there is one of each");
    assert_eq!(row(&world, "staff").await.principal(), "staff@id");
    assert_eq!(said(providers::add_groups(&world.admin, id, &[]).await), "groups: field-required");
    assert_eq!(said(providers::add_groups(&world.admin, id, &groups(&[""])).await), "groups: field-required");
    let nowhere = DirectoryId(uuid::Uuid::max());
    assert_eq!(said(providers::add_groups(&world.admin, nowhere, &groups(&["a"])).await), "no directory");
    assert_eq!(said(directories::remove(&world.admin, id).await), "refusal-in-use");
    let renamed = providers::edit(&world.admin, id, &edit(1, config("other"))).await;
    assert_eq!(said(renamed), "name: field-directory-name-used");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_is_in_an_added_group_gets_in_and_holds_what_it_holds(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let (issuer, id) = connected(&world).await;
    assert_eq!(said(through(&world, &issuer, id).await), "refusal-not-added");
    assert_eq!(world.count("SELECT count(*) FROM users WHERE domain = 'id'").await, 0);
    providers::add_groups(&world.admin, id, &groups(&["staff", "others"])).await.unwrap();
    let group = row(&world, "staff").await;
    let permission = model::PermissionId(uuid::Uuid::from_u128(77));
    let role = model::policy::USER_VM_MANAGER.id;
    let mut c = world.app.conn().await.unwrap();
    store::users::grant(&mut c, permission, group.id.0, role, vm.0, world.app.now()).await.unwrap();
    drop(c);
    let ada = through(&world, &issuer, id).await.unwrap();
    let user = row(&world, "ada").await;
    assert_eq!((user.id, user.principal().as_str()), (ada, "ada@id"));
    assert_eq!((user.full_name.as_str(), user.mail.as_str()), ("Ada Lovelace", "ada@example.org"));
    assert_eq!(user.groups, ["staff"]);
    let me =
        control::Ctx::signed_in(&world.app, ada, "c".into(), String::new(), None).await.unwrap().unwrap();
    control::vms::get(&me, vm).await.unwrap();

    // The next time they have another name, and are in another group.
    issuer.change(|scene| {
        scene.claims = json!({ "preferred_username": "lady", "groups": ["others", "unknown"] })
    });
    assert_eq!(through(&world, &issuer, id).await.unwrap(), ada, "it is the same person");
    assert_eq!(row(&world, "lady").await.groups, ["others"]);
    assert_eq!(said(control::vms::get(&me, vm).await), "no vm");
    issuer.change(|scene| scene.claims = json!({ "groups": [] }));
    assert_eq!(through(&world, &issuer, id).await.unwrap(), ada, "who is here comes in without a group");
    // Somebody else is somebody else, whatever they call themselves.
    issuer.change(|scene| scene.claims = json!({ "sub": "8" }));
    assert_eq!(said(through(&world, &issuer, id).await), "refusal-not-added");
    assert_eq!(world.events(EventKind::SignedIn).await.len(), 3);
    assert_eq!(world.events(EventKind::UserAdded).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn everybody_gets_in_where_it_says_so(pool: PgPool) {
    let world = World::new(pool).await;
    let issuer = Issuer::start(world.app.now()).await;
    let everybody = ProviderConfig { everybody: true, ..issuer.config("id") };
    let id = providers::create(&world.admin, &everybody, Some(SECRET)).await.unwrap();
    let ada = through(&world, &issuer, id).await.unwrap();
    let me =
        control::Ctx::signed_in(&world.app, ada, "c".into(), String::new(), None).await.unwrap().unwrap();
    let change = users::change_password(&me, "x", "correct horse");
    assert_eq!(said(change.await), "refusal-password-directory");
    let off = ProviderConfig { enabled: false, ..everybody };
    let (to, setting) = go(&world, id).await.unwrap();
    providers::edit(&world.admin, id, &edit(1, off)).await.unwrap();
    assert_eq!(said(back(&world, &setting, &issuer.code(&to)).await), "no directory");
    assert_eq!(said(go(&world, id).await), "no directory");
    assert!(providers::offered(&world.app).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_went_wrong_is_told_in_words_and_in_the_audit(pool: PgPool) {
    let world = World::new(pool).await;
    let (issuer, id) = connected(&world).await;
    providers::add_groups(&world.admin, id, &groups(&["staff"])).await.unwrap();
    let (_, setting) = go(&world, id).await.unwrap();
    let came = |error: &'static str| {
        let answer = Answer { error, ..Answer::default() };
        providers::return_from(&world.app, &setting, answer, WHENCE)
    };
    assert_eq!(said(came("access_denied").await), "refusal-openid-denied");
    assert_eq!(said(came("server_error\n<b>").await), "refusal-openid-error");
    for (signed, claims, wanted) in [
        (Signed::WithAnother, json!({}), "refusal-openid-token"),
        (Signed::WithTheKey, json!({ "nonce": "x" }), "refusal-openid-token"),
        (Signed::WithTheKey, json!({ "exp": 1 }), "refusal-openid-clock"),
        (Signed::WithTheKey, json!({ "preferred_username": null }), "refusal-openid-claim"),
    ] {
        issuer.change(|scene| (scene.signed, scene.claims) = (signed, claims));
        assert_eq!(said(through(&world, &issuer, id).await), wanted);
    }
    issuer.change(|scene| scene.description = json!({ "issuer": "https://elsewhere.example.org" }));
    assert!(matches!(go(&world, id).await, Err(Fault::Unavailable(_))));
    providers::refuse(&world.app, None, model::Text::new("openid-no-state"), WHENCE).await.unwrap();
    let told = world.events(EventKind::OpenIdSignInFailed).await;
    assert_eq!(told.len(), 8);
    assert!(told.iter().any(|event| event.text.to_string().contains("server_error<b>")), "{told:?}");
    let rows = control::audit::newest(&world.app, 100).await.unwrap();
    let failed: Vec<_> = rows.iter().filter(|row| row.action == "openid-sign-in-failed").collect();
    assert!(
        failed.len() == 8 && failed.iter().all(|row| row.outcome == "failed" && row.address == "192.0.2.1")
    );
    let (who, _) = control::events::last_edit(&world.admin, (Kind::Directory, id.0)).await.unwrap().unzip();
    assert_eq!(who.flatten(), None, "a sign-in is no edit");
}

/// It accepts, and says nothing for ever.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_provider_that_is_away_is_away_for_its_own_users_only(pool: PgPool) {
    let world = World::new(pool).await;
    users::add(&world.admin, "bob", "correct horse", false).await.unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let slow = ProviderConfig { issuer: address, ..config("slow") };
    let slow = providers::create(&world.admin, &slow, None).await.unwrap();
    let waiting = go(&world, slow);
    tokio::pin!(waiting);
    let bob = tokio::select! {
        biased;
        bob = users::sign_in(&world.app, "bob", "correct horse", ("192.0.2.1", "c")) => bob,
        _ = &mut waiting => panic!("nobody answers so soon"),
    };
    bob.unwrap();
    let gone = providers::create(&world.admin, &config("gone"), None).await.unwrap();
    assert_eq!(said(go(&world, gone).await), "refusal-openid-away");
    let waited = tokio::time::timeout(std::time::Duration::from_secs(60), waiting).await.unwrap();
    assert_eq!(said(waited), "refusal-openid-away");
}
