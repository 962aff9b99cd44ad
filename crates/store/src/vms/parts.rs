//! What a VM is made of beside its row: its NICs and disks, and all of it together for its page.

use model::vm::{GuestInfo, Nic, VmDetails, VmDisk};
use model::vm_request::VmConfig;
use model::{DiskId, NetworkId, NicId, VmId};
use sqlx::PgConnection;

use super::get;
use crate::StoreResult;
use crate::list::parsed;

pub async fn add_nic(
    c: &mut PgConnection,
    id: NicId,
    vm: VmId,
    name: &str,
    mac: &str,
    network: Option<NetworkId>,
) -> StoreResult<()> {
    sqlx::query!(
        "INSERT INTO nics (id, vm_id, name, mac, network_id) VALUES ($1, $2, $3, $4, $5)",
        id.0,
        vm.0,
        name,
        mac,
        network.map(|n| n.0)
    )
    .execute(c)
    .await?;
    Ok(())
}

pub async fn mac_taken(c: &mut PgConnection, mac: &str) -> StoreResult<bool> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT 1 FROM nics WHERE mac = $1) AS "taken!""#, mac)
        .fetch_one(c)
        .await?)
}

/// A NIC with the bridge behind its network.
#[derive(Debug, Clone)]
pub struct WiredNic {
    pub nic: Nic,
    pub bridge: Option<String>,
}

pub async fn nics(c: &mut PgConnection, vm: VmId, guest: Option<&GuestInfo>) -> StoreResult<Vec<WiredNic>> {
    let rows = sqlx::query!(
        r#"SELECT i.id, i.name, i.mac, n.id AS "network?", n.name AS "network_name?", n.bridge AS "bridge?"
           FROM nics i LEFT JOIN networks n ON n.id = i.network_id WHERE i.vm_id = $1 ORDER BY i.name"#,
        vm.0
    )
    .fetch_all(c)
    .await?;
    let addresses = |mac: &str| {
        let of = guest.into_iter().flat_map(|g| &g.interfaces).filter(|i| i.mac.eq_ignore_ascii_case(mac));
        of.flat_map(|i| i.addresses.clone()).collect()
    };
    let wired = |addresses, network: Option<uuid::Uuid>, r_name, id, name, mac, bridge| WiredNic {
        nic: Nic { id: NicId(id), name, mac, network: network.map(NetworkId).zip(r_name), addresses },
        bridge,
    };
    Ok(rows
        .into_iter()
        .map(|r| wired(addresses(&r.mac), r.network, r.network_name, r.id, r.name, r.mac, r.bridge))
        .collect())
}

async fn disks(c: &mut PgConnection, vm: VmId) -> StoreResult<Vec<VmDisk>> {
    let rows = sqlx::query!(
        "SELECT k.id, k.alias, k.virtual_size, k.actual_size, k.allocation, k.status, vd.bootable, s.name AS domain
         FROM vm_disks vd JOIN disks k ON k.id = vd.disk_id JOIN storage_domains s ON s.id = k.storage_domain_id
         WHERE vd.vm_id = $1 ORDER BY vd.position",
        vm.0
    )
    .fetch_all(c)
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(VmDisk {
                id: DiskId(r.id),
                alias: r.alias,
                virtual_size: r.virtual_size.unsigned_abs(),
                actual_size: r.actual_size.unsigned_abs(),
                allocation: parsed("a disk's allocation", &r.allocation)?,
                status: parsed("a disk's status", &r.status)?,
                bootable: r.bootable,
                storage_domain: r.domain,
            })
        })
        .collect()
}

pub async fn details(c: &mut PgConnection, id: VmId) -> StoreResult<Option<VmDetails>> {
    let Some(vm) = get(c, id).await? else { return Ok(None) };
    let nics = nics(c, id, vm.guest.as_ref()).await?;
    Ok(Some(VmDetails {
        template: vm.template,
        sockets: vm.config.sockets,
        cores: vm.config.cores,
        threads: vm.config.threads,
        cpu_model: vm.config.cpu_model.clone(),
        option_hosts: crate::hosts::names(c, &vm.config.options.hosts).await?,
        options: vm.config.options.clone(),
        next_run_changes: vm.running.as_ref().is_some_and(|run| waits(run, &vm.config)),
        stop_reason: vm.stop_reason,
        ha_next_at: vm.ha_next_at,
        lease_due: vm.lease_due,
        created_at: vm.created_at,
        disks: disks(c, id).await?,
        nics: nics.into_iter().map(|n| n.nic).collect(),
        guest: vm.guest,
        use_history: crate::statistics::last_hour(c, id.0).await?,
        row: vm.row,
    }))
}

/// Whether something was changed that the running process cannot take over.
fn waits(running: &VmConfig, wanted: &VmConfig) -> bool {
    let hardware = |v: &VmConfig| (v.memory, v.sockets, v.cores, v.threads, v.cpu_model.clone());
    hardware(running) != hardware(wanted) || !wanted.options.same_run(&running.options)
}
