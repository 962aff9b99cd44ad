//! Use over the last hour: a name, the curve, and the newest number; and over as long a time as the address says.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::id::Kind;
use model::statistics::Span;
use model::text::{t, ta};
use ui::{Section, Sparkline, Tab, Tabs};
use uuid::Uuid;

use super::waiting::shown;
use crate::api::Data;
use crate::api::charts::{Chart, Drawn, draw};
use crate::asked::address;

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

/// How the use of an object went, as a part of its page.
pub fn over_time(kind: Kind, id: Uuid) -> AnyView {
    let query = address();
    let path = use_location().pathname;
    let span = Memo::new(move |_| {
        query.with(|q| q.get("span")).and_then(|word| word.parse().ok()).unwrap_or(Span::Day)
    });
    let tab = move |own: Span| {
        // The lower pane's address says more than this.
        let href = move || format!("{}{}", path.get(), query.with(|query| query.with("span", own.as_str())));
        view! { <Tab href=Signal::derive(href) current=Signal::derive(move || span.get() == own)>{own.label()}</Tab> }
            .into_any()
    };
    let tabs = Span::ALL.iter().map(|span| tab(*span)).collect_view();
    let lines = Data::following(span.into(), move |span| draw(Chart::Use(kind, id, span).words()));
    view! {
        <Tabs label=t("part-use-spans") secondary=true>{tabs}</Tabs>
        <Section>{shown(6, lines, drawn)}</Section>
    }
    .into_any()
}

/// Made by the server of numbers alone.
pub fn drawn(chart: Drawn) -> AnyView {
    view! { <div inner_html=chart.html></div> }.into_any()
}
