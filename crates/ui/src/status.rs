//! The state of a thing as icon and word, and small labels. The icon repeats the word's meaning in shape and
//! colour; neither is ever alone.

use leptos::prelude::*;

use crate::{Icon, IconView, Spinner, SpinnerSize, Tone};

/// A state in a list or a header: the icon in its tone, then the word. `turning` shows a spinner as the icon.
#[component]
pub fn Status(
    #[prop(into)] text: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional)] turning: bool,
    /// Why it is so, on hover.
    #[prop(optional, into)]
    detail: Option<String>,
) -> impl IntoView {
    view! {
        <span class="dr-status" title=detail>
            <StatusIcon tone=tone icon=icon.unwrap_or_else(|| default_icon(tone)) turning=turning/>
            <span class="dr-status__text">{text}</span>
        </span>
    }
    .into_any()
}

/// Only the mark of a state, where the word follows elsewhere (the tree).
#[component]
pub fn StatusIcon(tone: Tone, icon: Icon, #[prop(optional)] turning: bool) -> impl IntoView {
    let glyph = if turning {
        view! { <Spinner size=SpinnerSize::Small/> }.into_any()
    } else {
        view! { <IconView icon=icon/> }.into_any()
    };
    view! { <span class=icon_class(tone)>{glyph}</span> }.into_any()
}

fn default_icon(tone: Tone) -> Icon {
    if tone == Tone::Neutral { Icon::Off } else { tone.icon() }
}

fn icon_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "dr-status__icon",
        Tone::Info => "dr-status__icon dr-is-info",
        Tone::Success => "dr-status__icon dr-is-success",
        Tone::Warning => "dr-status__icon dr-is-warning",
        Tone::Danger => "dr-status__icon dr-is-danger",
    }
}

/// A small coloured label: a role, a kind, a severity.
#[component]
pub fn Label(
    #[prop(into)] text: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] icon: Option<Icon>,
) -> impl IntoView {
    let class = match tone {
        Tone::Neutral => "pf-v6-c-label pf-m-compact",
        Tone::Info => "pf-v6-c-label pf-m-compact pf-m-blue",
        Tone::Success => "pf-v6-c-label pf-m-compact pf-m-green",
        Tone::Warning => "pf-v6-c-label pf-m-compact pf-m-yellow",
        Tone::Danger => "pf-v6-c-label pf-m-compact pf-m-red",
    };
    view! {
        <span class=class>
            <span class="pf-v6-c-label__content">
                {icon.map(|icon| view! { <span class="pf-v6-c-label__icon"><IconView icon=icon/></span> })}
                <span class="pf-v6-c-label__text">{text}</span>
            </span>
        </span>
    }
    .into_any()
}

/// A count beside a title.
#[component]
pub fn Badge(#[prop(into)] count: Signal<u64>) -> impl IntoView {
    view! { <span class="pf-v6-c-badge pf-m-read">{move || count.get()}</span> }.into_any()
}
