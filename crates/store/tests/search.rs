//! Every field of the language, every operator and every relation is SQL that PostgreSQL takes, for whoever looks; and
//! what is found is what was meant.

#![allow(clippy::unwrap_used)]

use std::fmt::Display;

use model::list::ListQuery;
use search::{Entity, Field, Object, Type};
use sqlx::{PgConnection, PgPool};
use store::{StoreError, StoreResult, Viewer};
use time::macros::datetime;
use uuid::Uuid;

const NOW: time::OffsetDateTime = datetime!(2026-11-26 12:00 UTC);
const ALL: Viewer = Viewer { user: Uuid::nil(), all: true, now: NOW };
const NOBODY: Viewer = Viewer { user: Uuid::nil(), all: false, now: NOW };

/// How many a search finds.
async fn found(c: &mut PgConnection, entity: Entity, viewer: Viewer, text: &str) -> StoreResult<u64> {
    let query = ListQuery { search: Some(text.to_owned()), ..ListQuery::default() };
    Ok(match entity {
        Entity::Vms => store::vms::LIST.page(c, viewer, &query).await?.total,
        Entity::Hosts => store::hosts::LIST.page(c, viewer, &query).await?.total,
        Entity::Templates => store::templates::LIST.page(c, viewer, &query).await?.total,
        Entity::Clusters => store::clusters::LIST.page(c, viewer, &query).await?.total,
        Entity::DataCenters => store::data_centers::LIST.page(c, viewer, &query).await?.total,
        Entity::Storage => store::storage_domains::LIST.page(c, viewer, &query).await?.total,
        Entity::Disks => store::disks::LIST.page(c, viewer, &query).await?.total,
        Entity::Networks => store::networks::LIST.page(c, viewer, &query).await?.total,
        Entity::Quotas => store::quotas::LIST.page(c, viewer, &query).await?.total,
        Entity::Users => store::users::LIST.page(c, viewer, &query).await?.total,
        Entity::Events => store::events::page(c, viewer, &query).await?.total,
        Entity::Jobs => store::jobs::list(c, viewer, &query).await?.total,
    })
}

/// Values of the field's type.
fn values(field: &Field) -> Vec<String> {
    let words = field.kind.words();
    let plain: &[&str] = match field.kind {
        Type::Text | Type::Tag => &["abc", "a*c?", "\"it's 100%; $1\"", "\"\""],
        Type::Number(_) => &["0", "1.5", "-3", "999999999999", "null"],
        Type::Span => &["2d", "01:00:00"],
        Type::Date => &["2026-01-02", "\"2026-01-02 03:04\""],
        Type::Id => &["123e4567-e89b-12d3-a456-426614174000", "null"],
        Type::Words { .. } | Type::Ranks(_) | Type::Bool => &["null"],
    };
    plain.iter().map(ToString::to_string).chain(words).collect()
}

async fn try_all(c: &mut PgConnection, entity: Entity, object: Object, prefix: &str) {
    for field in object.fields() {
        for op in field.kind.ops() {
            for value in values(field) {
                let text = format!("{prefix}{} {} {value}", field.name, op.as_str());
                tried(c, entity, &text).await;
            }
        }
    }
}

async fn tried(c: &mut PgConnection, entity: Entity, text: &str) {
    for viewer in [ALL, NOBODY] {
        if let Err(error) = found(c, entity, viewer, text).await {
            panic!("{}: {text}: {error}", entity.as_str());
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_word_is_sql(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    for entity in Entity::ALL.iter().copied() {
        try_all(&mut c, entity, Object::Of(entity), "").await;
        tried(&mut c, entity, "\"anything 100%\"").await;
        for field in entity.fields() {
            tried(&mut c, entity, &format!("sortby {} desc", field.name)).await;
        }
        for object in entity.related().iter().copied() {
            let word = object.as_str();
            for field in object.fields() {
                let value = values(field).remove(0);
                tried(&mut c, entity, &format!("{word}.{} != {value}", field.name)).await;
            }
            tried(&mut c, entity, &format!("{word} = abc*")).await;
            tried(&mut c, entity, &format!("{word} != abc*")).await;
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_worded_wrongly_is_told(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    let error = found(&mut c, Entity::Vms, ALL, "name ~ a").await.unwrap_err();
    assert!(matches!(&error, StoreError::Search(_)), "{error}");
    let fault: model::Fault = error.into();
    assert_eq!(fault.status(), 422);
    assert!(fault.to_string().contains("character 6"), "{fault}");
}

async fn run(c: &mut PgConnection, sql: impl Display) {
    sqlx::raw_sql(&sql.to_string()).execute(c).await.unwrap();
}

/// Two hosts, three VMs of which two run, and what belongs to them.
async fn estate(c: &mut PgConnection) {
    run(c, include_str!("search/estate.sql")).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_found_is_what_was_meant(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    estate(&mut c).await;
    for (entity, text, count) in [
        (Entity::Vms, "", 3),
        (Entity::Vms, "name = web1", 1),
        (Entity::Vms, "NAME = WEB*", 2),
        (Entity::Vms, "name = web?", 2),
        (Entity::Vms, "name = web", 0),
        (Entity::Vms, "web", 2),
        (Entity::Vms, "name = we_1", 0),
        (Entity::Vms, "name != web1", 2),
        (Entity::Vms, "status = up", 2),
        (Entity::Vms, "name = my* and status = up", 0),
        (Entity::Vms, "name = web1 or name = web2 status = up", 1),
        (Entity::Vms, "name = web1 or (name = web2 and status = up)", 1),
        (Entity::Vms, "Hosts.name = kvm1", 1),
        // No host is not this host.
        (Entity::Vms, "Hosts.name != kvm1", 2),
        (Entity::Vms, "Hosts = kvm", 2),
        (Entity::Vms, "Hosts != kvm", 1),
        (Entity::Vms, "Hosts.name = kvm1 or Storage.name = nfs*", 3),
        (Entity::Vms, "on_host = \"\"", 1),
        (Entity::Vms, "on_host != null", 2),
        (Entity::Vms, "memory > 1024", 1),
        (Entity::Vms, "memory >= 1G", 3),
        (Entity::Vms, "uptime > 1h", 1),
        (Entity::Vms, "uptime < 1h", 1),
        (Entity::Vms, "creationdate = yesterday", 1),
        (Entity::Vms, "creationdate < yesterday", 2),
        (Entity::Vms, "ip = 10.0.0.*", 1),
        (Entity::Vms, "ip != 10.0.0.*", 2),
        (Entity::Vms, "ip = null", 2),
        (Entity::Vms, "description = \"100% it's\"", 1),
        (Entity::Vms, "Vnic.mac = 52:54:00:00:00:01", 1),
        (Entity::Vms, "cpu_usage > 50", 1),
        // What has no value is not equal to any.
        (Entity::Vms, "cpu_usage != 80", 2),
        (Entity::Vms, "highly_available = true", 1),
        (Entity::Hosts, "Vms.name = web1", 1),
        (Entity::Hosts, "Vms.name = web1 and Vms.name = db1", 0),
        (Entity::Hosts, "active_vms = 1", 2),
        (Entity::Hosts, "committed_mem > 1500", 1),
        (Entity::Disks, "vm_names = web1", 1),
        (Entity::Disks, "size > 1000000 number_of_vms = 0", 0),
        (Entity::Disks, "allocation_policy = sparse", 3),
        (Entity::Storage, "free_size < 20 status = active", 1),
        (Entity::Storage, "Hosts.name = kvm1", 0),
        (Entity::Clusters, "vms_count >= 3 and DataCenter.name = dc1", 1),
    ] {
        let total = found(&mut c, entity, ALL, text).await.unwrap();
        assert_eq!(total, count, "{}: {text}", entity.as_str());
    }
    assert_eq!(found(&mut c, Entity::Vms, NOBODY, "name = *").await.unwrap(), 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nothing_is_learnt_of_what_is_out_of_sight(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    estate(&mut c).await;
    let user = Uuid::from_u128(0x501);
    let viewer = Viewer { user, all: false, now: NOW };
    // A VM's user sees it, and what is above it; the storage of its disk is not.
    assert_eq!(found(&mut c, Entity::Vms, viewer, "").await.unwrap(), 1);
    assert_eq!(found(&mut c, Entity::Vms, viewer, "Storage.name = *").await.unwrap(), 0);
    assert_eq!(found(&mut c, Entity::Vms, viewer, "Users.usrname = ann").await.unwrap(), 1);
    assert_eq!(found(&mut c, Entity::Vms, viewer, "Users.usrname = bob").await.unwrap(), 0);
    assert_eq!(found(&mut c, Entity::Vms, ALL, "Users.usrname = bob").await.unwrap(), 3);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_search_sorts_unless_the_list_does(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    estate(&mut c).await;
    for (text, sort, names) in [
        ("sortby name desc", None, ["web2", "web1", "db1"]),
        ("sortby memory desc", None, ["db1", "web1", "web2"]),
        // Nothing comes first, and last the other way round.
        ("sortby cpu_usage", None, ["web2", "db1", "web1"]),
        ("sortby cpu_usage desc", None, ["web1", "db1", "web2"]),
        ("sortby uptime desc", None, ["web1", "db1", "web2"]),
        ("sortby name desc", Some("name"), ["db1", "web1", "web2"]),
    ] {
        let query = ListQuery {
            search: Some(text.to_owned()),
            sort: sort.map(str::to_owned),
            ..ListQuery::default()
        };
        let page = store::vms::LIST.page(&mut c, ALL, &query).await.unwrap();
        let found: Vec<_> = page.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(found, names, "{text}");
    }
}

/// From whichever end a page is found, the pages put together are the whole list, with nothing twice.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_put_together_are_the_list(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    sqlx::raw_sql(include_str!("search/estate.sql")).execute(&mut *c).await.unwrap();
    let more = "SELECT object_place(test_id(2048 + n), 'vm', ARRAY[test_id(x'102'::int)]) FROM generate_series(1, 17) n;
        INSERT INTO vms (id, cluster_id, name, memory, sockets, cores, threads, intended, status, status_since, host_id, cpu_percent, created_at)
        SELECT test_id(2048 + n), cluster_id, 'more' || n, memory * (n % 3 + 1), 1, 1, 1, intended, status, status_since,
            CASE WHEN n % 2 = 0 THEN host_id END, nullif(n % 5, 0), created_at
        FROM vms, generate_series(1, 17) n WHERE name = 'web1'";
    sqlx::raw_sql(more).execute(&mut *c).await.unwrap();
    let list = &store::vms::LIST;
    let orders = list.sorts.iter().flat_map(|(word, _)| {
        [false, true].map(|descending| ListQuery {
            sort: Some((*word).to_owned()),
            descending,
            ..ListQuery::default()
        })
    });
    let searched = ["Vms: sortby cpu_usage", "Vms: sortby cpu_usage desc", "Vms: sortby uptime"]
        .map(|text| ListQuery { search: Some(text.to_owned()), ..ListQuery::default() });
    for query in orders.chain(searched) {
        let whole = list.ids(&mut c, ALL, &query, 100).await.unwrap();
        assert_eq!(whole.len(), 20, "{query:?}");
        for size in [3, 7, 20, 100] {
            let mut pages = Vec::new();
            for page in 1..=20_u32.div_ceil(size) + 1 {
                let query = ListQuery { page, size, ..query.clone() };
                let rows = list.page(&mut c, ALL, &query).await.unwrap().rows;
                pages.extend(rows.into_iter().map(|vm| vm.id.0));
            }
            assert_eq!(pages, whole, "{size} of {query:?}");
        }
    }
}
