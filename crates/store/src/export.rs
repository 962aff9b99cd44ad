//! A whole result, a few rows at a time: a cursor in a transaction of its own, so that it is one state of the database
//! and takes as much memory for a million rows as for a hundred. It has a connection that nobody else gets afterwards:
//! dropped in the middle, also of a query that takes long, the connection is closed and the query ends with it. A
//! connection that were given back would first wait until that is done.

use serde::Serialize;
use serde_json::Value;
use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};

use crate::{StoreError, StoreResult};

/// How many rows come at once.
const BATCH: u32 = 500;

type Read = Box<dyn Fn(&PgRow) -> StoreResult<Value> + Send + Sync>;

pub struct Export {
    c: PoolConnection<Postgres>,
    read: Read,
}

impl Export {
    /// Begins to read what `sql` gives.
    pub(crate) async fn begin<T: Serialize + 'static>(
        mut c: PoolConnection<Postgres>,
        sql: &str,
        arguments: PgArguments,
        read: fn(&PgRow) -> Result<T, sqlx::Error>,
    ) -> StoreResult<Export> {
        c.close_on_drop();
        // While it works, the database looks whether somebody still waits. One that runs where it cannot goes on working
        // for nobody, until it has what it was asked for.
        let _ = sqlx::query("SET client_connection_check_interval = '500ms'").execute(&mut *c).await;
        // Somebody who stops reading must not keep the database from tidying up.
        sqlx::query("SET idle_in_transaction_session_timeout = '60s'").execute(&mut *c).await?;
        sqlx::query("BEGIN READ ONLY").execute(&mut *c).await?;
        let declare = format!("DECLARE export NO SCROLL CURSOR FOR {sql}");
        // Not kept prepared: the next export on this connection has other columns under the same words.
        sqlx::query_with(&declare, arguments).persistent(false).execute(&mut *c).await?;
        Ok(Export { c, read: Box::new(move |row| written(&read(row)?)) })
    }

    /// The next rows; none at the end.
    pub async fn next(&mut self) -> StoreResult<Vec<Value>> {
        let sql = format!("FETCH FORWARD {BATCH} FROM export");
        let rows = sqlx::query(&sql).persistent(false).fetch_all(&mut *self.c).await?;
        rows.iter().map(&self.read).collect()
    }
}

fn written<T: Serialize>(row: &T) -> StoreResult<Value> {
    serde_json::to_value(row)
        .map_err(|e| StoreError::Unreadable { what: "a row for an export", cause: e.to_string() })
}
