//! Every operation by name: what it acts on and which action group (oVirt's number) a role must hold for
//! it. One table; the policy, the buttons and the audit read it.

use serde::{Deserialize, Serialize};

use crate::id::Kind;

macro_rules! actions {
    ($($action:ident $word:literal $kind:ident $group:literal),* $(,)?) => {
        /// Something a person may ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action { $($action),* }

        impl Action {
            pub const ALL: &'static [Action] = &[$(Action::$action),*];

            /// The word in URLs, texts (`action-<word>`) and the log.
            pub fn as_str(self) -> &'static str {
                match self { $(Action::$action => $word),* }
            }

            /// The kind of object on which the permission is looked for. For creating, the parent.
            pub fn on(self) -> Kind {
                match self { $(Action::$action => Kind::$kind),* }
            }

            /// oVirt's action group, `packaging/dbscripts/data/00700_insert_roles_groups.sql`.
            pub fn group(self) -> i32 {
                match self { $(Action::$action => $group),* }
            }
        }
    };
}

actions! {
    // name            word                   looked for on   group
    CreateDataCenter   "create-data-center"   System          700,
    EditDataCenter     "edit-data-center"     DataCenter      702,
    RemoveDataCenter   "remove-data-center"   DataCenter      701,
    CreateCluster      "create-cluster"       DataCenter      400,
    EditCluster        "edit-cluster"         Cluster         401,
    RemoveCluster      "remove-cluster"       Cluster         402,
    CreateNetwork      "create-network"       DataCenter      704,
    EditNetwork        "edit-network"         Network         703,
    RemoveNetwork      "remove-network"       Network         705,
    CreateStorage      "create-storage"       DataCenter      600,
    EditStorage        "edit-storage"         StorageDomain   601,
    RemoveStorage      "remove-storage"       StorageDomain   602,
    CreateHost         "create-host"          Cluster         100,
    EditHost           "edit-host"            Host            101,
    RemoveHost         "remove-host"          Host            102,
    TestHost           "test-host"            Cluster         100,
    Maintain           "maintenance"          Host            103,
    Activate           "activate"             Host            103,
    CreateTemplate     "create-template"      DataCenter      200,
    UseTemplate        "use-template"         Template        1,
    EditTemplate       "edit-template"        Template        201,
    SetTemplateLease   "template-lease"       Template        205,
    RemoveTemplate     "remove-template"      Template        202,
    CreateDisk         "create-disk"          StorageDomain   1100,
    RemoveDisk         "remove-disk"          Disk            1104,
    EditDisk           "edit-disk"            Disk            1102,
    ExtendDisk         "extend-disk"          Disk            1102,
    TakeDisk           "take-disk"            Disk            1101,
    CreateVm           "create-vm"            Cluster         1,
    EditVm             "edit"                 Vm              3,
    RemoveVm           "remove"               Vm              2,
    ExtendLease        "extend-lease"         Vm              3,
    RunVm              "run"                  Vm              22,
    ShutdownVm         "shutdown"             Vm              19,
    PowerOffVm         "power-off"            Vm              18,
    RebootVm           "reboot"               Vm              17,
    ResetVm            "reset"                Vm              23,
    PauseVm            "pause"                Vm              21,
    SuspendVm          "suspend"              Vm              21,
    ChangeCd           "change-cd"            Vm              5,
    AddDisk            "add-disk"             Vm              10,
    AttachDisk         "attach-disk"          Vm              10,
    DetachDisk         "detach-disk"          Vm              10,
    AddNic             "add-nic"              Vm              9,
    EditNic            "edit-nic"             Vm              9,
    RemoveNic          "remove-nic"           Vm              9,
    MakeTemplate       "make-template"        Vm              200,
    OpenConsole        "console"              Vm              7,
    OpenViewer         "viewer"               Vm              7,
    CancelJob          "cancel-job"           Job             800,
    ManageAlerts       "manage-alerts"        System          1304,
    ManageUsers        "manage-users"         System          500,
    GrantPermission    "grant-permission"     System          502,
    RemovePermission   "remove-permission"    System          502,
    CreateRole         "create-role"          System          501,
    EditRole           "edit-role"            System          501,
    CopyRole           "copy-role"            System          501,
    RemoveRole         "remove-role"          System          501,
    CreateUser         "create-user"          System          500,
    RemoveUser         "remove-user"          System          500,
    ResetPassword      "reset-password"       System          500,
    AddFromDirectory   "add-from-directory"   System          503,
    AddGroups          "add-groups"           System          503,
    CreateDirectory    "create-directory"     System          800,
    EditDirectory      "edit-directory"       System          800,
    RemoveDirectory    "remove-directory"     System          800,
    TestDirectory      "test-directory"       System          800,
    CreateQuota        "create-quota"         DataCenter      900,
    EditQuota          "edit-quota"           Quota           900,
    CopyQuota          "copy-quota"           DataCenter      900,
    RemoveQuota        "remove-quota"         Quota           900,
    UseQuota           "use-quota"            Quota           901,
    AssignQuota        "assign-quota"         Disk            1102,
    AskForQuota        "ask-for-quota"        Quota           901,
    AnswerRequest      "answer-request"       Quota           900,
    CreateTag          "create-tag"           System          1301,
    EditTag            "edit-tag"             System          1301,
    RemoveTag          "remove-tag"           System          1301,
    AssignTags         "assign-tags"          Vm              1301,
    ShareBookmark      "share-bookmark"       System          1302,
    EditBookmark       "edit-bookmark"        System          1302,
    RemoveBookmark     "remove-bookmark"      System          1302,
}

impl Action {
    /// The label of its button.
    pub fn text(self) -> crate::Text {
        crate::Text::new(&format!("action-{}", self.as_str()))
    }

    pub fn label(self) -> String {
        crate::text::t(&format!("action-{}", self.as_str()))
    }
}

impl std::str::FromStr for Action {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        Action::ALL.iter().copied().find(|a| a.as_str() == s).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_label_and_a_word_of_its_own() {
        let mut words = std::collections::BTreeSet::new();
        for action in Action::ALL {
            assert!(crate::text::known(&format!("action-{}", action.as_str())), "{action:?}");
            assert!(words.insert(action.as_str()), "{action:?}");
            assert_eq!(action.as_str().parse(), Ok(*action));
        }
    }
}
