//! Rows without their types. The list is compiled once and not once for each kind of row: what is shown is an object
//! with a row's abilities, and what all rows of a kind share is a table.

use std::any::Any;
use std::sync::Arc;

use leptos::prelude::*;
use model::id::Kind;
use model::list::Page;
use uuid::Uuid;

use super::{Head, Listed};
use crate::api::data::read;
use crate::api::{ApiError, Data};
use crate::frame::ListTab;
use crate::parts::action::Act;

/// A row of whatever kind.
pub type Line = Arc<dyn AnyRow>;

pub trait AnyRow: Any + Send + Sync {
    fn id(&self) -> Uuid;
    fn name(&self) -> String;
    /// What stands in the column with this number.
    fn cell(&self, column: usize) -> AnyView;
    /// Why the deed with this number cannot be done with it.
    fn refusal(&self, deed: usize) -> Option<String>;
    fn same(&self, other: &dyn AnyRow) -> bool;
}

impl<T: Listed> AnyRow for T {
    fn id(&self) -> Uuid {
        Listed::id(self)
    }

    fn name(&self) -> String {
        Listed::name(self)
    }

    fn cell(&self, column: usize) -> AnyView {
        (T::columns()[column].cell)(self)
    }

    fn refusal(&self, deed: usize) -> Option<String> {
        T::deeds()[deed].refusal(self)
    }

    fn same(&self, other: &dyn AnyRow) -> bool {
        (other as &dyn Any).downcast_ref::<T>() == Some(self)
    }
}

/// What rows of one kind share.
pub struct ListKind {
    pub tab: ListTab,
    pub kind: Kind,
    pub empty: (&'static str, &'static str),
    pub new: Option<&'static str>,
    pub beside: Option<(&'static str, &'static str)>,
    pub default_sort: Option<&'static str>,
    /// Whether the lower pane shows the details of one.
    pub below: bool,
    pub basic: Option<usize>,
    pub pages: &'static [(&'static str, &'static str)],
    pub heads: fn() -> Vec<Head>,
    pub deeds: fn() -> Vec<Act>,
    /// Reads a row as the stream brings it.
    pub read: fn(&str) -> Option<Line>,
}

impl ListKind {
    pub const fn of<T: Listed>() -> ListKind {
        ListKind {
            tab: T::TAB,
            kind: T::KIND,
            empty: T::EMPTY,
            new: T::NEW,
            beside: T::BESIDE,
            default_sort: T::DEFAULT_SORT,
            basic: T::BASIC,
            pages: T::PAGES,
            below: T::BELOW,
            heads: || T::columns().iter().map(|column| column.head).collect(),
            deeds: || T::deeds().iter().map(|deed| deed.act).collect(),
            read: |text| read::<T>(text).ok().map(|row| Arc::new(row) as Line),
        }
    }

    /// Whether its rows can be chosen.
    pub fn has_deeds(&self) -> bool {
        !(self.deeds)().is_empty()
    }
}

pub type Came = Result<Page<Line>, ApiError>;

/// A list's data: what came last, and how to ask again.
#[derive(Clone, Copy)]
pub struct Rows {
    pub page: Signal<Option<Came>>,
    pub refetch: Callback<()>,
}

impl Rows {
    pub fn of<T: Listed>(rows: Data<Page<T>>) -> Rows {
        Rows {
            // Asked for by all that stands around the rows.
            page: Signal::derive(move || rows.get_as(|came| came.map(without_type))),
            refetch: Callback::new(move |()| rows.refetch()),
        }
    }

    pub fn get(self) -> Option<Page<Line>> {
        self.page.get().and_then(Result::ok)
    }
}

fn without_type<T: Listed>(page: Page<T>) -> Page<Line> {
    let rows = page.rows.into_iter().map(|row| Arc::new(row) as Line).collect();
    Page { rows, total: page.total, more: page.more, query: page.query }
}
