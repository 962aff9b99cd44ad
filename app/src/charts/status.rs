//! How many there are of each kind and how they are; each number leads to the list of those.

use leptos::prelude::*;
use model::dashboard::{Count, Dashboard, Standing};
use model::event::Severity;
use model::text::t;
use ui::{Icon, IconView, StatusIcon, Tone};

use crate::frame::ListTab;
use crate::parts::value::severity_look;
use crate::paths;

pub fn cards(d: &Dashboard) -> Vec<AnyView> {
    let mut cards: Vec<AnyView> = d.counts.iter().filter_map(count).collect();
    cards.push(events(d));
    cards
}

/// A number with its sign, its name and where it leads.
struct Number {
    look: (Tone, Icon),
    label: String,
    n: u64,
    href: String,
}

fn count(count: &Count) -> Option<AnyView> {
    let tab = paths::tab_for(count.kind)?;
    let number = |(standing, n, search): &(Standing, u64, Option<String>)| Number {
        look: look(*standing),
        label: standing.label(),
        n: *n,
        href: search.as_ref().map_or_else(|| paths::list(tab).to_owned(), |s| paths::searched(tab, s)),
    };
    Some(card(tab, Some(count.all), tab.label(), count.parts.iter().map(number).collect()))
}

fn events(d: &Dashboard) -> AnyView {
    let number = |(severity, label, n): (Severity, &str, u64)| Number {
        look: (severity_look(severity).0, severity_look(severity).1),
        label: t(label),
        n,
        href: paths::searched(ListTab::Events, &format!("severity = {}", severity.as_str())),
    };
    let numbers = [
        (Severity::Alert, "dashboard-alerts", d.events.alerts),
        (Severity::Error, "dashboard-errors", d.events.errors),
        (Severity::Warning, "dashboard-warnings", d.events.warnings),
    ];
    let some = numbers.into_iter().filter(|(_, _, n)| *n > 0).map(number).collect();
    card(ListTab::Events, None, t("dashboard-events"), some)
}

fn look(standing: Standing) -> (Tone, Icon) {
    match standing {
        Standing::Up => (Tone::Success, Icon::Up),
        Standing::Warning => (Tone::Warning, Icon::Warning),
        Standing::Error => (Tone::Danger, Icon::Danger),
        Standing::Idle => (Tone::Neutral, Icon::Off),
    }
}

fn card(tab: ListTab, all: Option<u64>, title: String, numbers: Vec<Number>) -> AnyView {
    let none = numbers.is_empty().then(|| view! { <li class="dr-dash__none">{t("dashboard-nothing")}</li> });
    let one = |n: Number| {
        let (tone, icon) = n.look;
        view! {
            <li><a class="dr-count" href=n.href>
                <StatusIcon tone=tone icon=icon/>
                <span class="dr-count__n">{n.n}</span>
                " " <span class="dr-count__label">{n.label}</span>
            </a></li>
        }
        .into_any()
    };
    view! {
        <section class="pf-v6-c-card pf-m-compact dr-card dr-counts">
            <h3 class="dr-counts__title">
                <a href=paths::list(tab)>
                    <IconView icon=tab.icon()/> " " <span>{title}</span>
                    {all.map(|n| view! { " " <span class="dr-counts__all">{n}</span> })}
                </a>
            </h3>
            <ul class="dr-counts__list">{numbers.into_iter().map(one).collect_view()}{none}</ul>
        </section>
    }
    .into_any()
}
