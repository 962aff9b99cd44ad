//! A storage domain: a directory that all hosts of a data center see at the same path (a mounted NFS
//! export, say), used through libvirt's pools only; the server never opens it.

use serde::{Deserialize, Serialize};

use crate::vm::words;
use crate::{DataCenterId, FieldErrors, HostId, StorageDomainId, Text, field};

words! {
    /// `active` when at least one host has it, `inactive` when none does.
    StorageStatus { Unknown = "unknown", Active = "active", Inactive = "inactive" }
}

impl StorageStatus {
    pub fn label(self) -> String {
        crate::text::t(&format!("storage-status-{}", self.as_str()))
    }
}

/// How full a domain is. The bounds are oVirt's: a warning below a tenth of it, critical when that is less than 5 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    Fine,
    Low,
    Critical,
}

impl Space {
    pub fn of(capacity: u64, available: u64) -> Space {
        match available {
            n if n >= capacity / 10 => Space::Fine,
            n if n >= 5 * crate::size::GIB => Space::Low,
            _ => Space::Critical,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StorageConfig {
    pub name: String,
    pub description: String,
    pub comment: String,
    /// Absolute, the same on every host.
    pub path: String,
}

impl StorageConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::name(&self.name, 50));
        e.check("description", field::free_text(&self.description, 4000));
        e.check("comment", field::free_text(&self.comment, 255));
        e.check("path", field::absolute_path(&self.path));
        e
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewStorage {
    pub data_center: DataCenterId,
    pub config: StorageConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditStorage {
    pub version: i64,
    pub config: StorageConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StorageRow {
    pub id: StorageDomainId,
    pub version: i64,
    pub config: StorageConfig,
    pub data_center: (DataCenterId, String),
    pub status: StorageStatus,
    /// Bytes.
    pub capacity: Option<u64>,
    pub available: Option<u64>,
    /// The sum of the virtual sizes of its disks.
    pub committed: u64,
    /// What would be left if all its disks had grown to their virtual sizes; never less than nothing.
    pub guaranteed_free: Option<u64>,
    pub disk_count: u32,
}

/// How one host sees the domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostStorage {
    pub host: (HostId, String),
    pub active: bool,
    /// What the host said when it could not.
    pub reason: Option<Text>,
}
/// A file in the domain that is no disk: an ISO, or an image that somebody put there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Medium {
    pub at: crate::vm_options::MediaRef,
    /// As libvirt calls it: `iso`, `raw`, `qcow2`.
    pub format: String,
    /// Bytes.
    pub size: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::GIB;

    #[test]
    fn how_full_a_domain_is() {
        for (capacity, available, space) in [
            (0, 0, Space::Fine),
            (1000 * GIB, 100 * GIB, Space::Fine),
            (1000 * GIB, 99 * GIB, Space::Low),
            (1000 * GIB, 5 * GIB, Space::Low),
            (1000 * GIB, 5 * GIB - 1, Space::Critical),
            (20 * GIB, 2 * GIB, Space::Fine),
            (20 * GIB, GIB, Space::Critical),
        ] {
            assert_eq!(Space::of(capacity, available), space, "{available} of {capacity}");
        }
    }
}
