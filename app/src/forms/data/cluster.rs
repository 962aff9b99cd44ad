//! A cluster, new or changed.

use model::cluster::{ClusterConfig, ClusterRow, EditCluster, NewCluster};
use model::{DataCenterId, FieldErrors};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterForm {
    /// Empty for a new one.
    pub version: String,
    /// For a new one only: it stays where it is made.
    pub data_center: String,
    pub name: String,
    pub description: String,
    pub comment: String,
}

impl From<&ClusterRow> for ClusterForm {
    fn from(row: &ClusterRow) -> Self {
        let c = row.config.clone();
        ClusterForm {
            version: row.version.to_string(),
            data_center: row.data_center.0.to_string(),
            name: c.name,
            description: c.description,
            comment: c.comment,
        }
    }
}

impl ClusterForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditCluster, FieldErrors> {
        let new = self.request()?;
        Ok(EditCluster { version: self.version.parse().unwrap_or_default(), config: new.config })
    }
}

impl FormData for ClusterForm {
    type Request = NewCluster;

    fn request(&self) -> Result<NewCluster, FieldErrors> {
        let mut r = Reader::default();
        let data_center = DataCenterId(r.choice::<Uuid>("data_center", &self.data_center));
        let config = ClusterConfig {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            comment: self.comment.clone(),
        };
        r.and(config.errors());
        r.end(NewCluster { data_center, config })
    }
}
