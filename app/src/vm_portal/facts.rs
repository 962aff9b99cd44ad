//! What the cards of a machine's page say.

use leptos::prelude::*;
use model::text::{Text, t, ta};
use model::vm::{Nic, VmDetails, VmDisk};
use model::{Action, size};
use ui::{ButtonKind, ButtonLink, Card, DescriptionList, Detail, Icon};

use super::card::{page, part};
use crate::frame::ListTab;
use crate::pages::leases::fact;
use crate::parts::details::Facts;
use crate::parts::time::{Since, When};
use crate::parts::value::{bytes, disk_look, status, text};
use crate::paths;

fn list(facts: Facts) -> AnyView {
    let one =
        |(term, value): (&'static str, AnyView)| view! { <Detail term=t(term)>{value}</Detail> }.into_any();
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

/// What may be done with a part of a machine, and whether it can be now.
struct Deeds<'a> {
    vm: &'a VmDetails,
    may: &'a [Action],
    back: String,
}

impl Deeds<'_> {
    fn refused(&self, action: Action) -> Signal<Option<String>> {
        Signal::stored(self.vm.row.can(action).err().map(|refusal| refusal.to_string()))
    }

    fn may(&self, action: Action) -> bool {
        self.may.contains(&action)
    }

    /// A button at the head of a card.
    fn add(&self, action: Action, word: &str) -> Option<AnyView> {
        let (href, label) = (part(self.vm.row.id.0, word, &self.back), action.label());
        let refused = self.refused(action);
        self.may(action).then(|| {
            view! { <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Plus href=href label=label refused=refused/> }
                .into_any()
        })
    }

    /// A button beside a part; `href` is where it is done.
    fn with(&self, action: Action, icon: Icon, href: String, name: &str) -> Option<AnyView> {
        let label = ta("deed-title", &[("action", &action.label()), ("name", name)]);
        let refused = self.refused(action);
        self.may(action).then(|| {
            view! { <ButtonLink kind=ButtonKind::Plain small=true icon=icon href=href label=label refused=refused/> }
                .into_any()
        })
    }

    /// A dialog of the machine about one of its parts.
    fn about(&self, word: &str, name: &str, id: &str) -> String {
        let dialog = paths::asking(&format!("{}/{word}", page(self.vm.row.id.0)), name, id);
        paths::returning(&dialog, &self.back)
    }
}

fn card_of(title: &'static str, actions: Option<AnyView>, inside: AnyView) -> AnyView {
    match actions {
        Some(actions) => view! { <Card title=t(title) actions=move || actions>{inside}</Card> }.into_any(),
        None => view! { <Card title=t(title)>{inside}</Card> }.into_any(),
    }
}

pub fn disks(vm: &VmDetails, may: &[Action]) -> AnyView {
    let deeds = Deeds { vm, may, back: page(vm.row.id.0) };
    let one = |disk: &VmDisk| {
        let about = format!("{} \u{b7} {}", size::bytes(disk.virtual_size), disk.allocation.label());
        let about = if disk.bootable { format!("{about} \u{b7} {}", t("field-bootable")) } else { about };
        let edit = paths::in_portal(&paths::part(ListTab::Disks, disk.id, "edit")).unwrap_or_default();
        let edit = deeds.may(Action::AddDisk).then(|| {
            let label = ta("deed-title", &[("action", &Action::EditDisk.label()), ("name", &disk.alias)]);
            let href = paths::returning(&edit, &deeds.back);
            view! { <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Edit href=href label=label/> }
        });
        let detach = deeds.about("detach-disk", "disk", &disk.id.to_string());
        let detach = deeds.with(Action::DetachDisk, Icon::Remove, detach, &disk.alias);
        let look = status(disk_look(disk.status), disk.status.label(), None);
        part_line(disk.alias.clone(), about, view! { {look} {edit} {detach} }.into_any())
    };
    let inside = match vm.disks.is_empty() {
        true => t("vm-no-disks").into_any(),
        false => view! { <ul class="dr-parts">{vm.disks.iter().map(one).collect_view()}</ul> }.into_any(),
    };
    card_of("tab-disks", deeds.add(Action::AddDisk, "add-disk"), inside)
}

pub fn nics(vm: &VmDetails, may: &[Action]) -> AnyView {
    let deeds = Deeds { vm, may, back: page(vm.row.id.0) };
    let one = |nic: &Nic| {
        let network = nic.network.as_ref().map_or_else(|| t("value-none"), |(_, name)| name.clone());
        let off = (!nic.plugged || !nic.linked).then(|| t("link-down"));
        let about = [network, nic.mac.clone()].into_iter().chain(nic.addresses.iter().cloned()).chain(off);
        let id = nic.id.to_string();
        let edit = deeds.with(Action::EditNic, Icon::Edit, deeds.about("edit-nic", "nic", &id), &nic.name);
        let remove =
            deeds.with(Action::RemoveNic, Icon::Remove, deeds.about("remove-nic", "nic", &id), &nic.name);
        let about = about.collect::<Vec<_>>().join(" \u{b7} ");
        part_line(nic.name.clone(), about, view! { {edit} {remove} }.into_any())
    };
    let inside = match vm.nics.is_empty() {
        true => t("vm-no-nics").into_any(),
        false => view! { <ul class="dr-parts">{vm.nics.iter().map(one).collect_view()}</ul> }.into_any(),
    };
    card_of("part-nics", deeds.add(Action::AddNic, "add-nic"), inside)
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
