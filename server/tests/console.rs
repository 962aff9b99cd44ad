//! The console proxy between a WebSocket client and a real QEMU's VNC server.

#![allow(clippy::unwrap_used)]

use axum::{Router, extract::ws::WebSocketUpgrade, routing::get};
use futures_util::{SinkExt, StreamExt};
use server::console::{Display, Ending, proxy};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener as StdListener,
    os::unix::net::UnixStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};
use tokio_util::sync::CancellationToken;

const PASSWORD: &str = "s3cr3t-8";

/// A QEMU that runs nothing and shows an empty screen.
struct Qemu {
    child: Child,
    port: u16,
    _dir: tempfile::TempDir,
}

impl Drop for Qemu {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn qemu(vnc: &str) -> Qemu {
    let dir = tempfile::tempdir().unwrap();
    let qmp = dir.path().join("qmp");
    let port = StdListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // QEMU counts displays from port 5900, and takes ports below that as negative ones with `to=`; a port is
    // given as display + 5900, so it must lie above.
    assert!(port > 5900);
    let child = Command::new("qemu-system-x86_64")
        .args([
            "-machine",
            "pc,accel=tcg",
            "-m",
            "16",
            "-display",
            "none",
            "-nodefaults",
            "-vga",
            "std",
            "-S",
            "-vnc",
        ])
        .arg(format!("127.0.0.1:{}{vnc}", port - 5900))
        .arg("-qmp")
        .arg(format!("unix:{},server=on,wait=off", qmp.display()))
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let qemu = Qemu { child, port, _dir: dir };
    let socket = patiently(|| UnixStream::connect(&qmp).ok());
    if vnc.contains("password") {
        set_password(socket);
    }
    patiently(|| std::net::TcpStream::connect(("127.0.0.1", port)).ok());
    qemu
}

fn patiently<T>(mut attempt: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(value) = attempt() {
            return value;
        }
        assert!(Instant::now() < deadline, "QEMU did not come up");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn set_password(socket: UnixStream) {
    let mut lines = BufReader::new(socket.try_clone().unwrap()).lines();
    let mut ask = |text: String| {
        let mut socket = &socket;
        writeln!(socket, "{text}").unwrap();
        lines.find(|l| l.as_ref().is_ok_and(|l| l.contains("\"return\""))).unwrap().unwrap()
    };
    ask(r#"{"execute":"qmp_capabilities"}"#.into());
    let arguments = format!(r#"{{"protocol":"vnc","password":"{PASSWORD}"}}"#);
    ask(format!(r#"{{"execute":"set_password","arguments":{arguments}}}"#));
}

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A server with one console, and a client's WebSocket to it.
async fn client(port: u16, password: &str, stop: &CancellationToken) -> Client {
    let display = Display { host: "127.0.0.1".into(), port, password: password.into() };
    let token = stop.clone();
    let open = move |upgrade: WebSocketUpgrade| {
        let (display, token) = (display.clone(), token.clone());
        async move {
            upgrade.on_upgrade(async move |socket| {
                let until = async { token.cancelled().await };
                proxy(socket, &display, async {
                    until.await;
                    Ending::stopping()
                })
                .await;
            })
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(open))).await });
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

/// Reads until `n` bytes are there; what ends it earlier is the closing frame's code and text.
async fn read(client: &mut Client, n: usize) -> Result<Vec<u8>, (u16, String)> {
    let mut bytes = Vec::new();
    while bytes.len() < n {
        let message = tokio::time::timeout(Duration::from_secs(20), client.next()).await.unwrap();
        match message.unwrap().unwrap() {
            Message::Binary(more) => bytes.extend_from_slice(&more),
            Message::Close(Some(frame)) => return Err((frame.code.into(), frame.reason.to_string())),
            _ => {}
        }
    }
    Ok(bytes)
}

async fn say(client: &mut Client, bytes: &[u8]) {
    client.send(Message::Binary(bytes.to_vec().into())).await.unwrap();
}

/// Through versions and security to the screen's size and name.
async fn reach_screen(client: &mut Client) -> (u16, u16) {
    assert_eq!(read(client, 12).await.unwrap(), b"RFB 003.008\n");
    // Cut in two, as a network may.
    say(client, b"RFB 00").await;
    say(client, b"3.008\n").await;
    assert_eq!(read(client, 2).await.unwrap(), [1, 1]);
    // The choice and ClientInit in one message: the second byte belongs to the host already.
    say(client, &[1, 1]).await;
    let init = read(client, 4 + 24).await.unwrap();
    assert_eq!(init[..4], [0, 0, 0, 0]);
    (u16::from_be_bytes([init[4], init[5]]), u16::from_be_bytes([init[6], init[7]]))
}

#[tokio::test(flavor = "multi_thread")]
async fn shows_the_screen_and_ends_when_told() {
    let qemu = qemu(",password=on");
    let stop = CancellationToken::new();
    let mut client = client(qemu.port, PASSWORD, &stop).await;
    let (width, height) = reach_screen(&mut client).await;
    assert!(width >= 320 && height >= 200, "{width} × {height}");
    let ask = [3, 0, 0, 0, 0, 0, (width >> 8) as u8, width as u8, (height >> 8) as u8, height as u8];
    say(&mut client, &ask).await;
    let picture = usize::from(width) * usize::from(height) * 4;
    assert!(read(&mut client, picture).await.unwrap().len() >= picture, "the whole screen, 32 bits a pixel");
    stop.cancel();
    let (code, reason) = read(&mut client, usize::MAX).await.unwrap_err();
    assert_eq!((code, reason.as_str()), (1001, "The server is stopping."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_in_the_viewers_own_words() {
    let qemu = qemu(",password=on");
    let mut client = client(qemu.port, "wrong", &CancellationToken::new()).await;
    refused(&mut client, "refused the server's password").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unprotected_screen_is_not_shown() {
    let qemu = qemu("");
    let mut client = client(qemu.port, PASSWORD, &CancellationToken::new()).await;
    refused(&mut client, "not protected by a password").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_does_not_answer_is_told() {
    let closed = StdListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut to_closed = client(closed, PASSWORD, &CancellationToken::new()).await;
    refused(&mut to_closed, "cannot be reached").await;
    let mute = StdListener::bind("127.0.0.1:0").unwrap();
    let port = mute.local_addr().unwrap().port();
    let mut to_mute = client(port, PASSWORD, &CancellationToken::new()).await;
    refused(&mut to_mute, "does not answer").await;
}

/// RFB's refusal: no security types and a reason; then the closing frame says the same.
async fn refused(client: &mut Client, words: &str) {
    read(client, 12).await.unwrap();
    say(client, b"RFB 003.008\n").await;
    let refusal = read(client, 6).await.unwrap();
    assert_eq!(refusal[0], 0);
    assert!(
        String::from_utf8_lossy(&refusal[5..]).contains(words),
        "{:?}",
        String::from_utf8_lossy(&refusal)
    );
    let (code, reason) = read(client, usize::MAX).await.unwrap_err();
    assert!(code == 1011 && reason.contains(words), "{code} {reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vms_end_closes_the_console() {
    let mut qemu = qemu(",password=on");
    let mut client = client(qemu.port, PASSWORD, &CancellationToken::new()).await;
    reach_screen(&mut client).await;
    qemu.child.kill().unwrap();
    let (code, reason) = read(&mut client, usize::MAX).await.unwrap_err();
    assert_eq!((code, reason.as_str()), (1013, "The VM closed its screen."));
}
