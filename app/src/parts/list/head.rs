//! Above a list: the scope, the button for something new, the deeds for the chosen row, the pages; and the heads of
//! the columns. All of it links, so that it works before the page is alive.

use leptos::prelude::*;
use model::Text;
use model::list::{ListQuery, PAGE_SIZES};
use model::text::t;
use ui::{
    ButtonKind, ButtonLink, Column, Icon, Order, Pagination, Paging, PagingTexts, Toolbar, ToolbarEnd,
    ToolbarGroup, ToolbarItem,
};

use super::Listed;
use super::body::Desk;
use super::page::Rows;
use crate::frame::ListTab;
use crate::parts::action::{Deed, button, entry, others};
use crate::paths::{self, Chosen};

/// The bar above a list.
#[component]
pub fn Bar<T: Listed>(rows: Rows<T>, query: Signal<ListQuery>, desk: Desk<T>) -> impl IntoView {
    let new = T::NEW.map(|key| {
        let href = move || paths::new(T::TAB, query.with(|q| q.within));
        view! {
            <ToolbarItem>
                <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=Signal::derive(href)>{t(key)}</ButtonLink>
            </ToolbarItem>
        }
    });
    let deeds = T::deeds()
        .iter()
        .filter(|deed| !deed.rare)
        .map(|deed| view! { <ToolbarItem>{of_chosen(deed, desk)}</ToolbarItem> })
        .collect_view();
    let others = others(T::deeds(), move || rare_of_chosen(desk));
    let scope = move || query.with(|q| q.within.is_some()).then(|| unscope(query, T::TAB));
    view! {
        <Toolbar label=t("list-bar")>
            {new}
            <ToolbarGroup>{deeds} <ToolbarItem>{others}</ToolbarItem></ToolbarGroup>
            <ToolbarEnd>
                {scope}
                <Transition>
                    {move || rows.get().and_then(Result::ok).map(|page| pages(query, page.total, T::TAB))}
                </Transition>
            </ToolbarEnd>
        </Toolbar>
    }
    .into_any()
}

/// A deed for the chosen row; refused with a word while none, or more than one, is chosen.
fn of_chosen<T: Listed>(deed: &'static Deed<T>, desk: Desk<T>) -> AnyView {
    let refused = Signal::derive(move || match desk.chosen() {
        None => Some(t("list-choose-one")),
        Some(row) => deed.refusal(&row),
    });
    let href = Signal::derive(move || {
        desk.chosen().map(|row| deed.href(T::TAB, row.id(), Some(&desk.here.get()))).unwrap_or_default()
    });
    button(deed, href, refused)
}

/// The seldom ones as entries of a menu.
fn rare_of_chosen<T: Listed>(desk: Desk<T>) -> AnyView {
    let chosen = desk.chosen();
    let one = |deed: &'static Deed<T>| match &chosen {
        None => entry(deed, String::new(), Some(t("list-choose-one"))),
        Some(row) => entry(deed, deed.href(T::TAB, row.id(), Some(&desk.here.get())), deed.refusal(row)),
    };
    T::deeds().iter().filter(|deed| deed.rare).map(one).collect_view().into_any()
}

/// The whole list again, in the same order.
fn unscope(query: Signal<ListQuery>, tab: ListTab) -> AnyView {
    let href = move || paths::list_with(tab, &ListQuery { within: None, page: 1, ..query.get() });
    view! {
        <ToolbarItem>
            <ButtonLink kind=ButtonKind::Link href=Signal::derive(href)>{t("list-unscope")}</ButtonLink>
        </ToolbarItem>
    }
    .into_any()
}

fn pages(query: Signal<ListQuery>, total: u64, tab: ListTab) -> AnyView {
    let paging = Signal::derive(move || query.with(|q| Paging { page: q.page, size: q.size, total }));
    let texts = Signal::derive(move || texts(paging.get()));
    let href =
        move |(page, size): (u32, u32)| paths::list_with(tab, &ListQuery { page, size, ..query.get() });
    view! { <ToolbarItem><Pagination paging=paging texts=texts href=href/></ToolbarItem> }.into_any()
}

fn texts(paging: Paging) -> PagingTexts {
    let (first, last) = paging.shown();
    let range = Text::new("list-range").with("first", first).with("last", last).with("total", paging.total);
    let size = |n: u32| (n, Text::new("list-size").with("n", n).to_string());
    PagingTexts {
        label: t("list-pages"),
        range: range.to_string(),
        first: t("list-first"),
        previous: t("list-previous"),
        next: t("list-next"),
        last: t("list-last"),
        sizes: PAGE_SIZES.map(size).to_vec(),
    }
}

/// The heads of the columns. On the list's own page they sort, by links.
pub fn columns<T: Listed>(query: Signal<ListQuery>, desk: Desk<T>, main: bool) -> Signal<Vec<Column>> {
    Signal::derive(move || {
        let (query, below) = (query.get(), desk.below.get());
        let one = |c| head::<T>(c, &query, below.as_ref(), main);
        let mut heads: Vec<Column> = T::columns().iter().map(one).collect();
        if main && !T::deeds().is_empty() {
            heads.push(Column::new(t("list-deeds-column")).hidden_title().narrow());
        }
        heads
    })
}

fn head<T: Listed>(
    column: &super::ColumnOf<T>,
    query: &ListQuery,
    below: Option<&Chosen>,
    main: bool,
) -> Column {
    let mut head = Column::new(t(column.title));
    if let Some(word) = column.sort.filter(|_| main) {
        let order = order_of::<T>(word, query);
        let sorted = ListQuery {
            page: 1,
            sort: Some(word.to_owned()),
            descending: order == Some(Order::Ascending),
            ..query.clone()
        };
        head = head.sorted(paths::list_showing(T::TAB, &sorted, below), order);
    }
    if column.end { head.end() } else { head }
}

/// The first sorting column is what a list goes by when nothing is said.
fn order_of<T: Listed>(word: &str, query: &ListQuery) -> Option<Order> {
    let by = match query.sort.as_deref() {
        Some(sort) => sort == word,
        None => T::DEFAULT_SORT == Some(word),
    };
    by.then_some(if query.descending { Order::Descending } else { Order::Ascending })
}
