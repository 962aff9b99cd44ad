//! What Drover talks about: ids, entities, states, requests and views, the rules on them, and the words
//! for all of it. Pure: no IO, no clock, no randomness; the browser and the server run the same code.
//! The tension: this crate knows every rule but may never find anything out by itself.

pub mod action;
pub mod bookmark;
pub mod bulk;
pub mod clock;
pub mod cluster;
pub mod columns;
pub mod dashboard;
pub mod data_center;
pub mod day;
pub mod directory;
pub mod disk;
pub mod event;
pub mod export;
pub mod fault;
pub mod field;
pub mod host;
pub mod id;
pub mod job;
pub mod language;
pub mod lease;
pub mod list;
pub mod live;
pub mod network;
pub mod nic;
pub mod palette;
pub mod permission;
pub mod policy;
pub mod portal;
pub mod provider;
pub mod quota;
pub mod quota_request;
pub mod role;
pub mod session;
pub mod size;
pub mod statistics;
pub mod storage_domain;
pub mod tag;
pub mod tag_filter;
pub mod template;
pub mod text;
pub mod user;
pub mod vm;
pub mod vm_disk;
pub mod vm_options;
pub mod vm_request;

pub use action::Action;
pub use fault::{Fault, Refusal, Way};
pub use field::FieldErrors;
pub use id::*;
pub use text::Text;
