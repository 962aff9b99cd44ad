//! Permissions: a role for somebody on an object. Who may give and take which, and why somebody may do something, are
//! decided here; `control::permissions` brings what is needed for it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::id::Kind;
use crate::policy::{SUPER_USER, groups};
use crate::{Action, Fault, FieldErrors, PermissionId, Refusal, RoleId, Text};

mod explain;

pub use explain::{Answer, explain, group};

/// The action group that all of this is about.
pub const MANIPULATE_PERMISSIONS: i32 = 502;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    User,
    Group,
    Everyone,
}

/// Who holds a permission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Principal {
    pub id: Uuid,
    pub kind: PrincipalKind,
    /// `ada@internal`; nothing for Everyone.
    pub name: String,
}

impl Principal {
    /// Its name for a person.
    pub fn label(&self) -> String {
        self.text().to_string()
    }

    /// The same as a text that is read later.
    pub fn text(&self) -> Text {
        match self.kind {
            PrincipalKind::Everyone => Text::new("principal-everyone"),
            _ => Text::new("plain").with("text", &self.name),
        }
    }
}

/// A line of the permissions of an object, of a person, or with a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PermissionRow {
    pub id: PermissionId,
    pub principal: Principal,
    pub role: (RoleId, String),
    pub administrative: bool,
    /// The action groups that it gives.
    pub groups: Vec<i32>,
    pub on: (Kind, Uuid, String),
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// When it ends by itself.
    #[serde(with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
}

/// The permissions of something, as far as this person sees them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Permissions {
    /// Whether this person may give and take any here.
    pub managed: bool,
    pub rows: Vec<PermissionRow>,
}

/// Who may be given a role by this person here, and which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The object's name.
    pub object: String,
    /// Names to complete from; not all of them where there are many, and of somebody who is no administrator only those
    /// whom they have met.
    pub principals: Vec<String>,
    /// They are only those.
    pub met: bool,
    pub roles: Vec<(RoleId, String)>,
}

/// A role to be given: to whom, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Give {
    pub principal: String,
    pub role: Uuid,
    /// When it ends by itself; none lasts.
    #[serde(with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
}

impl Give {
    pub fn errors(&self, now: OffsetDateTime) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if let Some(until) = self.until {
            errors.check("until", crate::field::to_come(until, now));
        }
        errors
    }
}

/// "Why may this person do this?" The object by its id or its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub principal: String,
    pub kind: Kind,
    pub object: String,
    pub action: Action,
}

/// The answer, with what was asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    pub principal: String,
    pub object: Text,
    pub action: Action,
    pub answer: Answer,
}

/// What whoever gives or takes holds on the object, by permissions there and above.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    pub visible: bool,
    pub groups: Vec<i32>,
    /// Holds any role for administrators.
    pub administrative: bool,
    /// May manage permissions by a role for administrators.
    pub helpdesk: bool,
    /// SuperUser of the whole system.
    pub super_user: bool,
}

impl Standing {
    /// Whether they see who else holds something here; others see what they hold themselves.
    pub fn sees_all(&self) -> bool {
        self.super_user || self.administrative || self.manages()
    }

    pub fn manages(&self) -> bool {
        self.super_user || self.groups.contains(&MANIPULATE_PERMISSIONS)
    }
}

/// A role, as far as giving it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Given<'a> {
    pub administrative: bool,
    pub groups: &'a [i32],
}

/// Taking a VM from a pool, and reading the images of a storage domain: oVirt's UserRole has both, and nobody can do
/// anything to a VM by them. So the owner of one, who holds neither, can still share it with that role.
const ELSEWHERE_THAN_VMS: [i32; 2] = [303, 1106];

/// The groups of a role that count on an object of this kind and that somebody has not got there.
fn lacking(giver: &Standing, role: &Given<'_>, on: Kind) -> Vec<i32> {
    let counts = |group: &i32| on != Kind::Vm || !ELSEWHERE_THAN_VMS.contains(group);
    let groups = role.groups.iter().copied();
    groups.filter(|group| counts(group) && !giver.groups.contains(group)).collect()
}

/// Whether this role may be given by somebody who may manage permissions there. Nobody gives more than they hold. A
/// helpdesk holds little, and is there to give: whoever manages permissions by a role for administrators gives any
/// user's role that has nothing for administrators in it.
pub fn may_give(giver: &Standing, role: &Given<'_>, on: Kind) -> Result<(), Refusal> {
    if giver.super_user {
        return Ok(());
    }
    if role.administrative {
        return Err(Refusal::new("refusal-only-super-user"));
    }
    if giver.helpdesk && groups::admin_only(role.groups).is_empty() {
        return Ok(());
    }
    let lacks = lacking(giver, role, on);
    if lacks.is_empty() {
        return Ok(());
    }
    Err(Refusal::new("refusal-beyond-own").with("groups", crate::role::named(&lacks)))
}

/// Whoever gives themselves a role by which they may do nothing more has mistaken somebody, and is told so. A super user
/// may, to keep something when the rest is taken.
pub fn may_give_oneself(giver: &Standing, role: &Given<'_>, on: Kind) -> Result<(), Text> {
    if giver.super_user || !lacking(giver, role, on).is_empty() {
        return Ok(());
    }
    Err(Text::new("principal-oneself"))
}

/// What is given again is given as it was asked for last. But what somebody holds for good, nobody puts an end to in
/// passing: that takes it away, and is asked for as that.
pub fn may_end(lasts: bool, until: Option<OffsetDateTime>, principal: &Principal) -> Result<(), Text> {
    if lasts && until.is_some() {
        return Err(Text::new("permission-lasts").with("principal", principal.text()));
    }
    Ok(())
}

/// Whether this permission may be taken away by somebody who may manage permissions where it is. `at` is where they
/// look at it from; `super_users` is how many others make somebody SuperUser of the whole system.
pub fn may_take(taker: &Standing, row: &PermissionRow, at: Uuid, super_users: i64) -> Result<(), Fault> {
    let (kind, object, name) = &row.on;
    if *object != at {
        let place = named(*kind, name);
        return Err(Refusal::new("refusal-permission-inherited").with("object", place).into());
    }
    if row.principal.kind == PrincipalKind::Everyone && *object == crate::SYSTEM {
        return Err(Fault::refused("refusal-permission-everyone"));
    }
    if row.administrative && !taker.super_user {
        return Err(Fault::Forbidden(Refusal::new("refusal-only-super-user")));
    }
    if row.role.0.0 == SUPER_USER.id && *object == crate::SYSTEM && super_users < 1 {
        return Err(Fault::refused("refusal-last-super-user"));
    }
    Ok(())
}

/// "cluster lab"; the system has no name.
pub fn named(kind: Kind, name: &str) -> Text {
    let noun = Text::new(&format!("kind-{}", kind.as_str().replace('_', "-")));
    if kind == Kind::System { noun } else { Text::new("object-named").with("kind", noun).with("name", name) }
}

/// What one may do with objects of a kind, as far as it is a permission on them; on the system everything.
pub fn deeds(kind: Kind) -> Vec<Action> {
    let everywhere = [Action::GrantPermission, Action::RemovePermission];
    let on = |action: &Action| kind == Kind::System || action.on() == kind || everywhere.contains(action);
    Action::ALL.iter().copied().filter(on).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{CLUSTER_ADMIN, POWER_USER_ROLE, PredefinedRole, USER_ROLE, USER_VM_MANAGER};

    fn standing(role: &PredefinedRole) -> Standing {
        let helpdesk = role.administrative && role.groups.contains(&MANIPULATE_PERMISSIONS);
        Standing {
            visible: true,
            groups: role.groups.to_vec(),
            administrative: role.administrative,
            helpdesk,
            super_user: false,
        }
    }

    fn helpdesk() -> Standing {
        let groups = vec![500, MANIPULATE_PERMISSIONS];
        Standing { visible: true, groups, administrative: true, helpdesk: true, super_user: false }
    }

    #[test]
    fn who_gives_what() {
        let super_user = Standing { super_user: true, ..Standing::default() };
        let owner = standing(&USER_VM_MANAGER);
        let both = Standing { groups: [owner.groups.clone(), vec![500]].concat(), ..helpdesk() };
        for (who, giver, role, expected) in [
            ("SuperUser", &super_user, &SUPER_USER, ""),
            ("SuperUser", &super_user, &USER_VM_MANAGER, ""),
            ("an owner", &owner, &USER_VM_MANAGER, ""),
            ("an owner", &owner, &CLUSTER_ADMIN, "refusal-only-super-user"),
            ("an owner of a cluster", &owner, &USER_ROLE, "refusal-beyond-own"),
            ("the helpdesk", &helpdesk(), &USER_ROLE, ""),
            ("the helpdesk", &helpdesk(), &USER_VM_MANAGER, "refusal-beyond-own"),
            ("the helpdesk", &helpdesk(), &CLUSTER_ADMIN, "refusal-only-super-user"),
            ("a helpdesk that owns", &both, &USER_VM_MANAGER, ""),
            ("an administrator", &standing(&CLUSTER_ADMIN), &USER_ROLE, ""),
            ("an administrator", &standing(&CLUSTER_ADMIN), &CLUSTER_ADMIN, "refusal-only-super-user"),
        ] {
            let given = Given { administrative: role.administrative, groups: role.groups };
            let said = may_give(giver, &given, Kind::Cluster).err().map(|r| r.text.key).unwrap_or_default();
            assert_eq!(said, expected, "{who} gives {}", role.name);
        }
        // A VM is shared with the role of those who use one.
        for (role, expected) in [(&USER_ROLE, true), (&USER_VM_MANAGER, true), (&POWER_USER_ROLE, false)] {
            let given = Given { administrative: role.administrative, groups: role.groups };
            assert_eq!(may_give(&owner, &given, Kind::Vm).is_ok(), expected, "{}", role.name);
        }
    }

    #[test]
    fn who_gives_themselves_what() {
        let super_user = Standing { super_user: true, ..Standing::default() };
        let owner = standing(&USER_VM_MANAGER);
        for (giver, role, expected) in [
            (&super_user, &USER_ROLE, true),
            (&owner, &USER_VM_MANAGER, false),
            (&owner, &USER_ROLE, false),
            (&helpdesk(), &USER_ROLE, true),
        ] {
            let given = Given { administrative: role.administrative, groups: role.groups };
            assert_eq!(may_give_oneself(giver, &given, Kind::Vm).is_ok(), expected, "{}", role.name);
        }
    }

    #[test]
    fn an_end_is_to_come_and_put_to_nothing_that_lasts() {
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::DAY;
        let somebody = Principal { id: Uuid::nil(), kind: PrincipalKind::User, name: "ada@internal".into() };
        for (until, wrong, ends) in [
            (None, false, true),
            (Some(now + time::Duration::SECOND), false, false),
            (Some(now), true, false),
            (Some(OffsetDateTime::UNIX_EPOCH), true, false),
        ] {
            let give = Give { until, ..Give::default() };
            assert_eq!(give.errors(now).get("until").is_some(), wrong, "{until:?}");
            assert_eq!(may_end(true, until, &somebody).is_ok(), ends, "{until:?}");
            assert!(may_end(false, until, &somebody).is_ok(), "{until:?}");
        }
    }

    #[test]
    fn what_cannot_be_taken() {
        let (here, above) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let row = |kind, role: &PredefinedRole, object| PermissionRow {
            id: PermissionId(Uuid::nil()),
            principal: Principal { id: Uuid::nil(), kind, name: "ada@internal".into() },
            role: (RoleId(role.id), role.name.into()),
            administrative: role.administrative,
            groups: role.groups.to_vec(),
            on: (Kind::Cluster, object, "lab".into()),
            since: OffsetDateTime::UNIX_EPOCH,
            until: None,
        };
        let super_user = Standing { super_user: true, ..Standing::default() };
        use PrincipalKind::{Everyone, Group, User};
        for (taker, row, at, left, expected) in [
            (&super_user, row(User, &SUPER_USER, here), here, 0, ""),
            (&super_user, row(User, &SUPER_USER, crate::SYSTEM), crate::SYSTEM, 1, ""),
            (
                &super_user,
                row(Group, &SUPER_USER, crate::SYSTEM),
                crate::SYSTEM,
                0,
                "refusal-last-super-user",
            ),
            (&super_user, row(User, &USER_ROLE, above), here, 1, "refusal-permission-inherited"),
            (
                &super_user,
                row(Everyone, &USER_ROLE, crate::SYSTEM),
                crate::SYSTEM,
                1,
                "refusal-permission-everyone",
            ),
            (&super_user, row(Everyone, &USER_ROLE, here), here, 1, ""),
            (&helpdesk(), row(User, &USER_VM_MANAGER, here), here, 1, ""),
            (&helpdesk(), row(User, &CLUSTER_ADMIN, here), here, 1, "refusal-only-super-user"),
        ] {
            let said = match may_take(taker, &row, at, left) {
                Ok(()) => String::new(),
                Err(Fault::Forbidden(r) | Fault::Refused(r)) => r.text.key,
                Err(other) => panic!("{other}"),
            };
            assert_eq!(said, expected, "{row:?}");
        }
    }

    #[test]
    fn what_there_is_to_ask_for() {
        assert!(deeds(Kind::Vm).contains(&Action::RunVm));
        assert!(deeds(Kind::Disk).contains(&Action::GrantPermission));
        assert!(!deeds(Kind::Vm).contains(&Action::CreateVm), "that is asked of the cluster");
        assert_eq!(deeds(Kind::System).len(), Action::ALL.len());
    }

    #[test]
    fn who_sees_what_others_hold() {
        for (standing, all) in [
            (Standing::default(), false),
            (standing(&USER_ROLE), false),
            (standing(&USER_VM_MANAGER), true),
            (standing(&crate::policy::READ_ONLY_ADMIN), true),
        ] {
            assert_eq!(standing.sees_all(), all, "{standing:?}");
        }
    }
}
