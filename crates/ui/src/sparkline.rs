//! A small curve of the last samples. Geometry in SVG attributes only; the numbers are in the text beside it, so
//! the picture has just a name.

use leptos::prelude::*;

const WIDTH: f32 = 240.0;
const HEIGHT: f32 = 48.0;

/// The samples from old to new; `max` is the top of the scale.
#[component]
pub fn Sparkline(
    #[prop(into)] label: String,
    #[prop(into)] values: Signal<Vec<f32>>,
    #[prop(default = 100.0.into(), into)] max: Signal<f32>,
) -> impl IntoView {
    let line = Memo::new(move |_| points(&values.get(), max.get()));
    let area = move || {
        line.with(|l| if l.is_empty() { String::new() } else { format!("0,{HEIGHT} {l} {WIDTH},{HEIGHT}") })
    };
    view! {
        <svg class="dr-spark" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=label>
            <polygon class="dr-spark__area" points=area></polygon>
            <polyline class="dr-spark__line" points=move || line.get()></polyline>
        </svg>
    }
    .into_any()
}

fn points(values: &[f32], max: f32) -> String {
    let max = if max > 0.0 { max } else { 1.0 };
    // One sample alone is a level, not a slope.
    let level = [values.first().copied().unwrap_or_default(); 2];
    let values = if values.len() == 1 { &level } else { values };
    let step = WIDTH / (values.len().max(2) - 1) as f32;
    let point = |(n, v): (usize, &f32)| {
        // One pixel of air, so that the stroke is not cut at the top and the bottom.
        let y = 1.0 + (HEIGHT - 2.0) * (1.0 - (v / max).clamp(0.0, 1.0));
        format!("{:.1},{y:.1}", n as f32 * step)
    };
    values.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn a_curve_stays_in_its_box() {
        assert_eq!(points(&[], 100.0), "");
        assert_eq!(points(&[0.0, 50.0, 200.0], 100.0), "0.0,47.0 120.0,24.0 240.0,1.0");
        assert_eq!(points(&[5.0], 0.0), "0.0,1.0 240.0,1.0");
    }
}
