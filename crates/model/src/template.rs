//! A template: a disk image with the hardware it wants, from which VMs are made thin.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::lease::Lease;
use crate::vm::words;
use crate::vm_options::{MediaRef, VmOptions};
use crate::{DataCenterId, FieldErrors, QuotaId, StorageDomainId, TemplateId, field, vm_request};

words! {
    TemplateStatus { Locked = "locked", Ok = "ok", Illegal = "illegal" }
}

impl TemplateStatus {
    pub fn label(self) -> String {
        crate::text::t(&format!("disk-status-{}", self.as_str()))
    }
}

/// A template to be made of a VM that is down: its hardware, and a copy of its disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MakeTemplate {
    pub name: String,
    pub description: String,
    pub comment: String,
    /// Where the copy goes; none leaves it where the VM's disk is.
    pub storage_domain: Option<StorageDomainId>,
    /// What its disk is counted in, and is proposed for what is made from it; none is the default of the data center.
    pub quota: Option<QuotaId>,
    /// Whether everyone may make machines of it.
    pub all_users: bool,
}

/// A template to be made out of an image that lies in a domain, and to stay in that domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageTemplate {
    pub image: MediaRef,
    pub name: String,
    pub description: String,
    pub comment: String,
    /// Bytes.
    pub memory: u64,
    pub vcpus: u32,
    /// As of one that is made of a VM.
    pub quota: Option<QuotaId>,
    pub all_users: bool,
}

/// What can be changed of a template. Its hardware is a proposal, and another template makes another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditTemplate {
    pub version: i64,
    pub name: String,
    pub description: String,
    pub comment: String,
    /// Of what is made from it from now on.
    pub lease: Option<Lease>,
}

impl EditTemplate {
    pub fn errors(&self) -> FieldErrors {
        let mut e = names(&self.name, &self.description, &self.comment);
        if let Some(lease) = &self.lease {
            lease.errors(&mut e);
        }
        e
    }
}

/// The three fields that every template has.
fn names(name: &str, description: &str, comment: &str) -> FieldErrors {
    let mut e = FieldErrors::default();
    e.check("name", field::title(name, 64));
    e.check("description", field::free_text(description, 4000));
    e.check("comment", field::free_text(comment, 255));
    e
}

impl MakeTemplate {
    pub fn errors(&self) -> FieldErrors {
        names(&self.name, &self.description, &self.comment)
    }
}

impl ImageTemplate {
    pub fn errors(&self) -> FieldErrors {
        let mut e = names(&self.name, &self.description, &self.comment);
        e.check("memory", vm_request::memory(self.memory));
        e.check("vcpus", field::between(self.vcpus.into(), 1, vm_request::MAX_VCPUS));
        e
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
    pub cpu_model: Option<String>,
    /// What a VM that is made from it is proposed to have.
    pub options: VmOptions,
    /// Of what is made from it.
    pub lease: Option<Lease>,
    pub tags: Vec<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}
