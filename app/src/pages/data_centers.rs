//! Data centers: the list, the page of one, its dialogs.

use leptos::prelude::*;
use model::Action;
use model::cluster::ClusterRow;
use model::data_center::DataCenterRow;
use model::disk::DiskRow;
use model::event::EventRow;
use model::host::HostRow;
use model::id::Kind;
use model::list::ListQuery;
use model::network::NetworkRow;
use model::quota::{QuotaMode, QuotaRow};
use model::storage_domain::StorageRow;
use model::template::TemplateRow;
use model::text::t;
use model::vm::VmRow;
use ui::{Cards, Choice, Icon, ModalSize, Select};
use uuid::Uuid;

use super::permissions;
use crate::api;
use crate::forms::data::data_center::DataCenterForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::{
    RemoveDialog, Ways, name_fields, new_ways, once_loaded, part_ways, unseen, use_object,
};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, numbers, pane, sorted};
use crate::parts::value::{name, number, text};

impl Listed for DataCenterRow {
    const TAB: ListTab = ListTab::DataCenters;
    const KIND: Kind = Kind::DataCenter;
    const EMPTY: (&'static str, &'static str) = ("data-centers-none", "data-centers-none-hint");
    const NEW: Option<&'static str> = Some("action-create-data-center");
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
                sorted("field-name", "name", |r: &DataCenterRow| {
                    name(ListTab::DataCenters, r.id, r.config.name.clone())
                }),
                sorted("field-comment", "comment", |r| text(r.config.comment.clone())),
                numbers("tab-clusters", "clusters", |r| number(r.cluster_count)),
                numbers("tab-hosts", "hosts", |r| number(r.host_count)),
                numbers("tab-storage", "storage", |r| number(r.storage_count)),
                numbers("tab-vms", "vms", |r| number(r.vm_count)),
                sorted("field-description", "description", |r| text(r.config.description.clone())),
                sorted("field-id", "id", |r: &DataCenterRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditDataCenter, "edit", Icon::Edit, always),
                Deed::new(Action::RemoveDataCenter, "remove", Icon::Remove, always).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::data_centers::list(query))
    }
}

impl Detailed for DataCenterRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::data_centers::get(id.into()))
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
                PartOf { word: "storage", label: "tab-storage", view: PartView::Pane(pane::<StorageRow>) },
                PartOf { word: "networks", label: "tab-networks", view: PartView::Pane(pane::<NetworkRow>) },
                PartOf { word: "clusters", label: "tab-clusters", view: PartView::Pane(pane::<ClusterRow>) },
                PartOf { word: "hosts", label: "tab-hosts", view: PartView::Pane(pane::<HostRow>) },
                PartOf { word: "vms", label: "tab-vms", view: PartView::Pane(pane::<VmRow>) },
                PartOf { word: "disks", label: "tab-disks", view: PartView::Pane(pane::<DiskRow>) },
                PartOf {
                    word: "templates",
                    label: "tab-templates",
                    view: PartView::Pane(pane::<TemplateRow>),
                },
                PartOf { word: "quotas", label: "tab-quotas", view: PartView::Pane(pane::<QuotaRow>) },
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::DataCenter, id)),
                },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn general(r: &DataCenterRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.config.name.clone())),
        ("field-description", text(r.config.description.clone())),
        ("field-comment", text(r.config.comment.clone())),
        ("field-quota-mode", text(r.config.quota_mode.label())),
        ("field-id", text(r.id.to_string())),
    ];
    let has = vec![
        ("tab-clusters", number(r.cluster_count)),
        ("tab-hosts", number(r.host_count)),
        ("tab-storage", number(r.storage_count)),
        ("tab-vms", number(r.vm_count)),
    ];
    view! { <Cards>{card("part-general", own)}{card("part-contents", has)}</Cards> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<DataCenterRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<DataCenterRow>/> }
}

#[component]
pub fn New() -> impl IntoView {
    dialog(new_ways(ListTab::DataCenters), &DataCenterForm::default(), t("data-center-new"))
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "edit" => view! { <Edit/> }.into_any(),
        "remove" => view! {
            <RemoveDialog<DataCenterRow> action=Action::RemoveDataCenter hint="data-center-remove-hint"/>
        }
        .into_any(),
        word => known_part::<DataCenterRow>(word),
    })
}

#[component]
fn Edit() -> impl IntoView {
    once_loaded(use_object::<DataCenterRow>(), |row: DataCenterRow| {
        let ways = part_ways(ListTab::DataCenters, row.id.0, "edit");
        dialog(ways, &DataCenterForm::from(&row), t("data-center-edit"))
    })
}

fn dialog(ways: Ways, initial: &DataCenterForm, title: String) -> AnyView {
    let form = FormCtl::new("data-center", ways.action, initial);
    let mode = |mode: &QuotaMode| Choice::new(mode.as_str(), mode.label());
    let modes: Vec<Choice> = QuotaMode::ALL.iter().map(mode).collect();
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::DataCenters size=ModalSize::Medium>
            {unseen(form, "version")}
            {name_fields(form, true)}
            <Select
                name="quota_mode"
                label=t("field-quota-mode")
                choices=modes
                value=form.value("quota_mode")
                on_change=form.input("quota_mode")
                error=form.error("quota_mode")
                help=t("field-quota-mode-help")
            />
        </FormDialog>
    }
    .into_any()
}
