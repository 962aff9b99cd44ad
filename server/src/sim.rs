//! A server on simulated hosts, for measurements of scale: the estate is what the database says it is, so that the
//! monitor finds every host, running VM and volume as it was recorded. Compiled with the feature `sim` only, which no
//! build but the benchmarks' has.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use host::sim::SimEstate;
use host::{Connector, DiskSpec, DomainSpec, NicSpec, PoolRef, VolumeRef};
use model::list::ListQuery;
use model::{DiskId, StorageDomainId};
use store::disks::Disk;
use store::vms::{Attachment, Vm, WiredNic};
use store::{PgConnection, PgPool, StoreResult, Viewer};

use crate::commands::Failure;

/// What a call over the network and through libvirt takes; a report asks QEMU for each guest.
const CALL: Duration = Duration::from_millis(2);
const REPORT: Duration = Duration::from_millis(40);
/// The use of a report, which the monitor asks for each time.
const PACE: Duration = Duration::from_secs(3);
/// Room on every storage domain.
const CAPACITY: u64 = 1 << 46;

pub async fn connector(pool: &PgPool) -> Result<Arc<dyn Connector>, Failure> {
    let estate = SimEstate::new();
    estate.keep_calls(0);
    let mut c = pool.acquire().await.map_err(store::StoreError::from)?;
    hosts(&mut c, &estate).await?;
    let volumes = storage(&mut c, &estate).await?;
    for vm in store::vms::with_host(&mut c).await? {
        let spec = spec(&mut c, &vm, &volumes).await?;
        if let Some((host, _)) = &vm.row.host {
            estate.put_running(*host, spec, vm.guest.clone());
        }
    }
    estate.set_latency("*", CALL);
    estate.set_latency("report", REPORT);
    estate.set_pace(PACE);
    tracing::warn!("this server runs on simulated hosts: nothing of what it says is true");
    Ok(estate.connector())
}

async fn hosts(c: &mut PgConnection, estate: &SimEstate) -> StoreResult<()> {
    for host in store::hosts::all(c).await? {
        if let Some(facts) = host.facts {
            estate.set_facts(host.row.id, facts);
        }
    }
    Ok(())
}

/// Puts the file of each disk where the disk is, and says where that is.
async fn storage(c: &mut PgConnection, estate: &SimEstate) -> StoreResult<HashMap<DiskId, VolumeRef>> {
    let mut volumes = HashMap::new();
    for domain in everything(c, &store::storage_domains::LIST).await? {
        estate.set_capacity(&domain.config.path, CAPACITY);
        let pool = pool(domain.id, domain.config.path);
        for (disk, volume) in store::disks::volumes(c, domain.id).await? {
            volumes.insert(disk, VolumeRef { pool: pool.clone(), volume });
        }
    }
    for disk in everything(c, &store::disks::LIST).await? {
        if let Some(at) = volumes.get(&disk.id) {
            estate.put_file(&at.pool.path, &at.volume, disk.virtual_size);
            estate.write(&at.pool.path, &at.volume, disk.actual_size);
        }
    }
    Ok(volumes)
}

fn pool(domain: StorageDomainId, path: String) -> PoolRef {
    PoolRef { pool: domain.to_string(), path }
}

/// Every page of a list.
async fn everything<T>(c: &mut PgConnection, list: &store::list::Spec<T>) -> StoreResult<Vec<T>> {
    let (viewer, size) =
        (Viewer { user: uuid::Uuid::nil(), all: true, now: time::OffsetDateTime::UNIX_EPOCH }, 500);
    let mut all = Vec::new();
    for page in 1.. {
        let rows = list.page(c, viewer, &ListQuery { page, size, ..ListQuery::default() }).await?.rows;
        if rows.is_empty() {
            break;
        }
        all.extend(rows);
    }
    Ok(all)
}

fn nic(wired: WiredNic) -> NicSpec {
    let (nic, bridge) = (wired.nic, wired.bridge);
    NicSpec { mac: nic.mac, bridge, name: nic.name, model: nic.model, linked: nic.linked }
}

async fn spec(
    c: &mut PgConnection,
    vm: &Vm,
    volumes: &HashMap<DiskId, VolumeRef>,
) -> StoreResult<DomainSpec> {
    let (config, disks) = (vm.of_run(), store::vms::attached(c, vm.row.id).await?);
    let disk = |(disk, how): &(Disk, Attachment)| {
        Some(DiskSpec {
            volume: volumes.get(&disk.id)?.clone(),
            format: disk.format,
            serial: disk.id.to_string(),
            boot: how.bootable,
            position: how.position,
            interface: how.interface,
        })
    };
    let nics = store::vms::nics(c, vm.row.id, None).await?;
    Ok(DomainSpec {
        vm: vm.row.id,
        title: vm.row.name.clone(),
        memory: config.memory,
        sockets: config.sockets,
        cores: config.cores,
        threads: config.threads,
        cpu_model: config.cpu_model.clone(),
        disks: disks.iter().filter_map(disk).collect(),
        nics: nics.into_iter().filter(|n| n.nic.plugged).map(nic).collect(),
        cd: None,
        graphics: None,
        boot: config.options.boot.clone(),
        boot_menu: false,
        kernel: None,
    })
}
