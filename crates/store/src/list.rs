//! The one way to read a list: a `Spec` names the query's parts, the viewer scopes it, the `ListQuery` sorts
//! and pages it. Column names never come from outside: a sort word is looked up in the spec's table.

use model::list::{ListQuery, Page};
use search::Entity;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, PgConnection, Postgres, Row};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::export::Export;
use crate::search::Filter;
use crate::{StoreError, StoreResult};

/// Whose eyes a list is for. `all` is what a permission on System with a viewing role gives.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    pub user: Uuid,
    pub all: bool,
    /// When they look, for what is told by *today* and *yesterday*.
    pub now: OffsetDateTime,
}

/// What is asked of a list, understood: its parameters are `$1` whether the viewer sees everything, `$2` who that is,
/// `$3` within what, and from `$4` on what is looked for.
pub struct Ask {
    pub query: ListQuery,
    pub viewer: Viewer,
    search: search::Query,
    filter: Option<Filter>,
}

impl Ask {
    pub fn new(entity: Entity, viewer: Viewer, query: &ListQuery) -> StoreResult<Ask> {
        let query = crate::search::paged(entity, query)?;
        let search = crate::search::read(entity, query.search.as_deref())?;
        let filter = Filter::of(&search, viewer, 4);
        Ok(Ask { query, viewer, search, filter })
    }

    /// All that narrows the list. What does not narrow is not in the query, so that it does not hide an index.
    pub fn narrowed(&self, seen: String, within: String) -> String {
        let seen = (!self.viewer.all).then_some(seen);
        let within = self.query.within.map(|_| within);
        let found = self.filter.as_ref().map(|filter| filter.sql.clone());
        let all: Vec<String> = seen.into_iter().chain(within).chain(found).collect();
        if all.is_empty() { "true".to_owned() } else { all.join(" AND ") }
    }

    /// The search's own order, when the list was not given another.
    pub fn order(&self) -> Option<Order> {
        let sort = self.search.sort.filter(|_| self.query.sort.is_none())?;
        crate::search::order(self.search.entity, sort)
    }

    pub fn arguments(&self) -> StoreResult<PgArguments> {
        let mut arguments = PgArguments::default();
        let added = arguments
            .add(self.viewer.all)
            .and_then(|()| arguments.add(self.viewer.user))
            .and_then(|()| arguments.add(self.query.within));
        added.map_err(|cause| StoreError::from(sqlx::Error::Encode(cause)))?;
        if let Some(filter) = &self.filter {
            filter.bind(&mut arguments)?;
        }
        Ok(arguments)
    }

    /// How many rows there are in all.
    pub async fn count(&self, c: &mut PgConnection, from: &str, scope: &str) -> StoreResult<u64> {
        let sql = format!("SELECT count(*) {from} WHERE {scope}");
        let total: i64 = sqlx::query_scalar_with(&sql, self.arguments()?).fetch_one(c).await?;
        Ok(total.unsigned_abs())
    }

    pub async fn rows<T>(
        &self,
        c: &mut PgConnection,
        sql: &str,
        read: impl Fn(&PgRow) -> Result<T, sqlx::Error>,
    ) -> StoreResult<Vec<T>> {
        let rows = sqlx::query_with(sql, self.arguments()?).fetch_all(c).await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }
}

/// What rows are sorted by, and which way. The id makes it total, so that no row is on two pages.
pub struct Order {
    pub by: String,
    pub descending: bool,
    pub nulls_first: bool,
}

impl Order {
    pub fn sql(&self) -> String {
        let way = if self.descending { "DESC" } else { "ASC" };
        format!("{} {way} NULLS {}", self.by, if self.nulls_first { "FIRST" } else { "LAST" })
    }

    fn total(&self, id: &str) -> String {
        format!("{}, {id}", self.sql())
    }

    /// The same from the other end.
    fn turned(&self, id: &str) -> String {
        let order =
            Order { by: self.by.clone(), descending: !self.descending, nulls_first: !self.nulls_first };
        format!("{}, {id} DESC", order.sql())
    }
}

/// Which rows of a list. Written out, so that PostgreSQL knows how few they are and plans a page once, not each time.
pub fn bounds(query: &ListQuery) -> String {
    format!("LIMIT {} OFFSET {}", query.size, query.offset())
}

/// The places of the few names that a long list may be sorted by, so that these are put in order, and not each row's.
pub struct Rank {
    /// What is sorted by.
    pub by: &'static str,
    /// The list's own column that leads to the name.
    pub of: &'static str,
    /// A query of what that may be, and its place.
    pub among: &'static str,
}

pub struct Spec<T: 'static> {
    /// What a search of it is about.
    pub entity: Entity,
    /// The select list, without SELECT.
    pub columns: &'static str,
    /// FROM with its joins.
    pub from: &'static str,
    /// The object's id in `from`.
    pub id: &'static str,
    /// Sort words and what they order by; the first is the default.
    pub sorts: &'static [(&'static str, &'static str)],
    /// Of a long list: what those of them go by that are names of what is joined.
    pub ranks: &'static [Rank],
    pub read: fn(&PgRow) -> Result<T, sqlx::Error>,
}

impl<T> Spec<T> {
    fn order(&self, ask: &Ask) -> Order {
        ask.order().unwrap_or_else(|| {
            let wanted = ask.query.sort.as_deref().unwrap_or_default();
            let (_, by) = self.sorts.iter().find(|(word, _)| *word == wanted).unwrap_or(&self.sorts[0]);
            Order { by: (*by).to_owned(), descending: ask.query.descending, nulls_first: false }
        })
    }

    /// What narrows the list. Both sets are made once and not asked for each row.
    fn scope(&self, ask: &Ask) -> String {
        let within = "IN (SELECT below.object_id FROM object_ancestors below WHERE below.ancestor_id = $3)";
        ask.narrowed(format!("{} IN (SELECT seen($2))", self.id), format!("{} {within}", self.id))
    }

    /// The listed table alone: what is joined to it adds columns, never rows, and takes none away.
    fn table(&self) -> &'static str {
        let alone = self.from.split_once(" JOIN ").map_or(self.from, |(table, _)| table);
        alone.trim_end_matches(" LEFT").trim_end()
    }

    pub async fn page(
        &self,
        c: &mut PgConnection,
        viewer: Viewer,
        query: &ListQuery,
    ) -> StoreResult<Page<T>> {
        let ask = Ask::new(self.entity, viewer, query)?;
        let scope = self.scope(&ask);
        if (ask.filter.is_some() || !viewer.all) && ask.query.offset() == 0 {
            return self.first_page(c, ask, &scope).await;
        }
        let total = ask.count(c, self.table(), &scope).await?;
        let rows = ask.rows(c, &self.rows_of(&scope, &ask, total), self.read).await?;
        Ok(Page { rows, total, more: false, query: ask.query })
    }

    /// What is searched for, or seen by whoever does not see everything, is found once, and counted along.
    async fn first_page(&self, c: &mut PgConnection, ask: Ask, scope: &str) -> StoreResult<Page<T>> {
        let Spec { columns, from, id, .. } = self;
        let order = self.order(&ask);
        let (sorted, way) = self.sorted(&order, ", count(*) OVER () AS in_all");
        let sql = format!(
            "SELECT {columns}, page.in_all {from} JOIN ({sorted} WHERE {scope} ORDER BY {} {}) page ON page.page_id = {id}
             ORDER BY {}",
            way.total(id),
            bounds(&ask.query),
            order.total(id)
        );
        let rows = ask.rows(c, &sql, |row| Ok((size(row, "in_all")?, (self.read)(row)?))).await?;
        let total = rows.first().map_or(0, |(total, _)| *total);
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        Ok(Page { rows, total, more: false, query: ask.query })
    }

    /// The ids of the whole result in its order, but not more than `most`.
    pub async fn ids(
        &self,
        c: &mut PgConnection,
        viewer: Viewer,
        query: &ListQuery,
        most: usize,
    ) -> StoreResult<Vec<Uuid>> {
        let ask = Ask::new(self.entity, viewer, query)?;
        let Spec { columns, from, id, .. } = self;
        let (scope, order) = (self.scope(&ask), self.order(&ask).total(self.id));
        let sql = format!(
            "SELECT page.page_id FROM (SELECT {id} AS page_id, {columns} {from} WHERE {scope} ORDER BY {order}
             LIMIT {most}) page"
        );
        ask.rows(c, &sql, |row| row.try_get("page_id")).await
    }

    /// The whole result, to be read little by little.
    pub async fn export(
        &self,
        c: PoolConnection<Postgres>,
        viewer: Viewer,
        query: &ListQuery,
    ) -> StoreResult<Export>
    where
        T: serde::Serialize,
    {
        let ask = Ask::new(self.entity, viewer, query)?;
        let Spec { columns, from, .. } = self;
        let (scope, order) = (self.scope(&ask), self.order(&ask).total(self.id));
        let sql = format!("SELECT {columns} {from} WHERE {scope} ORDER BY {order}");
        Export::begin(c, &sql, ask.arguments()?, self.read).await
    }

    /// Only ids are sorted and skipped; what a row shows is read for the page's rows.
    fn rows_of(&self, scope: &str, ask: &Ask, total: u64) -> String {
        let Spec { columns, from, id, .. } = self;
        let order = self.order(ask);
        let (sorted, way) = self.sorted(&order, "");
        let (walked, bounds) = self.walked(&way, &ask.query, total);
        format!(
            "SELECT {columns} {from} WHERE {id} IN (SELECT page.page_id FROM (
                 {sorted} WHERE {scope} ORDER BY {walked} {bounds}) page)
             ORDER BY {}",
            order.total(id)
        )
    }

    /// What is sorted, with what is told of each beside its id, and by what.
    fn sorted(&self, order: &Order, beside: &str) -> (String, Order) {
        let Spec { columns, from, id, .. } = self;
        let by = |by: &str| Order { by: by.to_owned(), ..*order };
        if let Some(Rank { of, among, .. }) = self.ranks.iter().find(|rank| rank.by == order.by) {
            let table = self.table();
            let joined = format!("{table} LEFT JOIN ({among}) ranked (id, place) ON ranked.id = {of}");
            return (format!("SELECT {id} AS page_id{beside} {joined}"), by("ranked.place"));
        }
        // Where a sort goes by what is joined, or by a name of the select list, that has to be there. PostgreSQL makes
        // none of the columns that nothing uses, but it joins.
        let sorted = if self.is_own(&order.by) {
            format!("SELECT {id} AS page_id{beside} {}", self.table())
        } else {
            format!("SELECT {id} AS page_id{beside}, {columns} {from}")
        };
        (sorted, by(&order.by))
    }

    /// The way to a page: what is nearer to the end is counted from there, so that half of the list is skipped at most.
    fn walked(&self, order: &Order, query: &ListQuery, total: u64) -> (String, String) {
        let (offset, size, total) =
            (query.offset(), i64::from(query.size), i64::try_from(total).unwrap_or(i64::MAX));
        let left = total - offset;
        if left <= 0 || offset <= left {
            return (order.total(self.id), bounds(query));
        }
        (order.turned(self.id), format!("LIMIT {} OFFSET {}", size.min(left), (left - size).max(0)))
    }

    /// Whether what is sorted by is of the listed table alone: each `alias.column` in it has its alias.
    fn is_own(&self, by: &str) -> bool {
        let alias = self.id.split('.').next().unwrap_or_default();
        let words = by.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
        let mut columns = words.filter_map(|word| word.split_once('.')).peekable();
        columns.peek().is_some() && columns.all(|(of, _)| of == alias)
    }

    /// Objects in the shape of their list, whoever asks; those that are there.
    pub async fn many(&self, c: &mut PgConnection, ids: &[Uuid]) -> StoreResult<Vec<T>> {
        let sql = format!("SELECT {} {} WHERE {} = ANY ($1)", self.columns, self.from, self.id);
        let rows = sqlx::query(&sql).bind(ids).fetch_all(c).await?;
        Ok(rows.iter().map(self.read).collect::<Result<_, _>>()?)
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
