//! Whether KVM really runs guests on a host. The device file and libvirt's capabilities only say that it may:
//! some nested machines run a firmware and then stop in the first stock boot loader. So a guest of one sector
//! is run for a moment (`boot.s`), which turns its power off once it has been through every mode of the CPU.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use model::disk::{Allocation, Format};
use tokio::time::Instant;
use virt::connect::Connect;
use virt::domain::Domain;
use virt_sys as sys;

use super::lane::{Lane, Terms};
use super::stats::state_of;
use super::storage;
use crate::driver::{DomainState, NewVolume, PoolRef, StateReason, VolumeRef};
use crate::xml;
use crate::{HostError, HostResult};

const BOOT: &[u8; 512] = include_bytes!("boot.bin");
/// Firmwares do not boot from a disk of one sector.
const SIZE: u64 = 1 << 20;
const PREFIX: &str = "drover-probe-";
/// With KVM the firmware and the sector need about a second, also on a busy host.
const PATIENCE: Duration = Duration::from_secs(12);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Whether a domain is one of these and no VM.
pub fn is_probe(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Runs the guest of kind `kvm` from a volume of `pool`. An error is one of the connection or the storage and
/// says nothing about KVM.
pub async fn kvm_works(act: &Arc<Lane>, pool: &PoolRef) -> HostResult<bool> {
    let works = works(act, "kvm", pool).await?;
    if !works {
        tracing::warn!("the host offers no KVM that runs stock systems: its guests are emulated");
    }
    Ok(works)
}

async fn works(act: &Arc<Lane>, kind: &'static str, pool: &PoolRef) -> HostResult<bool> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{PREFIX}{}-{number}", std::process::id());
    let at = VolumeRef { pool: pool.clone(), volume: name.clone() };

    let (make, begin) = (at.clone(), name.clone());
    let xml = xml::probe(&name, kind, &at.path());
    act.call(Terms::within(30), move |c| sector(c, &make)).await?;
    let outcome = match act.call(Terms::within(20), move |c| launch(c, &begin, &xml)).await? {
        true => until_decided(act, &name).await,
        false => Ok(false),
    };
    let clean = act.call(Terms::within(60), move |c| clean(c, &name, &at)).await;
    if let Err(error) = clean {
        tracing::warn!(%error, "what a probe left on the host was not removed");
    }
    outcome
}

/// The volume that the guest boots from.
fn sector(connection: &Connect, at: &VolumeRef) -> HostResult<()> {
    let (format, allocation) = (Format::Raw, Allocation::Thin);
    storage::create(
        connection,
        &NewVolume { at: at.clone(), format, allocation, size: SIZE, backing: None },
    )?;
    storage::upload(connection, at, Box::new(BOOT.as_slice()), BOOT.len() as u64)
}

/// Whether it starts at all. libvirt ends it should the connection end before it.
fn launch(connection: &Connect, name: &str, xml: &str) -> HostResult<bool> {
    let defined = connection.define_domain_xml(xml);
    let started = defined.and_then(|d| d.create_with_flags(sys::VIR_DOMAIN_START_AUTODESTROY));
    match started.map_err(HostError::from) {
        Ok(_) => Ok(true),
        Err(error @ (HostError::Unreachable(_) | HostError::Timeout { .. })) => Err(error),
        Err(error) => {
            tracing::info!(name, %error, "the guest of a probe did not start");
            Ok(false)
        }
    }
}

async fn until_decided(act: &Arc<Lane>, name: &str) -> HostResult<bool> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        let look = name.to_owned();
        let state = act.call(Terms::within(6), move |c| state_of(&c.lookup_domain_by_name(&look)?)).await?;
        match state {
            (DomainState::Running | DomainState::ShuttingDown, _) => {}
            (DomainState::ShutOff, reason) => return Ok(reason == StateReason::Shutdown),
            _ => return Ok(false),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(false)
}

/// Removes this probe, and the definitions of others that somebody did not live to remove.
fn clean(connection: &Connect, name: &str, at: &VolumeRef) -> HostResult<()> {
    if let Ok(domain) = connection.lookup_domain_by_name(name)
        && domain.is_active()?
    {
        domain.destroy()?;
    }
    let stale = |d: &Domain| d.name().is_ok_and(|n| is_probe(&n));
    for domain in
        connection.list_all_domains(sys::VIR_CONNECT_LIST_DOMAINS_INACTIVE)?.iter().filter(|d| stale(d))
    {
        domain.undefine()?;
    }
    storage::delete(connection, at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn the_boot_sector_is_the_one_of_its_source() {
        let directory = tempfile::tempdir().unwrap();
        let output = directory.path().join("boot.bin");
        let build = concat!(env!("CARGO_MANIFEST_DIR"), "/src/libvirt/probe/build.sh");
        assert!(std::process::Command::new(build).arg(&output).status().unwrap().success());
        assert_eq!(std::fs::read(output).unwrap(), super::BOOT, "boot.s was changed: run build.sh");
        assert!(super::BOOT.ends_with(&[0x55, 0xaa]));
    }
}
