//! The one router for what a browser asks of the application: server functions, pages by GET, forms by POST.
//!
//! It expects a `control::Ctx` in the request's extensions when somebody is signed in, and gives it to leptos'
//! context. A refused form without JavaScript is answered by its own page again, with its values (never passwords)
//! and messages; with JavaScript, by the fault as JSON. A session that ended in a form keeps what was typed: the
//! sign-in carries it along and comes back to the form with it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use control::Ctx;
use leptos::prelude::provide_context;
use model::id::Kind;
use model::{DirectoryId, Fault};

mod openid;

use super::data::account::SignInForm;
use super::data::sign_in::CodeForm;
use super::{Answer, Done, Fields, FormData, FormState, stale, table};
use crate::api::begin;
use crate::api::doors::Doors;
use crate::api::start::Build;
use crate::frame::ListTab;
use crate::paths;
use crate::shell::{Assets, shell};

pub type Answered<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// What a right password leads to.
pub enum Entered {
    In(Ctx),
    /// A code is to come.
    Half,
}

/// Somebody who was at a provider.
pub struct CameBack {
    /// What they wanted when they went.
    pub next: Option<String>,
    pub entered: Result<Entered, Fault>,
}

/// What only the server knows: sessions, limits of attempts, addresses. `request` has the extensions.
pub trait Sessions: Send + Sync + 'static {
    /// Checks name and password, and begins a session, or half of one.
    fn sign_in<'a>(&'a self, request: &'a Parts, user: &'a str, password: &'a str) -> Answered<'a, Entered>;
    /// Checks the code of somebody whose password was right, and begins a session.
    fn second_step<'a>(&'a self, request: &'a Parts, code: &'a str) -> Answered<'a, Ctx>;
    /// The directories that somebody may sign in with, beside Drover's own.
    fn directories(&self) -> Answered<'_, Vec<String>>;
    /// The OpenID Connect providers that somebody may sign in with.
    fn providers(&self) -> Answered<'_, Vec<(DirectoryId, String)>>;
    /// Where providers send people back to; none where nobody said which address people type.
    fn callback(&self, request: &Parts) -> Option<String>;
    /// The address at a provider where somebody goes who wants to `next`.
    fn go_out<'a>(
        &'a self,
        request: &'a Parts,
        provider: DirectoryId,
        next: Option<&'a str>,
    ) -> Answered<'a, String>;
    /// Looks at what somebody came back with, and begins a session, or half of one.
    fn come_back<'a>(&'a self, request: &'a Parts, answer: &'a Fields) -> Answered<'a, CameBack>;
    /// Ends the session of the request.
    fn sign_out<'a>(&'a self, request: &'a Parts) -> Answered<'a, ()>;
}

#[derive(Clone)]
pub struct Portal {
    pub assets: Arc<Assets>,
    pub sessions: Arc<dyn Sessions>,
    /// Called in the context of every page: the header's nonce.
    pub page_context: fn(),
}

/// The router. It has a fallback, so it goes into one that has none.
pub fn routes<S: Clone + Send + Sync + 'static>(portal: Portal) -> Router<S> {
    Router::new()
        .route_service("/fn/{*name}", get(function).post(function).with_state(portal.clone()))
        .fallback_service(get(page).post(form).with_state(portal))
}

async fn function(State(portal): State<Portal>, request: Request) -> Response {
    let ctx = request.extensions().get::<Ctx>().cloned();
    let build = Build(portal.assets.build.clone());
    let doors = Doors(portal.sessions.clone());
    let provide = move || {
        provide_context(build.clone());
        provide_context(doors.clone());
        if let Some(ctx) = &ctx {
            provide_context(ctx.clone());
        }
    };
    leptos_axum::handle_server_fns_with_context(provide, request).await.into_response()
}

async fn page(State(portal): State<Portal>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if let Some(response) = openid::answer(&portal, &parts).await {
        return response;
    }
    let ctx = parts.extensions.get::<Ctx>().cloned();
    match elsewhere(ctx.as_ref(), &parts.uri) {
        Some(to) => Redirect::to(&to).into_response(),
        None => render(&portal, &parts, ctx, None, StatusCode::OK).await,
    }
}

/// Where this person has to go first.
fn elsewhere(ctx: Option<&Ctx>, uri: &Uri) -> Option<String> {
    let asked = uri.path_and_query().map_or("/", |p| p.as_str());
    match (ctx, uri.path()) {
        (_, paths::SIGN_IN | paths::CODE) => None,
        (None, _) => Some(paths::sign_in(asked)),
        (Some(ctx), "/") => Some(home(ctx).to_owned()),
        (Some(_), paths::PASSWORD) => None,
        (Some(ctx), _) => ctx.who.must_change_password.then(|| paths::PASSWORD.to_owned()),
    }
}

/// The portal that this person works in.
fn home(ctx: &Ctx) -> &'static str {
    if ctx.who.administrator { paths::HOME } else { paths::PORTAL }
}

/// The page at the request's address, whole. A `status` other than OK is the answer's, whatever the page says.
async fn render(
    portal: &Portal,
    parts: &Parts,
    ctx: Option<Ctx>,
    state: Option<FormState>,
    status: StatusCode,
) -> Response {
    let start = match &ctx {
        Some(ctx) if !ctx.who.must_change_password => begin::start(ctx, &parts.uri).await.ok(),
        _ => None,
    };
    let (page_context, doors) = (portal.page_context, Doors(portal.sessions.clone()));
    let provide = move || {
        page_context();
        provide_context(doors.clone());
        if let Some(ctx) = &ctx {
            provide_context(ctx.clone());
        }
        provide_context(start.clone());
        provide_context(state.clone());
    };
    let assets = portal.assets.clone();
    let handler = leptos_axum::render_app_async_with_context(provide, move || shell(assets.clone()));
    let mut request = Request::from_parts(parts.clone(), Body::empty());
    *request.method_mut() = Method::GET;
    let mut response = handler(request).await;
    if status != StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

async fn form(State(portal): State<Portal>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let sent = Sent { json: wants_json(&parts), parts };
    let body = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        // The server's limit, or a browser that left.
        Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
    };
    let fields = fields(&body);
    match sent.parts.uri.path() {
        paths::SIGN_IN => sign_in(&portal, &sent, &fields).await,
        paths::CODE => second_step(&portal, &sent, &fields).await,
        paths::SIGN_OUT => match portal.sessions.sign_out(&sent.parts).await {
            Ok(()) => sent.go(paths::SIGN_IN),
            Err(fault) => refuse(&portal, &sent, fields, fault).await,
        },
        _ => submit(&portal, &sent, fields).await,
    }
}

fn fields(body: &Bytes) -> Fields {
    Fields::parse(&String::from_utf8_lossy(body))
}

/// A request with a form, and how it wants its answer.
struct Sent {
    json: bool,
    parts: Parts,
}

impl Sent {
    fn go(&self, to: &str) -> Response {
        if self.json {
            return axum::Json(Answer::Location(to.to_owned())).into_response();
        }
        Redirect::to(to).into_response()
    }

    fn path(&self) -> &str {
        self.parts.uri.path()
    }

    fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }
}

fn wants_json(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::ACCEPT)
        .and_then(|a| a.to_str().ok())
        .is_some_and(|a| a.contains("application/json"))
}

async fn submit(portal: &Portal, sent: &Sent, fields: Fields) -> Response {
    let Some(ctx) = sent.parts.extensions.get::<Ctx>().cloned() else {
        return refuse(portal, sent, fields, Fault::SignedOut).await;
    };
    if table::find(sent.path()).is_none() {
        return render(portal, &sent.parts, Some(ctx), None, StatusCode::NOT_FOUND).await;
    }
    match table::submit(&ctx, sent.path(), sent.query(), &fields).await {
        Ok(Done::Go(to)) => sent.go(&to),
        Ok(Done::Stay(notice)) if sent.json => axum::Json(Answer::Notice(notice)).into_response(),
        Ok(Done::Stay(notice)) => {
            let state =
                FormState { notice: Some(notice), ..FormState::new(sent.path(), fields.without_secrets()) };
            render(portal, &sent.parts, Some(ctx), Some(state), StatusCode::OK).await
        }
        Err(Fault::Stale { kind, version }) => stale(portal, sent, ctx, fields, (kind, version)).await,
        Err(fault) => refuse(portal, sent, fields, fault).await,
    }
}

/// The form again, with what somebody else made of its object.
async fn stale(
    portal: &Portal,
    sent: &Sent,
    ctx: Ctx,
    fields: Fields,
    (kind, version): (Kind, i64),
) -> Response {
    let conflict = match stale::conflict(&ctx, kind, sent.path(), &fields).await {
        Ok(Some(conflict)) => conflict,
        Ok(None) => return refuse(portal, sent, fields, Fault::Stale { kind, version }).await,
        Err(other) => return refuse(portal, sent, fields, other).await,
    };
    if sent.json {
        return (StatusCode::CONFLICT, axum::Json(Answer::Conflict(conflict))).into_response();
    }
    let state = FormState::new(sent.path(), conflict.values.clone());
    let state = FormState { conflict: Some(conflict), ..state };
    render(portal, &sent.parts, Some(ctx), Some(state), StatusCode::CONFLICT).await
}

/// The fault, as the browser can use it.
async fn refuse(portal: &Portal, sent: &Sent, fields: Fields, fault: Fault) -> Response {
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if sent.json {
        return (status, axum::Json(fault)).into_response();
    }
    let ctx = sent.parts.extensions.get::<Ctx>().cloned();
    if ctx.is_none() && !matches!(sent.path(), paths::SIGN_IN | paths::CODE) {
        return sign_in_with(portal, sent, fields).await;
    }
    let state = FormState { fault: Some(fault), ..FormState::new(sent.path(), fields.without_secrets()) };
    render(portal, &sent.parts, ctx, Some(state), status).await
}

/// The sign-in that keeps what was being sent, when a session ended in a form.
async fn sign_in_with(portal: &Portal, sent: &Sent, fields: Fields) -> Response {
    let mut values = Fields::default();
    values.set("resume", fields.without_secrets().encode());
    let asked = sent.parts.uri.path_and_query().map_or("/", |p| p.as_str());
    let fault = Some(Fault::SignedOut);
    let state = FormState { fault, ..FormState::new(paths::SIGN_IN, values) };
    let mut parts = sent.parts.clone();
    parts.uri = paths::sign_in(asked).parse().unwrap_or_default();
    render(portal, &parts, None, Some(state), StatusCode::UNAUTHORIZED).await
}

async fn sign_in(portal: &Portal, sent: &Sent, fields: &Fields) -> Response {
    let form = fields.read::<SignInForm>();
    let signed_in = match form.request() {
        Ok(who) => portal.sessions.sign_in(&sent.parts, &who.user, &who.password).await,
        Err(wrong) => Err(Fault::Invalid(wrong)),
    };
    match signed_in {
        Ok(Entered::In(ctx)) => welcome(portal, sent, ctx, &form.resume).await,
        Ok(Entered::Half) => ask_code(portal, sent, &form.resume).await,
        Err(fault) => refuse(portal, sent, fields.clone(), fault).await,
    }
}

/// Leads to the page that asks for the code; what was typed goes along.
async fn ask_code(portal: &Portal, sent: &Sent, typed: &str) -> Response {
    let query = Fields::parse(sent.query());
    let to = match paths::safe_next(Some(query.get("next"))) {
        Some(next) => paths::returning(paths::CODE, next),
        None => paths::CODE.to_owned(),
    };
    if typed.is_empty() || sent.json {
        return sent.go(&to);
    }
    let mut values = Fields::default();
    values.set("resume", typed);
    let mut parts = sent.parts.clone();
    parts.uri = to.parse().unwrap_or_default();
    render(portal, &parts, None, Some(FormState::new(paths::CODE, values)), StatusCode::OK).await
}

async fn second_step(portal: &Portal, sent: &Sent, fields: &Fields) -> Response {
    let form = fields.read::<CodeForm>();
    let signed_in = match form.request() {
        Ok(code) => portal.sessions.second_step(&sent.parts, &code).await,
        Err(wrong) => Err(Fault::Invalid(wrong)),
    };
    match signed_in {
        Ok(ctx) => welcome(portal, sent, ctx, &form.resume).await,
        Err(fault) => refuse(portal, sent, fields.clone(), fault).await,
    }
}

/// Where somebody who has just signed in goes.
async fn welcome(portal: &Portal, sent: &Sent, ctx: Ctx, typed: &str) -> Response {
    let query = Fields::parse(sent.query());
    let asked = paths::safe_next(Some(query.get("next"))).filter(|next| *next != "/");
    let console = connected(&ctx, asked).await;
    let next = console.as_deref().or(asked).unwrap_or_else(|| home(&ctx));
    if ctx.who.must_change_password {
        return sent.go(&paths::returning(paths::PASSWORD, next));
    }
    if typed.is_empty() || sent.json {
        return sent.go(next);
    }
    resume(portal, sent, ctx, next, typed).await
}

/// Who comes to the VM portal may want to be at a machine's screen at once.
async fn connected(ctx: &Ctx, asked: Option<&str>) -> Option<String> {
    if asked.unwrap_or_else(|| home(ctx)) != paths::PORTAL {
        return None;
    }
    let vm = control::portal::connects(ctx).await.ok()??;
    Some(paths::part(ListTab::Vms, vm, "console"))
}

/// Back in the form that the session ended in, with what was typed there.
async fn resume(portal: &Portal, sent: &Sent, ctx: Ctx, next: &str, typed: &str) -> Response {
    let mut parts = sent.parts.clone();
    let Ok(uri) = next.parse::<Uri>() else { return sent.go(next) };
    let path = uri.path().to_owned();
    parts.uri = uri;
    let state = FormState::new(&path, Fields::parse(typed));
    render(portal, &parts, Some(ctx), Some(state), StatusCode::OK).await
}
