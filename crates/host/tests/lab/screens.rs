//! A VM's screen: where it is, and that nobody gets at it without the password.

use host::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::*;

/// RFB's security types: the way in without a password, and the one with.
const NONE: u8 = 1;
const VNC_AUTHENTICATION: u8 = 2;

/// The security types that the server offers.
async fn greeted(at: &ScreenAddress) -> (TcpStream, Vec<u8>) {
    let mut stream = TcpStream::connect((at.host.as_str(), at.port)).await.unwrap();
    let mut version = [0; 12];
    stream.read_exact(&mut version).await.unwrap();
    assert!(version.starts_with(b"RFB 003."), "{version:?}");
    stream.write_all(b"RFB 003.008\n").await.unwrap();
    let mut types = vec![0; stream.read_u8().await.unwrap().into()];
    stream.read_exact(&mut types).await.unwrap();
    (stream, types)
}

#[tokio::test]
async fn a_screen_is_never_open() {
    let _lab = shared().await;
    let host = connect(1);
    let guest = Guest::started(1, &*host).await;
    let at = host.screen(guest.vm).await.unwrap();
    assert_eq!(at.host, address(1), "it listens where the host is reached, and nowhere else");

    let (mut stream, types) = greeted(&at).await;
    assert_eq!(types, [VNC_AUTHENTICATION]);
    stream.write_u8(NONE).await.unwrap();
    let refused = stream.read_u32().await;
    assert!(refused.map_or(true, |answer| answer != 0), "asked for no authentication, it gave way");

    let (mut stream, _) = greeted(&at).await;
    stream.write_u8(VNC_AUTHENTICATION).await.unwrap();
    let mut challenge = [0; 16];
    stream.read_exact(&mut challenge).await.unwrap();
    stream.write_all(&[0; 16]).await.unwrap();
    assert_ne!(stream.read_u32().await.unwrap(), 0, "a wrong answer was accepted");
}

#[tokio::test]
async fn a_headless_vm_has_none_and_a_cable_may_be_unplugged() {
    let _lab = shared().await;
    let host = connect(2);
    let mut guest = Guest::new(2, &*host).await;
    guest.spec.graphics = None;
    guest.spec.nics[0].bridge = None;
    host.define(&guest.spec).await.unwrap();
    assert!(matches!(host.screen(guest.vm).await, Err(HostError::WrongState(_))));
    host.start(guest.vm).await.unwrap();
    assert!(matches!(host.screen(guest.vm).await, Err(HostError::NotFound(_))));
    let links = lab(2, &["virsh", "domif-getlink", &guest.name(), &guest.spec.nics[0].mac]);
    assert!(links.contains("down"), "{links}");
}
