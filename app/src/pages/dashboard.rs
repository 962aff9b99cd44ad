//! The dashboard: what the server drew, and drawn anew while somebody looks at it.

use std::time::Duration;

use leptos::prelude::*;
use leptos_meta::Title;
use model::text::t;

use crate::api::Data;
use crate::api::charts::{Chart, Drawn, draw};
use crate::frame::ListTab;
use crate::parts::time::When;
use crate::parts::used::drawn;
use crate::parts::waiting::shown_whole;
use crate::paths;

/// Points come each minute; states may change any time.
const AGAIN: Duration = Duration::from_secs(30);

#[component]
pub fn Dashboard() -> impl IntoView {
    let chart = Data::new(|| draw(Chart::Dashboard.words()));
    Effect::new(move |_| {
        if let Ok(ticking) = set_interval_with_handle(move || again(chart), AGAIN) {
            on_cleanup(move || ticking.clear());
        }
    });
    let tab = ListTab::Dashboard;
    view! {
        <Title text=tab.label()/>
        <div class="dr-section dr-dash">
            <h1 class="pf-v6-screen-reader">{tab.label()}</h1>
            {shown_whole(12, chart, dashboard)}
        </div>
    }
    .into_any()
}

/// Not behind another window, and not under somebody's keys: the focus would be lost.
fn again(chart: Data<Drawn>) {
    let used = document().query_selector(".dr-dash :focus").ok().flatten().is_some();
    if !used && !document().hidden() {
        chart.refetch();
    }
}

fn dashboard(chart: Drawn) -> AnyView {
    view! {
        <p class="dr-dash__at">
            {t("dashboard-updated")} " " <When at=chart.at/> " \u{b7} "
            <a href=paths::list(ListTab::Dashboard) rel="external">{t("dashboard-refresh")}</a>
        </p>
        {drawn(chart)}
    }
    .into_any()
}
