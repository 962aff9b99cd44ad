//! What a person asks for when making or changing a VM, and the checks that need nothing but the request
//! itself. What needs the estate (does the template exist, does it fit a host) is `control`'s.
//! Bounds are oVirt's for x86, cluster level 4.6 and later (catalogue 04 §4).

use serde::{Deserialize, Serialize};

use crate::disk::Allocation;
use crate::size::{GIB, MIB};
use crate::vm_options::{MediaRef, VmOptions};
use crate::{ClusterId, FieldErrors, NetworkId, StorageDomainId, TemplateId, Text, field};

pub const MAX_MEMORY: u64 = 16384 * GIB;
pub const MIN_MEMORY: u64 = 32 * MIB;
pub const MAX_VCPUS: u64 = 710;
pub const MAX_DISK: u64 = 65536 * GIB;
/// The part that New and Edit share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VmConfig {
    pub name: String,
    pub description: String,
    pub comment: String,
    /// Bytes.
    pub memory: u64,
    pub sockets: u32,
    pub cores: u32,
    pub threads: u32,
    /// A libvirt CPU model name; none takes the host's.
    pub cpu_model: Option<String>,
    pub options: VmOptions,
}

impl VmConfig {
    pub fn vcpus(&self) -> u32 {
        self.sockets.saturating_mul(self.cores).saturating_mul(self.threads)
    }

    /// Every field that is wrong, in the order of the dialog.
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::name(&self.name, 64));
        e.check("description", field::free_text(&self.description, 4000));
        e.check("comment", field::free_text(&self.comment, 255));
        e.check("memory", memory(self.memory));
        e.check("sockets", field::between(self.sockets.into(), 1, 16));
        e.check("cores", field::between(self.cores.into(), 1, 254));
        e.check("threads", field::between(self.threads.into(), 1, 8));
        if e.get("sockets").is_none() && e.get("cores").is_none() && e.get("threads").is_none() {
            e.check("cores", field::between(self.vcpus().into(), 1, MAX_VCPUS));
        }
        if let Some(model) = &self.cpu_model {
            e.check("cpu_model", field::name(model, 64));
        }
        e.0.extend(self.options.errors().0);
        e
    }
}

/// What a VM may have, whoever says it.
pub fn memory(bytes: u64) -> Result<(), Text> {
    if (MIN_MEMORY..=MAX_MEMORY).contains(&bytes) {
        return Ok(());
    }
    Err(Text::new("field-between-sizes")
        .with("min", crate::size::text(MIN_MEMORY))
        .with("max", crate::size::text(MAX_MEMORY)))
}

/// A disk to be made with the VM (blank template only; a template brings its own).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewVmDisk {
    /// Bytes.
    pub size: u64,
    pub allocation: Allocation,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewVm {
    pub cluster: ClusterId,
    /// None is oVirt's Blank.
    pub template: Option<TemplateId>,
    pub config: VmConfig,
    /// Where disks go; none takes the template's domain, or the data center's only one.
    pub storage_domain: Option<StorageDomainId>,
    pub disk: Option<NewVmDisk>,
    /// An image that its disk is to be a copy of, instead.
    pub image: Option<MediaRef>,
    /// Its disk is a copy of the template's, and does not need that any more.
    pub clone: bool,
    /// The network of `nic1`; none makes a VM without NIC.
    pub network: Option<NetworkId>,
    /// It is started once it is made.
    #[serde(default)]
    pub start: bool,
}

impl NewVm {
    pub fn errors(&self) -> FieldErrors {
        let mut e = self.config.errors();
        if let Some(disk) = &self.disk {
            e.check("disk_size", disk_size(disk.size));
            if self.template.is_some() {
                e.add("disk_size", Text::new("field-disk-with-template"));
            }
        }
        if self.image.is_some() && (self.template.is_some() || self.disk.is_some()) {
            let key = if self.template.is_some() { "field-disk-with-template" } else { "field-image-size" };
            e.add("image", Text::new(key));
        }
        if self.clone && self.template.is_none() {
            e.add("clone", Text::new("field-clone-template"));
        }
        e
    }
}

/// How large a disk may be made.
pub fn disk_size(bytes: u64) -> Result<(), Text> {
    if (MIB..=MAX_DISK).contains(&bytes) {
        return Ok(());
    }
    Err(Text::new("field-between-sizes")
        .with("min", crate::size::text(MIB))
        .with("max", crate::size::text(MAX_DISK)))
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditVm {
    /// The version that the editor read; another one now means somebody was faster.
    pub version: i64,
    pub config: VmConfig,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> VmConfig {
        VmConfig {
            name: "web1".into(),
            description: String::new(),
            comment: String::new(),
            memory: GIB,
            sockets: 1,
            cores: 2,
            threads: 1,
            cpu_model: None,
            options: VmOptions::default(),
        }
    }

    type Change = fn(&mut VmConfig);

    #[test]
    fn each_field_is_refused_at_its_own_place() {
        let cases: [(&str, Change); 9] = [
            ("name", |c| c.name.clear()),
            ("name", |c| c.name = "a b".into()),
            ("description", |c| c.description = "x".repeat(4001)),
            ("memory", |c| c.memory = 0),
            ("memory", |c| c.memory = u64::MAX),
            ("sockets", |c| c.sockets = 0),
            ("cores", |c| c.cores = 255),
            ("threads", |c| c.threads = 9),
            ("keyboard", |c| c.options.keyboard = Some("klingon".into())),
        ];
        assert!(good().errors().is_empty());
        for (field, change) in cases {
            let mut config = good();
            change(&mut config);
            let errors = config.errors();
            assert_eq!(errors.0.len(), 1, "{field}: {errors}");
            assert!(errors.get(field).is_some(), "{field}: {errors}");
        }
    }

    #[test]
    fn the_product_of_the_topology_is_bounded() {
        let config = VmConfig { sockets: 16, cores: 200, threads: 8, ..good() };
        assert!(config.errors().get("cores").is_some());
    }
}
