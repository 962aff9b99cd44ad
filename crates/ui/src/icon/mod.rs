//! Icons as inline SVG: they take the text's colour and size, need no font and no request. An icon never
//! carries meaning alone; beside it is a text, or its control has a label.

mod shape;

use leptos::prelude::*;

pub use shape::Icon;

/// One icon, as tall as the text beside it.
#[component]
pub fn IconView(icon: Icon) -> impl IntoView {
    svg(icon, "pf-v6-svg").into_any()
}

/// One icon for an empty state or a dialog's title.
#[component]
pub fn LargeIcon(icon: Icon) -> impl IntoView {
    svg(icon, "pf-v6-svg dr-icon-large").into_any()
}

// How it is drawn is in the style: a long list has hundreds of them.
fn svg(icon: Icon, class: &'static str) -> impl IntoView {
    view! { <svg class=class viewBox="0 0 24 24" aria-hidden="true" inner_html=icon.shape()></svg> }
}
