//! The bookmarks in the left pane: links, each with what can be done with it.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::bookmark::BookmarkRow;
use model::id::Kind;
use model::text::{t, ta};
use search::Entity;
use ui::{ButtonKind, ButtonLink, Icon, IconView};

use super::bookmarks::{leads, unreadable};
use super::tags::all;
use super::tags_pane::{follow, use_here};
use crate::api::{self, Data};
use crate::asked::address;
use crate::frame::ListTab;
use crate::parts::waiting::shown;
use crate::paths;

pub fn pane() -> AnyView {
    let data = Data::new(|| api::bookmarks::list(all()));
    follow(Kind::Bookmark, move || data.refetch());
    let here = use_here();
    let list = shown(3, data, move |page: model::list::Page<BookmarkRow>| {
        if page.rows.is_empty() {
            return view! { <p class="dr-pane__hint">{t("bookmarks-none-hint")}</p> }.into_any();
        }
        let rows = page.rows.into_iter().map(|row| line(row, here)).collect_view();
        view! { <ul class="dr-links">{rows}</ul> }.into_any()
    });
    view! {
        <div class="dr-pane__head">
            <h2 class="dr-pane__title">{t("tab-bookmarks")}</h2>
            <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Plus label=t("action-create-bookmark") href=new(here)/>
            <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Settings label=t("bookmarks-manage") href=paths::BOOKMARKS/>
        </div>
        <div class="dr-pane__body">{list}</div>
    }
    .into_any()
}

/// The dialog with the search of the list that is shown.
fn new(here: Signal<String>) -> Signal<String> {
    let (path, query) = (use_location().pathname, address());
    Signal::derive(move || {
        let search = query.with(|map| map.get("search")).unwrap_or_default();
        let entity = paths::tab_of(&path.get()).and_then(entity);
        let whole = entity.map(|entity| format!("{}: {search}", entity.as_str()).trim_end().to_owned());
        let href = paths::returning(&paths::new(ListTab::Bookmarks, None), &here.get());
        whole.map_or_else(|| href.clone(), |whole| paths::asking(&href, "search", &whole))
    })
}

fn entity(tab: ListTab) -> Option<Entity> {
    Entity::ALL.iter().copied().find(|entity| paths::tab_for(entity.kind()) == Some(tab))
}

fn line(row: BookmarkRow, here: Signal<String>) -> AnyView {
    let name = row.config.name.clone();
    let deed = |part: &'static str, label: &str, icon: Icon| {
        let id = row.id;
        let href =
            Signal::derive(move || paths::returning(&paths::part(ListTab::Bookmarks, id, part), &here.get()));
        let label = ta(label, &[("name", &name)]);
        view! { <ButtonLink kind=ButtonKind::Plain small=true icon=icon label=label href=href/> }.into_any()
    };
    let shared = row.config.shared.then(|| {
        view! { <span class="dr-links__mark" title=t("field-shared")><IconView icon=Icon::Users/></span> }
    });
    view! {
        <li class="dr-links__item">
            {way(&row)}
            {shared}
            {deed("edit", "bookmark-edit-one", Icon::Edit)}
            {deed("remove", "bookmark-remove-one", Icon::Remove)}
        </li>
    }
    .into_any()
}

/// One that cannot be read leads to its page, which says why.
fn way(row: &BookmarkRow) -> AnyView {
    let name = row.config.name.clone();
    match leads(row) {
        Ok(href) => view! { <a class="dr-links__link" href=href title=row.config.search.clone()>{name}</a> }
            .into_any(),
        Err(why) => {
            let why = unreadable(&why);
            let title = why.clone();
            view! {
                <a class="dr-links__link" href=paths::object(ListTab::Bookmarks, row.id) title=title>
                    <span class="dr-is-warning"><IconView icon=Icon::Warning/></span>
                    {name}
                    <span class="pf-v6-screen-reader">{why}</span>
                </a>
            }
            .into_any()
        }
    }
}
