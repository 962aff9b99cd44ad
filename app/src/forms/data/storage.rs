//! A storage domain, new or changed.

use model::storage_domain::{EditStorage, NewStorage, StorageConfig, StorageRow};
use model::{DataCenterId, FieldErrors};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StorageForm {
    /// Empty for a new one.
    pub version: String,
    /// For a new one only: it stays where it is made.
    pub data_center: String,
    pub name: String,
    pub description: String,
    pub comment: String,
    pub path: String,
}

impl From<&StorageRow> for StorageForm {
    fn from(row: &StorageRow) -> Self {
        let c = row.config.clone();
        StorageForm {
            version: row.version.to_string(),
            data_center: row.data_center.0.to_string(),
            name: c.name,
            description: c.description,
            comment: c.comment,
            path: c.path,
        }
    }
}

impl StorageForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditStorage, FieldErrors> {
        let new = self.request()?;
        Ok(EditStorage { version: self.version.parse().unwrap_or_default(), config: new.config })
    }
}

impl FormData for StorageForm {
    type Request = NewStorage;

    fn request(&self) -> Result<NewStorage, FieldErrors> {
        let mut r = Reader::default();
        let data_center = DataCenterId(r.choice::<Uuid>("data_center", &self.data_center));
        let config = StorageConfig {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            comment: self.comment.clone(),
            path: self.path.trim().to_owned(),
        };
        r.and(config.errors());
        r.end(NewStorage { data_center, config })
    }
}
