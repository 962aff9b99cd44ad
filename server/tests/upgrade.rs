//! A database from before: brought forward by the server's start with everything in it; and one from tomorrow, which
//! is left alone.

#![allow(clippy::unwrap_used)]

mod support;

use std::borrow::Cow;

use nix::sys::signal::Signal;
use sqlx::migrate::Migrator;
use support::{Estate, psql, refused, said};

/// The schema with which the server first had VMs: their screens were two columns of their own.
const FIRST: i64 = 7;

/// What somebody had by then: a cluster with a VM that runs, with a keyboard and a disk, and one without a screen.
const ESTATE: &str = "
    SELECT object_place('00000000-0000-0000-0000-0000000000d1', 'data_center', ARRAY[]::uuid[]);
    INSERT INTO data_centers (id, name, created_at) VALUES ('00000000-0000-0000-0000-0000000000d1', 'main', now());
    SELECT object_place('00000000-0000-0000-0000-0000000000c1', 'cluster',
                        ARRAY['00000000-0000-0000-0000-0000000000d1'::uuid]);
    INSERT INTO clusters (id, data_center_id, name, created_at)
    VALUES ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000d1', 'lab', now());
    SELECT object_place(id, 'vm', ARRAY['00000000-0000-0000-0000-0000000000c1'::uuid])
    FROM (VALUES ('00000000-0000-0000-0000-000000000a01'::uuid), ('00000000-0000-0000-0000-000000000a02')) v (id);
    INSERT INTO vms (id, cluster_id, name, memory, sockets, cores, threads, headless, keyboard, intended, status,
                     status_since, running, created_at)
    VALUES ('00000000-0000-0000-0000-000000000a01', '00000000-0000-0000-0000-0000000000c1', 'web1', 268435456, 1, 2, 1,
            false, 'de', 'down', 'down', now(), NULL, now()),
           ('00000000-0000-0000-0000-000000000a02', '00000000-0000-0000-0000-0000000000c1', 'web2', 268435456, 1, 2, 1,
            true, NULL, 'up', 'unknown', now(),
            '{\"name\": \"web2\", \"description\": \"\", \"comment\": \"\", \"memory\": 268435456, \"sockets\": 1,
              \"cores\": 2, \"threads\": 1, \"cpu_model\": null, \"headless\": true, \"keyboard\": null}', now());
    INSERT INTO users (id, name, password_hash, created_at) VALUES (gen_random_uuid(), 'ada', 'x', now());";

const NAMES: &str = "SELECT string_agg(name, ' ' ORDER BY name) FROM vms";
const NEWEST: &str = "SELECT max(version) FROM _sqlx_migrations WHERE success";

/// A database as an early version left it, in the PostgreSQL of `of`.
fn early(of: &Estate) -> String {
    of.sql("CREATE DATABASE early");
    let url = of.database_url().replace("/drover?", "/early?");
    let steps: Vec<_> = store::MIGRATIONS.iter().filter(|step| step.version <= FIRST).cloned().collect();
    let migrations = Migrator { migrations: Cow::Owned(steps), ..Migrator::DEFAULT };
    let made = async {
        let pool = sqlx::PgPool::connect(&url).await.unwrap();
        migrations.run(&pool).await.unwrap();
        pool.close().await;
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(made);
    psql(&url, ESTATE);
    url
}

#[test]
fn an_early_database_is_brought_forward_and_a_later_one_refused() {
    let (keeper, estate) = (Estate::new(), Estate::new());
    let _database = keeper.serve();
    keeper.health();
    let url = early(&keeper);
    assert_eq!(psql(&url, NEWEST), FIRST.to_string());

    let mut running = estate.serve_with(&[("DATABASE_URL", &url)]);
    estate.until_says("/readyz", "ready\nschema: current\nrole: leader\nlive: connected\n");
    assert_eq!(psql(&url, NEWEST), store::schema::known().to_string());
    assert_eq!(psql(&url, NAMES), "web1 web2");
    let options = "SELECT string_agg(concat_ws(' ', options ->> 'graphics', options ->> 'keyboard'), ', ' ORDER BY name) FROM vms";
    assert_eq!(psql(&url, options), "vnc de, none");
    assert_eq!(psql(&url, "SELECT running -> 'options' ->> 'graphics' FROM vms WHERE name = 'web2'"), "none");
    running.signal(Signal::SIGTERM);
    running.wait();
    // Whoever reads them by Drover's own means reads all of it.
    let listed = said(estate.drover(&["admin", "user", "list"]).env("DATABASE_URL", &url));
    assert!(listed.contains("ada@internal"), "{listed}");

    psql(
        &url,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (999999, 'of tomorrow', true, '', 0)",
    );
    let told = refused(estate.drover(&["serve"]).env("DATABASE_URL", &url));
    assert!(told.contains("newer Drover") && told.contains("999999"), "{told}");
    assert_eq!((psql(&url, NAMES).as_str(), psql(&url, NEWEST).as_str()), ("web1 web2", "999999"));
    let after = estate.get("/healthz");
    assert!(after.is_none(), "nothing listens: {after:?}");
}
