//! What is wrong with a host's certificate. libvirt says only that it "failed to verify" it, so after that
//! the host is asked for it once more and checked here, against the same authority.

use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore};

use super::Options;
use super::uri::addresses;
use crate::HostError;
use crate::driver::Endpoint;

const LIMIT: Duration = Duration::from_secs(4);

/// libvirt's complaint in better words, if they can be found. Blocks for a few seconds at most.
pub fn explained(complaint: HostError, endpoint: &Endpoint, options: &Options) -> HostError {
    let HostError::Certificate(text) = &complaint else { return complaint };
    if !text.contains("verify peer's certificate") {
        return complaint;
    }
    match handshake(endpoint, options) {
        Some(rustls::Error::InvalidCertificate(why)) => HostError::Certificate(words(&why)),
        _ => complaint,
    }
}

/// The error of a handshake in which only the host shows its certificate.
fn handshake(endpoint: &Endpoint, options: &Options) -> Option<rustls::Error> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(options.pki_path.join("cacert.pem")).ok()?.flatten() {
        roots.add(certificate).ok()?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(endpoint.address.clone()).ok()?;
    let mut session = ClientConnection::new(Arc::new(config), name).ok()?;
    let address = addresses(endpoint).ok()?;
    let mut stream = TcpStream::connect_timeout(address.first()?, LIMIT).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    let error = session.complete_io(&mut stream).err()?;
    error.get_ref()?.downcast_ref::<rustls::Error>().cloned()
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
