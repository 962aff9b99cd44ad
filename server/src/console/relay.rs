//! Moves bytes both ways. Each direction waits for its own writes before it reads on, so a slow browser slows
//! the VM's screen and nothing is piled up here.

use super::{
    Ending,
    browser::{Browser, gone, next},
};
use axum::{
    body::Bytes,
    extract::ws::{Message, WebSocket, close_code},
};
use futures_util::{
    SinkExt,
    stream::{SplitSink, SplitStream},
};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    time::MissedTickBehavior,
};

/// Keeps proxies from closing a console on which nothing moves.
const PING: Duration = Duration::from_secs(20);
/// One read of the screen: large enough for speed, small enough to stay interactive on a slow line.
const CHUNK: usize = 64 << 10;

pub async fn run(browser: &mut Browser, mut host: TcpStream) -> Ending {
    let (from_host, mut to_host) = host.split();
    let early = std::mem::take(&mut browser.rest);
    if to_host.write_all(&early).await.is_err() {
        return closed_by_host();
    }
    tokio::select! {
        ending = upward(&mut browser.stream, &mut to_host) => ending,
        ending = downward(from_host, &mut browser.sink) => ending,
    }
}

async fn upward(browser: &mut SplitStream<WebSocket>, host: &mut WriteHalf<'_>) -> Ending {
    loop {
        match next(browser).await {
            Ok(bytes) if host.write_all(&bytes).await.is_ok() => {}
            Ok(_) => return closed_by_host(),
            Err(ending) => return ending,
        }
    }
}

async fn downward(mut host: ReadHalf<'_>, browser: &mut SplitSink<WebSocket, Message>) -> Ending {
    let mut buffer = vec![0; CHUNK];
    let mut ping = tokio::time::interval(PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ping.reset();
    loop {
        let message = tokio::select! {
            read = host.read(&mut buffer) => match read {
                Ok(0) | Err(_) => return closed_by_host(),
                Ok(n) => Message::Binary(Bytes::copy_from_slice(&buffer[..n])),
            },
            _ = ping.tick() => Message::Ping(Bytes::new()),
        };
        if browser.send(message).await.is_err() {
            return gone();
        }
    }
}

/// QEMU ended, the VM moved, or somebody else took the console.
fn closed_by_host() -> Ending {
    Ending::new(close_code::AGAIN, &model::text::t("console-end-screen"))
}
