//! A data center: the outermost box; storage, networks and templates belong to it.

use serde::{Deserialize, Serialize};

use crate::quota::QuotaMode;
use crate::{DataCenterId, FieldErrors, field};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DataCenterConfig {
    pub name: String,
    pub description: String,
    pub comment: String,
    pub quota_mode: QuotaMode,
}

impl DataCenterConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::name(&self.name, 40));
        e.check("description", field::free_text(&self.description, 4000));
        e.check("comment", field::free_text(&self.comment, 255));
        e
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditDataCenter {
    pub version: i64,
    pub config: DataCenterConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataCenterRow {
    pub id: DataCenterId,
    pub version: i64,
    pub config: DataCenterConfig,
    pub cluster_count: u32,
    pub host_count: u32,
    pub storage_count: u32,
    pub vm_count: u32,
}
