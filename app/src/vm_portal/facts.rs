//! What the cards of a machine's page say.

use leptos::prelude::*;
use model::statistics::UsePoint;
use model::text::{Text, t};
use model::vm::{Nic, VmDetails, VmDisk};
use model::{Action, size};
use ui::{Card, DescriptionList, Detail};

use crate::pages::leases::fact;
use crate::parts::details::Facts;
use crate::parts::time::{Since, When};
use crate::parts::used;
use crate::parts::value::{bytes, disk_look, rate, status, text};

fn list(facts: Facts) -> AnyView {
    let one = |(term, value): (&'static str, AnyView)| view! { <Detail term=t(term)>{value}</Detail> }.into_any();
    view! { <DescriptionList>{facts.into_iter().map(one).collect_view()}</DescriptionList> }.into_any()
}

pub fn overview(vm: &VmDetails) -> AnyView {
    let r = &vm.row;
    list(vec![
        ("field-name", text(r.name.clone())),
        ("field-description", text(r.description.clone())),
        ("field-comment", text(r.comment.clone())),
        ("field-os", text(r.os.clone())),
        ("field-addresses", text(r.addresses.join(", "))),
        ("field-fqdn", text(r.fqdn.clone())),
        ("field-uptime", view! { <Since at=r.started_at/> }.into_any()),
        ("field-reason", text(r.status_reason.as_ref().map(ToString::to_string))),
        ("field-created", view! { <When at=vm.created_at/> }.into_any()),
        ("field-expires", if r.expires_at.is_some() { fact(r) } else { text(t("lease-never")) }),
    ])
}

pub fn hardware(vm: &VmDetails) -> AnyView {
    let r = &vm.row;
    let template = vm.template.as_ref().map_or_else(|| t("vm-blank"), |(_, name)| name.clone());
    let quota = r.quota.as_ref().map_or_else(|| t("quota-default"), |(_, name)| name.clone());
    let shape = Text::new("vm-topology")
        .with("sockets", vm.sockets)
        .with("cores", vm.cores)
        .with("threads", vm.threads);
    let order: Vec<String> = vm.options.boot.iter().map(|device| device.label()).collect();
    list(vec![
        ("field-memory", bytes(Some(r.memory))),
        ("field-vcpus", text(model::text::count(r.vcpus.into()))),
        ("field-topology", text(shape.to_string())),
        ("field-boot-order", text(order.join(", "))),
        ("field-boot-menu", text(t(if vm.options.boot_menu { "value-yes" } else { "value-no" }))),
        ("field-cd", text(vm.options.cd.as_ref().map(|cd| cd.name.clone()))),
        ("field-graphics", text(r.graphics.label())),
        ("field-template", text(template)),
        ("field-cluster", text(r.cluster.1.clone())),
        ("kind-quota-title", text(quota)),
    ])
}

/// The last hour; of what is off, there is nothing to show.
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
    view! { <Card title=t("part-use")>{cpu} {memory} {network}</Card> }
    .into_any()
}

pub fn disks(vm: &VmDetails, _may: &[Action]) -> AnyView {
    if vm.disks.is_empty() {
        return view! { <Card title=t("tab-disks")>{t("vm-no-disks")}</Card> }.into_any();
    }
    let one = |disk: &VmDisk| {
        let about = format!("{} \u{b7} {}", size::bytes(disk.virtual_size), disk.allocation.label());
        let about = if disk.bootable { format!("{about} \u{b7} {}", t("field-bootable")) } else { about };
        let look = status(disk_look(disk.status), disk.status.label(), None);
        part_line(disk.alias.clone(), about, look)
    };
    let lines = vm.disks.iter().map(one).collect_view();
    view! { <Card title=t("tab-disks")><ul class="dr-parts">{lines}</ul></Card> }.into_any()
}

pub fn nics(vm: &VmDetails, _may: &[Action]) -> AnyView {
    if vm.nics.is_empty() {
        return view! { <Card title=t("part-nics")>{t("vm-no-nics")}</Card> }.into_any();
    }
    let one = |nic: &Nic| {
        let network = nic.network.as_ref().map_or_else(|| t("value-none"), |(_, name)| name.clone());
        let about = [network, nic.mac.clone()].into_iter().chain(nic.addresses.iter().cloned());
        part_line(nic.name.clone(), about.collect::<Vec<_>>().join(" \u{b7} "), ().into_any())
    };
    let lines = vm.nics.iter().map(one).collect_view();
    view! { <Card title=t("part-nics")><ul class="dr-parts">{lines}</ul></Card> }.into_any()
}

fn part_line(name: String, about: String, end: AnyView) -> AnyView {
    view! {
        <li class="dr-parts__one">
            <span class="dr-parts__name">{name}</span>
            <span class="dr-parts__about">{about}</span>
            <span class="dr-parts__end">{end}</span>
        </li>
    }
    .into_any()
}
