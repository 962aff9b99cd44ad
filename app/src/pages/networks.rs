//! Networks: the list, the page of one, its dialogs.

use leptos::prelude::*;
use model::Action;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::network::NetworkRow;
use model::text::{t, ta};
use ui::{Cards, Icon, TextField};
use uuid::Uuid;

use super::permissions;
use crate::api::choices::Named;
use crate::api::{self, Data};
use crate::forms::data::network::NetworkForm;
use crate::forms::parse::boxed;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::{
    RemoveDialog, Ways, name_fields, new_ways, once_loaded, parent_field, part_ways, preferred, unseen,
    use_object, use_within,
};
use crate::parts::fields::switch;
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, numbers, pane, sorted};
use crate::parts::value::{link, name, number, text};
use crate::paths;

impl Listed for NetworkRow {
    const TAB: ListTab = ListTab::Networks;
    const KIND: Kind = Kind::Network;
    const EMPTY: (&'static str, &'static str) = ("networks-none", "networks-none-hint");
    const NEW: Option<&'static str> = Some("action-create-network");
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
                sorted("field-name", "name", |r: &NetworkRow| {
                    name(ListTab::Networks, r.id, r.config.name.clone())
                }),
                sorted("field-comment", "comment", |r| text(r.config.comment.clone())),
                sorted("field-data-center", "data_center", |r| {
                    link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())
                }),
                sorted("field-bridge", "bridge", |r| text(r.config.bridge.clone())),
                numbers("tab-hosts", "hosts", |r| on_hosts(r).into_any()),
                numbers("tab-vms", "vms", |r| number(r.vm_count)),
                sorted("field-description", "description", |r| text(r.config.description.clone())),
                sorted("field-id", "id", |r: &NetworkRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditNetwork, "edit", Icon::Edit, always),
                Deed::new(Action::RemoveNetwork, "remove", Icon::Remove, always).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::networks::list(query))
    }
}

impl Detailed for NetworkRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::networks::get(id.into()))
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
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::Network, id)),
                },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

/// "2 of 3"
fn on_hosts(r: &NetworkRow) -> String {
    ta("value-of", &[("n", &r.hosts_with.to_string()), ("all", &r.hosts_all.to_string())])
}

fn general(r: &NetworkRow) -> AnyView {
    let own = vec![
        ("field-name", text(r.config.name.clone())),
        ("field-data-center", link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())),
        ("field-bridge", text(r.config.bridge.clone())),
        ("field-description", text(r.config.description.clone())),
        ("field-comment", text(r.config.comment.clone())),
        ("field-id", text(r.id.to_string())),
    ];
    let has = vec![("network-hosts-with", on_hosts(r).into_any()), ("tab-vms", number(r.vm_count))];
    view! { <Cards>{card("part-general", own)}{card("part-use", has)}</Cards> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<NetworkRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<NetworkRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "edit" => view! { <Edit/> }.into_any(),
        "remove" => {
            view! { <RemoveDialog<NetworkRow> action=Action::RemoveNetwork hint="network-remove-hint"/> }
                .into_any()
        }
        word => known_part::<NetworkRow>(word),
    })
}

/// A new one needs to know where it belongs.
#[component]
pub fn New() -> impl IntoView {
    let within = use_within();
    once_loaded(Data::new(api::choices::data_centers), move |boxes: Vec<Named>| {
        let data_center = preferred(&boxes, &within);
        let form = FormCtl::new(
            "network",
            new_ways(ListTab::Networks).action,
            &NetworkForm { data_center, all_users: boxed(true), ..Default::default() },
        );
        dialog(form, new_ways(ListTab::Networks), t("network-new"), Some(boxes))
    })
}

#[component]
fn Edit() -> impl IntoView {
    once_loaded(use_object::<NetworkRow>(), |row: NetworkRow| {
        let ways = part_ways(ListTab::Networks, row.id.0, "edit");
        let form = FormCtl::new("network", ways.action.clone(), &NetworkForm::from(&row));
        dialog(form, ways, t("network-edit"), None)
    })
}

fn dialog(form: FormCtl, ways: Ways, title: String, boxes: Option<Vec<Named>>) -> AnyView {
    let all_users = boxes.as_ref().map(|_| switch(form, "all_users", "field-all-users"));
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Networks>
            {unseen(form, "version")}
            {parent_field(form, "data_center", "kind-data-center-title", boxes)}
            {name_fields(form, true)}
            <TextField
                name="bridge"
                label=t("field-bridge")
                value=form.value("bridge")
                on_input=form.input("bridge")
                error=form.error("bridge")
                help=t("field-bridge-help")
                required=true
            />
            {all_users}
        </FormDialog>
    }
    .into_any()
}
