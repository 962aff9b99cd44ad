//! Many things and how full each is, at a glance: a field for each, the warmer the fuller. A list of links to those who
//! listen; the colour only repeats the number.

use leptos::prelude::*;

use crate::Tone;
use crate::donut::fullness;

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    pub name: String,
    pub href: String,
    /// None while nobody knows.
    pub percent: Option<f32>,
}

#[component]
pub fn HeatMap(#[prop(into)] label: String, fields: Vec<Heat>) -> impl IntoView {
    view! { <ul class="dr-heat" aria-label=label>{fields.into_iter().map(field).collect_view()}</ul> }
        .into_any()
}

fn field(heat: Heat) -> AnyView {
    let Heat { name, href, percent } = heat;
    let number = percent.map_or_else(|| "\u{2013}".to_owned(), |p| format!("{p:.0} %"));
    view! {
        <li>
            <a class=class(percent) href=href title=name.clone()>
                <span class="dr-heat__name">{name.clone()}</span>
                <span class="dr-heat__number">{number}</span>
            </a>
        </li>
    }
    .into_any()
}

fn class(percent: Option<f32>) -> &'static str {
    match percent.map(|p| (fullness(p), p > 50.0)) {
        None => "dr-heat__field",
        Some((Tone::Danger, _)) => "dr-heat__field dr-heat--full",
        Some((Tone::Warning, _)) => "dr-heat__field dr-heat--high",
        Some((_, true)) => "dr-heat__field dr-heat--half",
        Some((_, false)) => "dr-heat__field dr-heat--low",
    }
}
