//! Disks: the list and the page of one. They come with VMs and templates, and are added on a VM's page; one that nothing
//! has can be removed.

use leptos::prelude::*;
use model::Action;
use model::disk::DiskRow;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use ui::{Cards, Icon};
use uuid::Uuid;

use super::permissions;
use super::vms_hardware_dialogs::EditDisk;
use crate::api;
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::RemoveDialog;
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, numbers, pane, sorted};
use crate::parts::time::{When, moment};
use crate::parts::value::{bytes, disk_look, link, name, quota, status, text};
use crate::paths;

impl Listed for DiskRow {
    const TAB: ListTab = ListTab::Disks;
    const KIND: Kind = Kind::Disk;
    const EMPTY: (&'static str, &'static str) = ("disks-none", "disks-none-hint");
    const NEW: Option<&'static str> = None;
    const DEFAULT_SORT: Option<&'static str> = Some("alias");
    const BELOW: bool = true;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.alias.clone()
    }

    fn columns() -> &'static [ColumnOf<Self>] {
        const {
            &[
                sorted("field-alias", "alias", |r: &DiskRow| name(ListTab::Disks, r.id, r.alias.clone())),
                numbers("field-virtual-size", "virtual_size", |r| bytes(Some(r.virtual_size))),
                numbers("field-actual-size", "actual_size", |r| bytes(Some(r.actual_size))),
                sorted("field-attached-to", "attached_to", |r| text(r.attached_to.join(", "))),
                sorted("field-storage-domain", "storage_domain", |r| {
                    link(ListTab::Storage, r.storage_domain.0, r.storage_domain.1.clone())
                }),
                sorted("field-data-center", "data_center", |r| {
                    link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())
                }),
                sorted("field-status", "status", |r| status(disk_look(r.status), r.status.label(), None)),
                sorted("field-allocation", "allocation", |r| text(r.allocation.label())),
                sorted("field-content", "content", |r| text(r.content.label())),
                sorted("field-creation-date", "created", |r| view! { <When at=r.created_at/> }.into_any()),
                sorted("field-description", "description", |r| text(r.description.clone())),
                sorted("kind-quota-title", "quota", |r: &DiskRow| quota(&r.quota)).hidden(),
                sorted("field-id", "id", |r: &DiskRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditDisk, "edit", Icon::Edit, |r: &DiskRow| r.can(Action::EditDisk)),
                Deed::new(Action::AssignQuota, "assign-quota", Icon::Gauge, always).rare(),
                Deed::new(Action::RemoveDisk, "remove", Icon::Remove, |r: &DiskRow| {
                    r.can(Action::RemoveDisk)
                })
                .danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::disks::list(query))
    }
}

impl Detailed for DiskRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::disks::get(id.into()))
    }

    fn row(&self) -> &Self {
        self
    }

    fn above(&self) -> Vec<(String, String)> {
        vec![(self.data_center.1.clone(), paths::object(ListTab::DataCenters, self.data_center.0))]
    }

    fn state(&self) -> Option<AnyView> {
        Some(status(disk_look(self.status), self.status.label(), None))
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::Disk, id)),
                },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn general(r: &DiskRow) -> AnyView {
    let own = vec![
        ("field-alias", text(r.alias.clone())),
        ("field-virtual-size", bytes(Some(r.virtual_size))),
        ("field-actual-size", bytes(Some(r.actual_size))),
        ("field-allocation", text(r.allocation.label())),
        ("field-content", text(r.content.label())),
        ("field-attached-to", text(r.attached_to.join(", "))),
        ("field-storage-domain", link(ListTab::Storage, r.storage_domain.0, r.storage_domain.1.clone())),
        ("field-data-center", link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())),
        ("kind-quota-title", quota(&r.quota)),
        ("field-creation-date", moment(r.created_at)),
        ("field-description", text(r.description.clone())),
        ("field-id", text(r.id.to_string())),
    ];
    view! { <Cards>{card("part-general", own)}</Cards> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<DiskRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<DiskRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "remove" => {
            view! { <RemoveDialog<DiskRow> action=Action::RemoveDisk hint="disk-remove-hint"/> }.into_any()
        }
        "edit" => view! { <EditDisk/> }.into_any(),
        "assign-quota" => view! { <super::quotas_dialog::Assign/> }.into_any(),
        word => known_part::<DiskRow>(word),
    })
}
