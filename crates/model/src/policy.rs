//! Who may do what: the predefined roles and the pure decision over what a person holds. Only
//! `control::Ctx` asks it. Role ids, names and groups are oVirt's
//! (`packaging/dbscripts/data/00500_insert_roles.sql`).

use uuid::Uuid;

use crate::{Action, Fault, Refusal, id::Kind};

pub mod groups;
mod predefined;

pub use groups::{ActionGroup, GROUPS};
pub use predefined::*;

/// A role that Drover ships. More, and custom ones, live in the database in the same shape.
#[derive(Debug, Clone, Copy)]
pub struct PredefinedRole {
    pub id: Uuid,
    pub name: &'static str,
    pub administrative: bool,
    /// Whether holding it on an object shows the objects below.
    pub views_children: bool,
    pub groups: &'static [i32],
}

/// What a person holds on one object, through permissions on it or on anything above it.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// A permission on the object, above it with a role that shows children, or below it.
    pub visible: bool,
    /// The action groups of all roles held on the object or above it.
    pub groups: Vec<i32>,
}

/// Invisible objects do not exist for a person (404); visible ones may still be refused (403).
pub fn decide(held: &Held, action: Action, kind: Kind) -> Result<(), Fault> {
    if !held.visible {
        return Err(Fault::NotFound { kind });
    }
    if held.groups.contains(&action.group()) {
        return Ok(());
    }
    Err(Fault::Forbidden(Refusal::new("refusal-not-permitted").with("action", action.text())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decision_for_every_role_and_case() {
        let held = |visible, groups: &[i32]| Held { visible, groups: groups.to_vec() };
        for (held, action, status) in [
            (held(false, &[]), Action::RunVm, 404),
            (held(false, &[22]), Action::RunVm, 404),
            (held(true, &[]), Action::RunVm, 403),
            (held(true, &[19]), Action::RunVm, 403),
            (held(true, &[22]), Action::RunVm, 200),
            (held(true, USER_VM_MANAGER.groups), Action::RemoveVm, 200),
            (held(true, USER_VM_MANAGER.groups), Action::RemoveHost, 403),
            (held(true, SUPER_USER.groups), Action::RemoveHost, 200),
        ] {
            let got = decide(&held, action, action.on()).map_or_else(|f| f.status(), |()| 200);
            assert_eq!(got, status, "{action:?} with {held:?}");
        }
    }

    /// What a role says is what it lets one do: of each a deed that it is for, and one that it is not for.
    #[test]
    fn the_shipped_roles_let_one_do_what_they_are_for() {
        for (role, may, may_not) in [
            (USER_ROLE, Action::RunVm, Action::EditVm),
            (USER_VM_MANAGER, Action::EditVm, Action::CreateHost),
            (POWER_USER_ROLE, Action::CreateVm, Action::RunVm),
            (CLUSTER_ADMIN, Action::CreateHost, Action::CreateTemplate),
            (DATA_CENTER_ADMIN, Action::CreateNetwork, Action::CreateStorage),
            (STORAGE_ADMIN, Action::CreateStorage, Action::RunVm),
            (HOST_ADMIN, Action::Maintain, Action::RunVm),
            (NETWORK_ADMIN, Action::CreateNetwork, Action::EditCluster),
            (TEMPLATE_ADMIN, Action::RemoveTemplate, Action::CreateVm),
            (DISK_OPERATOR, Action::RemoveDisk, Action::RunVm),
            (TAG_MANAGER, Action::CreateTag, Action::ShareBookmark),
            (BOOKMARK_MANAGER, Action::ShareBookmark, Action::CreateTag),
            (AUDIT_LOG_MANAGER, Action::ManageAlerts, Action::CreateTag),
        ] {
            let held = Held { visible: true, groups: role.groups.to_vec() };
            assert!(decide(&held, may, may.on()).is_ok(), "{}: {may:?}", role.name);
            assert!(decide(&held, may_not, may_not.on()).is_err(), "{}: {may_not:?}", role.name);
        }
    }

    #[test]
    fn a_super_user_may_do_everything_that_exists() {
        for action in Action::ALL {
            assert!(SUPER_USER.groups.contains(&action.group()), "{action:?}");
        }
    }
}
