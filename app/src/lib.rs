//! Drover's two portals as one Leptos application: pages, parts, forms and server functions. It holds no rule: what
//! is allowed and valid comes from `model`, what happens from `control`, how it looks from `ui`.
//! Only this file and `shell` know on which side they run.

pub mod answer;
pub mod frame;
pub mod not_found;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod theme;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Router, Routes};

use crate::not_found::NotFound;

/// The whole application, on both sides.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=title text=""/>
        <Router>
            <Routes fallback=NotFound>{()}</Routes>
        </Router>
    }
}

/// "Virtual Machines · Drover". Leptos writes a title into the page as it is, so no markup may pass here.
fn title(page: String) -> String {
    let brand = model::text::t("brand");
    let page = page.replace(['<', '>'], "");
    if page.is_empty() { brand } else { format!("{page} \u{b7} {brand}") }
}
