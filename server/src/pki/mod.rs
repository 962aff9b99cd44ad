//! Drover's own certificate authority and the certificates it issues: the server's for HTTPS, the client's
//! for libvirt, and one for each host. All lie under `<data>/pki`, keys readable by their owner only:
//!
//!   ca/cacert.pem ca/cakey.pem · server/cert.pem server/key.pem · client/ (a `pkipath` for libvirt)
//!
//! `open` makes what is missing and renews what is due; when that is, is `renewal`'s to say.

mod ca;
mod files;
mod held;
mod renewal;
#[cfg(test)]
mod tests;

pub use ca::{Ca, IssueRequest, Issued, Purpose};
pub use held::Held;
pub use renewal::{CA_LIFE, LEAF_LIFE, is_due, renew_at, valid_from};

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};
use time::OffsetDateTime;

#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    #[error("{what} {path}: {cause}")]
    File { what: &'static str, path: PathBuf, cause: std::io::Error },
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

pub struct Pki {
    dir: PathBuf,
    ca: Ca,
}

impl Pki {
    /// Opens the authority, which is made on the first call, and brings the server's and the client's
    /// certificates up to date. `names` are what the server's one carries beyond the machine's own names.
    pub fn open(dir: &Path, names: &[String], now: OffsetDateTime) -> Result<Pki, PkiError> {
        files::private_dir(dir)?;
        let ca = open_ca(&dir.join("ca"), now)?;
        let pki = Pki { dir: dir.to_owned(), ca };
        pki.renew(names, now)?;
        Ok(pki)
    }

    /// Issues anew what is missing, due or for other names. Returns whether the server's was replaced, so
    /// that a running listener can load it.
    pub fn renew(&self, names: &[String], now: OffsetDateTime) -> Result<bool, PkiError> {
        let all = server_names(names);
        let replaced = self.keep(&self.server_cert(), &self.server_key(), &all, Purpose::Server, now)?;
        let dir = self.client_dir();
        files::private_dir(&dir)?;
        files::write(&dir.join("cacert.pem"), self.ca.pem(), files::PUBLIC)?;
        let (cert, key) = (dir.join("clientcert.pem"), dir.join("clientkey.pem"));
        self.keep(&cert, &key, &["drover".to_owned()], Purpose::Client, now)?;
        Ok(replaced)
    }

    fn keep(
        &self,
        cert: &Path,
        key: &Path,
        names: &[String],
        purpose: Purpose,
        now: OffsetDateTime,
    ) -> Result<bool, PkiError> {
        let good = key.exists()
            && Held::read(cert).is_ok_and(|held| {
                !is_due(held.not_before, held.not_after, now)
                    && held.names_match(names)
                    && held.issuer_key == self.ca.key_id()
            });
        if good {
            return Ok(false);
        }
        let issued = self.issue(names, purpose, now)?;
        if let Some(dir) = cert.parent() {
            files::private_dir(dir)?;
        }
        files::write(key, &issued.key_pem, files::SECRET)?;
        files::write(cert, &issued.cert_pem, files::PUBLIC)?;
        Ok(true)
    }

    fn issue(&self, names: &[String], purpose: Purpose, now: OffsetDateTime) -> Result<Issued, PkiError> {
        let (name, addresses) = names.split_first().ok_or_else(|| PkiError::BadName(String::new()))?;
        self.ca.issue(&IssueRequest {
            name: name.clone(),
            addresses: addresses.to_vec(),
            not_before: valid_from(now),
            not_after: now + LEAF_LIFE,
            purpose,
        })
    }

    /// A certificate for libvirtd on a host. Its purpose includes the client's, because a host that migrates
    /// a VM to another one is that one's client.
    pub fn issue_host(&self, name: &str, address: &str, now: OffsetDateTime) -> Result<Issued, PkiError> {
        self.issue(&[name.to_owned(), address.to_owned()], Purpose::Host, now)
    }

    /// Writes a host's three files, as libvirt names them, into a directory.
    pub fn write_host(&self, out: &Path, issued: &Issued) -> Result<(), PkiError> {
        std::fs::create_dir_all(out).map_err(files::error("making", out))?;
        files::write(&out.join("cacert.pem"), self.ca.pem(), files::PUBLIC)?;
        files::write(&out.join("serverkey.pem"), &issued.key_pem, files::SECRET)?;
        files::write(&out.join("servercert.pem"), &issued.cert_pem, files::PUBLIC)
    }

    pub fn ca(&self) -> &Ca {
        &self.ca
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

    /// What is held, by role, for people.
    pub fn held(&self) -> Result<Vec<(&'static str, Held)>, PkiError> {
        let parts = [
            ("authority", self.dir.join("ca/cacert.pem")),
            ("server", self.server_cert()),
            ("client", self.client_dir().join("clientcert.pem")),
        ];
        parts.into_iter().map(|(role, path)| Ok((role, Held::read(&path)?))).collect()
    }
}

fn open_ca(dir: &Path, now: OffsetDateTime) -> Result<Ca, PkiError> {
    files::private_dir(dir)?;
    let (cert, key) = (dir.join("cacert.pem"), dir.join("cakey.pem"));
    match (cert.exists(), key.exists()) {
        (true, true) => Ca::parse(&files::read(&cert)?, &files::read(&key)?)
            .map_err(|cause| PkiError::Unusable { what: "certificate authority", path: cert, cause }),
        // A crash between the two writes leaves the key alone, and nothing was issued by it yet.
        (false, _) if !dir.join("../server").exists() => {
            let ca = Ca::create(valid_from(now), now + CA_LIFE)?;
            files::write(&key, &ca.key_pem(), files::SECRET)?;
            files::write(&cert, ca.pem(), files::PUBLIC)?;
            Ok(ca)
        }
        (false, _) => Err(PkiError::HalfCa { missing: "certificate", dir: dir.to_owned() }),
        (true, false) => Err(PkiError::HalfCa { missing: "key", dir: dir.to_owned() }),
    }
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
