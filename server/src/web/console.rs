//! A VM's screen: a page asks for a ticket with its session, its WebSocket shows the ticket, and the proxy
//! speaks with the host. The console ends with the session, with the permission, and with the server.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use control::{Ctx, vms};
use model::event::EventKind;
use model::language::{speaking, spoken};
use model::{Fault, VmId};
use serde::{Deserialize, Serialize};

use super::Web;
use super::live::signed_in;
use crate::console::{Display, Ending, Grant, proxy};

/// How soon a lost session or permission ends a console, at the latest.
const LOOK_AGAIN: Duration = Duration::from_secs(3);

/// How long a viewer has to come back before its console counts as left.
const COME_BACK: Duration = Duration::from_secs(30);

#[derive(Serialize)]
pub struct Ticket {
    ticket: String,
}

#[derive(Deserialize)]
pub struct Shown {
    ticket: String,
}

pub fn said(fault: &Fault) -> Response {
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(serde_json::json!({ "words": fault.to_string(), "fault": fault }))).into_response()
}

/// `POST /vms/{id}/console/ticket`
pub async fn ticket(State(web): State<Web>, ctx: Option<Extension<Ctx>>, Path(vm): Path<VmId>) -> Response {
    let Some(Extension(ctx)) = ctx else { return said(&Fault::SignedOut) };
    let (Some(user), Some(session)) = (ctx.who.id, ctx.session.clone()) else {
        return said(&Fault::SignedOut);
    };
    if let Err(fault) = vms::screen(&ctx, vm).await {
        return said(&fault);
    }
    let secret: [u8; 32] = rand::random();
    let ticket = web.tickets.issue(Grant { vm, user, session }, secret, web.app.now());
    Json(Ticket { ticket }).into_response()
}

/// `GET /vms/{id}/console/socket?ticket=…`
pub async fn socket(
    State(web): State<Web>,
    ctx: Option<Extension<Ctx>>,
    Path(vm): Path<VmId>,
    Query(shown): Query<Shown>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Some(Extension(ctx)) = ctx else { return said(&Fault::SignedOut) };
    let session = ctx.session.clone().unwrap_or_default();
    if let Err(error) = web.tickets.redeem(&shown.ticket, vm, &session, web.app.now()) {
        return (StatusCode::FORBIDDEN, error.to_string()).into_response();
    }
    let screen = match vms::screen(&ctx, vm).await {
        Ok(screen) => screen,
        Err(fault) => return said(&fault),
    };
    let language = spoken();
    let connected = async move |socket| {
        tell(&ctx, vm, &screen.name, EventKind::ConsoleConnected).await;
        let display =
            Display { host: screen.address.host, port: screen.address.port, password: screen.password };
        web.watched.come(vm);
        let ending = proxy(socket, &display, until(&web, &ctx, vm)).await;
        web.watched.leave(vm);
        tracing::info!(%vm, reason = ending.reason, "a console ended");
        tell(&ctx, vm, &screen.name, EventKind::ConsoleDisconnected).await;
        left(&web, vm).await;
    };
    // What ends it is told in the language that its page is in.
    upgrade.protocols(["binary"]).on_upgrade(move |socket| speaking(language, connected(socket)))
}

/// `GET /vms/{id}/viewer/{protocol}`: a file for virt-viewer. It carries a password, so nothing may keep it but the
/// person who asked.
pub async fn viewer(
    ctx: Option<Extension<Ctx>>,
    Path((vm, protocol)): Path<(VmId, String)>,
    headers: HeaderMap,
) -> Response {
    let Some(Extension(ctx)) = ctx else { return said(&Fault::SignedOut) };
    let Ok(protocol) = protocol.parse() else { return StatusCode::NOT_FOUND.into_response() };
    // It changes the password, and another site's page has no business with that.
    if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return StatusCode::FORBIDDEN.into_response();
    }
    match vms::viewer(&ctx, vm, protocol).await {
        Ok(viewer) => file(&viewer),
        Err(fault) => said(&fault),
    }
}

fn file(viewer: &vms::Viewer) -> Response {
    let (screen, protocol) = (&viewer.screen, viewer.protocol.as_str());
    let text = format!(
        "[virt-viewer]\ntype={protocol}\nhost={}\nport={}\npassword={}\ntitle={}\ndelete-this-file=1\n\
         toggle-fullscreen=shift+f11\nrelease-cursor=shift+f12\nsecure-attention=ctrl+alt+end\n",
        screen.address.host, screen.address.port, screen.password, screen.name
    );
    let name = format!("attachment; filename=\"{protocol}.vv\"");
    let headers = [
        (header::CONTENT_TYPE, "application/x-virt-viewer"),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, text).into_response()
}

/// How many look at each VM's screen now.
#[derive(Default)]
pub struct Watched(Mutex<HashMap<VmId, usize>>);

impl Watched {
    fn lock(&self) -> MutexGuard<'_, HashMap<VmId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn come(&self, vm: VmId) {
        *self.lock().entry(vm).or_default() += 1;
    }

    fn leave(&self, vm: VmId) {
        let mut watched = self.lock();
        let left = watched.get(&vm).map_or(0, |n| n.saturating_sub(1));
        if left == 0 {
            watched.remove(&vm)
        } else {
            watched.insert(vm, left)
        };
    }

    fn any(&self, vm: VmId) -> bool {
        self.lock().contains_key(&vm)
    }
}

/// Does what is to be done once nobody looks any more, and nobody has come back: a viewer that lost its connection
/// tries again for a while. A server that stops leaves the guest alone.
async fn left(web: &Web, vm: VmId) {
    let back = web.end.run_until_cancelled(tokio::time::sleep(COME_BACK)).await;
    if back.is_none() || web.watched.any(vm) {
        return;
    }
    if let Err(fault) = vms::unwatched(&web.app, vm).await {
        tracing::info!(%vm, %fault, "nothing was done when the console was left");
    }
}

async fn tell(ctx: &Ctx, vm: VmId, name: &str, kind: EventKind) {
    if let Err(fault) = vms::console_told(ctx, vm, name, kind).await {
        tracing::warn!(%fault, "an event was lost");
    }
}

/// Ends when the console has to.
async fn until(web: &Web, ctx: &Ctx, vm: VmId) -> Ending {
    let mut access = web.app.live.access();
    loop {
        tokio::select! {
            () = web.end.cancelled() => return Ending::stopping(),
            _ = access.recv() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
        if !signed_in(ctx).await {
            return Ending::signed_out();
        }
        if matches!(vms::may_watch(ctx, vm).await, Err(Fault::Forbidden(_) | Fault::NotFound { .. })) {
            return Ending::forbidden();
        }
    }
}
