//! The tree of the left pane, one level at a time.

use model::id::Kind;
use model::list::TreeNode;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::list::{Viewer, count};
use crate::{StoreError, StoreResult};

/// Which objects a folder of an object lists: parent kind, kind listed, and the query for it.
struct Folder {
    of: Kind,
    lists: Kind,
    sql: &'static str,
    status: &'static str,
    children: &'static str,
}

const FOLDERS: &[Folder] = &[
    Folder {
        of: Kind::System,
        lists: Kind::DataCenter,
        sql: "FROM data_centers o WHERE true",
        status: "NULL",
        children: "1",
    },
    Folder {
        of: Kind::DataCenter,
        lists: Kind::StorageDomain,
        sql: "FROM storage_domains o WHERE o.data_center_id = $3",
        status: "o.status",
        children: "0",
    },
    Folder {
        of: Kind::DataCenter,
        lists: Kind::Network,
        sql: "FROM networks o WHERE o.data_center_id = $3",
        status: "NULL",
        children: "0",
    },
    Folder {
        of: Kind::DataCenter,
        lists: Kind::Template,
        sql: "FROM templates o WHERE o.data_center_id = $3",
        status: "o.status",
        children: "0",
    },
    Folder {
        of: Kind::DataCenter,
        lists: Kind::Cluster,
        sql: "FROM clusters o WHERE o.data_center_id = $3",
        status: "NULL",
        children: "1",
    },
    Folder {
        of: Kind::Cluster,
        lists: Kind::Host,
        sql: "FROM hosts o WHERE o.cluster_id = $3",
        status: "o.status",
        children: "0",
    },
    Folder {
        of: Kind::Cluster,
        lists: Kind::Vm,
        sql: "FROM vms o WHERE o.cluster_id = $3",
        status: "o.status",
        children: "0",
    },
];

/// What is below an object: its folders with their counts. For System, the data centers themselves.
pub async fn folders(c: &mut PgConnection, viewer: Viewer, of: Kind, id: Uuid) -> StoreResult<Vec<TreeNode>> {
    let mut nodes = Vec::new();
    for folder in FOLDERS.iter().filter(|f| f.of == of) {
        let sql = format!(
            "SELECT count(*) AS n {} AND ($1 OR o.id IN (SELECT seen($2))) AND $3::uuid IS NOT NULL",
            folder.sql
        );
        let row = sqlx::query(&sql).bind(viewer.all).bind(viewer.user).bind(id).fetch_one(&mut *c).await?;
        nodes.push(TreeNode {
            id,
            kind: folder.lists,
            folder: true,
            name: model::text::t(&format!("folder-{}", folder.lists.as_str().replace('_', "-"))),
            status: None,
            children: count(&row, "n")?,
        });
    }
    Ok(nodes)
}

/// The first objects in one folder.
pub async fn objects(
    c: &mut PgConnection,
    viewer: Viewer,
    lists: Kind,
    of: Uuid,
    most: u32,
) -> StoreResult<Vec<TreeNode>> {
    let Some(folder) = FOLDERS.iter().find(|f| f.lists == lists) else { return Ok(Vec::new()) };
    let scope = if viewer.all { "true" } else { "o.id IN (SELECT seen($2))" };
    let sql = format!(
        "SELECT o.id, o.name, {} AS status, {}::bigint AS children {} AND {scope} AND $3::uuid IS NOT NULL
         ORDER BY lower(o.name), o.id LIMIT {most}",
        folder.status, folder.children, folder.sql
    );
    let rows = sqlx::query(&sql).bind(viewer.all).bind(viewer.user).bind(of).fetch_all(c).await?;
    let node = |r: &sqlx::postgres::PgRow| -> Result<TreeNode, sqlx::Error> {
        Ok(TreeNode {
            id: r.try_get("id")?,
            kind: lists,
            folder: false,
            name: r.try_get("name")?,
            status: r.try_get("status")?,
            children: count(r, "children")?,
        })
    };
    Ok(rows.iter().map(node).collect::<Result<_, _>>()?)
}

/// Where an object is in the tree.
pub struct Spot {
    pub kind: Kind,
    pub data_center: Uuid,
    pub cluster: Option<Uuid>,
}

/// None for what has no place in it.
pub async fn spot(c: &mut PgConnection, id: Uuid) -> StoreResult<Option<Spot>> {
    let row = sqlx::query!(
        r#"SELECT 'data_center' AS "kind!", id AS "data_center!", NULL::uuid AS cluster FROM data_centers WHERE id = $1
           UNION ALL SELECT 'cluster', data_center_id, NULL FROM clusters WHERE id = $1
           UNION ALL SELECT 'network', data_center_id, NULL FROM networks WHERE id = $1
           UNION ALL SELECT 'storage_domain', data_center_id, NULL FROM storage_domains WHERE id = $1
           UNION ALL SELECT 'template', data_center_id, NULL FROM templates WHERE id = $1
           UNION ALL SELECT 'host', b.data_center_id, b.id FROM hosts o JOIN clusters b ON b.id = o.cluster_id WHERE o.id = $1
           UNION ALL SELECT 'vm', b.data_center_id, b.id FROM vms o JOIN clusters b ON b.id = o.cluster_id WHERE o.id = $1"#,
        id
    );
    let Some(r) = row.fetch_optional(c).await? else { return Ok(None) };
    let unknown = |()| StoreError::Unreadable { what: "a kind", cause: r.kind.clone() };
    let kind = r.kind.parse().map_err(unknown)?;
    Ok(Some(Spot { kind, data_center: r.data_center, cluster: r.cluster }))
}
