//! Objects as permissions and locks see them: where they are, who holds what on them, what is above.

use model::id::Kind;
use model::policy::Held;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreResult;

/// Puts an object, new or known, below its parents.
pub async fn place(c: &mut PgConnection, id: Uuid, kind: Kind, parents: &[Uuid]) -> StoreResult<()> {
    sqlx::query!("SELECT object_place($1, $2, $3)", id, kind.as_str(), parents).execute(c).await?;
    Ok(())
}

/// Removes an object with its row, permissions and place. Fails on a foreign key while something uses it.
pub async fn remove(c: &mut PgConnection, id: Uuid) -> StoreResult<bool> {
    Ok(sqlx::query!("DELETE FROM objects WHERE id = $1", id).execute(c).await?.rows_affected() > 0)
}

/// Keeps an object that is about to be used where it is, until the transaction ends; false when it is gone.
pub async fn hold(c: &mut PgConnection, id: Uuid) -> StoreResult<bool> {
    let row = sqlx::query!("SELECT id FROM objects WHERE id = $1 FOR KEY SHARE", id);
    Ok(row.fetch_optional(c).await?.is_some())
}

/// Takes an object for its removal: until the transaction ends nobody puts anything below it or `hold`s it.
/// False when it is gone.
pub async fn take(c: &mut PgConnection, id: Uuid) -> StoreResult<bool> {
    let row = sqlx::query!("SELECT id FROM objects WHERE id = $1 FOR UPDATE", id);
    Ok(row.fetch_optional(c).await?.is_some())
}

/// What `user` holds on `object`, and whether the object is there at all for them.
pub async fn held(c: &mut PgConnection, user: Uuid, object: Uuid) -> StoreResult<Held> {
    let row = sqlx::query!(
        r#"SELECT visible($1, $2) AS "visible!",
                  coalesce((SELECT array_agg(DISTINCT g) FROM permissions p
                     JOIN roles r ON r.id = p.role_id
                     JOIN object_ancestors a ON a.ancestor_id = p.object_id AND a.object_id = $2,
                     unnest(r.groups) g
                   WHERE p.principal_id IN (SELECT id FROM principals($1))), '{}') AS "groups!""#,
        user,
        object
    )
    .fetch_one(c)
    .await?;
    Ok(Held { visible: row.visible, groups: row.groups })
}

/// The action groups that `user` holds on each of these, which they see.
pub async fn held_on(
    c: &mut PgConnection,
    user: Uuid,
    objects: &[Uuid],
) -> StoreResult<Vec<(Uuid, Vec<i32>)>> {
    let rows = sqlx::query!(
        r#"WITH held AS MATERIALIZED (
               SELECT p.object_id, r.groups FROM permissions p JOIN roles r ON r.id = p.role_id
               WHERE p.principal_id IN (SELECT id FROM principals($1)))
           SELECT a.object_id, array_agg(DISTINCT g) AS "groups!"
           FROM held h JOIN object_ancestors a ON a.ancestor_id = h.object_id AND a.object_id = ANY ($2), unnest(h.groups) g
           GROUP BY a.object_id"#,
        user,
        objects
    )
    .fetch_all(c)
    .await?;
    Ok(rows.into_iter().map(|row| (row.object_id, row.groups)).collect())
}

/// Whether `user` holds this action group on anything of these kinds.
pub async fn held_on_kinds(
    c: &mut PgConnection,
    user: Uuid,
    group: i32,
    kinds: &[Kind],
) -> StoreResult<bool> {
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    let held = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM permissions p JOIN roles r ON r.id = p.role_id JOIN objects o ON o.id = p.object_id
             WHERE p.principal_id IN (SELECT id FROM principals($1)) AND $2 = ANY (r.groups) AND o.kind = ANY ($3)) AS "held!""#,
        user,
        group,
        &kinds
    );
    Ok(held.fetch_one(c).await?)
}

/// The object and everything above it.
pub async fn scope(c: &mut PgConnection, object: Uuid) -> StoreResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!("SELECT ancestor_id FROM object_ancestors WHERE object_id = $1", object)
        .fetch_all(c)
        .await?)
}

/// The same of many at once, as pairs of an object and one above it.
pub async fn scopes(c: &mut PgConnection, objects: &[Uuid]) -> StoreResult<Vec<(Uuid, Uuid)>> {
    let sql = "SELECT object_id, ancestor_id FROM object_ancestors WHERE object_id = ANY ($1)";
    Ok(sqlx::query_as(sql).bind(objects).fetch_all(c).await?)
}

/// Whether `user` may see `object`.
pub async fn visible(c: &mut PgConnection, user: Uuid, object: Uuid) -> StoreResult<bool> {
    Ok(sqlx::query_scalar!(r#"SELECT visible($1, $2) AS "v!""#, user, object).fetch_one(c).await?)
}

/// Whether what is, or was, below these objects is shown to `user` by a permission on one of them: all of it, or
/// what is of that kind.
pub async fn shown_below(
    c: &mut PgConnection,
    user: Uuid,
    above: &[Uuid],
    kind: Option<Kind>,
) -> StoreResult<bool> {
    let shown = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM permissions p JOIN roles r ON r.id = p.role_id
             WHERE p.principal_id IN (SELECT id FROM principals($1)) AND (r.views_children OR offers($3, r.groups))
               AND p.object_id = ANY ($2)) AS "shown!""#,
        user,
        above,
        kind.map(|kind| kind.as_str())
    );
    Ok(shown.fetch_one(c).await?)
}

/// One line of "still used by": the kind (in catalogue spelling) and the name.
pub fn used_by(kind: &str, name: &str) -> model::Text {
    model::Text::new("refusal-used-by")
        .with("kind", model::Text::new(&format!("kind-{kind}")))
        .with("name", name)
}

/// The object of that kind and name. Networks, templates and quotas have their names per data center: the oldest wins.
pub async fn by_name(c: &mut PgConnection, kind: Kind, name: &str) -> StoreResult<Option<Uuid>> {
    let table = match kind {
        Kind::DataCenter => "data_centers",
        Kind::Cluster => "clusters",
        Kind::Host => "hosts",
        Kind::Network => "networks",
        Kind::StorageDomain => "storage_domains",
        Kind::Template => "templates",
        Kind::Vm => "vms",
        Kind::Quota => "quotas",
        Kind::System
        | Kind::Disk
        | Kind::User
        | Kind::Job
        | Kind::Event
        | Kind::Tag
        | Kind::Bookmark
        | Kind::Directory
        | Kind::Role => {
            return Ok(None);
        }
    };
    let sql = format!("SELECT id FROM {table} WHERE name = $1 ORDER BY created_at LIMIT 1");
    Ok(sqlx::query_scalar(&sql).bind(name).fetch_optional(c).await?)
}
