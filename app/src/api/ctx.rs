//! The server's end of a server function: who asks, and how a fault becomes an answer.

use axum::http::StatusCode;
use control::Ctx;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use model::Fault;

use super::error::ApiError;
use crate::answer::AnswerStatus;

/// Who asks. Provided for every render, server function and form (see `forms::http`).
pub fn ctx() -> Result<Ctx, ApiError> {
    use_context::<Ctx>().ok_or_else(|| told(Fault::SignedOut))
}

/// The fault as the caller gets it, with its HTTP status. Within the render of a page only the page itself
/// decides which status it has: one of its parts may fail while the rest is fine.
pub fn told(fault: Fault) -> ApiError {
    if use_context::<AnswerStatus>().is_none()
        && let (Some(response), Ok(status)) =
            (use_context::<ResponseOptions>(), StatusCode::from_u16(fault.status()))
    {
        response.set_status(status);
    }
    ApiError(fault)
}
