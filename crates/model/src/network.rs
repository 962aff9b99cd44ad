//! A network: a name in a data center for a bridge that the hosts have under the same name.

use serde::{Deserialize, Serialize};

use crate::{DataCenterId, FieldErrors, NetworkId, Text, field};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkConfig {
    pub name: String,
    pub description: String,
    pub comment: String,
    /// The hosts' bridge, at most 15 characters (the kernel's limit).
    pub bridge: String,
}

impl NetworkConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::name(&self.name, 256));
        if self.name.starts_with("bond") {
            e.add("name", Text::new("field-network-bond"));
        }
        e.check("description", field::free_text(&self.description, 4000));
        e.check("comment", field::free_text(&self.comment, 255));
        e.check("bridge", field::name(&self.bridge, 15));
        e
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewNetwork {
    pub data_center: DataCenterId,
    pub config: NetworkConfig,
    /// Whoever can sign in may connect their machines to it.
    pub all_users: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditNetwork {
    pub version: i64,
    pub config: NetworkConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkRow {
    pub id: NetworkId,
    pub version: i64,
    pub config: NetworkConfig,
    pub data_center: (DataCenterId, String),
    /// Hosts of the data center that have the bridge, and all of them.
    pub hosts_with: u32,
    pub hosts_all: u32,
    pub vm_count: u32,
}
