//! A domain's life: define, start, ask, end, forget. Each looks first, so that what is already so is success.

use model::VmId;
use model::vm_options::Protocol;
use virt::connect::Connect;
use virt::domain::Domain;
use virt::error::ErrorNumber;
use virt_sys as sys;

use super::driver::lookup;
use crate::driver::{Ask, DomainSpec, ScreenPassword};
use crate::xml::{self, DomainShape, METADATA_URN, Screen};
use crate::{HostError, HostResult};

pub fn define(connection: &Connect, spec: &DomainSpec, shape: &DomainShape) -> HostResult<()> {
    let xml = xml::domain(spec, shape);
    if let Some(domain) = found(connection, spec.vm)?
        && domain.is_active()?
    {
        return match definition(&domain)? == xml::definition_of(&xml) {
            true => Ok(()),
            false => Err(HostError::WrongState("the VM runs with another definition".into())),
        };
    }
    connection.define_domain_xml(&xml)?;
    Ok(())
}

/// None where `lookup` says `NotFound`.
pub fn found(connection: &Connect, vm: VmId) -> HostResult<Option<Domain>> {
    match lookup(connection, vm) {
        Ok(domain) => Ok(Some(domain)),
        Err(HostError::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The fingerprint in a domain's metadata; none if the domain is not ours.
pub fn definition(domain: &Domain) -> HostResult<Option<String>> {
    let kind = sys::VIR_DOMAIN_METADATA_ELEMENT as i32;
    match domain.metadata(kind, Some(METADATA_URN), sys::VIR_DOMAIN_AFFECT_CURRENT) {
        Ok(xml) => Ok(xml::definition_of(&xml)),
        Err(error) if error.code().is(ErrorNumber::NoDomainMetadata) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub fn start(connection: &Connect, vm: VmId) -> HostResult<()> {
    let domain = lookup(connection, vm)?;
    if domain.is_active()? {
        return Ok(());
    }
    match domain.create_with_flags(sys::VIR_DOMAIN_NONE) {
        Ok(_) => Ok(()),
        // Somebody else was quicker.
        Err(_) if domain.is_active()? => Ok(()),
        Err(error) => Err(error.into()),
    }
}

pub fn shutdown(connection: &Connect, vm: VmId, how: Ask) -> HostResult<()> {
    let domain = running(connection, vm)?;
    domain.shutdown_flags(match how {
        Ask::Agent => bounded_agent(&domain, sys::VIR_DOMAIN_SHUTDOWN_GUEST_AGENT),
        Ask::Acpi => sys::VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN,
    })?;
    Ok(())
}

pub fn reboot(connection: &Connect, vm: VmId, how: Ask) -> HostResult<()> {
    let domain = running(connection, vm)?;
    domain.reboot(match how {
        Ask::Agent => bounded_agent(&domain, sys::VIR_DOMAIN_REBOOT_GUEST_AGENT),
        Ask::Acpi => sys::VIR_DOMAIN_REBOOT_ACPI_POWER_BTN,
    })?;
    Ok(())
}

/// Before the agent is asked for something, libvirt is told not to wait for it for ever.
fn bounded_agent(domain: &Domain, flag: u32) -> u32 {
    super::guest::bound(domain);
    flag
}

/// Also when the guest has locked the tray: the drive is the administrator's.
pub fn change_cd(connection: &Connect, vm: VmId, path: Option<&str>) -> HostResult<()> {
    let domain = running(connection, vm)?;
    let Some(drive) = xml::changed_cd(&domain.xml_desc(0)?, path)? else {
        return Err(HostError::NotFound("the VM has no CD drive".into()));
    };
    let both = sys::VIR_DOMAIN_DEVICE_MODIFY_LIVE | sys::VIR_DOMAIN_DEVICE_MODIFY_CONFIG;
    domain.update_device_flags(&drive, both | sys::VIR_DOMAIN_DEVICE_MODIFY_FORCE)?;
    Ok(())
}

pub fn running(connection: &Connect, vm: VmId) -> HostResult<Domain> {
    let domain = lookup(connection, vm)?;
    match domain.is_active()? {
        true => Ok(domain),
        false => Err(HostError::WrongState("the VM is not running".into())),
    }
}

pub fn reset(connection: &Connect, vm: VmId) -> HostResult<()> {
    running(connection, vm)?.reset()?;
    Ok(())
}

pub fn pause(connection: &Connect, vm: VmId) -> HostResult<()> {
    running(connection, vm)?.suspend()?;
    Ok(())
}

pub fn resume(connection: &Connect, vm: VmId) -> HostResult<()> {
    running(connection, vm)?.resume()?;
    Ok(())
}

pub fn destroy(connection: &Connect, vm: VmId) -> HostResult<()> {
    let Some(domain) = found(connection, vm)? else { return Ok(()) };
    match domain.destroy() {
        Ok(_) => Ok(()),
        Err(error) => match HostError::from(error) {
            HostError::WrongState(_) | HostError::NotFound(_) => Ok(()),
            other => Err(other),
        },
    }
}

pub fn undefine(connection: &Connect, vm: VmId) -> HostResult<()> {
    let Some(domain) = found(connection, vm)? else { return Ok(()) };
    // libvirt would make a running domain transient instead of refusing.
    if domain.is_active()? {
        return Err(HostError::WrongState("the VM is running".into()));
    }
    let everything = sys::VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
        | sys::VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
        | sys::VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA
        | sys::VIR_DOMAIN_UNDEFINE_NVRAM;
    match domain.undefine_flags(everything).map_err(HostError::from) {
        Err(HostError::NotFound(_)) | Ok(_) => Ok(()),
        Err(other) => Err(other),
    }
}

pub fn screen(connection: &Connect, vm: VmId, protocol: Protocol) -> HostResult<Screen> {
    let xml = running(connection, vm)?.xml_desc(0)?;
    xml::screen(&xml, protocol)?.ok_or_else(no_screen)
}

fn no_screen() -> HostError {
    HostError::NotFound("the VM has no screen".into())
}

pub fn set_screen_password(connection: &Connect, vm: VmId, password: &ScreenPassword) -> HostResult<()> {
    let domain = running(connection, vm)?;
    let screen = xml::with_password(&domain.xml_desc(sys::VIR_DOMAIN_XML_SECURE)?, password)?;
    domain.update_device_flags(&screen.ok_or_else(no_screen)?, sys::VIR_DOMAIN_DEVICE_MODIFY_LIVE)?;
    Ok(())
}
