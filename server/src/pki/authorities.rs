//! The authorities in use: the one that issues, the next one while hosts learn to trust it, and the old one while
//! its certificates are still about. Directories under `<data>/pki`:
//!
//!   ca/ issues · next/ is trusted already · old/ is still trusted, and has no key any more
//!
//! When each step is taken is `renewal`'s to say. A step that is cut short is finished by the next look.

use super::{
    CA_LIFE, Held, PkiError,
    ca::Ca,
    files,
    renewal::{prepare_at, switch_at, valid_from},
};
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

pub struct Authorities {
    dir: PathBuf,
    current: Ca,
    next: Option<Ca>,
    old: Option<Old>,
}

struct Old {
    pem: String,
    held: Held,
}

impl Authorities {
    /// Makes the first one when there is none.
    pub fn open(dir: &Path, now: OffsetDateTime) -> Result<Authorities, PkiError> {
        finish_switch(dir)?;
        let current = match load(&dir.join("ca"))? {
            Loaded::Whole(ca) => *ca,
            // A crash between the two writes leaves the key alone, and nothing was issued by it yet.
            Loaded::None | Loaded::OnlyKey if !dir.join("server").exists() => create(&dir.join("ca"), now)?,
            Loaded::None | Loaded::OnlyKey => return Err(half("certificate", dir)),
            Loaded::OnlyCertificate => return Err(half("key", dir)),
        };
        let next = match load(&dir.join("next"))? {
            Loaded::Whole(ca) => Some(*ca),
            // Nobody has heard of it yet.
            _ => None,
        };
        Ok(Authorities { dir: dir.to_owned(), current, next, old: load_old(&dir.join("old/cacert.pem"))? })
    }

    /// Takes the steps that are due.
    pub fn rotate(&mut self, now: OffsetDateTime) -> Result<(), PkiError> {
        if self.next.is_none() && now >= prepare_at(self.current.not_after) {
            self.next = Some(create(&self.dir.join("next"), now)?);
            tracing::info!(
                "the next certificate authority is ready; hosts learn of it with their next certificate"
            );
        }
        let due = |next: &Ca| now >= switch_at(self.current.not_after, next.not_before);
        if self.next.as_ref().is_some_and(due) {
            self.switch(now)?;
            tracing::info!("the next certificate authority issues from now on");
        }
        self.forget_old(now)
    }

    fn switch(&mut self, now: OffsetDateTime) -> Result<(), PkiError> {
        files::private_dir(&self.dir.join("old"))?;
        files::write(&self.dir.join("old/cacert.pem"), self.current.pem(), files::PUBLIC)?;
        rename(&self.dir.join("ca"), &self.dir.join("ca.gone"))?;
        *self = Authorities::open(&self.dir, now)?;
        Ok(())
    }

    fn forget_old(&mut self, now: OffsetDateTime) -> Result<(), PkiError> {
        if self.old.as_ref().is_none_or(|old| old.held.not_after > now) {
            return Ok(());
        }
        self.old = None;
        let dir = self.dir.join("old");
        std::fs::remove_dir_all(&dir).map_err(files::error("removing", &dir))
    }

    /// The one that issues.
    pub fn current(&self) -> &Ca {
        &self.current
    }

    /// The certificates that whoever trusts Drover's certificates needs: PEM, one after the other. Of an old one
    /// only while it lasts until `until`, because libvirt refuses to work with an expired one in its list.
    pub fn trusted(&self, until: OffsetDateTime) -> String {
        let old = self.old.as_ref().filter(|old| old.held.not_after > until);
        let old = old.filter(|old| old.held.key_id != self.current.key_id());
        let pems =
            [Some(self.current.pem()), self.next.as_ref().map(Ca::pem), old.map(|old| old.pem.as_str())];
        pems.into_iter().flatten().collect()
    }
}

enum Loaded {
    Whole(Box<Ca>),
    None,
    OnlyKey,
    OnlyCertificate,
}

fn load(dir: &Path) -> Result<Loaded, PkiError> {
    let (cert, key) = (dir.join("cacert.pem"), dir.join("cakey.pem"));
    Ok(match (cert.exists(), key.exists()) {
        (true, true) => Loaded::Whole(Box::new(
            Ca::parse(&files::read(&cert)?, &files::read(&key)?).map_err(|cause| PkiError::Unusable {
                what: "certificate authority",
                path: cert,
                cause,
            })?,
        )),
        (false, false) => Loaded::None,
        (false, true) => Loaded::OnlyKey,
        (true, false) => Loaded::OnlyCertificate,
    })
}

fn load_old(path: &Path) -> Result<Option<Old>, PkiError> {
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(Old { pem: files::read(path)?, held: Held::read(path)? }))
}

fn create(dir: &Path, now: OffsetDateTime) -> Result<Ca, PkiError> {
    files::private_dir(dir)?;
    let ca = Ca::create(valid_from(now), now + CA_LIFE)?;
    files::write_all(&[
        (&dir.join("cakey.pem"), &ca.key_pem(), files::SECRET),
        (&dir.join("cacert.pem"), ca.pem(), files::PUBLIC),
    ])?;
    Ok(ca)
}

/// The second half of a switch: `ca` has gone out of the way, `next` takes its place, and the old key goes for good.
fn finish_switch(dir: &Path) -> Result<(), PkiError> {
    let (ca, next, gone) = (dir.join("ca"), dir.join("next"), dir.join("ca.gone"));
    if !gone.exists() {
        return Ok(());
    }
    if !ca.exists() {
        rename(&next, &ca)?;
    }
    std::fs::remove_dir_all(&gone).map_err(files::error("removing", &gone))
}

fn rename(from: &Path, to: &Path) -> Result<(), PkiError> {
    std::fs::rename(from, to).map_err(files::error("renaming", from))
}

fn half(missing: &'static str, dir: &Path) -> PkiError {
    PkiError::HalfCa { missing, dir: dir.join("ca") }
}
