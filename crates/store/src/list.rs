//! The one way to read a list: a `Spec` names the query's parts, the viewer scopes it, the `ListQuery` sorts
//! and pages it. Column names never come from outside: a sort word is looked up in the spec's table.

use model::list::{ListQuery, Page};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::{StoreError, StoreResult};

/// Whose eyes a list is for. `all` is what a permission on System with a viewing role gives.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    pub user: Uuid,
    pub all: bool,
}

pub struct Spec<T: 'static> {
    /// The select list, without SELECT.
    pub columns: &'static str,
    /// FROM with its joins.
    pub from: &'static str,
    /// The object's id in `from`.
    pub id: &'static str,
    /// Sort words and what they order by; the first is the default.
    pub sorts: &'static [(&'static str, &'static str)],
    pub read: fn(&PgRow) -> Result<T, sqlx::Error>,
}

/// Its own alias is one that no spec has.
const SCOPE: &str = "($1 OR visible($2, {id})) AND ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM object_ancestors above \
                     WHERE above.object_id = {id} AND above.ancestor_id = $3))";

impl<T> Spec<T> {
    fn order(&self, query: &ListQuery) -> String {
        let wanted = query.sort.as_deref().unwrap_or_default();
        let (_, by) = self.sorts.iter().find(|(word, _)| *word == wanted).unwrap_or(&self.sorts[0]);
        let way = if query.descending { "DESC NULLS LAST" } else { "ASC NULLS LAST" };
        // The id makes the order total, so that no row is on two pages.
        format!("{by} {way}, {}", self.id)
    }

    pub async fn page(
        &self,
        c: &mut PgConnection,
        viewer: Viewer,
        query: &ListQuery,
    ) -> StoreResult<Page<T>> {
        let query = query.clone().bounded();
        let scope = SCOPE.replace("{id}", self.id);
        let total: i64 = sqlx::query_scalar(&format!("SELECT count(*) {} WHERE {scope}", self.from))
            .bind(viewer.all)
            .bind(viewer.user)
            .bind(query.within)
            .fetch_one(&mut *c)
            .await?;
        let sql = format!(
            "SELECT {} {} WHERE {scope} ORDER BY {} LIMIT $4 OFFSET $5",
            self.columns,
            self.from,
            self.order(&query)
        );
        let rows = sqlx::query(&sql)
            .bind(viewer.all)
            .bind(viewer.user)
            .bind(query.within)
            .bind(i64::from(query.size))
            .bind(query.offset())
            .fetch_all(c)
            .await?;
        let rows = rows.iter().map(self.read).collect::<Result<_, _>>()?;
        Ok(Page { rows, total: total.unsigned_abs(), more: false, query })
    }

    /// One object in the shape of its list, whoever asks.
    pub async fn one(&self, c: &mut PgConnection, id: Uuid) -> StoreResult<Option<T>> {
        let sql = format!("SELECT {} {} WHERE {} = $1", self.columns, self.from, self.id);
        let row = sqlx::query(&sql).bind(id).fetch_optional(c).await?;
        Ok(row.as_ref().map(self.read).transpose()?)
    }
}

/// A column that holds a word of the model's.
pub fn word<T: std::str::FromStr<Err = String>>(row: &PgRow, column: &str) -> Result<T, sqlx::Error> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|e: String| sqlx::Error::ColumnDecode { index: column.to_owned(), source: e.into() })
}

/// A JSON column that may be empty.
pub fn json<T: serde::de::DeserializeOwned>(row: &PgRow, column: &str) -> Result<Option<T>, sqlx::Error> {
    Ok(row.try_get::<Option<sqlx::types::Json<T>>, _>(column)?.map(|json| json.0))
}

/// The `(id, name)` pair of a joined object.
pub fn named<I: From<Uuid>>(row: &PgRow, id: &str, name: &str) -> Result<(I, String), sqlx::Error> {
    Ok((row.try_get::<Uuid, _>(id)?.into(), row.try_get(name)?))
}

pub fn maybe_named<I: From<Uuid>>(
    row: &PgRow,
    id: &str,
    name: &str,
) -> Result<Option<(I, String)>, sqlx::Error> {
    let (id, name): (Option<Uuid>, Option<String>) = (row.try_get(id)?, row.try_get(name)?);
    Ok(id.map(I::from).zip(name))
}

/// Sizes and counts are never negative in the database.
pub fn size(row: &PgRow, column: &str) -> Result<u64, sqlx::Error> {
    Ok(row.try_get::<i64, _>(column)?.unsigned_abs())
}

pub fn maybe_size(row: &PgRow, column: &str) -> Result<Option<u64>, sqlx::Error> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(i64::unsigned_abs))
}

pub fn count(row: &PgRow, column: &str) -> Result<u32, sqlx::Error> {
    Ok(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or(u32::MAX))
}

/// A word that came out of a checked query.
pub fn parsed<T: std::str::FromStr<Err = String>>(what: &'static str, text: &str) -> StoreResult<T> {
    text.parse().map_err(|cause| StoreError::Unreadable { what, cause })
}

/// A byte count on its way into a `bigint`.
pub fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
