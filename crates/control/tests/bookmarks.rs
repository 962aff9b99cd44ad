//! Bookmarks: one's own, everybody's, and those that cannot be read any more.

use control::{Ctx, bookmarks};
use model::BookmarkId;
use model::bookmark::{BookmarkConfig, EditBookmark};
use model::event::EventKind;
use model::id::Kind;
use model::list::ListQuery;
use sqlx::PgPool;

use crate::support::*;

pub fn bookmark(name: &str, shared: bool) -> BookmarkConfig {
    BookmarkConfig { name: name.into(), search: "Vms: name = web*".into(), shared }
}

fn changed(version: i64, config: BookmarkConfig) -> EditBookmark {
    EditBookmark { version, config }
}

async fn names(ctx: &Ctx) -> Vec<String> {
    let all = bookmarks::list(ctx, &ListQuery::default()).await.unwrap().rows;
    all.into_iter().map(|b| b.config.name).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_bookmarks_life(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let id = bookmarks::create(admin, &bookmark("Web", false)).await.unwrap();
    assert_eq!(said(bookmarks::create(admin, &bookmark("WEB", false)).await), "name: refusal-name-taken");
    bookmarks::create(admin, &bookmark("Web", true)).await.unwrap();
    assert_eq!(said(bookmarks::create(admin, &bookmark("web", true)).await), "name: refusal-name-taken");
    let row = bookmarks::get(admin, id).await.unwrap();
    assert_eq!(row.leads, Ok((Kind::Vm, "name = web*".into())));
    for (search, wrong) in [
        ("", "search: field-required"),
        ("name = web*", "search: search-error-entity"),
        ("Cars: red", "search: search-error-entity"),
        (&"x".repeat(1001), "search: field-too-long"),
    ] {
        let config = BookmarkConfig { search: search.into(), ..bookmark("x", false) };
        assert_eq!(said(bookmarks::create(admin, &config).await), wrong);
        assert_eq!(said(bookmarks::edit(admin, id, &changed(1, config)).await), wrong);
    }

    bookmarks::edit(admin, id, &changed(1, bookmark("Mine", false))).await.unwrap();
    assert_eq!(said(bookmarks::edit(admin, id, &changed(1, bookmark("x", false))).await), "stale");
    assert_eq!(
        said(bookmarks::edit(admin, id, &changed(2, bookmark("Web", true))).await),
        "name: refusal-name-taken"
    );
    assert_eq!(names(admin).await, ["Mine", "Web"]);

    bookmarks::remove(admin, id).await.unwrap();
    assert_eq!(said(bookmarks::remove(admin, id).await), "no bookmark");
    assert_eq!(said(bookmarks::edit(admin, id, &changed(2, bookmark("x", false))).await), "no bookmark");
    assert_eq!(said(bookmarks::get(admin, BookmarkId(uuid::Uuid::max())).await), "no bookmark");
    let told = [EventKind::BookmarkAdded, EventKind::BookmarkUpdated, EventKind::BookmarkRemoved];
    for (kind, n) in told.into_iter().zip([2, 1, 1]) {
        assert_eq!(world.events(kind).await.len(), n);
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn ones_own_are_ones_own_and_shared_ones_are_the_managers(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let bob = world.owner_of("bob", &[world.cluster.0]).await;
    let own = bookmarks::create(&bob, &bookmark("Bob's", false)).await.unwrap();
    let shared = bookmarks::create(admin, &bookmark("Shared", true)).await.unwrap();
    let admins = bookmarks::create(admin, &bookmark("Admin's", false)).await.unwrap();
    assert_eq!(names(&bob).await, ["Bob's", "Shared"]);
    assert_eq!(names(admin).await, ["Admin's", "Shared"], "not even an administrator sees what is another's");
    assert_eq!(said(bookmarks::get(admin, own).await), "no bookmark");
    assert_eq!(said(bookmarks::remove(&bob, admins).await), "no bookmark");
    assert_eq!(said(bookmarks::edit(&bob, admins, &changed(1, bookmark("x", false))).await), "no bookmark");

    assert_eq!(said(bookmarks::create(&bob, &bookmark("x", true)).await), "refusal-not-permitted");
    assert_eq!(
        said(bookmarks::edit(&bob, own, &changed(1, bookmark("x", true))).await),
        "refusal-not-permitted"
    );
    for config in [bookmark("x", true), bookmark("x", false)] {
        assert_eq!(said(bookmarks::edit(&bob, shared, &changed(1, config)).await), "refusal-not-permitted");
    }
    assert_eq!(said(bookmarks::remove(&bob, shared).await), "refusal-not-permitted");
    bookmarks::remove(&bob, own).await.unwrap();
    bookmarks::edit(admin, shared, &changed(1, bookmark("Kept", false))).await.unwrap();
    assert!(names(&bob).await.is_empty(), "it was taken back");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_that_cannot_be_read_any_more_says_why_and_can_be_changed(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let id = bookmarks::create(admin, &bookmark("Old", false)).await.unwrap();
    sqlx::query("UPDATE bookmarks SET search = 'Pools: name = a'").execute(&world.app.pool).await.unwrap();
    let row = bookmarks::get(admin, id).await.unwrap();
    assert_eq!(row.leads.unwrap_err().key, "search-error-entity");
    assert_eq!(row.config.search, "Pools: name = a");
    bookmarks::edit(admin, id, &changed(1, bookmark("Old", false))).await.unwrap();
    assert!(bookmarks::get(admin, id).await.unwrap().leads.is_ok());
}
