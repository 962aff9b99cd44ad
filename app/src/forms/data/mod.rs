//! The forms as plain types: what each asks for, what is wrong with it, and the request that it becomes. No
//! browser and no server in here, so a test needs neither.

pub mod account;
pub mod bookmark;
pub mod bulk;
pub mod cluster;
pub mod columns;
pub mod copies;
pub mod data_center;
pub mod deed;
pub mod directory;
pub mod hardware;
pub mod host;
pub mod lease;
pub mod network;
pub mod permission;
pub mod portal;
pub mod provider;
pub mod quota;
pub mod quota_request;
pub mod role;
pub mod sign_in;
pub mod storage;
pub mod tag;
pub mod template;
pub mod topology;
pub mod user;
pub mod vm;

#[cfg(test)]
mod tests;
