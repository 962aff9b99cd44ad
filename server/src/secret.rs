//! The key that opens what the database has only sealed. It is a file of the data directory that nobody else may read,
//! made at the first start, and so it is in every backup: with the database alone nobody has a password.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use directory::vault::{KEY_LENGTH, Vault};

use crate::commands::Failure;

const FILE: &str = "secrets.key";

/// The vault of this data directory. The first who comes makes its key; a command beside a server finds it.
pub fn vault(data: &Path) -> Result<Vault, Failure> {
    let path = data.join(FILE);
    let said = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let text = match std::fs::read_to_string(&path) {
        Err(e) if e.kind() == ErrorKind::NotFound => {
            make(data, &path).map_err(|e| said(&e))?;
            std::fs::read_to_string(&path).map_err(|e| said(&e))?
        }
        read => read.map_err(|e| said(&e))?,
    };
    Ok(Vault::of(&key(text.trim()).ok_or_else(|| said(&"this is no key; restore the file from a backup"))?))
}

/// Whole or not at all: a link takes its place only where nothing is yet.
fn make(data: &Path, path: &Path) -> Result<(), Failure> {
    // Beside a database of somebody else's there may be no directory yet.
    DirBuilder::new().recursive(true).mode(0o700).create(data)?;
    let key = Vault::fresh_key()?;
    let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let fresh = data.join(format!("{FILE}.{}", std::process::id()));
    let _ = std::fs::remove_file(&fresh);
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&fresh)?;
    writeln!(file, "{digits}")?;
    file.sync_all()?;
    let placed = std::fs::hard_link(&fresh, path);
    std::fs::remove_file(&fresh)?;
    match placed {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(e.into()),
        _ => Ok(()),
    }
}

fn key(digits: &str) -> Option<[u8; KEY_LENGTH]> {
    if digits.len() != 2 * KEY_LENGTH || !digits.is_ascii() {
        return None;
    }
    let mut key = [0; KEY_LENGTH];
    for (n, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_key_is_made_once_and_private() {
        let (dir, of) = (tempfile::tempdir().unwrap(), uuid::Uuid::nil());
        let sealed = vault(dir.path()).unwrap().seal("x", of).unwrap();
        assert_eq!(vault(dir.path()).unwrap().open(&sealed, of).unwrap(), "x");
        let path = dir.path().join(FILE);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        std::fs::write(&path, "no key").unwrap();
        assert!(vault(dir.path()).is_err());
    }
}
