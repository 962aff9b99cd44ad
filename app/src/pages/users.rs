//! Users and groups: the list, and the page of one.

use leptos::prelude::*;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::text::t;
use model::user::{INTERNAL, UserRow};
use model::{Action, Refusal};
use ui::{Cards, Icon, Tone};
use uuid::Uuid;

use super::users_sign_in::WORD;
use super::{permissions, tags_assign, users_dialogs, users_sign_in};
use crate::api;
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, pane, sorted};
use crate::parts::time::When;
use crate::parts::value::{name, status, tags, text};

impl Listed for UserRow {
    const TAB: ListTab = ListTab::Users;
    const KIND: Kind = Kind::User;
    const EMPTY: (&'static str, &'static str) = ("users-none", "users-none-hint");
    const NEW: Option<&'static str> = Some("action-create-user");
    const BESIDE: Option<(&'static str, &'static str)> = Some(("action-add-from-directory", "add"));
    const BELOW: bool = true;
    const PAGES: &'static [(&'static str, &'static str)] = &[
        ("tab-directories", "/directories"),
        ("tab-roles", "/roles"),
        ("permissions-of-system", crate::paths::PERMISSIONS),
    ];

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn columns() -> &'static [ColumnOf<Self>] {
        const {
            &[
                sorted("field-name", "name", |r: &UserRow| name(ListTab::Users, r.id, r.name.clone())),
                sorted("field-type", "type", kind),
                sorted("field-directory", "domain", |r| text(r.domain.clone())),
                sorted("field-signs-in-as", "principal", |r| text(r.principal())),
                sorted("field-full-name", "full_name", |r| text(r.full_name.clone())),
                sorted("field-mail", "mail", |r: &UserRow| text(r.mail.clone())).hidden(),
                sorted("field-groups", "groups", |r| text(r.groups.join(", "))),
                sorted("field-roles", "roles", |r| text(r.roles.join(", "))),
                sorted("field-tags", "tags", |r| tags(ListTab::Users, &r.tags)),
                sorted("field-created", "created", created),
                sorted("field-gone", "gone", gone).hidden(),
                sorted("field-id", "id", |r: &UserRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::ResetPassword, "reset-password", Icon::Key, has_password),
                Deed::new(Action::AssignTags, "assign-tags", Icon::Tag, carries_tags),
                Deed::new(Action::RemoveUser, "remove", Icon::Remove, always).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::users::list(query))
    }
}

impl Detailed for UserRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::users::get(id.into()))
    }

    fn row(&self) -> &Self {
        self
    }

    fn above(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn state(&self) -> Option<AnyView> {
        self.gone_at.map(|_| status((Tone::Warning, Icon::Warning, false), t("field-gone"), None))
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::User, id)),
                },
                PartOf { word: WORD, label: "part-sign-in", view: PartView::Pane(users_sign_in::pane) },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn kind(r: &UserRow) -> AnyView {
    text(t(if r.group { "value-group" } else { "value-user" }))
}

fn gone(r: &UserRow) -> AnyView {
    match r.gone_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => text(None),
    }
}

/// Its password is kept here.
fn has_password(r: &UserRow) -> Result<(), Refusal> {
    match r.group {
        true => Err(Refusal::new("users-group-password")),
        false if r.domain != INTERNAL => {
            Err(Refusal::new("users-directory-password").with("directory", r.domain.as_str()))
        }
        false => Ok(()),
    }
}

fn carries_tags(r: &UserRow) -> Result<(), Refusal> {
    if r.group { Err(Refusal::new("users-group-tags")) } else { Ok(()) }
}

fn created(r: &UserRow) -> AnyView {
    view! { <When at=r.created_at/> }.into_any()
}

fn general(r: &UserRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.name.clone())),
        ("field-type", kind(r)),
        ("field-directory", text(r.domain.clone())),
        ("field-signs-in-as", text(r.principal())),
        ("field-full-name", text(r.full_name.clone())),
        ("field-mail", text(r.mail.clone())),
        ("field-gone", gone(r)),
        ("field-groups", text(r.groups.join(", "))),
        ("field-roles", text(r.roles.join(", "))),
        ("field-tags", tags(ListTab::Users, &r.tags)),
        ("field-created", created(r)),
        ("field-id", text(r.id.to_string())),
    ];
    view! { <Cards>{card("part-general", own)}</Cards> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<UserRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<UserRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "explain-permission" => permissions::ask_of_user(),
        "reset-password" => view! { <users_dialogs::Reset/> }.into_any(),
        "remove" => view! { <users_dialogs::Remove/> }.into_any(),
        "assign-tags" => tags_assign::one(ListTab::Users, Kind::User),
        word => known_part::<UserRow>(word),
    })
}
