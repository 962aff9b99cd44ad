//! Bookmarks: one's own and everybody's, the page of one, its dialogs.

use leptos::prelude::*;
use model::Action;
use model::bookmark::BookmarkRow;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::text::{t, ta};
use ui::{Alert, Cards, Checkbox, Icon, TextField, Tone};
use uuid::Uuid;

use crate::api;
use crate::asked::address;
use crate::forms::data::bookmark::BookmarkForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::{RemoveDialog, Ways, new_ways, once_loaded, part_ways, unseen, use_object};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, pane, plain};
use crate::parts::value::{name, status, text};
use crate::paths;

impl Listed for BookmarkRow {
    const TAB: ListTab = ListTab::Bookmarks;
    const KIND: Kind = Kind::Bookmark;
    const EMPTY: (&'static str, &'static str) = ("bookmarks-none", "bookmarks-none-hint");
    const NEW: Option<&'static str> = Some("action-create-bookmark");
    const DEFAULT_SORT: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.config.name.clone()
    }

    fn columns() -> &'static [ColumnOf<Self>] {
        const {
            &[
                plain("field-name", |r: &BookmarkRow| name(ListTab::Bookmarks, r.id, r.config.name.clone())),
                plain("field-search", search),
                plain("field-shared", |r| text(t(if r.config.shared { "value-yes" } else { "value-no" }))),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditBookmark, "edit", Icon::Edit, always),
                Deed::new(Action::RemoveBookmark, "remove", Icon::Remove, always).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::bookmarks::list(query))
    }
}

impl Detailed for BookmarkRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::bookmarks::get(id.into()))
    }

    fn row(&self) -> &Self {
        self
    }

    fn above(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn state(&self) -> Option<AnyView> {
        None
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

/// Where a bookmark leads; why it leads nowhere, when its search cannot be read.
pub fn leads(r: &BookmarkRow) -> Result<String, String> {
    let (kind, rest) = r.leads.as_ref().map_err(ToString::to_string)?;
    let tab = paths::tab_for(*kind).ok_or_else(|| t("field-search-entity"))?;
    let search = Some(rest.clone()).filter(|rest| !rest.is_empty());
    Ok(paths::list_with(tab, &ListQuery { search, ..ListQuery::default() }))
}

fn search(r: &BookmarkRow) -> AnyView {
    match leads(r) {
        Ok(href) => view! { <a href=href>{r.config.search.clone()}</a> }.into_any(),
        Err(why) => {
            status((Tone::Warning, Icon::Warning, false), r.config.search.clone(), Some(unreadable(&why)))
        }
    }
}

pub fn unreadable(why: &str) -> String {
    ta("bookmark-unreadable", &[("why", why)])
}

fn general(r: &BookmarkRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.config.name.clone())),
        ("field-search", search(r)),
        ("field-shared", text(t(if r.config.shared { "value-yes" } else { "value-no" }))),
        ("field-id", text(r.id.to_string())),
    ];
    view! { {warning(r)} <Cards>{card("part-general", own)}</Cards> }.into_any()
}

fn warning(r: &BookmarkRow) -> Option<AnyView> {
    let why = leads(r).err()?;
    Some(
        view! { <Alert tone=Tone::Warning title=unreadable(&why) tone_label=t("alert-warning")/> }.into_any(),
    )
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<BookmarkRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<BookmarkRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "edit" => view! { <Edit/> }.into_any(),
        "remove" => {
            view! { <RemoveDialog<BookmarkRow> action=Action::RemoveBookmark hint="bookmark-remove-hint"/> }
                .into_any()
        }
        word => known_part::<BookmarkRow>(word),
    })
}

/// The address may bring the search along.
#[component]
pub fn New() -> impl IntoView {
    let search = address().with_untracked(|query| query.get("search")).unwrap_or_default();
    let ways = new_ways(ListTab::Bookmarks);
    let form = FormCtl::new("bookmark", ways.action.clone(), &BookmarkForm { search, ..Default::default() });
    dialog(form, ways, t("bookmark-new"), None)
}

#[component]
fn Edit() -> impl IntoView {
    once_loaded(use_object::<BookmarkRow>(), |row: BookmarkRow| {
        let ways = part_ways(ListTab::Bookmarks, row.id.0, "edit");
        let form = FormCtl::new("bookmark", ways.action.clone(), &BookmarkForm::from(&row));
        dialog(form, ways, t("bookmark-edit"), warning(&row))
    })
}

fn dialog(form: FormCtl, ways: Ways, title: String, warning: Option<AnyView>) -> AnyView {
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Bookmarks>
            {warning}
            {unseen(form, "version")}
            <TextField
                name="name"
                label=t("field-name")
                value=form.value("name")
                on_input=form.input("name")
                error=form.error("name")
                required=true
                autofocus=true
            />
            <TextField
                name="search"
                label=t("field-search")
                value=form.value("search")
                on_input=form.input("search")
                error=form.error("search")
                help=t("field-search-help")
                required=true
            />
            <Checkbox
                name="shared"
                label=t("field-shared")
                checked=form.is_on("shared")
                on_change=form.switch("shared")
                error=form.error("shared")
                help=t("field-shared-help")
            />
        </FormDialog>
    }
    .into_any()
}
