//! What is asked of one domain: its agent's answers, and whether its monitor is busy.

use std::ffi::{c_int, c_uint};

use virt::domain::Domain;
use virt::error::Error;
use virt_sys as sys;

use super::params::{Params, read_params};

/// What the agent tells: `types` as in virDomainGetGuestInfo, 0 for all that it can.
pub fn guest_info(domain: &Domain, types: c_uint) -> Result<Params, Error> {
    let mut params = std::ptr::null_mut();
    let mut count = 0;
    // SAFETY: the domain is alive; libvirt allocates `params` with `count` entries.
    if unsafe { sys::virDomainGetGuestInfo(domain.as_ptr(), types, &mut params, &mut count, 0) } < 0 {
        return Err(Error::last_error());
    }
    // SAFETY: just filled by libvirt, and freed once after it was copied.
    unsafe {
        let read = read_params(params, count);
        sys::virTypedParamsFree(params, count);
        Ok(read)
    }
}

/// How long libvirt waits for the agent of this domain, seconds.
pub fn set_agent_timeout(domain: &Domain, seconds: c_int) -> Result<(), Error> {
    // SAFETY: the domain is alive.
    match unsafe { sys::virDomainAgentSetResponseTimeout(domain.as_ptr(), seconds, 0) } {
        answer if answer < 0 => Err(Error::last_error()),
        _ => Ok(()),
    }
}

/// What a domain's monitor is doing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Monitor {
    Ready,
    /// A job runs, but the monitor is free.
    Job,
    /// It has been working on a command for so many milliseconds.
    Occupied(u64),
    Broken,
}

/// Answered without the monitor, so also of a guest that hangs.
pub fn monitor(domain: &Domain) -> Result<Monitor, Error> {
    let mut info = sys::virDomainControlInfo { state: 0, details: 0, stateTime: 0 };
    // SAFETY: the domain is alive and `info` is the structure to fill.
    if unsafe { sys::virDomainGetControlInfo(domain.as_ptr(), &mut info, 0) } < 0 {
        return Err(Error::last_error());
    }
    Ok(match info.state {
        sys::VIR_DOMAIN_CONTROL_OK => Monitor::Ready,
        sys::VIR_DOMAIN_CONTROL_JOB => Monitor::Job,
        sys::VIR_DOMAIN_CONTROL_OCCUPIED => Monitor::Occupied(info.stateTime),
        _ => Monitor::Broken,
    })
}
