//! A disk: a volume of a storage domain. Thin disks are qcow2 and grow; preallocated ones are raw and
//! take their whole size at once.

use serde::{Deserialize, Serialize};

use crate::vm::words;
use crate::{DataCenterId, DiskId, StorageDomainId};

words! {
    Allocation { Thin = "thin", Preallocated = "preallocated" }
}

words! {
    DiskStatus { Locked = "locked", Ok = "ok", Illegal = "illegal" }
}

words! {
    Format { Qcow2 = "qcow2", Raw = "raw" }
}

impl Allocation {
    pub fn format(self) -> Format {
        match self {
            Allocation::Thin => Format::Qcow2,
            Allocation::Preallocated => Format::Raw,
        }
    }

    pub fn label(self) -> String {
        crate::text::t(&format!("allocation-{}", self.as_str()))
    }
}

impl DiskStatus {
    pub fn label(self) -> String {
        crate::text::t(&format!("disk-status-{}", self.as_str()))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiskRow {
    pub id: DiskId,
    pub version: i64,
    pub alias: String,
    pub status: DiskStatus,
    pub allocation: Allocation,
    pub virtual_size: u64,
    pub actual_size: u64,
    pub storage_domain: (StorageDomainId, String),
    pub data_center: (DataCenterId, String),
    /// Names of the VMs or the template that have it.
    pub attached_to: Vec<String>,
}
