//! Drover's two portals as one Leptos application: pages, parts, forms and server functions. It holds no rule: what
//! is allowed and valid comes from `model`, what happens from `control`, how it looks from `ui`.
//! Only this file, `api` and `forms` know on which side they run; the server mounts `forms::http::routes`, whose
//! documentation says what it expects.

pub mod active;
pub mod answer;
pub mod api;
mod asked;
#[cfg(feature = "ssr")]
pub mod charts;
pub mod forms;
pub mod frame;
pub mod later;
pub mod live;
pub mod not_found;
pub mod pages;
pub mod palette;
pub mod parts;
pub mod paths;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod theme;
pub mod vm_portal;
#[cfg(target_arch = "wasm32")]
pub mod words;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::Router;

use crate::api::data::handed;
use crate::api::start::Start;
use crate::forms::FormState;
use crate::forms::form::Posted;
use crate::pages::portal::Begun;
use crate::routes::Pages;

/// The whole application, on both sides.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Both come with the page: the server puts them into the context of its render, the browser reads them back.
    let posted = handed(|| use_context::<Option<FormState>>().flatten());
    let begun = handed(|| use_context::<Option<Start>>().flatten());
    provide_context(Posted(StoredValue::new(posted)));
    provide_context(Begun(begun));
    view! {
        <Title formatter=title text=""/>
        <Router>
            <Pages/>
        </Router>
    }
}

/// "Virtual Machines · Drover". Leptos writes a title into the page as it is, so no markup may pass here.
fn title(page: String) -> String {
    let brand = model::text::t("brand");
    let page = page.replace(['<', '>'], "");
    if page.is_empty() { brand } else { format!("{page} \u{b7} {brand}") }
}
