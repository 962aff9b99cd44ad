//! The live stream: server-sent events of what changed, each only to those who may see it. It ends with the
//! server, with the session, and when the listener is too slow; a browser that comes back fetches anew.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use control::Ctx;
use control::live::{Access, may_hear};
use futures_util::stream;
use model::live::LiveChange;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::Web;

const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often a session is looked up, for one that runs out without being ended.
const STILL_SIGNED_IN: Duration = Duration::from_secs(4);

pub async fn stream(State(web): State<Web>, ctx: Option<Extension<Ctx>>) -> Response {
    let Some(Extension(ctx)) = ctx.filter(|c| c.0.has_changed_password().is_ok()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let ear = Ear { changes: web.app.live.changes(), access: web.app.live.access(), ctx, web, lagged: false };
    let events =
        stream::unfold(ear, |mut ear| async move { Some((Ok::<_, Infallible>(ear.next().await?), ear)) });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

struct Ear {
    changes: Receiver<std::sync::Arc<LiveChange>>,
    access: Receiver<Access>,
    ctx: Ctx,
    web: Web,
    lagged: bool,
}

impl Ear {
    /// The next event for this person; none ends the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if std::mem::take(&mut self.lagged) {
                return Some(Event::default().event("lagged").data(""));
            }
            tokio::select! {
                () = self.web.end.cancelled() => return None,
                access = self.access.recv() => {
                    if self.ended(access.ok()).await {
                        return Some(Event::default().event("ended").data(""));
                    }
                }
                () = tokio::time::sleep(STILL_SIGNED_IN) => {
                    if self.ended(None).await {
                        return Some(Event::default().event("ended").data(""));
                    }
                }
                change = self.changes.recv() => match change {
                    Ok(change) if may_hear(&self.ctx, &change).await.unwrap_or(false) => {
                        return Event::default().event("change").json_data(&*change).ok();
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => self.lagged = true,
                    Err(RecvError::Closed) => return None,
                },
            }
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

/// Whether the session behind `ctx` is still there.
pub async fn signed_in(ctx: &Ctx) -> bool {
    let Some(session) = ctx.session.as_deref() else { return false };
    let Ok(mut c) = ctx.app.conn().await else { return true };
    !matches!(store::sessions::load(&mut c, session, ctx.app.now()).await, Ok(None))
}
