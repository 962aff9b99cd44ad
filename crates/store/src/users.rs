//! Users of the internal directory and their permissions.

use model::user::{Me, UserRow};
use model::{PermissionId, UserId};
use search::Entity;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::Spec;
use crate::tags::tags_of;

/// For those who may see all users: they have no place in the tree that a permission could be on.
pub static LIST: Spec<UserRow> = Spec {
    entity: Entity::Users,
    columns: concat!(
        "u.id, u.name, u.domain, u.kind = 'group' AS is_group, u.full_name, u.mail, u.gone_at, u.created_at,
         ARRAY(SELECT g.name FROM user_groups m JOIN groups g ON g.id = m.group_id WHERE m.user_id = u.id
               ORDER BY g.name) AS groups,
         ARRAY(SELECT r.name FROM permissions p JOIN roles r ON r.id = p.role_id
               WHERE p.principal_id = u.id AND p.object_id = 'aaa00000-0000-0000-0000-123456789aaa'
               ORDER BY r.name) AS roles, ",
        tags_of!("u.id")
    ),
    from: "FROM people u",
    id: "u.id",
    sorts: &[
        ("name", "lower(u.name)"),
        ("domain", "lower(u.domain)"),
        ("principal", "lower(u.name || '@' || u.domain)"),
        ("type", "u.kind"),
        ("full_name", "lower(u.full_name)"),
        ("mail", "lower(u.mail)"),
        ("gone", "u.gone_at"),
        ("groups", "groups"),
        ("roles", "roles"),
        ("tags", "tags"),
        ("created", "u.created_at"),
        ("id", "u.id"),
    ],
    ranks: &[],
    read: |r| {
        Ok(UserRow {
            id: UserId(r.try_get("id")?),
            name: r.try_get("name")?,
            domain: r.try_get("domain")?,
            group: r.try_get("is_group")?,
            full_name: r.try_get("full_name")?,
            mail: r.try_get("mail")?,
            groups: r.try_get("groups")?,
            gone_at: r.try_get("gone_at")?,
            roles: r.try_get("roles")?,
            tags: r.try_get("tags")?,
            created_at: r.try_get("created_at")?,
        })
    },
};

/// What signing in needs.
pub struct Account {
    pub id: UserId,
    pub name: String,
    pub password_hash: Option<String>,
    pub must_change_password: bool,
}

pub async fn insert(
    c: &mut PgConnection,
    id: UserId,
    name: &str,
    hash: &str,
    must_change: bool,
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO users (id, name, password_hash, must_change_password, created_at) VALUES ($1, $2, $3, $4, $5)",
        id.0, name, hash, must_change, now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn account(c: &mut PgConnection, name: &str) -> StoreResult<Option<Account>> {
    let row = sqlx::query!(
        "SELECT id, name, password_hash, must_change_password FROM users WHERE domain = 'internal' AND name = $1",
        name
    );
    Ok(row.fetch_optional(c).await?.map(|r| Account {
        id: UserId(r.id),
        name: r.name,
        password_hash: r.password_hash,
        must_change_password: r.must_change_password,
    }))
}

pub async fn set_password(
    c: &mut PgConnection,
    id: UserId,
    hash: &str,
    must_change: bool,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE users SET password_hash = $2, must_change_password = $3 WHERE id = $1",
        id.0,
        hash,
        must_change
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Who somebody is, and whether a permission on System shows them everything.
pub async fn me(c: &mut PgConnection, id: UserId) -> StoreResult<Option<(Me, bool)>> {
    let row = sqlx::query!(
        r#"SELECT u.name, u.domain, u.must_change_password,
             EXISTS (SELECT 1 FROM permissions p JOIN roles r ON r.id = p.role_id
                     WHERE p.principal_id IN (SELECT id FROM principals(u.id)) AND r.administrative) AS "administrator!",
             EXISTS (SELECT 1 FROM permissions p JOIN roles r ON r.id = p.role_id
                     WHERE p.principal_id IN (SELECT id FROM principals(u.id)) AND r.views_children
                       AND p.object_id = 'aaa00000-0000-0000-0000-123456789aaa') AS "all!"
           FROM users u WHERE u.id = $1"#,
        id.0
    )
    .fetch_optional(c)
    .await?;
    Ok(row.map(|r| {
        let me = Me {
            id,
            principal: format!("{}@{}", r.name, r.domain),
            must_change_password: r.must_change_password,
            administrator: r.administrator,
        };
        (me, r.all)
    }))
}

/// All of them.
pub async fn list(c: &mut PgConnection) -> StoreResult<Vec<UserRow>> {
    let sql = format!("SELECT {} {} ORDER BY u.domain, u.name", LIST.columns, LIST.from);
    let rows = sqlx::query(&sql).fetch_all(c).await?;
    Ok(rows.iter().map(LIST.read).collect::<Result<_, _>>()?)
}

/// Gives a role for good; given already is fine.
pub async fn grant(
    c: &mut PgConnection,
    id: PermissionId,
    principal: Uuid,
    role: Uuid,
    object: Uuid,
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO permissions (id, principal_id, role_id, object_id, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (principal_id, role_id, object_id) DO UPDATE SET until = NULL WHERE permissions.until IS NOT NULL",
        id.0, principal, role, object, now
    )
    .execute(c)
    .await?;
    Ok(())
}

/// The roles of a user, each with the kind of object that it holds on.
pub async fn roles(c: &mut PgConnection, id: UserId) -> StoreResult<Vec<(String, String)>> {
    let rows = sqlx::query!(
        "SELECT r.name, o.kind FROM permissions p JOIN roles r ON r.id = p.role_id JOIN objects o ON o.id = p.object_id
         WHERE p.principal_id = $1 ORDER BY r.name, o.kind",
        id.0
    );
    Ok(rows.fetch_all(c).await?.into_iter().map(|r| (r.name, r.kind)).collect())
}
