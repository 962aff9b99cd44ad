//! The dialogs of a VM: oVirt's side tabs for New and Edit, and the removal with its disks.

use leptos::prelude::*;
use model::Action;
use model::disk::Allocation;
use model::text::{t, ta};
use model::vm::VmDetails;
use ui::{
    Alert, Checkbox, Choice, FormRow, FormSection, ModalSize, NumberField, Select, SideTab, SideTabs,
    TextField, Tone,
};

use uuid::Uuid;

use super::quotas_dialog::{projected, quota_field};
use super::vms_options as options;
use crate::api::charts::After;
use crate::api::choices::{CdChoice, HostChoice, Named, TemplateChoice, VmChoices};
use crate::api::{self, Data};
use crate::forms::data::deed::RemoveVmForm;
use crate::forms::data::topology::topology;
use crate::forms::data::vm::{AVAILABILITY, BOOT, CONSOLE, GENERAL, HOST, SYSTEM, VmForm};
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{
    Ways, choices, name_fields, new_ways, once_loaded, part_ways, preferred, unseen, use_id, use_object,
    use_within,
};
use crate::parts::fields::{list, switch};

#[component]
pub fn New() -> impl IntoView {
    let within = use_within();
    once_loaded(Data::new(api::choices::vm), move |offered: VmChoices| {
        let ways = new_ways(ListTab::Vms);
        let cluster = preferred(&offered.clusters, &within);
        let form = FormCtl::new("vm", ways.action.clone(), &VmForm { cluster, ..VmForm::default() });
        let estate = Estate::of(form, &offered);
        let general = general_new(form, offered);
        dialog(form, ways, t("vm-new"), general, estate, false)
    })
}

#[component]
pub fn Edit() -> impl IntoView {
    let id = use_id();
    let both =
        Data::new(move || async move { Ok((api::vms::get(id.into()).await?, api::choices::vm().await?)) });
    once_loaded(both, |(vm, offered): (VmDetails, VmChoices)| {
        let ways = part_ways(ListTab::Vms, vm.row.id.0, "edit");
        let form = FormCtl::new("vm", ways.action.clone(), &VmForm::from(&vm));
        let estate = Estate::of(form, &offered);
        let own = vm.row.quota.clone().map(|(id, name)| (id.0, name));
        // What runs is counted already.
        let asked = (!vm.row.status.running()).then(|| after(form, Signal::stored((Uuid::nil(), 0))));
        let general = view! {
            {unseen(form, "version")}
            {unseen(form, "cluster")}
            {name_fields(form, true)}
            {quota_field(form, offered.quotas.clone(), own, estate.center)}
            {asked.map(projected)}
            {switch(form, "protected", "field-protected")}
        }
        .into_any();
        dialog(form, ways, t("vm-edit"), general, estate, vm.row.status.running())
    })
}

/// The word in an address for the template that a new one is to be made of.
pub const TEMPLATE: &str = "template";

/// What its tabs are called in the help.
pub const HELP: [&str; 6] = ["general", "system", "console", "host", "high-availability", "boot-options"];

/// What the options choose from, and the boxes that the VM stands in.
struct Estate {
    hosts: Vec<HostChoice>,
    cds: Vec<CdChoice>,
    cluster: Signal<Option<Uuid>>,
    center: Signal<Option<Uuid>>,
}

impl Estate {
    fn of(form: FormCtl, offered: &VmChoices) -> Estate {
        let cluster = form.value("cluster");
        Estate {
            hosts: offered.hosts.clone(),
            cds: offered.cds.clone(),
            cluster: Signal::derive(move || cluster.get().parse().ok()),
            center: chosen_center(form, offered.clusters.clone()).into(),
        }
    }
}

fn dialog(
    form: FormCtl,
    ways: Ways,
    title: String,
    general: AnyView,
    estate: Estate,
    running: bool,
) -> AnyView {
    let Estate { hosts, cds, cluster, center } = estate;
    let tabs = vec![
        SideTab::new("general", t("part-general"), general).invalid(form.any_wrong(GENERAL)),
        SideTab::new("system", t("vm-tab-system"), system(form, running)).invalid(form.any_wrong(SYSTEM)),
        SideTab::new("console", t("vm-tab-console"), options::console(form)).invalid(form.any_wrong(CONSOLE)),
        SideTab::new("host", t("vm-tab-host"), options::host(form, hosts, cluster))
            .invalid(form.any_wrong(HOST)),
        SideTab::new("availability", t("vm-tab-ha"), options::availability(form))
            .invalid(form.any_wrong(AVAILABILITY)),
        SideTab::new("boot", t("vm-tab-boot"), options::boot(form, cds, center))
            .invalid(form.any_wrong(BOOT)),
    ];
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Vms size=ModalSize::Large bare=true>
            <SideTabs label=t("vm-tabs") invalid_label=t("form-tab-wrong") attempt=form.attempt() tabs=tabs/>
        </FormDialog>
    }
    .into_any()
}

fn general_new(form: FormCtl, offered: VmChoices) -> AnyView {
    let VmChoices { clusters, templates, storage, networks, images, quotas, .. } = offered;
    let center = chosen_center(form, clusters.clone());
    let blank = Signal::derive(move || form.value("template").get().is_empty());
    let sizes: Vec<(String, Uuid, u64)> =
        templates.iter().map(|t| (t.named.id.to_string(), t.storage_domain, t.disk_size)).collect();
    let disk = Signal::derive(move || disk(form, &sizes));
    view! {
        {list(form, "cluster", "kind-cluster-title", choices(&clusters, Some(t("choose"))).into(), true)}
        {template_field(form, templates, &quotas, center)}
        {name_fields(form, true)}
        {disk_fields(form, blank, images, center.into())}
        {clone_field(form, blank)}
        {list(form, "storage_domain", "field-storage-domain", of_center(storage, center, "vm-storage-chosen"), false)}
        {list(form, "network", "vm-nic", of_center(networks, center, "vm-no-nic"), false)}
        {quota_field(form, quotas, None, center.into())}
        {projected(after(form, disk))}
        {switch(form, "protected", "field-protected")}
    }
    .into_any()
}

/// Where the disk will be, as far as that is said, and how large.
pub fn disk(form: FormCtl, templates: &[(String, Uuid, u64)]) -> (Uuid, u64) {
    let said = |name: &'static str| form.value(name).get();
    let (template, domain) = (said("template"), said("storage_domain").parse::<Uuid>().unwrap_or_default());
    match templates.iter().find(|(id, ..)| *id == template) {
        Some((_, own, size)) => (if domain.is_nil() { *own } else { domain }, *size),
        None => {
            (domain, said("disk_size").parse::<u64>().unwrap_or_default().saturating_mul(model::size::GIB))
        }
    }
}

/// What the chosen quota is asked for by the VM's disk, and by its run.
pub fn after(form: FormCtl, disk: Signal<(Uuid, u64)>) -> Memo<Option<After>> {
    let number = move |name: &'static str| form.value(name).get().trim().parse::<u32>().ok();
    Memo::new(move |_| {
        let quota = form.value("quota").get().parse().ok()?;
        let shape = topology(number("vcpus")?, number("sockets"), number("cores"), number("threads"));
        let (sockets, cores, _) = shape?;
        let (domain, storage) = disk.get();
        Some(After {
            quota,
            cluster: form.value("cluster").get().parse().ok()?,
            vcpus: u64::from(sockets) * u64::from(cores),
            memory: u64::from(number("memory")?).saturating_mul(model::size::MIB),
            domain,
            storage,
        })
    })
}

/// The data center of the chosen cluster. Without one, everything is offered, and the server says what does not fit.
pub fn chosen_center(form: FormCtl, clusters: Vec<Named>) -> Memo<Option<uuid::Uuid>> {
    let cluster = form.value("cluster");
    Memo::new(move |_| {
        let id = cluster.get();
        clusters.iter().find(|c| c.id.to_string() == id).map(|c| c.data_center)
    })
}

pub fn of_center(
    all: Vec<Named>,
    center: Memo<Option<uuid::Uuid>>,
    none: &'static str,
) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let center = center.get();
        let fitting: Vec<Named> =
            all.iter().filter(|n| center.is_none_or(|center| n.data_center == center)).cloned().collect();
        choices(&fitting, Some(t(none)))
    })
}

/// A template brings along what it was made with, as a proposal.
pub fn template_field(
    form: FormCtl,
    templates: Vec<TemplateChoice>,
    quotas: &[Named],
    center: Memo<Option<uuid::Uuid>>,
) -> AnyView {
    // Not one that this person could not choose.
    let usable: Vec<Uuid> = quotas.iter().map(|quota| quota.id).collect();
    let named = templates.iter().map(|t| t.named.clone()).collect();
    let take = move |id: String| {
        if let Some(template) = templates.iter().find(|t| t.named.id.to_string() == id) {
            form.set("memory", (template.memory / model::size::MIB).to_string());
            form.set("vcpus", template.vcpus.to_string());
            form.set("storage_domain", template.storage_domain.to_string());
            form.set("cpu_model", template.cpu_model.clone().unwrap_or_default());
            // One that says nothing of it leaves what is chosen.
            if let Some(quota) = template.options.quota.filter(|quota| usable.contains(&quota.0)) {
                form.set("quota", quota.to_string());
            }
            form.take(&VmForm::with(&template.options), &[CONSOLE, HOST, AVAILABILITY, BOOT]);
        }
        form.set("template", id);
    };
    view! {
        <Select
            name="template"
            label=t("field-template")
            choices=of_center(named, center, "vm-blank")
            value=form.value("template")
            on_change=take
            error=form.error("template")
            help=t("vm-template-help")
        />
    }
    .into_any()
}

/// Without JavaScript they are in sight with a template too, and then mean nothing.
pub fn disk_fields(
    form: FormCtl,
    blank: Signal<bool>,
    images: Vec<CdChoice>,
    center: Signal<Option<Uuid>>,
) -> AnyView {
    let offered = options::files(form, "image", images, center, "vm-no-image");
    let allocation = |a: Allocation| Choice::new(a.as_str(), a.label());
    let allocations: Vec<Choice> = Allocation::ALL.iter().copied().map(allocation).collect();
    view! {
        <div hidden=move || !blank.get()>
            <FormRow>
                <NumberField
                    name="disk_size"
                    label=t("vm-disk-size")
                    unit=t("unit-gib")
                    value=form.value("disk_size")
                    on_input=form.input("disk_size")
                    error=form.error("disk_size")
                    help=t("vm-disk-size-help")
                />
                {list(form, "allocation", "field-allocation", allocations.into(), false)}
            </FormRow>
            {list(form, "image", "field-image", offered, false)}
        </div>
    }
    .into_any()
}

/// A clone takes its time and its room once, and does not need the template afterwards.
pub fn clone_field(form: FormCtl, blank: Signal<bool>) -> AnyView {
    view! {
        <div hidden=move || blank.get()>
            {switch(form, "clone", "field-clone")}
        </div>
    }
    .into_any()
}

fn system(form: FormCtl, running: bool) -> AnyView {
    let later = running.then(|| {
        view! { <Alert tone=Tone::Info title=t("vm-applies-later") tone_label=t("alert-info")/> }
    });
    view! {
        {later}
        <FormRow>
            {count(form, "memory", "field-memory-size", Some("unit-mib"), None)}
            {count(form, "vcpus", "vm-total-vcpus", None, None)}
        </FormRow>
        <FormSection title=t("vm-advanced")>
            <FormRow>
                {count(form, "sockets", "field-sockets", None, Some("vm-shape-help"))}
                {count(form, "cores", "field-cores", None, None)}
                {count(form, "threads", "field-threads", None, None)}
            </FormRow>
            <TextField
                name="cpu_model"
                label=t("field-cpu-model")
                value=form.value("cpu_model")
                on_input=form.input("cpu_model")
                error=form.error("cpu_model")
                placeholder=t("vm-cpu-host")
                help=t("vm-cpu-model-help")
            />
        </FormSection>
    }
    .into_any()
}

pub fn count(
    form: FormCtl,
    name: &'static str,
    label: &str,
    unit: Option<&str>,
    help: Option<&str>,
) -> AnyView {
    let (value, error, input) = (form.value(name), form.error(name), form.input(name));
    let label = t(label);
    match (unit, help) {
        (Some(unit), _) => view! {
            <NumberField name=name label=label unit=t(unit) value=value on_input=input error=error required=true/>
        }
        .into_any(),
        (None, Some(help)) => view! {
            <NumberField name=name label=label value=value on_input=input error=error help=t(help)/>
        }
        .into_any(),
        (None, None) => {
            let required = name == "vcpus";
            view! { <NumberField name=name label=label value=value on_input=input error=error required=required/> }.into_any()
        }
    }
}

/// Names the VM and asks what becomes of its disks.
#[component]
pub fn Remove() -> impl IntoView {
    once_loaded(use_object::<VmDetails>(), |vm: VmDetails| {
        let ways = part_ways(ListTab::Vms, vm.row.id.0, "remove");
        let form = FormCtl::new("remove", ways.action, &RemoveVmForm { disks: "true".to_owned() });
        let kind = model::id::Kind::Vm.noun();
        let title = ta("remove-title", &[("kind", &kind), ("name", &vm.row.name)]);
        let disks: Vec<String> = vm.disks.iter().map(|d| d.alias.clone()).collect();
        let choice = (!disks.is_empty()).then(|| {
            view! {
                <Checkbox
                    name="disks"
                    label=t("vm-remove-disks")
                    checked=form.is_on("disks")
                    on_change=form.switch("disks")
                    help=ta("vm-remove-disks-help", &[("disks", &disks.join(", "))])
                />
            }
        });
        view! {
            <FormDialog
                form=form
                title=title
                submit=Action::RemoveVm.label()
                close=ways.close
                about=ListTab::Vms
                size=ModalSize::Small
                danger=true
            >
                <p>{t("vm-remove-hint")}</p>
                {choice}
            </FormDialog>
        }
        .into_any()
    })
}
