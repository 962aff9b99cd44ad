//! Directories, with what Drover looks into them with.

use model::directory::{DirectoryConfig, DirectoryRow, Schema, Security};
use model::{DirectoryId, Text};
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::StoreResult;
use crate::list::parsed;

/// All by their names, or the one.
pub async fn list(c: &mut PgConnection, only: Option<DirectoryId>) -> StoreResult<Vec<DirectoryRow>> {
    let rows = sqlx::query!(
        r#"SELECT d.id, d.version, d.name, d.schema, d.servers, d.security, d.ca, d.base_dn, d.bind_dn,
                  d.bind_secret IS NOT NULL AS "has_password!", d.read_at, d.trouble AS "trouble: Json<Text>", d.created_at,
                  (SELECT count(*) FROM users u WHERE u.domain = d.name) AS "users!",
                  (SELECT count(*) FROM groups g WHERE g.domain = d.name) AS "groups!"
           FROM directories d WHERE $1::uuid IS NULL OR d.id = $1 ORDER BY lower(d.name)"#,
        only.map(|id| id.0)
    )
    .fetch_all(c)
    .await?;
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let read = rows.into_iter().map(|r| {
        let config = DirectoryConfig {
            name: r.name,
            schema: parsed::<Schema>("a directory's schema", &r.schema)?,
            servers: r.servers,
            security: parsed::<Security>("a directory's security", &r.security)?,
            ca: r.ca,
            base_dn: r.base_dn,
            bind_dn: r.bind_dn,
        };
        Ok(DirectoryRow {
            id: DirectoryId(r.id),
            version: r.version,
            config,
            has_password: r.has_password,
            users: number(r.users),
            groups: number(r.groups),
            read_at: r.read_at,
            trouble: r.trouble.map(|text| text.0),
            created_at: r.created_at,
        })
    });
    read.collect()
}

/// The directory whose users have this behind their @, with the sealed password.
pub async fn by_name(
    c: &mut PgConnection,
    name: &str,
) -> StoreResult<Option<(DirectoryId, Option<Vec<u8>>)>> {
    let row = sqlx::query!("SELECT id, bind_secret FROM directories WHERE lower(name) = lower($1)", name);
    Ok(row.fetch_optional(c).await?.map(|r| (DirectoryId(r.id), r.bind_secret)))
}

pub async fn names(c: &mut PgConnection) -> StoreResult<Vec<String>> {
    Ok(sqlx::query_scalar!("SELECT name FROM directories ORDER BY lower(name)").fetch_all(c).await?)
}

pub async fn secret(c: &mut PgConnection, id: DirectoryId) -> StoreResult<Option<Vec<u8>>> {
    let found = sqlx::query_scalar!("SELECT bind_secret FROM directories WHERE id = $1", id.0);
    Ok(found.fetch_optional(c).await?.flatten())
}

/// Keeps it as it is until the transaction ends; whether it is there.
pub async fn lock(c: &mut PgConnection, id: DirectoryId) -> StoreResult<bool> {
    let found = sqlx::query_scalar!("SELECT id FROM directories WHERE id = $1 FOR UPDATE", id.0);
    Ok(found.fetch_optional(c).await?.is_some())
}

pub async fn insert(
    c: &mut PgConnection,
    id: DirectoryId,
    config: &DirectoryConfig,
    secret: Option<Vec<u8>>,
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO directories (id, name, schema, servers, security, ca, base_dn, bind_dn, bind_secret, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id.0,
        config.name,
        config.schema.as_str(),
        &config.servers,
        config.security.as_str(),
        config.ca,
        config.base_dn,
        config.bind_dn,
        secret,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Without a secret the one that there is stays. What was read before is read anew.
pub async fn update(
    c: &mut PgConnection,
    id: DirectoryId,
    version: i64,
    config: &DirectoryConfig,
    secret: Option<Vec<u8>>,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE directories SET name = $3, schema = $4, servers = $5, security = $6, ca = $7, base_dn = $8, bind_dn = $9,
             bind_secret = CASE WHEN $9 = '' THEN NULL ELSE coalesce($10, bind_secret) END,
             read_at = NULL, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0,
        version,
        config.name,
        config.schema.as_str(),
        &config.servers,
        config.security.as_str(),
        config.ca,
        config.base_dn,
        config.bind_dn,
        secret
    );
    Ok(done.execute(c).await?.rows_affected() == 1)
}

pub async fn remove(c: &mut PgConnection, id: DirectoryId) -> StoreResult<()> {
    sqlx::query!("DELETE FROM directories WHERE id = $1", id.0).execute(c).await?;
    Ok(())
}

/// Those whose groups were last read before that moment, or never since they changed.
pub async fn due(c: &mut PgConnection, before: OffsetDateTime) -> StoreResult<Vec<DirectoryId>> {
    let ids = sqlx::query_scalar!("SELECT id FROM directories WHERE read_at IS NULL OR read_at < $1", before);
    Ok(ids.fetch_all(c).await?.into_iter().map(DirectoryId).collect())
}

/// Notes that it was read, or what was in the way.
pub async fn read(
    c: &mut PgConnection,
    id: DirectoryId,
    now: OffsetDateTime,
    trouble: Option<&Text>,
) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE directories SET read_at = $2, trouble = $3 WHERE id = $1",
        id.0,
        now,
        trouble.map(Json) as _
    )
    .execute(c)
    .await?;
    Ok(())
}

/// It is to be read as soon as may be: somebody was added who may be in groups, or have members.
pub async fn read_soon(c: &mut PgConnection, id: DirectoryId) -> StoreResult<()> {
    sqlx::query!("UPDATE directories SET read_at = NULL WHERE id = $1", id.0).execute(c).await?;
    Ok(())
}
