//! Statistics of domains and of the host itself.

use std::collections::HashMap;
use std::ffi::{CStr, c_int, c_uint};

use uuid::Uuid;
use virt::connect::Connect;
use virt::domain::Domain;
use virt::error::Error;
use virt_sys as sys;

use super::params::{Params, read_params, text};
use super::uuid_of;

/// One domain's statistics.
#[derive(Debug)]
pub struct DomainStats {
    pub uuid: Uuid,
    pub name: String,
    pub params: Params,
}

/// The named groups of statistics of all domains. With NOWAIT a domain whose monitor is occupied is not
/// waited for; what needs the monitor is then left out of its record.
pub fn all_domain_stats(connection: &Connect, groups: c_uint) -> Result<Vec<DomainStats>, Error> {
    let mut records = std::ptr::null_mut();
    let flags = sys::VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT;
    // SAFETY: the connection is alive; libvirt sets `records` to an array of as many as it returns.
    let count = unsafe { sys::virConnectGetAllDomainStats(connection.as_ptr(), groups, &mut records, flags) };
    // SAFETY: just filled by libvirt.
    unsafe { take_stats(records, count) }
}

/// The same for one domain.
pub fn domain_stats(domain: &Domain, groups: c_uint) -> Result<Option<DomainStats>, Error> {
    let mut records = std::ptr::null_mut();
    let flags = sys::VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT;
    // SAFETY: the list is ended by a null pointer, as libvirt wants it; `records` as above.
    let count = unsafe {
        let mut list = [domain.as_ptr(), std::ptr::null_mut()];
        sys::virDomainListGetStats(list.as_mut_ptr(), groups, &mut records, flags)
    };
    // SAFETY: just filled by libvirt.
    Ok(unsafe { take_stats(records, count) }?.pop())
}

/// # Safety
/// `records` is what libvirt filled when it returned `count`.
unsafe fn take_stats(
    records: *mut sys::virDomainStatsRecordPtr,
    count: c_int,
) -> Result<Vec<DomainStats>, Error> {
    if count < 0 {
        return Err(Error::last_error());
    }
    let mut taken = Vec::with_capacity(count as usize);
    for i in 0..count as usize {
        // SAFETY: there are `count` records; each has a live domain and its parameters; the name belongs to
        // the domain and is copied.
        unsafe {
            let record = &**records.add(i);
            let name = sys::virDomainGetName(record.dom);
            let name =
                if name.is_null() { Default::default() } else { CStr::from_ptr(name).to_string_lossy() };
            taken.push(DomainStats {
                uuid: uuid_of(record.dom),
                name: name.into_owned(),
                params: read_params(record.params, record.nparams),
            });
        }
    }
    // SAFETY: the list is libvirt's to free, once.
    unsafe { sys::virDomainStatsRecordListFree(records) };
    Ok(taken)
}

/// CPU time of all the host's CPUs by kind (`kernel`, `user`, `idle`, `iowait`), nanoseconds.
pub fn node_cpu(connection: &Connect) -> Result<HashMap<String, u64>, Error> {
    let all = sys::VIR_NODE_CPU_STATS_ALL_CPUS;
    let mut count = 0;
    // SAFETY: asked without a buffer, libvirt tells how large it must be.
    let answer =
        unsafe { sys::virNodeGetCPUStats(connection.as_ptr(), all, std::ptr::null_mut(), &mut count, 0) };
    if answer < 0 {
        return Err(Error::last_error());
    }
    let mut stats = vec![sys::virNodeCPUStats { field: [0; 80], value: 0 }; count as usize];
    // SAFETY: the buffer has `count` entries.
    let answer =
        unsafe { sys::virNodeGetCPUStats(connection.as_ptr(), all, stats.as_mut_ptr(), &mut count, 0) };
    if answer < 0 {
        return Err(Error::last_error());
    }
    Ok(stats.iter().take(count as usize).map(|s| (text(&s.field), s.value)).collect())
}

/// The host's memory by kind (`total`, `free`, `buffers`, `cached`), KiB.
pub fn node_memory(connection: &Connect) -> Result<HashMap<String, u64>, Error> {
    let all = sys::VIR_NODE_MEMORY_STATS_ALL_CELLS;
    let mut count = 0;
    // SAFETY: asked without a buffer, libvirt tells how large it must be.
    let answer =
        unsafe { sys::virNodeGetMemoryStats(connection.as_ptr(), all, std::ptr::null_mut(), &mut count, 0) };
    if answer < 0 {
        return Err(Error::last_error());
    }
    let mut stats = vec![sys::virNodeMemoryStats { field: [0; 80], value: 0 }; count as usize];
    // SAFETY: the buffer has `count` entries.
    let answer =
        unsafe { sys::virNodeGetMemoryStats(connection.as_ptr(), all, stats.as_mut_ptr(), &mut count, 0) };
    if answer < 0 {
        return Err(Error::last_error());
    }
    Ok(stats.iter().take(count as usize).map(|s| (text(&s.field), s.value)).collect())
}
