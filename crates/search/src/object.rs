//! The fields of everything that can be searched or referred to: the language's vocabulary, as tables. Names and types
//! are oVirt's (catalogue 01 §5) for what Drover knows of its objects; fields of what it does not have yet come with
//! it.

use model::disk::{Allocation, DiskContent, DiskStatus};
use model::event::Severity;
use model::host::HostStatus;
use model::job::JobStatus;
use model::quota::QuotaMode;
use model::storage_domain::StorageStatus;
use model::template::TemplateStatus;
use model::vm::VmStatus;

use crate::Entity;
use crate::field::{Field, Names, Type, Unit};

/// What has fields: an entity, or something that is only ever referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    Of(Entity),
    /// A VM's network interface.
    Vnic,
}

use Names::{Of, Tags};
use Type::{Bool, Date, Id, Number, Ranks, Span, Tag, Words};
use Unit::{Byte, Gib, Mib};

const ARCHITECTURES: &[&str] = &["x86_64", "aarch64", "ppc64le", "s390x"];

static VMS: &[Field] = &[
    Field::text("name").naming(Of(Entity::Vms)),
    Field::text("comment"),
    Field::text("description"),
    Field::new(
        "status",
        Words {
            all: VmStatus::WORDS,
            also: &[
                ("migratingfrom", "migrating"),
                ("migratingto", "migrating"),
                ("powereddown", "powering_down"),
                ("reboatinprogress", "reboot_in_progress"),
            ],
        },
    ),
    Field::text("fqdn"),
    Field::text("address"),
    Field::text("ip"),
    Field::text("cluster").naming(Of(Entity::Clusters)),
    Field::text("datacenter").naming(Of(Entity::DataCenters)),
    Field::text("on_host").naming(Of(Entity::Hosts)),
    Field::text("template").naming(Of(Entity::Templates)),
    Field::text("os").apart(),
    Field::words("architecture", ARCHITECTURES),
    Field::text("custom_cpu_type"),
    Field::new("tag", Tag).naming(Tags),
    Field::number("cpu_usage"),
    Field::number("mem_usage"),
    Field::number("network_usage"),
    Field::new("memory", Number(Mib)),
    Field::number("vcpus"),
    Field::new("uptime", Span),
    Field::new("creationdate", Date),
    Field::new("expires", Date),
    Field::new("next_run_config_exists", Bool),
    Field::new("has_illegal_images", Bool),
    Field::new("highly_available", Bool),
    Field::text("quota").naming(Of(Entity::Quotas)).apart(),
    Field::new("_quota_id", Id).hidden(),
    Field::new("id", Id),
];

static HOSTS: &[Field] = &[
    Field::text("name").naming(Of(Entity::Hosts)),
    Field::text("comment"),
    Field::text("address"),
    Field::new("status", Words { all: HostStatus::WORDS, also: &[] }),
    Field::text("cluster").naming(Of(Entity::Clusters)),
    Field::text("datacenter").naming(Of(Entity::DataCenters)),
    Field::text("version"),
    Field::text("cpu_model"),
    Field::words("architecture", ARCHITECTURES),
    Field::new("tag", Tag).naming(Tags),
    Field::number("cpu_usage"),
    Field::number("mem_usage"),
    Field::number("cpus"),
    Field::new("memory", Number(Mib)),
    Field::new("committed_mem", Number(Mib)),
    Field::number("active_vms"),
    Field::text("hw_id").apart(),
    Field::new("id", Id).hidden(),
];

static TEMPLATES: &[Field] = &[
    Field::text("name").naming(Of(Entity::Templates)),
    Field::text("comment"),
    Field::text("description"),
    Field::words("status", TemplateStatus::WORDS),
    Field::text("datacenter").naming(Of(Entity::DataCenters)),
    Field::text("storage").naming(Of(Entity::Storage)),
    Field::new("tag", Tag).naming(Tags),
    Field::new("creationdate", Date),
    Field::number("childcount"),
    Field::new("mem", Number(Mib)),
    Field::number("vcpus"),
    Field::new("_vmt_id", Id).hidden(),
    Field::new("id", Id).hidden(),
];

static CLUSTERS: &[Field] = &[
    Field::text("name").naming(Of(Entity::Clusters)),
    Field::text("description"),
    Field::text("comment"),
    Field::text("datacenter").naming(Of(Entity::DataCenters)),
    Field::number("hosts_count"),
    Field::number("vms_count"),
    Field::new("id", Id).hidden(),
];

static DATA_CENTERS: &[Field] = &[
    Field::text("name").naming(Of(Entity::DataCenters)),
    Field::text("description"),
    Field::text("comment"),
    Field::new("id", Id).hidden(),
];

static STORAGE: &[Field] = &[
    Field::text("name").naming(Of(Entity::Storage)),
    Field::text("comment"),
    Field::text("description"),
    Field::text("datacenter").naming(Of(Entity::DataCenters)),
    Field::words("status", StorageStatus::WORDS),
    Field::text("path"),
    Field::new("free_size", Number(Gib)),
    Field::new("used_size", Number(Gib)),
    Field::new("total_size", Number(Gib)),
    Field::new("committed", Number(Gib)),
    Field::new("id", Id).hidden(),
];

static DISKS: &[Field] = &[
    Field::text("alias"),
    Field::text("name").hidden(),
    Field::text("description"),
    Field::text("vm_names").naming(Of(Entity::Vms)),
    Field::new("provisioned_size", Number(Byte)),
    Field::new("size", Number(Byte)),
    Field::new("actual_size", Number(Byte)),
    Field::new("creation_date", Date),
    Field::number("number_of_vms"),
    Field::words("status", DiskStatus::WORDS),
    Field::words("disk_type", &["image"]),
    Field::new(
        "disk_content_type",
        Words { all: DiskContent::WORDS, also: &[("memorydumpvolume", "memory")] },
    ),
    Field::text("quota").naming(Of(Entity::Quotas)).apart(),
    Field::new("_quota_id", Id).hidden(),
    Field::new("allocation_policy", Words { all: Allocation::WORDS, also: &[("sparse", "thin")] }),
    Field::new("id", Id),
];

static NETWORKS: &[Field] = &[
    Field::text("name").naming(Of(Entity::Networks)),
    Field::text("description"),
    Field::text("comment"),
    Field::text("datacenter").naming(Of(Entity::DataCenters)),
    Field::text("bridge"),
    Field::new("id", Id).hidden(),
];

static QUOTAS: &[Field] = &[
    Field::text("name").naming(Of(Entity::Quotas)),
    Field::text("description"),
    Field::text("storagepoolname").naming(Of(Entity::DataCenters)),
    Field::number("thresholdstoragepercentage"),
    Field::number("thresholdclusterpercentage"),
    Field::number("gracestoragepercentage"),
    Field::number("graceclusterpercentage"),
    Field::new(
        "enforcementtype",
        Words {
            all: QuotaMode::WORDS,
            also: &[("soft_enforcement", "audit"), ("hard_enforcement", "enforced")],
        },
    ),
    Field::new("id", Id).hidden(),
];

static USERS: &[Field] = &[
    Field::text("usrname").naming(Of(Entity::Users)),
    Field::text("name").hidden(),
    Field::text("login"),
    Field::text("user_and_domain"),
    Field::text("directory"),
    Field::words("type", &["user", "group"]),
    Field::new("tag", Tag).naming(Tags),
    Field::new("id", Id).hidden(),
];

static EVENTS: &[Field] = &[
    Field::new("severity", Ranks(Severity::WORDS)),
    Field::text("message"),
    Field::new("time", Date),
    Field::number("type"),
    Field::text("usrname").naming(Of(Entity::Users)).apart(),
    Field::text("event_host").naming(Of(Entity::Hosts)).apart(),
    Field::text("event_vm").naming(Of(Entity::Vms)).apart(),
    Field::text("event_template").naming(Of(Entity::Templates)).apart(),
    Field::text("event_storage").naming(Of(Entity::Storage)).apart(),
    Field::text("event_datacenter").naming(Of(Entity::DataCenters)).apart(),
    Field::text("event_cluster").naming(Of(Entity::Clusters)).apart(),
    Field::text("correlation_id").apart(),
    Field::new("usrid", Id).hidden(),
    Field::new("_event_vm_id", Id).hidden(),
    Field::new("_event_template_id", Id).hidden(),
    Field::new("_event_storage_id", Id).hidden(),
    Field::new("_event_host_id", Id).hidden(),
    Field::new("_event_datacenter_id", Id).hidden(),
];

static JOBS: &[Field] = &[
    Field::text("correlation_id"),
    Field::words("status", JobStatus::WORDS),
    Field::text("action"),
    Field::text("owner").naming(Of(Entity::Users)),
    Field::new("time", Date),
    Field::new("id", Id).hidden(),
];

static VNIC: &[Field] = &[Field::text("network_name").naming(Of(Entity::Networks)), Field::text("mac")];

impl Object {
    pub fn fields(self) -> &'static [Field] {
        match self {
            Object::Of(Entity::Vms) => VMS,
            Object::Of(Entity::Hosts) => HOSTS,
            Object::Of(Entity::Templates) => TEMPLATES,
            Object::Of(Entity::Clusters) => CLUSTERS,
            Object::Of(Entity::DataCenters) => DATA_CENTERS,
            Object::Of(Entity::Storage) => STORAGE,
            Object::Of(Entity::Disks) => DISKS,
            Object::Of(Entity::Networks) => NETWORKS,
            Object::Of(Entity::Quotas) => QUOTAS,
            Object::Of(Entity::Users) => USERS,
            Object::Of(Entity::Events) => EVENTS,
            Object::Of(Entity::Jobs) => JOBS,
            Object::Vnic => VNIC,
        }
    }

    pub fn field(self, word: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name.eq_ignore_ascii_case(word))
    }

    /// The word that stands before the dot.
    pub fn as_str(self) -> &'static str {
        match self {
            Object::Of(entity) => entity.as_str(),
            Object::Vnic => "Vnic",
        }
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Object::Of(entity) => entity.words(),
            Object::Vnic => &["vnic", "vnics"],
        }
    }
}

impl Entity {
    pub fn fields(self) -> &'static [Field] {
        Object::Of(self).fields()
    }

    /// What a search of this may refer to.
    pub fn related(self) -> &'static [Object] {
        use Entity::*;
        use Object::{Of, Vnic};
        match self {
            Vms => &[Of(Hosts), Of(Templates), Of(Events), Of(Users), Of(Storage), Vnic],
            Hosts => &[Of(Vms), Of(Templates), Of(Events), Of(Users), Of(Storage)],
            Templates => &[Of(Vms), Of(Hosts), Of(Events), Of(Users), Of(Storage)],
            Users => &[Of(Vms), Of(Hosts), Of(Templates), Of(Events)],
            Events => &[Of(Vms), Of(Templates), Of(Users), Of(Clusters), Of(Hosts)],
            Clusters => &[Of(DataCenters), Of(Storage), Of(Hosts), Of(Vms)],
            DataCenters => &[Of(Clusters), Of(Storage), Of(Networks)],
            Storage => &[Of(Hosts), Of(Clusters)],
            Disks => &[Of(DataCenters), Of(Storage), Of(Vms)],
            Networks => &[Of(DataCenters), Of(Vms)],
            Quotas => &[],
            Jobs => &[Of(Events)],
        }
    }

    /// One of these, by any of its words.
    pub(crate) fn related_named(self, word: &str) -> Option<Object> {
        let word = word.to_ascii_lowercase();
        self.related().iter().copied().find(|object| object.words().contains(&word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects() -> impl Iterator<Item = Object> {
        Entity::ALL.iter().copied().map(Object::Of).chain([Object::Vnic])
    }

    #[test]
    fn no_field_has_two_meanings() {
        for object in objects() {
            let mut names: Vec<&str> = object.fields().iter().map(|f| f.name).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{object:?}");
            assert!(object.fields().iter().any(|f| f.free()), "{object:?} has nothing to look for a word in");
        }
    }
}
