//! Roles of one's own: what one may be made of, and what a change of one may do to those who have it. The shipped ones
//! (`policy::PREDEFINED`) are only looked at and copied.

use serde::{Deserialize, Serialize};

use crate::policy::{ActionGroup, groups};
use crate::{FieldErrors, Refusal, RoleId, Text, field};

/// oVirt's bound of a role's name.
const NAME: usize = 126;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RoleConfig {
    pub name: String,
    pub description: String,
    /// For administrators; only such a role may hold what is only for them.
    pub administrative: bool,
    /// Numbers of action groups.
    pub groups: Vec<i32>,
}

impl RoleConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::title(&self.name, NAME));
        e.check("description", field::free_text(&self.description, 4000));
        e.check("groups", self.grouped());
        e
    }

    fn grouped(&self) -> Result<(), Text> {
        if self.groups.is_empty() {
            return Err(Text::new("role-no-groups"));
        }
        if self.groups.iter().any(|number| ActionGroup::find(*number).is_none()) {
            return Err(Text::new("field-unknown-choice"));
        }
        let admin_only = groups::admin_only(&self.groups);
        if !self.administrative && !admin_only.is_empty() {
            return Err(Text::new("role-user-groups").with("groups", named(&admin_only)));
        }
        Ok(())
    }

    /// Whether it shows what is below the object: as soon as one of its groups does.
    pub fn views_children(&self) -> bool {
        groups::show_children(&self.groups)
    }
}

/// The names of groups, for a sentence.
pub fn named(numbers: &[i32]) -> String {
    let names: Vec<String> = numbers.iter().map(|number| groups::label(*number).to_string()).collect();
    names.join(", ")
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditRole {
    pub version: i64,
    pub config: RoleConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoleRow {
    pub id: RoleId,
    pub version: i64,
    pub config: RoleConfig,
    pub views_children: bool,
    /// Drover ships it.
    pub predefined: bool,
    /// How many permissions there are with it.
    pub permissions: u32,
}

impl RoleRow {
    /// Whether it may be changed or removed at all.
    pub fn own(&self) -> Result<(), Refusal> {
        if self.predefined { Err(Refusal::new("refusal-role-predefined")) } else { Ok(()) }
    }
}

/// Who changes a role, as far as it counts: whether a SuperUser of the whole system, and which of the groups that the
/// change adds they lack in some place where the role is held.
#[derive(Debug, Clone, Default)]
pub struct Editor {
    pub super_user: bool,
    pub lacks: Vec<i32>,
}

/// A change of a role reaches everybody who has it. Nobody raises others that way beyond themselves, and only a
/// SuperUser makes administrators.
pub fn may_change(editor: &Editor, before: &RoleRow, after: &RoleConfig) -> Result<(), Refusal> {
    before.own()?;
    if editor.super_user || before.permissions == 0 {
        return Ok(());
    }
    if after.administrative && !before.config.administrative {
        return Err(Refusal::new("refusal-only-super-user"));
    }
    if editor.lacks.is_empty() {
        return Ok(());
    }
    Err(Refusal::new("refusal-beyond-own").with("groups", named(&editor.lacks)))
}

/// The groups that a change adds.
pub fn added(before: &[i32], after: &[i32]) -> Vec<i32> {
    after.iter().filter(|group| !before.contains(group)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(administrative: bool, groups: &[i32]) -> RoleConfig {
        RoleConfig {
            name: "Operators".into(),
            description: String::new(),
            administrative,
            groups: groups.to_vec(),
        }
    }

    #[test]
    fn what_a_role_may_be_made_of() {
        let long = "x".repeat(NAME + 1);
        for (name, administrative, groups, wrong) in [
            ("Operators", false, &[17, 22][..], ""),
            ("VM operators of the branch", true, &[22, 500], ""),
            ("", false, &[22], "name: field-required"),
            (&long, false, &[22], "name: field-too-long"),
            ("Operators", false, &[], "groups: role-no-groups"),
            ("Operators", true, &[22, 4], "groups: field-unknown-choice"),
            ("Operators", false, &[22, 500], "groups: role-user-groups"),
        ] {
            let role = RoleConfig { name: name.into(), ..config(administrative, groups) };
            let errors: Vec<String> =
                role.errors().0.iter().map(|(field, text)| format!("{field}: {}", text.key)).collect();
            assert_eq!(errors.join(", "), wrong, "{name:.9} {groups:?}");
        }
    }

    #[test]
    fn children_are_shown_by_what_a_role_holds() {
        assert!(config(false, &[1, 22]).views_children());
        assert!(!config(false, &[1, 1300]).views_children());
    }

    #[test]
    fn who_may_change_a_role() {
        let row = |predefined, administrative, permissions| RoleRow {
            id: RoleId(uuid::Uuid::nil()),
            version: 1,
            config: config(administrative, &[22]),
            views_children: true,
            predefined,
            permissions,
        };
        let editor = |super_user, lacks: &[i32]| Editor { super_user, lacks: lacks.to_vec() };
        for (editor, before, after, expected) in [
            (editor(true, &[]), row(true, false, 0), config(false, &[22]), "refusal-role-predefined"),
            (editor(true, &[2]), row(false, false, 3), config(true, &[22, 2]), ""),
            (editor(false, &[]), row(false, false, 3), config(false, &[22, 2]), ""),
            (editor(false, &[2]), row(false, false, 3), config(false, &[22, 2]), "refusal-beyond-own"),
            (editor(false, &[2]), row(false, false, 0), config(false, &[22, 2]), ""),
            (editor(false, &[]), row(false, false, 1), config(true, &[22]), "refusal-only-super-user"),
            (editor(false, &[]), row(false, true, 1), config(true, &[22]), ""),
            (editor(false, &[]), row(false, true, 1), config(false, &[17]), ""),
        ] {
            let said = may_change(&editor, &before, &after).err().map(|r| r.text.key).unwrap_or_default();
            assert_eq!(said, expected, "{editor:?} {after:?}");
        }
        assert_eq!(added(&[22, 17], &[2, 22]), [2]);
    }
}
