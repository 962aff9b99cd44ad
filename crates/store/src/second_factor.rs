//! Second factors and their recovery codes. What is sealed here only `control::secrets` opens.

use model::UserId;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::StoreResult;

pub struct SecondFactor {
    pub sealed: Vec<u8>,
    pub confirmed_at: Option<OffsetDateTime>,
    pub last_step: i64,
}

/// The row, taken for the rest of the transaction: a code is used once however many ask at once.
pub async fn take(c: &mut PgConnection, user: UserId) -> StoreResult<Option<SecondFactor>> {
    let row = sqlx::query_as!(
        SecondFactor,
        "SELECT sealed, confirmed_at, last_step FROM second_factors WHERE user_id = $1 FOR UPDATE",
        user.0
    );
    Ok(row.fetch_optional(c).await?)
}

pub async fn get(c: &mut PgConnection, user: UserId) -> StoreResult<Option<SecondFactor>> {
    let row = sqlx::query_as!(
        SecondFactor,
        "SELECT sealed, confirmed_at, last_step FROM second_factors WHERE user_id = $1",
        user.0
    );
    Ok(row.fetch_optional(c).await?)
}

/// A key that is not confirmed yet, in the place of one that never was; false when one is confirmed.
pub async fn offer(c: &mut PgConnection, user: UserId, sealed: &[u8]) -> StoreResult<bool> {
    let done = sqlx::query!(
        "INSERT INTO second_factors AS f (user_id, sealed) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET sealed = $2 WHERE f.confirmed_at IS NULL",
        user.0,
        sealed
    );
    Ok(done.execute(c).await?.rows_affected() > 0)
}

pub async fn confirm(c: &mut PgConnection, user: UserId, step: i64, now: OffsetDateTime) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE second_factors SET confirmed_at = $3, last_step = $2 WHERE user_id = $1",
        user.0,
        step,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn used(c: &mut PgConnection, user: UserId, step: i64) -> StoreResult<()> {
    sqlx::query!("UPDATE second_factors SET last_step = $2 WHERE user_id = $1", user.0, step)
        .execute(c)
        .await?;
    Ok(())
}

/// False when there was none.
pub async fn remove(c: &mut PgConnection, user: UserId) -> StoreResult<bool> {
    let gone = sqlx::query!("DELETE FROM second_factors WHERE user_id = $1", user.0).execute(c).await?;
    Ok(gone.rows_affected() > 0)
}

/// In the place of all earlier ones.
pub async fn give_codes(c: &mut PgConnection, user: UserId, hashes: &[Vec<u8>]) -> StoreResult<()> {
    sqlx::query!("DELETE FROM recovery_codes WHERE user_id = $1", user.0).execute(&mut *c).await?;
    sqlx::query!("INSERT INTO recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])", user.0, hashes)
        .execute(c)
        .await?;
    Ok(())
}

/// Uses one up; false when it is none, or was used.
pub async fn use_code(c: &mut PgConnection, user: UserId, hash: &[u8]) -> StoreResult<bool> {
    let gone = sqlx::query!("DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2", user.0, hash);
    Ok(gone.execute(c).await?.rows_affected() > 0)
}

pub async fn codes_left(c: &mut PgConnection, user: UserId) -> StoreResult<i64> {
    let left =
        sqlx::query_scalar!(r#"SELECT count(*) AS "left!" FROM recovery_codes WHERE user_id = $1"#, user.0);
    Ok(left.fetch_one(c).await?)
}
