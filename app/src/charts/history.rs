//! How the use of one object went: a line for each thing that it uses, with the average and the peak beside it.

use leptos::prelude::*;
use model::statistics::{Bucket, Span, Use, line};
use model::text::{t, ta};
use ui::Sparkline;

use crate::parts::time::moment;

/// What is drawn of it: its name, how its numbers are worded, and the number itself.
struct Measure {
    key: &'static str,
    words: fn(f64) -> String,
    of: fn(&Use) -> Option<f64>,
    /// The top of the scale, when that is not its own peak.
    top: fn(&Use) -> Option<f64>,
}

fn percent(n: f64) -> String {
    ta("value-percent", &[("n", &format!("{n:.0}"))])
}

fn bytes(n: f64) -> String {
    model::size::bytes(n as u64)
}

fn rate(n: f64) -> String {
    ta("value-rate", &[("rate", &bytes(n))])
}

const MEASURES: [Measure; 5] = [
    Measure { key: "field-cpu", words: percent, of: |u| u.cpu.map(f64::from), top: |_| Some(100.0) },
    Measure { key: "field-memory", words: percent, of: |u| u.memory.map(f64::from), top: |_| Some(100.0) },
    Measure { key: "field-network-rate", words: rate, of: |u| u.network.map(|n| n as f64), top: |_| None },
    Measure { key: "field-disk-rate", words: rate, of: |u| u.disk.map(|n| n as f64), top: |_| None },
    Measure {
        key: "field-storage-used",
        words: bytes,
        of: |u| u.used.map(|n| n as f64),
        top: |u| u.capacity.map(|n| n as f64),
    },
];

pub fn view(span: Span, buckets: &[Bucket]) -> AnyView {
    let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else {
        return view! { <p class="dr-dash__none">{t("use-none")}</p> }.into_any();
    };
    let lines = MEASURES.iter().filter_map(|m| one(span, buckets, m)).collect_view();
    view! {
        <div class="dr-history">{lines}</div>
        <p class="dr-history__axis">{moment(first.at)}<span>{moment(last.at)}</span></p>
    }
    .into_any()
}

fn one(span: Span, buckets: &[Bucket], m: &Measure) -> Option<AnyView> {
    let known: Vec<f64> = buckets.iter().filter_map(|b| (m.of)(&b.mean)).collect();
    let mean = known.iter().sum::<f64>() / (!known.is_empty()).then_some(known.len() as f64)?;
    let largest = |f: fn(&Use) -> Option<f64>| buckets.iter().filter_map(|b| f(&b.peak)).fold(0.0, f64::max);
    let peak = largest(m.of);
    let top = Some(largest(m.top)).filter(|top| *top > 0.0).unwrap_or(peak);
    let label = format!("{}: {}", t(m.key), span.label());
    let values = line(span, buckets, m.of);
    Some(
        view! {
            <div class="dr-use-line">
                <span class="dr-use-line__name">{t(m.key)}</span>
                <Sparkline label=label values=values max=top as f32/>
                <span class="dr-use-line__now">
                    {ta("use-average", &[("n", &(m.words)(mean))])} <br/> {ta("use-peak", &[("n", &(m.words)(peak))])}
                </span>
            </div>
        }
        .into_any(),
    )
}
