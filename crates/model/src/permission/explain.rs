//! "Why may this person do this?": the permissions that let somebody do something, or what is missing.

use serde::{Deserialize, Serialize};

use super::PermissionRow;
use crate::policy::{GROUPS, PREDEFINED};
use crate::{Action, Text};

/// Why somebody may do something on an object, or why not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Each of these is enough.
    May(Vec<PermissionRow>),
    /// They see the object; nothing that they hold there or above has the action group. These roles have it.
    Lacks { held: Vec<PermissionRow>, group: i32, roles: Vec<String> },
    /// They hold nothing on it, above or below it.
    Unseen { group: i32, roles: Vec<String> },
}

/// `held` is everything that the person holds on the object and above it, by themselves, by their groups and by Everyone.
pub fn explain(action: Action, visible: bool, held: Vec<PermissionRow>) -> Answer {
    let group = action.group();
    let (gives, others): (Vec<_>, Vec<_>) = held.into_iter().partition(|row| row.groups.contains(&group));
    match (gives.is_empty(), visible) {
        (false, true) => Answer::May(gives),
        (_, true) => Answer::Lacks { held: others, group, roles: roles_with(group) },
        (_, false) => Answer::Unseen { group, roles: roles_with(group) },
    }
}

/// The shipped roles that have a group, those with the fewest others first: the least that helps.
fn roles_with(group: i32) -> Vec<String> {
    let mut roles: Vec<_> = PREDEFINED.iter().filter(|role| role.groups.contains(&group)).collect();
    roles.sort_by_key(|role| role.groups.len());
    roles.into_iter().map(|role| role.name.to_owned()).collect()
}

/// "Run VM (RUN_VM, 22)".
pub fn group(number: i32) -> Text {
    let name = GROUPS.iter().find(|group| group.number == number).map_or("", |group| group.name);
    let label = crate::policy::groups::label(number);
    Text::new("permission-group").with("label", label).with("name", name).with("number", i64::from(number))
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;
    use uuid::Uuid;

    use super::super::{Principal, PrincipalKind};
    use super::*;
    use crate::id::Kind;
    use crate::policy::{CLUSTER_ADMIN, PredefinedRole, USER_PROFILE_EDITOR, USER_ROLE};
    use crate::{PermissionId, RoleId};

    fn held(role: &PredefinedRole, kind: PrincipalKind) -> PermissionRow {
        PermissionRow {
            id: PermissionId(Uuid::nil()),
            principal: Principal { id: Uuid::nil(), kind, name: "ops@corp".into() },
            role: (RoleId(role.id), role.name.into()),
            administrative: role.administrative,
            groups: role.groups.to_vec(),
            on: (Kind::Cluster, Uuid::nil(), "lab".into()),
            since: OffsetDateTime::UNIX_EPOCH,
            until: None,
        }
    }

    #[test]
    fn why_somebody_may_and_why_not() {
        let [user, admin, profile] =
            [&USER_ROLE, &CLUSTER_ADMIN, &USER_PROFILE_EDITOR].map(|role| held(role, PrincipalKind::Group));
        let all = || vec![user.clone(), admin.clone(), profile.clone()];
        assert_eq!(explain(Action::RunVm, true, all()), Answer::May(vec![user.clone(), admin.clone()]));
        assert_eq!(explain(Action::EditVm, true, all()), Answer::May(vec![admin.clone()]));
        let Answer::Lacks { held, group, roles } = explain(Action::EditVm, true, vec![user.clone()]) else {
            panic!("a user's role does not edit")
        };
        assert_eq!((held, group, roles[0].as_str()), (vec![user], 3, "UserInstanceManager"));
        assert!(matches!(explain(Action::RunVm, true, vec![]), Answer::Lacks { .. }));
        let Answer::Unseen { group, .. } = explain(Action::RunVm, false, vec![]) else {
            panic!("what is not seen is not done")
        };
        assert_eq!(group, 22);
    }
}
