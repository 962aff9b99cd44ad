//! Hosts: the list and the page of one.

use leptos::prelude::*;
use model::event::EventRow;
use model::host::{HostDetails, HostRow};
use model::id::Kind;
use model::list::ListQuery;
use model::statistics::UsePoint;
use model::text::t;
use model::{Action, Text};
use ui::{Alert, Card, Cards, Icon, Tone, UseBar};
use uuid::Uuid;

use super::hosts_dialog::Edit;
use super::permissions;
use super::tags_assign;
use crate::api;
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, Facts, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::{ReasonDialog, RemoveDialog};
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, numbers, pane, sorted};
use crate::parts::time::When;
use crate::parts::used;
use crate::parts::value::{bytes, host_look, link, name, none, number, status, tags, text};
use crate::paths;

impl Listed for HostRow {
    const TAB: ListTab = ListTab::Hosts;
    const KIND: Kind = Kind::Host;
    const EMPTY: (&'static str, &'static str) = ("hosts-none", "hosts-none-hint");
    const NEW: Option<&'static str> = Some("action-create-host");
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
                sorted("field-name", "name", |r: &HostRow| name(ListTab::Hosts, r.id, r.name.clone())),
                sorted("field-comment", "comment", |r| text(r.comment.clone())),
                sorted("field-address-label", "address", |r| text(r.address.clone())),
                sorted("field-cluster", "cluster", |r| {
                    link(ListTab::Clusters, r.cluster.0, r.cluster.1.clone())
                }),
                sorted("field-data-center", "data_center", |r| {
                    link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())
                }),
                sorted("field-status", "status", state),
                numbers("tab-vms", "vms", |r| number(r.vm_count)),
                sorted("field-memory", "memory_percent", |r| bar("field-memory", r.memory_percent)),
                sorted("field-cpu", "cpu", |r| bar("field-cpu", r.cpu_percent)),
                numbers("field-memory-size", "memory", |r: &HostRow| bytes(r.memory)).hidden(),
                numbers("host-fact-cpus", "cpus", |r: &HostRow| text(r.cpus.map(|n| n.to_string()))).hidden(),
                sorted("field-tags", "tags", |r: &HostRow| tags(ListTab::Hosts, &r.tags)).hidden(),
                sorted("field-id", "id", |r: &HostRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditHost, "edit", Icon::Edit, |r: &HostRow| r.status.can(Action::EditHost)),
                Deed::new(Action::RemoveHost, "remove", Icon::Remove, |r: &HostRow| {
                    r.status.can(Action::RemoveHost)
                })
                .danger(),
                Deed::new(Action::Maintain, "maintenance", Icon::Wrench, |r| r.status.can(Action::Maintain)),
                Deed::new(Action::Activate, "activate", Icon::Connect, |r: &HostRow| {
                    r.status.can(Action::Activate)
                })
                .at_once(),
                Deed::new(Action::AssignTags, "assign-tags", Icon::Tag, always).rare(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::hosts::list(query))
    }
}

fn state(r: &HostRow) -> AnyView {
    status(host_look(r.status), r.status.label(), r.status_reason.as_ref().map(ToString::to_string))
}

fn bar(label: &str, percent: Option<f32>) -> AnyView {
    view! { <UseBar label=t(label) percent=percent/> }.into_any()
}

impl Detailed for HostDetails {
    type Row = HostRow;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::hosts::get(id.into()))
    }

    fn row(&self) -> &HostRow {
        &self.row
    }

    fn above(&self) -> Vec<(String, String)> {
        let r = &self.row;
        vec![
            (r.data_center.1.clone(), paths::object(ListTab::DataCenters, r.data_center.0)),
            (r.cluster.1.clone(), paths::object(ListTab::Clusters, r.cluster.0)),
        ]
    }

    fn state(&self) -> Option<AnyView> {
        Some(state(&self.row))
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf {
                    word: "use",
                    label: "part-use",
                    view: PartView::Pane(|id| used::over_time(Kind::Host, id)),
                },
                PartOf { word: "hardware", label: "part-hardware", view: PartView::Facts(hardware) },
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::Host, id)),
                },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn general(h: &HostDetails) -> AnyView {
    let (r, c) = (&h.row, &h.config);
    let own = vec![
        ("field-name", text(c.name.clone())),
        ("field-comment", text(c.comment.clone())),
        ("field-address-label", text(c.address.clone())),
        ("field-transport", text(t(&format!("transport-{}", c.transport.as_str())))),
        ("field-port", text(c.port.map(|p| p.to_string()))),
        ("field-acceleration", text(t(&format!("acceleration-{}", c.acceleration.as_str())))),
        ("field-cluster", link(ListTab::Clusters, r.cluster.0, r.cluster.1.clone())),
        ("field-tags", tags(ListTab::Hosts, &r.tags)),
        ("field-id", text(r.id.to_string())),
    ];
    let last_seen = h.last_seen.map_or_else(|| none().into_any(), |at| view! { <When at=at/> }.into_any());
    let now = vec![
        ("field-status", state(r)),
        ("field-reason", text(r.status_reason.as_ref().map(ToString::to_string))),
        ("field-last-seen", last_seen),
        ("tab-vms", number(r.vm_count)),
        ("field-memory", bar("field-memory", r.memory_percent)),
        ("field-cpu", bar("field-cpu", r.cpu_percent)),
        ("field-memory-limit", bytes(c.memory_limit)),
        ("field-cpu-limit", text(c.cpu_limit.map(|n| n.to_string()))),
    ];
    let warnings = h.warnings.iter().map(warning).collect_view();
    let hour = hour(h);
    view! { {warnings} <Cards>{card("part-general", own)}{card("part-now", now)}{hour}</Cards> }.into_any()
}

/// What it did in the last hour.
fn hour(h: &HostDetails) -> AnyView {
    if h.use_history.is_empty() {
        return view! { <Card title=t("part-use")>{t("host-no-use")}</Card> }.into_any();
    }
    let curve = |f: fn(&UsePoint) -> f32| h.use_history.iter().rev().map(f).collect::<Vec<f32>>();
    let cpu = used::percent("field-cpu", curve(|p| p.cpu_percent), h.row.cpu_percent);
    let memory = used::percent("field-memory", curve(|p| p.memory_percent), h.row.memory_percent);
    view! { <Card title=t("part-use")>{cpu} {memory}</Card> }.into_any()
}

fn warning(text: &Text) -> AnyView {
    view! { <Alert tone=Tone::Warning title=text.to_string() tone_label=t("alert-warning")/> }.into_any()
}

fn hardware(h: &HostDetails) -> AnyView {
    let Some(f) = &h.facts else { return t("host-no-facts").into_any() };
    let bridges = f.bridges.as_ref().map(|b| b.join(", "));
    let machine: Facts = vec![
        ("host-fact-hostname", text(f.hostname.clone())),
        ("host-fact-cpu", text(f.cpu_model.clone())),
        ("host-fact-vendor", text(f.cpu_vendor.clone())),
        ("host-fact-arch", text(f.arch.clone())),
        ("host-fact-cpus", number(f.cpus)),
        ("field-sockets", number(f.sockets)),
        ("field-cores", number(f.cores)),
        ("field-threads", number(f.threads)),
        ("host-fact-numa", number(f.numa_nodes)),
        ("host-fact-memory", bytes(Some(f.memory))),
    ];
    let software: Facts = vec![
        ("host-fact-libvirt", text(f.libvirt_version.clone())),
        ("host-fact-qemu", text(f.qemu_version.clone())),
        ("host-fact-kvm", text(t(if f.kvm_offered { "value-yes" } else { "value-no" }))),
        ("host-fact-bridges", text(bridges)),
        ("host-fact-machines", text(f.machine_types.join(", "))),
    ];
    view! { <Cards>{card("part-hardware", machine)}{card("part-software", software)}</Cards> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<HostRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<HostDetails>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| {
        match part {
        "edit" => view! { <Edit/> }.into_any(),
        "remove" => {
            view! { <RemoveDialog<HostDetails> action=Action::RemoveHost hint="host-remove-hint"/> }.into_any()
        }
        "maintenance" => view! {
            <ReasonDialog<HostDetails> action=Action::Maintain part="maintenance" hint="host-maintenance-hint"/>
        }
        .into_any(),
        "activate" => view! {
            <ReasonDialog<HostDetails> action=Action::Activate part="activate" hint="host-activate-hint" reason=false/>
        }
        .into_any(),
        "assign-tags" => tags_assign::one(ListTab::Hosts, Kind::Host),
        word => known_part::<HostDetails>(word),
    }
    })
}
