//! Virtual machines: the list, and the head of the page of one.

use leptos::prelude::*;
use model::event::EventRow;
use model::id::Kind;
use model::list::ListQuery;
use model::text::{t, ta};
use model::vm::{VmDetails, VmRow};
use model::vm_options::Graphics;
use model::{Action, Refusal};
use ui::{Icon, UseBar};
use uuid::Uuid;

use super::leases::{EXTEND, expires};
use super::leases_dialog::Extend;
use super::permissions;
use super::tags_assign;
use super::vms_dialog::{Edit, Remove};
use super::vms_hardware::{DISKS, NICS, disks, nics};
use super::vms_hardware_dialogs;
use super::vms_more::{ChangeCd, MakeTemplate, Viewer};
use super::vms_parts::{general, guest};
use crate::api;
use crate::frame::ListTab;
use crate::parts::action::{Deed, always};
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, known_part, over};
use crate::parts::dialogs::ReasonDialog;
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, numbers, pane, sorted};
use crate::parts::time::Since;
use crate::parts::used;
use crate::parts::value::{bytes, link, name, number, quota, rate, status, tags, text, vm_look};
use crate::paths;

impl Listed for VmRow {
    const TAB: ListTab = ListTab::Vms;
    const KIND: Kind = Kind::Vm;
    const EMPTY: (&'static str, &'static str) = ("vms-none", "vms-none-hint");
    const NEW: Option<&'static str> = Some("action-create-vm");
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
                sorted("field-name", "name", |r: &VmRow| name(ListTab::Vms, r.id, r.name.clone())),
                sorted("field-comment", "comment", |r| text(r.comment.clone())),
                sorted("field-host", "host", host),
                sorted("field-addresses", "addresses", |r| text(r.addresses.join(", "))),
                sorted("field-fqdn", "fqdn", |r| text(r.fqdn.clone())),
                sorted("field-cluster", "cluster", |r| {
                    link(ListTab::Clusters, r.cluster.0, r.cluster.1.clone())
                }),
                sorted("field-data-center", "data_center", |r| {
                    link(ListTab::DataCenters, r.data_center.0, r.data_center.1.clone())
                }),
                sorted("field-memory", "memory_percent", |r| bar("field-memory", r.memory_percent)),
                sorted("field-cpu", "cpu_percent", |r| bar("field-cpu", r.cpu_percent)),
                numbers("field-network", "network", |r| rate(r.network_rate).into_any()),
                sorted("field-graphics-list", "graphics", |r| text(r.graphics.label())),
                sorted("field-status", "status", state),
                sorted("field-uptime", "uptime", |r| view! { <Since at=r.started_at/> }.into_any()),
                sorted("field-description", "description", |r| text(r.description.clone())),
                numbers("field-vcpus", "vcpus", |r: &VmRow| number(r.vcpus)).hidden(),
                numbers("field-memory-size", "memory", |r: &VmRow| bytes(Some(r.memory))).hidden(),
                sorted("kind-quota-title", "quota", |r: &VmRow| quota(&r.quota)).hidden(),
                sorted("field-expires", "expires", expires).hidden(),
                sorted("field-tags", "tags", |r: &VmRow| tags(ListTab::Vms, &r.tags)).hidden(),
                sorted("field-id", "id", |r: &VmRow| text(r.id.to_string())).hidden(),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[
                Deed::new(Action::EditVm, "edit", Icon::Edit, |r: &VmRow| r.status.can(Action::EditVm)),
                Deed::new(Action::RemoveVm, "remove", Icon::Remove, |r: &VmRow| r.can(Action::RemoveVm))
                    .danger(),
                Deed::new(Action::RunVm, "run", Icon::Play, |r: &VmRow| r.can(Action::RunVm))
                    .at_once()
                    .reason(),
                Deed::new(Action::SuspendVm, "suspend", Icon::Moon, |r: &VmRow| {
                    r.status.can(Action::SuspendVm)
                }),
                Deed::new(Action::ShutdownVm, "shutdown", Icon::Stop, |r| r.status.can(Action::ShutdownVm)),
                Deed::new(Action::PowerOffVm, "power-off", Icon::Power, |r| r.status.can(Action::PowerOffVm)),
                Deed::new(Action::RebootVm, "reboot", Icon::Restart, |r| r.status.can(Action::RebootVm)),
                Deed::new(Action::OpenConsole, "console", Icon::Terminal, can_look).apart(),
                Deed::new(Action::OpenViewer, "viewer", Icon::External, can_look).rare(),
                Deed::new(Action::PauseVm, "pause", Icon::Paused, |r: &VmRow| r.status.can(Action::PauseVm))
                    .rare(),
                Deed::new(Action::ResetVm, "reset", Icon::Refresh, |r: &VmRow| r.status.can(Action::ResetVm))
                    .rare(),
                Deed::new(Action::ChangeCd, "change-cd", Icon::Disc, |r: &VmRow| {
                    r.status.can(Action::ChangeCd)
                })
                .rare(),
                Deed::new(Action::MakeTemplate, "make-template", Icon::Template, |r: &VmRow| {
                    r.status.can(Action::MakeTemplate)
                })
                .rare(),
                Deed::new(Action::ExtendLease, EXTEND, Icon::Hourglass, VmRow::has_lease).rare(),
                Deed::new(Action::AssignTags, "assign-tags", Icon::Tag, always).rare(),
            ]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::vms::list(query))
    }
}

fn can_look(r: &VmRow) -> Result<(), Refusal> {
    if r.graphics == Graphics::None {
        return Err(Refusal::new("refusal-headless").with("name", &r.name));
    }
    r.status.can(Action::OpenConsole)
}

pub fn state(r: &VmRow) -> AnyView {
    status(vm_look(r.status), r.status.label(), r.status_reason.as_ref().map(ToString::to_string))
}

pub fn host(r: &VmRow) -> AnyView {
    match &r.host {
        Some((id, name)) => link(ListTab::Hosts, id, name.clone()),
        None => text(None),
    }
}

fn bar(label: &str, percent: Option<f32>) -> AnyView {
    view! { <UseBar label=t(label) percent=percent/> }.into_any()
}

impl Detailed for VmDetails {
    type Row = VmRow;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::vms::get(id.into()))
    }

    fn row(&self) -> &VmRow {
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

    fn note(&self, action: Action) -> Option<String> {
        let stopped = self.stop_reason.as_ref().filter(|_| action == Action::RunVm)?;
        Some(ta("vm-stopped-because", &[("reason", stopped)]))
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf {
                    word: "use",
                    label: "part-use",
                    view: PartView::Pane(|id| used::over_time(Kind::Vm, id)),
                },
                PartOf { word: DISKS, label: "tab-disks", view: PartView::Facts(disks) },
                PartOf { word: NICS, label: "part-nics", view: PartView::Facts(nics) },
                PartOf { word: "guest", label: "part-guest", view: PartView::Facts(guest) },
                PartOf {
                    word: "permissions",
                    label: "tab-permissions",
                    view: PartView::Pane(|id| permissions::pane(Kind::Vm, id)),
                },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<VmRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<VmDetails>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| {
        match part {
        "edit" => view! { <Edit/> }.into_any(),
        "remove" => view! { <Remove/> }.into_any(),
        "run" => view! { <ReasonDialog<VmDetails> action=Action::RunVm part="run" hint="vm-run-hint"/> }.into_any(),
        "suspend" => {
            view! { <ReasonDialog<VmDetails> action=Action::SuspendVm part="suspend" hint="vm-suspend-hint"/> }
                .into_any()
        }
        "change-cd" => view! { <ChangeCd/> }.into_any(),
        "make-template" => view! { <MakeTemplate/> }.into_any(),
        "viewer" => view! { <Viewer/> }.into_any(),
        EXTEND => view! { <Extend/> }.into_any(),
        "assign-tags" => tags_assign::one(ListTab::Vms, Kind::Vm),
        "shutdown" => view! {
            <ReasonDialog<VmDetails> action=Action::ShutdownVm part="shutdown" hint="vm-shutdown-hint"/>
        }
        .into_any(),
        "power-off" => view! {
            <ReasonDialog<VmDetails> action=Action::PowerOffVm part="power-off" hint="vm-power-off-hint" danger=true/>
        }
        .into_any(),
        "reboot" => {
            view! { <ReasonDialog<VmDetails> action=Action::RebootVm part="reboot" hint="vm-reboot-hint"/> }.into_any()
        }
        "reset" => view! {
            <ReasonDialog<VmDetails> action=Action::ResetVm part="reset" hint="vm-reset-hint" danger=true/>
        }
        .into_any(),
        "pause" => {
            view! { <ReasonDialog<VmDetails> action=Action::PauseVm part="pause" hint="vm-pause-hint"/> }.into_any()
        }
        word => vms_hardware_dialogs::over(word).unwrap_or_else(|| known_part::<VmDetails>(word)),
    }
    })
}
