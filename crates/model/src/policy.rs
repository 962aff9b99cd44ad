//! Who may do what: the predefined roles and the pure decision over what a person holds. Only
//! `control::Ctx` asks it. Role ids, names and groups are oVirt's
//! (`packaging/dbscripts/data/00500_insert_roles.sql`).

use uuid::Uuid;

use crate::{Action, Fault, Refusal, id::Kind};

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

pub const SUPER_USER: PredefinedRole = PredefinedRole {
    id: Uuid::from_u128(1),
    name: "SuperUser",
    administrative: true,
    views_children: true,
    groups: &[
        1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 21, 22, 23, 100, 101, 102, 103, 104, 200,
        201, 202, 203, 204, 205, 300, 301, 302, 303, 400, 401, 402, 403, 404, 500, 501, 502, 503, 600, 601,
        602, 603, 700, 701, 702, 703, 704, 705, 800, 900, 901, 1100, 1101, 1102, 1103, 1104, 1105, 1106,
        1107, 1108, 1109, 1110, 1203, 1204, 1205, 1300, 1301, 1302, 1303, 1304, 1400, 1500, 1550, 1560, 1561,
        1562, 1563, 1660, 1661, 1662, 1663, 1664, 1665, 1666, 1667, 1668,
    ],
};

pub const USER_VM_MANAGER: PredefinedRole = PredefinedRole {
    id: Uuid::from_u128(0xdef00006_0000_0000_0000_def000000006),
    name: "UserVmManager",
    administrative: false,
    views_children: true,
    groups: &[
        1, 2, 3, 5, 7, 9, 10, 12, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104, 1108, 1109, 1110,
        1300, 1664, 1668,
    ],
};

/// May use a quota, and do nothing else with it.
pub const QUOTA_CONSUMER: PredefinedRole = PredefinedRole {
    id: Uuid::from_u128(0xdef0000a_0000_0000_0000_def00000000a),
    name: "QuotaConsumer",
    administrative: false,
    views_children: false,
    groups: &[901],
};

pub const PREDEFINED: [PredefinedRole; 3] = [SUPER_USER, USER_VM_MANAGER, QUOTA_CONSUMER];

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
    Err(Fault::Forbidden(Refusal::new("refusal-not-permitted").with("action", action.label())))
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

    #[test]
    fn a_super_user_may_do_everything_that_exists() {
        for action in Action::ALL {
            assert!(SUPER_USER.groups.contains(&action.group()), "{action:?}");
        }
    }
}
