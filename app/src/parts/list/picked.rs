//! What is selected in a list. It outlives its page: other pages, another order and news of the live stream leave it as
//! it is, and only what is removed leaves it. Rows are kept as they were seen last, for what can be done with them.

use std::collections::BTreeMap;

use leptos::prelude::*;
use uuid::Uuid;

use super::kind::Line;

/// More ids than this are not put into an address; then it says `SELECTED`, and the dialog asks the list beneath it.
const IN_ADDRESS: usize = 100;

/// Stands for what is selected, in an address.
pub const SELECTED: &str = "selected";

#[derive(Clone, Copy)]
pub struct Picked(RwSignal<BTreeMap<Uuid, Option<Line>>>);

impl Picked {
    pub fn none() -> Picked {
        Picked(RwSignal::new(BTreeMap::new()))
    }

    /// For the list of a page and the dialogs over it.
    pub fn provide() {
        provide_context(Picked::none());
    }

    /// Of the list that this is over, or in.
    pub fn of_list() -> Picked {
        use_context().unwrap_or_else(Picked::none)
    }

    pub fn count(self) -> usize {
        self.0.with(BTreeMap::len)
    }

    pub fn has(self, id: Uuid) -> bool {
        self.0.with(|picked| picked.contains_key(&id))
    }

    /// The one that is selected, when it is one.
    pub fn only(self) -> Option<Uuid> {
        self.0.with(|picked| picked.keys().next().copied().filter(|_| picked.len() == 1))
    }

    /// The rows as they were seen last; none for one that was never on a page here.
    pub fn rows(self) -> Vec<Option<Line>> {
        self.0.with(|picked| picked.values().cloned().collect())
    }

    /// The ids with commas between.
    pub fn text(self) -> String {
        let ids: Vec<String> =
            self.0.with_untracked(|picked| picked.keys().map(ToString::to_string).collect());
        ids.join(",")
    }

    /// What stands for them in an address.
    pub fn in_address(self) -> String {
        if self.count() > IN_ADDRESS { SELECTED.to_owned() } else { self.text() }
    }

    pub fn choose(self, id: Uuid, row: Option<Line>) {
        self.0.set(BTreeMap::from([(id, row)]));
    }

    pub fn put(self, id: Uuid, row: Option<Line>, on: bool) {
        self.0.update(|picked| {
            if on {
                picked.insert(id, row);
            } else {
                picked.remove(&id);
            }
        });
    }

    /// A whole page, in or out.
    pub fn page(self, rows: Vec<Line>, on: bool) {
        self.0.update(|picked| {
            for row in rows {
                if on {
                    picked.insert(row.id(), Some(row));
                } else {
                    picked.remove(&row.id());
                }
            }
        });
    }

    /// These as well, whose rows were perhaps never seen.
    pub fn add(self, ids: Vec<Uuid>) {
        self.0.update(|picked| {
            for id in ids {
                picked.entry(id).or_insert(None);
            }
        });
    }

    /// A row as it is now.
    pub fn renew(self, row: &Line) {
        let id = row.id();
        if self.0.with_untracked(|picked| picked.contains_key(&id)) {
            self.put(id, Some(row.clone()), true);
        }
    }

    /// It is not there any more.
    pub fn lose(self, id: Uuid) {
        if self.0.with_untracked(|picked| picked.contains_key(&id)) {
            self.put(id, None, false);
        }
    }

    pub fn clear(self) {
        self.0.set(BTreeMap::new());
    }
}
