//! The row of controls above a list: groups from the left, and one that keeps to the end. It wraps on a narrow
//! screen instead of hiding anything.

use leptos::prelude::*;

/// A toolbar. `start` is its ordinary content; what is in a `ToolbarEnd` keeps to the far side.
#[component]
pub fn Toolbar(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <div class="pf-v6-c-toolbar dr-toolbar" role="group" aria-label=label>
            <div class="pf-v6-c-toolbar__content">
                <div class="pf-v6-c-toolbar__content-section">{children()}</div>
            </div>
        </div>
    }
    .into_any()
}

/// Controls that belong together.
#[component]
pub fn ToolbarGroup(children: Children) -> impl IntoView {
    view! { <div class="pf-v6-c-toolbar__group pf-m-action-group">{children()}</div> }.into_any()
}

/// One control, or a short text such as "3 selected".
#[component]
pub fn ToolbarItem(children: Children) -> impl IntoView {
    view! { <div class="pf-v6-c-toolbar__item">{children()}</div> }.into_any()
}

/// What keeps to the far side: paging, refresh.
#[component]
pub fn ToolbarEnd(children: Children) -> impl IntoView {
    view! { <div class="pf-v6-c-toolbar__group pf-m-align-end">{children()}</div> }.into_any()
}
