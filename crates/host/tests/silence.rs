//! Hosts that accept a connection and then say nothing: what a hung libvirtd looks like from outside.

#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::time::{Duration, Instant};

use host::libvirt::{LibvirtConnector, Options};
use host::{Connector, Endpoint, HostError};
use model::HostId;
use model::host::{Acceleration, Transport};

fn endpoint(port: u16, transport: Transport) -> Endpoint {
    Endpoint {
        host: HostId(uuid::Uuid::nil()),
        address: "127.0.0.1".into(),
        port: Some(port),
        transport,
        acceleration: Acceleration::Emulation,
    }
}

/// A directory with certificates that nobody will get to see.
fn pki() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let own = rcgen::generate_simple_self_signed(vec!["drover".to_owned()]).unwrap();
    for (name, text) in [
        ("cacert.pem", own.cert.pem()),
        ("clientcert.pem", own.cert.pem()),
        ("clientkey.pem", own.signing_key.serialize_pem()),
    ] {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

#[tokio::test]
async fn silence_after_the_connection_is_not_waited_for_long() {
    // The kernel takes the connections; nobody ever looks at them.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let pki = pki();
    let connector = LibvirtConnector::new(Options { pki_path: pki.path().into(), allow_tcp: true });

    let host = connector.connect(&endpoint(port, Transport::Tls));
    let begin = Instant::now();
    let silent = host.facts().await.unwrap_err();
    assert!(matches!(&silent, HostError::Unreachable(t) if t.contains("does not answer")), "{silent:?}");
    assert!(begin.elapsed() < Duration::from_secs(8), "{:?}", begin.elapsed());

    // Without TLS only libvirt itself can begin to speak, and its attempt cannot be taken back.
    let host = connector.connect(&endpoint(port, Transport::Tcp));
    let begin = Instant::now();
    let (one, two) = tokio::join!(host.facts(), host.report());
    assert!(matches!(one, Err(HostError::Timeout { .. })) && matches!(two, Err(HostError::Timeout { .. })));
    assert!(begin.elapsed() < Duration::from_secs(12), "{:?}", begin.elapsed());

    // The host dies, the attempt comes back, and the next one says what is the matter now.
    drop(listener);
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        match host.facts().await {
            Err(HostError::Unreachable(text)) if text.contains("nothing listens") => break,
            other => assert!(Instant::now() < deadline, "{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
