//! The audit: a row for what somebody did, failed at or was refused, in a chain that tells what was done to it.

use control::audit::{self, Broken, Flaw, Refused, Whence};
use control::{Ctx, users};
use model::id::Kind;
use sqlx::PgPool;

use crate::support::*;

const PASSWORD: &str = "correct horse";

/// The last rows: who, what, on what, how it ended.
async fn rows(world: &World, most: u32) -> Vec<String> {
    let rows = audit::newest(&world.app, most).await.unwrap();
    let line = |r: store::audit::Entry| {
        let object = r.object_name.unwrap_or_default();
        format!("{}|{}|{}|{}|{}", r.actor, r.address, r.action, object, r.outcome)
    };
    rows.into_iter().map(line).collect()
}

async fn broken(world: &World) -> Option<Broken> {
    audit::verify(&world.app, None).await.unwrap().broken
}

/// Whoever has the database may do this, too.
async fn tamper(world: &World, sql: &str) {
    for sql in ["ALTER TABLE audit DISABLE TRIGGER ALL", sql, "ALTER TABLE audit ENABLE TRIGGER ALL"] {
        sqlx::query(sql).execute(&world.app.pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_did_what_from_where(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    users::add(&world.admin, "bob", PASSWORD, false).await.unwrap();
    users::grant(&world.admin, "bob", "UserVmManager", Kind::Vm, vm.0, "web1").await.unwrap();
    for password in [PASSWORD, "wrong horse"] {
        let _ = users::sign_in(&world.app, "bob", password, ("192.0.2.9", "c-1")).await;
    }
    assert_eq!(
        rows(&world, 4).await,
        [
            "admin@internal|192.0.2.1|user-added|bob|done",
            "admin@internal|192.0.2.1|permission-granted|web1|done",
            "bob@internal|192.0.2.9|signed-in|bob|done",
            "bob@internal|192.0.2.9|sign-in-failed||failed",
        ]
    );
    let granted = audit::newest(&world.app, 3).await.unwrap().remove(0);
    assert_eq!(granted.message, "bob@internal was given the role UserVmManager on web1.");
    assert_eq!((granted.object_kind.as_deref(), granted.object_id), (Some("vm"), Some(vm.0)));

    let owner = world.owner_of("owner", &[vm.0]).await;
    let whence = Whence { address: "192.0.2.3", correlation: "c-2" };
    let path = format!("/vms/{vm}/remove");
    let refused = |who| Refused { who, path: &path, object: Some((Kind::Vm, vm.0)) };
    audit::refused(&world.app, refused(Some(&owner.who)), whence).await.unwrap();
    audit::refused(&world.app, refused(None), whence).await.unwrap();
    let wanted = [format!("owner@internal|192.0.2.3|{path}||refused"), format!("|192.0.2.3|{path}||refused")];
    assert_eq!(rows(&world, 2).await, wanted);
    let verdict = audit::verify(&world.app, None).await.unwrap();
    assert_eq!((verdict.broken, verdict.rows), (None, world.count("SELECT count(*) FROM audit").await));
    assert_eq!(world.count("SELECT count(*) FROM audit_pending").await, 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_not_done_is_not_noted(pool: PgPool) {
    let world = World::new(pool).await;
    let before = world.count("SELECT count(*) FROM audit").await;
    let mut tx = world.app.begin().await.unwrap();
    control::events::tell(&mut tx, &world.admin, model::event::EventKind::SignedOut, &[], vec![])
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM audit").await, before);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nothing_is_taken_back(pool: PgPool) {
    let world = World::new(pool).await;
    for sql in ["UPDATE audit SET actor = 'eve'", "DELETE FROM audit", "TRUNCATE audit"] {
        let refused = sqlx::query(sql).execute(&world.app.pool).await.unwrap_err().to_string();
        assert!(refused.contains("the audit is only added to"), "{sql}: {refused}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_first_row_that_does_not_fit_is_named(pool: PgPool) {
    let world = World::new(pool).await;
    let clean = audit::verify(&world.app, None).await.unwrap();
    assert!(clean.rows > 6 && clean.broken.is_none());
    let at = |seq, what| Some(Broken { seq, what });
    let columns = [
        ("at", "at + interval '1 microsecond'", "at - interval '1 microsecond'"),
        ("actor", "actor || 'x'", "left(actor, -1)"),
        ("actor_id", "NULL", "(SELECT actor_id FROM audit WHERE seq = 2)"),
        ("address", "'198.51.100.1'", "(SELECT address FROM audit WHERE seq = 2)"),
        ("action", "action || '-'", "left(action, -1)"),
        ("object_kind", "NULL", "'network'"),
        ("object_name", "object_name || ','", "left(object_name, -1)"),
        ("outcome", "'failed'", "'done'"),
        ("message", "''", "(SELECT message FROM kept)"),
        ("correlation", "'c'", "(SELECT correlation FROM audit WHERE seq = 2)"),
    ];
    sqlx::query("CREATE TABLE kept AS SELECT * FROM audit WHERE seq = 3")
        .execute(&world.app.pool)
        .await
        .unwrap();
    for (column, wrong, right) in columns {
        tamper(&world, &format!("UPDATE audit SET {column} = {wrong} WHERE seq = 3")).await;
        assert_eq!(broken(&world).await, at(3, Flaw::Changed), "{column}");
        let right = format!("coalesce((SELECT {column} FROM kept), {right})");
        tamper(&world, &format!("UPDATE audit SET {column} = {right} WHERE seq = 3")).await;
        assert_eq!(broken(&world).await, None, "{column} as it was");
    }
    // Somebody who hashes the changed row anew still does not fit the next one.
    tamper(&world, "UPDATE audit SET hash = sha256(hash) WHERE seq = 3").await;
    assert_eq!(broken(&world).await, at(3, Flaw::Changed));
    tamper(&world, "UPDATE audit SET hash = (SELECT hash FROM kept) WHERE seq = 3").await;
    tamper(&world, "DELETE FROM audit WHERE seq = 5").await;
    assert_eq!(broken(&world).await, at(5, Flaw::Missing));
    tamper(&world, "UPDATE audit SET seq = seq - 1 WHERE seq > 5").await;
    assert_eq!(broken(&world).await, at(5, Flaw::Changed));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_cut_off_at_the_end_shows_against_a_noted_head(pool: PgPool) {
    let world = World::new(pool).await;
    let noted = audit::verify(&world.app, None).await.unwrap();
    let against =
        async || audit::verify(&world.app, Some((noted.rows, noted.head.as_str()))).await.unwrap().broken;
    assert_eq!(against().await, None);
    tamper(&world, &format!("DELETE FROM audit WHERE seq = {}", noted.rows)).await;
    assert_eq!(broken(&world).await, None, "the rest is whole");
    assert_eq!(against().await, Some(Broken { seq: noted.rows, what: Flaw::Missing }));
    users::add(&world.admin, "bob", PASSWORD, false).await.unwrap();
    assert_eq!(against().await, Some(Broken { seq: noted.rows, what: Flaw::NotTheNoted }));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn many_at_once_make_one_chain(pool: PgPool) {
    let world = World::new(pool).await;
    let before = audit::verify(&world.app, None).await.unwrap().rows;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..8 {
        let ctx: Ctx = world.admin.clone();
        tasks.spawn(async move {
            for m in 0..5 {
                control::data_centers::create(&ctx, &data_center(&format!("dc-{n}-{m}"))).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    let verdict = audit::verify(&world.app, None).await.unwrap();
    assert_eq!((verdict.broken, verdict.rows), (None, before + 40));
}
