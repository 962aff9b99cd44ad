//! Menus. A dropdown is a native `<details>`, so it opens without JavaScript; the browser adds what a menu
//! owes: arrow keys, Home, End, Escape, closing when focus or a click goes elsewhere.

use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use crate::{Icon, IconView, Refused, dom};

/// The element, unless what it was part of has left the page: a menu's own entry may have led away from it.
fn there<E>(node: NodeRef<E>) -> Option<E::Output>
where
    E: html::ElementType,
    E::Output: JsCast + Clone + 'static,
{
    node.try_get_untracked().flatten()
}

/// How the control that opens a menu looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ToggleKind {
    #[default]
    Default,
    Plain,
    Primary,
    Secondary,
}

impl ToggleKind {
    fn class(self) -> &'static str {
        match self {
            ToggleKind::Default => "pf-v6-c-menu-toggle",
            ToggleKind::Plain => "pf-v6-c-menu-toggle pf-m-plain",
            ToggleKind::Primary => "pf-v6-c-menu-toggle pf-m-primary",
            ToggleKind::Secondary => "pf-v6-c-menu-toggle pf-m-secondary",
        }
    }
}

/// A menu below its toggle. The children are `MenuItem`s and the like. `label` names the toggle; with
/// `icon` alone it is not shown.
#[component]
pub fn Dropdown(
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] kind: ToggleKind,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional)] hide_label: bool,
    #[prop(optional)] end: bool,
    #[prop(optional, into)] count: Option<Signal<u64>>,
    /// Whether it is open, for one that is made anew while somebody looks at it.
    #[prop(optional)]
    kept: Option<RwSignal<bool>>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let open = kept.unwrap_or_else(|| RwSignal::new(false));
    let aria = move || hide_label.then(|| label.get());
    view! {
        <details
            node_ref=node
            class="dr-menu"
            class:dr-menu--end=end
            open=open.get_untracked()
            on:toggle=move |_| if let Some(details) = there(node) { open.set(details.open()) }
            on:keydown=move |ev| key(ev, node)
            on:focusout=move |ev| leave(&ev, node)
            on:click=move |ev| pressed(&ev, node)
        >
            <summary class=move || toggle_class(kind, open.get()) aria-label=aria title=aria aria-haspopup="menu">
                {icon.map(|icon| view! { <span class="pf-v6-c-menu-toggle__icon"><IconView icon=icon/></span> })}
                {(!hide_label).then(|| view! { <span class="pf-v6-c-menu-toggle__text">{move || label.get()}</span> })}
                {count.map(toggle_count)}
                {(!hide_label).then(|| view! {
                    <span class="pf-v6-c-menu-toggle__controls">
                        <span class="pf-v6-c-menu-toggle__toggle-icon"><IconView icon=Icon::ChevronDown/></span>
                    </span>
                })}
            </summary>
            <Menu label=label>{children()}</Menu>
        </details>
    }
    .into_any()
}

fn toggle_class(kind: ToggleKind, open: bool) -> String {
    if open { format!("{} pf-m-expanded", kind.class()) } else { kind.class().to_owned() }
}

/// Nothing to count shows nothing.
fn toggle_count(count: Signal<u64>) -> impl IntoView {
    move || {
        let n = count.get();
        (n > 0).then(|| {
            view! { <span class="pf-v6-c-menu-toggle__count"><span class="pf-v6-c-badge pf-m-unread">{n}</span></span> }
        })
    }
}

/// The list of a menu, for a `Dropdown` or a menu at the pointer.
#[component]
pub fn Menu(#[prop(into)] label: Signal<String>, children: Children) -> impl IntoView {
    view! {
        <div class="pf-v6-c-menu dr-menu__box">
            <div class="pf-v6-c-menu__content">
                <ul class="pf-v6-c-menu__list" role="menu" aria-label=move || label.get()>{children()}</ul>
            </div>
        </div>
    }
    .into_any()
}

/// Opens a menu that many share, at itself: a list has one menu, and not one for each of its rows. Where no JavaScript
/// runs, `href` leads to where the same can be done.
#[component]
pub fn MenuLink(
    #[prop(into)] label: String,
    #[prop(into)] href: String,
    icon: Icon,
    /// Told where, in the window's coordinates.
    #[prop(into)]
    on_open: Callback<(i32, i32)>,
) -> impl IntoView {
    let open = move |ev: &web_sys::Event| {
        ev.prevent_default();
        if let Some((x, y)) = below(ev) {
            on_open.run((x, y));
        }
    };
    // A link answers to Enter by itself; a menu's button owes these too.
    let keys = move |ev: KeyboardEvent| {
        if matches!(ev.key().as_str(), " " | "ArrowDown") {
            open(&ev);
        }
    };
    view! {
        <a
            class="pf-v6-c-menu-toggle pf-m-plain"
            href=href
            aria-label=label.clone()
            title=label
            aria-haspopup="menu"
            on:click=move |ev| open(&ev)
            on:keydown=keys
        >
            <span class="pf-v6-c-menu-toggle__icon"><IconView icon=icon/></span>
        </a>
    }
    .into_any()
}

/// Where the lower edge of the link is that the event is of.
fn below(ev: &web_sys::Event) -> Option<(i32, i32)> {
    let target = ev.target()?.dyn_into::<web_sys::Element>().ok()?;
    let rect = target.closest("a").ok()??.get_bounding_client_rect();
    Some((rect.left() as i32, rect.bottom() as i32))
}

/// A menu where the pointer was. `at` is in the window's coordinates. Escape gives the focus back.
#[component]
pub fn ContextMenu(
    #[prop(into)] label: String,
    #[prop(into)] at: Signal<Option<(i32, i32)>>,
    #[prop(into)] on_close: Callback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let escaped = StoredValue::new(false);
    Effect::new(move |_| {
        let (Some(box_), Some((x, y))) = (node.get(), at.get()) else { return };
        escaped.set_value(false);
        dom::focus_back_if(move || escaped.try_get_value() == Some(true));
        dom::place(&box_, x, y);
        dom::step(&box_, dom::Step::First);
    });
    let keys = move |ev: KeyboardEvent| {
        if matches!(ev.key().as_str(), "Escape" | "Tab") {
            escaped.set_value(ev.key() == "Escape");
            on_close.run(());
        } else if let Some(box_) = there(node) {
            dom::menu_key(&ev, &box_);
        }
    };
    let leave = move |ev: FocusEvent| {
        if there(node).is_some_and(|n| !dom::goes_inside(&ev, &n)) {
            on_close.run(());
        }
    };
    let shown = StoredValue::new(children);
    move || {
        at.get().map(|_| {
            view! {
                <div node_ref=node class="dr-context" on:keydown=keys on:focusout=leave on:click=move |_| on_close.run(())>
                    <Menu label=label.clone()>{shown.with_value(|c| c())}</Menu>
                </div>
            }
            .into_any()
        })
    }
}

/// One entry: a link (`href`), a press (`on_press`), or the submit button of the form around it (`submit`).
#[component]
pub fn MenuItem(
    #[prop(into)] text: String,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] href: Option<String>,
    #[prop(optional)] danger: bool,
    /// It leads to a file.
    #[prop(optional)]
    download: bool,
    #[prop(optional)] submit: bool,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] chosen: Signal<bool>,
    #[prop(optional, into)] refused: Option<Refused>,
    #[prop(optional, into)] on_press: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    let reason = move || refused.and_then(|r| r.get());
    let class = move || match (danger, reason().is_some()) {
        (_, true) => "pf-v6-c-menu__list-item pf-m-aria-disabled",
        (true, false) => "pf-v6-c-menu__list-item pf-m-danger",
        (false, false) => "pf-v6-c-menu__list-item",
    };
    let inside = view! {
        <span class="pf-v6-c-menu__item-main">
            {icon.map(|icon| view! { <span class="pf-v6-c-menu__item-icon"><IconView icon=icon/></span> })}
            <span class="pf-v6-c-menu__item-text">{text}</span>
            {move || chosen.get().then(|| view! { <span class="pf-v6-c-menu__item-select-icon"><IconView icon=Icon::Check/></span> })}
        </span>
        {move || reason().map(|r| view! { <span class="pf-v6-c-menu__item-description">{r}</span> })}
    };
    let press = move |ev: MouseEvent| {
        if reason().is_some() {
            ev.prevent_default();
            ev.stop_propagation();
        } else if let Some(on_press) = on_press {
            on_press.run(ev);
        }
    };
    let aria = move || reason().map(|_| "true");
    let current = move || chosen.get().then_some("true");
    let control = match href {
        Some(href) => view! {
            <a class="pf-v6-c-menu__item" role="menuitem" href=href download=download.then_some("") aria-disabled=aria aria-current=current on:click=press>{inside}</a>
        }
        .into_any(),
        None => view! {
            <button class="pf-v6-c-menu__item" role="menuitem" type=if submit { "submit" } else { "button" }
                name=name value=value aria-disabled=aria aria-current=current on:click=press>{inside}</button>
        }
        .into_any(),
    };
    view! { <li class=class role="none">{control}</li> }.into_any()
}

/// A line between entries.
#[component]
pub fn MenuSeparator() -> impl IntoView {
    view! { <li class="pf-v6-c-divider" role="separator"></li> }.into_any()
}

/// Words at the head of a menu that are not an entry: who is signed in, a group's title.
#[component]
pub fn MenuTitle(children: Children) -> impl IntoView {
    view! { <li class="dr-menu__title" role="none">{children()}</li> }.into_any()
}

fn key(ev: KeyboardEvent, node: NodeRef<html::Details>) {
    let Some(details) = there(node) else { return };
    match ev.key().as_str() {
        "Escape" if details.open() => {
            ev.stop_propagation();
            ev.prevent_default();
            details.set_open(false);
            dom::focus_first(&details, "summary");
        }
        "ArrowDown" if !details.open() => {
            ev.prevent_default();
            details.set_open(true);
            dom::step(&details, dom::Step::First);
        }
        _ if details.open() => dom::menu_key(&ev, &details),
        _ => {}
    }
}

fn leave(ev: &FocusEvent, node: NodeRef<html::Details>) {
    // No new focus at all: the window lost it, or a click fell on something plain; both leave the menu.
    if let Some(details) = there(node)
        && details.open()
        && !dom::goes_inside(ev, &details)
    {
        details.set_open(false);
    }
}

/// An entry that was pressed has done its work: the menu closes. (A refused entry stops its press before.)
fn pressed(ev: &MouseEvent, node: NodeRef<html::Details>) {
    let on_item = ev
        .target()
        .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|el| el.closest("[role=menuitem]").ok().flatten().is_some());
    if on_item && let Some(details) = there(node) {
        details.set_open(false);
    }
}
