//! A network, new or changed.

use model::network::{EditNetwork, NetworkConfig, NetworkRow, NewNetwork};
use model::{DataCenterId, FieldErrors};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::{Reader, on};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkForm {
    /// Empty for a new one.
    pub version: String,
    /// For a new one only: it stays where it is made.
    pub data_center: String,
    pub name: String,
    pub description: String,
    pub comment: String,
    pub bridge: String,
    /// For a new one only: afterwards it is a permission like any other.
    pub all_users: String,
}

impl From<&NetworkRow> for NetworkForm {
    fn from(row: &NetworkRow) -> Self {
        let c = row.config.clone();
        NetworkForm {
            version: row.version.to_string(),
            data_center: row.data_center.0.to_string(),
            name: c.name,
            description: c.description,
            comment: c.comment,
            bridge: c.bridge,
            all_users: String::new(),
        }
    }
}

impl NetworkForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditNetwork, FieldErrors> {
        let new = self.request()?;
        Ok(EditNetwork { version: self.version.parse().unwrap_or_default(), config: new.config })
    }
}

impl FormData for NetworkForm {
    type Request = NewNetwork;

    fn request(&self) -> Result<NewNetwork, FieldErrors> {
        let mut r = Reader::default();
        let data_center = DataCenterId(r.choice::<Uuid>("data_center", &self.data_center));
        let config = NetworkConfig {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            comment: self.comment.clone(),
            bridge: self.bridge.trim().to_owned(),
        };
        r.and(config.errors());
        r.end(NewNetwork { data_center, config, all_users: on(&self.all_users) })
    }
}
