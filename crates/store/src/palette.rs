//! Objects by their names, for the command palette: a bounded look at each kind, in one query.

use model::id::Kind;
use model::palette::{Found, LONGEST, MOST, words};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::list::Viewer;
use crate::{StoreError, StoreResult};

/// Where objects of a kind are, and who may find them.
struct Source {
    kind: Kind,
    table: &'static str,
    name: &'static str,
    place: &'static str,
    status: &'static str,
    who: Who,
}

#[derive(Clone, Copy, PartialEq)]
enum Who {
    /// Who may see the object.
    Sees,
    Everybody,
    /// Who may see the users.
    Manages,
    /// Whoever it belongs to, and everybody when to nobody.
    Owns,
}

const fn object(kind: Kind, table: &'static str, place: &'static str, status: &'static str) -> Source {
    Source { kind, table, name: "o.name", place, status, who: Who::Sees }
}

const CLUSTER: &str = "(SELECT b.name FROM clusters b WHERE b.id = o.cluster_id)";
const DATA_CENTER: &str = "(SELECT b.name FROM data_centers b WHERE b.id = o.data_center_id)";
const STORAGE: &str = "(SELECT b.name FROM storage_domains b WHERE b.id = o.storage_domain_id)";
const NONE: &str = "NULL";

const SOURCES: [Source; 12] = [
    object(Kind::Vm, "vms", CLUSTER, "o.status"),
    Source { name: "o.alias", ..object(Kind::Disk, "disks", STORAGE, "o.status") },
    object(Kind::Host, "hosts", CLUSTER, "o.status"),
    object(Kind::Cluster, "clusters", DATA_CENTER, NONE),
    object(Kind::DataCenter, "data_centers", NONE, NONE),
    object(Kind::Network, "networks", DATA_CENTER, NONE),
    object(Kind::StorageDomain, "storage_domains", DATA_CENTER, "o.status"),
    object(Kind::Template, "templates", DATA_CENTER, "o.status"),
    object(Kind::Quota, "quotas", DATA_CENTER, NONE),
    // Groups have their pages among the users; which of the two it is stands where others have their status.
    Source { who: Who::Manages, ..object(Kind::User, "people", "o.domain", "o.kind") },
    Source { who: Who::Everybody, ..object(Kind::Tag, "tags", NONE, NONE) },
    // What it looks for stands where others have their box.
    Source { who: Who::Owns, ..object(Kind::Bookmark, "bookmarks", "o.search", NONE) },
];

/// How many that have the words are put in order: a word that is in every name would else have all of them sorted.
const LOOKED_AT: usize = 200;

const BEGINS: &str = "lower({name}) ~>=~ $2 AND lower({name}) ~<~ $3";
const HAS_WORDS: &str = "lower({name}) LIKE '%' || $3 || '%' AND name_words({name}) @@ $2::tsquery";
const ORDER: &str = "ORDER BY lower({name}) USING ~<~";

/// What fits `text`. `users` says whether the viewer may see the users.
pub async fn find(c: &mut PgConnection, viewer: Viewer, users: bool, text: &str) -> StoreResult<Vec<Found>> {
    let (text, asked) = (text.to_lowercase(), words(text));
    // No text that begins so has bytes behind these.
    let end = format!("{text}\u{10ffff}");
    if !viewer.all {
        return among_seen(c, viewer, users, (&text, &end), &asked).await;
    }
    let statement = |fits, inner: &str| {
        union(users, ORDER, |source| format!("{} o WHERE {fits}{} {inner}", source.table, own(source.who)))
    };
    // Out of the index in its order, cut off there; and what has the words is cut off before it is put in order.
    let begins = statement(BEGINS, &format!("{ORDER} LIMIT {MOST}"));
    let mut found = run(sqlx::query(&begins).bind(viewer.user).bind(&text).bind(end), c).await?;
    if let Some(first) = asked.first().filter(|_| found.len() < MOST) {
        // Letters and digits alone, so that nothing of it is taken for an operator.
        let query = joined(&asked, " & ", |word| format!("'{word}':*"));
        let has_words = statement(HAS_WORDS, &format!("LIMIT {LOOKED_AT}"));
        found.extend(run(sqlx::query(&has_words).bind(viewer.user).bind(query).bind(first), c).await?);
    }
    Ok(found)
}

/// The same among what somebody sees, which is made once: that is looked through then, and not the estate.
async fn among_seen(
    c: &mut PgConnection,
    viewer: Viewer,
    users: bool,
    (text, end): (&str, &str),
    asked: &[String],
) -> StoreResult<Vec<Found>> {
    let from = |source: &Source| {
        let table = source.table;
        let objects = match source.who {
            // The names of others are not even looked at.
            Who::Sees => format!("(SELECT o.* FROM seen JOIN {table} o ON o.id = seen.id OFFSET 0)"),
            Who::Everybody | Who::Manages | Who::Owns => table.to_owned(),
        };
        let fits = format!("({BEGINS} OR ($4 <> '' AND lower({{name}}) ~ ALL (string_to_array($4, ' '))))");
        format!("{objects} o WHERE {fits}{}", own(source.who))
    };
    let all = union(users, &format!("ORDER BY NOT ({BEGINS}), lower({{name}}) USING ~<~"), from);
    let sql = format!("WITH seen AS MATERIALIZED (SELECT seen($1) AS id) {all}");
    let patterns = joined(asked, " ", |word| format!("(^|[^[:alnum:]]){word}"));
    run(sqlx::query(&sql).bind(viewer.user).bind(text).bind(end).bind(patterns), c).await
}

fn joined(words: &[String], between: &str, one: impl Fn(&String) -> String) -> String {
    words.iter().map(one).collect::<Vec<_>>().join(between)
}

fn own(who: Who) -> &'static str {
    if who == Who::Owns { " AND (o.owner_id IS NULL OR o.owner_id = $1)" } else { "" }
}

/// One query over every kind, and of each the first in the order.
fn union(users: bool, order: &str, from: impl Fn(&Source) -> String) -> String {
    let one = |source: &Source| {
        let Source { kind, name, place, status, .. } = source;
        let sql = format!(
            "(SELECT '{}' AS kind, o.id, left({{name}}, {LONGEST}) AS name, left({place}, {LONGEST}) AS place,
                     {status} AS status
              FROM (SELECT o.* FROM {}) o {order} LIMIT {MOST})",
            kind.as_str(),
            from(source)
        );
        sql.replace("{name}", name)
    };
    let shown = SOURCES.iter().filter(|source| users || source.who != Who::Manages);
    shown.map(one).collect::<Vec<_>>().join(" UNION ALL ")
}

type Asking<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

async fn run(query: Asking<'_>, c: &mut PgConnection) -> StoreResult<Vec<Found>> {
    query.fetch_all(c).await?.iter().map(read).collect()
}

fn read(row: &PgRow) -> StoreResult<Found> {
    let kind: &str = row.try_get("kind")?;
    let unknown = |()| StoreError::Unreadable { what: "a kind", cause: kind.to_owned() };
    Ok(Found {
        kind: kind.parse().map_err(unknown)?,
        id: row.try_get::<Uuid, _>("id")?,
        name: row.try_get("name")?,
        place: row.try_get("place")?,
        status: row.try_get("status")?,
        leads: None,
    })
}
