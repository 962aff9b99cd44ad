//! Drover's own certificate authority and the certificates it issues: the server's for HTTPS, the client's
//! for libvirt, and one for each host. All lie under `<data>/pki`, keys readable by their owner only:
//!
//!   ca/cacert.pem ca/cakey.pem · server/cert.pem server/key.pem · client/ (a `pkipath` for libvirt)
//!   hosts/NAME.pem (what hosts were given, without keys) · next/ and old/ (see `authorities`)
//!
//! `open` makes what is missing and renews what is due; when that is, is `renewal`'s to say.

mod authorities;
mod ca;
mod files;
mod held;
mod renewal;
#[cfg(test)]
mod tests;

pub use ca::{Ca, IssueRequest, Issued, Purpose};
pub use held::Held;
pub use renewal::{CA_LIFE, LEAF_LIFE, is_due, prepare_at, renew_at, valid_from};

use authorities::Authorities;
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};
use time::{Duration, OffsetDateTime};

#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    #[error("{what} {path}: {cause}")]
    File { what: &'static str, path: PathBuf, cause: std::io::Error },
    #[error("the disk of {path} is full; make room there. What was there before stays in use")]
    Full { path: PathBuf },
    #[error("{path} is not a usable {what}: {cause}")]
    Unusable { what: &'static str, path: PathBuf, cause: String },
    #[error("{0:?} is neither a DNS name nor an IP address")]
    BadName(String),
    #[error("issuing a certificate for {name}: {cause}")]
    Issue { name: String, cause: rcgen::Error },
    #[error(
        "the certificate authority's {missing} is gone while the other half is there; restore it, or remove {dir} to start anew (every host then needs a new certificate)"
    )]
    HalfCa { missing: &'static str, dir: PathBuf },
}

/// Where the client certificate for libvirt lies: a `pkipath`.
pub fn client_dir(pki: &Path) -> PathBuf {
    pki.join("client")
}

/// A certificate and what it is held for.
pub struct Kept {
    pub role: Role,
    pub held: Held,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Authority,
    NextAuthority,
    OldAuthority,
    Server,
    Client,
    Host,
}

pub struct Pki {
    dir: PathBuf,
    authorities: Authorities,
}

impl Pki {
    /// Opens the authority, which is made on the first call, and brings the server's and the client's
    /// certificates up to date. `names` are what the server's one carries beyond the machine's own names. That
    /// something cannot be renewed, on a full disk, is no failure while the old ones can be used.
    pub fn open(dir: &Path, names: &[String], now: OffsetDateTime) -> Result<Pki, PkiError> {
        files::private_dir(dir)?;
        let authorities = {
            let _lock = files::lock(dir)?;
            Authorities::open(dir, now)?
        };
        let mut pki = Pki { dir: dir.to_owned(), authorities };
        match pki.renew(names, now) {
            Err(error) if pki.usable(now) => {
                tracing::error!(%error, "certificates cannot be renewed; the old ones stay in use");
            }
            renewed => _ = renewed?,
        }
        Ok(pki)
    }

    /// Issues anew what is missing, due or for other names, and changes the authority when its time comes.
    /// Returns whether the server's certificate was replaced.
    pub fn renew(&mut self, names: &[String], now: OffsetDateTime) -> Result<bool, PkiError> {
        let _lock = files::lock(&self.dir)?;
        // A command may have been here since.
        self.authorities = Authorities::open(&self.dir, now)?;
        self.authorities.rotate(now)?;
        let client = self.client_dir();
        files::private_dir(&client)?;
        // Looked at again long before a day has passed.
        let trusted = self.authorities.trusted(now + Duration::days(1));
        files::update(&client.join("cacert.pem"), &trusted, files::PUBLIC)?;
        let (cert, key) = self.client_files();
        self.keep(&cert, &key, &["drover".to_owned()], Purpose::Client, now)?;
        self.keep(&self.server_cert(), &self.server_key(), &server_names(names), Purpose::Server, now)
    }

    fn keep(
        &self,
        cert: &Path,
        key: &Path,
        names: &[String],
        purpose: Purpose,
        now: OffsetDateTime,
    ) -> Result<bool, PkiError> {
        let good = pair(cert, key).is_some_and(|held| {
            !is_due(held.not_before, held.not_after, now)
                && held.names_match(names)
                && held.issuer_key == self.ca().key_id()
        });
        if good {
            return Ok(false);
        }
        let issued = self.issue(names, purpose, now)?;
        if let Some(dir) = cert.parent() {
            files::private_dir(dir)?;
        }
        files::write_all(&[(key, &issued.key_pem, files::SECRET), (cert, &issued.cert_pem, files::PUBLIC)])?;
        Ok(true)
    }

    /// Whether what is there can be served with, due or not.
    fn usable(&self, now: OffsetDateTime) -> bool {
        let valid = |cert: &Path, key: &Path| {
            pair(cert, key).is_some_and(|held| held.not_before <= now && now < held.not_after)
        };
        let (cert, key) = self.client_files();
        valid(&cert, &key)
            && valid(&self.server_cert(), &self.server_key())
            && self.client_dir().join("cacert.pem").exists()
    }

    fn issue(&self, names: &[String], purpose: Purpose, now: OffsetDateTime) -> Result<Issued, PkiError> {
        let (name, addresses) = names.split_first().ok_or_else(|| PkiError::BadName(String::new()))?;
        self.ca().issue(&IssueRequest {
            name: name.clone(),
            addresses: addresses.to_vec(),
            not_before: valid_from(now),
            not_after: renewal::valid_to(now, self.ca().not_after),
            purpose,
        })
    }

    /// A certificate for libvirtd on a host. Its purpose includes the client's, because a host that migrates
    /// a VM to another one is that one's client.
    pub fn issue_host(&self, name: &str, address: &str, now: OffsetDateTime) -> Result<Issued, PkiError> {
        self.issue(&[name.to_owned(), address.to_owned()], Purpose::Host, now)
    }

    /// Writes a host's three files, as libvirt names them, into a directory. What it is given to trust lasts as
    /// long as its certificate: libvirt does not start with an expired authority in its list.
    pub fn write_host(&self, out: &Path, issued: &Issued, now: OffsetDateTime) -> Result<(), PkiError> {
        std::fs::create_dir_all(out).map_err(files::error("making", out))?;
        let trusted = self.authorities.trusted(now + LEAF_LIFE);
        files::write_all(&[
            (&out.join("cacert.pem"), &trusted, files::PUBLIC),
            (&out.join("serverkey.pem"), &issued.key_pem, files::SECRET),
            (&out.join("servercert.pem"), &issued.cert_pem, files::PUBLIC),
        ])
    }

    /// Notes what a host was given, so that its end can be told.
    pub fn note_host(&self, name: &str, issued: &Issued) -> Result<(), PkiError> {
        let dir = self.dir.join("hosts");
        files::private_dir(&dir)?;
        files::write(&dir.join(format!("{name}.pem")), &issued.cert_pem, files::PUBLIC)
    }

    pub fn ca(&self) -> &Ca {
        self.authorities.current()
    }

    pub fn server_cert(&self) -> PathBuf {
        self.dir.join("server/cert.pem")
    }

    pub fn server_key(&self) -> PathBuf {
        self.dir.join("server/key.pem")
    }

    /// What libvirt wants as `pkipath` in a connection's URI.
    pub fn client_dir(&self) -> PathBuf {
        client_dir(&self.dir)
    }

    fn client_files(&self) -> (PathBuf, PathBuf) {
        let dir = self.client_dir();
        (dir.join("clientcert.pem"), dir.join("clientkey.pem"))
    }

    /// What is held, by role, for people; hosts by name.
    pub fn held(&self) -> Result<Vec<Kept>, PkiError> {
        let parts = [
            (Role::Authority, self.dir.join("ca/cacert.pem")),
            (Role::NextAuthority, self.dir.join("next/cacert.pem")),
            (Role::OldAuthority, self.dir.join("old/cacert.pem")),
            (Role::Server, self.server_cert()),
            (Role::Client, self.client_files().0),
        ];
        let mut parts: Vec<_> = parts.into_iter().filter(|(_, path)| path.exists()).collect();
        let hosts = std::fs::read_dir(self.dir.join("hosts")).into_iter().flatten().flatten();
        let mut hosts: Vec<PathBuf> = hosts.map(|entry| entry.path()).collect();
        hosts.sort();
        parts.extend(hosts.into_iter().map(|path| (Role::Host, path)));
        parts.into_iter().map(|(role, path)| Ok(Kept { role, held: Held::read(&path)? })).collect()
    }
}

/// The certificate, if it can be read and the key beside it is its own.
fn pair(cert: &Path, key: &Path) -> Option<Held> {
    let held = Held::read(cert).ok()?;
    ca::key_of(&held, &files::read(key).ok()?).ok()?;
    Some(held)
}

/// What people on this machine and those who use its name will type, then what the operator added.
fn server_names(extra: &[String]) -> Vec<String> {
    let mut names = vec!["localhost".to_owned()];
    let host = nix::unistd::gethostname().ok().and_then(|n| n.into_string().ok());
    names.extend(host.filter(|n| ca::is_name(n)));
    names.extend(["127.0.0.1", "::1"].map(str::to_owned));
    for name in extra {
        if !names.contains(name) {
            names.push(name.parse::<IpAddr>().map_or_else(|_| name.clone(), |ip| ip.to_string()));
        }
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|n| seen.insert(n.clone()));
    names
}
