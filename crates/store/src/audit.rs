//! The audit: who did what, or was refused it. Rows are chained by the schema when their transaction commits.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;

/// What is to be written down.
pub struct NewEntry<'a> {
    pub at: OffsetDateTime,
    /// Nobody is Drover itself, a command on its machine, or somebody who is not signed in.
    pub actor_id: Option<Uuid>,
    pub actor: &'a str,
    pub address: &'a str,
    pub action: &'a str,
    pub object: Option<(&'a str, Uuid, &'a str)>,
    pub outcome: Outcome,
    /// In English, with what the action was given.
    pub message: &'a str,
    pub correlation: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It was tried with the wrong password or code.
    Failed,
    Refused,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Failed => "failed",
            Outcome::Refused => "refused",
        }
    }
}

/// A row of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub seq: i64,
    pub at: OffsetDateTime,
    pub actor_id: Option<Uuid>,
    pub actor: String,
    pub address: String,
    pub action: String,
    pub object_kind: Option<String>,
    pub object_id: Option<Uuid>,
    pub object_name: Option<String>,
    pub outcome: String,
    pub message: String,
    pub correlation: String,
    pub hash: Vec<u8>,
}

pub async fn add(c: &mut PgConnection, e: &NewEntry<'_>) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO audit_pending (at, actor_id, actor, address, action, object_kind, object_id, object_name, outcome,
                                    message, correlation)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        e.at, e.actor_id, e.actor, e.address, e.action, e.object.map(|o| o.0), e.object.map(|o| o.1),
        e.object.map(|o| o.2), e.outcome.as_str(), e.message, e.correlation
    )
    .execute(c)
    .await?;
    Ok(())
}

/// The rows behind `after`, at most `limit`, in the chain's order.
pub async fn behind(c: &mut PgConnection, after: i64, limit: i64) -> StoreResult<Vec<Entry>> {
    let rows =
        sqlx::query_as!(Entry, "SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2", after, limit);
    Ok(rows.fetch_all(c).await?)
}

/// The newest row's number; 0 when there is none.
pub async fn head(c: &mut PgConnection) -> StoreResult<i64> {
    let head = sqlx::query_scalar!(r#"SELECT coalesce(max(seq), 0) AS "head!" FROM audit"#);
    Ok(head.fetch_one(c).await?)
}
