//! How much of something is used, as a ring. Geometry in SVG attributes only; the number stands in the middle, and the
//! whole has a name that says the same.

use leptos::prelude::*;

use crate::Tone;

/// `percent` is none while nobody knows.
#[component]
pub fn Donut(
    #[prop(into)] label: String,
    percent: Option<f32>,
    /// Below the number: "used".
    #[prop(into)]
    caption: String,
) -> impl IntoView {
    let number = percent.map_or_else(|| "\u{2013}".to_owned(), |p| format!("{p:.0} %"));
    let arc = percent.map(|p| {
        let dash = format!("{:.1} 100", p.clamp(0.0, 100.0));
        view! { <circle class=arc_class(fullness(p)) cx="60" cy="60" r="50" pathLength="100" stroke-dasharray=dash transform="rotate(-90 60 60)"></circle> }
    });
    let name = format!("{label}: {number} {caption}");
    view! {
        <svg class="dr-donut" viewBox="0 0 120 120" role="img" aria-label=name>
            <circle class="dr-donut__track" cx="60" cy="60" r="50"></circle>
            {arc}
            <text class="dr-donut__number" x="60" y="64" text-anchor="middle">{number}</text>
            <text class="dr-donut__caption" x="60" y="82" text-anchor="middle">{caption}</text>
        </svg>
    }
    .into_any()
}

/// From where it is to be looked at, and from where something is to be done.
pub(crate) fn fullness(percent: f32) -> Tone {
    match percent {
        p if p > 90.0 => Tone::Danger,
        p if p > 75.0 => Tone::Warning,
        _ => Tone::Info,
    }
}

fn arc_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Danger => "dr-donut__arc dr-is-danger",
        Tone::Warning => "dr-donut__arc dr-is-warning",
        _ => "dr-donut__arc",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_full_is_seen_to_be() {
        for (percent, tone) in [
            (0.0, Tone::Info),
            (75.0, Tone::Info),
            (75.1, Tone::Warning),
            (90.0, Tone::Warning),
            (91.0, Tone::Danger),
        ] {
            assert_eq!(fullness(percent), tone, "{percent}");
        }
    }
}
