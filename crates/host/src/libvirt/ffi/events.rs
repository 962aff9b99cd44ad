//! What libvirt tells unasked, handed to a Rust closure. libvirt owns the closure's box until it calls
//! `free_listener`, which it does once when a callback is deregistered or its connection ends.

use std::ffi::{c_int, c_uint, c_void};
use std::sync::Arc;

use uuid::Uuid;
use virt::connect::Connect;
use virt::error::Error;
use virt_sys as sys;

use super::uuid_of;

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
