//! What can be changed of a template.

use model::FieldErrors;
use model::template::{EditTemplate, TemplateRow};
use serde::{Deserialize, Serialize};

use super::lease;
use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateForm {
    pub version: String,
    pub name: String,
    pub description: String,
    pub comment: String,
    pub lease_days: String,
    pub lease_extension: String,
    pub lease_longest: String,
    pub lease_keep: String,
}

impl From<&TemplateRow> for TemplateForm {
    fn from(row: &TemplateRow) -> Self {
        let [lease_days, lease_extension, lease_longest, lease_keep] = lease::texts(row.lease);
        TemplateForm {
            version: row.version.to_string(),
            name: row.name.clone(),
            description: row.description.clone(),
            comment: row.comment.clone(),
            lease_days,
            lease_extension,
            lease_longest,
            lease_keep,
        }
    }
}

impl FormData for TemplateForm {
    type Request = EditTemplate;

    fn request(&self) -> Result<EditTemplate, FieldErrors> {
        let mut r = Reader::default();
        let texts = [&self.lease_days, &self.lease_extension, &self.lease_longest, &self.lease_keep];
        let edit = EditTemplate {
            version: self.version.parse().unwrap_or_default(),
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            comment: self.comment.clone(),
            lease: lease::read(&mut r, texts.map(String::as_str)),
        };
        r.and(edit.errors());
        r.end(edit)
    }
}
