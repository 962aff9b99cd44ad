//! Users: the list and the page of one. They are made and given roles on the server's own machine.

use leptos::prelude::*;
use model::Action;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::user::UserRow;
use ui::{Cards, Icon};
use uuid::Uuid;

use super::users_sign_in::WORD;
use super::{tags_assign, users_sign_in};
use crate::api;
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, pane, sorted};
use crate::parts::time::When;
use crate::parts::value::{name, tags, text};

impl Listed for UserRow {
    const TAB: ListTab = ListTab::Users;
    const KIND: Kind = Kind::User;
    const EMPTY: (&'static str, &'static str) = ("users-none", "users-none-hint");
    const NEW: Option<&'static str> = None;
    const BELOW: bool = true;

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
                sorted("field-directory", "domain", |r| text(r.domain.clone())),
                sorted("field-principal", "principal", |r| text(r.principal())),
                sorted("field-roles", "roles", |r| text(r.roles.join(", "))),
                sorted("field-tags", "tags", |r| tags(ListTab::Users, &r.tags)),
                sorted("field-created", "created", created),
                sorted("field-id", "id", |r: &UserRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const { &[Deed::new(Action::AssignTags, "assign-tags", Icon::Tag, always)] }
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
        None
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf { word: WORD, label: "part-sign-in", view: PartView::Pane(users_sign_in::pane) },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn created(r: &UserRow) -> AnyView {
    view! { <When at=r.created_at/> }.into_any()
}

fn general(r: &UserRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.name.clone())),
        ("field-directory", text(r.domain.clone())),
        ("field-principal", text(r.principal())),
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
        "assign-tags" => tags_assign::one(ListTab::Users, Kind::User),
        word => known_part::<UserRow>(word),
    })
}
