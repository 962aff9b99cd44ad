//! What is known of an account by its id.

use model::UserId;
use sqlx::PgConnection;

use crate::StoreResult;

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
