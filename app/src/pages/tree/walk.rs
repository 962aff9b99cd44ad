//! The rows of the tree that are in sight, from what is loaded and what is open.

use std::collections::{BTreeMap, BTreeSet};

use model::id::Kind;
use model::list::{ListQuery, TREE_MOST, TREE_STEP, TreeNode};
use model::text::{t, ta};
use ui::{Icon, Tone, TreeRow};
use uuid::Uuid;

use super::place::Place;
use crate::frame::ListTab;
use crate::parts::face::face;
use crate::paths;

/// What the id of a row begins with that loads more of the folder behind it.
pub const MORE: &str = "more ";

pub fn has_children(node: &TreeNode) -> bool {
    node.folder || matches!(node.kind, Kind::DataCenter | Kind::Cluster)
}

pub struct Walk<'a> {
    pub loaded: &'a BTreeMap<Place, Vec<TreeNode>>,
    pub open: &'a BTreeSet<Place>,
    /// What the page is about.
    pub about: Option<Uuid>,
    pub rows: Vec<TreeRow>,
}

impl Walk<'_> {
    pub fn root(&mut self) {
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
            presses: false,
        });
        if open {
            self.below(Place::ROOT, 2, None);
        }
    }

    /// `folder` is the folder that they are in, of which there may be more than is loaded.
    fn below(&mut self, place: Place, level: u32, folder: Option<&TreeNode>) {
        let Some(nodes) = self.loaded.get(&place) else { return };
        let shown = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        let count = folder.map_or(shown, |folder| folder.children.max(shown));
        for (n, node) in (1..).zip(nodes) {
            let place = Place::of(node);
            let open = has_children(node).then(|| self.open.contains(&place));
            self.rows.push(self.row(node, level, (n, count), open));
            if open == Some(true) {
                self.below(place, level + 1, Some(node).filter(|node| node.folder));
            }
        }
        if let Some(folder) = folder.filter(|_| shown >= TREE_STEP && shown < count) {
            self.rows.push(more(folder, place, level, (shown, count)));
        }
    }

    fn row(&self, node: &TreeNode, level: u32, position: (u32, u32), open: Option<bool>) -> TreeRow {
        let (tone, icon, state) = match node.folder {
            true => (Tone::Neutral, Icon::Folder, None),
            false => face(node.kind, node.status.as_deref()),
        };
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
            current: !node.folder && self.about == Some(node.id),
            presses: false,
        }
    }
}

/// What loads the next ones of a folder; without JavaScript it leads to the list.
fn more(folder: &TreeNode, place: Place, level: u32, (shown, count): (u32, u32)) -> TreeRow {
    let last = shown >= TREE_MOST;
    let next = (count - shown).min(TREE_STEP).to_string();
    TreeRow {
        id: format!("{MORE}{}", place.word()),
        level,
        position: (shown + 1, count),
        text: if last { t("tree-list") } else { ta("tree-more", &[("count", &next)]) },
        href: href(folder),
        icon: Icon::More,
        tone: Tone::Neutral,
        state: None,
        count: None,
        open: None,
        current: false,
        presses: !last,
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

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
            let mut walk = Walk { loaded: &loaded, open: &open, about: None, rows: Vec::new() };
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

    #[test]
    fn a_folder_of_many_offers_the_rest() {
        let folder = TreeNode {
            id: Uuid::nil(),
            kind: Kind::Vm,
            folder: true,
            name: "VMs".into(),
            status: None,
            children: 250,
        };
        let vm = |n: u128| TreeNode { id: Uuid::from_u128(n), folder: false, children: 0, ..folder.clone() };
        let last = |shown: u128| {
            let place = Place::of(&folder);
            let loaded = BTreeMap::from([(place, (0..shown).map(vm).collect())]);
            let mut walk = Walk { loaded: &loaded, open: &BTreeSet::new(), about: None, rows: Vec::new() };
            walk.below(place, 2, Some(&folder));
            let row = walk.rows.pop().unwrap();
            (walk.rows.len(), row.presses, row.position)
        };
        assert_eq!(last(100), (100, true, (101, 250)));
        assert_eq!(last(250), (249, false, (250, 250)));
        // Less than a step is all that there is, whatever the folder still says.
        assert_eq!(last(99), (98, false, (99, 250)));
    }
}
