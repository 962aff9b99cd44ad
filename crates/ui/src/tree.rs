//! A tree with the keyboard of the WAI-ARIA pattern. It gets the rows that are open, flat and in order, each with
//! its level: whoever owns the tree decides what is loaded and what is open, so 10,000 children cost nothing
//! while they are closed. Every node is a link; only opening needs JavaScript.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use crate::{Icon, IconView, Tone, dom};

/// One visible node.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeRow {
    pub id: String,
    /// From 1.
    pub level: u32,
    /// Its place among its siblings, from 1, and their number.
    pub position: (u32, u32),
    pub text: String,
    pub href: String,
    pub icon: Icon,
    pub tone: Tone,
    /// The state in words, for the icon's title.
    pub state: Option<String>,
    pub count: Option<u32>,
    /// `None` for a leaf.
    pub open: Option<bool>,
    pub current: bool,
}

/// The tree. `on_toggle` gets a node's id and whether it shall be open.
#[component]
pub fn TreeView(
    #[prop(into)] label: String,
    #[prop(into)] rows: Signal<Vec<TreeRow>>,
    #[prop(into)] on_toggle: Callback<(String, bool)>,
) -> impl IntoView {
    let by_id = Memo::new(move |_| {
        let map: HashMap<String, TreeRow> = rows.get().into_iter().map(|row| (row.id.clone(), row)).collect();
        Arc::new(map)
    });
    let focus = Focus::new(rows);
    let list = NodeRef::<html::Ul>::new();
    let ids = move || rows.with(|rows| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>());
    view! {
        <div class="pf-v6-c-tree-view dr-tree">
            <ul
                node_ref=list
                class="pf-v6-c-tree-view__list"
                role="tree"
                aria-label=label
                on:keydown=move |ev| on_key(&ev, rows, focus, on_toggle, list)
            >
                <For each=ids key=String::clone let:id>{node(id, by_id, focus, on_toggle)}</For>
            </ul>
        </div>
    }
    .into_any()
}

/// Which node the Tab key reaches. Until the page is alive that is every node, since no arrow key works yet.
#[derive(Clone, Copy)]
struct Focus {
    alive: RwSignal<bool>,
    at: RwSignal<Option<String>>,
    rows: Signal<Vec<TreeRow>>,
}

impl Focus {
    fn new(rows: Signal<Vec<TreeRow>>) -> Self {
        let alive = RwSignal::new(false);
        Effect::new(move |_| alive.set(true));
        Focus { alive, at: RwSignal::new(None), rows }
    }

    fn holds(self, id: &str) -> bool {
        if !self.alive.get() {
            return true;
        }
        self.rows.with(|rows| holder(rows, self.at.get().as_deref()).is_some_and(|row| row.id == id))
    }
}

/// The node that Tab reaches: where focus was last, else the current one, else the first.
fn holder<'a>(rows: &'a [TreeRow], at: Option<&str>) -> Option<&'a TreeRow> {
    rows.iter()
        .find(|row| Some(row.id.as_str()) == at)
        .or_else(|| rows.iter().find(|row| row.current))
        .or_else(|| rows.first())
}

type ById = Memo<Arc<HashMap<String, TreeRow>>>;

fn node(id: String, by_id: ById, focus: Focus, on_toggle: Callback<(String, bool)>) -> AnyView {
    let key = id.clone();
    let row = Memo::new(move |_| by_id.with(|map| map.get(&key).cloned()));
    // The level and the place are of the node for good: a node that moves has another id in its new place.
    let field = move |f: fn(&TreeRow) -> String| move || row.with(|r| r.as_ref().map(f)).unwrap_or_default();
    let (mine, focused) = (id.clone(), id.clone());
    view! {
        <li class=move || row.with(|r| item_class(r.as_ref())) role="none">
            <div class="pf-v6-c-tree-view__content">
                <a
                    class=move || row.with(|r| node_class(r.as_ref()))
                    role="treeitem"
                    data-node=id.clone()
                    href=field(|r| r.href.clone())
                    tabindex=move || if focus.holds(&mine) { "0" } else { "-1" }
                    attr:aria-level=field(|r| r.level.to_string())
                    aria-posinset=field(|r| r.position.0.to_string())
                    aria-setsize=field(|r| r.position.1.to_string())
                    aria-expanded=move || row.with(|r| r.as_ref().and_then(|r| r.open).map(|o| o.to_string()))
                    aria-selected=field(|r| r.current.to_string())
                    on:focus=move |_| focus.at.set(Some(focused.clone()))
                >
                    <span class="pf-v6-c-tree-view__node-container">
                        {move || twisty(row, on_toggle)}
                        <span class="pf-v6-c-tree-view__node-content">
                            {move || row.get().map(inside)}
                        </span>
                    </span>
                </a>
            </div>
        </li>
    }
    .into_any()
}

/// The mark that opens and closes, for the mouse; the keyboard has its arrow keys.
fn twisty(row: Memo<Option<TreeRow>>, on_toggle: Callback<(String, bool)>) -> AnyView {
    let Some(open) = row.with(|r| r.as_ref().and_then(|r| r.open)) else {
        return view! { <span class="dr-tree__no-toggle"></span> }.into_any();
    };
    let press = move |ev: leptos::ev::MouseEvent| {
        ev.prevent_default();
        ev.stop_propagation();
        if let Some(row) = row.get_untracked() {
            on_toggle.run((row.id, !open));
        }
    };
    view! {
        <span class="pf-v6-c-tree-view__node-toggle" aria-hidden="true" on:click=press>
            <span class="pf-v6-c-tree-view__node-toggle-icon"><IconView icon=Icon::ChevronRight/></span>
        </span>
    }
    .into_any()
}

fn inside(row: TreeRow) -> AnyView {
    let tone = match row.tone {
        Tone::Neutral => "pf-v6-c-tree-view__node-icon",
        Tone::Info => "pf-v6-c-tree-view__node-icon dr-is-info",
        Tone::Success => "pf-v6-c-tree-view__node-icon dr-is-success",
        Tone::Warning => "pf-v6-c-tree-view__node-icon dr-is-warning",
        Tone::Danger => "pf-v6-c-tree-view__node-icon dr-is-danger",
    };
    view! {
        <span class=tone title=row.state><IconView icon=row.icon/></span>
        <span class="pf-v6-c-tree-view__node-text">{row.text}</span>
        {row.count.map(|n| view! { <span class="dr-tree__count">{n}</span> })}
    }
    .into_any()
}

fn item_class(row: Option<&TreeRow>) -> String {
    const LEVELS: [&str; 8] = [
        "dr-tree__level-1",
        "dr-tree__level-2",
        "dr-tree__level-3",
        "dr-tree__level-4",
        "dr-tree__level-5",
        "dr-tree__level-6",
        "dr-tree__level-7",
        "dr-tree__level-8",
    ];
    let Some(row) = row else { return String::new() };
    let level = LEVELS[(row.level.max(1) as usize - 1).min(LEVELS.len() - 1)];
    let open = if row.open == Some(true) { " pf-m-expanded" } else { "" };
    format!("pf-v6-c-tree-view__list-item {level}{open}")
}

fn node_class(row: Option<&TreeRow>) -> &'static str {
    if row.is_some_and(|r| r.current) {
        "pf-v6-c-tree-view__node pf-m-current"
    } else {
        "pf-v6-c-tree-view__node"
    }
}

/// What a key means at a node.
#[derive(Debug, PartialEq)]
enum Deed {
    Go(String),
    Toggle(String, bool),
}

fn on_key(
    ev: &KeyboardEvent,
    rows: Signal<Vec<TreeRow>>,
    focus: Focus,
    on_toggle: Callback<(String, bool)>,
    list: NodeRef<html::Ul>,
) {
    if ev.ctrl_key() || ev.alt_key() || ev.meta_key() {
        return;
    }
    let here = focus.at.get_untracked();
    let Some(deed) = rows.with_untracked(|rows| deed(rows, here.as_deref(), &ev.key())) else { return };
    ev.prevent_default();
    match deed {
        Deed::Toggle(id, open) => on_toggle.run((id, open)),
        Deed::Go(id) => {
            if let Some(list) = list.get_untracked() {
                dom::focus_first(&list, &format!("[data-node=\"{id}\"]"));
            }
        }
    }
}

fn deed(rows: &[TreeRow], here: Option<&str>, key: &str) -> Option<Deed> {
    let at = rows.iter().position(|row| Some(row.id.as_str()) == here)?;
    let row = &rows[at];
    let go = |n: usize| rows.get(n).map(|row| Deed::Go(row.id.clone()));
    match (key, row.open) {
        ("ArrowDown", _) => go(at + 1),
        ("ArrowUp", _) => go(at.checked_sub(1)?),
        ("Home", _) => go(0),
        ("End", _) => go(rows.len() - 1),
        ("ArrowRight", Some(false)) => Some(Deed::Toggle(row.id.clone(), true)),
        ("ArrowRight", Some(true)) => {
            go(at + 1).filter(|_| rows.get(at + 1).is_some_and(|r| r.level > row.level))
        }
        ("ArrowLeft", Some(true)) => Some(Deed::Toggle(row.id.clone(), false)),
        ("ArrowLeft", _) => go(rows[..at].iter().rposition(|r| r.level < row.level)?),
        _ => go(by_letter(rows, at, key)?),
    }
}

/// The next node, around the end, whose text begins with the letter.
fn by_letter(rows: &[TreeRow], at: usize, key: &str) -> Option<usize> {
    let mut chars = key.chars();
    let (Some(letter), None) = (chars.next(), chars.next()) else { return None };
    let letter = letter.to_lowercase().next().filter(|c| c.is_alphanumeric())?;
    let fits =
        |n: &usize| rows[*n].text.chars().next().is_some_and(|c| c.to_lowercase().next() == Some(letter));
    (at + 1..rows.len()).chain(0..at).find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, level: u32, open: Option<bool>) -> TreeRow {
        TreeRow {
            id: id.into(),
            level,
            position: (1, 1),
            text: id.into(),
            href: String::new(),
            icon: Icon::Folder,
            tone: Tone::Neutral,
            state: None,
            count: None,
            open,
            current: false,
        }
    }

    #[test]
    fn the_keys_of_the_tree_pattern() {
        let rows = [
            row("system", 1, Some(true)),
            row("default", 2, Some(true)),
            row("hosts", 3, Some(false)),
            row("vms", 3, Some(true)),
            row("web1", 4, None),
        ];
        let go = |id: &str| Some(Deed::Go(id.into()));
        let toggle = |id: &str, open| Some(Deed::Toggle(id.into(), open));
        for (here, key, expected) in [
            ("system", "ArrowDown", go("default")),
            ("system", "ArrowUp", None),
            ("web1", "ArrowDown", None),
            ("hosts", "ArrowRight", toggle("hosts", true)),
            ("vms", "ArrowRight", go("web1")),
            ("vms", "ArrowLeft", toggle("vms", false)),
            ("web1", "ArrowLeft", go("vms")),
            ("hosts", "ArrowLeft", go("default")),
            ("web1", "ArrowRight", None),
            ("web1", "Home", go("system")),
            ("system", "End", go("web1")),
            ("system", "h", go("hosts")),
            ("web1", "D", go("default")),
            ("system", "Tab", None),
            ("gone", "ArrowDown", None),
        ] {
            assert_eq!(deed(&rows, Some(here), key), expected, "{here} {key}");
        }
    }

    #[test]
    fn tab_reaches_the_last_place_then_the_current_then_the_first() {
        let mut rows = [row("a", 1, None), row("b", 1, None)];
        assert_eq!(holder(&rows, None).map(|r| r.id.as_str()), Some("a"));
        rows[1].current = true;
        assert_eq!(holder(&rows, None).map(|r| r.id.as_str()), Some("b"));
        assert_eq!(holder(&rows, Some("a")).map(|r| r.id.as_str()), Some("a"));
        assert_eq!(holder(&rows, Some("gone")).map(|r| r.id.as_str()), Some("b"));
        assert!(holder(&[], None).is_none());
    }
}
