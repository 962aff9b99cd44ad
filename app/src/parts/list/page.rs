//! A list as a page, and as a pane in another page: the resource, and how it follows the URL and the stream.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use leptos_router::nested_router::Outlet;
use model::list::ListQuery;
use model::live::Change;
use uuid::Uuid;

use super::Listed;
use super::body::ListBody;
use super::kind::{AnyRow, Line, ListKind, Rows};
use super::picked::Picked;
use crate::api::Data;
use crate::asked::address;
use crate::frame::ListTab;
use crate::live::{Heard, Live, Soon};
use crate::parts::trouble::{Trouble, TroubleAlert};
use crate::paths::{self, Chosen};

/// The list of an entity at its own address, with its dialogs over it.
#[component]
pub fn EntityList<T: Listed>(#[prop(optional)] marker: std::marker::PhantomData<T>) -> impl IntoView {
    let _ = marker;
    list_page(T::TAB, |shown, chosen| pane_of::<T>(shown, chosen, true))
}

fn list_page(tab: ListTab, list: fn(Signal<ListQuery>, Signal<Option<Chosen>>) -> AnyView) -> AnyView {
    let (shown, chosen) = asked(tab);
    let trouble = Trouble::provide();
    Picked::provide();
    let list = list(shown, chosen);
    view! {
        <Title text=tab.label()/>
        <div class="dr-page">
            <h1 class="pf-v6-screen-reader">{tab.label()}</h1>
            <TroubleAlert trouble=trouble/>
            {list}
        </div>
        <Outlet/>
    }
    .into_any()
}

/// What the address asks for: which rows, and what is below them.
fn asked(tab: ListTab) -> (Signal<ListQuery>, Signal<Option<Chosen>>) {
    let map = address();
    // A dialog over the list has the same list behind it; its own address may name another scope.
    let here = use_location().pathname;
    let shown = Memo::new(move |last: Option<&ListQuery>| {
        let query = map.with(|map| paths::query_of(|name| map.get(name)));
        match last {
            Some(last) if here.get() != paths::list(tab) => last.clone(),
            _ => query,
        }
    });
    let chosen = Memo::new(move |last: Option<&Option<Chosen>>| {
        let chosen = map.with(|map| paths::chosen_of(|name| map.get(name)));
        match last {
            Some(last) if here.get() != paths::list(tab) => last.clone(),
            _ => chosen,
        }
    });
    (shown.into(), chosen.into())
}

/// A list within the page of `within`: its hosts, its disks, its events.
pub fn pane<T: Listed>(within: Uuid) -> AnyView {
    let query = ListQuery { within: Some(within), ..ListQuery::default() };
    pane_of::<T>(Signal::stored(query), Signal::stored(None), false)
}

/// A list of what a search finds, within the page of something that is not above it.
pub fn pane_found<T: Listed>(search: String) -> AnyView {
    let query = ListQuery { search: Some(search), ..ListQuery::default() };
    pane_of::<T>(Signal::stored(query), Signal::stored(None), false)
}

fn pane_of<T: Listed>(query: Signal<ListQuery>, chosen: Signal<Option<Chosen>>, main: bool) -> AnyView {
    let rows = Rows::of::<T>(Data::following(query, T::load));
    let kind = const { &ListKind::of::<T>() };
    view! { <Followed kind=kind rows=rows query=query chosen=chosen main=main/> }.into_any()
}

#[component]
fn Followed(
    kind: &'static ListKind,
    rows: Rows,
    query: Signal<ListQuery>,
    chosen: Signal<Option<Chosen>>,
    main: bool,
) -> impl IntoView {
    let patched = RwSignal::new(None::<Line>);
    // A pane beneath a list has nothing to do with what is selected above.
    let picked = if main { Picked::of_list() } else { Picked::none() };
    follow(kind, rows, query, patched, picked);
    view! { <ListBody kind=kind rows=rows query=query chosen=chosen patched=patched picked=picked main=main/> }.into_any()
}

/// Rows that the stream brings are put in place; what may change which rows are shown asks the server again.
fn follow(
    kind: &'static ListKind,
    rows: Rows,
    query: Signal<ListQuery>,
    patched: RwSignal<Option<Line>>,
    picked: Picked,
) {
    let Some(live) = use_context::<Live>() else { return };
    let again = Soon::new(move || rows.refetch.run(()));
    live.on(move |heard| match heard {
        Heard::Lagged => again.ask(),
        Heard::Change(change) if change.kind == kind.kind => {
            let query = query.get_untracked();
            if change.change == Change::Removed {
                picked.lose(change.id);
            }
            // By way of the text: rows are read from texts elsewhere, and reading is much code for each type.
            let row = change.row.and_then(|row| (kind.read)(&row.to_string()));
            let here = query.within.is_none_or(|within| change.scope.contains(&within));
            match (change.change, row) {
                (Change::Changed, Some(row)) if here => {
                    let stays = !moves(rows, &*row, &query);
                    patched.set(Some(row));
                    if !stays {
                        again.ask();
                    }
                }
                _ if here || change.change == Change::Removed => again.ask(),
                _ => {}
            }
        }
        _ => {}
    });
}

/// Whether the row may now stand elsewhere in the order. Without a chosen order lists go by name.
fn moves(rows: Rows, new: &dyn AnyRow, query: &ListQuery) -> bool {
    let page = untrack(|| rows.get());
    let old = page.and_then(|page| page.rows.into_iter().find(|row| row.id() == new.id()));
    // One that is not shown changes nothing here, unless it is now what is looked for: it came or went by its own message.
    let Some(old) = old else { return query.search.is_some() };
    query.sort.is_some() || query.search.is_some() || old.name() != new.name()
}
