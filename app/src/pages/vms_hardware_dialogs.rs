//! The dialogs of a VM's disks and network interfaces. They are at addresses of the VM, so that every page that shows one
//! can lead to them.

use leptos::prelude::*;
use model::disk::Allocation;
use model::nic::{NicModel, free_name};
use model::text::{t, ta};
use model::vm::Nic;
use model::vm_disk::{DiskOfVm, Interface};
use model::{Action, size::GIB};
use ui::{Checkbox, Choice, FormRow, ModalSize, NumberField};
use uuid::Uuid;

use super::quotas_dialog::{projected, quota_field};
use crate::api::charts::After;
use crate::api::choices::HardwareChoices;
use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::hardware::{
    AddDiskForm, AttachDiskForm, DetachDiskForm, EditDiskForm, NicForm, RemoveNicForm,
};
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{Ways, choices, once_loaded, part_ways, preferred, unseen, use_id};
use crate::parts::fields::{line, list, switch};
use crate::paths;

/// The dialog over a VM's page with this word in its address, if it is one of these.
pub fn over(part: &str) -> Option<AnyView> {
    Some(match part {
        "add-disk" => of_vm(add_disk),
        "attach-disk" => of_vm(attach_disk),
        "detach-disk" => of_vm(detach_disk),
        "add-nic" => of_vm(|all| nic_dialog(all, None)),
        "edit-nic" => of_vm(|all| match own_nic(&all) {
            Some(nic) => nic_dialog(all, Some(nic)),
            None => gone(),
        }),
        "remove-nic" => of_vm(remove_nic),
        _ => return None,
    })
}

fn of_vm(view: fn(HardwareChoices) -> AnyView) -> AnyView {
    let id = use_id();
    once_loaded(Data::new(move || api::choices::hardware(id.into())), view)
}

fn asked(name: &str) -> String {
    address().with_untracked(|q| q.get(name)).unwrap_or_default()
}

fn own_nic(all: &HardwareChoices) -> Option<Nic> {
    let id = asked("nic");
    all.vm.nics.iter().find(|nic| nic.id.to_string() == id).cloned()
}

/// It went while the page was open.
fn gone() -> AnyView {
    view! { <crate::not_found::NotFound/> }.into_any()
}

/// What the dialog is about stays in its address when it comes back with what is wrong.
fn ways(all: &HardwareChoices, part: &str, name: &str) -> Ways {
    let ways = part_ways(ListTab::Vms, all.vm.row.id.0, part);
    let value = asked(name);
    if value.is_empty() {
        return ways;
    }
    Ways { action: paths::asking(&ways.action, name, &value), ..ways }
}

fn title(action: Action, name: &str) -> String {
    ta("deed-title", &[("action", &action.label()), ("name", name)])
}

fn add_disk(all: HardwareChoices) -> AnyView {
    let HardwareChoices { vm, storage, quotas, .. } = all.clone();
    let ways = ways(&all, "add-disk", "");
    let own = vm.row.quota.clone().map(|(id, name)| (id.0, name));
    let data = AddDiskForm {
        alias: format!("{}_Disk{}", vm.row.name, vm.disks.len() + 1),
        interface: Interface::VirtioScsi.as_str().to_owned(),
        allocation: Allocation::Thin.as_str().to_owned(),
        storage_domain: preferred(&storage, ""),
        quota: own.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default(),
        ..AddDiskForm::default()
    };
    let form = FormCtl::new("add-disk", ways.action, &data);
    let center = Signal::stored(Some(vm.row.data_center.0.0));
    let domains = choices(&storage, Some(t("choose")));
    view! {
        <FormDialog form=form title=title(Action::AddDisk, &vm.row.name) submit=t("form-ok") close=ways.close about=ListTab::Disks>
            {gib(form, "size", "field-size", None)}
            {line(form, "alias", "field-alias", true)}
            {line(form, "description", "field-description", false)}
            <FormRow>
                {list(form, "interface", "field-interface", interfaces().into(), false)}
                {list(form, "allocation", "field-allocation", allocations().into(), false)}
            </FormRow>
            {list(form, "storage_domain", "field-storage-domain", domains.into(), true)}
            {quota_field(form, quotas, own, center)}
            {boot_box(form)}
            {projected(after(form))}
        </FormDialog>
    }
    .into_any()
}

/// What the chosen quota is asked for.
fn after(form: FormCtl) -> Memo<Option<After>> {
    Memo::new(move |_| {
        let said = |name: &'static str| form.value(name).get();
        let quota = said("quota").parse().ok()?;
        let domain: Uuid = said("storage_domain").parse().unwrap_or_default();
        let storage = said("size").trim().parse::<u64>().ok()?.saturating_mul(GIB);
        Some(After { quota, domain, storage, ..After::default() })
    })
}

fn attach_disk(all: HardwareChoices) -> AnyView {
    let ways = ways(&all, "attach-disk", "");
    let data = AttachDiskForm {
        disk: preferred(&all.disks, ""),
        interface: Interface::VirtioScsi.as_str().to_owned(),
        ..AttachDiskForm::default()
    };
    let form = FormCtl::new("attach-disk", ways.action, &data);
    let free = choices(&all.disks, Some(t(if all.disks.is_empty() { "disks-none-free" } else { "choose" })));
    let title = title(Action::AttachDisk, &all.vm.row.name);
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Disks size=ModalSize::Small>
            {list(form, "disk", "field-disk", free.into(), true)}
            {list(form, "interface", "field-interface", interfaces().into(), false)}
            {boot_box(form)}
        </FormDialog>
    }
    .into_any()
}

fn detach_disk(all: HardwareChoices) -> AnyView {
    let id = asked("disk");
    let Some(disk) = all.vm.disks.iter().find(|disk| disk.id.to_string() == id) else { return gone() };
    let ways = ways(&all, "detach-disk", "disk");
    let form = FormCtl::new("detach-disk", ways.action, &DetachDiskForm { disk: id, remove: String::new() });
    let title = title(Action::DetachDisk, &disk.alias);
    view! {
        <FormDialog form=form title=title submit=Action::DetachDisk.label() close=ways.close about=ListTab::Disks size=ModalSize::Small danger=true>
            {unseen(form, "disk")}
            <p>{t("disk-detach-hint")}</p>
            <Checkbox
                name="remove"
                label=t("disk-detach-remove")
                checked=form.is_on("remove")
                on_change=form.switch("remove")
                error=form.error("remove")
                help=t("disk-remove-hint")
            />
        </FormDialog>
    }
    .into_any()
}

fn nic_dialog(all: HardwareChoices, nic: Option<Nic>) -> AnyView {
    let (part, action) = match nic {
        None => ("add-nic", Action::AddNic),
        Some(_) => ("edit-nic", Action::EditNic),
    };
    let ways = ways(&all, part, "nic");
    let data = match &nic {
        Some(nic) => NicForm::from(nic),
        None => {
            let name = free_name(all.vm.nics.iter().map(|nic| nic.name.as_str()));
            NicForm::new(name, preferred(&all.networks, ""))
        }
    };
    let form = FormCtl::new(part, ways.action, &data);
    let name = nic.map_or_else(|| all.vm.row.name.clone(), |nic| nic.name);
    let networks = choices(&all.networks, Some(t("nic-no-network")));
    let none = all.networks.is_empty().then(|| view! { <p>{t("nic-none-offered")}</p> });
    let models: Vec<Choice> = NicModel::ALL.iter().map(|m| Choice::new(m.as_str(), m.label())).collect();
    view! {
        <FormDialog form=form title=title(action, &name) submit=t("form-ok") close=ways.close about=ListTab::Vms size=ModalSize::Small>
            {unseen(form, "nic")}
            {line(form, "name", "field-name", true)}
            {list(form, "network", "kind-network-title", networks.into(), false)}
            {none}
            {list(form, "model", "field-nic-model", models.into(), false)}
            {switch(form, "plugged", "field-plugged")}
            {switch(form, "linked", "field-linked")}
        </FormDialog>
    }
    .into_any()
}

fn remove_nic(all: HardwareChoices) -> AnyView {
    let Some(nic) = own_nic(&all) else { return gone() };
    let ways = ways(&all, "remove-nic", "nic");
    let form = FormCtl::new("remove-nic", ways.action, &RemoveNicForm { nic: nic.id.to_string() });
    let title = title(Action::RemoveNic, &nic.name);
    view! {
        <FormDialog form=form title=title submit=Action::RemoveNic.label() close=ways.close about=ListTab::Vms size=ModalSize::Small danger=true>
            {unseen(form, "nic")}
            <p>{t("nic-remove-hint")}</p>
        </FormDialog>
    }
    .into_any()
}

/// Edit Disk, over the page of a disk.
#[component]
pub fn EditDisk() -> impl IntoView {
    let id = use_id();
    once_loaded(Data::new(move || api::disks::editing(id.into())), |of: DiskOfVm| {
        let ways = part_ways(ListTab::Disks, of.disk.id.0, "edit");
        let form = FormCtl::new("edit-disk", ways.action, &EditDiskForm::from(&of));
        let title = title(Action::EditDisk, &of.disk.alias);
        // What cannot be changed goes along as it is.
        let bootable = match of.bootable {
            Some(_) if of.down => boot_box(form),
            _ => unseen(form, "bootable"),
        };
        let size = model::size::bytes(of.disk.virtual_size);
        view! {
            <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Disks size=ModalSize::Small>
                {unseen(form, "version")}
                {line(form, "alias", "field-alias", true)}
                {line(form, "description", "field-description", false)}
                {gib(form, "extend", "field-extend", Some(ta("field-extend-help", &[("size", &size)])))}
                {bootable}
            </FormDialog>
        }
        .into_any()
    })
}

fn interfaces() -> Vec<Choice> {
    Interface::ALL.iter().map(|i| Choice::new(i.as_str(), i.label())).collect()
}

fn allocations() -> Vec<Choice> {
    Allocation::ALL.iter().map(|a| Choice::new(a.as_str(), a.label())).collect()
}

fn boot_box(form: FormCtl) -> AnyView {
    switch(form, "bootable", "field-bootable")
}

fn gib(form: FormCtl, name: &'static str, label: &str, help: Option<String>) -> AnyView {
    let (value, error, input) = (form.value(name), form.error(name), form.input(name));
    let (label, unit) = (t(label), t("unit-gib"));
    match help {
        Some(help) => view! {
            <NumberField name=name label=label unit=unit value=value on_input=input error=error help=help/>
        }
        .into_any(),
        None => view! {
            <NumberField name=name label=label unit=unit value=value on_input=input error=error required=true/>
        }
        .into_any(),
    }
}
