//! Login sessions, by the hash of their id. The live stream does not count as activity: whoever reads the
//! session says whether it does.

use model::UserId;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::StoreResult;

pub struct Session {
    pub id: String,
    pub user: Option<UserId>,
    pub address: String,
    pub agent: String,
    pub data: serde_json::Value,
    pub created_at: OffsetDateTime,
    pub last_seen: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

pub async fn save(c: &mut PgConnection, s: &Session) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO sessions (id, user_id, address, agent, data, created_at, last_seen, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET user_id = $2, address = $3, agent = $4, data = $5, last_seen = $7, expires_at = $8",
        s.id, s.user.map(|u| u.0), s.address, s.agent, s.data, s.created_at, s.last_seen, s.expires_at
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Keeps what a request left of its session, unless that was ended meanwhile: then it stays so.
pub async fn update(c: &mut PgConnection, s: &Session) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE sessions SET user_id = $2, address = $3, agent = $4, data = $5, last_seen = $6, expires_at = $7
         WHERE id = $1",
        s.id,
        s.user.map(|u| u.0),
        s.address,
        s.agent,
        s.data,
        s.last_seen,
        s.expires_at
    )
    .execute(c)
    .await?;
    Ok(())
}

/// A session that has not ended.
pub async fn load(c: &mut PgConnection, id: &str, now: OffsetDateTime) -> StoreResult<Option<Session>> {
    let row = sqlx::query!("SELECT * FROM sessions WHERE id = $1 AND expires_at > $2", id, now);
    Ok(row.fetch_optional(c).await?.map(|r| Session {
        id: r.id,
        user: r.user_id.map(UserId),
        address: r.address,
        agent: r.agent,
        data: r.data,
        created_at: r.created_at,
        last_seen: r.last_seen,
        expires_at: r.expires_at,
    }))
}

pub async fn delete(c: &mut PgConnection, id: &str) -> StoreResult<()> {
    sqlx::query!("DELETE FROM sessions WHERE id = $1", id).execute(c).await?;
    Ok(())
}

/// Ends all sessions of a user, but the one given.
pub async fn delete_others(c: &mut PgConnection, user: UserId, keep: Option<&str>) -> StoreResult<()> {
    sqlx::query!("DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2", user.0, keep)
        .execute(c)
        .await?;
    Ok(())
}

pub async fn delete_expired(c: &mut PgConnection, now: OffsetDateTime) -> StoreResult<u64> {
    Ok(sqlx::query!("DELETE FROM sessions WHERE expires_at <= $1", now).execute(c).await?.rows_affected())
}

/// A session as people see it.
pub struct Shown {
    pub key: uuid::Uuid,
    /// The hash of its id.
    pub id: String,
    pub user: UserId,
    pub address: String,
    pub agent: String,
    pub created_at: OffsetDateTime,
    pub last_seen: OffsetDateTime,
}

/// The sessions of somebody who has signed in in them, the newest first.
pub async fn of_user(c: &mut PgConnection, user: UserId, now: OffsetDateTime) -> StoreResult<Vec<Shown>> {
    let rows = sqlx::query!(
        r#"SELECT key, id, user_id AS "user!", address, agent, created_at, last_seen FROM sessions
           WHERE user_id = $1 AND expires_at > $2 AND data ? 'login' ORDER BY created_at DESC, key"#,
        user.0,
        now
    );
    let shown = rows.fetch_all(c).await?.into_iter().map(|r| Shown {
        key: r.key,
        id: r.id,
        user: UserId(r.user),
        address: r.address,
        agent: r.agent,
        created_at: r.created_at,
        last_seen: r.last_seen,
    });
    Ok(shown.collect())
}

/// Whose session it is.
pub async fn owner(c: &mut PgConnection, key: uuid::Uuid) -> StoreResult<Option<UserId>> {
    let owner = sqlx::query_scalar!("SELECT user_id FROM sessions WHERE key = $1", key);
    Ok(owner.fetch_optional(c).await?.flatten().map(UserId))
}

/// False when it had ended already.
pub async fn end(c: &mut PgConnection, key: uuid::Uuid) -> StoreResult<bool> {
    Ok(sqlx::query!("DELETE FROM sessions WHERE key = $1", key).execute(c).await?.rows_affected() > 0)
}
