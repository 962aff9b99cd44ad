//! The frame around every page: masthead, side pane, main part, footer. Pure layout; what stands where is the
//! caller's. On a narrow screen the side pane lies over the page; its address is `#side-pane`, so that a
//! link opens it where no JavaScript runs.

use leptos::prelude::*;

use crate::{Icon, IconView, dom};

/// The anchor of the side pane.
pub const SIDE_PANE: &str = "side-pane";
/// The anchor of the main part, for the skip link.
pub const MAIN: &str = "main-content";

/// The bar across the top. `brand` leads home; `toggle` is the control of the side pane.
#[component]
pub fn Masthead(
    #[prop(into)] brand: ViewFnOnce,
    #[prop(into)] home: String,
    #[prop(into)] home_label: String,
    #[prop(optional, into)] toggle: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    view! {
        <header class="pf-v6-c-masthead dr-masthead">
            <div class="pf-v6-c-masthead__main">
                {toggle.map(|t| view! { <span class="pf-v6-c-masthead__toggle">{t.run()}</span> })}
                <div class="pf-v6-c-masthead__brand">
                    <a class="pf-v6-c-masthead__logo" href=home aria-label=home_label>{brand.run()}</a>
                </div>
            </div>
            <div class="pf-v6-c-masthead__content">{children()}</div>
        </header>
    }
    .into_any()
}

/// The parts of a page in their places. `side_open` is `None` while nobody chose: shown where there is room.
#[component]
pub fn PageFrame(
    #[prop(into)] skip_label: String,
    #[prop(into)] side_label: String,
    #[prop(into)] masthead: ViewFnOnce,
    #[prop(optional, into)] banner: Option<ViewFnOnce>,
    #[prop(optional, into)] side: Option<ViewFnOnce>,
    #[prop(optional, into)] footer: Option<ViewFnOnce>,
    #[prop(optional, into)] side_open: Signal<Option<bool>>,
    children: Children,
) -> impl IntoView {
    let bare = side.is_none();
    let class = move || match (bare, side_open.get()) {
        (true, _) => "dr-frame dr-frame--bare",
        (false, None) => "dr-frame",
        (false, Some(true)) => "dr-frame dr-frame--side-open",
        (false, Some(false)) => "dr-frame dr-frame--side-closed",
    };
    view! {
        <div class=class>
            <a class="dr-skip" href=format!("#{MAIN}") on:click=skip>{skip_label}</a>
            {masthead.run()}
            <div class="dr-frame__banner">{banner.map(|b| b.run())}</div>
            {side.map(|s| view! { <aside class="dr-frame__side" id=SIDE_PANE aria-label=side_label>{s.run()}</aside> })}
            <main class="dr-frame__main" id=MAIN tabindex="-1">{children()}</main>
            {footer.map(|f| view! { <footer class="dr-frame__footer">{f.run()}</footer> })}
        </div>
    }
    .into_any()
}

/// A router would take the link for a navigation and leave the focus where it is.
fn skip(ev: leptos::ev::MouseEvent) {
    if document().document_element().is_some_and(|root| dom::focus_first(&root, &format!("#{MAIN}"))) {
        ev.prevent_default();
        ev.stop_propagation();
    }
}

/// The control that shows and hides the side pane.
#[component]
pub fn SideToggle(#[prop(into)] label: String, #[prop(into)] on_press: Callback<()>) -> impl IntoView {
    view! {
        <a
            class="pf-v6-c-button pf-m-plain"
            href=format!("#{SIDE_PANE}")
            aria-label=label.clone()
            title=label
            on:click=move |ev| {
                ev.prevent_default();
                ev.stop_propagation();
                on_press.run(());
            }
        >
            <span class="pf-v6-c-button__icon"><IconView icon=Icon::Pane/></span>
        </a>
    }
    .into_any()
}

/// A part of the main area: `flush` for lists that reach the edges.
#[component]
pub fn Section(#[prop(optional)] flush: bool, children: Children) -> impl IntoView {
    let class = if flush { "dr-section dr-section--flush" } else { "dr-section" };
    view! { <section class=class>{children()}</section> }.into_any()
}

/// The head of a page: its title with the state beside it, and the buttons at the end.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(optional, into)] beside: Option<ViewFnOnce>,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
) -> impl IntoView {
    view! {
        <div class="dr-head">
            <h1 class="dr-head__title">{title}</h1>
            {beside.map(|b| view! { <div class="dr-head__beside">{b.run()}</div> })}
            {actions.map(|a| view! { <div class="dr-head__actions">{a.run()}</div> })}
        </div>
    }
    .into_any()
}

/// The bell: how many alerts nobody has looked at. Leads to the events.
#[component]
pub fn NotificationBadge(
    #[prop(into)] href: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] count: Signal<u64>,
) -> impl IntoView {
    let class = move || match count.get() {
        0 => "pf-v6-c-button pf-m-stateful pf-m-read",
        _ => "pf-v6-c-button pf-m-stateful pf-m-attention",
    };
    view! {
        <a class=class href=href aria-label=move || label.get() title=move || label.get()>
            <span class="pf-v6-c-button__icon pf-m-start"><IconView icon=Icon::Bell/></span>
            {move || match count.get() {
                0 => None,
                n => Some(view! { <span class="pf-v6-c-button__text">{n}</span> }),
            }}
        </a>
    }
    .into_any()
}
