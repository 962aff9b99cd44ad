//! Above a list: the scope, the button for something new, the deeds for the chosen row, the pages; and the heads of
//! the columns. All of it links, so that it works before the page is alive.

use leptos::prelude::*;
use model::Text;
use model::list::{ListQuery, PAGE_SIZES};
use model::text::t;
use ui::{
    ButtonKind, ButtonLink, Column, Dropdown, Icon, MenuItem, Order, Pagination, Paging, PagingTexts,
    ToggleKind, Toolbar, ToolbarEnd, ToolbarGroup, ToolbarItem,
};

use super::Head;
use super::body::Desk;
use super::kind::{ListKind, Rows};
use super::many::{count, plain_form};
use crate::frame::ListTab;
use crate::parts::action::{Act, button, entry, others};
use crate::parts::waiting::Waiting;
use crate::paths::{self, Chosen};

/// The bar above a list.
#[component]
pub fn Bar(rows: Rows, query: Signal<ListQuery>, desk: Desk) -> impl IntoView {
    let kind = desk.kind;
    let tab = kind.tab;
    let new = kind.new.map(|key| {
        let href = move || paths::new(tab, query.with(|q| q.within));
        view! {
            <ToolbarItem>
                <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=Signal::derive(href)>{t(key)}</ButtonLink>
            </ToolbarItem>
        }
    });
    let beside = kind.beside.map(|(key, word)| {
        let href = format!("{}/{word}", paths::list(tab));
        view! { <ToolbarItem><ButtonLink kind=ButtonKind::Secondary href=href>{t(key)}</ButtonLink></ToolbarItem> }
    });
    let item = |(n, deed)| view! { <ToolbarItem>{of_chosen(n, deed, desk)}</ToolbarItem> }.into_any();
    let all = (kind.deeds)();
    let others = others(&all, RwSignal::new(false), move || rare_of_chosen(desk));
    let deeds = all.into_iter().enumerate().filter(|(_, deed)| !deed.rare).map(item).collect_view();
    let scope =
        move || query.with(|q| q.within.is_some() || q.correlation.is_some()).then(|| unscope(query, tab));
    let beside_pages = kind.pages.iter().map(|(label, href)| {
        view! { <ToolbarItem><ButtonLink kind=ButtonKind::Link href=(*href).to_owned()>{t(label)}</ButtonLink></ToolbarItem> }
            .into_any()
    });
    let beside_pages = beside_pages.collect_view();
    let views = kind.basic.map(|_| other_view(query, tab));
    view! {
        <Toolbar label=t("list-bar")>
            {new}
            {beside}
            <ToolbarGroup>{deeds} <ToolbarItem>{others}</ToolbarItem></ToolbarGroup>
            {plain_form(desk)}
            <ToolbarEnd>
                {scope}
                {beside_pages}
                {views}
                {export(query, desk)}
                {chooser(desk)}
                <Waiting>
                    {count(rows, desk)}
                    {move || rows.get().map(|page| pages(query, (page.total, page.more), tab))}
                </Waiting>
            </ToolbarEnd>
        </Toolbar>
    }
    .into_any()
}

/// A deed for what is selected. On one it may be done at once; on many its dialog says first what becomes of each.
fn of_chosen(n: usize, deed: Act, desk: Desk) -> AnyView {
    let refused = Signal::derive(move || desk.refusal(n, deed));
    let href = Signal::derive(move || desk.href(deed));
    if !deed.at_once {
        return button(deed, href, refused);
    }
    let many = Memo::new(move |_| desk.selected.count() > 1);
    (move || button(Act { at_once: !many.get(), ..deed }, href, refused)).into_any()
}

/// The seldom ones as entries of a menu.
fn rare_of_chosen(desk: Desk) -> AnyView {
    let one = |(n, deed): (usize, Act)| entry(deed, desk.href(deed), desk.refusal(n, deed));
    let rare = (desk.kind.deeds)().into_iter().enumerate().filter(|(_, deed)| deed.rare);
    rare.map(one).collect_view().into_any()
}

/// The whole list again, in the same order.
fn unscope(query: Signal<ListQuery>, tab: ListTab) -> AnyView {
    let href =
        move || paths::list_with(tab, &ListQuery { within: None, correlation: None, page: 1, ..query.get() });
    view! {
        <ToolbarItem>
            <ButtonLink kind=ButtonKind::Link href=Signal::derive(href)>{t("list-unscope")}</ButtonLink>
        </ToolbarItem>
    }
    .into_any()
}

/// The way from the basic view to the advanced one, and back.
fn other_view(query: Signal<ListQuery>, tab: ListTab) -> AnyView {
    (move || {
        let query = query.get();
        let label = t(if query.advanced { "list-basic" } else { "list-advanced" });
        let href = paths::list_with(tab, &ListQuery { advanced: !query.advanced, ..query });
        view! { <ToolbarItem><ButtonLink kind=ButtonKind::Link href=href>{label}</ButtonLink></ToolbarItem> }
    })
    .into_any()
}

/// The whole result as a file: links, and not pages of ours.
fn export(query: Signal<ListQuery>, desk: Desk) -> AnyView {
    let words: Vec<&str> = desk.columns.with_value(|all| all.iter().map(|(_, head)| head.word()).collect());
    let words = StoredValue::new(words.join(","));
    let entry = move |format: &str, label: &str| {
        let href = query.with(|query| paths::export(desk.kind.tab, query, format));
        let href = paths::asking(&href, "columns", &words.get_value());
        view! { <MenuItem text=t(label) href=href download=true/> }.into_any()
    };
    let entries = move || {
        [entry("csv", "list-export-csv"), entry("json", "list-export-json")].into_iter().collect_view()
    };
    view! {
        <ToolbarItem>
            <Dropdown label=t("list-export") kind=ToggleKind::Plain icon=Icon::Download hide_label=true end=true>
                {entries}
            </Dropdown>
        </ToolbarItem>
    }
    .into_any()
}

/// The way to the dialog about the columns, and back.
fn chooser(desk: Desk) -> AnyView {
    let href = move || paths::returning(&paths::columns(desk.kind.tab), &desk.here.get());
    view! {
        <ToolbarItem>
            <ButtonLink kind=ButtonKind::Plain icon=Icon::Settings href=Signal::derive(href) label=t("list-columns")/>
        </ToolbarItem>
    }
    .into_any()
}

fn pages(query: Signal<ListQuery>, (total, more): (u64, bool), tab: ListTab) -> AnyView {
    let paging = Signal::derive(move || query.with(|q| Paging { page: q.page, size: q.size, total, more }));
    let texts = Signal::derive(move || texts(paging.get()));
    let href =
        move |(page, size): (u32, u32)| paths::list_with(tab, &ListQuery { page, size, ..query.get() });
    view! { <ToolbarItem><Pagination paging=paging texts=texts href=href/></ToolbarItem> }.into_any()
}

fn texts(paging: Paging) -> PagingTexts {
    let (first, last) = paging.shown();
    // Nobody counts on past a bound; then there are more than `total`.
    let range = if paging.more { "list-range-more" } else { "list-range" };
    let range = Text::new(range).with("first", first).with("last", last).with("total", paging.total);
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
pub fn heads(query: Signal<ListQuery>, desk: Desk, main: bool) -> Signal<Vec<Column>> {
    Signal::derive(move || {
        let (query, below) = (query.get(), desk.below.get());
        let one = |head| column(desk.kind, head, &query, below.as_ref(), main);
        let shown = desk.columns(query.advanced).into_iter().map(|(_, head)| head);
        let mut heads: Vec<Column> = shown.map(one).collect();
        if main && desk.kind.has_deeds() {
            heads.push(Column::new(t("list-deeds-column")).hidden_title().narrow());
        }
        heads
    })
}

fn column(kind: &ListKind, head: Head, query: &ListQuery, below: Option<&Chosen>, main: bool) -> Column {
    let mut column = Column::new(t(head.title));
    if let Some(word) = head.sort.filter(|_| main) {
        let order = order_of(kind, word, query);
        let sorted = ListQuery {
            page: 1,
            sort: Some(word.to_owned()),
            descending: order == Some(Order::Ascending),
            ..query.clone()
        };
        column = column.sorted(paths::list_showing(kind.tab, &sorted, below), order);
    }
    if head.end { column.end() } else { column }
}

/// The first sorting column is what a list goes by when nothing is said.
fn order_of(kind: &ListKind, word: &str, query: &ListQuery) -> Option<Order> {
    let by = match query.sort.as_deref() {
        Some(sort) => sort == word,
        None => kind.default_sort == Some(word),
    };
    by.then_some(if query.descending { Order::Descending } else { Order::Ascending })
}
