//! Searching a list, and the names that are proposed for one: scoped like the list itself, and told where it is wrong.

use model::list::ListQuery;
use sqlx::PgPool;

use crate::support::*;

fn searching(text: &str) -> ListQuery {
    ListQuery { search: Some(text.to_owned()), ..ListQuery::default() }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_search_narrows_the_list_to_what_one_may_see(pool: PgPool) {
    let world = World::new(pool).await;
    let mine = world.down("web1").await;
    world.down("web2").await;
    let owner = world.owner_of("owner", &[mine.0]).await;
    for (ctx, text, found) in [
        (&world.admin, "name = web*", 2),
        (&world.admin, "Vms: name = web*", 2),
        (&world.admin, "name = web1 and status = down", 1),
        (&owner, "name = web*", 1),
        (&owner, "name = web2", 0),
        (&owner, "Users.usrname = admin", 0),
    ] {
        assert_eq!(control::vms::list(ctx, &searching(text)).await.unwrap().total, found, "{text}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_page_that_a_search_names_is_the_lists_page(pool: PgPool) {
    let world = World::new(pool).await;
    for n in 0..30 {
        world.down(&format!("web{n:02}")).await;
    }
    // The list's own word may stand before it.
    let query = ListQuery { size: 25, ..searching("Vms: name = web* sortby name desc page 2") };
    let page = control::vms::list(&world.admin, &query).await.unwrap();
    let names: Vec<_> = page.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["web04", "web03", "web02", "web01", "web00"]);
    // The address goes on from there.
    assert_eq!((page.query.page, page.query.search.as_deref()), (2, Some("name = web* sortby name desc")));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_wrong_search_is_told_and_nothing_else_happens(pool: PgPool) {
    let world = World::new(pool).await;
    let long = "a".repeat(1 << 20);
    let deep = "(".repeat(1000) + "name = a";
    for (text, wrong) in [
        ("nmae = a", "search: search-error-field"),
        ("name = 'a", "search: search-error-character"),
        ("status = asleep", "search: search-error-value"),
        ("page 0", "search: search-error-page"),
        ("name = a; DROP TABLE vms", "search: search-error-character"),
        (&long, "search: search-error-long"),
        (&deep, "search: search-error-deep"),
    ] {
        assert_eq!(said(control::vms::list(&world.admin, &searching(text)).await), wrong);
        assert!(control::events::list(&world.admin, &searching(text)).await.is_err());
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn names_are_proposed_of_what_one_may_see(pool: PgPool) {
    let world = World::new(pool).await;
    let mine = world.down("web1").await;
    world.down("web_2").await;
    world.down("Web-3").await;
    let owner = world.owner_of("owner", &[mine.0]).await;
    let long = "w".repeat(1 << 20);
    for (ctx, of, begins, names) in [
        (&world.admin, "Vms", "we", &["web-3", "web1", "web_2"] as &[&str]),
        (&world.admin, "vm", "WEB_", &["web_2"]),
        (&world.admin, "vm", "web-", &["web-3"]),
        (&world.admin, "vm", "%", &[]),
        (&world.admin, "Vms", &long, &[]),
        (&world.admin, "cars", "", &[]),
        (&world.admin, "tags", "", &[]),
        (&owner, "Vms", "", &["web1"]),
        (&owner, "Users", "", &["owner"]),
    ] {
        let found = control::search::names(ctx, of, begins).await.unwrap();
        let mut found: Vec<_> = found.iter().map(|name| name.to_lowercase()).collect();
        found.sort();
        assert_eq!(found, names, "{of} {begins:.10}");
    }
}
