//! A role of one's own, new or changed.

use model::FieldErrors;
use model::role::{EditRole, RoleConfig, RoleRow};
use serde::{Deserialize, Serialize};

use crate::forms::FormData;
use crate::forms::parse::{Reader, boxed, on};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleForm {
    /// Empty for a new one.
    pub version: String,
    pub name: String,
    pub description: String,
    pub administrative: String,
    /// Numbers of action groups, with commas between.
    pub groups: String,
}

impl From<&RoleRow> for RoleForm {
    fn from(row: &RoleRow) -> Self {
        let numbers: Vec<String> = row.config.groups.iter().map(ToString::to_string).collect();
        RoleForm {
            version: row.version.to_string(),
            name: row.config.name.clone(),
            description: row.config.description.clone(),
            administrative: boxed(row.config.administrative),
            groups: numbers.join(","),
        }
    }
}

impl RoleForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditRole, FieldErrors> {
        Ok(EditRole { version: self.version.parse().unwrap_or_default(), config: self.request()? })
    }
}

impl FormData for RoleForm {
    type Request = RoleConfig;

    /// What its groups may be is said by the server, which alone knows them.
    fn request(&self) -> Result<RoleConfig, FieldErrors> {
        let mut r = Reader::default();
        let groups: Vec<i32> = r.several("groups", &self.groups);
        let config = RoleConfig {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            administrative: on(&self.administrative),
            groups,
        };
        if config.name.is_empty() {
            r.refuse("name", "field-required");
        }
        if config.groups.is_empty() && !self.groups.contains(|c: char| !c.is_ascii_digit()) {
            r.refuse("groups", "role-no-groups");
        }
        r.end(config)
    }
}
