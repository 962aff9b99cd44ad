//! How far something is, and how full something is. Native `<progress>` and `<meter>`, because a width in a
//! `style` attribute is not allowed by the content security policy.

use leptos::prelude::*;

use crate::Tone;

/// A bar from 0 to `max`. `value` is `None` while nobody knows.
#[component]
pub fn Progress(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<Option<f64>>,
    #[prop(default = 100.0)] max: f64,
    #[prop(optional)] tone: Tone,
    /// Hides the label for the eye, where a text beside says the same.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let class = bar_class(tone);
    let name = (!bare).then(|| view! { <span class="dr-progress__label">{label.clone()}</span> });
    let percent = move || value.get().map(|v| format!("{:.0} %", 100.0 * v / max));
    let measure = (!bare).then(|| view! { <span class="dr-progress__measure">{percent}</span> });
    view! {
        <div class="dr-progress">
            {name}
            {measure}
            <progress class=class aria-label=label max=max value=move || value.get()></progress>
        </div>
    }
    .into_any()
}

/// The use of something in a table cell: a short bar and the percentage. Above 90 it warns.
#[component]
pub fn UseBar(#[prop(into)] label: String, #[prop(into)] percent: Signal<Option<f32>>) -> impl IntoView {
    let bar = move || match percent.get() {
        None => view! { <span class="dr-use dr-use--none">"\u{2013}"</span> }.into_any(),
        Some(now) => {
            let tone = if now > 90.0 { Tone::Warning } else { Tone::Neutral };
            view! {
                <span class="dr-use">
                    <progress class=bar_class(tone) aria-label=label.clone() max="100" value=now></progress>
                    <span class="dr-use__number">{format!("{now:.0} %")}</span>
                </span>
            }
            .into_any()
        }
    };
    bar.into_any()
}

fn bar_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral | Tone::Info => "dr-bar",
        Tone::Success => "dr-bar dr-is-success",
        Tone::Warning => "dr-bar dr-is-warning",
        Tone::Danger => "dr-bar dr-is-danger",
    }
}
