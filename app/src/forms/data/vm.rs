//! A VM, new or changed: the fields of all tabs of the dialog in one type.

use model::disk::Allocation;
use model::size::{GIB, MIB};
use model::vm::VmDetails;
use model::vm_options::{BootDevice, MediaRef, VmOptions};
use model::vm_request::{EditVm, NewVm, NewVmDisk, VmConfig};
use model::{ClusterId, FieldErrors, NetworkId, QuotaId, StorageDomainId, TemplateId};
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
    /// A `MediaRef` that the disk is to be a copy of.
    pub image: String,
    pub clone: String,
    pub start: String,
    /// Empty is the default of its data center.
    pub quota: String,
    pub protected: String,
    // System
    /// MiB.
    pub memory: String,
    pub vcpus: String,
    pub sockets: String,
    pub cores: String,
    pub threads: String,
    pub cpu_model: String,
    // Console
    pub graphics: String,
    pub keyboard: String,
    pub disconnect: String,
    // Host
    /// Ids with commas between; empty is any host.
    pub hosts: String,
    pub migration: String,
    // High Availability
    pub ha: String,
    pub priority: String,
    // Boot Options
    pub boot_first: String,
    pub boot_second: String,
    pub boot_menu: String,
    pub cd: String,
    pub kernel: String,
    pub initrd: String,
    pub kernel_parameters: String,
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
    "image",
    "clone",
    "start",
    "quota",
    "protected",
];
pub const SYSTEM: &[&str] = &["memory", "vcpus", "sockets", "cores", "threads", "cpu_model"];
pub const CONSOLE: &[&str] = &["graphics", "keyboard", "disconnect"];
pub const HOST: &[&str] = &["hosts", "migration"];
pub const AVAILABILITY: &[&str] = &["ha", "priority"];
pub const BOOT: &[&str] =
    &["boot_first", "boot_second", "boot_menu", "cd", "kernel", "initrd", "kernel_parameters"];

impl Default for VmForm {
    fn default() -> Self {
        VmForm {
            allocation: Allocation::Thin.as_str().to_owned(),
            memory: DEFAULT_MEMORY.to_string(),
            vcpus: "1".to_owned(),
            ..VmForm::with(&VmOptions::default())
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
            ..VmForm::with(&vm.options)
        }
    }
}

impl VmForm {
    /// The fields that are options; the others are empty.
    pub fn with(o: &VmOptions) -> VmForm {
        let empty = String::new;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let device = |n: usize| o.boot.get(n).map(|d| d.as_str().to_owned()).unwrap_or_default();
        VmForm {
            version: empty(),
            name: empty(),
            description: empty(),
            comment: empty(),
            cluster: empty(),
            template: empty(),
            disk_size: empty(),
            allocation: empty(),
            storage_domain: empty(),
            network: empty(),
            image: empty(),
            clone: empty(),
            start: empty(),
            quota: o.quota.map(|quota| quota.to_string()).unwrap_or_default(),
            protected: boxed(o.protected),
            memory: empty(),
            vcpus: empty(),
            sockets: empty(),
            cores: empty(),
            threads: empty(),
            cpu_model: empty(),
            graphics: o.graphics.as_str().to_owned(),
            keyboard: text(&o.keyboard),
            disconnect: o.disconnect.as_str().to_owned(),
            hosts: o.hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            migration: o.migration.as_str().to_owned(),
            ha: boxed(o.ha),
            priority: o.priority.as_str().to_owned(),
            boot_first: device(0),
            boot_second: device(1),
            boot_menu: boxed(o.boot_menu),
            cd: o.cd.as_ref().map(ToString::to_string).unwrap_or_default(),
            kernel: text(&o.kernel),
            initrd: text(&o.initrd),
            kernel_parameters: text(&o.kernel_parameters),
        }
    }

    fn options(&self, r: &mut Reader) -> VmOptions {
        let usual = VmOptions::default();
        let first = r.word("boot_first", &self.boot_first, BootDevice::Disk);
        let second = (!self.boot_second.is_empty())
            .then(|| r.word("boot_second", &self.boot_second, BootDevice::Cdrom));
        VmOptions {
            graphics: r.word("graphics", &self.graphics, usual.graphics),
            keyboard: optional(&self.keyboard),
            disconnect: r.word("disconnect", &self.disconnect, usual.disconnect),
            hosts: r.several("hosts", &self.hosts),
            migration: r.word("migration", &self.migration, usual.migration),
            ha: on(&self.ha),
            priority: r.word("priority", &self.priority, usual.priority),
            boot: std::iter::once(first).chain(second).collect(),
            boot_menu: on(&self.boot_menu),
            cd: (!self.cd.is_empty()).then(|| self.cd.parse().ok()).flatten(),
            kernel: optional(&self.kernel),
            initrd: optional(&self.initrd),
            // Kept as typed, so that blanks at its ends are told.
            kernel_parameters: Some(self.kernel_parameters.clone()).filter(|p| !p.is_empty()),
            quota: r.choice_or_none::<Uuid>("quota", &self.quota).map(QuotaId),
            protected: on(&self.protected),
        }
    }

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
            options: self.options(r),
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

    /// Like the size, not meant any more once a template was chosen.
    fn image(&self) -> Option<MediaRef> {
        self.image.parse().ok().filter(|_| self.template.is_empty())
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
            image: self.image(),
            clone: on(&self.clone) && !self.template.is_empty(),
            start: on(&self.start),
            config: self.config(&mut r),
        };
        r.and(new.errors());
        r.end(new)
    }
}
