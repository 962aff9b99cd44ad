//! The key under which secrets lie in the database: `<data>/secret.key`, made at the first start, readable by its owner
//! only. It is in every backup, like all of the data directory; without it second factors are set up anew.

use std::io::{ErrorKind, Write};
use std::path::Path;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use control::secrets::Secrets;
use rand::Rng;

use crate::commands::Failure;

pub const FILE: &str = "secret.key";

/// Opens what is there, or makes it. Two that make it at once agree on the one that was first.
pub fn open(data: &Path) -> Result<Secrets, Failure> {
    let path = data.join(FILE);
    match std::fs::metadata(&path) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => make(data, &path)?,
        Err(error) => return Err(format!("{} cannot be read: {error}", path.display()).into()),
    }
    let text =
        std::fs::read_to_string(&path).map_err(|e| format!("{} cannot be read: {e}", path.display()))?;
    let key = URL_SAFE_NO_PAD.decode(text.trim()).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
    let key = key.ok_or_else(|| format!("{} holds no key; take it from a backup", path.display()))?;
    Ok(Secrets::new(&key))
}

fn make(data: &Path, path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(data)?;
    let key: [u8; 32] = rand::rng().random();
    // Readable by its owner only from the beginning, and whole when it has its name.
    let mut fresh = tempfile::NamedTempFile::new_in(data)?;
    writeln!(fresh, "{}", URL_SAFE_NO_PAD.encode(key))?;
    fresh.as_file().sync_all()?;
    match fresh.persist_noclobber(path) {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(error.error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_key_is_made_once_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        open(dir.path()).unwrap();
        let path = dir.path().join(FILE);
        let first = std::fs::read(&path).unwrap();
        open(dir.path()).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), first);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "something else").unwrap();
        assert!(open(dir.path()).err().unwrap().to_string().contains("take it from a backup"));
    }
}
