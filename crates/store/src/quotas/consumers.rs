//! Who may use a quota: the permissions on it whose role lets.

use model::quota::Consumer;
use model::{PermissionId, QuotaId};
use sqlx::PgConnection;

use crate::StoreResult;

/// Everybody who holds a role with QuotaConsumer's group on the quota itself.
pub async fn consumers(c: &mut PgConnection, id: QuotaId) -> StoreResult<Vec<Consumer>> {
    let rows = sqlx::query!(
        r#"SELECT p.id, coalesce(u.name || '@' || u.domain, g.name || '@' || g.domain, '') AS "name!",
                  p.principal_id = 'eee00000-0000-0000-0000-123456789eee' AS "everyone!"
           FROM permissions p JOIN roles r ON r.id = p.role_id
           LEFT JOIN users u ON u.id = p.principal_id LEFT JOIN groups g ON g.id = p.principal_id
           WHERE p.object_id = $1 AND $2 = ANY (r.groups) ORDER BY 2"#,
        id.0,
        model::Action::UseQuota.group()
    );
    let name = |everyone: bool, name: String| if everyone { model::text::t("everyone") } else { name };
    let rows = rows.fetch_all(c).await?.into_iter();
    Ok(rows.map(|r| Consumer { permission: PermissionId(r.id), name: name(r.everyone, r.name) }).collect())
}

/// Takes a consumer's permission away; gives who that was, or nothing when there is none such on the quota.
pub async fn revoke(
    c: &mut PgConnection,
    id: QuotaId,
    permission: PermissionId,
) -> StoreResult<Option<String>> {
    let Some(one) = consumers(c, id).await?.into_iter().find(|one| one.permission == permission) else {
        return Ok(None);
    };
    sqlx::query!("DELETE FROM permissions WHERE id = $1 AND object_id = $2", permission.0, id.0)
        .execute(c)
        .await?;
    Ok(Some(one.name))
}
