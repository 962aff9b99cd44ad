//! The pages of the administration portal, one module for each entity: its list, its details, its dialogs.

pub mod account;
pub mod clusters;
pub mod console;
pub mod dashboard;
pub mod data_centers;
pub mod disks;
pub mod events;
pub mod help;
pub mod hosts;
pub mod hosts_dialog;
pub mod images;
pub mod jobs;
pub mod networks;
pub mod portal;
pub mod sign_in;
pub mod storage;
pub mod templates;
pub mod tree;
pub mod vms;
pub mod vms_dialog;
pub mod vms_more;
pub mod vms_options;
pub mod vms_parts;
