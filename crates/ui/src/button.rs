//! Buttons, and links that look like buttons. A button that cannot be used stays reachable and says why:
//! `refused` sets `aria-disabled`, swallows the press and shows the reason on hover and focus.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::{Icon, IconView, Spinner, SpinnerSize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    Primary,
    #[default]
    Secondary,
    Tertiary,
    Danger,
    Link,
    InlineLink,
    Plain,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "pf-v6-c-button pf-m-primary",
            ButtonKind::Secondary => "pf-v6-c-button pf-m-secondary",
            ButtonKind::Tertiary => "pf-v6-c-button pf-m-tertiary",
            ButtonKind::Danger => "pf-v6-c-button pf-m-danger",
            ButtonKind::Link => "pf-v6-c-button pf-m-link",
            ButtonKind::InlineLink => "pf-v6-c-button pf-m-link pf-m-inline",
            ButtonKind::Plain => "pf-v6-c-button pf-m-plain",
        }
    }
}

/// Why a control cannot be used now; `None` when it can.
pub type Refused = Signal<Option<String>>;

/// A button. `label` names one that shows only an icon.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
    #[prop(optional)] submit: bool,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] label: Option<String>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] form: Option<String>,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] refused: Option<Refused>,
    #[prop(optional, into)] busy: Option<Signal<bool>>,
    #[prop(optional, into)] on_press: Option<Callback<MouseEvent>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let reason = move || refused.and_then(|r| r.get());
    let working = move || busy.is_some_and(|b| b.get());
    let press = move |ev: MouseEvent| {
        if reason().is_some() || working() {
            ev.prevent_default();
            ev.stop_propagation();
        } else if let Some(on_press) = on_press {
            on_press.run(ev);
        }
    };
    let class = move || face(kind, small, reason().is_some(), working());
    let button = view! {
        <button
            id=id
            class=class
            type=if submit { "submit" } else { "button" }
            form=form
            name=name
            value=value
            aria-label=label.clone()
            title=label
            aria-disabled=move || (reason().is_some() || working()).then_some("true")
            aria-description=reason
            on:click=press
        >
            {move || working().then(|| progress().into_any())}
            {icon.map(|icon| glyph(icon, children.is_some()))}
            {children.map(|c| view! { <span class="pf-v6-c-button__text">{c()}</span> })}
        </button>
    }
    .into_any();
    with_tip(button, refused)
}

/// A link that looks like a button: for everything that leads to a page, a dialog or a download.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] label: Option<String>,
    #[prop(optional, into)] target: Option<String>,
    /// The page is loaded anew, even when it is the one that is shown.
    #[prop(optional)]
    external: bool,
    #[prop(optional, into)] refused: Option<Refused>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let reason = move || refused.and_then(|r| r.get());
    let link = view! {
        <a
            class=move || face(kind, small, reason().is_some(), false)
            href=move || reason().is_none().then(|| href.get())
            target=target.clone()
            rel=if external { Some("external") } else { target.map(|_| "noopener") }
            aria-label=label.clone()
            title=label
            role=move || reason().map(|_| "link")
            tabindex=move || reason().map(|_| "0")
            aria-disabled=move || reason().map(|_| "true")
            aria-description=reason
        >
            {icon.map(|icon| glyph(icon, children.is_some()))}
            {children.map(|c| view! { <span class="pf-v6-c-button__text">{c()}</span> })}
        </a>
    }
    .into_any();
    with_tip(link, refused)
}

fn face(kind: ButtonKind, small: bool, refused: bool, working: bool) -> String {
    let mut class = kind.class().to_owned();
    if small {
        class.push_str(" pf-m-small");
    }
    if refused {
        class.push_str(" pf-m-aria-disabled");
    }
    if working {
        class.push_str(" pf-m-progress pf-m-in-progress");
    }
    class
}

fn glyph(icon: Icon, beside_text: bool) -> AnyView {
    let class = if beside_text { "pf-v6-c-button__icon pf-m-start" } else { "pf-v6-c-button__icon" };
    view! { <span class=class><IconView icon=icon/></span> }.into_any()
}

fn progress() -> impl IntoView {
    view! { <span class="pf-v6-c-button__progress"><Spinner size=SpinnerSize::Small/></span> }
}

/// The reason, as a bubble beside the control. Hidden from assistive technology, which has it as description.
fn with_tip(control: AnyView, refused: Option<Refused>) -> AnyView {
    let Some(refused) = refused else { return control };
    let bubble = move || {
        refused.get().map(|reason| view! { <span class="dr-tip__bubble" aria-hidden="true">{reason}</span> })
    };
    view! { <span class="dr-tip">{control}{bubble}</span> }.into_any()
}
