//! A VM's state in a file of a pool, so that another host can go on with it. libvirt marks a file that was not
//! written to its end, and reads the definition out of one that was: that tells the two apart.

use model::VmId;
use virt::connect::Connect;
use virt::error::ErrorNumber;
use virt_sys as sys;

use super::domains::{found, running};
use super::ffi;
use crate::driver::VolumeRef;
use crate::xml;
use crate::{HostError, HostResult};

pub fn save(connection: &Connect, vm: VmId, to: &VolumeRef) -> HostResult<()> {
    if found(connection, vm)?.is_none_or(|domain| !domain.is_active().unwrap_or(true)) {
        return definition(connection, to).map(drop);
    }
    Ok(ffi::save(&running(connection, vm)?, &to.path())?)
}

pub fn abort(connection: &Connect, vm: VmId) -> HostResult<()> {
    let Some(domain) = found(connection, vm)? else { return Ok(()) };
    match ffi::abort_job(&domain) {
        Ok(_) => Ok(()),
        Err(error) if error.code().is(ErrorNumber::OperationInvalid) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

pub fn restore(connection: &Connect, vm: VmId, from: &VolumeRef, listen: &str) -> HostResult<()> {
    if found(connection, vm)?.is_some_and(|domain| domain.is_active().unwrap_or(false)) {
        return Ok(());
    }
    let xml = xml::listening_at(&definition(connection, from)?, listen)?;
    let paused = sys::VIR_DOMAIN_SAVE_PAUSED;
    connection.restore_domain_flags(&from.path(), Some(&xml), paused)?;
    Ok(())
}

/// The definition of the VM whose state the file holds, with the passwords in it.
fn definition(connection: &Connect, file: &VolumeRef) -> HostResult<String> {
    let secure = sys::VIR_DOMAIN_SAVE_IMAGE_XML_SECURE;
    connection.save_image_xml_desc(&file.path(), secure).map_err(|error| match HostError::from(error) {
        lost @ (HostError::Unreachable(_) | HostError::Timeout { .. }) => lost,
        other => HostError::NotFound(format!("there is no saved state: {other}")),
    })
}
