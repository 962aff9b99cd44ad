//! The network interfaces of a VM.

use model::nic::NicConfig;
use model::vm::{GuestInfo, Nic};
use model::{NetworkId, NicId, VmId};
use sqlx::PgConnection;

use super::touch;
use crate::StoreResult;
use crate::list::parsed;

pub async fn add_nic(
    c: &mut PgConnection,
    id: NicId,
    vm: VmId,
    mac: &str,
    nic: &NicConfig,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO nics (id, vm_id, mac, name, network_id, model, plugged, linked)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        vm.0,
        mac,
        nic.name,
        nic.network.map(|n| n.0),
        nic.model.as_str(),
        nic.plugged,
        nic.linked
    )
    .execute(&mut *c)
    .await?;
    touch(c, vm).await
}

pub async fn update_nic(c: &mut PgConnection, vm: VmId, id: NicId, nic: &NicConfig) -> StoreResult<()> {
    sqlx::query!(
        "UPDATE nics SET name = $3, network_id = $4, model = $5, plugged = $6, linked = $7 WHERE id = $1 AND vm_id = $2",
        id.0, vm.0, nic.name, nic.network.map(|n| n.0), nic.model.as_str(), nic.plugged, nic.linked
    )
    .execute(&mut *c)
    .await?;
    touch(c, vm).await
}

pub async fn remove_nic(c: &mut PgConnection, vm: VmId, id: NicId) -> StoreResult<()> {
    sqlx::query!("DELETE FROM nics WHERE id = $1 AND vm_id = $2", id.0, vm.0).execute(&mut *c).await?;
    touch(c, vm).await
}

pub async fn mac_taken(c: &mut PgConnection, mac: &str) -> StoreResult<bool> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT 1 FROM nics WHERE mac = $1) AS "taken!""#, mac)
        .fetch_one(c)
        .await?)
}

/// A NIC with the bridge behind its network.
#[derive(Debug, Clone, PartialEq)]
pub struct WiredNic {
    pub nic: Nic,
    pub bridge: Option<String>,
}

pub async fn nics(c: &mut PgConnection, vm: VmId, guest: Option<&GuestInfo>) -> StoreResult<Vec<WiredNic>> {
    let rows = sqlx::query!(
        r#"SELECT i.id, i.name, i.mac, i.model, i.plugged, i.linked, n.id AS "network?", n.name AS "network_name?",
                  n.bridge AS "bridge?"
           FROM nics i LEFT JOIN networks n ON n.id = i.network_id WHERE i.vm_id = $1 ORDER BY i.name"#,
        vm.0
    )
    .fetch_all(c)
    .await?;
    let addresses = |mac: &str| {
        let of = guest.into_iter().flat_map(|g| &g.interfaces).filter(|i| i.mac.eq_ignore_ascii_case(mac));
        of.flat_map(|i| i.addresses.clone()).collect()
    };
    rows.into_iter()
        .map(|r| {
            let nic = Nic {
                id: NicId(r.id),
                addresses: addresses(&r.mac),
                name: r.name,
                mac: r.mac,
                network: r.network.map(NetworkId).zip(r.network_name),
                model: parsed("a NIC's model", &r.model)?,
                plugged: r.plugged,
                linked: r.linked,
            };
            Ok(WiredNic { nic, bridge: r.bridge })
        })
        .collect()
}

pub async fn nic(c: &mut PgConnection, vm: VmId, id: NicId) -> StoreResult<Option<WiredNic>> {
    Ok(nics(c, vm, None).await?.into_iter().find(|wired| wired.nic.id == id))
}
