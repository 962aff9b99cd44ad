//! The browser's side: RFB 3.8 over a WebSocket, where messages may be cut anywhere. The browser has shown its
//! ticket already, so it is offered the security type "None".

use super::Ending;
use axum::{
    body::Bytes,
    extract::ws::{Message, WebSocket, close_code},
};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use std::time::Duration;

pub const VERSION: &[u8; 12] = b"RFB 003.008\n";
const SECURITY_NONE: u8 = 1;
/// A viewer answers at once; one that does not is none.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Browser {
    pub sink: SplitSink<WebSocket, Message>,
    pub stream: SplitStream<WebSocket>,
    /// Bytes that came with a message but belong to the next step.
    pub rest: Vec<u8>,
}

impl Browser {
    pub fn new(sink: SplitSink<WebSocket, Message>, stream: SplitStream<WebSocket>) -> Browser {
        Browser { sink, stream, rest: Vec::new() }
    }

    /// Exchanges versions, so that a refusal can be put into words of the protocol.
    pub async fn greet(&mut self) -> Result<(), Ending> {
        self.send(VERSION).await?;
        let version: [u8; 12] = self.read().await?;
        if version != *VERSION {
            return Err(protocol("The viewer must speak RFB 3.8."));
        }
        Ok(())
    }

    /// Lets the browser in: it chooses "None" and is told that this was right.
    pub async fn admit(&mut self) -> Result<(), Ending> {
        self.send(&[1, SECURITY_NONE]).await?;
        let [chosen] = self.read().await?;
        if chosen != SECURITY_NONE {
            return Err(protocol("The viewer chose a security type that was not offered."));
        }
        self.send(&0_u32.to_be_bytes()).await
    }

    /// Offers no security type, which in RFB means a refusal with a text.
    pub async fn refuse(&mut self, reason: &str) {
        let mut message = vec![0];
        message.extend_from_slice(&(reason.len() as u32).to_be_bytes());
        message.extend_from_slice(reason.as_bytes());
        let _ = self.send(&message).await;
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Ending> {
        self.sink.send(Message::Binary(Bytes::copy_from_slice(bytes))).await.map_err(|_| gone())
    }

    async fn read<const N: usize>(&mut self) -> Result<[u8; N], Ending> {
        let reading = async {
            while self.rest.len() < N {
                let bytes = next(&mut self.stream).await?;
                self.rest.extend_from_slice(&bytes);
            }
            Ok(())
        };
        match tokio::time::timeout(PATIENCE, reading).await {
            Ok(result) => result?,
            Err(_) => return Err(protocol("The viewer does not answer.")),
        }
        let mut bytes = [0; N];
        for (slot, byte) in bytes.iter_mut().zip(self.rest.drain(..N)) {
            *slot = byte;
        }
        Ok(bytes)
    }
}

/// The next bytes of the browser; pings are answered by the WebSocket itself.
pub async fn next(stream: &mut SplitStream<WebSocket>) -> Result<Bytes, Ending> {
    loop {
        match stream.next().await {
            Some(Ok(Message::Binary(bytes))) => return Ok(bytes),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Text(_))) => return Err(protocol("A console takes binary messages only.")),
            Some(Ok(Message::Close(_))) | None => return Err(gone()),
            Some(Err(_)) => return Err(gone()),
        }
    }
}

pub fn gone() -> Ending {
    Ending::new(close_code::NORMAL, &model::text::t("console-end-closed"))
}

fn protocol(reason: &str) -> Ending {
    Ending::new(close_code::PROTOCOL, reason)
}
