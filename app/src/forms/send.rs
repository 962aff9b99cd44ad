//! The browser's way to the server with a form. Whatever goes wrong on it becomes a fault like any other.

use leptos::prelude::window;
use leptos::wasm_bindgen::JsCast;
use model::{Fault, Refusal};
use web_sys::{FormData as Entries, HtmlFormElement, SubmitEvent, UrlSearchParams};

use super::{Answer, Fields};
use crate::api::data::read;
use crate::api::error::offline;

/// What stands in the form now, with the name and the value of the button that sends it.
pub fn collect(ev: &SubmitEvent) -> Option<Fields> {
    let form = ev.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let entries = Entries::new_with_form(&form).ok()?;
    let query = UrlSearchParams::new_with_str_sequence_sequence(&entries).ok()?;
    let mut fields = Fields::parse(&String::from(query.to_string()));
    if let Some(button) = ev.submitter()
        && let Some(name) = button.get_attribute("name").filter(|n| !n.is_empty())
    {
        fields.set(&name, button.get_attribute("value").unwrap_or_default());
    }
    Some(fields)
}

/// Posts the form and gives the server's answer.
pub async fn send(action: &str, fields: &Fields) -> Result<Answer, Fault> {
    let request = gloo_net::http::Request::post(action)
        .header("Accept", "application/json")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(fields.encode())
        .map_err(|_| offline())?;
    let response = request.send().await.map_err(|_| offline())?;
    let status = response.status();
    let body = response.text().await.map_err(|_| offline())?;
    // A refusal is a fault, but for the one that brings what the form has to go on with.
    read(&body).map_err(|_| read(&body).unwrap_or_else(|_| unreadable(status)))
}

/// An answer that is not the application's own: a proxy's, or a limit's before it.
fn unreadable(status: u16) -> Fault {
    Fault::Unavailable(Refusal::new("fault-answer").with("cause", status.to_string()))
}

/// Loads an address anew, for what changes who is signed in.
pub fn load(href: &str) {
    // Fails for an address that is none; those are made by us.
    let _ = window().location().set_href(href);
}
