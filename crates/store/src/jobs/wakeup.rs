//! How engines hear of work at once: PostgreSQL's channel `jobs`, told at commit. A hint only, never the
//! truth: what is missed is found by polling.

use model::JobId;
use sqlx::postgres::PgListener;
use sqlx::{PgConnection, PgPool};

use crate::StoreResult;

const CHANNEL: &str = "jobs";

/// What was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wakeup {
    /// Something is due.
    Work,
    /// This job shall stop.
    Cancel(JobId),
    /// The line was cut for a while; anything may have happened.
    Missed,
}

pub struct Wakeups(PgListener);

impl Wakeups {
    /// Listens on a connection of the pool, which is not given back until this is dropped.
    pub async fn listen(pool: &PgPool) -> StoreResult<Self> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Wakeups(listener))
    }

    /// Waits for the next one. An error means that the line cannot be had again for now.
    pub async fn next(&mut self) -> StoreResult<Wakeup> {
        let heard = self.0.try_recv().await?;
        Ok(heard.map_or(Wakeup::Missed, |n| read(n.payload())))
    }
}

fn read(payload: &str) -> Wakeup {
    match payload.strip_prefix("cancel ").map(str::parse) {
        Some(Ok(job)) => Wakeup::Cancel(job),
        _ => Wakeup::Work,
    }
}

pub(super) async fn tell_work(c: &mut PgConnection) -> StoreResult<()> {
    tell(c, "work").await
}

pub(super) async fn tell_cancel(c: &mut PgConnection, job: JobId) -> StoreResult<()> {
    tell(c, &format!("cancel {job}")).await
}

async fn tell(c: &mut PgConnection, payload: &str) -> StoreResult<()> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, payload).execute(c).await?;
    Ok(())
}
