//! A data center, new or changed.

use model::FieldErrors;
use model::data_center::{DataCenterConfig, DataCenterRow, EditDataCenter};
use model::quota::QuotaMode;
use serde::{Deserialize, Serialize};

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataCenterForm {
    /// Empty for a new one.
    pub version: String,
    pub name: String,
    pub description: String,
    pub comment: String,
    pub quota_mode: String,
}

impl From<&DataCenterRow> for DataCenterForm {
    fn from(row: &DataCenterRow) -> Self {
        let c = row.config.clone();
        DataCenterForm {
            version: row.version.to_string(),
            name: c.name,
            description: c.description,
            comment: c.comment,
            quota_mode: c.quota_mode.as_str().to_owned(),
        }
    }
}

impl FormData for DataCenterForm {
    type Request = EditDataCenter;

    fn request(&self) -> Result<EditDataCenter, FieldErrors> {
        let mut r = Reader::default();
        let config = DataCenterConfig {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            comment: self.comment.clone(),
            quota_mode: r.word("quota_mode", &self.quota_mode, QuotaMode::default()),
        };
        r.and(config.errors());
        r.end(EditDataCenter { version: self.version.parse().unwrap_or_default(), config })
    }
}
