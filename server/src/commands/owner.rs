//! Whose data directory it is. Root could do everything there, and would leave files that the server's own user
//! can no longer read; so root is told to run the command as that user.

use super::Failure;
use nix::unistd::{Uid, User, geteuid};
use std::{os::unix::fs::MetadataExt, path::Path};

pub fn check(data: &Path) -> Result<(), Failure> {
    let owner = data.metadata().map(|meta| Uid::from_raw(meta.uid()));
    let Ok(owner) = owner else { return Ok(()) };
    if owner.is_root() || !geteuid().is_root() {
        return Ok(());
    }
    let name = User::from_uid(owner).ok().flatten().map_or_else(|| owner.to_string(), |user| user.name);
    Err(format!(
        "the data directory {} belongs to {name}; run this as that user: runuser -u {name} -- drover …",
        data.display()
    )
    .into())
}
