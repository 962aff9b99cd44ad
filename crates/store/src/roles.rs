//! Roles: the shipped ones, which are written anew at every start, and those of one's own.

use model::role::{RoleConfig, RoleRow};
use model::{RoleId, UserId};
use sqlx::PgConnection;

use crate::StoreResult;

/// All of them, the shipped ones last; or the one.
pub async fn list(c: &mut PgConnection, one: Option<RoleId>) -> StoreResult<Vec<RoleRow>> {
    let rows = sqlx::query!(
        r#"SELECT id, name, description, administrative, views_children, groups, predefined, version,
             (SELECT count(*) FROM permissions p WHERE p.role_id = r.id) AS "permissions!"
           FROM roles r WHERE $1::uuid IS NULL OR id = $1 ORDER BY predefined, lower(name)"#,
        one.map(|id| id.0)
    );
    let roles = rows.fetch_all(c).await?.into_iter().map(|r| RoleRow {
        id: RoleId(r.id),
        version: r.version,
        config: RoleConfig {
            name: r.name,
            description: r.description,
            administrative: r.administrative,
            groups: r.groups,
        },
        views_children: r.views_children,
        predefined: r.predefined,
        permissions: u32::try_from(r.permissions).unwrap_or(u32::MAX),
    });
    Ok(roles.collect())
}

/// The role, taken for the rest of the transaction: it is neither changed nor given meanwhile.
pub async fn lock(c: &mut PgConnection, id: RoleId) -> StoreResult<Option<RoleRow>> {
    sqlx::query!("SELECT id FROM roles WHERE id = $1 FOR UPDATE", id.0).fetch_optional(&mut *c).await?;
    Ok(list(c, Some(id)).await?.pop())
}

/// The role; it is not changed until the transaction ends.
pub async fn hold(c: &mut PgConnection, id: RoleId) -> StoreResult<Option<RoleRow>> {
    sqlx::query!("SELECT id FROM roles WHERE id = $1 FOR SHARE", id.0).fetch_optional(&mut *c).await?;
    Ok(list(c, Some(id)).await?.pop())
}

pub async fn by_name(c: &mut PgConnection, name: &str) -> StoreResult<Option<RoleId>> {
    let id = sqlx::query_scalar!("SELECT id FROM roles WHERE name = $1", name);
    Ok(id.fetch_optional(c).await?.map(RoleId))
}

pub async fn insert(c: &mut PgConnection, id: RoleId, role: &RoleConfig) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO roles (id, name, description, administrative, views_children, groups)
         VALUES ($1, $2, $3, $4, $5, $6)",
        id.0,
        role.name,
        role.description,
        role.administrative,
        role.views_children(),
        &role.groups
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn update(c: &mut PgConnection, id: RoleId, version: i64, role: &RoleConfig) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE roles SET name = $3, description = $4, administrative = $5, views_children = $6, groups = $7,
           version = version + 1
         WHERE id = $1 AND version = $2 AND NOT predefined",
        id.0,
        version,
        role.name,
        role.description,
        role.administrative,
        role.views_children(),
        &role.groups
    );
    Ok(done.execute(c).await?.rows_affected() == 1)
}

pub async fn remove(c: &mut PgConnection, id: RoleId) -> StoreResult<()> {
    sqlx::query!("DELETE FROM roles WHERE id = $1 AND NOT predefined", id.0).execute(c).await?;
    Ok(())
}

/// Of these groups, those that `user` lacks on any of the objects where the role is held.
pub async fn lacked(
    c: &mut PgConnection,
    user: UserId,
    role: RoleId,
    groups: &[i32],
) -> StoreResult<Vec<i32>> {
    let lacked = sqlx::query_scalar!(
        r#"SELECT wanted AS "wanted!" FROM unnest($3::integer[]) wanted WHERE EXISTS (
             SELECT 1 FROM (SELECT DISTINCT object_id FROM permissions WHERE role_id = $2) given
             WHERE NOT EXISTS (
               SELECT 1 FROM object_ancestors a
               JOIN permissions p ON p.object_id = a.ancestor_id
               JOIN roles r ON r.id = p.role_id
               WHERE a.object_id = given.object_id AND wanted = ANY (r.groups)
                 AND p.principal_id IN (SELECT id FROM principals($1))))
           ORDER BY 1"#,
        user.0,
        role.0,
        groups
    );
    Ok(lacked.fetch_all(c).await?)
}

/// Makes the shipped roles what this version says they are, and gives Everyone what they have from the beginning.
pub async fn seed(c: &mut PgConnection) -> StoreResult<()> {
    for role in model::policy::PREDEFINED {
        sqlx::query!(
            "INSERT INTO roles AS r (id, name, administrative, views_children, groups, predefined)
             VALUES ($1, $2, $3, $4, $5, true)
             ON CONFLICT (id) DO UPDATE
               SET name = $2, administrative = $3, views_children = $4, groups = $5, predefined = true
               WHERE (r.name, r.administrative, r.views_children, r.groups, r.predefined)
                 IS DISTINCT FROM ($2, $3, $4, $5, true)",
            role.id,
            role.name,
            role.administrative,
            role.views_children,
            role.groups
        )
        .execute(&mut *c)
        .await?;
    }
    sqlx::query!(
        "INSERT INTO permissions (id, principal_id, role_id, object_id, created_at)
         VALUES (gen_random_uuid(), $1, $2, $3, now())
         ON CONFLICT (principal_id, role_id, object_id) DO NOTHING",
        model::EVERYONE,
        model::policy::USER_PROFILE_EDITOR.id,
        model::SYSTEM
    )
    .execute(c)
    .await?;
    Ok(())
}
