//! The live stream: server-sent events of what changed, each only to those who may see it. It ends with the
//! server, with the session, and when the listener is too slow; a browser that comes back fetches anew.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use control::Ctx;
use control::live::{Access, Told, may_hear};
use futures_util::{StreamExt, stream};
use model::live::LiveChange;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{Instant, Interval, interval};

use super::Web;

/// What came within that long goes out together.
const TOGETHER: Duration = Duration::from_millis(50);
const ENDED: &[u8] = b"event: ended\ndata: \n\n";
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often a session is looked up, for one that runs out without being ended.
const STILL_SIGNED_IN: Duration = Duration::from_secs(4);

pub async fn stream(State(web): State<Web>, ctx: Option<Extension<Ctx>>) -> Response {
    let Some(Extension(ctx)) = ctx.filter(|c| c.0.has_changed_password().is_ok()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let ear = Ear {
        changes: web.app.live.changes(),
        access: web.app.live.access(),
        still: interval(STILL_SIGNED_IN),
        alive: interval(KEEP_ALIVE),
        told: None,
        lagged: false,
        ctx,
        web,
    };
    let events = stream::unfold(ear, |mut ear| async move { Some((ear.next().await?, ear)) });
    let head = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
    (head, Body::from_stream(events.map(Ok::<_, Infallible>))).into_response()
}

struct Ear {
    changes: Receiver<Arc<Told>>,
    access: Receiver<Access>,
    /// Goes on however much is told meanwhile.
    still: Interval,
    alive: Interval,
    /// When the newest change went out.
    told: Option<Instant>,
    lagged: bool,
    ctx: Ctx,
    web: Web,
}

impl Ear {
    /// What this person hears next; none ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if std::mem::take(&mut self.lagged) {
                return Some(Bytes::from_static(b"event: lagged\ndata: \n\n"));
            }
            tokio::select! {
                () = self.web.end.cancelled() => return None,
                access = self.access.recv() => {
                    if self.ended(access.ok()).await {
                        return Some(Bytes::from_static(ENDED));
                    }
                }
                _ = self.still.tick() => {
                    if self.ended(None).await {
                        return Some(Bytes::from_static(ENDED));
                    }
                }
                _ = self.alive.tick() => return Some(Bytes::from_static(b":\n\n")),
                change = self.changes.recv() => match change {
                    Ok(change) => if let Some(words) = self.gather(&change).await {
                        return Some(words);
                    },
                    Err(RecvError::Lagged(_)) => self.lagged = true,
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// A change, when this person may hear it. The first is told at once; of many, those that came meanwhile go out
    /// together, because with a thousand listeners it is the writing that costs.
    async fn gather(&mut self, first: &Told) -> Option<Bytes> {
        let mut words = String::new();
        self.add(first, &mut words).await;
        if let Some(told) = self.told {
            tokio::time::sleep_until(told + TOGETHER).await;
        }
        loop {
            match self.changes.try_recv() {
                Ok(change) => self.add(&change, &mut words).await,
                Err(TryRecvError::Lagged(_)) => self.lagged = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        self.told = Some(Instant::now());
        (!words.is_empty()).then(|| words.into())
    }

    async fn add(&self, change: &Told, words: &mut String) {
        if may_hear(&self.ctx, change).await.unwrap_or(false) {
            words.push_str(change.words(event));
        }
    }

    async fn ended(&mut self, access: Option<Access>) -> bool {
        match access {
            Some(Access::Session(id)) => self.ctx.session.as_deref() == Some(id.as_str()),
            // What they may see is smaller now, and the page shows too much: it comes back with a fresh look.
            Some(Access::Principal(id)) => self.ctx.who.id.is_some_and(|user| user.0 == id),
            None => !signed_in(&self.ctx).await,
        }
    }
}

fn event(change: &LiveChange) -> String {
    let json = serde_json::to_string(change).unwrap_or_default();
    format!("event: change\ndata: {json}\n\n")
}

/// Whether the session behind `ctx` is still there.
pub async fn signed_in(ctx: &Ctx) -> bool {
    let Some(session) = ctx.session.as_deref() else { return false };
    let Ok(mut c) = ctx.app.conn().await else { return true };
    !matches!(store::sessions::load(&mut c, session, ctx.app.now()).await, Ok(None))
}
