//! A look at the first bytes of an image that somebody uploads. One that names another file, as its backing
//! file or for its data, would show that file of the host to a guest, so it never gets as far as a volume.

use crate::{HostError, HostResult};

/// As much of an image as `check` wants to see, if the image is that long.
pub const HEAD: usize = 104;

const MAGIC: &[u8] = b"QFI\xfb";
/// Bit 2 of a qcow2 header's incompatible features.
const EXTERNAL_DATA: u64 = 1 << 2;

/// Refuses a qcow2 image that is not whole by itself. Anything else is its own business.
pub fn check(head: &[u8]) -> HostResult<()> {
    if !head.starts_with(MAGIC) {
        return Ok(());
    }
    let version = number(head, 4) >> 32;
    let backing = number(head, 8);
    // Version 2 ends before the features.
    let features = if version >= 3 { number(head, 72) } else { 0 };
    if backing != 0 || features & EXTERNAL_DATA != 0 {
        return Err(HostError::Failed("the image depends on another file".into()));
    }
    Ok(())
}

/// The virtual size that a qcow2 image says it has, bytes.
pub fn virtual_size(head: &[u8]) -> Option<u64> {
    head.starts_with(MAGIC).then(|| number(head, 24))
}

/// Eight bytes, big end first; what is not there counts as zero.
fn number(head: &[u8], at: usize) -> u64 {
    (at..at + 8).fold(0, |n, i| n << 8 | u64::from(head.get(i).copied().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The head of a qcow2 image of 5 MiB.
    fn qcow2(version: u32, backing: u64, features: u64) -> Vec<u8> {
        let mut head = MAGIC.to_vec();
        head.extend(version.to_be_bytes());
        head.extend(backing.to_be_bytes());
        head.extend([0; 8]);
        head.extend((5u64 << 20).to_be_bytes());
        head.resize(72, 0);
        head.extend(features.to_be_bytes());
        head
    }

    #[test]
    fn only_images_that_are_whole_by_themselves_pass() {
        for (head, fine) in [
            (qcow2(3, 0, 0), true),
            (qcow2(3, 0, 1), true),
            (qcow2(3, 512, 0), false),
            (qcow2(2, 512, 0), false),
            (qcow2(3, 0, EXTERNAL_DATA), false),
            (qcow2(2, 0, EXTERNAL_DATA), true),
            (b"QFI\xfb".to_vec(), true),
            (vec![0; 512], true),
            (vec![], true),
        ] {
            assert_eq!(check(&head).is_ok(), fine, "{head:?}");
        }
        assert_eq!(virtual_size(&qcow2(3, 0, 0)), Some(5 << 20));
        assert_eq!(virtual_size(b"raw"), None);
    }
}
