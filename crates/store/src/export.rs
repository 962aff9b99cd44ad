//! A whole result, a few rows at a time: a cursor in a transaction of its own, so that it is one state of the database
//! and takes as much memory for a million rows as for a hundred. Dropped in the middle, the transaction goes with it.

use serde::Serialize;
use serde_json::Value;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Postgres, Transaction};

use crate::{StoreError, StoreResult};

/// How many rows come at once.
const BATCH: u32 = 500;

type Read = Box<dyn Fn(&PgRow) -> StoreResult<Value> + Send + Sync>;

pub struct Export {
    tx: Transaction<'static, Postgres>,
    read: Read,
}

impl Export {
    /// Begins to read what `sql` gives.
    pub(crate) async fn begin<T: Serialize + 'static>(
        mut tx: Transaction<'static, Postgres>,
        sql: &str,
        arguments: PgArguments,
        read: fn(&PgRow) -> Result<T, sqlx::Error>,
    ) -> StoreResult<Export> {
        // Somebody who stops reading must not keep the database from tidying up.
        sqlx::query("SET LOCAL idle_in_transaction_session_timeout = '60s'").execute(&mut *tx).await?;
        let declare = format!("DECLARE export NO SCROLL CURSOR FOR {sql}");
        // Not kept prepared: the next export on this connection has other columns under the same words.
        sqlx::query_with(&declare, arguments).persistent(false).execute(&mut *tx).await?;
        Ok(Export { tx, read: Box::new(move |row| written(&read(row)?)) })
    }

    /// The next rows; none at the end.
    pub async fn next(&mut self) -> StoreResult<Vec<Value>> {
        let sql = format!("FETCH FORWARD {BATCH} FROM export");
        let rows = sqlx::query(&sql).persistent(false).fetch_all(&mut *self.tx).await?;
        rows.iter().map(&self.read).collect()
    }
}

fn written<T: Serialize>(row: &T) -> StoreResult<Value> {
    serde_json::to_value(row)
        .map_err(|e| StoreError::Unreadable { what: "a row for an export", cause: e.to_string() })
}
