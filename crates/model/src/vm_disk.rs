//! The disks of a VM as somebody asks for them: a new one, one that is there, and what may be changed of it. Names,
//! bounds and the order of the fields are oVirt's (catalogue 04 §5).

use serde::{Deserialize, Serialize};

use crate::disk::Allocation;
use crate::vm::words;
use crate::vm_request::{MAX_DISK, disk_size};
use crate::{DiskId, FieldErrors, QuotaId, StorageDomainId, Text, field};

words! {
    /// What a guest sees a disk on. One on the SCSI controller can be put in and taken out without asking the guest.
    Interface { VirtioScsi = "virtio_scsi", Virtio = "virtio" }
}

impl Interface {
    pub fn label(self) -> String {
        crate::text::t(&format!("interface-{}", self.as_str().replace('_', "-")))
    }
}

/// A disk to be made for a VM.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddDisk {
    /// Bytes.
    pub size: u64,
    pub alias: String,
    pub description: String,
    pub allocation: Allocation,
    pub storage_domain: StorageDomainId,
    pub interface: Interface,
    pub bootable: bool,
    /// None is the default of the data center.
    pub quota: Option<QuotaId>,
}

impl AddDisk {
    pub fn errors(&self) -> FieldErrors {
        let mut e = names(&self.alias, &self.description);
        e.check("size", disk_size(self.size));
        e
    }
}

fn names(alias: &str, description: &str) -> FieldErrors {
    let mut e = FieldErrors::default();
    e.check("alias", field::title(alias, 255));
    e.check("description", field::free_text(description, 4000));
    e
}

/// A disk that nothing has, to be given to a VM.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttachDisk {
    pub disk: DiskId,
    pub interface: Interface,
    pub bootable: bool,
}

/// A disk of a VM, to be taken from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetachDisk {
    pub disk: DiskId,
    /// What is on it goes as well; otherwise it stays, and nothing has it.
    pub remove: bool,
}

/// What is changed of a disk that is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditDisk {
    /// The version that the editor read.
    pub version: i64,
    pub alias: String,
    pub description: String,
    /// Only a VM boots; of a disk that none has, nobody asks.
    pub bootable: bool,
    /// Bytes that it is to be larger. A disk never gets smaller.
    pub extend: u64,
}

impl EditDisk {
    /// What is wrong for a disk of this size.
    pub fn errors(&self, size: u64) -> FieldErrors {
        let mut e = names(&self.alias, &self.description);
        if size.checked_add(self.extend).is_none_or(|size| size > MAX_DISK) {
            let most = crate::size::text(MAX_DISK.saturating_sub(size));
            e.add("extend", Text::new("field-extend-most").with("max", most));
        }
        e
    }
}

/// A disk and how it hangs on its VM, for its dialog.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiskOfVm {
    pub disk: crate::disk::DiskRow,
    /// None: no VM has it.
    pub bootable: Option<bool>,
    /// The VM is down, so that this can be changed.
    pub down: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::GIB;
    use uuid::Uuid;

    #[test]
    fn a_new_disk_is_wrong_at_its_own_field() {
        let good = AddDisk {
            size: GIB,
            alias: "web1_Disk2".into(),
            description: String::new(),
            allocation: Allocation::Thin,
            storage_domain: StorageDomainId(Uuid::nil()),
            interface: Interface::VirtioScsi,
            bootable: false,
            quota: None,
        };
        assert!(good.errors().is_empty());
        for (field, wrong) in [
            ("size", AddDisk { size: 0, ..good.clone() }),
            ("size", AddDisk { size: MAX_DISK + 1, ..good.clone() }),
            ("alias", AddDisk { alias: String::new(), ..good.clone() }),
            ("alias", AddDisk { alias: "a/b".into(), ..good.clone() }),
            ("description", AddDisk { description: "x".repeat(4001), ..good.clone() }),
        ] {
            let errors = wrong.errors();
            assert_eq!(errors.0.len(), 1, "{errors}");
            assert!(errors.get(field).is_some(), "{field}: {errors}");
        }
    }

    #[test]
    fn a_disk_grows_to_what_is_largest_and_no_further() {
        let by = |extend| EditDisk {
            version: 1,
            alias: "d".into(),
            description: String::new(),
            bootable: false,
            extend,
        };
        for (size, extend, fine) in [
            (GIB, 0, true),
            (GIB, GIB, true),
            (MAX_DISK - GIB, GIB, true),
            (MAX_DISK - GIB, GIB + 1, false),
            (GIB, u64::MAX, false),
        ] {
            assert_eq!(by(extend).errors(size).get("extend").is_none(), fine, "{size} + {extend}");
        }
    }
}
