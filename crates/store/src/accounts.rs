//! Accounts as a whole: removing one, and what must not go with it.

use model::UserId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreResult;

/// Keeps others from removing an account until the transaction ends: of two super users that remove each other, the
/// second finds itself the last.
pub async fn one_at_a_time(c: &mut PgConnection) -> StoreResult<()> {
    sqlx::query!("LOCK TABLE permissions IN SHARE ROW EXCLUSIVE MODE").execute(c).await?;
    Ok(())
}

/// Whether somebody else than `user` holds the role on System, themselves or through a group.
pub async fn other_holder(c: &mut PgConnection, user: UserId, role: Uuid) -> StoreResult<bool> {
    let held = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM users u JOIN permissions p ON p.principal_id IN (SELECT id FROM principals(u.id))
             WHERE u.id <> $1 AND p.role_id = $2 AND p.object_id = 'aaa00000-0000-0000-0000-123456789aaa') AS "held!""#,
        user.0,
        role
    );
    Ok(held.fetch_one(c).await?)
}

/// Whether `user` holds the role on System.
pub async fn holds(c: &mut PgConnection, user: UserId, role: Uuid) -> StoreResult<bool> {
    let held = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM permissions p WHERE p.principal_id IN (SELECT id FROM principals($1))
             AND p.role_id = $2 AND p.object_id = 'aaa00000-0000-0000-0000-123456789aaa') AS "held!""#,
        user.0,
        role
    );
    Ok(held.fetch_one(c).await?)
}

/// The account goes with its permissions, sessions and settings. False when it was gone.
pub async fn remove(c: &mut PgConnection, user: UserId) -> StoreResult<bool> {
    sqlx::query!("DELETE FROM permissions WHERE principal_id = $1", user.0).execute(&mut *c).await?;
    Ok(sqlx::query!("DELETE FROM users WHERE id = $1", user.0).execute(c).await?.rows_affected() > 0)
}

/// An account's name and directory.
pub async fn name(c: &mut PgConnection, user: UserId) -> StoreResult<Option<(String, String)>> {
    let row = sqlx::query!("SELECT name, domain FROM users WHERE id = $1", user.0).fetch_optional(c).await?;
    Ok(row.map(|r| (r.name, r.domain)))
}

/// Its password's hash.
pub async fn password(c: &mut PgConnection, user: UserId) -> StoreResult<Option<String>> {
    let hash = sqlx::query_scalar!("SELECT password_hash FROM users WHERE id = $1", user.0);
    Ok(hash.fetch_optional(c).await?.flatten())
}
