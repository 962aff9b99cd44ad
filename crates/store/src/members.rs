//! Users and groups that came from a directory: added, read anew, gone, and taken out.

use model::directory::Found;
use model::policy::SUPER_USER;
use model::{SYSTEM, UserId};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;

/// Somebody as they were added.
pub struct Member {
    pub id: Uuid,
    pub name: String,
    pub external_id: String,
    pub gone: bool,
}

/// The user with the directory's id.
pub async fn user(c: &mut PgConnection, domain: &str, external_id: &str) -> StoreResult<Option<UserId>> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM users WHERE domain = $1 AND external_id = $2 AND external_id <> ''",
        domain,
        external_id
    );
    Ok(id.fetch_optional(c).await?.map(UserId))
}

/// The users of a directory behind one of them, in the order of their ids.
pub async fn users(c: &mut PgConnection, domain: &str, behind: Uuid, most: i64) -> StoreResult<Vec<Member>> {
    let rows = sqlx::query!(
        r#"SELECT id, name, external_id, gone_at IS NOT NULL AS "gone!" FROM users WHERE domain = $1 AND id > $2
           ORDER BY id LIMIT $3"#,
        domain,
        behind,
        most
    );
    let rows = rows.fetch_all(c).await?.into_iter();
    let member = rows.map(|r| Member { id: r.id, name: r.name, external_id: r.external_id, gone: r.gone });
    Ok(member.collect())
}

pub async fn groups(c: &mut PgConnection, domain: &str) -> StoreResult<Vec<Member>> {
    let rows =
        sqlx::query!("SELECT id, name, external_id FROM groups WHERE domain = $1 ORDER BY name", domain);
    let rows = rows.fetch_all(c).await?.into_iter();
    let member = rows.map(|r| Member { id: r.id, name: r.name, external_id: r.external_id, gone: false });
    Ok(member.collect())
}

/// Adds a user or a group; not when they are here already, or another has their name.
pub async fn add(
    c: &mut PgConnection,
    id: Uuid,
    domain: &str,
    found: &Found,
    now: OffsetDateTime,
) -> StoreResult<bool> {
    let done =
        if found.group {
            let insert =
                sqlx::query!(
            "INSERT INTO groups (id, name, domain, external_id, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
            id, found.name, domain, found.id, now
        );
            insert.execute(c).await?
        } else {
            let insert = sqlx::query!(
                "INSERT INTO users (id, name, domain, external_id, full_name, mail, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                id,
                found.name,
                domain,
                found.id,
                found.full_name,
                found.mail,
                now
            );
            insert.execute(c).await?
        };
    Ok(done.rows_affected() == 1)
}

/// What the directory says of a user by now. A name that another still has stays as it was.
pub async fn refresh(c: &mut PgConnection, id: UserId, domain: &str, found: &Found) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE users SET full_name = $4, mail = $5, gone_at = NULL,
             name = CASE WHEN EXISTS (SELECT 1 FROM users o WHERE o.domain = $2 AND o.name = $3 AND o.id <> $1)
                         THEN name ELSE $3 END
         WHERE id = $1 AND (full_name, mail, name, gone_at IS NULL) IS DISTINCT FROM ($4, $5, $3, true)",
        id.0,
        domain,
        found.name,
        found.full_name,
        found.mail
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Marks somebody whom the directory has no more, and ends all that they could do.
pub async fn gone(c: &mut PgConnection, id: UserId, now: OffsetDateTime) -> StoreResult<()> {
    sqlx::query!("UPDATE users SET gone_at = coalesce(gone_at, $2) WHERE id = $1", id.0, now)
        .execute(&mut *c)
        .await?;
    sqlx::query!("DELETE FROM user_groups WHERE user_id = $1", id.0).execute(&mut *c).await?;
    crate::sessions::delete_others(c, id, None).await
}

/// Puts somebody into these groups and no others; the names of those that are new, and of those that are not theirs any
/// more.
pub async fn put_into(
    c: &mut PgConnection,
    user: UserId,
    groups: &[Uuid],
) -> StoreResult<(Vec<String>, Vec<String>)> {
    let left = sqlx::query_scalar!(
        "WITH old AS (DELETE FROM user_groups WHERE user_id = $1 AND NOT group_id = ANY($2) RETURNING group_id)
         SELECT g.name FROM old JOIN groups g ON g.id = old.group_id ORDER BY g.name",
        user.0,
        groups
    );
    let left = left.fetch_all(&mut *c).await?;
    let entered = sqlx::query_scalar!(
        "WITH new AS (INSERT INTO user_groups (user_id, group_id) SELECT $1, id FROM groups WHERE id = ANY($2)
                      ON CONFLICT DO NOTHING RETURNING group_id)
         SELECT g.name FROM new JOIN groups g ON g.id = new.group_id ORDER BY g.name",
        user.0,
        groups
    );
    Ok((entered.fetch_all(c).await?, left))
}

/// Those of a directory's ids that were added.
pub async fn added(c: &mut PgConnection, domain: &str, ids: &[String]) -> StoreResult<Vec<String>> {
    let ids = sqlx::query_scalar!(
        r#"SELECT external_id AS "id!" FROM users WHERE domain = $1 AND external_id = ANY($2)
           UNION ALL SELECT external_id FROM groups WHERE domain = $1 AND external_id = ANY($2)"#,
        domain,
        ids
    );
    Ok(ids.fetch_all(c).await?)
}

/// People who are super users of everything for good, themselves or by a group, once `without` is no more.
pub async fn super_users(c: &mut PgConnection, without: Uuid) -> StoreResult<u64> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM users u WHERE u.id <> $1 AND u.gone_at IS NULL AND EXISTS (
               SELECT 1 FROM permissions p WHERE p.role_id = $2 AND p.object_id = $3 AND p.principal_id <> $1 AND p.until IS NULL
               AND p.principal_id IN (SELECT id FROM principals(u.id)))"#,
        without,
        SUPER_USER.id,
        SYSTEM
    );
    Ok(count.fetch_one(c).await?.unsigned_abs())
}

/// Lets nobody else give or take what makes super users until the transaction ends: two removals at once could leave
/// nobody, though each would leave one.
pub async fn lock(c: &mut PgConnection) -> StoreResult<()> {
    sqlx::query("LOCK TABLE permissions IN SHARE ROW EXCLUSIVE MODE").execute(c).await?;
    Ok(())
}

/// Takes a user or a group out, with all that they held; how many permissions that were.
pub async fn remove(c: &mut PgConnection, id: Uuid) -> StoreResult<u64> {
    let held = sqlx::query!("DELETE FROM permissions WHERE principal_id = $1", id).execute(&mut *c).await?;
    sqlx::query!("DELETE FROM users WHERE id = $1", id).execute(&mut *c).await?;
    sqlx::query!("DELETE FROM groups WHERE id = $1", id).execute(c).await?;
    Ok(held.rows_affected())
}
