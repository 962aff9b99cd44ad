//! What the application runs on, made once by the server's wiring (or by a test) and shared by all.

use std::sync::Arc;

use model::Fault;
use model::clock::{Clock, Ids};
use store::{PgPool, PoolConnection, Postgres, StoreError, Transaction};

use crate::Outcome;
use crate::host_pool::HostPool;
use crate::live::Live;
use crate::secrets::Secrets;

pub type App = Arc<Services>;
pub type Tx = Transaction<'static, Postgres>;
pub type Conn = PoolConnection<Postgres>;

pub struct Services {
    pub pool: PgPool,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub hosts: HostPool,
    pub live: Live,
    /// What seals and opens what must not lie in the database as it is.
    pub secrets: Secrets,
    pub options: Options,
    /// The dashboard of whoever sees everything, as it was drawn up last.
    pub overview: crate::dashboard::Last,
}

#[derive(Debug, Clone)]
pub struct Options {
    /// Whether hosts may be reached over plain TCP. For laboratories only.
    pub allow_tcp: bool,
    /// How many days it can be read what happened.
    pub event_days: u16,
    /// How long a dashboard of whoever sees everything is good for the next of them.
    pub overview_for: time::Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options { allow_tcp: false, event_days: EVENT_DAYS, overview_for: time::Duration::ZERO }
    }
}

/// oVirt's `AuditLogAgingThreshold`.
pub const EVENT_DAYS: u16 = 30;

impl Services {
    pub async fn begin(&self) -> Outcome<Tx> {
        Ok(store::begin_on(&self.pool).await?)
    }

    pub async fn conn(&self) -> Outcome<Conn> {
        self.pool.acquire().await.map_err(|e| StoreError::from(e).into())
    }

    pub fn now(&self) -> time::OffsetDateTime {
        self.clock.now()
    }
}

/// Commits, and says so in the words of operations.
pub async fn commit(tx: Tx) -> Outcome<()> {
    tx.commit().await.map_err(|e| StoreError::from(e).into())
}

/// Turns a write that ran into the unique constraint of a name, lost in a race against another request, into
/// the refusal that the check before it gives; anything else is a broken database.
pub fn name_taken(error: StoreError, kind: model::id::Kind, name: &str) -> Fault {
    match &error {
        StoreError::Sql(e) if store::violated(e).is_some_and(|c| c.contains("name")) => taken(kind, name),
        _ => error.into(),
    }
}

/// The name is in use: said at the field.
pub fn taken(kind: model::id::Kind, name: &str) -> Fault {
    let text = model::Text::new("refusal-name-taken").with("kind", noun(kind)).with("name", name);
    Fault::field("name", text)
}

/// A kind as a text inside a text.
pub fn noun(kind: model::id::Kind) -> model::Text {
    kind.text()
}
