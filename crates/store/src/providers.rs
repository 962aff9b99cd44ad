//! Directories that are OpenID Connect providers. What they share with those of LDAP is in `directories`.

use model::DirectoryId;
use model::provider::ProviderConfig;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::StoreResult;

/// Those that the sign-in offers.
pub async fn offered(c: &mut PgConnection) -> StoreResult<Vec<(DirectoryId, String)>> {
    let rows = sqlx::query!(
        "SELECT d.id, d.name FROM directories d JOIN openid_providers p ON p.directory_id = d.id
         WHERE p.enabled ORDER BY lower(d.name)"
    );
    Ok(rows.fetch_all(c).await?.into_iter().map(|r| (DirectoryId(r.id), r.name)).collect())
}

/// The sealed secret of Drover as its client.
pub async fn secret(c: &mut PgConnection, id: DirectoryId) -> StoreResult<Option<Vec<u8>>> {
    let found =
        sqlx::query_scalar!("SELECT client_secret FROM openid_providers WHERE directory_id = $1", id.0);
    Ok(found.fetch_optional(c).await?.flatten())
}

pub async fn insert(
    c: &mut PgConnection,
    id: DirectoryId,
    config: &ProviderConfig,
    secret: Option<Vec<u8>>,
    now: OffsetDateTime,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO directories (id, kind, name, ca, created_at) VALUES ($1, 'openid', $2, $3, $4)",
        id.0,
        config.name,
        config.ca,
        now
    )
    .execute(&mut *c)
    .await?;
    sqlx::query!(
        "INSERT INTO openid_providers (directory_id, issuer, client_id, client_secret, scopes, user_claim,
             full_name_claim, mail_claim, groups_claim, enabled, everybody)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id.0,
        config.issuer,
        config.client_id,
        secret,
        &config.scopes,
        config.user_claim,
        config.full_name_claim,
        config.mail_claim,
        config.groups_claim,
        config.enabled,
        config.everybody
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Without a secret the one that there is stays.
pub async fn update(
    c: &mut PgConnection,
    id: DirectoryId,
    version: i64,
    config: &ProviderConfig,
    secret: Option<Vec<u8>>,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE directories SET name = $3, ca = $4, version = version + 1 WHERE id = $1 AND version = $2",
        id.0,
        version,
        config.name,
        config.ca
    );
    if done.execute(&mut *c).await?.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "UPDATE openid_providers SET issuer = $2, client_id = $3, client_secret = coalesce($4, client_secret),
             scopes = $5, user_claim = $6, full_name_claim = $7, mail_claim = $8, groups_claim = $9, enabled = $10,
             everybody = $11
         WHERE directory_id = $1",
        id.0,
        config.issuer,
        config.client_id,
        secret,
        &config.scopes,
        config.user_claim,
        config.full_name_claim,
        config.mail_claim,
        config.groups_claim,
        config.enabled,
        config.everybody
    )
    .execute(c)
    .await?;
    Ok(true)
}
