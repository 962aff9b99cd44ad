//! Sessions as people see them: one's own are one's own to end, others' are for those who manage users.

use control::{Ctx, sessions};
use model::UserId;
use model::event::EventKind;
use sqlx::PgPool;

use crate::support::*;

pub async fn begin(world: &World, user: UserId, id: &str) {
    let session = session(world, user, id);
    store::sessions::save(&mut world.app.conn().await.unwrap(), &session).await.unwrap();
}

fn session(world: &World, user: UserId, id: &str) -> store::sessions::Session {
    let now = world.app.now();
    store::sessions::Session {
        id: id.to_owned(),
        user: Some(user),
        address: "192.0.2.7".to_owned(),
        agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
        data: serde_json::json!({ "login": {} }),
        created_at: now,
        last_seen: now,
        expires_at: now + time::Duration::HOUR,
    }
}

/// Somebody in the session of that id.
fn within(ctx: &Ctx, id: &str) -> Ctx {
    Ctx { session: Some(id.to_owned()), ..ctx.clone() }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn ones_own_sessions(pool: PgPool) {
    let world = World::new(pool).await;
    let (bob, eve) = (world.owner_of("bob", &[]).await, world.owner_of("eve", &[]).await);
    let (bob, bobs) = (within(&bob, "bob-1"), bob.who.id.unwrap());
    for id in ["bob-1", "bob-2"] {
        begin(&world, bobs, id).await;
    }
    begin(&world, eve.who.id.unwrap(), "eve-1").await;
    sqlx::query("INSERT INTO sessions (id, user_id, data, created_at, last_seen, expires_at) SELECT 'half', user_id, '{}', created_at, last_seen, expires_at FROM sessions WHERE id = 'bob-1'")
        .execute(&world.app.pool)
        .await
        .unwrap();
    let own = sessions::list(&bob, None).await.unwrap();
    assert_eq!(own.len(), 2, "who has not given the code yet is in no session");
    assert_eq!(own.iter().filter(|s| s.this).count(), 1);
    assert_eq!((own[0].browser.as_str(), own[0].address.as_str()), ("Firefox, Linux", "192.0.2.7"));
    assert_eq!(said(sessions::list(&eve, Some(bobs)).await), "refusal-not-permitted");

    let other = own.iter().find(|s| !s.this).unwrap().key;
    assert_eq!(said(sessions::end(&eve, other).await), "refusal-not-permitted");
    sessions::end(&bob, other).await.unwrap();
    assert_eq!(said(sessions::end(&bob, other).await), "refusal-not-permitted", "as one that never was");
    assert_eq!(sessions::list(&bob, None).await.unwrap().len(), 1);
    assert_eq!(world.events(EventKind::SessionTerminated).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn administrators_end_anybodys(pool: PgPool) {
    let world = World::new(pool).await;
    let bobs = world.owner_of("bob", &[]).await.who.id.unwrap();
    begin(&world, bobs, "bob-1").await;
    let listed = sessions::list(&world.admin, Some(bobs)).await.unwrap();
    assert!(!listed[0].this);
    sessions::end(&world.admin, listed[0].key).await.unwrap();
    assert_eq!(said(sessions::end(&world.admin, listed[0].key).await), "refusal-session-ended");
    // A request that was under way keeps what it read.
    let under_way = session(&world, bobs, "bob-1");
    store::sessions::update(&mut world.app.conn().await.unwrap(), &under_way).await.unwrap();
    assert_eq!(sessions::list(&world.admin, Some(bobs)).await.unwrap(), []);
    let told = world.events(EventKind::SessionTerminated).await;
    assert_eq!(told[0].text.to_string(), "admin@internal ended a session of bob.");
}
