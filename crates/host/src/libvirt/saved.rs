//! A VM's state in a file of a pool, so that another host can go on with it. libvirt marks a file that was not
//! written to its end, and reads the definition out of one that was: that tells the two apart.

use model::VmId;
use virt::connect::Connect;
use virt::error::ErrorNumber;
use virt_sys as sys;

use super::domains::{found, running};
use super::{ffi, stats};
use crate::driver::{StateReason, VolumeRef};
use crate::xml;
use crate::{HostError, HostResult};

pub fn save(connection: &Connect, vm: VmId, to: &VolumeRef) -> HostResult<()> {
    let off = match found(connection, vm)? {
        None => true,
        // libvirt forgets the reason when it is restarted.
        Some(domain) => {
            let ended = || Ok::<_, HostError>(stats::one(connection, vm)?.reason);
            !domain.is_active()? && matches!(ended()?, StateReason::Saved | StateReason::Unknown)
        }
    };
    if off {
        return definition(connection, to).map(drop);
    }
    match running(connection, vm) {
        Err(HostError::WrongState(text)) => Err(HostError::NotFound(text)),
        domain => Ok(ffi::save(&domain?, &to.path())?),
    }
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
    if let Some(domain) = found(connection, vm)?
        && domain.is_active()?
    {
        // An earlier call may still be reading the file; until it has, libvirt lets nobody pause the domain.
        domain.suspend()?;
        return Ok(());
    }
    let xml = xml::listening_at(&definition(connection, from)?, listen)?;
    let paused = sys::VIR_DOMAIN_SAVE_PAUSED;
    connection.restore_domain_flags(&from.path(), Some(&xml), paused)?;
    Ok(())
}

/// What libvirt says of a file that was not written to its end, or never held a state.
const UNFIT: [&str; 2] = ["save image is incomplete", "magic is incorrect"];

/// The definition of the VM whose state the file holds, with the passwords in it.
fn definition(connection: &Connect, file: &VolumeRef) -> HostResult<String> {
    let secure = sys::VIR_DOMAIN_SAVE_IMAGE_XML_SECURE;
    connection.save_image_xml_desc(&file.path(), secure).map_err(|error| match HostError::from(error) {
        missing @ HostError::NotFound(_) => missing,
        other if UNFIT.iter().any(|words| other.to_string().contains(words)) => {
            HostError::NotFound(format!("there is no saved state: {other}"))
        }
        other => other,
    })
}
