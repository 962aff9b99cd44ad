//! Disks and NICs of a running domain. What is put in is for the run alone: a definition is written anew for each. A
//! guest is asked before something is taken from it; libvirt waits a few seconds for it, and what it still has then is
//! looked for when the same is asked again.

use model::VmId;
use virt::connect::Connect;
use virt::domain::Domain;
use virt_sys as sys;

use super::domains::running;
use crate::driver::{DiskSpec, NicSpec};
use crate::xml::{self, XmlError};
use crate::{HostError, HostResult};

pub fn attach_disk(connection: &Connect, vm: VmId, disk: &DiskSpec) -> HostResult<()> {
    let there = |xml: &str| xml::disk_of(xml, &disk.serial).map(|found| found.map(|(disk, _)| disk));
    attach(&running(connection, vm)?, &xml::disk_device(disk), &there)
}

pub fn detach_disk(connection: &Connect, vm: VmId, serial: &str) -> HostResult<()> {
    let there = |xml: &str| xml::disk_of(xml, serial).map(|found| found.map(|(disk, _)| disk));
    detach(&running(connection, vm)?, &there)
}

pub fn attach_nic(connection: &Connect, vm: VmId, nic: &NicSpec) -> HostResult<()> {
    attach(&running(connection, vm)?, &xml::nic_device(nic), &|xml| xml::nic_of(xml, &nic.mac))
}

pub fn detach_nic(connection: &Connect, vm: VmId, mac: &str) -> HostResult<()> {
    detach(&running(connection, vm)?, &|xml| xml::nic_of(xml, mac))
}

pub fn update_nic(connection: &Connect, vm: VmId, nic: &NicSpec) -> HostResult<()> {
    let domain = running(connection, vm)?;
    let missing = || HostError::NotFound("the VM does not have that network interface".into());
    let changed = xml::changed_nic(&domain.xml_desc(0)?, nic)?.ok_or_else(missing)?;
    domain.update_device_flags(&changed, sys::VIR_DOMAIN_DEVICE_MODIFY_LIVE)?;
    Ok(())
}

pub fn grow_disk(connection: &Connect, vm: VmId, serial: &str, size: u64) -> HostResult<()> {
    let domain = running(connection, vm)?;
    let found = xml::disk_of(&domain.xml_desc(0)?, serial)?;
    let (_, target) = found.ok_or_else(|| HostError::NotFound("the VM does not have that disk".into()))?;
    domain.block_resize(&target, size, sys::VIR_DOMAIN_BLOCK_RESIZE_BYTES)?;
    Ok(())
}

/// Finds a device in a definition.
type Look<'a> = &'a dyn Fn(&str) -> Result<Option<String>, XmlError>;

fn attach(domain: &Domain, device: &str, there: Look<'_>) -> HostResult<()> {
    match look(domain, there)? {
        Some(_) => Ok(()),
        None => Ok(domain.attach_device_flags(device, sys::VIR_DOMAIN_DEVICE_MODIFY_LIVE)?),
    }
}

/// A guest that was asked before is not asked again: libvirt then says that the device is being taken out.
fn detach(domain: &Domain, there: Look<'_>) -> HostResult<()> {
    let Some(device) = look(domain, there)? else { return Ok(()) };
    let asked = domain.detach_device_flags(&device, sys::VIR_DOMAIN_DEVICE_MODIFY_LIVE);
    match (look(domain, there)?, asked) {
        (None, _) => Ok(()),
        (Some(_), Err(error)) if !error.message().contains("in the process of unplug") => Err(error.into()),
        (Some(_), _) => Err(HostError::Kept("the guest has not let go of it".into())),
    }
}

fn look(domain: &Domain, there: Look<'_>) -> HostResult<Option<String>> {
    Ok(there(&domain.xml_desc(0)?)?)
}
