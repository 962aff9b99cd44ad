//! Files of the authority: written whole or not at all, what belongs together together, and keys never readable
//! by others, not even for the moment between creation and chmod.

use super::PkiError;
use nix::fcntl::{Flock, FlockArg};
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

pub const SECRET: u32 = 0o600;
pub const PUBLIC: u32 = 0o644;

pub fn error(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> PkiError {
    let path = path.to_owned();
    move |cause| match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => PkiError::Full { path },
        _ => PkiError::File { what, path, cause },
    }
}

pub fn private_dir(dir: &Path) -> Result<(), PkiError> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(error("making", dir))
}

/// A server and a command, or two commands, change the files one after the other.
pub fn lock(dir: &Path) -> Result<Flock<File>, PkiError> {
    let path = dir.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(SECRET).open(&path);
    let file = file.map_err(error("opening", &path))?;
    Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, e)| error("locking", &path)(e.into()))
}

pub fn read(path: &Path) -> Result<String, PkiError> {
    std::fs::read_to_string(path).map_err(error("reading", path))
}

/// Leaves alone what is so already: a look that finds nothing to do must not fail on a full disk.
pub fn update(path: &Path, text: &str, mode: u32) -> Result<(), PkiError> {
    match std::fs::read_to_string(path) {
        Ok(there) if there == text => Ok(()),
        _ => write(path, text, mode),
    }
}

pub fn write(path: &Path, text: &str, mode: u32) -> Result<(), PkiError> {
    write_all(&[(path, text, mode)])
}

/// All are on the disk before the first of them takes its place.
pub fn write_all(files: &[(&Path, &str, u32)]) -> Result<(), PkiError> {
    let staged = files.iter().try_for_each(|(path, text, mode)| stage(path, text, *mode));
    let placed = staged.and_then(|()| {
        files
            .iter()
            .try_for_each(|(path, ..)| std::fs::rename(fresh(path), path).map_err(error("writing", path)))
    });
    if placed.is_err() {
        for (path, ..) in files {
            let _ = std::fs::remove_file(fresh(path));
        }
    }
    placed
}

fn stage(path: &Path, text: &str, mode: u32) -> Result<(), PkiError> {
    let fresh = fresh(path);
    let _ = std::fs::remove_file(&fresh);
    let file = OpenOptions::new().create_new(true).write(true).mode(mode).open(&fresh);
    let written = file.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(error("writing", path))
}

fn fresh(path: &Path) -> PathBuf {
    path.with_extension("new")
}
