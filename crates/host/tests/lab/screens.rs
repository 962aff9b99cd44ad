//! A VM's screen: where it is, and that nobody gets at it without the password.

use std::io::Write;
use std::process::{Command, Stdio};

use host::*;
use model::vm_options::Protocol;
use time::OffsetDateTime;
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
    let at = host.screen(guest.vm, Protocol::Vnc).await.unwrap();
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
    assert!(matches!(host.screen(guest.vm, Protocol::Vnc).await, Err(HostError::WrongState(_))));
    host.start(guest.vm).await.unwrap();
    assert!(matches!(host.screen(guest.vm, Protocol::Vnc).await, Err(HostError::NotFound(_))));
    let links = lab(2, &["virsh", "domif-getlink", &guest.name(), &guest.spec.nics[0].mac]);
    assert!(links.contains("down"), "{links}");
}

/// Whether the password opens the screen. The answer to the challenge is DES under the password, its bits mirrored.
async fn opens(at: &ScreenAddress, password: &str) -> bool {
    let (mut stream, _) = greeted(at).await;
    stream.write_u8(VNC_AUTHENTICATION).await.unwrap();
    let mut challenge = [0; 16];
    stream.read_exact(&mut challenge).await.unwrap();
    let key: String = password.bytes().map(|byte| format!("{:02x}", byte.reverse_bits())).collect();
    let mut openssl = Command::new("openssl");
    openssl.args(["enc", "-des-ecb", "-nopad", "-provider", "legacy", "-provider", "default", "-K", &key]);
    let mut openssl = openssl.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    openssl.stdin.take().unwrap().write_all(&challenge).unwrap();
    let answer = openssl.wait_with_output().unwrap().stdout;
    stream.write_all(&answer).await.unwrap();
    stream.read_u32().await.unwrap() == 0
}

#[tokio::test]
async fn a_password_that_was_given_opens_the_screen_for_a_while() {
    let _lab = shared().await;
    let host = connect(1);
    let guest = Guest::started(1, &*host).await;
    let at = host.screen(guest.vm, Protocol::Vnc).await.unwrap();
    let given = |password: &str, seconds| ScreenPassword {
        protocol: Protocol::Vnc,
        password: password.into(),
        until: Some(OffsetDateTime::now_utc() + time::Duration::seconds(seconds)),
    };
    assert!(opens(&at, PASSWORD).await);
    host.set_screen_password(guest.vm, &given("new-pass", 120)).await.unwrap();
    assert!(opens(&at, "new-pass").await);
    assert!(!opens(&at, PASSWORD).await, "the one before opens nothing");
    host.set_screen_password(guest.vm, &given("too-late", -5)).await.unwrap();
    assert!(!opens(&at, "too-late").await, "its time is over");
    let lasting = ScreenPassword { until: None, ..given("for-good", 0) };
    host.set_screen_password(guest.vm, &lasting).await.unwrap();
    assert!(opens(&at, "for-good").await);
}

#[tokio::test]
async fn the_sessions_in_a_guest_are_locked_and_ended_by_its_agent() {
    let _lab = shared().await;
    let host = connect(2);
    let guest = Guest::started(2, &*host).await;
    assert!(matches!(host.sessions(guest.vm, Sessions::Lock).await, Err(HostError::NoAgent(_))));
    until_agent(&*host, guest.vm).await;
    host.sessions(guest.vm, Sessions::Lock).await.unwrap();
    host.sessions(guest.vm, Sessions::End).await.unwrap();
    // "lock-sessions" and "terminate-seat seat0", one to a line.
    let told = crate::suspend::said(2, &guest, "cat /run/loginctl").await;
    assert!(told.contains("bG9jay1zZXNzaW9ucwp0ZXJtaW5hdGUtc2VhdCBzZWF0MAo="), "{told}");
    host.destroy(guest.vm).await.unwrap();
    assert!(matches!(host.sessions(guest.vm, Sessions::End).await, Err(HostError::WrongState(_))));
}
