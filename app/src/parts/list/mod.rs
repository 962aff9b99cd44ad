//! The one list of all entities. An entity says its columns, its deeds and what an empty list is for; the list
//! does the rest: order, pages and scope from the URL, selection, the buttons' state, the right-click menu, and
//! rows that follow the live stream one by one.

mod body;
mod columns;
mod empty;
mod head;
mod kind;
mod many;
mod page;
mod picked;

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use model::id::Kind;
use model::list::{ListQuery, Page};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::api::ApiError;
use crate::frame::ListTab;
use crate::parts::action::Deed;

pub use body::with_mark;
pub use columns::numbers as numbers_of;
pub use page::{EntityList, pane, pane_found};
pub use picked::{Picked, SELECTED};

pub type Loading<T> = Pin<Box<dyn Future<Output = Result<Page<T>, ApiError>> + Send>>;

/// The head of a column.
#[derive(Clone, Copy)]
pub struct Head {
    /// Its title's key in the catalogue.
    pub title: &'static str,
    /// The word by which the store sorts.
    pub sort: Option<&'static str>,
    /// Numbers stand to the right.
    pub end: bool,
    /// Not shown until somebody chooses it.
    pub hidden: bool,
}

impl Head {
    /// What the column is known by where it is kept, and in files: the word by which it sorts, else its title's.
    pub fn word(&self) -> &'static str {
        let title = ["field-tag-", "field-"].iter().find_map(|before| self.title.strip_prefix(before));
        let noun = || self.title.strip_prefix("kind-")?.strip_suffix("-title");
        self.sort.or(title).or_else(noun).unwrap_or(self.title)
    }
}

/// A column of a list.
pub struct ColumnOf<T: 'static> {
    pub head: Head,
    pub cell: fn(&T) -> AnyView,
}

impl<T> ColumnOf<T> {
    /// For those who choose it.
    pub const fn hidden(mut self) -> Self {
        self.head.hidden = true;
        self
    }
}

/// A column that sorts by `sort`.
pub const fn sorted<T>(title: &'static str, sort: &'static str, cell: fn(&T) -> AnyView) -> ColumnOf<T> {
    ColumnOf { head: Head { title, sort: Some(sort), end: false, hidden: false }, cell }
}

/// A column of numbers that sorts by `sort`.
pub const fn numbers<T>(title: &'static str, sort: &'static str, cell: fn(&T) -> AnyView) -> ColumnOf<T> {
    ColumnOf { head: Head { title, sort: Some(sort), end: true, hidden: false }, cell }
}

/// A column that does not sort.
pub const fn plain<T>(title: &'static str, cell: fn(&T) -> AnyView) -> ColumnOf<T> {
    ColumnOf { head: Head { title, sort: None, end: false, hidden: false }, cell }
}

/// A row of a list, and all that the list needs to know of its kind.
pub trait Listed: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    const TAB: ListTab;
    const KIND: Kind;
    /// The keys of the empty list: its title and what to do next.
    const EMPTY: (&'static str, &'static str);
    /// The label's key of the button that makes a new one, where one can.
    const NEW: Option<&'static str>;
    /// A second button beside it: its label's key, and the word of its dialog's address.
    const BESIDE: Option<(&'static str, &'static str)> = None;
    /// What the list goes by when nothing is said.
    const DEFAULT_SORT: Option<&'static str> = Some("name");
    /// Whether the lower pane shows its details; not of what has no page of its own.
    const BELOW: bool = false;
    /// How many of the columns, from the first, the basic view has; all of them where there is but one view.
    const BASIC: Option<usize> = None;
    /// Pages that belong to the list: their labels' keys, and where they are.
    const PAGES: &'static [(&'static str, &'static str)] = &[];

    fn id(&self) -> Uuid;
    fn name(&self) -> String;
    fn columns() -> &'static [ColumnOf<Self>];
    /// What can be done with one, in the order of the buttons.
    fn deeds() -> &'static [Deed<Self>];
    fn load(query: ListQuery) -> Loading<Self>;
}

/// The columns of a kind's list.
pub fn heads_of(kind: Kind) -> Vec<Head> {
    fn of<T: Listed>() -> Vec<Head> {
        T::columns().iter().map(|column| column.head).collect()
    }
    match kind {
        Kind::DataCenter => of::<model::data_center::DataCenterRow>(),
        Kind::Cluster => of::<model::cluster::ClusterRow>(),
        Kind::Host => of::<model::host::HostRow>(),
        Kind::Network => of::<model::network::NetworkRow>(),
        Kind::StorageDomain => of::<model::storage_domain::StorageRow>(),
        Kind::Disk => of::<model::disk::DiskRow>(),
        Kind::Template => of::<model::template::TemplateRow>(),
        Kind::Vm => of::<model::vm::VmRow>(),
        Kind::Quota => of::<model::quota::QuotaRow>(),
        Kind::Job => of::<model::job::JobRow>(),
        Kind::Event => of::<model::event::EventRow>(),
        Kind::User => of::<model::user::UserRow>(),
        Kind::Tag => of::<model::tag::TagRow>(),
        Kind::Bookmark => of::<model::bookmark::BookmarkRow>(),
        Kind::Role => of::<model::role::RoleRow>(),
        Kind::Directory => of::<model::directory::DirectoryRow>(),
        Kind::System => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEW: &str = "there are few, and all of them are read and put in order by their names";
    /// What does not sort, and why not.
    const UNSORTED: &[(Kind, &str, &[&str])] = &[
        (
            Kind::Quota,
            "what is used is counted for the rows that are shown, of several limits each",
            &["field-vcpus", "field-memory", "field-storage"],
        ),
        (Kind::Quota, "what waits for an answer is counted for the rows that are shown", &["field-requests"]),
        (
            Kind::Event,
            "of a million, only what an index has can be sorted; a search finds by what an event is about",
            &["field-about", "field-origin", "kind-job-title"],
        ),
        (Kind::Tag, FEW, &["field-name", "field-tag-parent", "field-tag-objects", "field-description"]),
        (
            Kind::Directory,
            FEW,
            &[
                "field-name",
                "field-schema",
                "field-servers",
                "field-security",
                "field-base-dn",
                "field-directory-users",
                "field-directory-groups",
                "field-directory-read",
            ],
        ),
        (Kind::Bookmark, FEW, &["field-name", "field-search", "field-shared"]),
        (
            Kind::Role,
            FEW,
            &[
                "field-name",
                "field-description",
                "field-type",
                "field-shows-children",
                "field-predefined",
                "field-permissions",
            ],
        ),
    ];

    #[test]
    fn a_column_sorts_by_a_word_of_the_store_or_has_a_reason() {
        for kind in Kind::ALL {
            let words = control::export::sorts(kind);
            let (sorted, unsorted): (Vec<Head>, Vec<Head>) =
                heads_of(kind).into_iter().partition(|head| head.sort.is_some());
            for word in sorted.iter().filter_map(|head| head.sort) {
                assert!(words.contains(&word), "{kind:?} does not sort by {word}");
            }
            let mut titles: Vec<&str> = unsorted.iter().map(|head| head.title).collect();
            let of_kind = UNSORTED.iter().filter(|(of, ..)| *of == kind);
            let mut reasons: Vec<&str> = of_kind.flat_map(|(.., titles)| *titles).copied().collect();
            titles.sort_unstable();
            reasons.sort_unstable();
            assert_eq!(
                titles, reasons,
                "{kind:?}: what does not sort has its reason, and nothing else has one"
            );
        }
    }

    #[test]
    fn a_column_can_be_kept_and_is_in_the_file() {
        for kind in Kind::ALL {
            let words: Vec<&str> = heads_of(kind).iter().map(Head::word).collect();
            let kept = model::columns::Columns(words.iter().map(|word| (*word).to_owned()).collect());
            assert!(words.is_empty() || kept.errors().is_empty(), "{kind:?}: {:?}", kept.errors());
            // Those are made of what else is in the file.
            for word in words.iter().filter(|word| !["principal", "origin"].contains(word)) {
                let found = model::export::chosen(kind, &[word]);
                assert_eq!(found.len(), 1, "{kind:?} has no {word} in its file");
            }
        }
    }

    #[test]
    fn a_column_is_known_by_a_word_of_its_own() {
        for kind in Kind::ALL {
            let heads = heads_of(kind);
            for (n, head) in heads.iter().enumerate() {
                assert!(
                    heads[n + 1..].iter().all(|other| other.word() != head.word()),
                    "{kind:?} {}",
                    head.word()
                );
            }
        }
    }
}
