//! Tags, and what carries them.

use std::collections::BTreeMap;

use model::TagId;
use model::id::Kind;
use model::tag::{TagConfig, TagRow};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{StoreResult, Viewer};

/// The column of a list's row with the names of the tags that it carries.
macro_rules! tags_of {
    ($id:literal) => {
        concat!(
            "ARRAY(SELECT g.name FROM tag_objects b JOIN tags g ON g.id = b.tag_id WHERE b.object_id = ",
            $id,
            " ORDER BY lower(g.name)) AS tags"
        )
    };
}
pub(crate) use tags_of;

/// Tags in the order of the tree, all or the one; what `viewer` cannot see is not counted.
pub async fn list(c: &mut PgConnection, viewer: Viewer, only: Option<TagId>) -> StoreResult<Vec<TagRow>> {
    let rows = sqlx::query!(
        r#"WITH RECURSIVE tree (id, level, path) AS (
               SELECT id, 1, ARRAY[lower(name)] FROM tags WHERE parent_id IS NULL
               UNION ALL SELECT t.id, p.level + 1, p.path || lower(t.name) FROM tags t JOIN tree p ON p.id = t.parent_id
           ), under (top, tag) AS (
               SELECT id, id FROM tags UNION ALL SELECT u.top, t.id FROM tags t JOIN under u ON u.tag = t.parent_id
           )
           SELECT t.id, t.version, t.name, t.description, t.parent_id, p.name AS "parent_name?", tree.level AS "level!",
                  (SELECT count(*) - 1 FROM under u WHERE u.top = t.id) AS "below!",
                  (SELECT count(DISTINCT o.object_id) FROM under u JOIN tag_objects o ON o.tag_id = u.tag
                   WHERE u.top = t.id AND ($1 OR visible($2, o.object_id))) AS "objects!"
           FROM tree JOIN tags t ON t.id = tree.id LEFT JOIN tags p ON p.id = t.parent_id
           WHERE $3::uuid IS NULL OR t.id = $3 ORDER BY tree.path"#,
        viewer.all,
        viewer.user,
        only.map(|id| id.0)
    )
    .fetch_all(c)
    .await?;
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let rows = rows.into_iter().map(|r| TagRow {
        id: TagId(r.id),
        version: r.version,
        name: r.name,
        description: r.description,
        parent: r.parent_id.map(TagId).zip(r.parent_name),
        level: r.level.unsigned_abs(),
        below: number(r.below),
        objects: number(r.objects),
    });
    Ok(rows.collect())
}

/// Lets nobody else change the tree until the transaction ends: two moves at once could make a loop that neither is.
pub async fn lock(c: &mut PgConnection) -> StoreResult<()> {
    sqlx::query("LOCK TABLE tags IN SHARE ROW EXCLUSIVE MODE").execute(c).await?;
    Ok(())
}

/// Every tag with the one above it.
pub async fn parents(c: &mut PgConnection) -> StoreResult<Vec<(TagId, Option<TagId>)>> {
    let rows = sqlx::query!("SELECT id, parent_id FROM tags").fetch_all(c).await?;
    Ok(rows.into_iter().map(|r| (TagId(r.id), r.parent_id.map(TagId))).collect())
}

pub async fn insert(
    c: &mut PgConnection,
    id: TagId,
    tag: &TagConfig,
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO tags (id, parent_id, name, description, created_at) VALUES ($1, $2, $3, $4, $5)",
        id.0,
        tag.parent.map(|p| p.0),
        tag.name,
        tag.description,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn update(c: &mut PgConnection, id: TagId, version: i64, tag: &TagConfig) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE tags SET parent_id = $3, name = $4, description = $5, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0,
        version,
        tag.parent.map(|p| p.0),
        tag.name,
        tag.description
    );
    Ok(done.execute(c).await?.rows_affected() == 1)
}

/// Removes a tag with all below it; what carried them loses them.
pub async fn remove(c: &mut PgConnection, id: TagId) -> StoreResult<()> {
    sqlx::query!("DELETE FROM tags WHERE id = $1", id.0).execute(c).await?;
    Ok(())
}

/// Those of these that are there.
pub async fn known(c: &mut PgConnection, ids: &[Uuid]) -> StoreResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!("SELECT id FROM tags WHERE id = ANY($1)", ids).fetch_all(c).await?)
}

/// Puts tags on an object; the names of those that it did not carry before.
pub async fn give(c: &mut PgConnection, kind: Kind, object: Uuid, tags: &[Uuid]) -> StoreResult<Vec<String>> {
    let names = sqlx::query_scalar!(
        "WITH new AS (
             INSERT INTO tag_objects (tag_id, object_id, kind)
             SELECT id, $2, $3 FROM tags WHERE id = ANY($1) ON CONFLICT DO NOTHING RETURNING tag_id
         ) SELECT t.name FROM tags t JOIN new ON new.tag_id = t.id ORDER BY lower(t.name)",
        tags,
        object,
        kind.as_str()
    );
    Ok(names.fetch_all(c).await?)
}

/// Takes tags off an object; the names of those that it carried.
pub async fn take(c: &mut PgConnection, object: Uuid, tags: &[Uuid]) -> StoreResult<Vec<String>> {
    let names = sqlx::query_scalar!(
        "WITH old AS (DELETE FROM tag_objects WHERE tag_id = ANY($1) AND object_id = $2 RETURNING tag_id)
         SELECT t.name FROM tags t JOIN old ON old.tag_id = t.id ORDER BY lower(t.name)",
        tags,
        object
    );
    Ok(names.fetch_all(c).await?)
}

/// How many of these objects carry each tag; those that none carries are left out.
pub async fn carried(c: &mut PgConnection, objects: &[Uuid]) -> StoreResult<BTreeMap<TagId, u32>> {
    let rows = sqlx::query!(
        r#"SELECT tag_id, count(*) AS "n!" FROM tag_objects WHERE object_id = ANY($1) GROUP BY tag_id"#,
        objects
    );
    let rows = rows.fetch_all(c).await?;
    Ok(rows.into_iter().map(|r| (TagId(r.tag_id), u32::try_from(r.n).unwrap_or(u32::MAX))).collect())
}

/// The name of something that can carry tags, kept where it is until the transaction ends; none when it is gone.
pub async fn hold(c: &mut PgConnection, kind: Kind, object: Uuid) -> StoreResult<Option<String>> {
    let name = match kind {
        Kind::User => {
            let name = sqlx::query_scalar!(
                r#"SELECT name || '@' || domain AS "n!" FROM users WHERE id = $1 FOR KEY SHARE"#,
                object
            );
            name.fetch_optional(c).await?
        }
        _ if !crate::objects::hold(c, object).await? => None,
        Kind::Vm => {
            sqlx::query_scalar!("SELECT name FROM vms WHERE id = $1", object).fetch_optional(c).await?
        }
        Kind::Host => {
            sqlx::query_scalar!("SELECT name FROM hosts WHERE id = $1", object).fetch_optional(c).await?
        }
        Kind::Template => {
            sqlx::query_scalar!("SELECT name FROM templates WHERE id = $1", object).fetch_optional(c).await?
        }
        _ => None,
    };
    Ok(name)
}
