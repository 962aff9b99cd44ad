//! The one list of all entities. An entity says its columns, its deeds and what an empty list is for; the list
//! does the rest: order, pages and scope from the URL, selection, the buttons' state, the right-click menu, and
//! rows that follow the live stream one by one.

mod body;
mod empty;
mod head;
mod kind;
mod page;

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
pub use page::{EntityList, pane};

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
}

/// A column of a list.
pub struct ColumnOf<T: 'static> {
    pub head: Head,
    pub cell: fn(&T) -> AnyView,
}

/// A column that sorts by `sort`.
pub const fn sorted<T>(title: &'static str, sort: &'static str, cell: fn(&T) -> AnyView) -> ColumnOf<T> {
    ColumnOf { head: Head { title, sort: Some(sort), end: false }, cell }
}

/// A column of numbers that sorts by `sort`.
pub const fn numbers<T>(title: &'static str, sort: &'static str, cell: fn(&T) -> AnyView) -> ColumnOf<T> {
    ColumnOf { head: Head { title, sort: Some(sort), end: true }, cell }
}

/// A column that does not sort.
pub const fn plain<T>(title: &'static str, cell: fn(&T) -> AnyView) -> ColumnOf<T> {
    ColumnOf { head: Head { title, sort: None, end: false }, cell }
}

/// A row of a list, and all that the list needs to know of its kind.
pub trait Listed: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    const TAB: ListTab;
    const KIND: Kind;
    /// The keys of the empty list: its title and what to do next.
    const EMPTY: (&'static str, &'static str);
    /// The label's key of the button that makes a new one, where one can.
    const NEW: Option<&'static str>;
    /// What the list goes by when nothing is said.
    const DEFAULT_SORT: Option<&'static str> = Some("name");
    /// Whether the lower pane shows its details; not of what has no page of its own.
    const BELOW: bool = false;
    /// How many of the columns, from the first, the basic view has; all of them where there is but one view.
    const BASIC: Option<usize> = None;

    fn id(&self) -> Uuid;
    fn name(&self) -> String;
    fn columns() -> &'static [ColumnOf<Self>];
    /// What can be done with one, in the order of the buttons.
    fn deeds() -> &'static [Deed<Self>];
    fn load(query: ListQuery) -> Loading<Self>;
}
