//! How a list is asked for and answered: one shape for every entity, in the URL, the server function and
//! the store.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub const PAGE_SIZES: [u32; 4] = [25, 50, 100, 500];
pub const DEFAULT_PAGE_SIZE: u32 = 100;

/// A page of a sorted list. `sort` is a column's name from a fixed set per list, checked by the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListQuery {
    /// From 1.
    pub page: u32,
    pub size: u32,
    pub sort: Option<String>,
    pub descending: bool,
    /// Only objects below this one (a node of the tree).
    pub within: Option<Uuid>,
    /// A search of this list, without the word for the list before it: see the crate `search`.
    #[serde(default)]
    pub search: Option<String>,
    /// Only what came of one request; for events.
    #[serde(default)]
    pub correlation: Option<String>,
    /// All columns instead of those that most people want, where a list has such.
    #[serde(default)]
    pub advanced: bool,
}

impl Default for ListQuery {
    fn default() -> Self {
        ListQuery {
            page: 1,
            size: DEFAULT_PAGE_SIZE,
            sort: None,
            descending: false,
            within: None,
            search: None,
            correlation: None,
            advanced: false,
        }
    }
}

impl ListQuery {
    /// Brings what came from outside into bounds.
    pub fn bounded(mut self) -> Self {
        self.page = self.page.clamp(1, 1_000_000);
        if !PAGE_SIZES.contains(&self.size) {
            self.size = DEFAULT_PAGE_SIZE;
        }
        self
    }

    pub fn offset(&self) -> i64 {
        i64::from(self.page.saturating_sub(1)) * i64::from(self.size)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Of the whole result, not of this page.
    pub total: u64,
    /// There are more than `total`: nobody counted on.
    #[serde(default)]
    pub more: bool,
    pub query: ListQuery,
}

impl<T> Page<T> {
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(u64::from(self.query.size.max(1))).max(1)
    }
}

/// A node of the tree with what it shows closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TreeNode {
    pub id: Uuid,
    pub kind: crate::id::Kind,
    /// A folder of its parent ("Hosts"), whose children are of `kind`; `id` is then the parent's.
    pub folder: bool,
    pub name: String,
    /// The status word, for the icon.
    pub status: Option<String>,
    pub children: u32,
}

/// How many objects a folder of the tree shows at once, and how many more each time.
pub const TREE_STEP: u32 = 100;
/// So many at most; the list has the rest.
pub const TREE_MOST: u32 = 5_000;

/// A node of the tree that is open, and what is below it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TreeBranch {
    pub kind: crate::id::Kind,
    pub id: Uuid,
    pub folder: bool,
    pub nodes: Vec<TreeNode>,
}
