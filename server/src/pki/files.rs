//! Files of the authority: written whole or not at all, and keys never readable by others, not even for the
//! moment between creation and chmod.

use super::PkiError;
use std::{
    fs::{DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

pub const SECRET: u32 = 0o600;
pub const PUBLIC: u32 = 0o644;

pub fn error(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> PkiError {
    let path = path.to_owned();
    move |cause| PkiError::File { what, path, cause }
}

pub fn private_dir(dir: &Path) -> Result<(), PkiError> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(error("making", dir))
}

pub fn read(path: &Path) -> Result<String, PkiError> {
    std::fs::read_to_string(path).map_err(error("reading", path))
}

pub fn write(path: &Path, text: &str, mode: u32) -> Result<(), PkiError> {
    let fresh = path.with_extension("new");
    let _ = std::fs::remove_file(&fresh);
    let written =
        OpenOptions::new().create_new(true).write(true).mode(mode).open(&fresh).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
    written.and_then(|()| std::fs::rename(&fresh, path)).map_err(error("writing", path))
}
