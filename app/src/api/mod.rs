//! The server functions that pages read by: one call of `control` each. Nothing is written here; writing is what
//! forms do (`crate::forms`). Each has an endpoint of its own name, so that an older page still finds it.

#[cfg(feature = "ssr")]
pub mod begin;
#[cfg(feature = "ssr")]
pub mod ctx;
#[cfg(feature = "ssr")]
pub mod doors;
#[cfg(feature = "ssr")]
pub mod manual;
#[cfg(feature = "ssr")]
pub mod offers;
#[cfg(feature = "ssr")]
pub mod picture;

pub mod account;
pub mod bookmarks;
pub mod bulk;
pub mod charts;
pub mod choices;
pub mod clusters;
pub mod data;
pub mod data_centers;
pub mod directories;
pub mod disks;
pub mod error;
pub mod events;
pub mod help;
pub mod hosts;
pub mod jobs;
pub mod networks;
pub mod palette;
pub mod permissions;
pub mod portal;
pub mod quotas;
pub mod roles;
pub mod search;
pub mod settings;
pub mod start;
pub mod storage_domains;
pub mod tags;
pub mod templates;
pub mod tree;
pub mod users;
pub mod vms;

pub use data::Data;
pub use error::ApiError;
