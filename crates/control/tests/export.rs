//! Whole lists, little by little: everything that one may see, in one state, and nothing left behind.

use control::{Ctx, export};
use jobs::testing::eventually;
use model::export::fields;
use model::id::Kind;
use model::list::ListQuery;
use serde_json::Value;
use sqlx::PgPool;

use crate::support::*;

async fn read(ctx: &Ctx, kind: Kind, query: &ListQuery) -> Vec<Value> {
    let mut rows = export::rows(ctx, kind, query).await.unwrap();
    let mut all = Vec::new();
    loop {
        let some = rows.next().await.unwrap();
        if some.is_empty() {
            return all;
        }
        all.extend(some);
    }
}

fn all() -> ListQuery {
    ListQuery::default()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_list_has_the_columns_of_its_file(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.down("web1").await;
    control::tags::create(admin, &crate::tags::tag("prod", None)).await.unwrap();
    control::bookmarks::create(admin, &crate::bookmarks::bookmark("mine", false)).await.unwrap();
    control::directories::create(admin, &crate::directories::config("example"), None).await.unwrap();
    control::providers::create(admin, &crate::providers::config("shop"), None).await.unwrap();
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::System) {
        let rows = read(admin, kind, &all()).await;
        assert!(!rows.is_empty(), "{kind:?}");
        for (word, at) in fields(kind) {
            assert!(rows.iter().any(|row| row.pointer(at).is_some()), "{kind:?} has no {word}");
        }
    }
    assert_eq!(said(export::rows(admin, Kind::System, &all()).await.map(drop)), "kind: field-unknown-choice");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_file_is_the_whole_result_and_ones_own(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let admin = &world.admin;
    let mut made = Vec::new();
    for name in ["b", "a", "c"] {
        made.push(world.down(name).await);
    }
    let query = ListQuery { page: 3, size: 25, sort: Some("name".into()), descending: true, ..all() };
    let names =
        |rows: &[Value]| rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&read(admin, Kind::Vm, &query).await), ["c", "b", "a"], "whatever page one is on");
    let found = ListQuery { search: Some("name = a or name = c".into()), ..query };
    assert_eq!(names(&read(admin, Kind::Vm, &found).await), ["c", "a"]);

    let owner = world.owner_of("owner", &[made[1].0]).await;
    assert_eq!(names(&read(&owner, Kind::Vm, &all()).await), ["a"]);
    let theirs = read(&owner, Kind::Event, &all()).await.len();
    assert!(theirs > 0 && theirs < read(admin, Kind::Event, &all()).await.len());
    assert_eq!(said(export::rows(&owner, Kind::User, &all()).await.map(drop)), "refusal-not-permitted");
    let wrong = ListQuery { search: Some("nothing = x".into()), ..all() };
    assert_eq!(said(export::rows(admin, Kind::Vm, &wrong).await.map(drop)), "search: search-error-field");
}

/// More events than come at once, and more than are sorted on a page.
async fn many_events(pool: &PgPool, n: i32) {
    let sql = "INSERT INTO events (time, code, severity, text, message, correlation_id)
               SELECT now(), 1, 'normal', '{\"key\": \"plain\"}', 'm' || n, 'flood' FROM generate_series(1, $1) n";
    sqlx::query(sql).bind(n).execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nothing_is_left_out_however_it_is_sorted(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    many_events(&pool, 10_500).await;
    let flood = ListQuery { correlation: Some("flood".into()), ..all() };
    assert_eq!(read(&world.admin, Kind::Event, &flood).await.len(), 10_500);
    let sorted = ListQuery { sort: Some("message".into()), ..flood };
    assert_eq!(read(&world.admin, Kind::Event, &sorted).await.len(), 10_500);
}

/// How many connections of the pool's database are within a transaction.
async fn open_transactions(pool: &PgPool) -> i64 {
    let sql =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND state LIKE 'idle in transaction%'";
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_that_is_broken_off_leaves_no_transaction(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    world.stop_engine().await;
    many_events(&pool, 2_000).await;
    let mut rows = export::rows(&world.admin, Kind::Event, &all()).await.unwrap();
    assert_eq!(rows.next().await.unwrap().len(), 500, "a few at a time");
    assert_eq!(open_transactions(&pool).await, 1);
    // What happens meanwhile is not in it.
    many_events(&pool, 1_000).await;
    drop(rows);
    eventually("the transaction is gone", || async { (open_transactions(&pool).await == 0).then_some(()) })
        .await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn rows_are_read_when_they_are_wanted(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    world.stop_engine().await;
    many_events(&pool, 2_000).await;
    // In the third portion is one that cannot be read: whoever reads all at once comes upon it at once.
    let spoilt = "UPDATE events SET text = '5' WHERE id = (SELECT id FROM events ORDER BY id DESC OFFSET 1200 LIMIT 1)";
    sqlx::query(spoilt).execute(&pool).await.unwrap();
    for sort in [None, Some("time"), Some("user")] {
        let query = ListQuery { sort: sort.map(str::to_owned), descending: true, ..all() };
        let mut rows = export::rows(&world.admin, Kind::Event, &query).await.unwrap();
        for _ in 0..2 {
            assert_eq!(rows.next().await.unwrap().len(), 500, "by {sort:?}");
        }
        assert!(rows.next().await.is_err(), "by {sort:?}");
    }
}

/// How many queries of exports are at work.
async fn at_work(pool: &PgPool) -> i64 {
    let sql =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND state = 'active' AND query LIKE 'FETCH %'";
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_reader_who_goes_away_stops_the_query(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    world.stop_engine().await;
    let owner = world.owner_of("owner", &[world.cluster.0]).await;
    // Stands for a result that takes long to find.
    let long =
        "CREATE OR REPLACE FUNCTION principals(p_user uuid) RETURNS TABLE (id uuid) LANGUAGE sql VOLATILE
                AS $$ SELECT p_user FROM pg_sleep(3600) $$";
    sqlx::query(long).execute(&pool).await.unwrap();
    let mut rows = export::rows(&owner, Kind::Event, &all()).await.unwrap();
    let reading = tokio::spawn(async move { rows.next().await.map(drop) });
    eventually("it is looked for", || async { (at_work(&pool).await == 1).then_some(()) }).await;
    reading.abort();
    eventually("nobody looks any more", || async { (at_work(&pool).await == 0).then_some(()) }).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_whose_database_goes_does_not_look_whole(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    world.stop_engine().await;
    many_events(&pool, 2_000).await;
    let mut rows = export::rows(&world.admin, Kind::Event, &all()).await.unwrap();
    assert!(!rows.next().await.unwrap().is_empty());
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
               AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'";
    sqlx::query(end).execute(&pool).await.unwrap();
    assert!(rows.next().await.is_err(), "an error, and not an end");
}
