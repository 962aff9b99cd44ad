//! Tags: made, moved, removed with what is below them, and put on many objects at once.

use control::{Ctx, tags};
use model::event::EventKind;
use model::id::Kind;
use model::list::ListQuery;
use model::tag::{AssignTags, EditTag, TagConfig, TagRow};
use model::{HostId, TagId};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

pub fn tag(name: &str, parent: Option<TagId>) -> TagConfig {
    TagConfig { name: name.into(), description: String::new(), parent }
}

fn changed(version: i64, name: &str, parent: Option<TagId>) -> EditTag {
    EditTag { version, config: tag(name, parent) }
}

fn giving(tags: &[TagId]) -> AssignTags {
    AssignTags { add: tags.to_vec(), remove: vec![] }
}

fn taking(tags: &[TagId]) -> AssignTags {
    AssignTags { add: vec![], remove: tags.to_vec() }
}

async fn all(ctx: &Ctx) -> Vec<TagRow> {
    tags::list(ctx, &ListQuery::default()).await.unwrap().rows
}

/// Each tag as `level name objects`.
async fn tree(ctx: &Ctx) -> Vec<String> {
    all(ctx).await.iter().map(|t| format!("{} {} {}", t.level, t.name, t.objects)).collect()
}

/// The answers for the objects, in words.
async fn assign(ctx: &Ctx, kind: Kind, objects: &[Uuid], change: &AssignTags) -> Vec<String> {
    let done = tags::assign(ctx, kind, objects, change).await.unwrap();
    done.into_iter().map(|one| if one.outcome.is_ok() { "done".into() } else { said(one.outcome) }).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_tags_life(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let prod = tags::create(admin, &tag("prod", None)).await.unwrap();
    let web = tags::create(admin, &tag("web", Some(prod))).await.unwrap();
    tags::create(admin, &tag("db", Some(prod))).await.unwrap();
    assert_eq!(said(tags::create(admin, &tag("PROD", Some(web))).await), "name: refusal-name-taken");
    assert_eq!(said(tags::create(admin, &tag("a b", None)).await), "name: field-name-characters");
    let nowhere = TagId(Uuid::max());
    assert_eq!(said(tags::create(admin, &tag("x", Some(nowhere))).await), "parent: field-unknown-reference");
    assert_eq!(tree(admin).await, ["1 prod 0", "2 db 0", "2 web 0"], "in the order of the tree");
    assert_eq!(world.events(EventKind::TagAdded).await.len(), 3);

    tags::edit(admin, web, &changed(1, "www", Some(prod))).await.unwrap();
    assert_eq!(said(tags::edit(admin, web, &changed(1, "x", None)).await), "stale");
    assert_eq!(said(tags::edit(admin, web, &changed(2, "Db", None)).await), "name: refusal-name-taken");
    assert_eq!(said(tags::edit(admin, nowhere, &changed(1, "x", None)).await), "no tag");
    let (who, _) = control::events::last_edit(admin, (Kind::Tag, web.0)).await.unwrap().unwrap();
    assert_eq!(who.as_deref(), Some("admin@internal"));
    assert_eq!(world.events(EventKind::TagUpdated).await.len(), 1);

    tags::remove(admin, prod).await.unwrap();
    assert_eq!(said(tags::remove(admin, prod).await), "no tag");
    assert_eq!(said(tags::get(admin, web).await), "no tag", "what was below it is gone, too");
    assert!(tree(admin).await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_tag_gets_below_itself(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let a = tags::create(admin, &tag("a", None)).await.unwrap();
    let b = tags::create(admin, &tag("b", Some(a))).await.unwrap();
    let c = tags::create(admin, &tag("c", Some(b))).await.unwrap();
    for parent in [a, b, c] {
        assert_eq!(
            said(tags::edit(admin, a, &changed(1, "a", Some(parent))).await),
            "parent: field-tag-loop"
        );
    }
    // Two moves at once, each fine by itself.
    tags::edit(admin, b, &changed(1, "b", None)).await.unwrap();
    let (ab, ba) = (changed(1, "a", Some(b)), changed(2, "b", Some(a)));
    let (one, other) = tokio::join!(tags::edit(admin, a, &ab), tags::edit(admin, b, &ba));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(all(admin).await.len(), 3, "everything still hangs on a root");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn tags_go_on_many_objects_as_far_as_each_lets(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let (one, two) = (world.down("one").await.0, world.down("two").await.0);
    let prod = tags::create(admin, &tag("prod", None)).await.unwrap();
    let web = tags::create(admin, &tag("web", Some(prod))).await.unwrap();
    for _ in 0..2 {
        let done = assign(admin, Kind::Vm, &[one, two, Uuid::max()], &giving(&[web, prod])).await;
        assert_eq!(done, ["done", "done", "no vm"]);
    }
    assert_eq!(world.events(EventKind::TagsGiven).await.len(), 2, "what it has already is not given again");
    assert_eq!(tree(admin).await, ["1 prod 2", "2 web 2"], "an object counts once");
    let tags_of = async |id: Uuid| control::vms::get(admin, id.into()).await.unwrap().row.tags;
    assert_eq!(tags_of(one).await, ["prod", "web"]);

    let change = AssignTags { add: vec![], remove: vec![prod] };
    assert_eq!(assign(admin, Kind::Vm, &[one], &change).await, ["done"]);
    assert_eq!(assign(admin, Kind::Vm, &[one], &change).await, ["done"], "twice is fine");
    assert_eq!(world.events(EventKind::TagsTaken).await.len(), 1);
    assert_eq!((tags_of(one).await, tags_of(two).await.len()), (vec!["web".to_owned()], 2));
    let tagged = tags::tagged(admin, Kind::Vm, &[one, two, Uuid::max()]).await.unwrap();
    assert_eq!(tagged.objects.len(), 2);
    let counts: Vec<_> = tagged.tags.iter().map(|(tag, n)| (tag.name.as_str(), *n)).collect();
    assert_eq!(counts, [("prod", 1), ("web", 2)]);

    let unknown = giving(&[TagId(Uuid::max())]);
    assert_eq!(said(tags::assign(admin, Kind::Vm, &[one], &unknown).await), "tags: field-unknown-reference");
    assert_eq!(said(tags::assign(admin, Kind::Vm, &[], &giving(&[web])).await), "objects: field-required");
    let disk = tags::assign(admin, Kind::Disk, &[one], &giving(&[web])).await;
    assert_eq!(said(disk), "kind: field-unknown-choice");
    assert_eq!(said(tags::tagged(admin, Kind::Vm, &[Uuid::max()]).await), "no vm");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn hosts_templates_and_users_carry_tags_too(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let web = tags::create(admin, &tag("web", None)).await.unwrap();
    let HostId(host) = world.hosts[0];
    let user = admin.who.id.unwrap().0;
    for (kind, id) in [(Kind::Host, host), (Kind::Template, world.template.0), (Kind::User, user)] {
        assert_eq!(assign(admin, kind, &[id], &giving(&[web])).await, ["done"]);
        let expected = format!("no {}", kind.as_str());
        assert_eq!(assign(admin, kind, &[Uuid::max()], &giving(&[web])).await, [expected]);
    }
    assert_eq!(control::hosts::get(admin, world.hosts[0]).await.unwrap().row.tags, ["web"]);
    assert_eq!(control::templates::get(admin, world.template).await.unwrap().tags, ["web"]);
    let me = control::users::get(admin, admin.who.id.unwrap()).await.unwrap();
    assert_eq!((me.tags, me.roles), (vec!["web".to_owned()], vec!["SuperUser".to_owned()]));
    assert_eq!(tree(admin).await, ["1 web 3"]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_removed_leaves_no_tag_behind(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("one").await;
    let bob = control::users::add(admin, "bob", "correct horse", false).await.unwrap();
    let prod = tags::create(admin, &tag("prod", None)).await.unwrap();
    let web = tags::create(admin, &tag("web", Some(prod))).await.unwrap();
    assign(admin, Kind::Vm, &[vm.0], &giving(&[web])).await;
    assign(admin, Kind::User, &[bob.0], &giving(&[web])).await;
    let job = control::vms::remove(admin, vm, true).await.unwrap();
    world.done(job).await;
    assert_eq!(tree(admin).await, ["1 prod 1", "2 web 1"]);
    sqlx::query("DELETE FROM users WHERE id = $1").bind(bob.0).execute(&world.app.pool).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM tag_objects").await, 0);

    let other = world.down("two").await;
    assign(admin, Kind::Vm, &[other.0], &giving(&[web])).await;
    let row = tags::get(admin, prod).await.unwrap();
    assert_eq!((row.below, row.objects), (1, 1), "what a removal would take along");
    tags::remove(admin, prod).await.unwrap();
    let told = &world.events(EventKind::TagRemoved).await[0];
    assert!(told.text.to_string().contains('1'), "{}", told.text);
    assert!(control::vms::get(admin, other).await.unwrap().row.tags.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_may_not_touch_an_object_leaves_it_as_it_is(pool: PgPool) {
    let world = World::new(pool).await;
    let (mine, other) = (world.down("mine").await.0, world.down("other").await.0);
    let owner = world.owner_of("owner", &[mine]).await;
    let web = tags::create(&world.admin, &tag("web", None)).await.unwrap();
    assign(&world.admin, Kind::Vm, &[mine, other], &giving(&[web])).await;
    assert_eq!(tree(&owner).await, ["1 web 1"], "one counts what one sees");
    assert_eq!(
        assign(&owner, Kind::Vm, &[mine, other], &taking(&[web])).await,
        ["refusal-not-permitted", "no vm"]
    );
    assert_eq!(tags::tagged(&owner, Kind::Vm, &[mine, other]).await.unwrap().objects.len(), 1);
    assert_eq!(said(tags::create(&owner, &tag("x", None)).await), "refusal-not-permitted");
    assert_eq!(said(tags::edit(&owner, web, &changed(1, "x", None)).await), "refusal-not-permitted");
    assert_eq!(said(tags::remove(&owner, web).await), "refusal-not-permitted");
    let me = owner.who.id.unwrap().0;
    assert_eq!(assign(&owner, Kind::User, &[me], &giving(&[web])).await, ["refusal-not-permitted"]);
}
