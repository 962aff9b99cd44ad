//! Clusters.

use model::cluster::{ClusterConfig, ClusterRow};
use model::{ClusterId, DataCenterId, Text, id::Kind};
use search::Entity;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;

use crate::list::{Spec, count, named};
use crate::{StoreResult, objects};

pub static LIST: Spec<ClusterRow> = Spec {
    entity: Entity::Clusters,
    columns: "c.*, d.name AS data_center_name, (SELECT count(*) FROM hosts h WHERE h.cluster_id = c.id) AS host_count,
              (SELECT count(*) FROM vms v WHERE v.cluster_id = c.id) AS vm_count",
    from: "FROM clusters c JOIN data_centers d ON d.id = c.data_center_id",
    id: "c.id",
    sorts: &[
        ("name", "lower(c.name)"), ("description", "lower(c.description)"), ("comment", "lower(c.comment)"),
        ("data_center", "lower(d.name)"), ("hosts", "host_count"), ("vms", "vm_count"),
        ("id", "c.id"),
    ],
    ranks: &[],
    read: |r| {
        Ok(ClusterRow {
            id: ClusterId(r.try_get("id")?),
            version: r.try_get("version")?,
            config: ClusterConfig {
                name: r.try_get("name")?,
                description: r.try_get("description")?,
                comment: r.try_get("comment")?,
            },
            data_center: named(r, "data_center_id", "data_center_name")?,
            host_count: count(r, "host_count")?,
            vm_count: count(r, "vm_count")?,
        })
    },
};

pub async fn insert(
    c: &mut PgConnection,
    id: ClusterId,
    data_center: DataCenterId,
    config: &ClusterConfig,
    now: OffsetDateTime,
) -> StoreResult<()> {
    objects::place(&mut *c, id.0, Kind::Cluster, &[data_center.0]).await?;
    sqlx::query!(
        "INSERT INTO clusters (id, data_center_id, name, description, comment, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        id.0, data_center.0, config.name, config.description, config.comment, now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn update(
    c: &mut PgConnection,
    id: ClusterId,
    version: i64,
    d: &ClusterConfig,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE clusters SET name = $3, description = $4, comment = $5, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0,
        version,
        d.name,
        d.description,
        d.comment
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn users(c: &mut PgConnection, id: ClusterId) -> StoreResult<Vec<Text>> {
    let rows = sqlx::query!(
        r#"SELECT kind AS "kind!", name AS "name!" FROM (
             SELECT 'host' AS kind, name FROM hosts WHERE cluster_id = $1
             UNION ALL SELECT 'vm', name FROM vms WHERE cluster_id = $1) u ORDER BY kind, name LIMIT 20"#,
        id.0
    )
    .fetch_all(c)
    .await?;
    Ok(rows.into_iter().map(|r| objects::used_by(&r.kind, &r.name)).collect())
}

pub async fn by_name(c: &mut PgConnection, name: &str) -> StoreResult<Option<ClusterId>> {
    Ok(sqlx::query_scalar!("SELECT id FROM clusters WHERE name = $1", name)
        .fetch_optional(c)
        .await?
        .map(ClusterId))
}

/// Takes the row for the rest of the transaction.
pub async fn lock(c: &mut PgConnection, id: ClusterId) -> StoreResult<()> {
    sqlx::query!("SELECT id FROM clusters WHERE id = $1 FOR UPDATE", id.0).fetch_optional(c).await?;
    Ok(())
}
