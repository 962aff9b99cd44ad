//! The way to an OpenID Connect provider and back. Both are links and not forms, so they are the same with and without
//! JavaScript; what went wrong is said above the sign-in, which is the way on.

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use model::{DirectoryId, Fault};

use super::{CameBack, Entered, Portal, render};
use crate::forms::{Fields, FormState};
use crate::paths;

/// Nothing for an address that is not on the way.
pub async fn answer(portal: &Portal, parts: &Parts) -> Option<Response> {
    let path = parts.uri.path();
    let query = Fields::parse(parts.uri.query().unwrap_or_default());
    if path == paths::OPENID_BACK {
        return Some(came_back(portal, parts, &query).await);
    }
    let provider = path.strip_prefix(paths::OPENID)?.strip_prefix('/')?.parse().ok()?;
    Some(go_out(portal, parts, DirectoryId(provider), paths::safe_next(Some(query.get("next")))).await)
}

async fn go_out(portal: &Portal, parts: &Parts, provider: DirectoryId, next: Option<&str>) -> Response {
    match portal.sessions.go_out(parts, provider, next).await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(fault) => refused(portal, parts, next, fault).await,
    }
}

async fn came_back(portal: &Portal, parts: &Parts, answer: &Fields) -> Response {
    let (next, entered) = match portal.sessions.come_back(parts, answer).await {
        Ok(CameBack { next, entered }) => (next, entered),
        Err(fault) => (None, Err(fault)),
    };
    let next = paths::safe_next(next.as_deref());
    match entered {
        Ok(Entered::In(_)) => Redirect::to(next.unwrap_or(paths::HOME)).into_response(),
        Ok(Entered::Half) => {
            let to = next.map_or_else(|| paths::CODE.to_owned(), |next| paths::returning(paths::CODE, next));
            Redirect::to(&to).into_response()
        }
        Err(fault) => refused(portal, parts, next, fault).await,
    }
}

/// The sign-in, which still knows what somebody wanted.
async fn refused(portal: &Portal, parts: &Parts, next: Option<&str>, fault: Fault) -> Response {
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut values = Fields::default();
    values.set("next", next.unwrap_or_default());
    let state = FormState { fault: Some(fault), ..FormState::new(paths::SIGN_IN, values) };
    render(portal, parts, None, Some(state), status).await
}
