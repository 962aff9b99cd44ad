//! Clusters: the list, the page of one, its dialogs.

use leptos::prelude::*;
use model::Action;
use model::cluster::ClusterRow;
use model::event::EventRow;
use model::host::HostRow;
use model::id::Kind;
use model::list::ListQuery;
use model::text::t;
use model::vm::VmRow;
use ui::{Cards, Icon};
use uuid::Uuid;

use super::permissions;
use crate::api::choices::Named;
use crate::api::{self, Data};
use crate::forms::data::cluster::ClusterForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::{
    RemoveDialog, Ways, name_fields, new_ways, once_loaded, parent_field, part_ways, preferred, unseen,
    use_object, use_within,
};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, numbers, pane, sorted};
use crate::parts::value::{link, name, number, text};
use crate::paths;

impl Listed for ClusterRow {
    const TAB: ListTab = ListTab::Clusters;
    const KIND: Kind = Kind::Cluster;
    const EMPTY: (&'static str, &'static str) = ("clusters-none", "clusters-none-hint");
    const NEW: Option<&'static str> = Some("action-create-cluster");
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
                sorted("field-name", "name", |r: &ClusterRow| {
                    name(ListTab::Clusters, r.id, r.config.name.clone())
                }),
                sorted("field-comment", "comment", |r| text(r.config.comment.clone())),
                sorted("field-data-center", "data_center", |r| {
                    link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())
                }),
                numbers("tab-hosts", "hosts", |r| number(r.host_count)),
                numbers("tab-vms", "vms", |r| number(r.vm_count)),
                sorted("field-description", "description", |r| text(r.config.description.clone())),
                sorted("field-id", "id", |r: &ClusterRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditCluster, "edit", Icon::Edit, always),
                Deed::new(Action::RemoveCluster, "remove", Icon::Remove, always).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::clusters::list(query))
    }
}

impl Detailed for ClusterRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::clusters::get(id.into()))
    }

    fn row(&self) -> &Self {
        self
    }

    fn above(&self) -> Vec<(String, String)> {
        vec![(self.data_center.1.clone(), paths::object(ListTab::DataCenters, self.data_center.0))]
    }

    fn state(&self) -> Option<AnyView> {
        None
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf { word: "hosts", label: "tab-hosts", view: PartView::Pane(pane::<HostRow>) },
                PartOf { word: "vms", label: "tab-vms", view: PartView::Pane(pane::<VmRow>) },
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::Cluster, id)),
                },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn general(r: &ClusterRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.config.name.clone())),
        ("field-data-center", link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())),
        ("field-description", text(r.config.description.clone())),
        ("field-comment", text(r.config.comment.clone())),
        ("field-id", text(r.id.to_string())),
    ];
    let has = vec![("tab-hosts", number(r.host_count)), ("tab-vms", number(r.vm_count))];
    view! { <Cards>{card("part-general", own)}{card("part-contents", has)}</Cards> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<ClusterRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<ClusterRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "edit" => view! { <Edit/> }.into_any(),
        "remove" => {
            view! { <RemoveDialog<ClusterRow> action=Action::RemoveCluster hint="cluster-remove-hint"/> }
                .into_any()
        }
        word => known_part::<ClusterRow>(word),
    })
}

/// A new one needs to know where it belongs.
#[component]
pub fn New() -> impl IntoView {
    let within = use_within();
    once_loaded(Data::new(api::choices::data_centers), move |boxes: Vec<Named>| {
        let data_center = preferred(&boxes, &within);
        let form = FormCtl::new(
            "cluster",
            new_ways(ListTab::Clusters).action,
            &ClusterForm { data_center, ..Default::default() },
        );
        dialog(form, new_ways(ListTab::Clusters), t("cluster-new"), Some(boxes))
    })
}

#[component]
fn Edit() -> impl IntoView {
    once_loaded(use_object::<ClusterRow>(), |row: ClusterRow| {
        let ways = part_ways(ListTab::Clusters, row.id.0, "edit");
        let form = FormCtl::new("cluster", ways.action.clone(), &ClusterForm::from(&row));
        dialog(form, ways, t("cluster-edit"), None)
    })
}

fn dialog(form: FormCtl, ways: Ways, title: String, boxes: Option<Vec<Named>>) -> AnyView {
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Clusters>
            {unseen(form, "version")}
            {parent_field(form, "data_center", "kind-data-center-title", boxes)}
            {name_fields(form, true)}
        </FormDialog>
    }
    .into_any()
}
