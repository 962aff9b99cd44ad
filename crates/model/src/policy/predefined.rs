//! The roles that Drover ships: ids, names, kinds and groups are oVirt's
//! (`packaging/dbscripts/data/00500_insert_roles.sql` and what its upgrades add, catalogue 02 §3).

use uuid::Uuid;

use super::PredefinedRole;

const fn role(id: u128, name: &'static str, groups: &'static [i32]) -> PredefinedRole {
    PredefinedRole { id: Uuid::from_u128(id), name, administrative: false, views_children: false, groups }
}

impl PredefinedRole {
    const fn admin(self) -> PredefinedRole {
        PredefinedRole { administrative: true, ..self }
    }

    const fn shows(self) -> PredefinedRole {
        PredefinedRole { views_children: true, ..self }
    }
}

pub const SUPER_USER: PredefinedRole = role(
    0x00000000_0000_0000_0000_000000000001,
    "SuperUser",
    &[
        1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 21, 22, 23, 100, 101, 102, 103, 104, 200,
        201, 202, 203, 204, 205, 300, 301, 302, 303, 400, 401, 402, 403, 404, 500, 501, 502, 503, 600, 601,
        602, 603, 700, 701, 702, 703, 704, 705, 800, 900, 901, 1000, 1001, 1002, 1003, 1004, 1100, 1101,
        1102, 1103, 1104, 1105, 1106, 1107, 1108, 1109, 1110, 1203, 1204, 1205, 1300, 1301, 1302, 1303, 1304,
        1400, 1500, 1550, 1560, 1561, 1562, 1563, 1660, 1661, 1662, 1663, 1664, 1665, 1666, 1667, 1668,
    ],
)
.admin()
.shows();

pub const USER_ROLE: PredefinedRole = role(
    0x00000000_0000_0000_0001_000000000001,
    "UserRole",
    &[5, 7, 17, 18, 19, 21, 22, 23, 303, 1106, 1300],
)
.shows();

pub const POWER_USER_ROLE: PredefinedRole = role(
    0x00000000_0000_0000_0001_000000000002,
    "PowerUserRole",
    &[1, 200, 1100, 1106, 1300, 1563, 1665, 1666, 1667, 1668],
);

pub const CLUSTER_ADMIN: PredefinedRole = role(
    0xdef00001_0000_0000_0000_def000000001,
    "ClusterAdmin",
    &[
        1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 17, 18, 19, 21, 22, 23, 100, 101, 102, 103, 104, 300,
        301, 302, 303, 400, 401, 402, 403, 502, 503, 1100, 1101, 1102, 1103, 1104, 1107, 1108, 1109, 1110,
        1300, 1301, 1302, 1303, 1304, 1550, 1563, 1663, 1665, 1666, 1667, 1668,
    ],
)
.admin()
.shows();

pub const DATA_CENTER_ADMIN: PredefinedRole = role(
    0xdef00002_0000_0000_0000_def000000002,
    "DataCenterAdmin",
    &[
        1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 17, 18, 19, 21, 22, 23, 100, 101, 102, 103, 104, 200,
        201, 202, 203, 204, 205, 300, 301, 302, 303, 400, 401, 402, 403, 404, 502, 503, 700, 701, 702, 703,
        704, 705, 900, 901, 1100, 1101, 1102, 1103, 1104, 1105, 1107, 1108, 1109, 1110, 1203, 1204, 1205,
        1300, 1301, 1302, 1303, 1304, 1550, 1563, 1663, 1665, 1666, 1667, 1668,
    ],
)
.admin()
.shows();

pub const STORAGE_ADMIN: PredefinedRole = role(
    0xdef00003_0000_0000_0000_def000000003,
    "StorageAdmin",
    &[
        600, 601, 602, 603, 1100, 1101, 1102, 1103, 1104, 1106, 1107, 1108, 1109, 1110, 1300, 1301, 1302,
        1303, 1304, 1560, 1561, 1562, 1563,
    ],
)
.admin()
.shows();

pub const HOST_ADMIN: PredefinedRole = role(
    0xdef00004_0000_0000_0000_def000000004,
    "HostAdmin",
    &[100, 101, 102, 103, 104, 600, 601, 602, 603, 1300, 1301, 1302, 1303, 1304, 1560, 1561, 1562, 1563],
)
.admin()
.shows();

pub const NETWORK_ADMIN: PredefinedRole = role(
    0xdef00005_0000_0000_0000_def000000005,
    "NetworkAdmin",
    &[9, 104, 204, 403, 404, 703, 704, 705, 1203, 1204, 1205, 1300, 1301, 1302, 1303, 1304],
)
.admin()
.shows();

pub const USER_VM_MANAGER: PredefinedRole = role(
    0xdef00006_0000_0000_0000_def000000006,
    "UserVmManager",
    &[
        1, 2, 3, 5, 7, 9, 10, 12, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104, 1108, 1109, 1110,
        1300, 1664, 1668,
    ],
)
.shows();

pub const VM_POOL_ADMIN: PredefinedRole = role(
    0xdef00007_0000_0000_0000_def000000007,
    "VmPoolAdmin",
    &[1, 300, 301, 302, 303, 1300, 1301, 1302, 1303, 1304, 1668],
)
.admin()
.shows();

pub const TEMPLATE_ADMIN: PredefinedRole = role(
    0xdef00008_0000_0000_0000_def000000008,
    "TemplateAdmin",
    &[200, 201, 202, 203, 204, 205, 502, 503, 1106, 1300, 1301, 1302, 1303, 1304],
)
.admin()
.shows();

pub const QUOTA_CONSUMER: PredefinedRole =
    role(0xdef0000a_0000_0000_0000_def00000000a, "QuotaConsumer", &[901]);

pub const DISK_OPERATOR: PredefinedRole = role(
    0xdef0000a_0000_0000_0000_def00000000b,
    "DiskOperator",
    &[502, 503, 1100, 1101, 1102, 1104, 1108, 1109, 1110, 1300],
)
.shows();

pub const DISK_CREATOR: PredefinedRole =
    role(0xdef0000a_0000_0000_0000_def00000000c, "DiskCreator", &[1100, 1300]);

pub const GLUSTER_ADMIN: PredefinedRole = role(
    0xdef0000b_0000_0000_0000_def00000000b,
    "GlusterAdmin",
    &[
        100, 101, 102, 103, 104, 400, 401, 402, 403, 404, 1000, 1001, 1002, 1003, 1004, 1300, 1301, 1302,
        1303, 1304,
    ],
)
.admin()
.shows();

pub const VM_CREATOR: PredefinedRole =
    role(0xdef0000a_0000_0000_0000_def00000000d, "VmCreator", &[1, 1100, 1300, 1668]);

pub const TEMPLATE_CREATOR: PredefinedRole =
    role(0xdef0000a_0000_0000_0000_def00000000e, "TemplateCreator", &[200, 1300]);

pub const TEMPLATE_OWNER: PredefinedRole =
    role(0xdef0000a_0000_0000_0000_def00000000f, "TemplateOwner", &[201, 202, 203, 204, 502, 503, 1300])
        .shows();

pub const EXTERNAL_EVENTS_CREATOR: PredefinedRole =
    role(0xdef0000c_0000_0000_0000_def000000000, "ExternalEventsCreator", &[1400]);

pub const EXTERNAL_TASKS_CREATOR: PredefinedRole =
    role(0xdef0000d_0000_0000_0000_def000000000, "ExternalTasksCreator", &[1500]);

pub const VNIC_PROFILE_USER: PredefinedRole =
    role(0xdef0000a_0000_0000_0000_def000000010, "VnicProfileUser", &[9, 204, 1300]);

pub const USER_TEMPLATE_BASED_VM: PredefinedRole =
    role(0xdef00009_0000_0000_0000_def000000009, "UserTemplateBasedVm", &[1, 1668]);

pub const INSTANCE_CREATOR: PredefinedRole =
    role(0xdef00011_0000_0000_0000_def000000011, "InstanceCreator", &[16, 1100, 1300]);

pub const USER_INSTANCE_MANAGER: PredefinedRole = role(
    0xdef00012_0000_0000_0000_def000000012,
    "UserInstanceManager",
    &[
        2, 3, 5, 7, 10, 12, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104, 1108, 1109, 1110, 1300,
        1664,
    ],
);

pub const READ_ONLY_ADMIN: PredefinedRole =
    role(0xdef0000c_0000_0000_0000_def00000000c, "ReadOnlyAdmin", &[1300]).admin().shows();

pub const TAG_MANAGER: PredefinedRole =
    role(0xdef00011_0000_0000_0000_def000000013, "TagManager", &[1300, 1301, 1304]).admin();

pub const BOOKMARK_MANAGER: PredefinedRole =
    role(0xdef00011_0000_0000_0000_def000000014, "BookmarkManager", &[1300, 1302, 1304]).admin();

pub const EVENT_NOTIFICATION_MANAGER: PredefinedRole =
    role(0xdef00011_0000_0000_0000_def000000015, "EventNotificationManager", &[1300, 1303, 1304]).admin();

pub const AUDIT_LOG_MANAGER: PredefinedRole =
    role(0xdef00011_0000_0000_0000_def000000016, "AuditLogManager", &[1300, 1304]).admin();

pub const MAC_POOL_ADMIN: PredefinedRole =
    role(0xdef00013_0000_0000_0000_def000000013, "MacPoolAdmin", &[1300, 1660, 1661, 1662, 1663])
        .admin()
        .shows();

pub const MAC_POOL_USER: PredefinedRole =
    role(0xdef00014_0000_0000_0000_def000000014, "MacPoolUser", &[1300, 1663]).shows();

pub const DISK_PROFILE_USER: PredefinedRole =
    role(0xdef00020_0000_0000_0000_abc000000010, "DiskProfileUser", &[1563]);

pub const USER_VM_RUN_TIME_MANAGER: PredefinedRole = role(
    0xdef00006_0000_0000_0000_def000000011,
    "UserVmRunTimeManager",
    &[
        1, 2, 3, 5, 7, 9, 10, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104, 1108, 1109, 1110,
        1300, 1668,
    ],
);

pub const USER_PROFILE_EDITOR: PredefinedRole =
    role(0xdef00021_0000_0000_0000_def000000015, "UserProfileEditor", &[504]);

pub const VM_IMPORTER_EXPORTER: PredefinedRole =
    role(0xdef00030_0000_0000_0000_def000000011, "VmImporterExporter", &[8, 1300, 1563, 1668])
        .admin()
        .shows();

pub const CPU_PROFILE_OPERATOR: PredefinedRole =
    role(0xdef00017_0000_0000_0000_def000000017, "CpuProfileOperator", &[1668]);

pub const CPU_PROFILE_CREATOR: PredefinedRole =
    role(0xdef00016_0000_0000_0000_def000000016, "CpuProfileCreator", &[1665, 1666, 1667, 1668]).admin();

/// All of them, in the order of oVirt's list.
pub const PREDEFINED: &[PredefinedRole] = &[
    SUPER_USER,
    USER_ROLE,
    POWER_USER_ROLE,
    CLUSTER_ADMIN,
    DATA_CENTER_ADMIN,
    STORAGE_ADMIN,
    HOST_ADMIN,
    NETWORK_ADMIN,
    USER_VM_MANAGER,
    VM_POOL_ADMIN,
    TEMPLATE_ADMIN,
    QUOTA_CONSUMER,
    DISK_OPERATOR,
    DISK_CREATOR,
    GLUSTER_ADMIN,
    VM_CREATOR,
    TEMPLATE_CREATOR,
    TEMPLATE_OWNER,
    EXTERNAL_EVENTS_CREATOR,
    EXTERNAL_TASKS_CREATOR,
    VNIC_PROFILE_USER,
    USER_TEMPLATE_BASED_VM,
    INSTANCE_CREATOR,
    USER_INSTANCE_MANAGER,
    READ_ONLY_ADMIN,
    TAG_MANAGER,
    BOOKMARK_MANAGER,
    EVENT_NOTIFICATION_MANAGER,
    AUDIT_LOG_MANAGER,
    MAC_POOL_ADMIN,
    MAC_POOL_USER,
    DISK_PROFILE_USER,
    USER_VM_RUN_TIME_MANAGER,
    USER_PROFILE_EDITOR,
    VM_IMPORTER_EXPORTER,
    CPU_PROFILE_OPERATOR,
    CPU_PROFILE_CREATOR,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, whether for administrators, whether it shows children, and how many groups: the catalogue's columns.
    #[test]
    fn the_roles_are_ovirts() {
        let expected = [
            ("SuperUser", true, true, 97),
            ("UserRole", false, true, 11),
            ("PowerUserRole", false, false, 10),
            ("ClusterAdmin", true, true, 55),
            ("DataCenterAdmin", true, true, 74),
            ("StorageAdmin", true, true, 23),
            ("HostAdmin", true, true, 18),
            ("NetworkAdmin", true, true, 16),
            ("UserVmManager", false, true, 26),
            ("VmPoolAdmin", true, true, 11),
            ("TemplateAdmin", true, true, 14),
            ("QuotaConsumer", false, false, 1),
            ("DiskOperator", false, true, 10),
            ("DiskCreator", false, false, 2),
            ("GlusterAdmin", true, true, 20),
            ("VmCreator", false, false, 4),
            ("TemplateCreator", false, false, 2),
            ("TemplateOwner", false, true, 7),
            ("ExternalEventsCreator", false, false, 1),
            ("ExternalTasksCreator", false, false, 1),
            ("VnicProfileUser", false, false, 3),
            ("UserTemplateBasedVm", false, false, 2),
            ("InstanceCreator", false, false, 3),
            ("UserInstanceManager", false, false, 23),
            ("ReadOnlyAdmin", true, true, 1),
            ("TagManager", true, false, 3),
            ("BookmarkManager", true, false, 3),
            ("EventNotificationManager", true, false, 3),
            ("AuditLogManager", true, false, 2),
            ("MacPoolAdmin", true, true, 5),
            ("MacPoolUser", false, true, 2),
            ("DiskProfileUser", false, false, 1),
            ("UserVmRunTimeManager", false, false, 24),
            ("UserProfileEditor", false, false, 1),
            ("VmImporterExporter", true, true, 4),
            ("CpuProfileOperator", false, false, 1),
            ("CpuProfileCreator", true, false, 4),
        ];
        let roles: Vec<_> =
            PREDEFINED.iter().map(|r| (r.name, r.administrative, r.views_children, r.groups.len())).collect();
        assert_eq!(roles, expected);
    }

    #[test]
    fn no_two_roles_share_an_id_or_a_name_and_all_groups_are_known() {
        let ids: std::collections::BTreeSet<Uuid> = PREDEFINED.iter().map(|role| role.id).collect();
        let names: std::collections::BTreeSet<&str> = PREDEFINED.iter().map(|role| role.name).collect();
        assert_eq!((ids.len(), names.len()), (PREDEFINED.len(), PREDEFINED.len()));
        for role in PREDEFINED {
            for group in role.groups {
                assert!(super::super::ActionGroup::find(*group).is_some(), "{} has {group}", role.name);
            }
        }
    }
}
