//! A handshake of our own before libvirt's: it has a time limit, and it says what is wrong with a host's
//! certificate, where libvirt says only that it "failed to verify" it.

use std::io;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore};

use super::reach::LIMIT;
use crate::{HostError, HostResult};

/// Whether the host speaks at all; if so, what is wrong with its certificate. Troubles of our own files and
/// of the protocol are left for libvirt to find.
pub fn hello(mut stream: TcpStream, name: &str, pki: &Path) -> HostResult<Option<HostError>> {
    let Some(mut session) = session(name, pki) else { return Ok(None) };
    let limited = stream.set_read_timeout(Some(LIMIT)).and_then(|()| stream.set_write_timeout(Some(LIMIT)));
    limited.map_err(|e| HostError::Failed(e.to_string()))?;
    let Err(error) = session.complete_io(&mut stream) else { return Ok(None) };
    if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
        let silent = format!("{name} accepts connections but does not answer on them; does libvirtd hang?");
        return Err(HostError::Unreachable(silent));
    }
    Ok(match error.get_ref().and_then(|e| e.downcast_ref()) {
        Some(rustls::Error::InvalidCertificate(why)) => Some(HostError::Certificate(words(why))),
        _ => None,
    })
}

/// With our own certificate, so that the host does not note a stranger each time.
fn session(name: &str, pki: &Path) -> Option<ClientConnection> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(pki.join("cacert.pem")).ok()?.flatten() {
        roots.add(certificate).ok()?;
    }
    let own = CertificateDer::pem_file_iter(pki.join("clientcert.pem")).ok()?.flatten().collect();
    let key = PrivateKeyDer::from_pem_file(pki.join("clientkey.pem")).ok()?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(roots)
        .with_client_auth_cert(own, key)
        .ok()?;
    ClientConnection::new(Arc::new(config), ServerName::try_from(name.to_owned()).ok()?).ok()
}

fn words(why: &CertificateError) -> String {
    use CertificateError::*;
    match why {
        Expired | ExpiredContext { .. } => "the host's certificate has expired".into(),
        NotValidYet | NotValidYetContext { .. } => {
            "the host's certificate is not valid yet; are the clocks right?".into()
        }
        NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            format!("the host's certificate is for another name or address: {}", presented.join(", "))
        }
        NotValidForName | NotValidForNameContext { .. } => {
            "the host's certificate is for another name or address".into()
        }
        UnknownIssuer | BadSignature => {
            "the host's certificate is from another authority than this server's".into()
        }
        Revoked => "the host's certificate was revoked".into(),
        other => format!("the host's certificate is not usable: {other}"),
    }
}
