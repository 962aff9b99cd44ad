//! An OpenID Connect provider, new or changed, and groups of one.

use model::FieldErrors;
use model::directory::{DirectoryRow, Means};
use model::provider::{EditProvider, ProviderConfig, group_names};
use serde::{Deserialize, Serialize};

use crate::forms::FormData;
use crate::forms::parse::{Reader, boxed};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProviderForm {
    /// Empty for a new one.
    pub version: String,
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    /// The client's secret. Empty for the one that is there.
    pub password: String,
    pub scopes: String,
    pub user_claim: String,
    pub full_name_claim: String,
    pub mail_claim: String,
    pub groups_claim: String,
    pub ca: String,
    pub enabled: String,
    pub everybody: String,
}

impl Default for ProviderForm {
    /// As most providers have it.
    fn default() -> Self {
        let empty = String::new;
        ProviderForm {
            version: empty(),
            name: empty(),
            issuer: empty(),
            client_id: empty(),
            password: empty(),
            scopes: "profile email".to_owned(),
            user_claim: "preferred_username".to_owned(),
            full_name_claim: "name".to_owned(),
            mail_claim: "email".to_owned(),
            groups_claim: "groups".to_owned(),
            ca: empty(),
            enabled: boxed(true),
            everybody: empty(),
        }
    }
}

impl From<&DirectoryRow> for ProviderForm {
    fn from(row: &DirectoryRow) -> Self {
        let Means::OpenId(c) = row.config.clone() else { return ProviderForm::default() };
        ProviderForm {
            version: row.version.to_string(),
            name: c.name,
            issuer: c.issuer,
            client_id: c.client_id,
            password: String::new(),
            scopes: c.scopes.join(" "),
            user_claim: c.user_claim,
            full_name_claim: c.full_name_claim,
            mail_claim: c.mail_claim,
            groups_claim: c.groups_claim,
            ca: c.ca,
            enabled: boxed(c.enabled),
            everybody: boxed(c.everybody),
        }
    }
}

impl ProviderForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditProvider, FieldErrors> {
        let config = self.request()?;
        Ok(EditProvider { version: self.version.parse().unwrap_or_default(), config, secret: self.secret() })
    }

    pub fn secret(&self) -> Option<String> {
        (!self.password.is_empty()).then(|| self.password.clone())
    }
}

impl FormData for ProviderForm {
    type Request = ProviderConfig;

    fn request(&self) -> Result<ProviderConfig, FieldErrors> {
        let mut r = Reader::default();
        // It is asked for anyway.
        let scopes = self.scopes.split_whitespace().filter(|scope| *scope != "openid");
        let text = |text: &String| text.trim().to_owned();
        let config = ProviderConfig {
            name: text(&self.name),
            issuer: text(&self.issuer),
            client_id: text(&self.client_id),
            scopes: scopes.map(str::to_owned).collect(),
            user_claim: text(&self.user_claim),
            full_name_claim: text(&self.full_name_claim),
            mail_claim: text(&self.mail_claim),
            groups_claim: text(&self.groups_claim),
            ca: text(&self.ca),
            enabled: self.enabled == "true",
            everybody: self.everybody == "true",
        };
        r.and(config.errors());
        r.end(config)
    }
}

/// Groups by their names, one a line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupsForm {
    pub groups: String,
}

impl FormData for GroupsForm {
    type Request = Vec<String>;

    fn request(&self) -> Result<Vec<String>, FieldErrors> {
        let lines = self.groups.lines().map(str::trim).filter(|line| !line.is_empty());
        let names: Vec<String> = lines.map(str::to_owned).collect();
        group_names(&names).map_err(|text| FieldErrors::one("groups", text))?;
        Ok(names)
    }
}
