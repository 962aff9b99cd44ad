//! How a server function says no: the application's own `Fault`, whole, so that a page can word it and a form can
//! put it at its fields. What went wrong on the way is a fault too.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use model::{Fault, Refusal};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiError(pub Fault);

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        ApiError(fault)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        ApiError(match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => offline(),
            other => Fault::Unavailable(Refusal::new("fault-answer").with("cause", other.to_string())),
        })
    }
}

/// The server could not be reached.
pub fn offline() -> Fault {
    Fault::Unavailable(Refusal::new("fault-offline"))
}
