//! How far a database's schema is: asked by the health check, and by backups, which must not bring it forward.

use crate::{MIGRATIONS, PgConnection, StoreResult};

/// The newest step that this version knows.
pub fn known() -> i64 {
    MIGRATIONS.iter().map(|step| step.version).max().unwrap_or_default()
}

/// The newest step that the database has taken; `None` when no Drover has used it. The table is the migrator's,
/// not of the schema, so that the macros cannot check these two queries.
pub async fn version(c: &mut PgConnection) -> StoreResult<Option<i64>> {
    let there: bool =
        sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&mut *c).await?;
    if !there {
        return Ok(None);
    }
    let newest = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(c);
    Ok(newest.await?)
}

/// Whether nothing at all has been made in the database.
pub async fn is_empty(c: &mut PgConnection) -> StoreResult<bool> {
    let relations = "SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast'))";
    Ok(sqlx::query_scalar(relations).fetch_one(c).await?)
}
