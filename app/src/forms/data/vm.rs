//! A VM, new or changed: the fields of the dialog's tabs General, System and Console in one type.

use model::disk::Allocation;
use model::size::{GIB, MIB};
use model::vm::VmDetails;
use model::vm_request::{EditVm, NewVm, NewVmDisk, VmConfig};
use model::{ClusterId, FieldErrors, NetworkId, StorageDomainId, TemplateId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::topology::topology;
use crate::forms::FormData;
use crate::forms::parse::{Reader, boxed, on, optional};

/// What oVirt's new VM has.
const DEFAULT_MEMORY: u64 = 1024;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VmForm {
    /// Empty for a new one.
    pub version: String,
    pub name: String,
    pub description: String,
    pub comment: String,
    // For a new one only.
    pub cluster: String,
    /// Empty is Blank.
    pub template: String,
    /// GiB; empty makes no disk.
    pub disk_size: String,
    pub allocation: String,
    /// Empty lets the server choose.
    pub storage_domain: String,
    pub network: String,
    // System
    /// MiB.
    pub memory: String,
    pub vcpus: String,
    pub sockets: String,
    pub cores: String,
    pub threads: String,
    pub cpu_model: String,
    // Console
    pub headless: String,
    pub keyboard: String,
}

pub const GENERAL: &[&str] = &[
    "name",
    "description",
    "comment",
    "cluster",
    "template",
    "disk_size",
    "allocation",
    "storage_domain",
    "network",
];
pub const SYSTEM: &[&str] = &["memory", "vcpus", "sockets", "cores", "threads", "cpu_model"];
pub const CONSOLE: &[&str] = &["headless", "keyboard"];

impl Default for VmForm {
    fn default() -> Self {
        let empty = String::new;
        VmForm {
            version: empty(),
            name: empty(),
            description: empty(),
            comment: empty(),
            cluster: empty(),
            template: empty(),
            disk_size: empty(),
            allocation: Allocation::Thin.as_str().to_owned(),
            storage_domain: empty(),
            network: empty(),
            memory: DEFAULT_MEMORY.to_string(),
            vcpus: "1".to_owned(),
            sockets: empty(),
            cores: empty(),
            threads: empty(),
            cpu_model: empty(),
            headless: empty(),
            keyboard: empty(),
        }
    }
}

impl From<&VmDetails> for VmForm {
    fn from(vm: &VmDetails) -> Self {
        let (s, c, t) = (vm.sockets, vm.cores, vm.threads);
        let total = s.saturating_mul(c).saturating_mul(t);
        // A shape that would be chosen anyway is left open, so that changing the total alone works.
        let shaped = topology(total, None, None, None) != Some((s, c, t));
        let shape = |n: u32| if shaped { n.to_string() } else { String::new() };
        VmForm {
            version: vm.row.version.to_string(),
            name: vm.row.name.clone(),
            description: vm.row.description.clone(),
            comment: vm.row.comment.clone(),
            cluster: vm.row.cluster.0.to_string(),
            memory: (vm.row.memory / MIB).to_string(),
            vcpus: total.to_string(),
            sockets: shape(s),
            cores: shape(c),
            threads: shape(t),
            cpu_model: vm.cpu_model.clone().unwrap_or_default(),
            headless: boxed(vm.row.headless),
            keyboard: vm.keyboard.clone().unwrap_or_default(),
            ..VmForm::default()
        }
    }
}

impl VmForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditVm, FieldErrors> {
        let new = self.request()?;
        Ok(EditVm { version: self.version.parse().unwrap_or_default(), config: new.config })
    }

    fn config(&self, r: &mut Reader) -> VmConfig {
        let memory = r.mib("memory", &self.memory);
        let (sockets, cores, threads) = self.shape(r);
        VmConfig {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            comment: self.comment.clone(),
            memory,
            sockets,
            cores,
            threads,
            cpu_model: optional(&self.cpu_model),
            headless: on(&self.headless),
            keyboard: optional(&self.keyboard),
        }
    }

    /// One of each stands in for a shape that is refused.
    fn shape(&self, r: &mut Reader) -> (u32, u32, u32) {
        let mut own = Reader::default();
        let total: u32 = own.number("vcpus", &self.vcpus);
        let sockets = own.number_or_none("sockets", &self.sockets);
        let cores = own.number_or_none("cores", &self.cores);
        let threads = own.number_or_none("threads", &self.threads);
        if let Err(wrong) = own.end(()) {
            r.and(wrong);
            return (1, 1, 1);
        }
        topology(total, sockets, cores, threads).unwrap_or_else(|| {
            r.refuse("vcpus", if total == 0 { "field-at-least-one" } else { "field-vcpus-shape" });
            (1, 1, 1)
        })
    }

    fn disk(&self, r: &mut Reader) -> Option<NewVmDisk> {
        // A template brings its own disk; the size typed before it was chosen is not meant any more.
        if !self.template.is_empty() || self.disk_size.trim().is_empty() {
            return None;
        }
        let size = r.number::<u64>("disk_size", &self.disk_size).saturating_mul(GIB);
        let allocation = self.allocation.parse().unwrap_or_else(|_| {
            r.refuse("allocation", "field-unknown-choice");
            Allocation::Thin
        });
        Some(NewVmDisk { size, allocation })
    }
}

impl FormData for VmForm {
    type Request = NewVm;

    fn request(&self) -> Result<NewVm, FieldErrors> {
        let mut r = Reader::default();
        let new = NewVm {
            cluster: ClusterId(r.choice::<Uuid>("cluster", &self.cluster)),
            template: r.choice_or_none::<Uuid>("template", &self.template).map(TemplateId),
            storage_domain: r
                .choice_or_none::<Uuid>("storage_domain", &self.storage_domain)
                .map(StorageDomainId),
            network: r.choice_or_none::<Uuid>("network", &self.network).map(NetworkId),
            disk: self.disk(&mut r),
            config: self.config(&mut r),
        };
        r.and(new.errors());
        r.end(new)
    }
}
