//! Everything that is SQL. Each module holds one entity's queries, checked against the schema when compiled.
//! Functions take a connection, so that the caller decides what is one transaction. Nothing here decides
//! anything; the tension is to keep lists fast and scoped without growing rules.

pub mod clusters;
pub mod data_centers;
pub mod disks;
pub mod events;
pub mod hosts;
pub mod jobs;
pub mod list;
pub mod networks;
pub mod objects;
pub mod sessions;
pub mod storage_domains;
pub mod templates;
pub mod tree;
pub mod users;
pub mod vms;

pub use list::Viewer;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

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
}

pub type StoreResult<T> = Result<T, StoreError>;

/// Opens a pool of at most `size` connections.
pub async fn connect(url: &str, size: u32) -> StoreResult<PgPool> {
    let options: PgConnectOptions = url.parse()?;
    Ok(PgPoolOptions::new().max_connections(size).connect_with(options.application_name("drover")).await?)
}

/// The name of the constraint that a write ran into, if that is what happened.
pub fn violated(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(|e| e.constraint())
}
