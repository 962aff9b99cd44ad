//! Tabs within a pane, as the WAI-ARIA pattern has them: arrow keys go from one to the next and show it. While no
//! script runs the first panel is shown, and the other tabs are links to pages that hold the same.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use crate::dom;

/// One tab with its panel.
pub struct PaneTab {
    pub id: &'static str,
    pub title: String,
    /// Where the tab leads while no script runs; none for the first, which is shown then.
    pub href: Option<String>,
    /// Made when the tab is shown.
    pub body: ViewFn,
}

/// The tabs and their panels. `shown` is the id of the one that is up.
#[component]
pub fn PaneTabs(
    #[prop(into)] label: String,
    shown: RwSignal<&'static str>,
    tabs: Vec<PaneTab>,
) -> impl IntoView {
    let ids: StoredValue<Vec<&'static str>> = StoredValue::new(tabs.iter().map(|tab| tab.id).collect());
    let list = NodeRef::<html::Ul>::new();
    let (links, panels): (Vec<_>, Vec<_>) =
        tabs.into_iter().map(|tab| (link(&tab, shown), panel(&tab, shown))).unzip();
    view! {
        <div class="pf-v6-c-tabs dr-pane__tabs">
            <ul
                node_ref=list
                class="pf-v6-c-tabs__list"
                role="tablist"
                aria-label=label
                on:keydown=move |ev| on_key(&ev, ids, shown, list)
            >
                {links}
            </ul>
        </div>
        {panels}
    }
    .into_any()
}

fn link(tab: &PaneTab, shown: RwSignal<&'static str>) -> AnyView {
    let id = tab.id;
    let current = move || shown.get() == id;
    let href = tab.href.clone().unwrap_or_else(|| format!("#pane-{id}"));
    view! {
        <li
            class=move || if current() { "pf-v6-c-tabs__item pf-m-current" } else { "pf-v6-c-tabs__item" }
            role="presentation"
        >
            <a
                class="pf-v6-c-tabs__link"
                role="tab"
                id=format!("pane-tab-{id}")
                href=href
                aria-controls=format!("pane-{id}")
                aria-selected=move || current().to_string()
                tabindex=move || if current() { "0" } else { "-1" }
                on:click=move |ev| {
                    ev.prevent_default();
                    ev.stop_propagation();
                    shown.set(id);
                }
            >
                <span class="pf-v6-c-tabs__item-text">{tab.title.clone()}</span>
            </a>
        </li>
    }
    .into_any()
}

fn panel(tab: &PaneTab, shown: RwSignal<&'static str>) -> AnyView {
    let (id, body) = (tab.id, tab.body.clone());
    let current = move || shown.get() == id;
    view! {
        <div
            class="dr-pane__panel"
            role="tabpanel"
            id=format!("pane-{id}")
            aria-labelledby=format!("pane-tab-{id}")
            hidden=move || !current()
        >
            {move || current().then(|| body.run())}
        </div>
    }
    .into_any()
}

fn on_key(
    ev: &KeyboardEvent,
    ids: StoredValue<Vec<&'static str>>,
    shown: RwSignal<&'static str>,
    list: NodeRef<html::Ul>,
) {
    let next = ids.with_value(|ids| dom::next_tab(ids, shown.get_untracked(), &ev.key(), ALONG));
    dom::go_to_tab(ev, next, shown, list);
}

/// They stand beside each other.
const ALONG: (&str, &str) = ("ArrowLeft", "ArrowRight");

#[cfg(test)]
mod tests {
    use super::ALONG;
    use crate::dom::next_tab;

    #[test]
    fn the_arrow_keys_go_around() {
        let ids = ["tree", "bookmarks", "tags"];
        for (here, key, expected) in [
            ("tree", "ArrowRight", Some("bookmarks")),
            ("tags", "ArrowRight", Some("tree")),
            ("tree", "ArrowLeft", Some("tags")),
            ("bookmarks", "Home", Some("tree")),
            ("bookmarks", "End", Some("tags")),
            ("tree", "ArrowDown", None),
            ("gone", "Home", None),
        ] {
            assert_eq!(next_tab(&ids, here, key, ALONG), expected, "{here} {key}");
        }
    }
}
