//! The disks and network interfaces of a VM on its page, with what can be done with them.

use leptos::prelude::*;
use model::Action;
use model::text::{t, ta};
use model::vm::{Nic, VmDetails, VmDisk};
use ui::{ButtonKind, ButtonLink, Cell, Column, EmptyState, Icon, Row, Table, Toolbar, ToolbarItem};
use uuid::Uuid;

use crate::frame::ListTab;
use crate::parts::value::{bytes, disk_look, link, status, text};
use crate::paths;

/// Parts of a VM's address.
pub const DISKS: &str = "disks";
pub const NICS: &str = "nics";

pub fn disks(vm: &VmDetails) -> AnyView {
    let id = vm.row.id.0;
    let refused = refusal(vm, Action::AddDisk);
    let new = head(id, (DISKS, "add-disk"), Action::AddDisk, Icon::Plus, refused.clone());
    let attach = head(id, (DISKS, "attach-disk"), Action::AttachDisk, Icon::HardDrive, refused.clone());
    let head = view! { <Toolbar label=t("tab-disks")>{new} {attach}</Toolbar> }.into_any();
    let lines = vm.disks.iter().cloned().map(|disk| disk_line(id, disk, refused.clone())).collect_view();
    let keys = [
        "field-alias",
        "field-virtual-size",
        "field-actual-size",
        "field-allocation",
        "field-interface",
        "field-bootable",
        "field-storage-domain",
        "field-status",
    ];
    let table = match vm.disks.is_empty() {
        true => nothing(Icon::HardDrive, "vm-no-disks"),
        false => view! { <Table label=t("tab-disks") columns=heads(&keys)>{lines}</Table> }.into_any(),
    };
    view! { {head} {table} }.into_any()
}

fn disk_line(vm: Uuid, d: VmDisk, refused: Option<String>) -> AnyView {
    let next = paths::part(ListTab::Vms, vm, DISKS);
    let edit = paths::returning(&paths::part(ListTab::Disks, d.id, "edit"), &next);
    let remove = paths::asking(&paths::part(ListTab::Vms, vm, "detach-disk"), "disk", &d.id.to_string());
    let remove = paths::returning(&remove, &next);
    let deeds = [
        deed(Action::EditDisk, Icon::Edit, edit, &d.alias, None),
        deed(Action::DetachDisk, Icon::Remove, remove, &d.alias, refused),
    ];
    view! {
        <Row>
            <Cell>{link(ListTab::Disks, d.id, d.alias)}</Cell>
            <Cell end=true>{bytes(Some(d.virtual_size))}</Cell>
            <Cell end=true>{bytes(Some(d.actual_size))}</Cell>
            <Cell>{d.allocation.label()}</Cell>
            <Cell>{d.interface.label()}</Cell>
            <Cell>{yes(d.bootable)}</Cell>
            <Cell>{d.storage_domain}</Cell>
            <Cell>{status(disk_look(d.status), d.status.label(), None)}</Cell>
            <Cell>{deeds.into_iter().collect_view()}</Cell>
        </Row>
    }
    .into_any()
}

pub fn nics(vm: &VmDetails) -> AnyView {
    let id = vm.row.id.0;
    let refused = refusal(vm, Action::AddNic);
    let new = head(id, (NICS, "add-nic"), Action::AddNic, Icon::Plus, refused.clone());
    let head = view! { <Toolbar label=t("part-nics")>{new}</Toolbar> }.into_any();
    let lines = vm.nics.iter().cloned().map(|nic| nic_line(id, nic, refused.clone())).collect_view();
    let keys = [
        "field-name",
        "kind-network-title",
        "field-nic-model",
        "field-plugged",
        "field-linked",
        "field-mac",
        "field-addresses",
    ];
    let table = match vm.nics.is_empty() {
        true => nothing(Icon::Network, "vm-no-nics"),
        false => view! { <Table label=t("part-nics") columns=heads(&keys)>{lines}</Table> }.into_any(),
    };
    view! { {head} {table} }.into_any()
}

fn nic_line(vm: Uuid, n: Nic, refused: Option<String>) -> AnyView {
    let next = paths::part(ListTab::Vms, vm, NICS);
    let href = |part| {
        let dialog = paths::asking(&paths::part(ListTab::Vms, vm, part), "nic", &n.id.to_string());
        paths::returning(&dialog, &next)
    };
    let deeds = [
        deed(Action::EditNic, Icon::Edit, href("edit-nic"), &n.name, refused.clone()),
        deed(Action::RemoveNic, Icon::Remove, href("remove-nic"), &n.name, refused),
    ];
    let network = match n.network {
        Some((id, name)) => link(ListTab::Networks, id, name),
        None => text(None),
    };
    view! {
        <Row>
            <Cell>{n.name}</Cell>
            <Cell>{network}</Cell>
            <Cell>{n.model.label()}</Cell>
            <Cell>{yes(n.plugged)}</Cell>
            <Cell>{t(if n.linked { "link-up" } else { "link-down" })}</Cell>
            <Cell mono=true>{n.mac}</Cell>
            <Cell>{text(n.addresses.join(", "))}</Cell>
            <Cell>{deeds.into_iter().collect_view()}</Cell>
        </Row>
    }
    .into_any()
}

fn yes(on: bool) -> String {
    t(if on { "value-yes" } else { "value-no" })
}

/// Why the VM's hardware cannot be changed now.
fn refusal(vm: &VmDetails, action: Action) -> Option<String> {
    vm.row.status.can(action).err().map(|refusal| refusal.to_string())
}

/// A button above the table of a part, to the dialog with this word.
fn head(
    vm: Uuid,
    (part, word): (&str, &str),
    action: Action,
    icon: Icon,
    refused: Option<String>,
) -> AnyView {
    let next = paths::part(ListTab::Vms, vm, part);
    let href = paths::returning(&paths::part(ListTab::Vms, vm, word), &next);
    let refused = Signal::stored(refused);
    view! {
        <ToolbarItem>
            <ButtonLink kind=ButtonKind::Secondary icon=icon href=href refused=refused>{action.label()}</ButtonLink>
        </ToolbarItem>
    }
    .into_any()
}

/// A button in a line, named with what it is about.
fn deed(action: Action, icon: Icon, href: String, name: &str, refused: Option<String>) -> AnyView {
    let label = ta("deed-title", &[("action", &action.label()), ("name", name)]);
    let refused = Signal::stored(refused);
    view! {
        <ButtonLink kind=ButtonKind::Plain small=true icon=icon href=href label=label refused=refused/>
    }
    .into_any()
}

/// With a last one for the deeds.
fn heads(keys: &[&'static str]) -> Vec<Column> {
    let own = keys.iter().map(|key| Column::new(t(key)));
    own.chain([Column::new(t("list-deeds-column")).hidden_title().narrow()]).collect()
}

fn nothing(icon: Icon, key: &'static str) -> AnyView {
    view! { <EmptyState icon=icon title=t(key) small=true>{t(&format!("{key}-hint"))}</EmptyState> }
        .into_any()
}
