//! Messages: inline alerts in a page or a form, toasts over it, and the banner across the top. An alert that
//! comes after the page did is announced; `assertive` is for those that stop somebody's work.

use leptos::prelude::*;

use crate::{Button, ButtonKind, Icon, IconView, Tone};

/// A message in its place. `title` says what happened, the children what to do about it.
#[component]
pub fn Alert(
    tone: Tone,
    #[prop(into)] title: String,
    /// The tone in words, read before the title: "Danger alert:".
    #[prop(into)]
    tone_label: String,
    #[prop(optional)] assertive: bool,
    #[prop(optional)] plain: bool,
    #[prop(optional, into)] close_label: Option<String>,
    #[prop(optional, into)] on_close: Option<Callback<()>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let mut class = format!("pf-v6-c-alert pf-m-inline {}", tone.modifier());
    if plain {
        class.push_str(" pf-m-plain");
    }
    let close = on_close.map(|on_close| {
        view! {
            <div class="pf-v6-c-alert__action">
                <Button kind=ButtonKind::Plain icon=Icon::Close label=close_label.unwrap_or_default() on_press=move |_| on_close.run(())/>
            </div>
        }
    });
    view! {
        <div class=class role=if assertive { "alert" } else { "status" }>
            <div class="pf-v6-c-alert__icon"><IconView icon=tone.icon()/></div>
            <p class="pf-v6-c-alert__title"><span class="pf-v6-screen-reader">{tone_label}</span>" "{title}</p>
            {close}
            {children.map(|c| view! { <div class="pf-v6-c-alert__description">{c()}</div> })}
        </div>
    }
    .into_any()
}

/// The corner where toasts gather; its children are `Alert`s in `<li class="pf-v6-c-alert-group__item">`.
#[component]
pub fn Toasts(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <ul class="pf-v6-c-alert-group pf-m-toast" role="list" aria-live="polite" aria-label=label>
            {children()}
        </ul>
    }
    .into_any()
}

/// One toast.
#[component]
pub fn Toast(children: Children) -> impl IntoView {
    view! { <li class="pf-v6-c-alert-group__item">{children()}</li> }.into_any()
}

/// A strip across the page: a lost connection, a newer version.
#[component]
pub fn Banner(tone: Tone, children: Children) -> impl IntoView {
    let class = match tone {
        Tone::Neutral => "pf-v6-c-banner",
        Tone::Info => "pf-v6-c-banner pf-m-blue",
        Tone::Success => "pf-v6-c-banner pf-m-green",
        Tone::Warning => "pf-v6-c-banner pf-m-yellow",
        Tone::Danger => "pf-v6-c-banner pf-m-red",
    };
    view! {
        <div class=class role="status">
            <span class="dr-banner"><IconView icon=tone.icon()/><span>{children()}</span></span>
        </div>
    }
    .into_any()
}
