//! Tabs that are links: each list and each part of an entity has a URL of its own. (The tabs inside a dialog
//! are `SideTabs`.)

use leptos::prelude::*;

use crate::{Icon, IconView};

/// A row of tabs; its children are `Tab`s.
#[component]
pub fn Tabs(
    #[prop(into)] label: String,
    #[prop(optional)] secondary: bool,
    children: Children,
) -> impl IntoView {
    let class = if secondary {
        "pf-v6-c-tabs pf-m-secondary dr-tabs"
    } else {
        "pf-v6-c-tabs pf-m-page-insets dr-tabs"
    };
    view! {
        <nav class=class aria-label=label>
            <ul class="pf-v6-c-tabs__list">{children()}</ul>
        </nav>
    }
    .into_any()
}

/// One tab.
#[component]
pub fn Tab(
    #[prop(into)] href: Signal<String>,
    #[prop(into)] current: Signal<bool>,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] count: Option<Signal<Option<u64>>>,
    children: Children,
) -> impl IntoView {
    let class = move || if current.get() { "pf-v6-c-tabs__item pf-m-current" } else { "pf-v6-c-tabs__item" };
    let badge = move || {
        count
            .and_then(|c| c.get())
            .map(|n| view! { <span class="pf-v6-c-badge pf-m-read dr-tabs__count">{n}</span> })
    };
    view! {
        <li class=class>
            <a class="pf-v6-c-tabs__link" href=move || href.get() aria-current=move || current.get().then_some("page")>
                {icon.map(|icon| view! { <span class="pf-v6-c-tabs__item-icon"><IconView icon=icon/></span> })}
                <span class="pf-v6-c-tabs__item-text">{children()}</span>
                {badge}
            </a>
        </li>
    }
    .into_any()
}
