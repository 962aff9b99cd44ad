//! Everything that a server cannot make anew, in one file: the database, the certificates and secrets of the data
//! directory, and the configuration file. `make` writes it beside a running server, `restore` makes a data
//! directory of it; what the file looks like inside is `archive`'s business, what it says about itself
//! `manifest`'s.
//!
//! The tension is between an operator in a hurry and data that exists once: nothing here overwrites or removes
//! what was there before.

mod archive;
mod error;
mod make;
mod manifest;
mod program;
mod restore;

pub use error::BackupError;
pub use make::make;
pub use manifest::Manifest;
pub use restore::{Restored, restore};

/// Names at the top of a data directory that belong to its use, not to its content.
const TRANSIENT: &[&str] = &["lock", "log", "lost+found"];
/// What a restore has moved out of the way lies in directories that begin so.
const ASIDE: &str = "before-restore-";
