//! What the server finishes at once, as HTML. A view within others is worked through several times over before a page is
//! put together; what waits for nothing itself is made once, and the browser finds what it would have made.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// Where the HTML is kept while a page is made.
pub type Made = StoredValue<Option<String>>;

/// `view`, which begins with an element; on the server its HTML, made once. Nothing in it waits for anything.
pub fn finished(made: Made, view: impl FnOnce() -> AnyView) -> AnyView {
    if cfg!(target_arch = "wasm32") { view() } else { finished_html(made, || view().to_html()) }
}

/// The same of what is put together as HTML; only on the server.
pub fn finished_html(made: Made, html: impl FnOnce() -> String) -> AnyView {
    let html = made.with_value(Clone::clone).unwrap_or_else(|| {
        let html = html();
        made.set_value(Some(html.clone()));
        html
    });
    InertElement::new(html).into_any()
}
