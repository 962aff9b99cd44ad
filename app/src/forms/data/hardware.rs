//! The disks and network interfaces of a VM: made, put in, changed, taken out.

use model::disk::Allocation;
use model::nic::{NicConfig, NicModel};
use model::size::GIB;
use model::vm::Nic;
use model::vm_disk::{AddDisk, AttachDisk, DetachDisk, DiskOfVm, EditDisk, Interface};
use model::{DiskId, FieldErrors, NetworkId, NicId, QuotaId, StorageDomainId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::{Reader, boxed, on};

/// New Disk of a VM.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AddDiskForm {
    /// GiB.
    pub size: String,
    pub alias: String,
    pub description: String,
    pub interface: String,
    pub storage_domain: String,
    pub allocation: String,
    pub quota: String,
    pub bootable: String,
}

impl FormData for AddDiskForm {
    type Request = AddDisk;

    fn request(&self) -> Result<AddDisk, FieldErrors> {
        let mut r = Reader::default();
        let new = AddDisk {
            size: r.number::<u64>("size", &self.size).saturating_mul(GIB),
            alias: self.alias.trim().to_owned(),
            description: self.description.clone(),
            interface: r.word("interface", &self.interface, Interface::VirtioScsi),
            storage_domain: StorageDomainId(r.choice::<Uuid>("storage_domain", &self.storage_domain)),
            allocation: r.word("allocation", &self.allocation, Allocation::Thin),
            quota: r.choice_or_none::<Uuid>("quota", &self.quota).map(QuotaId),
            bootable: on(&self.bootable),
        };
        r.and(new.errors());
        r.end(new)
    }
}

/// Attach Disk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AttachDiskForm {
    pub disk: String,
    pub interface: String,
    pub bootable: String,
}

impl FormData for AttachDiskForm {
    type Request = AttachDisk;

    fn request(&self) -> Result<AttachDisk, FieldErrors> {
        let mut r = Reader::default();
        let asked = AttachDisk {
            disk: DiskId(r.choice::<Uuid>("disk", &self.disk)),
            interface: r.word("interface", &self.interface, Interface::VirtioScsi),
            bootable: on(&self.bootable),
        };
        r.end(asked)
    }
}

/// Detach Disk, and its removal if the box is on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetachDiskForm {
    pub disk: String,
    pub remove: String,
}

impl FormData for DetachDiskForm {
    type Request = DetachDisk;

    fn request(&self) -> Result<DetachDisk, FieldErrors> {
        let mut r = Reader::default();
        let disk = DiskId(r.choice::<Uuid>("disk", &self.disk));
        r.end(DetachDisk { disk, remove: on(&self.remove) })
    }
}

/// Edit Disk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditDiskForm {
    pub version: String,
    pub alias: String,
    pub description: String,
    /// GiB that it is to be larger; empty leaves it as it is.
    pub extend: String,
    pub bootable: String,
}

impl From<&DiskOfVm> for EditDiskForm {
    fn from(of: &DiskOfVm) -> Self {
        EditDiskForm {
            version: of.disk.version.to_string(),
            alias: of.disk.alias.clone(),
            description: of.disk.description.clone(),
            extend: String::new(),
            bootable: boxed(of.bootable == Some(true)),
        }
    }
}

impl FormData for EditDiskForm {
    type Request = EditDisk;

    fn request(&self) -> Result<EditDisk, FieldErrors> {
        let mut r = Reader::default();
        let extend = r.number_or_none::<u64>("extend", &self.extend).unwrap_or_default();
        let edit = EditDisk {
            version: self.version.parse().unwrap_or_default(),
            alias: self.alias.trim().to_owned(),
            description: self.description.clone(),
            bootable: on(&self.bootable),
            extend: extend.saturating_mul(GIB),
        };
        // How large it is, only the server knows.
        r.and(edit.errors(0));
        r.end(edit)
    }
}

/// A network interface, new or changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NicForm {
    /// Empty for a new one.
    pub nic: String,
    pub name: String,
    pub network: String,
    pub model: String,
    pub plugged: String,
    pub linked: String,
}

impl NicForm {
    pub fn new(name: String, network: String) -> NicForm {
        let (model, yes) = (NicModel::Virtio.as_str().to_owned(), boxed(true));
        NicForm { nic: String::new(), name, network, model, plugged: yes.clone(), linked: yes }
    }

    /// Which of the VM's it is about.
    pub fn id(&self) -> Result<NicId, FieldErrors> {
        let mut r = Reader::default();
        let id = NicId(r.choice::<Uuid>("nic", &self.nic));
        r.end(id)
    }
}

impl From<&Nic> for NicForm {
    fn from(nic: &Nic) -> Self {
        NicForm {
            nic: nic.id.to_string(),
            name: nic.name.clone(),
            network: nic.network.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default(),
            model: nic.model.as_str().to_owned(),
            plugged: boxed(nic.plugged),
            linked: boxed(nic.linked),
        }
    }
}

impl FormData for NicForm {
    type Request = NicConfig;

    fn request(&self) -> Result<NicConfig, FieldErrors> {
        let mut r = Reader::default();
        let nic = NicConfig {
            name: self.name.trim().to_owned(),
            network: r.choice_or_none::<Uuid>("network", &self.network).map(NetworkId),
            model: r.word("model", &self.model, NicModel::Virtio),
            plugged: on(&self.plugged),
            linked: on(&self.linked),
        };
        r.and(nic.errors());
        r.end(nic)
    }
}

/// Remove a network interface.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoveNicForm {
    pub nic: String,
}

impl FormData for RemoveNicForm {
    type Request = NicId;

    fn request(&self) -> Result<NicId, FieldErrors> {
        let mut r = Reader::default();
        let id = NicId(r.choice::<Uuid>("nic", &self.nic));
        r.end(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(7);

    fn wrong<T: FormData>(form: &T) -> Vec<String> {
        form.request()
            .err()
            .unwrap_or_default()
            .0
            .into_iter()
            .map(|(field, text)| format!("{field}: {}", text.key))
            .collect()
    }

    #[test]
    fn a_disk_is_asked_for_in_gib() {
        let form = AddDiskForm {
            size: " 5 ".into(),
            alias: "web1_Disk2".into(),
            storage_domain: ID.to_string(),
            bootable: "true".into(),
            ..Default::default()
        };
        let asked = form.request().unwrap();
        assert_eq!(
            (asked.size, asked.interface, asked.allocation),
            (5 * GIB, Interface::VirtioScsi, Allocation::Thin)
        );
        assert!(asked.bootable);
        for (size, told) in
            [("", "size: field-required"), ("x", "size: field-number"), ("0", "size: field-between-sizes")]
        {
            assert_eq!(wrong(&AddDiskForm { size: size.into(), ..form.clone() }), [told]);
        }
        let nowhere = AddDiskForm { storage_domain: String::new(), ..form };
        assert_eq!(wrong(&nowhere), ["storage_domain: field-required"]);
        assert_eq!(wrong(&AttachDiskForm::default()), ["disk: field-required"]);
        assert_eq!(
            wrong(&DetachDiskForm { disk: "x".into(), ..Default::default() }),
            ["disk: field-unknown-choice"]
        );
    }

    #[test]
    fn a_disk_that_is_not_extended_stays_as_large_as_it_is() {
        let form = EditDiskForm { version: "3".into(), alias: "d".into(), ..Default::default() };
        assert_eq!(form.request().unwrap().extend, 0);
        assert_eq!(EditDiskForm { extend: "2".into(), ..form.clone() }.request().unwrap().extend, 2 * GIB);
        assert_eq!(wrong(&EditDiskForm { extend: "-1".into(), ..form }), ["extend: field-number"]);
    }

    #[test]
    fn a_nic_comes_back_as_it_went() {
        let nic = Nic {
            id: NicId(ID),
            name: "nic1".into(),
            mac: "56:6f:00:00:00:01".into(),
            network: Some((NetworkId(ID), "mgmt".into())),
            model: NicModel::E1000e,
            plugged: false,
            linked: true,
            addresses: vec![],
        };
        let form = NicForm::from(&nic);
        assert_eq!((form.id().unwrap(), form.request().unwrap()), (nic.id, nic.config()));
        assert_eq!(wrong(&NicForm { name: "a b".into(), ..form }), ["name: field-name-characters"]);
        assert!(NicForm::default().id().is_err() && RemoveNicForm::default().request().is_err());
    }
}
