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
    let like =
        format!("{}%", begins.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let (name, table, seen) = match of {
        Names::Tags => ("x.name", "tags x", "true".to_owned()),
        Names::Of(Entity::Events | Entity::Jobs) => return Ok(Vec::new()),
        Names::Of(entity) => (columns::name(entity), columns::table(entity), seen(entity, viewer)),
    };
    // Who looks is named in any case, or the parameter would have no type.
    let sql = format!(
        "SELECT {name} FROM {table} WHERE lower({name}) LIKE $1 AND {seen} AND $2::uuid IS NOT NULL
         GROUP BY {name} ORDER BY lower({name}), {name} LIMIT $3"
    );
    Ok(sqlx::query_scalar(&sql).bind(like).bind(viewer.user).bind(MOST).fetch_all(c).await?)
}

fn seen(entity: Entity, viewer: Viewer) -> String {
    let id = columns::id(Object::Of(entity));
    match entity {
        _ if viewer.all => "true".to_owned(),
        Entity::Users => format!("{id} = $2"),
        _ => format!("{id} IN (SELECT seen($2))"),
    }
}
