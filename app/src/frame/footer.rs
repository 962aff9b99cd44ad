//! The footer: the last thing that happened, and the way to all of it.

use leptos::prelude::*;
use model::event::Severity;
use model::text::t;
use ui::{Icon, IconView, Tone};

/// The newest event, already in words.
#[derive(Debug, Clone, PartialEq)]
pub struct LastMessage {
    pub severity: Severity,
    pub text: String,
    /// "2 minutes ago", and the exact time for the hover.
    pub when: String,
    pub exact: String,
}

/// The bar. `last` is `None` before anything has happened.
#[component]
pub fn LastMessageBar(
    #[prop(into)] last: Signal<Option<LastMessage>>,
    #[prop(into)] events_href: String,
) -> impl IntoView {
    view! {
        <div class="dr-last">
            {move || last.get().map_or_else(nothing, message)}
            <a href=events_href>{t("frame-events")}</a>
        </div>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! { <span class="dr-last__text dr-last__none">{t("frame-no-message")}</span> }.into_any()
}

fn message(last: LastMessage) -> AnyView {
    let (class, icon) = mark(last.severity);
    let whole = last.text.clone();
    view! {
        <span class=class><IconView icon=icon/></span>
        <span class="dr-last__text" title=whole>{last.text}" "<time title=last.exact>{last.when}</time></span>
    }
    .into_any()
}

fn mark(severity: Severity) -> (&'static str, Icon) {
    match severity {
        Severity::Normal => ("dr-is-success", Tone::Success.icon()),
        Severity::Warning => ("dr-is-warning", Tone::Warning.icon()),
        Severity::Error | Severity::Alert => ("dr-is-danger", Tone::Danger.icon()),
    }
}
