//! Directories, with what Drover looks into them with.

use model::directory::{DirectoryConfig, DirectoryRow, Means, Schema, Security};
use model::provider::ProviderConfig;
use model::{DirectoryId, Text};
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::parsed;

/// All by their names, or the one.
pub async fn list(c: &mut PgConnection, only: Option<DirectoryId>) -> StoreResult<Vec<DirectoryRow>> {
    let rows = sqlx::query_as!(
        Read,
        r#"SELECT d.id, d.version, d.name, d.schema, d.servers, d.security, d.ca, d.base_dn, d.bind_dn,
                  coalesce(d.bind_secret, p.client_secret) IS NOT NULL AS "has_password!", d.read_at,
                  d.trouble AS "trouble: Json<Text>", d.created_at, d.kind,
                  (SELECT count(*) FROM users u WHERE u.domain = d.name) AS "users!",
                  (SELECT count(*) FROM groups g WHERE g.domain = d.name) AS "groups!",
                  p.issuer AS "issuer?", p.client_id AS "client_id?", p.scopes AS "scopes?",
                  p.user_claim AS "user_claim?", p.full_name_claim AS "full_name_claim?",
                  p.mail_claim AS "mail_claim?", p.groups_claim AS "groups_claim?", p.enabled AS "enabled?",
                  p.everybody AS "everybody?"
           FROM directories d LEFT JOIN openid_providers p ON p.directory_id = d.id
           WHERE $1::uuid IS NULL OR d.id = $1 ORDER BY lower(d.name)"#,
        only.map(|id| id.0)
    )
    .fetch_all(c)
    .await?;
    rows.into_iter().map(Read::row).collect()
}

/// A directory of either kind, as the database has it.
struct Read {
    id: Uuid,
    version: i64,
    name: String,
    kind: String,
    schema: Option<String>,
    servers: Option<Vec<String>>,
    security: Option<String>,
    ca: String,
    base_dn: Option<String>,
    bind_dn: Option<String>,
    has_password: bool,
    read_at: Option<OffsetDateTime>,
    trouble: Option<Json<Text>>,
    created_at: OffsetDateTime,
    users: i64,
    groups: i64,
    issuer: Option<String>,
    client_id: Option<String>,
    scopes: Option<Vec<String>>,
    user_claim: Option<String>,
    full_name_claim: Option<String>,
    mail_claim: Option<String>,
    groups_claim: Option<String>,
    enabled: Option<bool>,
    everybody: Option<bool>,
}

impl Read {
    fn row(self) -> StoreResult<DirectoryRow> {
        let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(DirectoryRow {
            id: DirectoryId(self.id),
            version: self.version,
            name: self.name.clone(),
            has_password: self.has_password,
            users: number(self.users),
            groups: number(self.groups),
            read_at: self.read_at,
            trouble: self.trouble.as_ref().map(|text| text.0.clone()),
            created_at: self.created_at,
            config: if self.kind == "openid" {
                Means::OpenId(self.provider())
            } else {
                Means::Ldap(self.ldap()?)
            },
        })
    }

    fn ldap(self) -> StoreResult<DirectoryConfig> {
        Ok(DirectoryConfig {
            name: self.name,
            schema: parsed::<Schema>("a directory's schema", &self.schema.unwrap_or_default())?,
            servers: self.servers.unwrap_or_default(),
            security: parsed::<Security>("a directory's security", &self.security.unwrap_or_default())?,
            ca: self.ca,
            base_dn: self.base_dn.unwrap_or_default(),
            bind_dn: self.bind_dn.unwrap_or_default(),
        })
    }

    fn provider(self) -> ProviderConfig {
        ProviderConfig {
            name: self.name,
            issuer: self.issuer.unwrap_or_default(),
            client_id: self.client_id.unwrap_or_default(),
            scopes: self.scopes.unwrap_or_default(),
            user_claim: self.user_claim.unwrap_or_default(),
            full_name_claim: self.full_name_claim.unwrap_or_default(),
            mail_claim: self.mail_claim.unwrap_or_default(),
            groups_claim: self.groups_claim.unwrap_or_default(),
            ca: self.ca,
            enabled: self.enabled.unwrap_or_default(),
            everybody: self.everybody.unwrap_or_default(),
        }
    }
}

/// The directory whose users have this behind their @ and sign in here, with the sealed password.
pub async fn by_name(
    c: &mut PgConnection,
    name: &str,
) -> StoreResult<Option<(DirectoryId, Option<Vec<u8>>)>> {
    let row = sqlx::query!(
        "SELECT id, bind_secret FROM directories WHERE lower(name) = lower($1) AND kind = 'ldap'",
        name
    );
    Ok(row.fetch_optional(c).await?.map(|r| (DirectoryId(r.id), r.bind_secret)))
}

/// Of those whose users sign in here.
pub async fn names(c: &mut PgConnection) -> StoreResult<Vec<String>> {
    let names = sqlx::query_scalar!("SELECT name FROM directories WHERE kind = 'ldap' ORDER BY lower(name)");
    Ok(names.fetch_all(c).await?)
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
        "INSERT INTO directories (id, kind, name, schema, servers, security, ca, base_dn, bind_dn, bind_secret, created_at)
         VALUES ($1, 'ldap', $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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
    let ids = sqlx::query_scalar!(
        "SELECT id FROM directories WHERE kind = 'ldap' AND (read_at IS NULL OR read_at < $1)",
        before
    );
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
