//! The action groups: what a role is made of. Numbers, names, and which of them are for administrators are oVirt's
//! (`ActionGroup.java`, catalogue 02 §2).

/// What a group is about; the dialog of a role has them by area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    Vm,
    Host,
    Template,
    Pool,
    Cluster,
    Users,
    Storage,
    DataCenter,
    Engine,
    Gluster,
    Disk,
    VnicProfile,
    System,
    Sla,
}

impl Area {
    pub const ALL: [Area; 14] = [
        Area::Vm,
        Area::Host,
        Area::Template,
        Area::Pool,
        Area::Cluster,
        Area::Users,
        Area::Storage,
        Area::DataCenter,
        Area::Engine,
        Area::Gluster,
        Area::Disk,
        Area::VnicProfile,
        Area::System,
        Area::Sla,
    ];

    /// The word in texts (`area-<word>`).
    pub fn as_str(self) -> &'static str {
        match self {
            Area::Vm => "vm",
            Area::Host => "host",
            Area::Template => "template",
            Area::Pool => "pool",
            Area::Cluster => "cluster",
            Area::Users => "users",
            Area::Storage => "storage",
            Area::DataCenter => "data-center",
            Area::Engine => "engine",
            Area::Gluster => "gluster",
            Area::Disk => "disk",
            Area::VnicProfile => "vnic-profile",
            Area::System => "system",
            Area::Sla => "sla",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionGroup {
    pub number: i32,
    pub name: &'static str,
    pub area: Area,
    /// Only a role for administrators may hold it.
    pub admin_only: bool,
    /// Whether a role that holds it shows what is below the object.
    pub shows_children: bool,
}

const fn group(number: i32, name: &'static str, area: Area) -> ActionGroup {
    ActionGroup { number, name, area, admin_only: false, shows_children: true }
}

impl ActionGroup {
    const fn admin(self) -> ActionGroup {
        ActionGroup { admin_only: true, ..self }
    }

    const fn blind(self) -> ActionGroup {
        ActionGroup { shows_children: false, ..self }
    }

    pub fn find(number: i32) -> Option<&'static ActionGroup> {
        GROUPS.iter().find(|group| group.number == number)
    }

    /// Its words, for a person.
    pub fn label(&self) -> crate::Text {
        label(self.number)
    }
}

/// The words of the group with this number.
pub fn label(number: i32) -> crate::Text {
    crate::Text::new(&format!("group-{number}"))
}

/// Whether any of these shows what is below an object: what a role of one's own is derived from.
pub fn show_children(numbers: &[i32]) -> bool {
    GROUPS.iter().any(|group| group.shows_children && numbers.contains(&group.number))
}

/// Those that a user's role may not hold.
pub fn admin_only(numbers: &[i32]) -> Vec<i32> {
    GROUPS.iter().filter(|g| g.admin_only && numbers.contains(&g.number)).map(|g| g.number).collect()
}

pub const GROUPS: &[ActionGroup] = &[
    group(1, "CREATE_VM", Area::Vm).blind(),
    group(2, "DELETE_VM", Area::Vm),
    group(3, "EDIT_VM_PROPERTIES", Area::Vm),
    group(5, "CHANGE_VM_CD", Area::Vm),
    group(6, "MIGRATE_VM", Area::Vm),
    group(7, "CONNECT_TO_VM", Area::Vm),
    group(8, "IMPORT_EXPORT_VM", Area::Vm).admin(),
    group(9, "CONFIGURE_VM_NETWORK", Area::Vm),
    group(10, "CONFIGURE_VM_STORAGE", Area::Vm),
    group(11, "MOVE_VM", Area::Vm),
    group(12, "MANIPULATE_VM_SNAPSHOTS", Area::Vm),
    group(13, "RECONNECT_TO_VM", Area::Vm),
    group(14, "CHANGE_VM_CUSTOM_PROPERTIES", Area::Vm).admin(),
    group(15, "EDIT_ADMIN_VM_PROPERTIES", Area::Vm).admin(),
    group(16, "CREATE_INSTANCE", Area::Vm).blind(),
    group(17, "REBOOT_VM", Area::Vm),
    group(18, "STOP_VM", Area::Vm),
    group(19, "SHUT_DOWN_VM", Area::Vm),
    group(21, "HIBERNATE_VM", Area::Vm),
    group(22, "RUN_VM", Area::Vm),
    group(23, "RESET_VM", Area::Vm),
    group(1664, "CONNECT_TO_SERIAL_CONSOLE", Area::Vm),
    group(100, "CREATE_HOST", Area::Host).admin(),
    group(101, "EDIT_HOST_CONFIGURATION", Area::Host).admin(),
    group(102, "DELETE_HOST", Area::Host).admin(),
    group(103, "MANIPULATE_HOST", Area::Host).admin(),
    group(104, "CONFIGURE_HOST_NETWORK", Area::Host).admin(),
    group(200, "CREATE_TEMPLATE", Area::Template).blind(),
    group(201, "EDIT_TEMPLATE_PROPERTIES", Area::Template),
    group(202, "DELETE_TEMPLATE", Area::Template),
    group(203, "COPY_TEMPLATE", Area::Template),
    group(204, "CONFIGURE_TEMPLATE_NETWORK", Area::Template),
    group(205, "EDIT_ADMIN_TEMPLATE_PROPERTIES", Area::Template).admin(),
    group(300, "CREATE_VM_POOL", Area::Pool).blind(),
    group(301, "EDIT_VM_POOL_CONFIGURATION", Area::Pool),
    group(302, "DELETE_VM_POOL", Area::Pool),
    group(303, "VM_POOL_BASIC_OPERATIONS", Area::Pool),
    group(400, "CREATE_CLUSTER", Area::Cluster).admin(),
    group(401, "EDIT_CLUSTER_CONFIGURATION", Area::Cluster).admin(),
    group(402, "DELETE_CLUSTER", Area::Cluster).admin(),
    group(403, "CONFIGURE_CLUSTER_NETWORK", Area::Cluster).admin(),
    group(404, "ASSIGN_CLUSTER_NETWORK", Area::Cluster).admin(),
    group(500, "MANIPULATE_USERS", Area::Users).admin(),
    group(501, "MANIPULATE_ROLES", Area::Users).admin(),
    group(502, "MANIPULATE_PERMISSIONS", Area::Users),
    group(503, "ADD_USERS_AND_GROUPS_FROM_DIRECTORY", Area::Users),
    group(504, "EDIT_PROFILE", Area::Users),
    group(600, "CREATE_STORAGE_DOMAIN", Area::Storage).admin(),
    group(601, "EDIT_STORAGE_DOMAIN_CONFIGURATION", Area::Storage).admin(),
    group(602, "DELETE_STORAGE_DOMAIN", Area::Storage).admin(),
    group(603, "MANIPULATE_STORAGE_DOMAIN", Area::Storage).admin(),
    group(700, "CREATE_STORAGE_POOL", Area::DataCenter).admin(),
    group(701, "DELETE_STORAGE_POOL", Area::DataCenter).admin(),
    group(702, "EDIT_STORAGE_POOL_CONFIGURATION", Area::DataCenter).admin(),
    group(703, "CONFIGURE_STORAGE_POOL_NETWORK", Area::DataCenter).admin(),
    group(704, "CREATE_STORAGE_POOL_NETWORK", Area::DataCenter).admin(),
    group(705, "DELETE_STORAGE_POOL_NETWORK", Area::DataCenter).admin(),
    group(800, "CONFIGURE_ENGINE", Area::Engine).admin(),
    group(900, "CONFIGURE_QUOTA", Area::Engine).admin(),
    group(901, "CONSUME_QUOTA", Area::Engine),
    group(1000, "CREATE_GLUSTER_VOLUME", Area::Gluster).admin(),
    group(1001, "MANIPULATE_GLUSTER_VOLUME", Area::Gluster).admin(),
    group(1002, "DELETE_GLUSTER_VOLUME", Area::Gluster).admin(),
    group(1003, "MANIPULATE_GLUSTER_HOOK", Area::Gluster).admin(),
    group(1004, "MANIPULATE_GLUSTER_SERVICE", Area::Gluster).admin(),
    group(1100, "CREATE_DISK", Area::Disk).blind(),
    group(1101, "ATTACH_DISK", Area::Disk),
    group(1102, "EDIT_DISK_PROPERTIES", Area::Disk),
    group(1103, "CONFIGURE_DISK_STORAGE", Area::Disk),
    group(1104, "DELETE_DISK", Area::Disk),
    group(1105, "CONFIGURE_SCSI_GENERIC_IO", Area::Disk).admin(),
    group(1106, "ACCESS_IMAGE_STORAGE", Area::Disk).blind(),
    group(1107, "DISK_LIVE_STORAGE_MIGRATION", Area::Disk),
    group(1108, "SPARSIFY_DISK", Area::Disk),
    group(1109, "REDUCE_DISK", Area::Disk).admin(),
    group(1110, "BACKUP_DISK", Area::Disk).admin(),
    group(1203, "CONFIGURE_NETWORK_VNIC_PROFILE", Area::VnicProfile).admin(),
    group(1204, "CREATE_NETWORK_VNIC_PROFILE", Area::VnicProfile).admin(),
    group(1205, "DELETE_NETWORK_VNIC_PROFILE", Area::VnicProfile).admin(),
    group(1300, "LOGIN", Area::System).blind(),
    group(1301, "TAG_MANAGEMENT", Area::System).admin().blind(),
    group(1302, "BOOKMARK_MANAGEMENT", Area::System).admin().blind(),
    group(1303, "EVENT_NOTIFICATION_MANAGEMENT", Area::System).admin().blind(),
    group(1304, "AUDIT_LOG_MANAGEMENT", Area::System).admin().blind(),
    group(1400, "INJECT_EXTERNAL_EVENTS", Area::System).admin().blind(),
    group(1500, "INJECT_EXTERNAL_TASKS", Area::System).admin().blind(),
    group(1550, "MANIPULATE_AFFINITY_GROUPS", Area::Sla).admin(),
    group(1560, "CONFIGURE_STORAGE_DISK_PROFILE", Area::Sla).admin(),
    group(1561, "CREATE_STORAGE_DISK_PROFILE", Area::Sla).admin(),
    group(1562, "DELETE_STORAGE_DISK_PROFILE", Area::Sla).admin(),
    group(1563, "ATTACH_DISK_PROFILE", Area::Sla),
    group(1660, "CREATE_MAC_POOL", Area::Sla).admin(),
    group(1661, "EDIT_MAC_POOL", Area::Sla).admin(),
    group(1662, "DELETE_MAC_POOL", Area::Sla).admin(),
    group(1663, "CONFIGURE_MAC_POOL", Area::Sla).admin(),
    group(1665, "DELETE_CPU_PROFILE", Area::Sla).admin(),
    group(1666, "UPDATE_CPU_PROFILE", Area::Sla).admin(),
    group(1667, "CREATE_CPU_PROFILE", Area::Sla).admin(),
    group(1668, "ASSIGN_CPU_PROFILE", Area::Sla).admin(),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_groups_are_ovirts() {
        assert_eq!(GROUPS.len(), 99);
        let counts = Area::ALL.map(|area| GROUPS.iter().filter(|group| group.area == area).count());
        assert_eq!(counts, [22, 5, 6, 4, 5, 5, 4, 6, 3, 5, 11, 3, 7, 13]);
        let numbers: std::collections::BTreeSet<i32> = GROUPS.iter().map(|group| group.number).collect();
        assert_eq!(numbers.len(), GROUPS.len());
        for (number, name, admin_only, shows_children) in [
            (1, "CREATE_VM", false, false),
            (8, "IMPORT_EXPORT_VM", true, true),
            (22, "RUN_VM", false, true),
            (500, "MANIPULATE_USERS", true, true),
            (502, "MANIPULATE_PERMISSIONS", false, true),
            (504, "EDIT_PROFILE", false, true),
            (901, "CONSUME_QUOTA", false, true),
            (1106, "ACCESS_IMAGE_STORAGE", false, false),
            (1300, "LOGIN", false, false),
            (1301, "TAG_MANAGEMENT", true, false),
            (1400, "INJECT_EXTERNAL_EVENTS", true, false),
            (1563, "ATTACH_DISK_PROFILE", false, true),
            (1664, "CONNECT_TO_SERIAL_CONSOLE", false, true),
            (1668, "ASSIGN_CPU_PROFILE", true, true),
        ] {
            let got = ActionGroup::find(number).map(|g| (g.name, g.admin_only, g.shows_children));
            assert_eq!(got, Some((name, admin_only, shows_children)), "{number}");
        }
        assert_eq!(ActionGroup::find(4), None);
    }

    #[test]
    fn every_group_and_area_has_words() {
        for group in GROUPS {
            assert!(crate::text::known(&group.label().key), "{}", group.name);
        }
        for area in Area::ALL {
            assert!(crate::text::known(&format!("area-{}", area.as_str())), "{area:?}");
        }
    }

    #[test]
    fn every_action_asks_for_a_group_that_is_there() {
        for action in crate::Action::ALL {
            assert!(ActionGroup::find(action.group()).is_some(), "{action:?}");
        }
    }

    #[test]
    fn children_are_shown_by_any_group_that_shows_them() {
        for (numbers, shown) in [(&[][..], false), (&[1, 1300], false), (&[1, 22], true), (&[502], true)] {
            assert_eq!(show_children(numbers), shown, "{numbers:?}");
        }
        assert_eq!(admin_only(&[22, 500, 502, 8]), [8, 500]);
    }
}
