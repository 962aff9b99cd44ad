//! Templates: the list, the page of one, its removal.

use leptos::prelude::*;
use model::Action;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::template::TemplateRow;
use ui::{Cards, Icon};
use uuid::Uuid;

use super::leases::said;
use super::leases_dialog::EditTemplate;
use super::permissions;
use super::tags_assign;
use crate::api;
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::RemoveDialog;
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, numbers, pane, sorted};
use crate::parts::time::When;
use crate::parts::value::{bytes, link, name, number, status, tags, template_look, text};
use crate::paths;

impl Listed for TemplateRow {
    const TAB: ListTab = ListTab::Templates;
    const KIND: Kind = Kind::Template;
    const EMPTY: (&'static str, &'static str) = ("templates-none", "templates-none-hint");
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
                sorted("field-name", "name", |r: &TemplateRow| {
                    name(ListTab::Templates, r.id, r.name.clone())
                }),
                sorted("field-comment", "comment", |r| text(r.comment.clone())),
                sorted("field-status", "status", |r| status(template_look(r.status), r.status.label(), None)),
                sorted("field-data-center", "data_center", |r| {
                    link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())
                }),
                sorted("field-storage-domain", "storage_domain", |r| {
                    link(ListTab::Storage, r.storage_domain.0, r.storage_domain.1.clone())
                }),
                numbers("field-memory", "memory", |r| bytes(Some(r.memory))),
                numbers("field-vcpus", "vcpus", |r| number(r.vcpus)),
                numbers("field-disk-size", "disk_size", |r| bytes(Some(r.disk_size))),
                numbers("tab-vms", "vms", |r| number(r.vm_count)),
                sorted("field-created", "created", created),
                sorted("field-description", "description", |r| text(r.description.clone())),
                sorted("field-cpu-model", "cpu_model", |r: &TemplateRow| text(r.cpu_model.clone())).hidden(),
                sorted("field-tags", "tags", |r: &TemplateRow| tags(ListTab::Templates, &r.tags)).hidden(),
                sorted("field-id", "id", |r: &TemplateRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditTemplate, "edit", Icon::Edit, always),
                Deed::new(Action::RemoveTemplate, "remove", Icon::Remove, always).danger(),
                Deed::new(Action::AssignTags, "assign-tags", Icon::Tag, always).rare(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::templates::list(query))
    }
}

impl Detailed for TemplateRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::templates::get(id.into()))
    }

    fn row(&self) -> &Self {
        self
    }

    fn above(&self) -> Vec<(String, String)> {
        vec![(self.data_center.1.clone(), paths::object(ListTab::DataCenters, self.data_center.0))]
    }

    fn state(&self) -> Option<AnyView> {
        Some(status(template_look(self.status), self.status.label(), None))
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::Template, id)),
                },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn created(r: &TemplateRow) -> AnyView {
    view! { <When at=r.created_at/> }.into_any()
}

fn general(r: &TemplateRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.name.clone())),
        ("field-description", text(r.description.clone())),
        ("field-comment", text(r.comment.clone())),
        ("field-data-center", link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())),
        ("field-storage-domain", link(ListTab::Storage, r.storage_domain.0, r.storage_domain.1.clone())),
        ("field-created", created(r)),
        ("lease", said(r.lease)),
        ("field-tags", tags(ListTab::Templates, &r.tags)),
        ("field-id", text(r.id.to_string())),
    ];
    let hardware = vec![
        ("field-memory", bytes(Some(r.memory))),
        ("field-vcpus", number(r.vcpus)),
        ("field-disk-size", bytes(Some(r.disk_size))),
        ("tab-vms", number(r.vm_count)),
    ];
    view! { <Cards>{card("part-general", own)}{card("part-hardware", hardware)}</Cards> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<TemplateRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<TemplateRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "edit" => view! { <EditTemplate/> }.into_any(),
        "remove" => {
            view! { <RemoveDialog<TemplateRow> action=Action::RemoveTemplate hint="template-remove-hint"/> }
                .into_any()
        }
        "assign-tags" => tags_assign::one(ListTab::Templates, Kind::Template),
        word => known_part::<TemplateRow>(word),
    })
}
