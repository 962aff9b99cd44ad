//! Saving a domain's state into a file, and giving that up.

use std::ffi::CString;

use virt::domain::Domain;
use virt::error::Error;
use virt_sys as sys;

/// Writes the domain's state to `path` on its host and ends it; what is restored later then runs.
pub fn save(domain: &Domain, path: &str) -> Result<(), Error> {
    let path = CString::new(path)?;
    let then_running = sys::VIR_DOMAIN_SAVE_RUNNING;
    // SAFETY: the domain is alive, the path outlives the call, and no other definition is given.
    match unsafe { sys::virDomainSaveFlags(domain.as_ptr(), path.as_ptr(), std::ptr::null(), then_running) } {
        answer if answer < 0 => Err(Error::last_error()),
        _ => Ok(()),
    }
}

/// Gives up what long-running job the domain has.
pub fn abort_job(domain: &Domain) -> Result<(), Error> {
    // SAFETY: the domain is alive.
    match unsafe { sys::virDomainAbortJob(domain.as_ptr()) } {
        answer if answer < 0 => Err(Error::last_error()),
        _ => Ok(()),
    }
}
