//! Drover's mark: a herd of three on its way, and the one that leads. Drawn for this product.

use leptos::prelude::*;
use model::text::t;

/// The mark alone.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="dr-brand__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="dr-brand__body" x="1" y="1" width="30" height="30" rx="8"></rect>
            <path class="dr-brand__path" d="M7 8.5h7.5a7.5 7.5 0 0 1 0 15H7" fill="none" stroke-width="2.6" stroke-linecap="round"></path>
            <circle class="dr-brand__dot" cx="7.6" cy="16" r="2.3"></circle>
            <circle class="dr-brand__dot" cx="14.2" cy="16" r="2.3"></circle>
            <circle class="dr-brand__lead" cx="24.4" cy="16" r="2.9"></circle>
        </svg>
    }
    .into_any()
}

/// The mark with the name.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <span class="dr-brand"><BrandMark/><span class="dr-brand__name">{t("brand")}</span></span>
    }
    .into_any()
}
