//! Storage domains: the list, the page of one, its dialogs.

use leptos::prelude::*;
use model::Action;
use model::disk::DiskRow;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::storage_domain::{HostStorage, StorageRow};
use model::template::TemplateRow;
use model::text::t;
use ui::{Card, Cards, Cell, Column, Icon, Progress, Row, Section, Table, TextField, Tone};
use uuid::Uuid;

use super::images;
use super::permissions;
use crate::api::choices::Named;
use crate::api::{self, Data};
use crate::forms::data::storage::StorageForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::{
    RemoveDialog, Ways, name_fields, new_ways, once_loaded, parent_field, part_ways, preferred, unseen,
    use_object, use_within,
};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, numbers, pane, sorted};
use crate::parts::used;
use crate::parts::value::{bytes, link, name, number, status, storage_look, text};
use crate::parts::waiting::shown;
use crate::paths;

impl Listed for StorageRow {
    const TAB: ListTab = ListTab::Storage;
    const KIND: Kind = Kind::StorageDomain;
    const EMPTY: (&'static str, &'static str) = ("storage-none", "storage-none-hint");
    const NEW: Option<&'static str> = Some("action-create-storage");
    const BELOW: bool = true;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.config.name.clone()
    }

    fn columns() -> &'static [ColumnOf<Self>] {
        const {
            &[
                sorted("field-name", "name", |r: &StorageRow| {
                    name(ListTab::Storage, r.id, r.config.name.clone())
                }),
                sorted("field-comment", "comment", |r| text(r.config.comment.clone())),
                sorted("field-status", "status", |r| status(storage_look(r.status), r.status.label(), None)),
                sorted("field-data-center", "data_center", |r| {
                    link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())
                }),
                numbers("field-total-space", "total", |r| bytes(r.capacity)),
                numbers("field-free-space", "free", |r| bytes(r.available)),
                numbers("field-guaranteed-free", "guaranteed_free", |r| bytes(r.guaranteed_free)),
                numbers("field-committed", "committed", |r| bytes(Some(r.committed))),
                numbers("tab-disks", "disks", |r| number(r.disk_count)),
                sorted("field-path-label", "path", |r| text(r.config.path.clone())),
                sorted("field-description", "description", |r: &StorageRow| {
                    text(r.config.description.clone())
                })
                .hidden(),
                sorted("field-id", "id", |r: &StorageRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditStorage, "edit", Icon::Edit, always),
                Deed::new(Action::RemoveStorage, "remove", Icon::Remove, always).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::storage_domains::list(query))
    }
}

impl Detailed for StorageRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::storage_domains::get(id.into()))
    }

    fn row(&self) -> &Self {
        self
    }

    fn above(&self) -> Vec<(String, String)> {
        vec![(self.data_center.1.clone(), paths::object(ListTab::DataCenters, self.data_center.0))]
    }

    fn state(&self) -> Option<AnyView> {
        Some(status(storage_look(self.status), self.status.label(), None))
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf {
                    word: "use",
                    label: "part-use",
                    view: PartView::Pane(|id| used::over_time(Kind::StorageDomain, id)),
                },
                PartOf { word: "hosts", label: "tab-hosts", view: PartView::Pane(hosts) },
                PartOf { word: "disks", label: "tab-disks", view: PartView::Pane(pane::<DiskRow>) },
                PartOf {
                    word: "templates",
                    label: "tab-templates",
                    view: PartView::Pane(pane::<TemplateRow>),
                },
                PartOf { word: "images", label: "part-images", view: PartView::Pane(images::images) },
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::StorageDomain, id)),
                },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn general(r: &StorageRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.config.name.clone())),
        ("field-data-center", link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())),
        ("field-path-label", text(r.config.path.clone())),
        ("field-description", text(r.config.description.clone())),
        ("field-comment", text(r.config.comment.clone())),
        ("field-id", text(r.id.to_string())),
    ];
    let space = vec![
        ("field-total-space", bytes(r.capacity)),
        ("field-free-space", bytes(r.available)),
        ("field-committed", bytes(Some(r.committed))),
        ("tab-disks", number(r.disk_count)),
        ("field-use", fullness(r)),
    ];
    view! { <Cards>{card("part-general", own)}{card("part-space", space)}</Cards> }.into_any()
}

fn fullness(r: &StorageRow) -> AnyView {
    let (Some(capacity), Some(available)) = (r.capacity, r.available) else { return text(None) };
    let percent = 100.0 * capacity.saturating_sub(available) as f64 / capacity.max(1) as f64;
    let tone = if percent > 90.0 { Tone::Warning } else { Tone::Neutral };
    view! { <Progress label=t("field-use") value=Some(percent) tone=tone bare=true/> }.into_any()
}

/// How each host sees it.
fn hosts(id: Uuid) -> AnyView {
    let hosts = Data::new(move || api::storage_domains::hosts(id.into()));
    let heads = vec![
        Column::new(t("kind-host-title")),
        Column::new(t("field-status")),
        Column::new(t("field-reason")),
    ];
    view! {
        <Section>
            <Card title=t("tab-hosts")>
                {shown(3, hosts, move |hosts| host_table(heads.clone(), hosts))}
            </Card>
        </Section>
    }
    .into_any()
}

fn host_table(heads: Vec<Column>, hosts: Vec<HostStorage>) -> AnyView {
    let line = |h: HostStorage| {
        let state = if h.active {
            model::storage_domain::StorageStatus::Active
        } else {
            model::storage_domain::StorageStatus::Inactive
        };
        view! {
            <Row>
                <Cell>{link(ListTab::Hosts, h.host.0, h.host.1)}</Cell>
                <Cell>{status(storage_look(state), state.label(), None)}</Cell>
                <Cell>{text(h.reason.map(|r| r.to_string()))}</Cell>
            </Row>
        }
        .into_any()
    };
    view! { <Table label=t("tab-hosts") columns=heads>{hosts.into_iter().map(line).collect_view()}</Table> }
        .into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<StorageRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<StorageRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "edit" => view! { <Edit/> }.into_any(),
        "remove" => {
            view! { <RemoveDialog<StorageRow> action=Action::RemoveStorage hint="storage-remove-hint"/> }
                .into_any()
        }
        images::DISK => view! { <images::ToDisk/> }.into_any(),
        images::TEMPLATE => view! { <images::ToTemplate/> }.into_any(),
        word => known_part::<StorageRow>(word),
    })
}

/// A new one needs to know where it belongs.
#[component]
pub fn New() -> impl IntoView {
    let within = use_within();
    once_loaded(Data::new(api::choices::data_centers), move |boxes: Vec<Named>| {
        let data_center = preferred(&boxes, &within);
        let form = FormCtl::new(
            "storage",
            new_ways(ListTab::Storage).action,
            &StorageForm { data_center, ..Default::default() },
        );
        dialog(form, new_ways(ListTab::Storage), t("storage-new"), Some(boxes))
    })
}

#[component]
fn Edit() -> impl IntoView {
    once_loaded(use_object::<StorageRow>(), |row: StorageRow| {
        let ways = part_ways(ListTab::Storage, row.id.0, "edit");
        let form = FormCtl::new("storage", ways.action.clone(), &StorageForm::from(&row));
        dialog(form, ways, t("storage-edit"), None)
    })
}

fn dialog(form: FormCtl, ways: Ways, title: String, boxes: Option<Vec<Named>>) -> AnyView {
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Storage>
            {unseen(form, "version")}
            {parent_field(form, "data_center", "kind-data-center-title", boxes)}
            {name_fields(form, true)}
            <TextField
                name="path"
                label=t("field-path-label")
                value=form.value("path")
                on_input=form.input("path")
                error=form.error("path")
                help=t("field-path-help")
                required=true
            />
        </FormDialog>
    }
    .into_any()
}
