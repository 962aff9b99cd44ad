//! What stands where data is still on its way. One component for all such places, with its types erased: each
//! other form of Leptos' boundary would be compiled, and sent to the browser, once more.

use leptos::prelude::*;
use model::text::t;
use ui::Skeleton;

/// Shows `children` once all that they read is there; before, `lines` of a text to come. Later changes are put in place.
#[component]
pub fn Waiting(#[prop(optional)] lines: u32, children: Children) -> impl IntoView {
    let fallback = move || match lines {
        0 => ().into_any(),
        lines => view! { <Skeleton lines=lines label=t("page-loading")/> }.into_any(),
    };
    view! { <Transition fallback=fallback>{children()}</Transition> }.into_any()
}
