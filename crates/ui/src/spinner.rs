//! What is shown while something is on its way: a spinner with words, and skeletons in the shape of the text
//! that will come. Neither moves for people who asked for less motion.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpinnerSize {
    Small,
    #[default]
    Medium,
    Large,
}

impl SpinnerSize {
    fn class(self) -> &'static str {
        match self {
            SpinnerSize::Small => "pf-v6-c-spinner pf-m-sm",
            SpinnerSize::Medium => "pf-v6-c-spinner pf-m-md",
            SpinnerSize::Large => "pf-v6-c-spinner pf-m-lg",
        }
    }
}

/// A spinner. Without a `label` it is decoration beside a text that says the same.
#[component]
pub fn Spinner(
    #[prop(optional)] size: SpinnerSize,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let hidden = label.is_none().then_some("true");
    let role = label.is_some().then_some("progressbar");
    view! {
        <svg class=size.class() viewBox="0 0 100 100" role=role aria-label=label aria-hidden=hidden>
            <circle class="pf-v6-c-spinner__path" cx="50" cy="50" r="45" fill="none"></circle>
        </svg>
    }
    .into_any()
}

/// Lines of a text that is not here yet.
#[component]
pub fn Skeleton(#[prop(default = 1)] lines: u32, #[prop(into)] label: String) -> impl IntoView {
    const WIDTHS: [&str; 4] = ["pf-m-width-75", "pf-m-width-50", "pf-m-width-66", "pf-m-width-33"];
    let bars = (0..lines).map(|n| {
        let class = format!("pf-v6-c-skeleton {}", WIDTHS[n as usize % WIDTHS.len()]);
        view! { <div class=class></div> }
    });
    view! {
        <div class="dr-skeleton" aria-busy="true">
            <span class="pf-v6-screen-reader">{label}</span>
            {bars.collect_view()}
        </div>
    }
    .into_any()
}
