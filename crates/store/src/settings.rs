//! What people set for themselves.

use std::collections::BTreeMap;

use model::UserId;
use serde_json::Value;
use sqlx::PgConnection;

use crate::StoreResult;

/// All that `user` has set.
pub async fn of(c: &mut PgConnection, user: UserId) -> StoreResult<BTreeMap<String, Value>> {
    let rows = sqlx::query!("SELECT key, value FROM user_settings WHERE user_id = $1", user.0);
    Ok(rows.fetch_all(c).await?.into_iter().map(|row| (row.key, row.value)).collect())
}

pub async fn set(c: &mut PgConnection, user: UserId, key: &str, value: &Value) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO user_settings (user_id, key, value) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, key) DO UPDATE SET value = $3",
        user.0,
        key,
        value
    )
    .execute(c)
    .await?;
    Ok(())
}

/// As if it had never been set.
pub async fn forget(c: &mut PgConnection, user: UserId, key: &str) -> StoreResult<()> {
    sqlx::query!("DELETE FROM user_settings WHERE user_id = $1 AND key = $2", user.0, key).execute(c).await?;
    Ok(())
}
