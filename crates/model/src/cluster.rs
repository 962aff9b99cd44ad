//! A cluster: hosts that can run the same VMs. A VM belongs to a cluster, and is placed on one of its hosts.

use serde::{Deserialize, Serialize};

use crate::{ClusterId, DataCenterId, FieldErrors, field};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ClusterConfig {
    pub name: String,
    pub description: String,
    pub comment: String,
}

impl ClusterConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::name(&self.name, 40));
        e.check("description", field::free_text(&self.description, 4000));
        e.check("comment", field::free_text(&self.comment, 255));
        e
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewCluster {
    pub data_center: DataCenterId,
    pub config: ClusterConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditCluster {
    pub version: i64,
    pub config: ClusterConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClusterRow {
    pub id: ClusterId,
    pub version: i64,
    pub config: ClusterConfig,
    pub data_center: (DataCenterId, String),
    pub host_count: u32,
    pub vm_count: u32,
}
