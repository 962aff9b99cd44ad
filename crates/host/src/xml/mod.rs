//! All XML that goes to libvirt or comes from it. Writing is from our own values, every text escaped;
//! reading takes what is there, ignores what it does not know and never panics, because a host may run any
//! version of libvirt and may have been set up by anybody.

mod capabilities;
mod device;
mod domain;
mod edit;
mod hardware;
mod read;
mod storage;
mod write;

pub use capabilities::{capabilities, domain_capabilities};
pub use domain::{DomainShape, METADATA_URN, Screen, definition_of, domain, probe, screen};
pub use edit::{changed_cd, listening_at, with_password};
pub use hardware::{changed_nic, disk_device, disk_of, nic_device, nic_of};
pub use read::bridge;
pub use storage::{pool, pool_path, volume, volume_report};

/// What is not the XML that was expected.
#[derive(Debug, Clone, thiserror::Error)]
#[error("libvirt's answer cannot be read: {0}")]
pub struct XmlError(pub String);

#[cfg(test)]
mod tests;
