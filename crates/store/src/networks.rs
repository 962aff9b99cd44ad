//! Networks.

use model::network::{NetworkConfig, NetworkRow};
use model::{DataCenterId, NetworkId, Text, id::Kind};
use search::Entity;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;

use crate::list::{Spec, count, named};
use crate::{StoreResult, objects};

pub static LIST: Spec<NetworkRow> = Spec {
    entity: Entity::Networks,
    columns: "n.*, d.name AS data_center_name,
              (SELECT count(*) FROM hosts h JOIN clusters c ON c.id = h.cluster_id
               WHERE c.data_center_id = n.data_center_id) AS hosts_all,
              (SELECT count(*) FROM hosts h JOIN clusters c ON c.id = h.cluster_id
               WHERE c.data_center_id = n.data_center_id AND h.facts -> 'bridges' ? n.bridge) AS hosts_with,
              (SELECT count(DISTINCT i.vm_id) FROM nics i WHERE i.network_id = n.id) AS vm_count",
    from: "FROM networks n JOIN data_centers d ON d.id = n.data_center_id",
    id: "n.id",
    sorts: &[
        ("name", "lower(n.name)"),
        ("description", "lower(n.description)"),
        ("comment", "lower(n.comment)"),
        ("data_center", "lower(d.name)"),
        ("bridge", "n.bridge"),
        ("hosts", "hosts_with"),
        ("vms", "vm_count"),
        ("id", "n.id"),
    ],
    ranks: &[],
    read: |r| {
        Ok(NetworkRow {
            id: NetworkId(r.try_get("id")?),
            version: r.try_get("version")?,
            config: NetworkConfig {
                name: r.try_get("name")?,
                description: r.try_get("description")?,
                comment: r.try_get("comment")?,
                bridge: r.try_get("bridge")?,
            },
            data_center: named(r, "data_center_id", "data_center_name")?,
            hosts_with: count(r, "hosts_with")?,
            hosts_all: count(r, "hosts_all")?,
            vm_count: count(r, "vm_count")?,
        })
    },
};

pub async fn insert(
    c: &mut PgConnection,
    id: NetworkId,
    data_center: DataCenterId,
    n: &NetworkConfig,
    now: OffsetDateTime,
) -> StoreResult<()> {
    objects::place(&mut *c, id.0, Kind::Network, &[data_center.0]).await?;
    sqlx::query!(
        "INSERT INTO networks (id, data_center_id, name, description, comment, bridge, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id.0,
        data_center.0,
        n.name,
        n.description,
        n.comment,
        n.bridge,
        now
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn update(
    c: &mut PgConnection,
    id: NetworkId,
    version: i64,
    n: &NetworkConfig,
) -> StoreResult<bool> {
    let done =
        sqlx::query!(
        "UPDATE networks SET name = $3, description = $4, comment = $5, bridge = $6, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0, version, n.name, n.description, n.comment, n.bridge
    )
        .execute(c)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn users(c: &mut PgConnection, id: NetworkId) -> StoreResult<Vec<Text>> {
    let rows = sqlx::query_scalar!(
        "SELECT DISTINCT v.name FROM nics i JOIN vms v ON v.id = i.vm_id WHERE i.network_id = $1 ORDER BY 1 LIMIT 20",
        id.0
    )
    .fetch_all(c)
    .await?;
    Ok(rows.iter().map(|name| objects::used_by("vm", name)).collect())
}

pub async fn by_name(
    c: &mut PgConnection,
    data_center: DataCenterId,
    name: &str,
) -> StoreResult<Option<NetworkId>> {
    Ok(sqlx::query_scalar!(
        "SELECT id FROM networks WHERE data_center_id = $1 AND name = $2",
        data_center.0,
        name
    )
    .fetch_optional(c)
    .await?
    .map(NetworkId))
}
