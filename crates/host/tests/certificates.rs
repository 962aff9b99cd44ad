//! Troubles with certificates, each named as what it is. libvirt's own client meets a TLS server of the test
//! here; that the other end is no libvirtd does not matter before the handshake is over.

// The certificates' dates are measured by libvirt's own clock.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use host::libvirt::{LibvirtConnector, Options};
use host::{Connector, Endpoint, HostError};
use model::HostId;
use model::host::{Acceleration, Transport};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for `name` that is, or was, valid until so many days from now.
fn certificate(issuer: &Authority, name: &str, days: i64) -> (rcgen::Certificate, KeyPair) {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    params.not_before = OffsetDateTime::now_utc() - Duration::days(10);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(days);
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, issuer).unwrap(), key)
}

/// Drover's side: whom it trusts, and its own certificate.
fn pki(trusted: &Authority, own: &Authority, days: i64) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let (certificate, key) = certificate(own, "drover", days);
    write(directory.path(), "cacert.pem", &trusted.pem());
    write(directory.path(), "clientcert.pem", &certificate.pem());
    write(directory.path(), "clientkey.pem", &key.serialize_pem());
    directory
}

fn write(directory: &Path, name: &str, text: &str) {
    std::fs::File::create(directory.join(name)).unwrap().write_all(text.as_bytes()).unwrap();
}

/// A host at a port of its own, which ends every connection once the handshake is over.
fn host((certificate, key): (rcgen::Certificate, KeyPair)) -> u16 {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut session = rustls::ServerConnection::new(config.clone()).unwrap();
            // Whether the other side liked it is for the other side to say.
            let _ = stream.and_then(|mut s| session.complete_io(&mut s));
        }
    });
    port
}

async fn refusal(port: u16, pki: &Path) -> HostError {
    let endpoint = Endpoint {
        host: HostId(uuid::Uuid::nil()),
        address: "127.0.0.1".into(),
        port: Some(port),
        transport: Transport::Tls,
        acceleration: Acceleration::Emulation,
    };
    let connector = LibvirtConnector::new(Options { pki_path: pki.into(), allow_tcp: false });
    connector.connect(&endpoint).facts().await.unwrap_err()
}

#[track_caller]
fn assert_certificate(error: &HostError, words: &str) {
    assert!(matches!(error, HostError::Certificate(text) if text.contains(words)), "{words}: {error:?}");
}

#[tokio::test]
async fn a_host_that_hangs_up_after_a_good_handshake_did_not_like_ours() {
    let ours = authority("Drover");
    let error = refusal(host(certificate(&ours, "127.0.0.1", 10)), pki(&ours, &ours, 10).path()).await;
    assert_certificate(&error, "did not accept Drover's certificate");
}

#[tokio::test]
async fn an_expired_one_is_named() {
    let ours = authority("Drover");
    let error = refusal(host(certificate(&ours, "127.0.0.1", -1)), pki(&ours, &ours, 10).path()).await;
    assert_certificate(&error, "host's certificate has expired");
}

#[tokio::test]
async fn one_of_another_authority_is_named() {
    let (ours, foreign) = (authority("Drover"), authority("Somebody else"));
    let error = refusal(host(certificate(&foreign, "127.0.0.1", 10)), pki(&ours, &ours, 10).path()).await;
    assert_certificate(&error, "another authority");
}

#[tokio::test]
async fn one_for_another_name_is_named() {
    let ours = authority("Drover");
    let error = refusal(host(certificate(&ours, "kvm9.example", 10)), pki(&ours, &ours, 10).path()).await;
    assert_certificate(&error, "another name or address: ");
}

#[tokio::test]
async fn our_own_when_it_has_expired_is_named() {
    let ours = authority("Drover");
    let error = refusal(host(certificate(&ours, "127.0.0.1", 10)), pki(&ours, &ours, -1).path()).await;
    assert_certificate(&error, "Drover's certificate");
}

#[tokio::test]
async fn files_that_are_not_there_are_named() {
    let ours = authority("Drover");
    let nothing = tempfile::tempdir().unwrap();
    let error = refusal(host(certificate(&ours, "127.0.0.1", 10)), nothing.path()).await;
    assert_certificate(&error, "cacert.pem");
}
