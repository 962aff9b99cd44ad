//! What a backup says about itself: who made it, when, how far its schema is, and the digest of every file in
//! it. Decides whether this version may restore it.

use super::BackupError;
use serde::{Deserialize, Serialize};
use std::path::{Component, Path};
use store::schema;
use time::OffsetDateTime;

/// Counted up when an older Drover could not read what a newer one writes.
pub const FORMAT: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Drover's version.
    pub product: String,
    /// The newest migration that the database has taken.
    pub schema: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub made: OffsetDateTime,
    pub files: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// In the archive: `database.dump`, or a file under `data/`.
    pub path: String,
    pub size: u64,
    pub mode: u32,
    /// SHA-256, in hexadecimal.
    pub digest: String,
}

impl Manifest {
    pub fn new(schema: i64, made: OffsetDateTime, files: Vec<Entry>) -> Manifest {
        let product = env!("CARGO_PKG_VERSION").to_owned();
        Manifest { format: FORMAT, product, schema, made, files }
    }

    /// Older ones are brought forward by the server's next start; newer ones hold what this version does not know.
    pub fn check(&self, archive: &Path) -> Result<(), BackupError> {
        let ours = env!("CARGO_PKG_VERSION");
        let newer =
            self.format > FORMAT || self.schema > schema::known() || version(&self.product) > version(ours);
        if newer {
            let (path, made) = (archive.to_owned(), self.product.clone());
            return Err(BackupError::Newer { path, made, ours: ours.to_owned() });
        }
        match self.files.iter().find(|file| !is_inside(&file.path)) {
            Some(file) => Err(BackupError::damaged(archive, format!("it has a file {:?}", file.path))),
            None => Ok(()),
        }
    }
}

/// Whether a path stays below where it is unpacked.
fn is_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Numbers compare as numbers: 0.10 is newer than 0.9.
fn version(text: &str) -> Vec<u64> {
    text.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn manifest() -> Manifest {
        Manifest::new(schema::known(), datetime!(2026-06-01 12:00 UTC), Vec::new())
    }

    #[test]
    fn ours_and_older_are_taken_and_newer_refused() {
        let check = |change: &dyn Fn(&mut Manifest)| {
            let mut manifest = manifest();
            change(&mut manifest);
            manifest.check(Path::new("x.drover"))
        };
        assert!(check(&|_| ()).is_ok());
        assert!(check(&|m| m.schema -= 1).is_ok());
        assert!(check(&|m| m.product = "0.0.9".into()).is_ok());
        for newer in
            [check(&|m| m.schema += 1), check(&|m| m.format += 1), check(&|m| m.product = "999.0.0".into())]
        {
            assert!(matches!(newer, Err(BackupError::Newer { .. })), "{newer:?}");
        }
    }

    #[test]
    fn nothing_is_unpacked_elsewhere() {
        for path in ["/etc/passwd", "data/../../x", "", "./data/x"] {
            let entry = Entry { path: path.into(), size: 0, mode: 0o600, digest: String::new() };
            let hostile = Manifest { files: vec![entry], ..manifest() };
            assert!(hostile.check(Path::new("x")).is_err(), "{path}");
        }
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version("0.10.0") > version("0.9.9"));
        assert_eq!(version("1.2.3-rc1"), version("1.2.3"));
    }
}
