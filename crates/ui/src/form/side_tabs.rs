//! The side tabs of a large dialog. All panels are in the page. Without JavaScript they are shown one below the
//! other and the tabs are links to them; with it one is shown. A tab whose panel has an invalid field
//! carries a mark, and after a refused submit the first such tab comes up.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use crate::{Icon, IconView, dom};

/// One tab with its panel.
pub struct SideTab {
    id: &'static str,
    title: String,
    invalid: Signal<bool>,
    shown: Signal<bool>,
    body: AnyView,
}

impl SideTab {
    pub fn new(id: &'static str, title: impl Into<String>, body: AnyView) -> Self {
        SideTab { id, title: title.into(), invalid: false.into(), shown: true.into(), body }
    }

    /// Whether a field of the panel is wrong.
    pub fn invalid(mut self, invalid: impl Into<Signal<bool>>) -> Self {
        self.invalid = invalid.into();
        self
    }

    /// Whether the tab is there at all (*Show advanced options*).
    pub fn shown(mut self, shown: impl Into<Signal<bool>>) -> Self {
        self.shown = shown.into();
        self
    }
}

/// What the list and the panels share of one tab.
#[derive(Clone, Copy)]
struct Head {
    id: &'static str,
    invalid: Signal<bool>,
    shown: Signal<bool>,
}

impl Head {
    fn tab_id(self) -> String {
        format!("tab-{}", self.id)
    }

    fn panel_id(self) -> String {
        format!("panel-{}", self.id)
    }
}

/// The tabs and their panels. `attempt` counts refused submits, as in `Form`; `invalid_label` is read at a mark.
#[component]
pub fn SideTabs(
    #[prop(into)] label: String,
    #[prop(into)] invalid_label: String,
    #[prop(into)] attempt: Signal<u32>,
    tabs: Vec<SideTab>,
) -> impl IntoView {
    let heads: Vec<Head> =
        tabs.iter().map(|t| Head { id: t.id, invalid: t.invalid, shown: t.shown }).collect();
    let first = first_invalid(&heads).or(heads.first().copied()).map_or("", |h| h.id);
    let active = RwSignal::new(first);
    let heads = StoredValue::new(heads);
    follow_refusals(attempt, heads, active);
    let list = NodeRef::<html::Ul>::new();
    let mut links = Vec::new();
    let mut panels = Vec::new();
    for (tab, head) in tabs.into_iter().zip(heads.get_value()) {
        links.push(link(head, tab.title.clone(), invalid_label.clone(), active));
        panels.push(panel(head, tab.title, tab.body, active));
    }
    view! {
        <div class="dr-side-tabs">
            <div class="pf-v6-c-tabs pf-m-vertical dr-side-tabs__tabs">
                <ul
                    node_ref=list
                    class="pf-v6-c-tabs__list"
                    role="tablist"
                    aria-orientation="vertical"
                    aria-label=label
                    on:keydown=move |ev| move_tab(&ev, heads, active, list)
                >
                    {links}
                </ul>
            </div>
            <div class="dr-side-tabs__panels">{panels}</div>
        </div>
    }
    .into_any()
}

fn link(head: Head, title: String, invalid_label: String, active: RwSignal<&'static str>) -> AnyView {
    let current = move || active.get() == head.id;
    let mark = move || {
        head.invalid.get().then(|| {
            view! {
                <span class="pf-v6-c-tabs__item-icon dr-is-danger">
                    <IconView icon=Icon::Danger/>
                    <span class="pf-v6-screen-reader">{invalid_label.clone()}</span>
                </span>
            }
        })
    };
    view! {
        <li
            class=move || if current() { "pf-v6-c-tabs__item pf-m-current" } else { "pf-v6-c-tabs__item" }
            role="presentation"
            hidden=move || !head.shown.get()
        >
            <a
                class="pf-v6-c-tabs__link"
                role="tab"
                id=head.tab_id()
                href=format!("#{}", head.panel_id())
                aria-controls=head.panel_id()
                aria-selected=move || if current() { "true" } else { "false" }
                tabindex=move || if current() { "0" } else { "-1" }
                on:click=move |ev| {
                    ev.prevent_default();
                    ev.stop_propagation();
                    active.set(head.id);
                }
            >
                <span class="pf-v6-c-tabs__item-text">{title}</span>
                {mark}
            </a>
        </li>
    }
    .into_any()
}

fn panel(head: Head, title: String, body: AnyView, active: RwSignal<&'static str>) -> AnyView {
    let class = move || {
        if active.get() == head.id { "dr-side-tabs__panel dr-is-active" } else { "dr-side-tabs__panel" }
    };
    view! {
        <section class=class role="tabpanel" id=head.panel_id() aria-labelledby=head.tab_id() hidden=move || !head.shown.get()>
            <h2 class="dr-side-tabs__title">{title}</h2>
            <div class="pf-v6-c-form dr-form">{body}</div>
        </section>
    }
    .into_any()
}

fn first_invalid(heads: &[Head]) -> Option<Head> {
    heads.iter().copied().find(|h| h.shown.get_untracked() && h.invalid.get_untracked())
}

fn follow_refusals(attempt: Signal<u32>, heads: StoredValue<Vec<Head>>, active: RwSignal<&'static str>) {
    Effect::new(move |last: Option<u32>| {
        let now = attempt.get();
        let refused = last.is_some_and(|last| last != now);
        if refused && let Some(head) = heads.with_value(|h| first_invalid(h)) {
            active.set(head.id);
        }
        now
    });
}

fn move_tab(
    ev: &KeyboardEvent,
    heads: StoredValue<Vec<Head>>,
    active: RwSignal<&'static str>,
    list: NodeRef<html::Ul>,
) {
    let ids: Vec<&'static str> =
        heads.with_value(|h| h.iter().filter(|h| h.shown.get_untracked()).map(|h| h.id).collect());
    let next = dom::next_tab(&ids, active.get_untracked(), &ev.key(), ALONG);
    dom::go_to_tab(ev, next, active, list);
}

/// They stand below each other.
const ALONG: (&str, &str) = ("ArrowUp", "ArrowDown");

#[cfg(test)]
mod tests {
    use super::ALONG;
    use crate::dom::next_tab;

    #[test]
    fn the_arrow_keys_go_around() {
        let ids = ["general", "system", "console"];
        for (here, key, expected) in [
            ("general", "ArrowDown", Some("system")),
            ("console", "ArrowDown", Some("general")),
            ("general", "ArrowUp", Some("console")),
            ("system", "Home", Some("general")),
            ("system", "End", Some("console")),
            ("system", "a", None),
            ("gone", "Home", None),
        ] {
            assert_eq!(next_tab(&ids, here, key, ALONG), expected, "{here} {key}");
        }
    }
}
