//! The list of events. A million of them, and nobody waits: whatever the scope, the newest are found by walking an
//! index from its end, one walk for each object through which somebody sees, and nothing is counted past a bound.
//! `event_objects` has what an event is about, and (`above`) what was above that when it happened.

use model::SYSTEM;
use model::event::EventRow;
use model::list::{ListQuery, Page};
use search::Entity;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, PgConnection, Postgres, Row};
use uuid::Uuid;

use super::{OBJECTS, read};
use crate::export::Export;
use crate::list::{Viewer, bounds};
use crate::search::Filter;
use crate::{StoreError, StoreResult};

/// What is counted, and what is sorted by anything else than time: the newest so many.
const BOUND: i64 = 10_000;

/// Sort words and what they order by. By time is by number: they are given in that order.
pub const SORTS: &[(&str, &str)] = &[
    ("time", "e.id"),
    ("severity", "array_position(ARRAY['normal', 'warning', 'error', 'alert'], e.severity)"),
    ("message", "e.message"),
    ("user", "lower(e.user_name)"),
    ("code", "e.code"),
    ("correlation", "e.correlation_id"),
];

/// Through which objects `$1` sees events: those below a permission with a role that shows what is below (`above` in
/// an event of something else), and those that are about an object with a permission on it or below it.
const KEYS: &str = "keys (id, above) AS (
    SELECT p.object_id, s.above FROM permissions p JOIN roles r ON r.id = p.role_id
    JOIN (VALUES (false), (true)) s (above) ON r.views_children OR NOT s.above
    WHERE p.principal_id IN (SELECT id FROM principals($1))
    UNION
    SELECT a.ancestor_id, false FROM permissions p JOIN object_ancestors a ON a.object_id = p.object_id
    WHERE p.principal_id IN (SELECT id FROM principals($1))
      AND a.ancestor_id <> 'aaa00000-0000-0000-0000-123456789aaa')";

/// Whether `$1` sees the event `e`: asked of each by itself (`OFFSET 0`), or PostgreSQL would read what all events are
/// about.
const SEEN: &str =
    "(e.user_id = $1 OR EXISTS (SELECT 1 FROM event_objects o JOIN keys k ON k.id = o.object_id
                     AND k.above = o.above WHERE o.event_id = e.id OFFSET 0))";

/// The newest (or oldest) of what `$1` sees, `{below}` narrowing through what: one walk for each key, and what they did
/// themselves.
const WALKED: &str = "SELECT id FROM (
        SELECT w.event_id AS id FROM keys k {walk} WHERE {below}
        UNION
        (SELECT e.id FROM events e WHERE e.user_id = $1 AND {within} ORDER BY e.id {way} LIMIT {most})) u
     ORDER BY id {way} LIMIT {most}";

/// Along the index of what events are about, from the key `k`.
const WALK: &str = "CROSS JOIN LATERAL (SELECT o.event_id FROM event_objects o WHERE o.object_id = k.id
                    AND o.above = k.above ORDER BY o.event_id {way} LIMIT {most}) w";

/// Whether the event `e` is of something within `$2`.
const WITHIN: &str = "EXISTS (SELECT 1 FROM event_objects o WHERE o.event_id = e.id AND o.object_id = $2)";

/// Whether the key `k` is `$2`, or below it.
const BELOW: &str = "(k.id = $2 OR EXISTS (
    SELECT 1 FROM object_ancestors a WHERE a.object_id = k.id AND a.ancestor_id = $2))";

/// Which events are looked through, and by which index.
enum Way {
    /// All of them.
    All,
    /// Everything of one object, and of what is or was below it (`$2`).
    Object,
    /// What the viewer sees of anything, or below `$2`.
    Keys,
    /// What came of one request (`$3`).
    Request,
    /// The same, without what other jobs of that request did than `$2`.
    Job,
    /// What is looked for, of everything, of what came of one request or of what is below something.
    Search(Filter),
    /// The same for who sees little: out of that (`$4`).
    Among(Filter, Vec<i64>),
}

impl Way {
    /// SQL for the ids in order, `{way}` being the direction and `{most}` how many; `within` says whether there is a `$2`.
    /// What is not asked for is not in it, or it would be planned each time.
    fn found(&self, viewer: Viewer, within: bool) -> String {
        let (of, below) = if within { (WITHIN, BELOW) } else { ("true", "true") };
        let seen = if viewer.all { "true" } else { SEEN };
        match self {
            Way::All => "SELECT id FROM events ORDER BY id {way} LIMIT {most}".to_owned(),
            Way::Object => format!(
                "SELECT DISTINCT w.event_id AS id FROM (VALUES ($2::uuid, false), ($2, true)) k (id, above) {WALK}
                 ORDER BY id {{way}} LIMIT {{most}}"
            ),
            Way::Keys => WALKED.replace("{walk}", WALK).replace("{below}", below).replace("{within}", of),
            Way::Search(filter) => {
                format!("SELECT e.id FROM events e WHERE {} AND {seen} {LAST}", searched(filter, of))
            }
            // Each by its number, whatever PostgreSQL thinks of what is looked for.
            Way::Among(filter, _) => format!(
                "SELECT e.id FROM unnest($4::bigint[]) mine (id)
                 CROSS JOIN LATERAL (SELECT * FROM events e WHERE e.id = mine.id OFFSET 0) e WHERE {} {LAST}",
                searched(filter, of)
            ),
            Way::Request => format!(
                "SELECT e.id FROM events e WHERE e.correlation_id = $3 AND {seen} ORDER BY e.id {{way}} LIMIT {{most}}"
            ),
            Way::Job => format!(
                "SELECT e.id FROM events e WHERE e.correlation_id = $3 AND {seen} AND (e.job_id = $2
                    OR e.job_id IS NULL AND EXISTS (SELECT 1 FROM event_objects o LEFT JOIN job_objects j
                        ON j.object_id = o.object_id AND j.job_id = $2
                        WHERE o.event_id = e.id AND NOT o.above AND (o.object_id = $2 OR j.job_id IS NOT NULL)))
                 ORDER BY e.id {{way}} LIMIT {{most}}"
            ),
        }
    }
}

const LAST: &str = "ORDER BY e.id {way} LIMIT {most}";

/// What is looked for in the events `e`, `of` narrowing.
fn searched(filter: &Filter, of: &str) -> String {
    format!("{} AND {of} AND ($3::text IS NULL OR e.correlation_id = $3)", filter.sql)
}

/// What was asked for, once it is known what `within` is.
struct Asked {
    way: Way,
    viewer: Viewer,
    within: Option<Uuid>,
    correlation: Option<String>,
    /// The search's own, when the list was not given another.
    order: Option<String>,
}

impl Asked {
    async fn of(c: &mut PgConnection, viewer: Viewer, query: &ListQuery) -> StoreResult<Asked> {
        let within = query.within.filter(|id| *id != SYSTEM);
        let search = crate::search::read(Entity::Events, query.search.as_deref())?;
        let order = search.sort.filter(|_| query.sort.is_none());
        let order =
            order.and_then(|sort| crate::search::order(Entity::Events, sort)).map(|order| order.sql());
        let mut asked =
            Asked { way: Way::All, viewer, within, correlation: query.correlation.clone(), order };
        if let Some(filter) = Filter::of(&search, viewer, 4) {
            asked.way = Way::Search(filter);
            if !viewer.all
                && let Some(mine) = few(c, viewer.user).await?
                && let Some(filter) = Filter::of(&search, viewer, 5)
            {
                asked.way = Way::Among(filter, mine);
            }
            return Ok(asked);
        }
        asked.way = match within {
            _ if asked.correlation.is_some() => Way::Request,
            None if viewer.all => Way::All,
            None => Way::Keys,
            Some(id) => match job(c, id).await? {
                Some(correlation) => {
                    asked.correlation = Some(correlation);
                    Way::Job
                }
                None if viewer.all || all_below(c, viewer.user, id).await? => Way::Object,
                None => Way::Keys,
            },
        };
        Ok(asked)
    }

    /// `WITH found AS (...)`; a parameter that is unused must still be named, or its type would not be known. Where what is
    /// found is sorted anew, `kept` has it found first: joined at once, PostgreSQL would look through everything.
    fn with(&self, descending: bool, most: i64, kept: bool) -> String {
        let way = if descending { "DESC" } else { "ASC" };
        let kept = if kept { "MATERIALIZED" } else { "" };
        let found = self.way.found(self.viewer, self.within.is_some());
        let found = found.replace("{way}", way).replace("{most}", &most.to_string());
        format!("WITH {KEYS}, asked AS (SELECT $1::uuid, $2::uuid, $3::text), found AS {kept} ({found})")
    }

    /// Not a search: what is searched for decides how, a rare word by an index, a frequent one by walking.
    fn planned_once(&self) -> bool {
        !matches!(self.way, Way::Search(_))
    }

    /// `$1` who looks, `$2` within what, `$3` of which request, what they see where that is little, then the search.
    fn arguments(&self) -> StoreResult<PgArguments> {
        let mut arguments = PgArguments::default();
        let added = arguments
            .add(self.viewer.user)
            .and_then(|()| arguments.add(self.within))
            .and_then(|()| arguments.add(self.correlation.as_deref()));
        added.map_err(|cause| StoreError::from(sqlx::Error::Encode(cause)))?;
        match &self.way {
            Way::Search(filter) => filter.bind(&mut arguments)?,
            Way::Among(filter, mine) => {
                let added = arguments.add(mine);
                added.map_err(|cause| StoreError::from(sqlx::Error::Encode(cause)))?;
                filter.bind(&mut arguments)?;
            }
            _ => {}
        }
        Ok(arguments)
    }
}

/// All that `user` sees, if that is little: who sees much is answered by walking through what everybody sees.
async fn few(c: &mut PgConnection, user: Uuid) -> StoreResult<Option<Vec<i64>>> {
    let mine = WALKED.replace("{walk}", WALK).replace("{below}", "true").replace("{within}", "true");
    let mine = mine.replace("{way}", "DESC").replace("{most}", &(BOUND + 1).to_string());
    let ids: Vec<i64> = sqlx::query_scalar(&format!("WITH {KEYS} {mine}")).bind(user).fetch_all(c).await?;
    Ok((ids.len() as i64 <= BOUND).then_some(ids))
}

async fn job(c: &mut PgConnection, id: Uuid) -> StoreResult<Option<String>> {
    let correlation = sqlx::query_scalar!("SELECT correlation_id FROM jobs WHERE id = $1", id);
    Ok(correlation.fetch_optional(c).await?)
}

/// Whether `user` sees everything below `object`, as holding a viewing role on it or above it.
async fn all_below(c: &mut PgConnection, user: Uuid, object: Uuid) -> StoreResult<bool> {
    let above = crate::objects::scope(c, object).await?;
    crate::objects::shown_below(c, user, &above, None).await
}

/// The newest first, unless sorted otherwise; `within` is an object, and takes what is below it along, or a job. How many
/// there are is told with each row, so that they are found once.
pub async fn page(c: &mut PgConnection, viewer: Viewer, query: &ListQuery) -> StoreResult<Page<EventRow>> {
    let query = crate::search::paged(Entity::Events, query)?;
    let asked = Asked::of(c, viewer, &query).await?;
    let bound = BOUND.max(query.offset() + i64::from(query.size));
    let rows = fetched(c, &asked, &rows(&asked, &query, bound + 1, true)).await?;
    let total = match rows.first() {
        Some(row) => row.try_get("total")?,
        None if query.page == 1 => 0,
        None => count(c, &asked, bound + 1).await?,
    };
    let rows = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page { rows, total: total.min(bound).unsigned_abs(), more: total > bound, query })
}

/// Of a page past the end.
async fn count(c: &mut PgConnection, asked: &Asked, most: i64) -> StoreResult<i64> {
    let sql = format!("{} SELECT count(*) FROM found", asked.with(true, most, false));
    let query = sqlx::query_scalar_with(&sql, asked.arguments()?);
    Ok(query.persistent(asked.planned_once()).fetch_one(c).await?)
}

/// The newest: every page of the administration portal tells it.
pub async fn newest(c: &mut PgConnection, viewer: Viewer) -> StoreResult<Option<EventRow>> {
    let query = ListQuery { size: 1, ..ListQuery::default() };
    let asked = Asked::of(c, viewer, &query).await?;
    let rows = fetched(c, &asked, &rows(&asked, &query, 1, false)).await?;
    Ok(rows.first().map(read).transpose()?)
}

async fn fetched(c: &mut PgConnection, asked: &Asked, sql: &str) -> StoreResult<Vec<PgRow>> {
    let query = sqlx::query_with(sql, asked.arguments()?);
    Ok(query.persistent(asked.planned_once()).fetch_all(c).await?)
}

/// All of them, to be read little by little: of these nothing is left out, however it is sorted.
pub async fn export(
    mut c: PoolConnection<Postgres>,
    viewer: Viewer,
    query: &ListQuery,
) -> StoreResult<Export> {
    let query = ListQuery { page: 1, size: u32::MAX, ..query.clone() };
    let asked = Asked::of(&mut c, viewer, &query).await?;
    let sql = rows(&asked, &query, i64::MAX, false);
    Export::begin(c, &sql, asked.arguments()?, read).await
}

/// `most` is how many are found, and `counted` has that told as `total`; what is sorted by anything else than time is
/// sorted among those.
fn rows(asked: &Asked, query: &ListQuery, most: i64, counted: bool) -> String {
    let sort = query
        .sort
        .as_deref()
        .and_then(|sort| SORTS.iter().find(|(word, _)| *word == sort && *word != "time"));
    let way = if query.descending { "DESC NULLS LAST" } else { "ASC NULLS LAST" };
    let by = sort.map(|(_, by)| format!("{by} {way}")).or_else(|| asked.order.clone());
    let total = if counted { ", (SELECT count(*) FROM found) AS total" } else { "" };
    let (bounds, columns) = (bounds(query), format!("e.*, {OBJECTS}{total}"));
    let Some(by) = by else {
        let descending = query.descending || query.sort.as_deref() != Some("time");
        let way = if descending { "DESC" } else { "ASC" };
        return format!(
            "{} SELECT {columns} FROM (SELECT id FROM found ORDER BY id {way} {bounds}) f
             JOIN events e ON e.id = f.id ORDER BY e.id {way}",
            asked.with(descending, most, counted)
        );
    };
    // Each by its number, which PostgreSQL would not do when it cannot tell how many are found.
    format!(
        "{} SELECT {columns} FROM (SELECT e.id FROM found f
             CROSS JOIN LATERAL (SELECT * FROM events e WHERE e.id = f.id OFFSET 0) e
             ORDER BY {by}, e.id DESC {bounds}) f
         JOIN events e ON e.id = f.id ORDER BY {by}, e.id DESC",
        asked.with(true, most, true)
    )
}

/// Whether `user` sees the event, as the list has it.
pub async fn seen(c: &mut PgConnection, user: Uuid, id: i64) -> StoreResult<bool> {
    let sql = format!("WITH {KEYS} SELECT EXISTS (SELECT 1 FROM events e WHERE e.id = $2 AND {SEEN})");
    Ok(sqlx::query_scalar(&sql).bind(user).bind(id).fetch_one(c).await?)
}

/// The part of a query that scopes events, for `alerts`.
pub(super) fn scoped() -> (&'static str, &'static str) {
    (KEYS, SEEN)
}
