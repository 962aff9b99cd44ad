//! What the live stream tells a browser after a commit: which object changed, under what, and the new row,
//! so that a list that shows it patches it without asking.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Added,
    Changed,
    Removed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveChange {
    pub kind: Kind,
    pub id: Uuid,
    pub version: i64,
    pub change: Change,
    /// The object and everything above it, for the filter by permission and by tree node.
    pub scope: Vec<Uuid>,
    /// Users who hear of it although they see nothing of `scope`: who did it, or held a permission on what is
    /// gone. For the filter only.
    #[serde(skip)]
    pub principals: Vec<Uuid>,
    /// The list's row as JSON (`VmRow`, `HostRow`, …), where the change has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<serde_json::Value>,
}
