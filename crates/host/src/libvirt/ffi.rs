//! The calls of libvirt that the `virt` crate does not have, each wrapped whole: event and close callbacks,
//! statistics as typed parameters, the host's own use, control information. The only unsafe code of Drover.
//! Every pointer that libvirt gives is read and freed inside the function that got it; what goes out owns itself.
#![allow(unsafe_code)]

use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::sync::Arc;

use uuid::Uuid;
use virt::connect::Connect;
use virt::domain::Domain;
use virt::error::Error;
use virt_sys as sys;

/// What libvirt tells unasked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Told {
    Lifecycle(Uuid),
    Agent(Uuid, bool),
    Reboot(Uuid),
    /// The connection is gone, with libvirt's reason.
    Closed(c_int),
}

/// Called on the event loop's thread; it must neither block nor panic.
pub type Listener = Arc<dyn Fn(Told) + Send + Sync>;

/// While it lives, the listener hears. Dropping it calls libvirt, which may block.
pub struct Subscription {
    connection: Connect,
    ids: Vec<c_int>,
    closing: bool,
}

/// Starts to hear of domains (if `domains`) and of the connection's end.
pub fn subscribe(connection: &Connect, listener: Listener, domains: bool) -> Result<Subscription, Error> {
    let mut subscription = Subscription { connection: connection.clone(), ids: Vec::new(), closing: false };
    subscription.on_close(listener.clone())?;
    if domains {
        // SAFETY: each function has the C signature that libvirt's documentation gives for the event beside
        // it; libvirt calls it with exactly those arguments through this generic type.
        let (lifecycle, agent) = unsafe {
            (
                std::mem::transmute::<Lifecycle, Generic>(on_lifecycle),
                std::mem::transmute::<Agent, Generic>(on_agent),
            )
        };
        subscription.on_event(sys::VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle, listener.clone())?;
        subscription.on_event(sys::VIR_DOMAIN_EVENT_ID_REBOOT, on_reboot, listener.clone())?;
        subscription.on_event(sys::VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, agent, listener)?;
    }
    Ok(subscription)
}

type Generic = unsafe extern "C" fn(sys::virConnectPtr, sys::virDomainPtr, *mut c_void);
type Lifecycle =
    unsafe extern "C" fn(sys::virConnectPtr, sys::virDomainPtr, c_int, c_int, *mut c_void) -> c_int;
type Agent = unsafe extern "C" fn(sys::virConnectPtr, sys::virDomainPtr, c_int, c_int, *mut c_void);

impl Subscription {
    fn on_event(&mut self, event: c_uint, callback: Generic, listener: Listener) -> Result<(), Error> {
        let opaque = boxed(listener);
        // SAFETY: the connection is alive; `opaque` is freed by `free_listener`, which libvirt calls once
        // when the callback is deregistered.
        let id = unsafe {
            sys::virConnectDomainEventRegisterAny(
                self.connection.as_ptr(),
                std::ptr::null_mut(),
                event as c_int,
                Some(callback),
                opaque,
                Some(free_listener),
            )
        };
        if id < 0 {
            return Err(give_back(opaque));
        }
        self.ids.push(id);
        Ok(())
    }

    fn on_close(&mut self, listener: Listener) -> Result<(), Error> {
        let opaque = boxed(listener);
        // SAFETY: as for events; a connection has one close callback, and this is the only place that sets it.
        let answer = unsafe {
            sys::virConnectRegisterCloseCallback(
                self.connection.as_ptr(),
                Some(on_close),
                opaque,
                Some(free_listener),
            )
        };
        if answer < 0 {
            return Err(give_back(opaque));
        }
        self.closing = true;
        Ok(())
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // SAFETY: the ids are from this connection, which is alive as long as `self` holds it. A failure
        // means that the connection is broken, and then nothing is left to deregister.
        unsafe {
            for id in &self.ids {
                sys::virConnectDomainEventDeregisterAny(self.connection.as_ptr(), *id);
            }
            if self.closing {
                sys::virConnectUnregisterCloseCallback(self.connection.as_ptr(), Some(on_close));
            }
        }
    }
}

fn boxed(listener: Listener) -> *mut c_void {
    Box::into_raw(Box::new(listener)).cast()
}

/// Takes back what libvirt refused to keep.
fn give_back(opaque: *mut c_void) -> Error {
    let error = Error::last_error();
    // SAFETY: `opaque` is from `boxed`, and libvirt did not take it.
    unsafe { free_listener(opaque) };
    error
}

unsafe extern "C" fn free_listener(opaque: *mut c_void) {
    // SAFETY: `opaque` is from `boxed`, and this is called once for each.
    drop(unsafe { Box::from_raw(opaque.cast::<Listener>()) });
}

unsafe fn tell(opaque: *mut c_void, told: Told) {
    // SAFETY: `opaque` is from `boxed` and lives until `free_listener`.
    let listener = unsafe { &*opaque.cast::<Listener>() };
    listener(told);
}

unsafe fn uuid_of(domain: sys::virDomainPtr) -> Uuid {
    let mut bytes = [0u8; 16];
    // SAFETY: libvirt lends a live domain; the buffer has the 16 bytes that it writes.
    unsafe { sys::virDomainGetUUID(domain, bytes.as_mut_ptr()) };
    Uuid::from_bytes(bytes)
}

unsafe extern "C" fn on_lifecycle(
    _: sys::virConnectPtr,
    domain: sys::virDomainPtr,
    _event: c_int,
    _detail: c_int,
    opaque: *mut c_void,
) -> c_int {
    // SAFETY: called by libvirt with a live domain and our own `opaque`.
    unsafe { tell(opaque, Told::Lifecycle(uuid_of(domain))) };
    0
}

unsafe extern "C" fn on_reboot(_: sys::virConnectPtr, domain: sys::virDomainPtr, opaque: *mut c_void) {
    // SAFETY: called by libvirt with a live domain and our own `opaque`.
    unsafe { tell(opaque, Told::Reboot(uuid_of(domain))) };
}

unsafe extern "C" fn on_agent(
    _: sys::virConnectPtr,
    domain: sys::virDomainPtr,
    state: c_int,
    _reason: c_int,
    opaque: *mut c_void,
) {
    let connected = state == sys::VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED as c_int;
    // SAFETY: called by libvirt with a live domain and our own `opaque`.
    unsafe { tell(opaque, Told::Agent(uuid_of(domain), connected)) };
}

unsafe extern "C" fn on_close(_: sys::virConnectPtr, reason: c_int, opaque: *mut c_void) {
    // SAFETY: our own `opaque`.
    unsafe { tell(opaque, Told::Closed(reason)) };
}

/// Typed parameters by name: numbers of every width as i64 bits, and strings.
#[derive(Debug, Default)]
pub struct Params {
    numbers: HashMap<String, u64>,
    strings: HashMap<String, String>,
}

impl Params {
    pub fn number(&self, name: &str) -> Option<u64> {
        self.numbers.get(name).copied()
    }

    pub fn string(&self, name: &str) -> Option<&str> {
        self.strings.get(name).map(String::as_str)
    }

    /// The sum over `prefix.0.suffix`, `prefix.1.suffix`, … as many as `prefix.count` says.
    pub fn sum(&self, prefix: &str, suffix: &str) -> u64 {
        let count = self.number(&format!("{prefix}.count")).unwrap_or(0);
        (0..count).filter_map(|i| self.number(&format!("{prefix}.{i}.{suffix}"))).sum()
    }
}

/// # Safety
/// `params` points to `count` initialised parameters.
unsafe fn read_params(params: *const sys::virTypedParameter, count: c_int) -> Params {
    let mut read = Params::default();
    if params.is_null() || count <= 0 {
        return read;
    }
    // SAFETY: the caller's promise.
    for param in unsafe { std::slice::from_raw_parts(params, count as usize) } {
        let name = text(&param.field);
        // SAFETY: `type_` says which member of the union is set.
        let number = unsafe {
            match param.type_ as c_uint {
                sys::VIR_TYPED_PARAM_INT => param.value.i as u64,
                sys::VIR_TYPED_PARAM_UINT => u64::from(param.value.ui),
                sys::VIR_TYPED_PARAM_LLONG => param.value.l as u64,
                sys::VIR_TYPED_PARAM_ULLONG => param.value.ul,
                sys::VIR_TYPED_PARAM_BOOLEAN => param.value.b as u64,
                sys::VIR_TYPED_PARAM_STRING if !param.value.s.is_null() => {
                    let value = CStr::from_ptr(param.value.s).to_string_lossy().into_owned();
                    read.strings.insert(name, value);
                    continue;
                }
                _ => continue,
            }
        };
        read.numbers.insert(name, number);
    }
    read
}

/// The text in a fixed field of C characters.
fn text(field: &[c_char]) -> String {
    let bytes: Vec<u8> = field.iter().map(|c| *c as u8).take_while(|b| *b != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

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
