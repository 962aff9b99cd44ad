//! Permissions as people look at them: of an object with what is above it, of a person with their groups, with a role.

use std::str::FromStr;

use model::id::Kind;
use model::permission::{MANIPULATE_PERMISSIONS, PermissionRow, Principal, PrincipalKind, Standing};
use model::policy::SUPER_USER;
use model::{EVERYONE, PermissionId, RoleId, SYSTEM};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{StoreError, StoreResult, Viewer};

/// How many are listed at most.
const MOST: i64 = 2000;

/// Which permissions are meant; what is not said does not limit them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Of {
    pub id: Option<PermissionId>,
    /// On this object and above it.
    pub object: Option<Uuid>,
    /// Of this person, of their groups and of Everyone.
    pub person: Option<Uuid>,
    pub role: Option<Uuid>,
}

/// Those on objects that the viewer sees, the nearest to the object first.
pub async fn list(c: &mut PgConnection, viewer: Viewer, of: Of) -> StoreResult<Vec<PermissionRow>> {
    let rows = sqlx::query!(
        r#"SELECT p.id, p.principal_id, p.role_id, p.object_id, p.created_at, p.until,
             r.name AS role, r.administrative, r.groups, o.kind, object_name(o.id) AS "object!",
             u.name || '@' || u.domain AS "user?", g.name || '@' || g.domain AS "group?"
           FROM permissions p JOIN roles r ON r.id = p.role_id JOIN objects o ON o.id = p.object_id
           LEFT JOIN users u ON u.id = p.principal_id LEFT JOIN groups g ON g.id = p.principal_id
           WHERE ($1::uuid IS NULL OR p.id = $1)
             AND ($2::uuid IS NULL OR p.object_id IN (SELECT ancestor_id FROM object_ancestors WHERE object_id = $2))
             AND ($3::uuid IS NULL OR p.principal_id IN (SELECT id FROM principals($3)))
             AND ($4::uuid IS NULL OR p.role_id = $4)
             AND ($5 OR visible($6, p.object_id))
           ORDER BY (SELECT count(*) FROM object_ancestors a WHERE a.object_id = p.object_id) DESC,
             lower(coalesce(u.name, g.name, '')), r.name, p.id
           LIMIT $7"#,
        of.id.map(|id| id.0),
        of.object,
        of.person,
        of.role,
        viewer.all,
        viewer.user,
        MOST
    );
    let mut out = Vec::new();
    for r in rows.fetch_all(c).await? {
        let unreadable = || StoreError::Unreadable { what: "a permission's object", cause: r.kind.clone() };
        let kind = Kind::from_str(&r.kind).map_err(|()| unreadable())?;
        out.push(PermissionRow {
            id: PermissionId(r.id),
            principal: principal(r.principal_id, r.user, r.group),
            role: (RoleId(r.role_id), r.role),
            administrative: r.administrative,
            groups: r.groups,
            on: (kind, r.object_id, r.object),
            since: r.created_at,
            until: r.until,
        });
    }
    Ok(out)
}

/// Whoever is neither a user nor a group that is known is called by their id.
fn principal(id: Uuid, user: Option<String>, group: Option<String>) -> Principal {
    let (kind, name) = match (user, group) {
        _ if id == EVERYONE => (PrincipalKind::Everyone, String::new()),
        (Some(name), _) => (PrincipalKind::User, name),
        (None, Some(name)) => (PrincipalKind::Group, name),
        (None, None) => (PrincipalKind::User, id.to_string()),
    };
    Principal { id, kind, name }
}

/// What somebody who gives or takes holds on an object.
pub async fn standing(c: &mut PgConnection, user: Uuid, object: Uuid) -> StoreResult<Standing> {
    let row = sqlx::query!(
        r#"WITH held AS (
             SELECT r.id, r.administrative, r.groups, p.object_id FROM permissions p
             JOIN roles r ON r.id = p.role_id
             JOIN object_ancestors a ON a.ancestor_id = p.object_id AND a.object_id = $2
             WHERE p.principal_id IN (SELECT id FROM principals($1)))
           SELECT visible($1, $2) AS "visible!",
             coalesce((SELECT array_agg(DISTINCT g) FROM held, unnest(groups) g), '{}') AS "groups!",
             EXISTS (SELECT 1 FROM held WHERE administrative) AS "administrative!",
             EXISTS (SELECT 1 FROM held WHERE administrative AND $3 = ANY (groups)) AS "helpdesk!",
             EXISTS (SELECT 1 FROM held WHERE id = $4 AND object_id = $5) AS "super_user!""#,
        user,
        object,
        MANIPULATE_PERMISSIONS,
        SUPER_USER.id,
        SYSTEM
    )
    .fetch_one(c)
    .await?;
    Ok(Standing {
        visible: row.visible,
        groups: row.groups,
        administrative: row.administrative,
        helpdesk: row.helpdesk,
        super_user: row.super_user,
    })
}

/// Users and groups of that name, with or without their directory; capital letters count only where both are there.
pub async fn named(c: &mut PgConnection, name: &str) -> StoreResult<Vec<Principal>> {
    let rows = sqlx::query!(
        r#"WITH known AS (
             SELECT id, name, name || '@' || domain AS full_name, false AS is_group FROM users
             UNION ALL
             SELECT id, name, name || '@' || domain, true FROM groups),
           fitting AS (
             SELECT *, $1 IN (name, full_name) AS exact FROM known
             WHERE lower($1) IN (lower(name), lower(full_name)))
           SELECT id AS "id!", full_name AS "full_name!", is_group AS "is_group!" FROM fitting
           WHERE exact OR NOT EXISTS (SELECT 1 FROM fitting WHERE exact)
           ORDER BY 2 LIMIT 10"#,
        name
    );
    let one = |id, name, group| match group {
        true => principal(id, None, Some(name)),
        false => principal(id, Some(name), None),
    };
    Ok(rows.fetch_all(c).await?.into_iter().map(|r| one(r.id, r.full_name, r.is_group)).collect())
}

/// The first names of users and groups, to complete from.
pub async fn names(c: &mut PgConnection, most: i64) -> StoreResult<Vec<String>> {
    let names = sqlx::query_scalar!(
        r#"SELECT name || '@' || domain AS "name!" FROM users
           UNION ALL SELECT name || '@' || domain FROM groups ORDER BY 1 LIMIT $1"#,
        most
    );
    Ok(names.fetch_all(c).await?)
}

/// Whom somebody who is no administrator has met: those who hold something here or above, or where they may manage
/// permissions by a role on that very object.
pub async fn met(c: &mut PgConnection, user: Uuid, object: Uuid, most: i64) -> StoreResult<Vec<String>> {
    let names = sqlx::query_scalar!(
        r#"WITH places AS (
             SELECT ancestor_id AS id FROM object_ancestors WHERE object_id = $2
             UNION
             SELECT p.object_id FROM permissions p JOIN roles r ON r.id = p.role_id
             WHERE p.principal_id IN (SELECT id FROM principals($1)) AND $4 = ANY (r.groups)),
           held AS (SELECT DISTINCT p.principal_id AS id FROM permissions p WHERE p.object_id IN (SELECT id FROM places))
           SELECT name || '@' || domain AS "name!" FROM users WHERE id IN (SELECT id FROM held) AND id <> $1
           UNION ALL SELECT name || '@' || domain FROM groups WHERE id IN (SELECT id FROM held)
           ORDER BY 1 LIMIT $3"#,
        user,
        object,
        most,
        MANIPULATE_PERMISSIONS
    );
    Ok(names.fetch_all(c).await?)
}

/// Whether it is somebody whom their directory has no more.
pub async fn has_left(c: &mut PgConnection, principal: Uuid) -> StoreResult<bool> {
    let left = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND gone_at IS NOT NULL) AS "left!""#,
        principal
    );
    Ok(left.fetch_one(c).await?)
}

/// The kind and the name of an object; nothing when it is gone.
pub async fn object(c: &mut PgConnection, id: Uuid) -> StoreResult<Option<(String, String)>> {
    let row = sqlx::query!(r#"SELECT kind, object_name(id) AS "name!" FROM objects WHERE id = $1"#, id);
    Ok(row.fetch_optional(c).await?.map(|r| (r.kind, r.name)))
}

/// Gives a role, until a time or for good. Tells whether that is new; one that would end otherwise ends then. One that
/// lasts stays as it is.
pub async fn insert(
    c: &mut PgConnection,
    id: PermissionId,
    principal: Uuid,
    (role, object): (RoleId, Uuid),
    (now, until): (OffsetDateTime, Option<OffsetDateTime>),
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "INSERT INTO permissions AS p (id, principal_id, role_id, object_id, created_at, until)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (principal_id, role_id, object_id) DO UPDATE SET until = EXCLUDED.until
         WHERE p.until IS NOT NULL AND p.until IS DISTINCT FROM EXCLUDED.until",
        id.0,
        principal,
        role.0,
        object,
        now,
        until
    );
    Ok(done.execute(c).await?.rows_affected() == 1)
}

/// Whether they hold the role on the object for good.
pub async fn lasts(
    c: &mut PgConnection,
    principal: Uuid,
    (role, object): (RoleId, Uuid),
) -> StoreResult<bool> {
    let lasts = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM permissions WHERE principal_id = $1 AND role_id = $2 AND object_id = $3
             AND until IS NULL) AS "lasts!""#,
        principal,
        role.0,
        object
    );
    Ok(lasts.fetch_one(c).await?)
}

/// Those whose time has come, the longest due first, kept from everybody else until the transaction ends. What somebody
/// else has at this moment is left for the next look.
pub async fn due(c: &mut PgConnection, now: OffsetDateTime, most: i64) -> StoreResult<Vec<PermissionId>> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM permissions WHERE until <= $1 ORDER BY until, id LIMIT $2 FOR UPDATE SKIP LOCKED",
        now,
        most
    );
    Ok(ids.fetch_all(c).await?.into_iter().map(PermissionId).collect())
}

pub async fn remove(c: &mut PgConnection, id: PermissionId) -> StoreResult<bool> {
    let done = sqlx::query!("DELETE FROM permissions WHERE id = $1", id.0);
    Ok(done.execute(c).await?.rows_affected() == 1)
}

/// How many permissions beside this one make somebody who is there SuperUser of the whole system, for good. Until the
/// transaction ends nobody else counts them.
pub async fn other_super_users(c: &mut PgConnection, but: PermissionId) -> StoreResult<i64> {
    sqlx::query!("SELECT id FROM roles WHERE id = $1 FOR NO KEY UPDATE", SUPER_USER.id)
        .fetch_optional(&mut *c)
        .await?;
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM permissions p WHERE p.role_id = $1 AND p.object_id = $2 AND p.id <> $3
             AND p.until IS NULL
             AND (EXISTS (SELECT 1 FROM users u WHERE u.id = p.principal_id)
               OR EXISTS (SELECT 1 FROM user_groups m WHERE m.group_id = p.principal_id))"#,
        SUPER_USER.id,
        SYSTEM,
        but.0
    );
    Ok(count.fetch_one(c).await?)
}
