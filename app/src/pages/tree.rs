//! The tree of the left pane: which nodes are loaded and which are open. Children come when a node is opened; what
//! is open is remembered by the browser; the stream keeps names, states and counts right.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use model::id::Kind;
use model::list::{ListQuery, TreeNode};
use model::live::{Change, LiveChange};
use model::text::t;
use ui::{Icon, Tone, TreeRow};
use uuid::Uuid;

use crate::api;
use crate::frame::ListTab;
use crate::live::Soon;
use crate::parts::value::{Look, host_look, storage_look, template_look, vm_look};
use crate::paths;

/// Where the browser keeps the open nodes.
const OPEN: &str = "drover-tree";

/// A node by what it is: an object, or the folder of one kind in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    id: Uuid,
    kind: Kind,
    folder: bool,
}

impl Place {
    fn of(node: &TreeNode) -> Place {
        Place { id: node.id, kind: node.kind, folder: node.folder }
    }

    /// The root, whose children are the data centers.
    const ROOT: Place = Place { id: model::SYSTEM, kind: Kind::DataCenter, folder: true };

    fn word(self) -> String {
        format!("{}:{}:{}", self.kind.as_str(), if self.folder { "all" } else { "one" }, self.id)
    }

    fn read(word: &str) -> Option<Place> {
        let mut parts = word.splitn(3, ':');
        let kind = parts.next()?.parse().ok()?;
        let folder = parts.next()? == "all";
        Some(Place { kind, folder, id: parts.next()?.parse().ok()? })
    }
}

#[derive(Clone, Copy)]
pub struct Tree {
    loaded: RwSignal<BTreeMap<Place, Vec<TreeNode>>>,
    open: RwSignal<BTreeSet<Place>>,
    stale: StoredValue<BTreeSet<Place>>,
    reload: Soon,
}

impl Tree {
    /// Begins with the data centers in sight.
    pub fn new(roots: Vec<TreeNode>) -> Tree {
        let loaded = RwSignal::new(BTreeMap::from([(Place::ROOT, roots)]));
        let open = RwSignal::new(BTreeSet::from([Place::ROOT]));
        let stale = StoredValue::new(BTreeSet::new());
        let reload = Soon::new(move || {
            for place in stale.try_update_value(std::mem::take).unwrap_or_default() {
                load(loaded, place);
            }
        });
        let tree = Tree { loaded, open, stale, reload };
        Effect::new(move |_| tree.remember());
        tree
    }

    fn remember(self) {
        let kept = storage().and_then(|s| s.get_item(OPEN).ok().flatten()).unwrap_or_default();
        for place in kept.split(' ').filter_map(Place::read) {
            self.open_one(place);
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
            load(self.loaded, place);
        }
    }

    pub fn toggle(self, word: &str, open: bool) {
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

    /// Opens what is in sight, a level at a time: opening everything at once would load the whole estate.
    pub fn expand_all(self) {
        let places: Vec<Place> = self.loaded.with_untracked(|loaded| {
            let nodes = loaded.values().flatten();
            nodes.filter(|node| has_children(node)).map(Place::of).collect()
        });
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
        let all = self.loaded.with_untracked(|loaded| loaded.keys().copied().collect());
        self.stale.set_value(all);
        self.reload.ask();
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
        if !touched.is_empty() {
            self.stale.update_value(|stale| stale.extend(touched));
            self.reload.ask();
        }
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
            for node in loaded.values_mut().flatten().filter(|node| is_it(node)) {
                node.name.clone_from(&name);
                // Networks and clusters have none.
                if node.status.is_some() {
                    node.status.clone_from(&status);
                }
            }
        });
    }

    /// The rows in sight, from top to bottom.
    pub fn rows(self) -> Signal<Vec<TreeRow>> {
        let query = use_query_map();
        let within =
            Memo::new(move |_| query.with(|q| q.get("within")).and_then(|id| id.parse::<Uuid>().ok()));
        Signal::derive(move || {
            let open = self.open.get();
            self.loaded.with(|loaded| {
                let mut walk = Walk { loaded, open: &open, within: within.get(), rows: Vec::new() };
                walk.root();
                walk.rows
            })
        })
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn load(loaded: RwSignal<BTreeMap<Place, Vec<TreeNode>>>, place: Place) {
    spawn_local(async move {
        if let Ok(nodes) = api::tree::children(place.kind, place.id, place.folder).await {
            // The page may be gone by then.
            let _ = loaded.try_update(|loaded| loaded.insert(place, nodes));
        }
    });
}

fn has_children(node: &TreeNode) -> bool {
    node.folder || matches!(node.kind, Kind::DataCenter | Kind::Cluster)
}

struct Walk<'a> {
    loaded: &'a BTreeMap<Place, Vec<TreeNode>>,
    open: &'a BTreeSet<Place>,
    within: Option<Uuid>,
    rows: Vec<TreeRow>,
}

impl Walk<'_> {
    fn root(&mut self) {
        let open = self.open.contains(&Place::ROOT);
        self.rows.push(TreeRow {
            id: Place::ROOT.word(),
            level: 1,
            position: (1, 1),
            text: t("tree-system"),
            href: paths::list(ListTab::DataCenters).to_owned(),
            icon: Icon::System,
            tone: Tone::Neutral,
            state: None,
            count: None,
            open: Some(open),
            current: false,
        });
        if open {
            self.below(Place::ROOT, 2);
        }
    }

    fn below(&mut self, place: Place, level: u32) {
        let Some(nodes) = self.loaded.get(&place) else { return };
        let count = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        for (n, node) in (1..).zip(nodes) {
            let place = Place::of(node);
            let open = has_children(node).then(|| self.open.contains(&place));
            self.rows.push(self.row(node, level, (n, count), open));
            if open == Some(true) {
                self.below(place, level + 1);
            }
        }
    }

    fn row(&self, node: &TreeNode, level: u32, position: (u32, u32), open: Option<bool>) -> TreeRow {
        let (tone, icon, state) = face(node);
        TreeRow {
            id: Place::of(node).word(),
            level,
            position,
            text: node.name.clone(),
            href: href(node),
            icon,
            tone,
            state,
            count: node.folder.then_some(node.children),
            open,
            current: !node.folder && self.within == Some(node.id),
        }
    }
}

/// A box scopes the lists to what is in it; a folder shows its list; the rest have pages of their own.
fn href(node: &TreeNode) -> String {
    let within = Some(node.id);
    match (node.folder, node.kind) {
        (false, Kind::DataCenter | Kind::Cluster) => {
            paths::list_with(ListTab::Vms, &ListQuery { within, ..ListQuery::default() })
        }
        (true, kind) => match paths::tab_for(kind) {
            Some(tab) => paths::list_with(tab, &ListQuery { within, ..ListQuery::default() }),
            None => paths::HOME.to_owned(),
        },
        (false, kind) => paths::of_kind(kind, node.id).unwrap_or_else(|| paths::HOME.to_owned()),
    }
}

fn face(node: &TreeNode) -> (Tone, Icon, Option<String>) {
    let plain = |icon| (Tone::Neutral, icon, None);
    if node.folder {
        return plain(Icon::Folder);
    }
    let word = node.status.as_deref().unwrap_or_default();
    let looked = |(tone, icon, _): Look, label: String| (tone, icon, Some(label));
    match node.kind {
        Kind::Vm => {
            word.parse().map_or(plain(Icon::Monitor), |s: model::vm::VmStatus| looked(vm_look(s), s.label()))
        }
        Kind::Host => word
            .parse()
            .map_or(plain(Icon::Server), |s: model::host::HostStatus| looked(host_look(s), s.label())),
        Kind::StorageDomain => {
            word.parse().map_or(plain(Icon::StorageDomain), |s: model::storage_domain::StorageStatus| {
                looked(storage_look(s), s.label())
            })
        }
        Kind::Template => word.parse().map_or(plain(Icon::Template), |s: model::template::TemplateStatus| {
            looked(template_look(s), s.label())
        }),
        Kind::DataCenter => plain(Icon::Building),
        Kind::Cluster => plain(Icon::Layers),
        Kind::Network => plain(Icon::Network),
        _ => plain(Icon::Folder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_remembered_by_a_word() {
        for place in [Place::ROOT, Place { id: Uuid::from_u128(3), kind: Kind::StorageDomain, folder: false }]
        {
            assert_eq!(Place::read(&place.word()), Some(place));
        }
        for word in ["", "vm", "vm:one:x", "horse:all:00000000-0000-0000-0000-000000000000"] {
            assert_eq!(Place::read(word), None, "{word}");
        }
    }

    #[test]
    fn only_what_is_open_is_in_sight() {
        let node = |n: u128, kind, folder| TreeNode {
            id: Uuid::from_u128(n),
            kind,
            folder,
            name: format!("n{n}"),
            status: None,
            children: 1,
        };
        let center = node(1, Kind::DataCenter, false);
        let loaded = BTreeMap::from([
            (Place::ROOT, vec![center.clone(), node(2, Kind::DataCenter, false)]),
            (Place::of(&center), vec![node(1, Kind::Cluster, true)]),
        ]);
        let shown = |open: BTreeSet<Place>| {
            let mut walk = Walk { loaded: &loaded, open: &open, within: None, rows: Vec::new() };
            walk.root();
            walk.rows.iter().map(|r| (r.level, r.position, r.open)).collect::<Vec<_>>()
        };
        assert_eq!(shown(BTreeSet::new()), [(1, (1, 1), Some(false))]);
        let open = BTreeSet::from([Place::ROOT, Place::of(&center)]);
        assert_eq!(
            shown(open),
            [
                (1, (1, 1), Some(true)),
                (2, (1, 2), Some(true)),
                (3, (1, 1), Some(false)),
                (2, (2, 2), Some(false)),
            ]
        );
    }
}
