//! What is sorted by that no column has as it is shown: the first of a guest's addresses, what a disk is attached to, how
//! far a job is.
#![allow(clippy::unwrap_used)]

use model::list::ListQuery;
use sqlx::{PgConnection, PgPool};
use store::Viewer;
use uuid::Uuid;

const ALL: Viewer = Viewer { user: Uuid::nil(), all: true, now: time::OffsetDateTime::UNIX_EPOCH };

async fn run(c: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(sql).execute(c).await.unwrap();
}

async fn estate(pool: &PgPool) -> store::PoolConnection<store::Postgres> {
    let mut c = pool.acquire().await.unwrap();
    run(&mut c, include_str!("search/estate.sql")).await;
    c
}

fn by(sort: &str, descending: bool) -> ListQuery {
    ListQuery { sort: Some(sort.to_owned()), descending, ..ListQuery::default() }
}

async fn guest(c: &mut PgConnection, vm: &str, addresses: &[&str]) {
    let guest = serde_json::json!({ "interfaces": [{ "name": "lo", "mac": "", "addresses": [] },
                                                   { "name": "eth0", "mac": "", "addresses": addresses }] });
    let sql = "UPDATE vms SET guest = $2 WHERE name = $1";
    sqlx::query(sql).bind(vm).bind(guest).execute(c).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_first_address_is_the_first_that_is_shown(pool: PgPool) {
    let mut c = estate(&pool).await;
    for addresses in [
        &["10.0.0.1", "10.0.0.2"] as &[&str],
        &["127.0.0.1", "169.254.3.4", "::1", "fe80::1", "febf::1", "2001:db8::1"],
        &["::1", "192.168.0.1"],
        &["127.8.9.1", "fec0::1"],
        &["no address", "10.0.0.0/8", "10.0.0.1/32", "999.1.1.1", "", "1.2.3"],
        &["' OR 1", "172.16.0.1"],
        &["::ffff:10.0.0.1"],
        &[],
    ] {
        guest(&mut c, "web1", addresses).await;
        let page = store::vms::LIST.page(&mut c, ALL, &by("name", false)).await.unwrap();
        let shown = page.rows.iter().find(|row| row.name == "web1").unwrap().addresses.first().cloned();
        let first: Option<String> =
            sqlx::query_scalar("SELECT host(first_address) FROM vms WHERE name = 'web1'")
                .fetch_one(&mut *c)
                .await
                .unwrap();
        assert_eq!(first, shown, "{addresses:?}");
    }
    // Nothing that a guest could tell is a reason to refuse its row.
    for guest in
        ["{}", "[]", "5", r#"{"interfaces": 5}"#, r#"{"interfaces": [{"addresses": [{}, 7, null]}]}"#]
    {
        let sql = "UPDATE vms SET guest = $1::text::jsonb WHERE name = 'web1'";
        sqlx::query(sql).bind(guest).execute(&mut *c).await.unwrap();
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn virtual_machines_by_address(pool: PgPool) {
    let mut c = estate(&pool).await;
    guest(&mut c, "web1", &["fe80::7", "10.0.0.10"]).await;
    guest(&mut c, "web2", &["10.0.0.9"]).await;
    for (descending, names) in [(false, ["web2", "web1", "db1"]), (true, ["web1", "web2", "db1"])] {
        let page = store::vms::LIST.page(&mut c, ALL, &by("addresses", descending)).await.unwrap();
        let found: Vec<_> = page.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(found, names, "as numbers, and what has none last");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn virtual_machines_by_their_screen_as_it_runs(pool: PgPool) {
    let mut c = estate(&pool).await;
    run(&mut c, r#"UPDATE vms SET options = '{"graphics": "none"}' WHERE name IN ('web1', 'web2');
                   UPDATE vms SET running = '{"name": "web1", "description": "", "comment": "", "memory": 1, "sockets": 1,
                     "cores": 1, "threads": 1, "cpu_model": null, "options": {"graphics": "spice"}}' WHERE name = 'web1'"#)
        .await;
    let page = store::vms::LIST.page(&mut c, ALL, &by("graphics", false)).await.unwrap();
    let found: Vec<_> = page.rows.iter().map(|row| (row.name.as_str(), row.graphics.as_str())).collect();
    assert_eq!(found, [("web2", "none"), ("web1", "spice"), ("db1", "vnc")]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn disks_by_what_has_them(pool: PgPool) {
    let mut c = estate(&pool).await;
    run(
        &mut c,
        "INSERT INTO objects SELECT test_id(1040 + n), 'disk' FROM generate_series(1, 3) n;
         INSERT INTO disks (id, storage_domain_id, alias, virtual_size, allocation, format, status, volume, created_at)
             SELECT test_id(1040 + n), test_id(x'103'::int), 'more' || n, 1, 'thin', 'qcow2', 'ok', 'more' || n, now()
             FROM generate_series(1, 3) n;
         INSERT INTO objects VALUES (test_id(1050), 'template');
         INSERT INTO templates (id, data_center_id, name, status, memory, sockets, cores, threads, disk_id, created_at)
             VALUES (test_id(1050), test_id(x'101'::int), 'Golden', 'ok', 1, 1, 1, 1, test_id(1041), now());
         UPDATE vms SET memory_disk_id = test_id(1042) WHERE name = 'web2'",
    )
    .await;
    for (descending, expected) in [
        (false, ["db1", "Golden", "web1", "web2", "web2", ""]),
        (true, ["web2", "web2", "web1", "Golden", "db1", ""]),
    ] {
        let page = store::disks::LIST.page(&mut c, ALL, &by("attached_to", descending)).await.unwrap();
        let found: Vec<_> = page.rows.iter().map(|row| row.attached_to.join(", ")).collect();
        assert_eq!(found, expected);
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn jobs_by_how_far_they_are(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    run(
        &mut c,
        r#"INSERT INTO jobs (id, kind, title, params, status, owner_name, correlation_id, created_at, run_after)
               SELECT lpad(n::text, 32, '0')::uuid, 'vm.start', '{"key": "plain"}', '{}', status, 'x', 'c', now(), now()
               FROM (VALUES (1, 'running'), (2, 'finished'), (3, 'queued'), (4, 'running')) j (n, status);
           INSERT INTO job_steps (job_id, position, name, status, cancellable)
               SELECT lpad(n::text, 32, '0')::uuid, p, 'place', CASE WHEN p < done THEN 'done' ELSE 'pending' END, false
               FROM (VALUES (1, 3), (2, 4), (3, 0), (4, 1)) j (n, done), generate_series(0, 3) p"#,
    )
    .await;
    for (descending, expected) in [(false, [3, 4, 1, 2]), (true, [1, 4, 3, 2])] {
        let page = store::jobs::list(&mut c, ALL, &by("progress", descending)).await.unwrap();
        let found: Vec<u128> = page.rows.iter().map(|row| row.id.0.as_u128()).collect();
        assert_eq!(found, expected, "what has ended has none, and is last");
    }
}

/// A page goes by the places of the names, the whole by the names themselves.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_ranked_is_in_the_order_of_its_names(pool: PgPool) {
    let mut c = estate(&pool).await;
    run(
        &mut c,
        "SELECT object_place(test_id(2000), 'data_center', ARRAY['aaa00000-0000-0000-0000-123456789aaa'::uuid]);
         INSERT INTO data_centers (id, name, created_at) VALUES (test_id(2000), 'DC0', now());
         SELECT object_place(test_id(2000 + n), 'cluster', ARRAY[test_id(2000)]) FROM generate_series(1, 2) n;
         INSERT INTO clusters (id, data_center_id, name, created_at)
             VALUES (test_id(2001), test_id(2000), 'C0', now()), (test_id(2002), test_id(2000), 'c2', now());
         UPDATE vms SET cluster_id = test_id(2001) WHERE name = 'db1';
         UPDATE vms SET cluster_id = test_id(2002) WHERE name = 'web2';
         SELECT object_place(test_id(2003), 'storage_domain', ARRAY[test_id(2000)]);
         INSERT INTO storage_domains (id, data_center_id, name, path, status, created_at)
             VALUES (test_id(2003), test_id(2000), 'NFS0', '/srv/nfs0', 'active', now());
         UPDATE disks SET storage_domain_id = test_id(2003) WHERE alias = 'disk2'",
    )
    .await;
    for descending in [false, true] {
        for rank in ["host", "cluster", "data_center"] {
            let query = by(rank, descending);
            let page = store::vms::LIST.page(&mut c, ALL, &query).await.unwrap();
            let found: Vec<Uuid> = page.rows.iter().map(|row| row.id.0).collect();
            assert!(found.len() > 2);
            assert_eq!(found, store::vms::LIST.ids(&mut c, ALL, &query, 100).await.unwrap(), "{rank}");
        }
        for rank in ["storage_domain", "data_center"] {
            let query = by(rank, descending);
            let page = store::disks::LIST.page(&mut c, ALL, &query).await.unwrap();
            let found: Vec<Uuid> = page.rows.iter().map(|row| row.id.0).collect();
            assert!(found.len() > 1);
            assert_eq!(found, store::disks::LIST.ids(&mut c, ALL, &query, 100).await.unwrap(), "{rank}");
        }
    }
}
