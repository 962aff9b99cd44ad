//! Brings the server's page to life, and nothing else.

use app::App;
use app::theme::Theme;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the document's script when the module is there. What of the program the page needs beside it comes
/// first, as its words did; without, the page stays as the server made it, and works as it does without scripts.
#[wasm_bindgen]
pub async fn hydrate(language: String, words: String) {
    console_error_panic_hook::set_once();
    app::words::give(&language, words);
    if !app::later::fetch_here().await {
        return;
    }
    leptos::mount::hydrate_body(|| {
        provide_context(Theme::of_document());
        view! { <App/> }
    });
    app::later::links::follow();
    // Says so, to whoever waits for it: from here on the page answers by itself.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-alive", "");
    }
}
