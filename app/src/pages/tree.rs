//! The tree of the left pane: which nodes are loaded and which are open. Children come when a node is opened, a
//! hundred at a time; what is open is remembered by the browser, and the way to what the page is about is opened; the
//! stream keeps names, states and counts right.

mod menu;
mod place;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_query_map};
use model::list::{TREE_STEP, TreeBranch, TreeNode};
use model::live::{Change, LiveChange};
use ui::TreeRow;
use uuid::Uuid;

use self::place::Place;
use self::walk::{MORE, Walk, has_children};
use crate::api;
use crate::live::Soon;
use crate::paths;

/// Where the browser keeps the open nodes.
const OPEN: &str = "drover-tree";

type Loaded = BTreeMap<Place, Vec<TreeNode>>;

#[derive(Clone, Copy)]
pub struct Tree {
    loaded: RwSignal<Loaded>,
    open: RwSignal<BTreeSet<Place>>,
    stale: StoredValue<BTreeSet<Place>>,
    reload: Soon,
    /// What the page is about.
    about: Memo<Option<Uuid>>,
    /// The node whose menu is asked for, and where the pointer was.
    asked: RwSignal<Option<(Place, (i32, i32))>>,
}

impl Tree {
    /// Begins with the data centers in sight, and with what the page is about.
    pub fn new(roots: Vec<TreeNode>, way: Vec<TreeBranch>) -> Tree {
        let loaded = RwSignal::new(BTreeMap::from([(Place::ROOT, roots)]));
        let open = RwSignal::new(BTreeSet::from([Place::ROOT]));
        let stale = StoredValue::new(BTreeSet::new());
        let reload = Soon::new(move || {
            for place in stale.try_update_value(std::mem::take).unwrap_or_default() {
                load(loaded, place, 0);
            }
        });
        let (path, query) = (use_location().pathname, use_query_map());
        let about = Memo::new(move |_| {
            path.with(|path| paths::about(path, query.with(|q| q.get("within")).as_deref()))
        });
        let tree = Tree { loaded, open, stale, reload, about, asked: RwSignal::new(None) };
        tree.lay_open(way);
        Effect::new(move |_| tree.remember());
        Effect::new(move |_| tree.follow(about.get()));
        tree
    }

    fn remember(self) {
        let kept = storage().and_then(|s| s.get_item(OPEN).ok().flatten()).unwrap_or_default();
        for place in kept.split(' ').filter_map(Place::read) {
            self.open_one(place);
        }
    }

    /// Opens the way to an object that is not in the tree yet.
    fn follow(self, about: Option<Uuid>) {
        let Some(id) = about else { return };
        let known = |loaded: &Loaded| loaded.values().flatten().any(|node| !node.folder && node.id == id);
        if self.loaded.with_untracked(known) {
            return;
        }
        spawn_local(async move {
            // What is not in the tree has no way to it; the page says so itself.
            if let Ok(way) = api::tree::way(id).await {
                self.lay_open(way);
            }
        });
    }

    fn lay_open(self, way: Vec<TreeBranch>) {
        for TreeBranch { kind, id, folder, nodes } in way {
            let place = Place { id, kind, folder };
            // The page may be gone by then.
            let _ = self.loaded.try_update(|loaded| {
                // More of it may be there already.
                loaded.entry(place).or_insert(nodes);
            });
            let _ = self.open.try_update(|open| open.insert(place));
        }
    }

    fn keep(self) {
        let words: Vec<String> = self.open.with_untracked(|open| open.iter().map(|p| p.word()).collect());
        if let Some(storage) = storage() {
            // Full or forbidden: then it is forgotten.
            let _ = storage.set_item(OPEN, &words.join(" "));
        }
    }

    fn open_one(self, place: Place) {
        self.open.update(|open| {
            open.insert(place);
        });
        if self.loaded.with_untracked(|loaded| !loaded.contains_key(&place)) {
            load(self.loaded, place, 0);
        }
    }

    /// Opens or closes a node, or loads more of a folder.
    pub fn toggle(self, word: &str, open: bool) {
        if let Some(place) = word.strip_prefix(MORE).and_then(Place::read) {
            return load(self.loaded, place, TREE_STEP);
        }
        let Some(place) = Place::read(word) else { return };
        if open {
            self.open_one(place);
        } else {
            self.open.update(|open| {
                open.remove(&place);
            });
        }
        self.keep();
    }

    /// Opens what is in sight, a level at a time, and no folder of very many: opening everything at once would load
    /// the whole estate.
    pub fn expand_all(self) {
        let few = |node: &&TreeNode| has_children(node) && !(node.folder && node.children > TREE_STEP);
        let places: Vec<Place> = self
            .loaded
            .with_untracked(|loaded| loaded.values().flatten().filter(few).map(Place::of).collect());
        self.open_one(Place::ROOT);
        places.into_iter().for_each(|place| self.open_one(place));
        self.keep();
    }

    pub fn collapse_all(self) {
        self.open.set(BTreeSet::from([Place::ROOT]));
        self.keep();
    }

    /// Everything that is loaded, once more.
    pub fn again(self) {
        self.mark(self.loaded.with_untracked(|loaded| loaded.keys().copied().collect()));
    }

    /// What is open is asked for soon; what is closed is forgotten, and comes anew when it is opened.
    fn mark(self, touched: Vec<Place>) {
        let (open, closed): (Vec<Place>, Vec<Place>) = touched.into_iter().partition(|place| {
            *place == Place::ROOT || self.open.with_untracked(|open| open.contains(place))
        });
        if !closed.is_empty() {
            self.loaded.update(|loaded| closed.iter().for_each(|place| drop(loaded.remove(place))));
        }
        if !open.is_empty() {
            self.stale.update_value(|stale| stale.extend(open));
            self.reload.ask();
        }
    }

    /// A new name or state is put in place; what came or went is asked for, soon.
    pub fn hear(self, change: &LiveChange) {
        if change.change == Change::Changed {
            return self.patch(change);
        }
        let touched: Vec<Place> = self.loaded.with_untracked(|loaded| {
            let concerns = |place: &Place| {
                let below = place.id == model::SYSTEM || change.scope.contains(&place.id);
                if place.folder { place.kind == change.kind && below } else { below }
            };
            loaded.keys().filter(|place| concerns(place)).copied().collect()
        });
        self.mark(touched);
    }

    fn patch(self, change: &LiveChange) {
        let Some(row) = &change.row else { return };
        let word = |value: Option<&serde_json::Value>| value.and_then(|v| v.as_str()).map(str::to_owned);
        let config = row.get("config").and_then(|c| c.get("name"));
        let Some(name) = word(row.get("name").or(config)) else { return };
        let status = word(row.get("status"));
        let is_it = |node: &TreeNode| !node.folder && node.id == change.id;
        let differs = |node: &TreeNode| is_it(node) && (node.name != name || node.status != status);
        if self.loaded.with_untracked(|loaded| !loaded.values().flatten().any(differs)) {
            return;
        }
        self.loaded.update(|loaded| {
            for nodes in loaded.values_mut() {
                let Some(node) = nodes.iter_mut().find(|node| is_it(node)) else { continue };
                // Networks and clusters have none.
                if node.status.is_some() {
                    node.status.clone_from(&status);
                }
                if node.name != name {
                    node.name.clone_from(&name);
                    nodes.sort_by_cached_key(|node| node.name.to_lowercase());
                }
            }
        });
    }

    /// The rows in sight, from top to bottom.
    pub fn rows(self) -> Signal<Vec<TreeRow>> {
        Signal::derive(move || {
            let open = self.open.get();
            self.loaded.with(|loaded| {
                let mut walk = Walk { loaded, open: &open, about: self.about.get(), rows: Vec::new() };
                walk.root();
                walk.rows
            })
        })
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Reads what is below a place: as much as is there, and `more`.
fn load(loaded: RwSignal<Loaded>, place: Place, more: u32) {
    let shown = loaded.with_untracked(|loaded| loaded.get(&place).map_or(0, Vec::len));
    let most = u32::try_from(shown).unwrap_or(u32::MAX).next_multiple_of(TREE_STEP) + more;
    spawn_local(async move {
        if let Ok(nodes) = api::tree::children(place.kind, place.id, place.folder, most).await {
            // The page may be gone by then.
            let _ = loaded.try_update(|loaded| loaded.insert(place, nodes));
        }
    });
}
