//! Quotas: the list with what is used, the page of one.

use leptos::prelude::*;
use model::disk::DiskRow;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::quota::{QuotaRow, Resource, Use};
use model::text::{t, ta};
use model::vm::VmRow;
use model::{Action, Refusal};
use ui::{ButtonLink, Cards, Icon, Section, UseBar};
use uuid::Uuid;

use super::leases::said;
use crate::api::charts::{Chart, draw};
use crate::api::{self, Data};
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, pane, pane_found, plain, sorted};
use crate::parts::used::drawn;
use crate::parts::value::{link, name, text};
use crate::parts::waiting::shown;
use crate::paths;

fn own(r: &QuotaRow) -> Result<(), Refusal> {
    r.own()
}

impl Listed for QuotaRow {
    const TAB: ListTab = ListTab::Quotas;
    const KIND: Kind = Kind::Quota;
    const EMPTY: (&'static str, &'static str) = ("quotas-none", "quotas-none-hint");
    const NEW: Option<&'static str> = Some("action-create-quota");
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
                sorted("field-name", "name", |r: &QuotaRow| {
                    name(ListTab::Quotas, r.id, r.config.name.clone())
                }),
                sorted("field-data-center", "data_center", |r| {
                    link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())
                }),
                sorted("field-quota-mode", "mode", |r| text(r.mode.label())),
                plain("field-vcpus", |r| bar(r, Resource::Vcpus)),
                plain("field-memory", |r| bar(r, Resource::Memory)),
                plain("field-storage", |r| bar(r, Resource::Storage)),
                plain("field-requests", asked),
                sorted("field-description", "description", |r| text(r.config.description.clone())),
                sorted("field-id", "id", |r: &QuotaRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditQuota, "edit", Icon::Edit, own),
                Deed::new(Action::CopyQuota, "copy", Icon::Copy, always),
                Deed::new(Action::RemoveQuota, "remove", Icon::Remove, own).danger(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::quotas::list(query))
    }
}

impl Detailed for QuotaRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::quotas::get(id.into()))
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
                PartOf { word: "vms", label: "tab-vms", view: PartView::Pane(vms) },
                PartOf { word: "disks", label: "tab-disks", view: PartView::Pane(disks) },
                PartOf { word: "consumers", label: "quota-consumers", view: PartView::Pane(consumers) },
                PartOf { word: "requests", label: "quota-requests", view: PartView::Pane(requests) },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

/// The fullest of the limits; what has none says so.
fn bar(r: &QuotaRow, what: Resource) -> AnyView {
    let limits = || r.uses.iter().filter(|u| u.what == what && u.most.is_some());
    match limits().max_by_key(|u| (u.percent().unwrap_or(u.used), u.used)) {
        Some(fullest) => meter(fullest),
        None => t("quota-unlimited").into_any(),
    }
}

fn meter(u: &Use) -> AnyView {
    match u.percent() {
        Some(percent) => {
            let percent = Signal::stored(Some(percent as f32));
            view! { <UseBar label=u.label().to_string() percent=percent/> }.into_any()
        }
        None => t("quota-nothing").into_any(),
    }
}

/// "8 of 10" behind its bar.
fn used(u: &Use) -> AnyView {
    let Some(most) = u.most else {
        let n = ta("quota-used-unlimited", &[("n", &u.what.amount(u.used))]);
        return n.into_any();
    };
    let of = ta("value-of", &[("n", &u.what.amount(u.used)), ("all", &u.what.amount(most))]);
    view! { {meter(u)} " " {of} }.into_any()
}

fn general(r: &QuotaRow) -> AnyView {
    let c = &r.config;
    let percent = |n: u32| ta("value-percent", &[("n", &n.to_string())]);
    let both = |threshold: u32, grace: u32| {
        ta("quota-margins", &[("threshold", &percent(threshold)), ("grace", &percent(grace))])
    };
    let own = vec![
        ("field-name", text(c.name.clone())),
        ("field-data-center", link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())),
        ("field-quota-mode", text(r.mode.label())),
        ("quota-cluster-part", text(both(c.cluster_threshold, c.cluster_grace))),
        ("quota-storage-part", text(both(c.storage_threshold, c.storage_grace))),
        ("lease", said(c.lease)),
        ("field-description", text(c.description.clone())),
        ("field-id", text(r.id.to_string())),
    ];
    let uses: Vec<AnyView> = r
        .uses
        .iter()
        .map(|u| {
            let (term, value) = (u.label().to_string(), used(u));
            view! { <ui::Detail term=term>{value}</ui::Detail> }.into_any()
        })
        .collect();
    let over = r.over().next().is_some().then(|| {
        view! { <ui::Alert tone=ui::Tone::Warning title=t("quota-over") tone_label=t("alert-warning")/> }
    });
    let uses = if uses.is_empty() {
        view! { <p>{t("quota-default-hint")}</p> }.into_any()
    } else {
        view! { <ui::DescriptionList>{uses}</ui::DescriptionList> }.into_any()
    };
    view! {
        {over}
        <Cards>
            {card("part-general", own)}
            <ui::Card title=t("part-use")>{uses}</ui::Card>
        </Cards>
    }
    .into_any()
}

fn vms(id: Uuid) -> AnyView {
    pane_found::<VmRow>(format!("_quota_id = {id}"))
}

fn disks(id: Uuid) -> AnyView {
    pane_found::<DiskRow>(format!("_quota_id = {id}"))
}

fn consumers(id: Uuid) -> AnyView {
    let chart = Data::new(move || draw(Chart::Consumers(id).words()));
    view! {
        <Section>
            <ButtonLink href=paths::part(ListTab::Quotas, id, "consumers-edit") icon=Icon::Users>
                {t("quota-consumers-edit")}
            </ButtonLink>
            {shown(3, chart, drawn)}
        </Section>
    }
    .into_any()
}

/// The open ones first. Read again when somebody asks or answers.
fn requests(id: Uuid) -> AnyView {
    let chart = Data::new(move || draw(Chart::Requests(id).words()));
    details::follow(Callback::new(move |()| chart.refetch()), id);
    view! { <Section>{shown(3, chart, drawn)}</Section> }.into_any()
}

/// How many wait for an answer.
fn asked(r: &QuotaRow) -> AnyView {
    match r.asked {
        0 => text(None),
        n => view! { <a href=paths::part(ListTab::Quotas, r.id, "requests")>{n}</a> }.into_any(),
    }
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<QuotaRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<QuotaRow>/> }
}
