//! Parts that several pages are made of.

pub mod action;
pub mod details;
pub mod dialogs;
pub mod face;
pub mod fault;
pub mod fields;
pub mod finished;
pub mod list;
pub mod summary;
pub mod time;
pub mod trouble;
pub mod used;
pub mod value;
pub mod waiting;
