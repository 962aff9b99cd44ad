//! The first administrator's password: made at the first start, written where only the operator can read it,
//! and removed when it has been changed. Made of syllables, because somebody has to type it once.

use rand::{Rng, seq::IndexedRandom};
use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

const FILE: &str = "initial-admin-password";
const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aeiu";

/// Four groups of five letters, and one of two letters and a number: 29 characters, 79 bits.
pub fn first_password(random: &mut impl Rng) -> String {
    let mut groups: Vec<String> = (0..5).map(|_| group(random)).collect();
    let digits: u32 = random.random_range(100..1000);
    let last = groups.len() - 1;
    groups[last].truncate(2);
    groups[last].push_str(&digits.to_string());
    groups.join("-")
}

/// Consonant, vowel, consonant, vowel, consonant: 16 bits that can be spoken.
fn group(random: &mut impl Rng) -> String {
    let mut pick = |from: &[u8]| from.choose(random).copied().map_or('x', char::from);
    (0..5).map(|n| if n % 2 == 0 { pick(CONSONANTS) } else { pick(VOWELS) }).collect()
}

/// Writes `<data>/initial-admin-password`, readable by its owner only; gives the path to tell the operator.
pub fn write_first_password(data: &Path, password: &str) -> std::io::Result<PathBuf> {
    remove_first_password(data)?;
    let path = data.join(FILE);
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?;
    writeln!(file, "{password}")?;
    file.sync_all()?;
    Ok(path)
}

/// Gone already is fine.
pub fn remove_first_password(data: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(data.join(FILE)) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng, rngs::StdRng};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn readable_long_and_never_twice() {
        let mut random = StdRng::seed_from_u64(1);
        let (one, two) = (first_password(&mut random), first_password(&mut random));
        assert_ne!(one, two);
        assert_eq!(one.len(), 29);
        assert!(one.bytes().all(|b| b == b'-' || b.is_ascii_lowercase() || b.is_ascii_digit()), "{one}");
    }

    #[test]
    fn the_file_is_private_and_goes() {
        let dir = tempfile::tempdir().unwrap();
        write_first_password(dir.path(), "old").unwrap();
        let path = write_first_password(dir.path(), "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        remove_first_password(dir.path()).unwrap();
        remove_first_password(dir.path()).unwrap();
        assert!(!path.exists());
    }
}
