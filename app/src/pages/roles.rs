//! Roles: the list, the page of one with those who have it, and the dialog with its action groups by area.

use leptos::prelude::*;
use model::Action;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::role::{RoleRow, named};
use model::text::{t, ta};
use ui::{Cards, CheckGroup, Checkbox, Choice, Icon, TextArea, TextField};
use uuid::Uuid;

use super::permissions;
use crate::api::roles::AreaGroups;
use crate::api::{self, Data};
use crate::forms::data::role::RoleForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::{RemoveDialog, Ways, new_ways, once_loaded, part_ways, unseen, use_id};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, pane, plain};
use crate::parts::value::{name, number, text};
use crate::paths;

impl Listed for RoleRow {
    const TAB: ListTab = ListTab::Roles;
    const KIND: Kind = Kind::Role;
    const EMPTY: (&'static str, &'static str) = ("roles-none", "roles-none-hint");
    const NEW: Option<&'static str> = Some("action-create-role");
    const DEFAULT_SORT: Option<&'static str> = None;
    const BELOW: bool = true;
    const PAGES: &'static [(&'static str, &'static str)] =
        &[("tab-users", "/users"), ("permissions-of-system", paths::PERMISSIONS)];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.config.name.clone()
    }

    fn columns() -> &'static [ColumnOf<Self>] {
        const {
            &[
                plain("field-name", |r: &RoleRow| name(ListTab::Roles, r.id, r.config.name.clone())),
                plain("field-description", |r| text(r.config.description.clone())),
                plain("field-type", |r| text(for_whom(r))),
                plain("field-shows-children", |r| yes(r.views_children)),
                plain("field-predefined", |r| yes(r.predefined)),
                plain("field-permissions", |r| number(r.permissions)),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditRole, "edit", Icon::Edit, RoleRow::own),
                Deed::new(Action::CopyRole, "copy", Icon::Plus, always),
                Deed::new(Action::RemoveRole, "remove", Icon::Remove, RoleRow::own).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::roles::list(query))
    }
}

impl Detailed for RoleRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::roles::get(id.into()))
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
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::Role, id)),
                },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn for_whom(r: &RoleRow) -> String {
    t(if r.config.administrative { "role-admin" } else { "role-user" })
}

fn yes(on: bool) -> AnyView {
    text(t(if on { "value-yes" } else { "value-no" }))
}

fn general(r: &RoleRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.config.name.clone())),
        ("field-description", text(r.config.description.clone())),
        ("field-type", text(for_whom(r))),
        ("field-shows-children", yes(r.views_children)),
        ("field-predefined", yes(r.predefined)),
        ("field-permissions", number(r.permissions)),
        ("field-id", text(r.id.to_string())),
    ];
    let made_of = vec![("field-role-groups", text(named(&r.config.groups)))];
    view! { <Cards>{card("part-general", own)}{card("field-role-groups", made_of)}</Cards> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<RoleRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<RoleRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "edit" => draft(Some(use_id()), false),
        "copy" => draft(Some(use_id()), true),
        "remove" => {
            view! { <RemoveDialog<RoleRow> action=Action::RemoveRole hint="role-remove-hint"/> }.into_any()
        }
        word => known_part::<RoleRow>(word),
    })
}

#[component]
pub fn New() -> impl IntoView {
    draft(None, true)
}

type Draft = (Option<RoleRow>, Vec<AreaGroups>);

/// The dialog, begun with a role or with none.
fn draft(id: Option<Uuid>, new: bool) -> AnyView {
    let data = Data::new(move || api::roles::draft(id.map(Into::into)));
    once_loaded(data, move |(role, areas): Draft| {
        let (word, title) = match (&role, new) {
            (None, _) => ("", t("role-new")),
            (Some(_), true) => ("copy", t("role-copy")),
            (Some(_), false) => ("edit", t("role-edit")),
        };
        let ways = match id {
            Some(id) => part_ways(ListTab::Roles, id, word),
            None => new_ways(ListTab::Roles),
        };
        let mut initial = role.as_ref().map(RoleForm::from).unwrap_or_default();
        if new {
            initial.version = String::new();
            initial.name =
                role.map(|r| ta("role-copy-name", &[("name", &r.config.name)])).unwrap_or_default();
        }
        dialog(FormCtl::new("role", ways.action.clone(), &initial), ways, title, &areas)
    })
}

fn dialog(form: FormCtl, ways: Ways, title: String, areas: &[AreaGroups]) -> AnyView {
    let areas = areas.iter().map(|area| boxes(form, area)).collect_view();
    // The boxes are in the areas below; this is their name and their error.
    let none: Vec<Choice> = Vec::new();
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Roles>
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
            <TextArea
                name="description"
                label=t("field-description")
                value=form.value("description")
                on_input=form.input("description")
                error=form.error("description")
                rows=2
            />
            <Checkbox
                name="administrative"
                label=t("field-role-admin")
                checked=form.is_on("administrative")
                on_change=form.switch("administrative")
                error=form.error("administrative")
                help=t("field-role-admin-help")
            />
            <CheckGroup
                name="groups"
                label=t("field-role-groups")
                choices=none
                value=form.value("groups")
                error=form.error("groups")
                help=t("role-groups-help")
            />
            <div class="dr-areas">{areas}</div>
        </FormDialog>
    }
    .into_any()
}

fn marked(value: &str, number: &str) -> bool {
    value.split(',').any(|one| one == number)
}

/// The action groups of an area behind its name, open where one is marked. What is marked is read from the page when the
/// form is sent.
fn boxes(form: FormCtl, area: &AreaGroups) -> AnyView {
    let value = form.value("groups");
    let begun = value.get_untracked();
    let open = area.groups.iter().any(|(number, _)| marked(&begun, &number.to_string()));
    let one = |(number, label): &(i32, String)| {
        let number = number.to_string();
        let id = format!("field-groups-{number}");
        let mine = number.clone();
        view! {
            <div class="pf-v6-c-check">
                <input
                    class="pf-v6-c-check__input"
                    type="checkbox"
                    id=id.clone()
                    name="groups"
                    value=number.clone()
                    checked=marked(&begun, &number)
                    prop:checked=move || value.with(|v| marked(v, &mine))
                />
                <label class="pf-v6-c-check__label" for=id>{label.clone()}</label>
            </div>
        }
        .into_any()
    };
    let boxes = area.groups.iter().map(one).collect_view();
    let title = area.area.clone();
    view! {
        <details class="dr-area" open=open>
            <summary>{title.clone()}</summary>
            <div class="dr-area__groups" role="group" aria-label=title>{boxes}</div>
        </details>
    }
    .into_any()
}
