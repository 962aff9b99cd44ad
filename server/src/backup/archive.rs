//! The file itself: a tar, so that any machine can look into it, with the manifest first, the manifest's digest
//! second, and then the files in the manifest's order. Reading checks every byte against those digests, and takes
//! nothing that the manifest does not name.

use super::{BackupError, Manifest, manifest::Entry};
use ring::digest::{Context, SHA256};
use std::{
    fs::File,
    io::{Read, Seek, Write},
    path::Path,
};

const MANIFEST: &str = "manifest.json";
const SEAL: &str = "manifest.sha256";
/// Larger than any manifest; a foreign file must not fill the memory.
const MANIFEST_LIMIT: u64 = 16 << 20;

/// A file on its way into the archive.
pub struct Source {
    pub path: String,
    pub mode: u32,
    pub content: File,
}

impl Source {
    fn entry(&mut self) -> std::io::Result<Entry> {
        self.content.rewind()?;
        let (size, digest) = copy(&mut self.content, &mut std::io::sink())?;
        self.content.rewind()?;
        Ok(Entry { path: self.path.clone(), size, mode: self.mode, digest })
    }
}

/// Writes the archive; `describe` makes the manifest of what is in it.
pub fn write(
    out: &mut File,
    mut sources: Vec<Source>,
    describe: impl FnOnce(Vec<Entry>) -> Manifest,
) -> std::io::Result<Manifest> {
    let entries = sources.iter_mut().map(Source::entry).collect::<Result<Vec<_>, _>>()?;
    let manifest = describe(entries);
    let text = serde_json::to_vec_pretty(&manifest)?;
    let mut tar = tar::Builder::new(&mut *out);
    append(&mut tar, MANIFEST, 0o600, text.len() as u64, text.as_slice())?;
    let seal = digest(&text);
    append(&mut tar, SEAL, 0o600, seal.len() as u64, seal.as_bytes())?;
    for (entry, source) in manifest.files.iter().zip(sources) {
        append(&mut tar, &entry.path, entry.mode, entry.size, source.content.take(entry.size))?;
    }
    tar.into_inner()?.sync_all()?;
    Ok(manifest)
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    path: &str,
    mode: u32,
    size: u64,
    content: impl Read,
) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_mode(mode);
    header.set_size(size);
    tar.append_data(&mut header, path, content)
}

/// Reads the whole archive and checks it. `into` is called for each file, in order, and gives where to write it.
pub fn read(
    archive: &Path,
    mut into: impl FnMut(&Entry) -> Result<Box<dyn Write>, BackupError>,
) -> Result<Manifest, BackupError> {
    let file = File::open(archive).map_err(BackupError::io("opening", archive))?;
    let mut tar = tar::Archive::new(std::io::BufReader::new(file));
    let broken = |e: std::io::Error| BackupError::damaged(archive, e.to_string());
    let mut entries = tar.entries().map_err(broken)?;
    let manifest = read_manifest(archive, &mut entries)?;
    manifest.check(archive)?;
    for want in &manifest.files {
        let found = entries.next().ok_or_else(|| BackupError::damaged(archive, "it ends too early"))?;
        let mut found = found.map_err(broken)?;
        if *found.path_bytes() != *want.path.as_bytes() {
            return Err(BackupError::damaged(archive, format!("{} is not where it should be", want.path)));
        }
        let out = into(want)?;
        take(archive, &mut found, want, out)?;
    }
    Ok(manifest)
}

fn read_manifest<R: Read>(
    archive: &Path,
    entries: &mut tar::Entries<'_, R>,
) -> Result<Manifest, BackupError> {
    let foreign = || BackupError::Foreign { path: archive.to_owned() };
    let text = member(entries, MANIFEST).ok_or_else(foreign)?;
    let seal = member(entries, SEAL).ok_or_else(foreign)?;
    if digest(&text).as_bytes() != seal {
        return Err(BackupError::damaged(archive, "its list of files has changed"));
    }
    serde_json::from_slice(&text).map_err(|_| foreign())
}

/// The next member, if it is this one.
fn member<R: Read>(entries: &mut tar::Entries<'_, R>, name: &str) -> Option<Vec<u8>> {
    let found = entries.next()?.ok()?;
    let mut text = Vec::new();
    let ours = *found.path_bytes() == *name.as_bytes();
    (ours && found.take(MANIFEST_LIMIT).read_to_end(&mut text).is_ok()).then_some(text)
}

/// Copies one file. What cannot be read is the archive's fault, what cannot be written the disk's.
fn take(archive: &Path, found: &mut impl Read, want: &Entry, out: Box<dyn Write>) -> Result<(), BackupError> {
    let mut out = Watched { out, failed: None };
    let copied = copy(found, &mut out);
    if let Some(cause) = out.failed {
        return Err(BackupError::Io { what: format!("unpacking {}", want.path), cause });
    }
    match copied {
        Ok((size, digest)) if size == want.size && digest == want.digest => Ok(()),
        Ok(_) => Err(BackupError::damaged(archive, format!("{} has changed", want.path))),
        Err(e) => Err(BackupError::damaged(archive, format!("{}: {e}", want.path))),
    }
}

/// Keeps apart an error of writing from one of reading.
struct Watched {
    out: Box<dyn Write>,
    failed: Option<std::io::Error>,
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes).inspect_err(|e| self.failed = Some(again(e)))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush().inspect_err(|e| self.failed = Some(again(e)))
    }
}

/// An error of the operating system, once more.
fn again(error: &std::io::Error) -> std::io::Error {
    error.raw_os_error().map_or_else(|| error.kind().into(), std::io::Error::from_raw_os_error)
}

/// Size and digest of what was copied.
fn copy(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<(u64, String)> {
    let (mut context, mut size, mut buffer) = (Context::new(&SHA256), 0, vec![0; 1 << 16]);
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            to.flush()?;
            return Ok((size, hex(context.finish().as_ref())));
        }
        context.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        size += read as u64;
    }
}

fn digest(bytes: &[u8]) -> String {
    hex(ring::digest::digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn made(dir: &Path) -> std::path::PathBuf {
        let path = dir.join("x.drover");
        let source = |name: &str, text: &[u8]| {
            let mut content = tempfile::tempfile().unwrap();
            content.write_all(text).unwrap();
            Source { path: name.into(), mode: 0o640, content }
        };
        let sources = vec![source("database.dump", &[7; 5000]), source("data/pki/ca/cakey.pem", b"secret")];
        let describe = |files| Manifest::new(1, datetime!(2026-06-01 12:00 UTC), files);
        write(&mut File::create(&path).unwrap(), sources, describe).unwrap();
        path
    }

    fn look(path: &Path) -> Result<Manifest, BackupError> {
        read(path, |_| Ok(Box::new(std::io::sink())))
    }

    #[test]
    fn what_was_written_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let manifest = look(&made(dir.path())).unwrap();
        let files: Vec<_> = manifest.files.iter().map(|f| (f.path.as_str(), f.size, f.mode)).collect();
        assert_eq!(files, [("database.dump", 5000, 0o640), ("data/pki/ca/cakey.pem", 6, 0o640)]);
    }

    /// A bit that falls over anywhere, but in the padding between files, is found; so is a cut anywhere before the
    /// end of the last file.
    #[test]
    fn every_damage_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = made(dir.path());
        let whole = std::fs::read(&path).unwrap();
        let end = whole.windows(6).position(|w| w == b"secret").unwrap() + 6;
        for cut in (0..end).step_by(97) {
            std::fs::write(&path, &whole[..cut]).unwrap();
            assert!(look(&path).is_err(), "cut at {cut}");
        }
        for (at, byte) in whole.iter().enumerate().take(end).step_by(13).filter(|(_, byte)| **byte != 0) {
            let mut damaged = whole.clone();
            damaged[at] = byte ^ 0x10;
            std::fs::write(&path, damaged).unwrap();
            assert!(look(&path).is_err(), "changed at {at}");
        }
        std::fs::write(&path, b"something else").unwrap();
        assert!(matches!(look(&path), Err(BackupError::Foreign { .. })));
    }
}
