//! Use over the last hour: a name, the curve, and the newest number.

use leptos::prelude::*;
use model::text::{t, ta};
use ui::Sparkline;

/// `values` go from the oldest to the newest.
pub fn line(label: &'static str, values: Vec<f32>, max: f32, now: Option<String>) -> AnyView {
    view! {
        <div class="dr-use-line">
            <span class="dr-use-line__name">{t(label)}</span>
            <Sparkline label=t(label) values=values max=max/>
            <span class="dr-use-line__now">{now}</span>
        </div>
    }
    .into_any()
}

/// A line of percents.
pub fn percent(label: &'static str, values: Vec<f32>, now: Option<f32>) -> AnyView {
    line(label, values, 100.0, now.map(|now| ta("value-percent", &[("n", &format!("{now:.0}"))])))
}
