//! CPU, memory and storage: how much is used and was, who uses most, and where it is.

use leptos::prelude::*;
use model::dashboard::{Consumer, Dashboard, Share, Utilisation};
use model::id::Kind;
use model::text::{t, ta};
use ui::{Card, DescriptionList, Detail, Donut, Heat, HeatMap, Sparkline};

use super::part;
use crate::paths;

/// One of the three: its name, how its amounts are worded, and the title of its heat map.
struct Resource<'a> {
    key: &'static str,
    heat: &'static str,
    amount: fn(f64) -> String,
    used: &'a Utilisation,
}

/// What nothing is known of is left out.
pub fn view(d: &Dashboard) -> AnyView {
    let bytes = |n: f64| model::size::bytes(n as u64);
    let all = [
        Resource { key: "field-cpu", heat: "dashboard-heat-cpu", amount: cpus, used: &d.cpu },
        Resource { key: "field-memory", heat: "dashboard-heat-memory", amount: bytes, used: &d.memory },
        Resource { key: "tab-storage", heat: "dashboard-heat-storage", amount: bytes, used: &d.storage },
    ];
    let shares = all.iter().filter(|r| r.used.now.total > 0.0).map(share).collect();
    let tops = all.iter().flat_map(|r| r.used.top.iter().filter_map(|(kind, top)| most(r.key, *kind, top)));
    let heats = all.iter().filter(|r| r.used.heat.iter().any(|h| h.percent.is_some())).map(heat);
    view! {
        {some("dashboard-utilization", shares)}
        {some("dashboard-heat", heats.collect())}
        {some("dashboard-top", tops.collect())}
    }
    .into_any()
}

fn some(title: &str, cards: Vec<AnyView>) -> Option<AnyView> {
    (!cards.is_empty()).then(|| part(title, "dr-cards", cards))
}

fn cpus(n: f64) -> String {
    let digits = usize::from(n.fract() > 0.05 && n < 100.0);
    ta("dashboard-cpus", &[("n", &model::size::decimal(format!("{n:.digits$}")))])
}

fn share(r: &Resource<'_>) -> AnyView {
    let (key, amount, now, line) = (r.key, r.amount, r.used.now, r.used.line.clone());
    let lately = (!line.is_empty()).then(|| {
        let label = format!("{}: {}", t(key), t("dashboard-lately"));
        view! {
            <div class="dr-share__line">
                <Sparkline label=label values=line/>
                <span class="dr-share__axis">{t("dashboard-lately")}</span>
            </div>
        }
    });
    view! {
        <Card title=t(key)>
            <div class="dr-share">
                <Donut label=t(key) percent=now.percent() caption=t("dashboard-used")/>
                {numbers(now, amount)}
            </div>
            {lately}
        </Card>
    }
    .into_any()
}

fn numbers(now: Share, amount: fn(f64) -> String) -> AnyView {
    let overcommit =
        now.overcommit().map(|p| ta("value-percent", &[("n", &format!("{p:.0}"))])).unwrap_or_default();
    let promised = amount(now.promised);
    view! {
        <DescriptionList>
            <Detail term=t("dashboard-available")>{amount(now.available())}</Detail>
            <Detail term=t("dashboard-in-use")>{amount(now.used)}</Detail>
            <Detail term=t("dashboard-total")>{amount(now.total)}</Detail>
            <Detail term=t("dashboard-overcommit")><span title=promised>{overcommit}</span></Detail>
        </DescriptionList>
    }
    .into_any()
}

fn href(one: &Consumer) -> String {
    paths::of_kind(one.kind, one.id).unwrap_or_default()
}

fn heat(r: &Resource<'_>) -> AnyView {
    let field = |c: &Consumer| Heat { name: c.name.clone(), href: href(c), percent: c.percent };
    let fields: Vec<Heat> = r.used.heat.iter().map(field).collect();
    let title = r.heat;
    view! { <Card title=t(title)><HeatMap label=t(title) fields=fields/></Card> }.into_any()
}

/// The largest; the bar repeats the number.
fn most(resource: &str, kind: Kind, top: &[Consumer]) -> Option<AnyView> {
    let kinds = paths::tab_for(kind)?.label();
    if top.is_empty() {
        return None;
    }
    let title = ta("dashboard-by", &[("kinds", &kinds), ("resource", &t(resource))]);
    let line = |one: &Consumer| {
        let percent = one.percent.unwrap_or(0.0);
        view! {
            <li class="dr-most__line">
                <a href=href(one)>{one.name.clone()}</a>
                <progress class="dr-bar" aria-hidden="true" max="100" value=percent></progress>
                <span class="dr-most__number">{ta("value-percent", &[("n", &format!("{percent:.0}"))])}</span>
            </li>
        }
        .into_any()
    };
    let lines = top.iter().map(line).collect_view();
    Some(view! { <Card title=title><ol class="dr-most">{lines}</ol></Card> }.into_any())
}
