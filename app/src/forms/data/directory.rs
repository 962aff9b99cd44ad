//! A directory, new or changed.

use model::directory::{DirectoryConfig, DirectoryRow, EditDirectory, Means, Schema, Security};
use model::{DirectoryId, FieldErrors};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DirectoryForm {
    /// Empty for a new one.
    pub version: String,
    pub name: String,
    pub schema: String,
    /// One a line.
    pub servers: String,
    pub security: String,
    pub ca: String,
    pub base_dn: String,
    pub bind_dn: String,
    /// Empty for the one that is there.
    pub password: String,
}

impl Default for DirectoryForm {
    fn default() -> Self {
        let empty = String::new;
        DirectoryForm {
            version: empty(),
            name: empty(),
            schema: Schema::OpenLdap.as_str().to_owned(),
            servers: empty(),
            security: Security::Ldaps.as_str().to_owned(),
            ca: empty(),
            base_dn: empty(),
            bind_dn: empty(),
            password: empty(),
        }
    }
}

impl From<&DirectoryRow> for DirectoryForm {
    fn from(row: &DirectoryRow) -> Self {
        let Means::Ldap(c) = row.config.clone() else { return DirectoryForm::default() };
        DirectoryForm {
            version: row.version.to_string(),
            name: c.name,
            schema: c.schema.as_str().to_owned(),
            servers: c.servers.join("\n"),
            security: c.security.as_str().to_owned(),
            ca: c.ca,
            base_dn: c.base_dn,
            bind_dn: c.bind_dn,
            password: String::new(),
        }
    }
}

impl DirectoryForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditDirectory, FieldErrors> {
        let config = self.request()?;
        Ok(EditDirectory {
            version: self.version.parse().unwrap_or_default(),
            config,
            password: self.password(),
        })
    }

    pub fn password(&self) -> Option<String> {
        (!self.password.is_empty()).then(|| self.password.clone())
    }
}

impl FormData for DirectoryForm {
    type Request = DirectoryConfig;

    fn request(&self) -> Result<DirectoryConfig, FieldErrors> {
        let mut r = Reader::default();
        let servers = self.servers.split([',', ' ', '\n', '\r', '\t']).filter(|one| !one.is_empty());
        let config = DirectoryConfig {
            name: self.name.trim().to_owned(),
            schema: r.word("schema", &self.schema, Schema::OpenLdap),
            servers: servers.map(str::to_owned).collect(),
            security: r.word("security", &self.security, Security::Ldaps),
            ca: self.ca.trim().to_owned(),
            base_dn: self.base_dn.trim().to_owned(),
            bind_dn: self.bind_dn.trim().to_owned(),
        };
        r.and(config.errors());
        r.end(config)
    }
}

/// Users and groups of a directory, to be added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AddForm {
    pub directory: String,
    /// The directory's ids, with commas between.
    pub chosen: String,
}

impl FormData for AddForm {
    type Request = (DirectoryId, Vec<String>);

    fn request(&self) -> Result<(DirectoryId, Vec<String>), FieldErrors> {
        let mut r = Reader::default();
        let directory = DirectoryId(r.choice::<Uuid>("directory", &self.directory));
        let chosen = r.several::<String>("chosen", &self.chosen);
        if chosen.is_empty() {
            r.refuse("chosen", "users-add-first");
        }
        r.end((directory, chosen))
    }
}
