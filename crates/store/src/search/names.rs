//! Names that begin in some way, for completion.

use search::{Entity, Names, Object};
use sqlx::PgConnection;

use super::columns;
use crate::StoreResult;
use crate::list::Viewer;

/// As many as fit under the search bar.
const MOST: i64 = 10;

/// The first names in their order, of what the viewer sees. Users are seen by those who see everything, tags by all.
pub async fn names(
    c: &mut PgConnection,
    viewer: Viewer,
    of: Names,
    begins: &str,
) -> StoreResult<Vec<String>> {
    let (name, table, seen) = match of {
        Names::Tags => ("x.name", "tags x", "true".to_owned()),
        Names::Of(Entity::Events | Entity::Jobs) => return Ok(Vec::new()),
        Names::Of(entity) => (columns::name(entity), columns::table(entity), seen(entity, viewer)),
    };
    // Who looks is named in any case, or the parameter would have no type. What begins so is a range of bytes, which an
    // index has in order (migration 0019): ten are read, and not all that there are.
    let sql = format!(
        r#"SELECT x.name FROM (
               SELECT DISTINCT lower({name}) COLLATE "C" AS low, {name} AS name FROM {table}
               WHERE lower({name}) COLLATE "C" >= $1 AND lower({name}) COLLATE "C" < $4
                 AND {seen} AND $2::uuid IS NOT NULL
               ORDER BY low, name LIMIT $3) x ORDER BY x.low, x.name"#
    );
    let begins = begins.to_lowercase();
    let behind = format!("{begins}{}", char::MAX);
    let names = sqlx::query_scalar(&sql).bind(begins).bind(viewer.user).bind(MOST).bind(behind);
    Ok(names.fetch_all(c).await?)
}

fn seen(entity: Entity, viewer: Viewer) -> String {
    let id = columns::id(Object::Of(entity));
    match entity {
        _ if viewer.all => "true".to_owned(),
        Entity::Users => format!("{id} = $2"),
        _ => format!("{id} IN (SELECT seen($2))"),
    }
}
