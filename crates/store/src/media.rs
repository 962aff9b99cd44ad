//! Files of storage domains that are no disks, as the monitor found them.

use model::storage_domain::Medium;
use model::vm_options::MediaRef;
use model::{DataCenterId, StorageDomainId};
use sqlx::PgConnection;

use crate::StoreResult;
use crate::list::signed;

/// Makes the domain's files those that were found: name, format and size of each.
pub async fn found(
    c: &mut PgConnection,
    domain: StorageDomainId,
    files: &[(String, String, u64)],
) -> StoreResult<()> {
    let names: Vec<String> = files.iter().map(|f| f.0.clone()).collect();
    let formats: Vec<String> = files.iter().map(|f| f.1.clone()).collect();
    let sizes: Vec<i64> = files.iter().map(|f| signed(f.2)).collect();
    sqlx::query!(
        "WITH now AS (SELECT * FROM unnest($2::text[], $3::text[], $4::bigint[]) AS f (name, format, size)
                      WHERE name NOT IN (SELECT volume FROM disks WHERE storage_domain_id = $1)),
              gone AS (DELETE FROM media WHERE storage_domain_id = $1 AND name NOT IN (SELECT name FROM now))
         INSERT INTO media (storage_domain_id, name, format, size) SELECT $1, name, format, size FROM now
         ON CONFLICT (storage_domain_id, name) DO UPDATE SET format = excluded.format, size = excluded.size",
        domain.0,
        &names,
        &formats,
        &sizes
    )
    .execute(c)
    .await?;
    Ok(())
}

/// The files of a domain, by name.
pub async fn of_domain(c: &mut PgConnection, domain: StorageDomainId) -> StoreResult<Vec<Medium>> {
    let rows = sqlx::query!(
        "SELECT name, format, size FROM media WHERE storage_domain_id = $1 ORDER BY lower(name), name",
        domain.0
    );
    let medium = |name, format, size: i64| Medium {
        at: MediaRef { storage_domain: domain, name },
        format,
        size: size.unsigned_abs(),
    };
    Ok(rows.fetch_all(c).await?.into_iter().map(|r| medium(r.name, r.format, r.size)).collect())
}

/// A file that is known, with its data center.
pub async fn get(c: &mut PgConnection, at: &MediaRef) -> StoreResult<Option<(DataCenterId, Medium)>> {
    let row = sqlx::query!(
        "SELECT s.data_center_id, m.format, m.size FROM media m JOIN storage_domains s ON s.id = m.storage_domain_id
         WHERE m.storage_domain_id = $1 AND m.name = $2",
        at.storage_domain.0,
        at.name
    );
    let medium = |format, size: i64| Medium { at: at.clone(), format, size: size.unsigned_abs() };
    Ok(row.fetch_optional(c).await?.map(|r| (DataCenterId(r.data_center_id), medium(r.format, r.size))))
}
