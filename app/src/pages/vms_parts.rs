//! The parts of a VM's page: general with its use, and what the guest tells.

use leptos::prelude::*;
use model::statistics::UsePoint;
use model::text::t;
use model::vm::{GuestInfo, GuestInterface, VmDetails};
use model::{Action, Text};
use ui::{Alert, Card, Cards, Cell, Column, EmptyState, Icon, Row, Table, Tone};

use super::leases;
use super::vms::{host, state};
use crate::frame::ListTab;
use crate::parts::details::{Detailed, card};
use crate::parts::time::{Since, When};
use crate::parts::used;
use crate::parts::value::{bytes, link, number, quota, rate, tags, text};

pub fn general(vm: &VmDetails) -> AnyView {
    let r = &vm.row;
    let template = match &vm.template {
        Some((id, name)) => link(ListTab::Templates, id, name.clone()),
        None => t("vm-blank").into_any(),
    };
    let own = vec![
        ("field-name", text(r.name.clone())),
        ("field-description", text(r.description.clone())),
        ("field-comment", text(r.comment.clone())),
        ("field-cluster", link(ListTab::Clusters, r.cluster.0, r.cluster.1.clone())),
        ("field-template", template),
        ("field-created", view! { <When at=vm.created_at/> }.into_any()),
        ("field-expires", leases::fact(r)),
        ("field-tags", tags(ListTab::Vms, &r.tags)),
        ("field-id", text(r.id.to_string())),
    ];
    let now = vec![
        ("field-status", state(r)),
        ("field-reason", text(r.status_reason.as_ref().map(ToString::to_string))),
        ("field-host", host(r)),
        ("field-uptime", view! { <Since at=r.started_at/> }.into_any()),
        ("field-addresses", text(r.addresses.join(", "))),
        ("field-fqdn", text(r.fqdn.clone())),
    ];
    let now =
        now.into_iter().chain(vm.ha_next_at.map(|at| ("field-ha-next", view! { <When at=at/> }.into_any())));
    let now: Vec<_> = now.collect();
    let shape = Text::new("vm-topology")
        .with("sockets", vm.sockets)
        .with("cores", vm.cores)
        .with("threads", vm.threads);
    let hardware = vec![
        ("field-memory", bytes(Some(r.memory))),
        ("field-vcpus", number(r.vcpus)),
        ("field-topology", text(shape.to_string())),
        ("kind-quota-title", quota(&vm.row.quota)),
        ("field-cpu-model", text(vm.cpu_model.clone().unwrap_or_else(|| t("vm-cpu-host")))),
        ("field-graphics", text(vm.options.graphics.label())),
        ("field-keyboard", text(vm.options.keyboard.clone().unwrap_or_else(|| t("vm-keyboard-default")))),
        ("field-disconnect", text(vm.options.disconnect.label())),
    ];
    let hosts: Vec<AnyView> = vm
        .option_hosts
        .iter()
        .map(|(id, name)| view! { {link(ListTab::Hosts, id, name.clone())} " " }.into_any())
        .collect();
    let hosts = if hosts.is_empty() { t("vm-any-host").into_any() } else { hosts.into_any() };
    let yes = |on: bool| t(if on { "value-yes" } else { "value-no" });
    let ha = if vm.options.ha { vm.options.priority.label() } else { t("value-no") };
    let order: Vec<String> = vm.options.boot.iter().map(|device| device.label()).collect();
    let running = vec![
        ("field-hosts", hosts),
        ("field-migration", text(vm.options.migration.label())),
        ("field-ha", text(ha)),
        ("field-protected", text(yes(r.protected))),
        ("field-boot-order", text(order.join(", "))),
        ("field-cd", text(vm.options.cd.as_ref().map(|cd| cd.name.clone()))),
        ("field-kernel", text(vm.options.kernel.clone())),
    ];
    let pending = vm.next_run_changes.then(|| {
        view! { <Alert tone=Tone::Info title=t("vm-next-run") tone_label=t("alert-info")/> }
    });
    let used = used(vm);
    let stopped = vm.note(Action::RunVm).filter(|_| r.can(Action::RunVm).is_ok()).map(|note| {
        view! { <Alert tone=Tone::Info title=note tone_label=t("alert-info")/> }
    });
    view! {
        {leases::alert(vm)}
        {pending}
        {stopped}
        <Cards>{card("part-general", own)}{card("part-now", now)}{card("part-hardware", hardware)}{card("part-running", running)}{used}</Cards>
    }
    .into_any()
}

/// The last hour, with the newest numbers beside each curve.
pub fn used(vm: &VmDetails) -> AnyView {
    let points = &vm.use_history;
    if points.is_empty() {
        return view! { <Card title=t("part-use")>{t("vm-no-use")}</Card> }.into_any();
    }
    let curve = |f: fn(&UsePoint) -> f32| points.iter().rev().map(f).collect::<Vec<f32>>();
    let network = curve(|p| p.network_rate as f32);
    let top = network.iter().copied().fold(1.0, f32::max);
    let cpu = used::percent("field-cpu", curve(|p| p.cpu_percent), vm.row.cpu_percent);
    let memory = used::percent("field-memory", curve(|p| p.memory_percent), vm.row.memory_percent);
    let network = used::line("field-network", network, top, Some(rate(vm.row.network_rate)));
    view! { <Card title=t("part-use")>{cpu} {memory} {network}</Card> }.into_any()
}

fn heads<const N: usize>(keys: [&str; N]) -> Vec<Column> {
    keys.map(|key| Column::new(t(key))).to_vec()
}

pub fn guest(vm: &VmDetails) -> AnyView {
    let Some(guest) = &vm.guest else { return nothing(Icon::Info, "vm-no-guest") };
    let GuestInfo { hostname, os, kernel, agent_version, interfaces } = guest.clone();
    let facts = vec![
        ("field-fqdn", text(hostname)),
        ("guest-os", text(os)),
        ("guest-kernel", text(kernel)),
        ("guest-agent", text(agent_version)),
    ];
    let line = |i: GuestInterface| {
        view! {
            <Row>
                <Cell>{i.name}</Cell>
                <Cell mono=true>{i.mac}</Cell>
                <Cell>{i.addresses.join(", ")}</Cell>
            </Row>
        }
        .into_any()
    };
    let heads = heads(["field-name", "field-mac", "field-addresses"]);
    let lines = interfaces.into_iter().map(line).collect_view();
    view! {
        <Cards>
            {card("part-guest", facts)}
            <Card title=t("guest-interfaces")><Table label=t("guest-interfaces") columns=heads>{lines}</Table></Card>
        </Cards>
    }
    .into_any()
}

fn nothing(icon: Icon, key: &'static str) -> AnyView {
    view! { <EmptyState icon=icon title=t(key) small=true>{t(&format!("{key}-hint"))}</EmptyState> }
        .into_any()
}
