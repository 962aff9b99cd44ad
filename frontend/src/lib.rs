//! Brings the server's page to life, and nothing else.

use app::App;
use app::theme::Theme;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the document's script when the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(|| {
        provide_context(Theme::of_document());
        view! { <App/> }
    });
    // Says so, to whoever waits for it: from here on the page answers by itself.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-alive", "");
    }
}
