//! Data centers.

use model::data_center::{DataCenterConfig, DataCenterRow};
use model::{DataCenterId, Text, id::Kind};
use search::Entity;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;

use crate::list::{Spec, count, word};
use crate::{StoreResult, objects};

pub static LIST: Spec<DataCenterRow> = Spec {
    entity: Entity::DataCenters,
    columns: "d.*, (SELECT count(*) FROM clusters c WHERE c.data_center_id = d.id) AS cluster_count,
              (SELECT count(*) FROM hosts h JOIN clusters c ON c.id = h.cluster_id WHERE c.data_center_id = d.id) AS host_count,
              (SELECT count(*) FROM storage_domains s WHERE s.data_center_id = d.id) AS storage_count,
              (SELECT coalesce(sum((SELECT count(*) FROM vms v WHERE v.cluster_id = c.id)), 0)::bigint
               FROM clusters c WHERE c.data_center_id = d.id) AS vm_count",
    from: "FROM data_centers d",
    id: "d.id",
    sorts: &[
        ("name", "lower(d.name)"), ("description", "lower(d.description)"), ("comment", "lower(d.comment)"),
        ("clusters", "cluster_count"), ("hosts", "host_count"), ("storage", "storage_count"), ("vms", "vm_count"),
        ("id", "d.id"),
    ],
    ranks: &[],
    read: |r| {
        Ok(DataCenterRow {
            id: DataCenterId(r.try_get("id")?),
            version: r.try_get("version")?,
            config: DataCenterConfig {
                name: r.try_get("name")?,
                description: r.try_get("description")?,
                comment: r.try_get("comment")?,
                quota_mode: word(r, "quota_mode")?,
            },
            cluster_count: count(r, "cluster_count")?,
            host_count: count(r, "host_count")?,
            storage_count: count(r, "storage_count")?,
            vm_count: count(r, "vm_count")?,
        })
    },
};

pub async fn insert(
    c: &mut PgConnection,
    id: DataCenterId,
    d: &DataCenterConfig,
    now: OffsetDateTime,
) -> StoreResult<()> {
    objects::place(&mut *c, id.0, Kind::DataCenter, &[model::SYSTEM]).await?;
    sqlx::query!(
        "INSERT INTO data_centers (id, name, description, comment, quota_mode, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        id.0,
        d.name,
        d.description,
        d.comment,
        d.quota_mode.as_str(),
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

/// False when the version is not `version` any more.
pub async fn update(
    c: &mut PgConnection,
    id: DataCenterId,
    version: i64,
    d: &DataCenterConfig,
) -> StoreResult<bool> {
    let done = sqlx::query!(
        "UPDATE data_centers SET name = $3, description = $4, comment = $5, quota_mode = $6, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0,
        version,
        d.name,
        d.description,
        d.comment,
        d.quota_mode.as_str()
    )
    .execute(c)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What stands in the way of a removal.
pub async fn users(c: &mut PgConnection, id: DataCenterId) -> StoreResult<Vec<Text>> {
    let rows = sqlx::query!(
        r#"SELECT kind AS "kind!", name AS "name!" FROM (
             SELECT 'cluster' AS kind, name FROM clusters WHERE data_center_id = $1
             UNION ALL SELECT 'storage-domain', name FROM storage_domains WHERE data_center_id = $1
             UNION ALL SELECT 'network', name FROM networks WHERE data_center_id = $1
             UNION ALL SELECT 'template', name FROM templates WHERE data_center_id = $1) u
           ORDER BY kind, name LIMIT 20"#,
        id.0
    )
    .fetch_all(c)
    .await?;
    Ok(rows.into_iter().map(|r| crate::objects::used_by(&r.kind, &r.name)).collect())
}

/// The id behind a name, for estates described by names.
pub async fn by_name(c: &mut PgConnection, name: &str) -> StoreResult<Option<DataCenterId>> {
    Ok(sqlx::query_scalar!("SELECT id FROM data_centers WHERE name = $1", name)
        .fetch_optional(c)
        .await?
        .map(DataCenterId))
}
