//! Consoles: a browser's WebSocket on one side, a VM's VNC server on the other, and a password between them
//! that only the server knows. `tickets` lets a browser in once; `host` speaks RFB with the VM's side, `browser`
//! with the browser's; `relay` then moves bytes without looking at them.

mod browser;
mod des;
mod host;
mod relay;
mod tickets;

pub use host::{Display, HostError};
pub use tickets::{Grant, TICKET_LIFE, TicketError, Tickets};

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use browser::Browser;
use futures_util::{SinkExt, StreamExt};
use model::text::t;
use std::time::Duration;

/// Why a console ended; the browser gets the code and the text in the closing frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub code: u16,
    pub reason: String,
}

impl Ending {
    /// The server stops.
    pub fn stopping() -> Ending {
        Ending::new(close_code::AWAY, &t("console-end-stopping"))
    }

    /// The person signed out, or the session ran out.
    pub fn signed_out() -> Ending {
        Ending::new(4001, &t("console-end-signed-out"))
    }

    /// The person may no longer use this console.
    pub fn forbidden() -> Ending {
        Ending::new(4003, &t("console-end-forbidden"))
    }

    fn new(code: u16, reason: &str) -> Ending {
        Ending { code, reason: reason.to_owned() }
    }
}

/// A browser that takes nothing any more does not get to hold the task at its end.
const GOODBYE: Duration = Duration::from_secs(2);

/// Connects the browser with the display until either side leaves or `until` is done, and says why it ended.
/// A display that cannot be used is told inside RFB, so that the viewer shows the reason.
pub async fn proxy(socket: WebSocket, display: &Display, until: impl Future<Output = Ending>) -> Ending {
    let (sink, stream) = socket.split();
    let mut browser = Browser::new(sink, stream);
    let ending = tokio::select! {
        ending = connect(&mut browser, display) => ending,
        ending = until => ending,
    };
    let frame = CloseFrame { code: ending.code, reason: short(&ending.reason).into() };
    let farewell = async {
        let _ = browser.sink.send(Message::Close(Some(frame))).await;
        let _ = browser.sink.close().await;
    };
    let _ = tokio::time::timeout(GOODBYE, farewell).await;
    ending
}

async fn connect(browser: &mut Browser, display: &Display) -> Ending {
    if let Err(ending) = browser.greet().await {
        return ending;
    }
    let stream = match host::open(display).await {
        Ok(stream) => stream,
        Err(error) => {
            let address = display.address();
            tracing::warn!(address, %error, "a console cannot be opened");
            let reason = error.for_person();
            browser.refuse(&reason).await;
            return Ending::new(close_code::ERROR, &reason);
        }
    };
    match browser.admit().await {
        Ok(()) => relay::run(browser, stream).await,
        Err(ending) => ending,
    }
}

/// A closing frame has room for 123 bytes.
fn short(text: &str) -> &str {
    let end = (0..=123.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_fit_into_a_closing_frame() {
        assert_eq!(short("short"), "short");
        let long = "ä".repeat(100);
        assert_eq!(short(&long).len(), 122);
    }
}
