//! Everything that is SQL. Each module holds one entity's queries, checked against the schema when compiled.
//! Functions take a connection, so that the caller decides what is one transaction. Nothing here decides
//! anything; the tension is to keep lists fast and scoped without growing rules.

pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod bookmarks;
pub mod clusters;
pub mod dashboard;
pub mod data_centers;
pub mod directories;
pub mod disks;
pub mod events;
pub mod export;
pub mod hosts;
pub mod jobs;
pub mod list;
pub mod media;
pub mod members;
pub mod networks;
pub mod objects;
pub mod palette;
pub mod permissions;
pub mod portal;
pub mod providers;
pub mod quotas;
pub mod roles;
pub mod schema;
pub mod search;
pub mod second_factor;
pub mod sessions;
pub mod settings;
pub mod statistics;
pub mod storage_domains;
pub mod tags;
pub mod templates;
pub mod tree;
pub mod users;
pub mod vms;

pub use list::Viewer;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

pub use sqlx::Error as SqlError;
pub use sqlx::pool::PoolConnection;
pub use sqlx::postgres::PgListener;
pub use sqlx::{PgConnection, PgPool, Postgres, Transaction};

/// The schema, from the first to the newest.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// A query failed, or found what the schema says cannot be.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error("the database holds {what} that this version cannot read: {cause}")]
    Unreadable { what: &'static str, cause: String },
    /// What somebody looks for is worded wrongly.
    #[error("{0}")]
    Search(model::Text),
}

impl StoreError {
    /// Whether the database was only away for a moment: the same may work a little later.
    pub fn transient(&self) -> bool {
        match self {
            StoreError::Sql(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => true,
            // Connection exceptions, deadlocks and serialization failures, too many connections, shutting down.
            StoreError::Sql(sqlx::Error::Database(e)) => e.code().is_some_and(|code| {
                code.starts_with("08") || code.starts_with("40") || code == "53300" || code.starts_with("57P")
            }),
            _ => false,
        }
    }
}

/// Begins a transaction on any connection; within another it is one that can be taken back by itself.
pub async fn begin(c: &mut PgConnection) -> StoreResult<Transaction<'_, Postgres>> {
    Ok(sqlx::Connection::begin(c).await?)
}

/// Begins a transaction on a connection of the pool; the only way to do so. It begins in a task of its own:
/// sqlx 0.8 forgets a BEGIN whose waiter goes away (a step past its deadline, a browser that left), and the
/// connection's next user would write into a transaction that nobody ever ends.
pub async fn begin_on(pool: &PgPool) -> StoreResult<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    #[expect(clippy::disallowed_methods, reason = "nobody can go away while this is awaited")]
    let begun = tokio::spawn(async move { pool.begin().await });
    // Without a runtime there is no pool either.
    Ok(begun.await.unwrap_or(Err(sqlx::Error::PoolClosed))?)
}

pub type StoreResult<T> = Result<T, StoreError>;

/// A connection that was put back so lately, and seen to be well then, is taken for well.
const LATELY: std::time::Duration = std::time::Duration::from_secs(1);

/// Opens a pool of at most `size` connections. No question here is worth compiling, whatever PostgreSQL thinks of it.
pub async fn connect(url: &str, size: u32) -> StoreResult<PgPool> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name("drover").options([("jit", "off")]);
    // sqlx asks each connection whether it lives when it is put back, and would again whenever it is taken: a page takes
    // a dozen.
    let pool = PgPoolOptions::new().max_connections(size).test_before_acquire(false);
    let pool = pool.before_acquire(|c, meta| {
        Box::pin(async move {
            if meta.idle_for > LATELY {
                sqlx::Connection::ping(c).await?;
            }
            Ok(true)
        })
    });
    Ok(pool.connect_with(options).await?)
}

/// A connection that hears what the database tells on `channels`.
pub async fn listen(pool: &PgPool, channels: &[&str]) -> StoreResult<PgListener> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen_all(channels.iter().copied()).await?;
    Ok(listener)
}

/// The name of the constraint that a write ran into, if that is what happened.
pub fn violated(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(|e| e.constraint())
}

/// A database that is away may be back in a moment, and is said to be away. A broken one is a defect, never the
/// person's doing: they get an incident id, and the log has the cause under it.
impl From<StoreError> for model::Fault {
    fn from(error: StoreError) -> Self {
        if let StoreError::Search(text) = error {
            return model::Fault::field("search", text);
        }
        if error.transient() {
            tracing::warn!(%error, "the database did not answer an operation");
            return model::Fault::Unavailable(model::Refusal::new("job-database-away"));
        }
        internal(&error)
    }
}

/// Logs a cause that only an engineer can read, and gives the fault that refers to it.
pub fn internal(cause: &dyn std::fmt::Display) -> model::Fault {
    use std::hash::{BuildHasher, RandomState};
    // An incident's name only has to differ from others in the log; it is no secret.
    let incident = format!("{:012x}", RandomState::new().hash_one("incident") & 0xffff_ffff_ffff);
    tracing::error!(%incident, %cause, "an operation broke");
    model::Fault::Internal { incident }
}

/// Brings the schema up to this version. One that a newer Drover has written is refused untouched.
pub async fn migrate(pool: &PgPool) -> Result<(), MigrateError> {
    use sqlx::migrate::MigrateError as Cause;
    MIGRATIONS.run(pool).await.map_err(|error| match error {
        Cause::VersionMissing(version) | Cause::VersionTooNew(version, _) => MigrateError::Newer { version },
        other => MigrateError::Failed(other),
    })
}

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(
        "the database was last used by a newer Drover (its schema has step {version}, which this version does not \
         know). Nothing was changed. Install the newer version again, or restore a backup made with this one."
    )]
    Newer { version: i64 },
    #[error("the database could not be brought up to date, and was left as it was: {0}")]
    Failed(sqlx::migrate::MigrateError),
}

/// The one server that may act on hosts holds this lock for as long as its connection lives.
pub async fn try_lead(c: &mut PgConnection) -> StoreResult<bool> {
    const LEADER: i64 = 0x6472_6f76_6572;
    Ok(sqlx::query_scalar!(r#"SELECT pg_try_advisory_lock($1) AS "led!""#, LEADER).fetch_one(c).await?)
}

/// Whether the connection, and so the lock that it holds, is still there.
pub async fn alive(c: &mut PgConnection) -> bool {
    sqlx::query!("SELECT 1 AS one").fetch_one(c).await.is_ok()
}
