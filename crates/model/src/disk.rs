//! A disk: a volume of a storage domain. Thin disks are qcow2 and grow; preallocated ones are raw and
//! take their whole size at once.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::vm::words;
use crate::vm_options::MediaRef;
use crate::{Action, DataCenterId, DiskId, FieldErrors, QuotaId, Refusal, StorageDomainId, field};

words! {
    Allocation { Thin = "thin", Preallocated = "preallocated" }
}

words! {
    DiskStatus { Locked = "locked", Ok = "ok", Illegal = "illegal" }
}

words! {
    /// What is in a disk: what a guest writes, or the memory of a VM that is suspended.
    DiskContent { Data = "data", Memory = "memory" }
}

/// What a disk is made as a copy of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Disk(DiskId),
    Image(MediaRef),
}

/// A disk to be made out of an image that lies in a domain, and to stay in that domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageDisk {
    pub image: MediaRef,
    pub alias: String,
    pub description: String,
    /// None is the default of the data center.
    pub quota: Option<QuotaId>,
}

impl ImageDisk {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("alias", field::title(&self.alias, 255));
        e.check("description", field::free_text(&self.description, 4000));
        e
    }
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

impl DiskContent {
    pub fn label(self) -> String {
        crate::text::t(&format!("disk-content-{}", self.as_str()))
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
    pub description: String,
    pub status: DiskStatus,
    pub content: DiskContent,
    pub allocation: Allocation,
    pub virtual_size: u64,
    pub actual_size: u64,
    pub storage_domain: (StorageDomainId, String),
    pub data_center: (DataCenterId, String),
    /// Names of the VMs or the template that have it.
    pub attached_to: Vec<String>,
    pub quota: Option<(QuotaId, String)>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl DiskRow {
    /// Whether `action` fits. Permission and jobs are other questions.
    pub fn can(&self, action: Action) -> Result<(), Refusal> {
        let alone = matches!(action, Action::RemoveDisk | Action::TakeDisk);
        if alone && !self.attached_to.is_empty() {
            let owners = self.attached_to.join(", ");
            return Err(Refusal::new("refusal-disk-attached")
                .with("name", &self.alias)
                .with("owners", owners));
        }
        if self.status == DiskStatus::Locked {
            return Err(Refusal::new("refusal-disk-locked").with("name", &self.alias));
        }
        let used = matches!(action, Action::TakeDisk | Action::ExtendDisk);
        if used && (self.status, self.content) != (DiskStatus::Ok, DiskContent::Data) {
            return Err(Refusal::new("refusal-disk-unusable").with("name", &self.alias));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_attached_or_locked_is_not_removed() {
        let disk = |status, attached: &[&str]| DiskRow {
            id: DiskId(Uuid::nil()),
            version: 1,
            alias: "d".into(),
            description: String::new(),
            status,
            content: DiskContent::Data,
            allocation: Allocation::Thin,
            virtual_size: 1,
            actual_size: 1,
            storage_domain: (StorageDomainId(Uuid::nil()), String::new()),
            data_center: (DataCenterId(Uuid::nil()), String::new()),
            attached_to: attached.iter().map(ToString::to_string).collect(),
            quota: None,
            created_at: OffsetDateTime::UNIX_EPOCH,
        };
        for (disk, refusal) in [
            (disk(DiskStatus::Ok, &[]), None),
            (disk(DiskStatus::Illegal, &[]), None),
            (disk(DiskStatus::Locked, &[]), Some("refusal-disk-locked")),
            (disk(DiskStatus::Ok, &["web1"]), Some("refusal-disk-attached")),
            (disk(DiskStatus::Locked, &["web1"]), Some("refusal-disk-attached")),
        ] {
            let said = disk.can(Action::RemoveDisk).err().map(|r| r.text.key);
            assert_eq!(said.as_deref(), refusal);
            // Neither is it given to a VM.
            if disk.status != DiskStatus::Illegal {
                assert_eq!(disk.can(Action::TakeDisk).err().map(|r| r.text.key).as_deref(), refusal);
            }
        }
        let (illegal, memory) = (disk(DiskStatus::Illegal, &[]), disk(DiskStatus::Ok, &[]));
        for disk in [illegal, DiskRow { content: DiskContent::Memory, ..memory }] {
            for action in [Action::TakeDisk, Action::ExtendDisk] {
                assert_eq!(disk.can(action).unwrap_err().text.key, "refusal-disk-unusable");
            }
            assert_eq!(disk.can(Action::EditDisk), Ok(()));
        }
        for (disk, refusal) in [
            (disk(DiskStatus::Ok, &["web1"]), None),
            (disk(DiskStatus::Locked, &["web1"]), Some("refusal-disk-locked")),
        ] {
            for action in [Action::EditDisk, Action::ExtendDisk] {
                assert_eq!(disk.can(action).err().map(|r| r.text.key).as_deref(), refusal);
            }
        }
    }
}
