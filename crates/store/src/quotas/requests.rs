//! Requests for more of a quota.

use model::quota_request::{RequestRow, RequestState, Wanted};
use model::{ClusterId, QuotaId, RequestId, StorageDomainId, UserId};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::{parsed, signed};

/// How many are shown at most.
const MOST: i64 = 200;

/// Which requests are meant; what is not said does not limit them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Of {
    pub id: Option<RequestId>,
    pub quota: Option<QuotaId>,
    pub user: Option<Uuid>,
    pub state: Option<RequestState>,
    /// The open ones before all others.
    pub open_first: bool,
}

/// The newest first.
pub async fn list(c: &mut PgConnection, of: Of) -> StoreResult<Vec<RequestRow>> {
    let rows = sqlx::query!(
        r#"SELECT r.id, r.quota_id, q.name AS quota, r.user_id, r.user_name, r.vcpus, r.memory, r.storage,
             r.cluster_id, c.name AS "cluster?", r.storage_domain_id, s.name AS "domain?", r.reason, r.until, r.asked_at,
             r.state, r.decided_by, r.word, r.decided_at
           FROM quota_requests r JOIN quotas q ON q.id = r.quota_id
           LEFT JOIN clusters c ON c.id = r.cluster_id LEFT JOIN storage_domains s ON s.id = r.storage_domain_id
           WHERE ($1::uuid IS NULL OR r.id = $1) AND ($2::uuid IS NULL OR r.quota_id = $2)
             AND ($3::uuid IS NULL OR r.user_id = $3) AND ($4::text IS NULL OR r.state = $4)
           ORDER BY $5 AND r.state = 'asked' DESC, r.asked_at DESC, r.id LIMIT $6"#,
        of.id.map(|id| id.0),
        of.quota.map(|id| id.0),
        of.user,
        of.state.map(RequestState::as_str),
        of.open_first,
        MOST
    );
    let mut found = Vec::new();
    for r in rows.fetch_all(c).await? {
        found.push(RequestRow {
            id: RequestId(r.id),
            quota: (QuotaId(r.quota_id), r.quota),
            user: (UserId(r.user_id), r.user_name),
            wanted: Wanted {
                vcpus: r.vcpus.unsigned_abs(),
                memory: r.memory.unsigned_abs(),
                storage: r.storage.unsigned_abs(),
                cluster: r.cluster_id.map(ClusterId),
                domain: r.storage_domain_id.map(StorageDomainId),
                until: r.until,
            },
            cluster: r.cluster,
            domain: r.domain,
            reason: r.reason,
            asked_at: r.asked_at,
            state: parsed("a request's state", &r.state)?,
            by: r.decided_by,
            word: r.word,
            decided_at: r.decided_at,
        });
    }
    Ok(found)
}

/// A request for more of this quota, kept from everybody else until the transaction ends.
pub async fn lock(c: &mut PgConnection, quota: QuotaId, id: RequestId) -> StoreResult<Option<RequestRow>> {
    let taken = sqlx::query!(
        "SELECT id FROM quota_requests WHERE id = $1 AND quota_id = $2 FOR UPDATE",
        id.0,
        quota.0
    );
    taken.fetch_optional(&mut *c).await?;
    Ok(list(c, Of { id: Some(id), quota: Some(quota), ..Of::default() }).await?.pop())
}

/// One that asks. The quota's row is held, so that nobody asks twice at the same time.
pub async fn insert(
    c: &mut PgConnection,
    (id, quota): (RequestId, QuotaId),
    (user, name): (UserId, &str),
    (wanted, reason): (&Wanted, &str),
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO quota_requests (id, quota_id, user_id, user_name, vcpus, memory, storage, cluster_id,
                                     storage_domain_id, reason, until, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id.0,
        quota.0,
        user.0,
        name,
        signed(wanted.vcpus),
        signed(wanted.memory),
        signed(wanted.storage),
        wanted.cluster.map(|id| id.0),
        wanted.domain.map(|id| id.0),
        reason,
        wanted.until,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

/// What is granted, in place of what was asked for.
pub async fn set_wanted(c: &mut PgConnection, id: RequestId, wanted: &Wanted) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE quota_requests SET vcpus = $2, memory = $3, storage = $4, cluster_id = $5, storage_domain_id = $6,
                until = $7 WHERE id = $1",
        id.0,
        signed(wanted.vcpus),
        signed(wanted.memory),
        signed(wanted.storage),
        wanted.cluster.map(|id| id.0),
        wanted.domain.map(|id| id.0),
        wanted.until
    )
    .execute(c)
    .await?;
    Ok(())
}

/// An answer, with whose it is and what they say to it.
pub async fn decide(
    c: &mut PgConnection,
    id: RequestId,
    state: RequestState,
    (by, word): (&str, &str),
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE quota_requests SET state = $2, decided_by = $3, word = $4, decided_at = $5 WHERE id = $1",
        id.0,
        state.as_str(),
        by,
        word,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

/// It is over. Who answered it, and how, stays.
pub async fn end(c: &mut PgConnection, id: RequestId) -> StoreResult<()> {
    sqlx::query!("UPDATE quota_requests SET state = 'ended' WHERE id = $1", id.0).execute(c).await?;
    Ok(())
}

/// Those whose time has come, granted or still open, the longest due first, kept from everybody else until the
/// transaction ends. What somebody else has at this moment is left for the next look.
pub async fn due(
    c: &mut PgConnection,
    now: OffsetDateTime,
    most: i64,
) -> StoreResult<Vec<(RequestId, QuotaId)>> {
    let rows = sqlx::query!(
        "SELECT id, quota_id FROM quota_requests WHERE state IN ('asked', 'approved') AND until <= $1
         ORDER BY until, id LIMIT $2 FOR UPDATE SKIP LOCKED",
        now,
        most
    );
    Ok(rows.fetch_all(c).await?.into_iter().map(|r| (RequestId(r.id), QuotaId(r.quota_id))).collect())
}
