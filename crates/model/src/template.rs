//! A template: a disk image with the hardware it wants, from which VMs are made thin.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::vm::words;
use crate::{DataCenterId, StorageDomainId, TemplateId};

words! {
    TemplateStatus { Locked = "locked", Ok = "ok", Illegal = "illegal" }
}

impl TemplateStatus {
    pub fn label(self) -> String {
        crate::text::t(&format!("disk-status-{}", self.as_str()))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateRow {
    pub id: TemplateId,
    pub version: i64,
    pub name: String,
    pub description: String,
    pub comment: String,
    pub status: TemplateStatus,
    pub data_center: (DataCenterId, String),
    pub storage_domain: (StorageDomainId, String),
    pub memory: u64,
    pub vcpus: u32,
    pub disk_size: u64,
    pub vm_count: u32,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
