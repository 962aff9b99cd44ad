//! Attempts to sign in, by account, whether there is such an account or not.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::StoreResult;

/// When an account is locked, and for how long.
pub struct Rule {
    pub most: i32,
    pub span: Duration,
}

/// Counts an attempt before its outcome is known, so that many at once are not more than `most` either. Gives how many
/// it are now; none when the account is locked.
pub async fn count(
    c: &mut PgConnection,
    account: &str,
    now: OffsetDateTime,
    rule: &Rule,
) -> StoreResult<Option<i32>> {
    let counted = sqlx::query_scalar!(
        "INSERT INTO sign_in_attempts AS a (account, failures, until) VALUES ($1, 1, $3)
         ON CONFLICT (account) DO UPDATE SET
             failures = CASE WHEN a.until <= $2 THEN 1 ELSE a.failures + 1 END,
             until = CASE WHEN a.until <= $2 OR a.failures + 1 >= $4 THEN $3 ELSE a.until END
         WHERE a.until <= $2 OR a.failures < $4
         RETURNING failures",
        account,
        now,
        now + rule.span,
        rule.most
    );
    Ok(counted.fetch_optional(c).await?)
}

/// Takes one attempt back: it was right, but is not all that is asked for.
pub async fn forgive_one(c: &mut PgConnection, account: &str) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE sign_in_attempts SET failures = greatest(failures - 1, 0) WHERE account = $1",
        account
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Whether there was anything to forget.
pub async fn forget(c: &mut PgConnection, account: &str) -> StoreResult<bool> {
    let gone = sqlx::query!("DELETE FROM sign_in_attempts WHERE account = $1", account).execute(c).await?;
    Ok(gone.rows_affected() > 0)
}

/// Until when the account is locked.
pub async fn locked(
    c: &mut PgConnection,
    account: &str,
    now: OffsetDateTime,
    rule: &Rule,
) -> StoreResult<Option<OffsetDateTime>> {
    let until = sqlx::query_scalar!(
        "SELECT until FROM sign_in_attempts WHERE account = $1 AND until > $2 AND failures >= $3",
        account,
        now,
        rule.most
    );
    Ok(until.fetch_optional(c).await?)
}

/// What is forgotten anyway goes.
pub async fn delete_old(c: &mut PgConnection, now: OffsetDateTime) -> StoreResult<()> {
    sqlx::query!("DELETE FROM sign_in_attempts WHERE until <= $1", now).execute(c).await?;
    Ok(())
}
