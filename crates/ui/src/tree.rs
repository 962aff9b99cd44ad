//! A tree with the keyboard of the WAI-ARIA pattern. It gets the rows that are open, flat and in order, each with
//! its level: whoever owns the tree decides what is loaded and what is open, so 10,000 children cost nothing
//! while they are closed. Every node is a link; only opening needs JavaScript.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::attr::custom::custom_attribute;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;

use leptos::wasm_bindgen::JsCast;

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
    /// Pressing it is told to whoever owns the tree, as an opening; its link is for where no script runs.
    pub presses: bool,
}

/// The tree. `on_toggle` gets a node's id and whether it shall be open.
#[component]
pub fn TreeView(
    #[prop(into)] label: String,
    #[prop(into)] rows: Signal<Vec<TreeRow>>,
    #[prop(into)] on_toggle: Callback<(String, bool)>,
    /// Gets a node's id and where its menu is asked for, in the window's coordinates.
    #[prop(optional, into)]
    on_menu: Option<Callback<(String, (i32, i32))>>,
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
                on:contextmenu=move |ev| ask_menu(&ev, on_menu)
            >
                <For each=ids key=String::clone let:id>{node(id, by_id, focus, on_toggle)}</For>
            </ul>
        </div>
    }
    .into_any()
}

/// Letters that follow each other so fast, in milliseconds, are of one name.
const IN_A_ROW: f64 = 700.0;

/// Which node the Tab key reaches. Until the page is alive that is every node, since no arrow key works yet.
#[derive(Clone, Copy)]
struct Focus {
    alive: RwSignal<bool>,
    at: RwSignal<Option<String>>,
    rows: Signal<Vec<TreeRow>>,
    /// The letters that were typed in a row, and when the last one was.
    typed: StoredValue<(String, f64)>,
}

impl Focus {
    fn new(rows: Signal<Vec<TreeRow>>) -> Self {
        let alive = RwSignal::new(false);
        Effect::new(move |_| alive.set(true));
        Focus { alive, at: RwSignal::new(None), rows, typed: StoredValue::default() }
    }

    /// What was typed up to and with this key.
    fn typed(self, key: &str, now: f64) -> String {
        let (before, when) = self.typed.get_value();
        let typed = if now - when < IN_A_ROW { format!("{before}{key}") } else { key.to_owned() };
        self.typed.set_value((typed.clone(), now));
        typed
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
                    {..custom_attribute("aria-level", field(|r| r.level.to_string()))}
                    aria-posinset=field(|r| r.position.0.to_string())
                    aria-setsize=field(|r| r.position.1.to_string())
                    aria-expanded=move || row.with(|r| r.as_ref().and_then(|r| r.open).map(|o| o.to_string()))
                    aria-selected=field(|r| r.current.to_string())
                    on:focus=move |_| focus.at.set(Some(focused.clone()))
                    on:click=move |ev| press(&ev, row, on_toggle)
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

fn press(ev: &MouseEvent, row: Memo<Option<TreeRow>>, on_toggle: Callback<(String, bool)>) {
    if let Some(row) = row.get_untracked().filter(|row| row.presses) {
        ev.prevent_default();
        on_toggle.run((row.id, true));
    }
}

/// The mark that opens and closes, for the mouse; the keyboard has its arrow keys.
fn twisty(row: Memo<Option<TreeRow>>, on_toggle: Callback<(String, bool)>) -> AnyView {
    let Some(open) = row.with(|r| r.as_ref().and_then(|r| r.open)) else {
        return view! { <span class="dr-tree__no-toggle"></span> }.into_any();
    };
    let press = move |ev: MouseEvent| {
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
    /// Opens all of these.
    Open(Vec<String>),
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
    let (here, key) = (focus.at.get_untracked(), ev.key());
    let deed = match is_letter(&key) {
        true => {
            let typed = focus.typed(&key, ev.time_stamp());
            rows.with_untracked(|rows| by_text(rows, here.as_deref(), &typed))
        }
        false => rows.with_untracked(|rows| deed(rows, here.as_deref(), &key)),
    };
    let Some(deed) = deed else { return };
    ev.prevent_default();
    match deed {
        Deed::Toggle(id, open) => on_toggle.run((id, open)),
        Deed::Open(ids) => ids.into_iter().for_each(|id| on_toggle.run((id, true))),
        Deed::Go(id) => {
            if let Some(list) = list.get_untracked() {
                dom::focus_first(&list, &format!("[data-node=\"{id}\"]"));
            }
        }
    }
}

/// The menu key gives no place of its own; the browser then says where the node is.
fn ask_menu(ev: &MouseEvent, on_menu: Option<Callback<(String, (i32, i32))>>) {
    let target = ev.target().and_then(|at| at.dyn_into::<web_sys::Element>().ok());
    let node = target.and_then(|at| at.closest("[data-node]").ok().flatten());
    if let (Some(on_menu), Some(id)) = (on_menu, node.and_then(|node| node.get_attribute("data-node"))) {
        ev.prevent_default();
        on_menu.run((id, (ev.client_x(), ev.client_y())));
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
        ("*", _) => Some(Deed::Open(closed_siblings(rows, at))),
        _ => None,
    }
}

/// The nodes beside this one, and it, that can be opened.
fn closed_siblings(rows: &[TreeRow], at: usize) -> Vec<String> {
    let level = rows[at].level;
    let first = rows[..at].iter().rposition(|row| row.level < level).map_or(0, |above| above + 1);
    let beside = rows[first..].iter().take_while(|row| row.level >= level);
    beside.filter(|row| row.level == level && row.open == Some(false)).map(|row| row.id.clone()).collect()
}

fn is_letter(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && chars.next().is_none()
}

/// To the next node, around the end, whose text begins so. One letter, again and again, goes on from node to node; more
/// letters may as well be of the node that is reached already.
fn by_text(rows: &[TreeRow], here: Option<&str>, typed: &str) -> Option<Deed> {
    let at = rows.iter().position(|row| Some(row.id.as_str()) == here)?;
    let typed = typed.to_lowercase();
    let first = typed.chars().next()?;
    let same = typed.chars().all(|c| c == first);
    let (wanted, from) = if same { (first.to_string(), at + 1) } else { (typed, at) };
    let fits = |n: &usize| rows[*n].text.to_lowercase().starts_with(&wanted);
    let found = (from..rows.len()).chain(0..at).find(fits)?;
    Some(Deed::Go(rows[found].id.clone()))
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
            presses: false,
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
            ("web1", "Escape", None),
            ("vms", "*", Some(Deed::Open(vec!["hosts".into()]))),
            ("system", "*", Some(Deed::Open(vec![]))),
            ("system", "Tab", None),
            ("gone", "ArrowDown", None),
        ] {
            assert_eq!(deed(&rows, Some(here), key), expected, "{here} {key}");
        }
        for (here, typed, expected) in [
            ("system", "h", go("hosts")),
            ("web1", "D", go("default")),
            ("hosts", "ho", go("hosts")),
            ("system", "VM", go("vms")),
            ("web1", "ddd", go("default")),
            ("web1", "dx", None),
            ("gone", "d", None),
        ] {
            assert_eq!(by_text(&rows, Some(here), typed), expected, "{here} {typed}");
        }
        for (key, expected) in
            [("a", true), ("7", true), ("-", true), ("é", true), ("*", false), ("Home", false)]
        {
            assert_eq!(is_letter(key), expected, "{key}");
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
