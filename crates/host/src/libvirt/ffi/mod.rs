//! The calls of libvirt that the `virt` crate does not have, each wrapped whole: event and close callbacks,
//! statistics as typed parameters, the host's own use, control information, saved states. The only unsafe code of Drover.
//! Every pointer that libvirt gives is read and freed inside the function that got it; what goes out owns itself.
#![allow(unsafe_code)]

mod events;
mod guest;
mod params;
mod save;
mod stats;

pub use events::{Listener, Subscription, Told, subscribe};
pub use guest::{Monitor, guest_info, monitor, set_agent_timeout};
pub use params::Params;
pub use save::{abort_job, save};
pub use stats::{DomainStats, all_domain_stats, domain_stats, node_cpu, node_memory};

use uuid::Uuid;
use virt_sys as sys;

/// # Safety
/// `domain` is alive.
unsafe fn uuid_of(domain: sys::virDomainPtr) -> Uuid {
    let mut bytes = [0u8; 16];
    // SAFETY: libvirt lends a live domain; the buffer has the 16 bytes that it writes.
    unsafe { sys::virDomainGetUUID(domain, bytes.as_mut_ptr()) };
    Uuid::from_bytes(bytes)
}
