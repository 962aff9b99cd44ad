//! A list as a page, and as a pane in another page: the resource, and how it follows the URL and the stream.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::nested_router::Outlet;
use model::list::{ListQuery, Page};
use model::live::Change;
use uuid::Uuid;

use super::Listed;
use super::body::ListBody;
use crate::api::ApiError;
use crate::live::{Heard, Live, Soon};
use crate::parts::trouble::{Trouble, TroubleAlert};
use crate::paths::{self, Chosen};

pub type Rows<T> = Resource<Result<Page<T>, ApiError>>;

/// The list of an entity at its own address, with its dialogs over it.
#[component]
pub fn EntityList<T: Listed>(#[prop(optional)] marker: std::marker::PhantomData<T>) -> impl IntoView {
    let _ = marker;
    let map = use_query_map();
    // A dialog over the list has the same list behind it; its own address may name another scope.
    let here = use_location().pathname;
    let shown = Memo::new(move |last: Option<&ListQuery>| {
        let query = map.with(|map| paths::query_of(|name| map.get(name)));
        match last {
            Some(last) if here.get() != paths::list(T::TAB) => last.clone(),
            _ => query,
        }
    });
    let chosen = Memo::new(move |last: Option<&Option<Chosen>>| {
        let chosen = map.with(|map| paths::chosen_of(|name| map.get(name)));
        match last {
            Some(last) if here.get() != paths::list(T::TAB) => last.clone(),
            _ => chosen,
        }
    });
    let trouble = Trouble::provide();
    view! {
        <Title text=T::TAB.label()/>
        <div class="dr-page">
            <h1 class="pf-v6-screen-reader">{T::TAB.label()}</h1>
            <TroubleAlert trouble=trouble/>
            <ListOf<T> query=shown chosen=chosen main=true/>
        </div>
        <Outlet/>
    }
    .into_any()
}

/// A list within the page of `within`: its hosts, its disks, its events.
pub fn pane<T: Listed>(within: Uuid) -> AnyView {
    let query = ListQuery { within: Some(within), ..ListQuery::default() };
    view! { <ListOf<T> query=query chosen=None main=false/> }.into_any()
}

#[component]
fn ListOf<T: Listed>(
    #[prop(into)] query: Signal<ListQuery>,
    #[prop(into)] chosen: Signal<Option<Chosen>>,
    main: bool,
    #[prop(optional)] marker: std::marker::PhantomData<T>,
) -> impl IntoView {
    let _ = marker;
    let rows: Rows<T> = Resource::new(move || query.get(), T::load);
    let patched = RwSignal::new(None::<T>);
    follow(rows, query, patched);
    view! { <ListBody<T> rows=rows query=query chosen=chosen patched=patched main=main/> }.into_any()
}

/// Rows that the stream brings are put in place; what may change which rows are shown asks the server again.
fn follow<T: Listed>(rows: Rows<T>, query: Signal<ListQuery>, patched: RwSignal<Option<T>>) {
    let Some(live) = use_context::<Live>() else { return };
    let again = Soon::new(move || rows.refetch());
    live.on(move |heard| match heard {
        Heard::Lagged => again.ask(),
        Heard::Change(change) if change.kind == T::KIND => {
            let query = query.get_untracked();
            // By way of the text: rows are read from texts elsewhere, and reading is much code for each type.
            let row = change.row.and_then(|row| serde_json::from_str::<T>(&row.to_string()).ok());
            let here = query.within.is_none_or(|within| change.scope.contains(&within));
            match (change.change, row) {
                (Change::Changed, Some(row)) if here => {
                    let stays = !moves(rows, &row, &query);
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
fn moves<T: Listed>(rows: Rows<T>, new: &T, query: &ListQuery) -> bool {
    let old = rows.with_untracked(|page| {
        let page = page.as_ref()?.as_ref().ok()?;
        page.rows.iter().find(|row| row.id() == new.id()).cloned()
    });
    // One that is not shown changes nothing here: it came or went by its own message.
    let Some(old) = old else { return false };
    query.sort.is_some() || old.name() != new.name()
}
