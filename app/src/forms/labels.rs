//! What the fields of the edit forms are called, and how their texts read: for where a form is spoken of, not shown.

/// How the text of a field becomes words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    Text,
    Mib,
    Box,
    /// One of a set; its key begins with this.
    Word(&'static str),
    /// Ids with commas between.
    Hosts,
    /// Numbers with commas between.
    Groups,
    /// The id of one.
    Tag,
    Cd,
    Quota,
}

pub struct Label {
    pub name: &'static str,
    pub key: &'static str,
    pub reads: Reads,
    /// What no text means.
    pub empty: &'static str,
}

const fn field(name: &'static str, key: &'static str, reads: Reads) -> Label {
    Label { name, key, reads, empty: "value-none" }
}

impl Label {
    const fn empty(self, empty: &'static str) -> Label {
        Label { empty, ..self }
    }

    /// Whether two texts of the field mean the same. Browsers differ in how they break lines.
    pub fn same(&self, a: &str, b: &str) -> bool {
        self.meant(a) == self.meant(b)
    }

    fn meant(&self, text: &str) -> String {
        if matches!(self.reads, Reads::Hosts | Reads::Groups) {
            let mut ids: Vec<&str> = text.split(',').collect();
            ids.sort_unstable();
            return ids.join(",");
        }
        text.trim().replace("\r\n", "\n")
    }
}

/// In the order of the forms. One name means the same in all of them.
pub const FIELDS: &[Label] = &[
    field("name", "field-name", Reads::Text),
    field("alias", "field-alias", Reads::Text),
    field("description", "field-description", Reads::Text),
    field("comment", "field-comment", Reads::Text),
    field("extend", "field-extend", Reads::Text),
    field("bootable", "field-bootable", Reads::Box).empty("value-no"),
    field("all_users", "field-all-users", Reads::Box).empty("value-no"),
    field("bridge", "field-bridge", Reads::Text),
    field("quota_mode", "field-quota-mode", Reads::Word("quota-mode")),
    field("quota", "kind-quota-title", Reads::Quota).empty("quota-default"),
    field("per_cluster", "quota-per-cluster", Reads::Box).empty("value-no"),
    field("per_domain", "quota-per-domain", Reads::Box).empty("value-no"),
    field("storage", "tab-storage", Reads::Text).empty("quota-unlimited"),
    field("cluster_threshold", "quota-threshold", Reads::Text),
    field("cluster_grace", "quota-grace", Reads::Text),
    field("storage_threshold", "quota-threshold", Reads::Text),
    field("storage_grace", "quota-grace", Reads::Text),
    field("lease_days", "lease-days", Reads::Text).empty("lease-never"),
    field("lease_extension", "lease-extension", Reads::Text),
    field("lease_longest", "lease-longest", Reads::Text),
    field("lease_keep", "lease-keep", Reads::Text),
    field("protected", "field-protected", Reads::Box).empty("value-no"),
    field("path", "field-path-label", Reads::Text),
    field("transport", "field-transport", Reads::Word("transport")),
    field("address", "field-address-label", Reads::Text),
    field("port", "field-port", Reads::Text),
    field("acceleration", "field-acceleration", Reads::Word("acceleration")),
    field("memory_limit", "field-memory-limit", Reads::Mib),
    field("cpu_limit", "field-cpu-limit", Reads::Text),
    field("memory", "field-memory-size", Reads::Mib),
    field("vcpus", "vm-total-vcpus", Reads::Text),
    field("sockets", "field-sockets", Reads::Text),
    field("cores", "field-cores", Reads::Text),
    field("threads", "field-threads", Reads::Text),
    field("cpu_model", "field-cpu-model", Reads::Text).empty("vm-cpu-host"),
    field("graphics", "field-graphics", Reads::Word("graphics")),
    field("keyboard", "field-keyboard", Reads::Text).empty("vm-keyboard-default"),
    field("disconnect", "field-disconnect", Reads::Word("disconnect")),
    field("hosts", "field-hosts", Reads::Hosts).empty("vm-any-host"),
    field("migration", "field-migration", Reads::Word("migration")),
    field("ha", "field-ha", Reads::Box).empty("value-no"),
    field("priority", "field-priority", Reads::Word("priority")),
    field("boot_first", "field-boot-first", Reads::Word("boot")),
    field("boot_second", "field-boot-second", Reads::Word("boot")).empty("boot-none"),
    field("boot_menu", "field-boot-menu", Reads::Box).empty("value-no"),
    field("cd", "field-cd", Reads::Cd).empty("vm-no-cd"),
    field("kernel", "field-kernel", Reads::Text),
    field("initrd", "field-initrd", Reads::Text),
    field("parent", "field-tag-parent", Reads::Tag),
    field("administrative", "field-role-admin", Reads::Box).empty("value-no"),
    field("groups", "field-role-groups", Reads::Groups),
    field("search", "field-search", Reads::Text),
    field("shared", "field-shared", Reads::Box).empty("value-no"),
    field("schema", "field-schema", Reads::Word("schema")),
    field("servers", "field-servers", Reads::Text),
    field("security", "field-security", Reads::Word("security")),
    field("ca", "field-ca", Reads::Text),
    field("issuer", "field-issuer", Reads::Text),
    field("client_id", "field-client-id", Reads::Text),
    field("scopes", "field-scopes", Reads::Text),
    field("user_claim", "field-user-claim", Reads::Text),
    field("full_name_claim", "field-full-name-claim", Reads::Text),
    field("mail_claim", "field-mail-claim", Reads::Text),
    field("groups_claim", "field-groups-claim", Reads::Text),
    field("enabled", "field-enabled", Reads::Box).empty("value-no"),
    field("everybody", "field-everybody", Reads::Box).empty("value-no"),
    field("base_dn", "field-base-dn", Reads::Text),
    field("bind_dn", "field-bind-dn", Reads::Text),
    field("kernel_parameters", "field-kernel-parameters", Reads::Text),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::data::bookmark::BookmarkForm;
    use crate::forms::data::cluster::ClusterForm;
    use crate::forms::data::data_center::DataCenterForm;
    use crate::forms::data::directory::DirectoryForm;
    use crate::forms::data::hardware::EditDiskForm;
    use crate::forms::data::host::HostForm;
    use crate::forms::data::network::NetworkForm;
    use crate::forms::data::provider::ProviderForm;
    use crate::forms::data::quota::QuotaForm;
    use crate::forms::data::role::RoleForm;
    use crate::forms::data::storage::StorageForm;
    use crate::forms::data::tag::TagForm;
    use crate::forms::data::template::TemplateForm;
    use crate::forms::data::vm::VmForm;

    /// What an edit sends along without showing it, and what only a new object is asked.
    const NOT_EDITED: [&str; 12] = [
        "version",
        "data_center",
        "cluster",
        "template",
        "disk_size",
        "allocation",
        "storage_domain",
        "network",
        "image",
        "clone",
        "start",
        "password",
    ];

    fn names<T: serde::Serialize>(form: &T) -> Vec<String> {
        serde_json::to_value(form).unwrap().as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn every_field_of_every_edit_has_a_label() {
        let all = [
            names(&DataCenterForm::default()),
            names(&ClusterForm::default()),
            names(&NetworkForm::default()),
            names(&StorageForm::default()),
            names(&QuotaForm::default()),
            names(&HostForm::default()),
            names(&EditDiskForm::default()),
            names(&VmForm::default()),
            names(&TagForm::default()),
            names(&TemplateForm::default()),
            names(&BookmarkForm::default()),
            names(&RoleForm::default()),
            names(&DirectoryForm::default()),
            names(&ProviderForm::default()),
        ]
        .concat();
        for name in all.iter().filter(|name| !NOT_EDITED.contains(&name.as_str())) {
            assert!(FIELDS.iter().any(|label| label.name == name), "{name}");
        }
    }

    #[test]
    fn every_word_of_every_set_has_words() {
        use model::directory::{Schema, Security};
        use model::host::{Acceleration, Transport};
        use model::vm_options::{BootDevice, DisconnectAction, Graphics, Migration, Priority};
        fn keys<T: Copy>(set: &str, all: &[T], word: fn(T) -> &'static str) -> Vec<String> {
            all.iter().map(|w| format!("{set}-{}", word(*w).replace('_', "-"))).collect()
        }
        let keys = [
            keys("transport", Transport::ALL, Transport::as_str),
            keys("acceleration", Acceleration::ALL, Acceleration::as_str),
            keys("graphics", Graphics::ALL, Graphics::as_str),
            keys("disconnect", DisconnectAction::ALL, DisconnectAction::as_str),
            keys("migration", Migration::ALL, Migration::as_str),
            keys("priority", Priority::ALL, Priority::as_str),
            keys("schema", Schema::ALL, Schema::as_str),
            keys("security", Security::ALL, Security::as_str),
            keys("boot", BootDevice::ALL, BootDevice::as_str),
            keys("quota-mode", model::quota::QuotaMode::ALL, model::quota::QuotaMode::as_str),
        ]
        .concat();
        for key in keys.iter().map(String::as_str).chain(FIELDS.iter().flat_map(|f| [f.key, f.empty])) {
            assert!(model::text::known(key), "{key}");
        }
        let sets: Vec<_> = FIELDS.iter().filter(|f| matches!(f.reads, Reads::Word(_))).collect();
        assert!(
            sets.iter()
                .all(|f| matches!(f.reads, Reads::Word(set) if keys.iter().any(|k| k.starts_with(set))))
        );
    }
}
