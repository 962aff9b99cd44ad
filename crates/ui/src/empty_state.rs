//! What a list shows when it has nothing: what this would be, and what to do next.

use leptos::prelude::*;

use crate::{Icon, LargeIcon};

/// `actions` are the buttons that lead on.
#[component]
pub fn EmptyState(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
    #[prop(optional)] small: bool,
    children: Children,
) -> impl IntoView {
    let class = if small { "pf-v6-c-empty-state pf-m-sm" } else { "pf-v6-c-empty-state" };
    let actions = actions.map(|actions| {
        view! {
            <div class="pf-v6-c-empty-state__footer">
                <div class="pf-v6-c-empty-state__actions">{actions.run()}</div>
            </div>
        }
    });
    view! {
        <div class=class>
            <div class="pf-v6-c-empty-state__content">
                <div class="pf-v6-c-empty-state__header">
                    <div class="pf-v6-c-empty-state__icon"><LargeIcon icon=icon/></div>
                    <div class="pf-v6-c-empty-state__title"><h2 class="pf-v6-c-empty-state__title-text">{title}</h2></div>
                </div>
                <div class="pf-v6-c-empty-state__body">{children()}</div>
                {actions}
            </div>
        </div>
    }
    .into_any()
}
