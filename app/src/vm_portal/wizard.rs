//! Making a machine, in steps. It is the form of the administration portal's dialog, with what a user needs in sight.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_meta::Title;
use model::lease::Lease;
use model::size;
use model::text::{Text, t};
use ui::{
    Button, ButtonKind, ButtonLink, Checkbox, DescriptionList, Detail, Form, FormRow, PageHead, Section,
    Wizard as Steps, WizardAt, WizardStep, WizardTexts,
};

use crate::api::choices::{Named, VmChoices};
use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::vm::VmForm;
use crate::forms::parse::boxed;
use crate::forms::{FormAlert, FormCtl, no_error};
use crate::frame::ListTab;
use crate::pages::leases;
use crate::pages::quotas_dialog::{projected, quota_field};
use crate::pages::vms_dialog::{
    TEMPLATE, after, chosen_center, clone_field, count, disk, disk_fields, of_center, template_field,
};
use crate::pages::vms_options::files;
use crate::parts::dialogs::{
    Ways, choices, name_fields, new_ways, once_loaded, preferred, unseen_others, use_within,
};
use crate::parts::fields::list;

const BASIC: &[&str] =
    &["name", "description", "comment", "cluster", "template", "memory", "vcpus", "cd", "quota"];
const NETWORK: &[&str] = &["network"];
const STORAGE: &[&str] = &["disk_size", "allocation", "image", "clone", "storage_domain"];
const REVIEW: &[&str] = &["start"];

#[component]
pub fn Wizard() -> impl IntoView {
    let within = use_within();
    let template = address().with_untracked(|asked| asked.get(TEMPLATE)).unwrap_or_default();
    let offered = once_loaded(Data::new(api::choices::vm), move |offered: VmChoices| {
        let ways = new_ways(ListTab::Vms);
        let form = FormCtl::new("vm", ways.action.clone(), &begun(&offered, &within, &template));
        steps(form, ways, offered)
    });
    view! {
        <Title text=t("portal-create")/>
        <PageHead title=t("portal-create")/>
        <Section>{offered}</Section>
    }
    .into_any()
}

/// What stands in it at the beginning: of the template that the address names, as that proposes.
fn begun(offered: &VmChoices, within: &str, template: &str) -> VmForm {
    let quota = only(&offered.quotas);
    let start = boxed(true);
    let Some(of) = offered.templates.iter().find(|one| one.named.id.to_string() == template) else {
        let cluster = preferred(&offered.clusters, within);
        return VmForm { cluster, quota, start, ..VmForm::default() };
    };
    VmForm {
        cluster: preferred(&offered.clusters, &of.named.data_center.to_string()),
        template: template.to_owned(),
        storage_domain: of.storage_domain.to_string(),
        memory: (of.memory / size::MIB).to_string(),
        vcpus: of.vcpus.to_string(),
        cpu_model: of.cpu_model.clone().unwrap_or_default(),
        allocation: VmForm::default().allocation,
        quota,
        start,
        ..VmForm::with(&of.options)
    }
}

/// Whoever has one quota means that one.
fn only(quotas: &[Named]) -> String {
    quotas.first().filter(|_| quotas.len() == 1).map(|quota| quota.id.to_string()).unwrap_or_default()
}

fn steps(form: FormCtl, ways: Ways, offered: VmChoices) -> AnyView {
    let at = WizardAt::new(4);
    let shown: Vec<&str> = [BASIC, NETWORK, STORAGE, REVIEW].concat();
    let rest = unseen_others(form, &shown);
    let (center, review) = (chosen_center(form, offered.clusters.clone()), review(form, &offered));
    let sizes: Vec<_> =
        offered.templates.iter().map(|t| (t.named.id.to_string(), t.storage_domain, t.disk_size)).collect();
    let taken = Signal::derive(move || disk(form, &sizes));
    let VmChoices { clusters, templates, storage, networks, images, quotas, cds, .. } = offered;
    let blank = Signal::derive(move || form.value("template").get().is_empty());
    let basic = view! {
        {name_fields(form, true)}
        {list(form, "cluster", "kind-cluster-title", choices(&clusters, Some(t("choose"))).into(), true)}
        {template_field(form, templates, &quotas, center)}
        <div hidden=move || !blank.get()>{list(form, "cd", "field-cd", files(form, "cd", cds, center.into(), "vm-no-cd"), false)}</div>
        <FormRow>
            {count(form, "memory", "field-memory-size", Some("unit-mib"), None)}
            {count(form, "vcpus", "vm-total-vcpus", None, None)}
        </FormRow>
        {quota_field(form, quotas, None, center.into())}
        {projected(after(form, taken))}
    }
    .into_any();
    let network = list(form, "network", "vm-nic", of_center(networks, center, "vm-no-nic"), false);
    let storage = view! {
        {disk_fields(form, blank, images, center.into())}
        {clone_field(form, blank)}
        {list(form, "storage_domain", "field-storage-domain", of_center(storage, center, "vm-storage-chosen"), false)}
    }
    .into_any();
    let steps = vec![
        WizardStep::new("basic", t("wizard-basic"), basic).invalid(form.any_wrong(BASIC)),
        WizardStep::new("network", t("wizard-network"), network).invalid(form.any_wrong(NETWORK)),
        WizardStep::new("storage", t("wizard-storage"), storage).invalid(form.any_wrong(STORAGE)),
        WizardStep::new("review", t("wizard-review"), review).invalid(form.any_wrong(REVIEW)),
    ];
    let texts = WizardTexts {
        steps: t("wizard-steps"),
        invalid: t("form-tab-wrong"),
        back: t("wizard-back"),
        next: t("wizard-next"),
    };
    // The key that sends a form goes on, while there is something to go on to.
    let submit = move |ev: SubmitEvent| if at.go_on() { ev.prevent_default() } else { form.submit(ev) };
    let send = move || view! { <Button kind=ButtonKind::Primary submit=true busy=form.busy()>{t("wizard-create")}</Button> };
    let leave =
        move || view! { <ButtonLink kind=ButtonKind::Link href=ways.close>{t("form-cancel")}</ButtonLink> };
    view! {
        <Form
            id=form.id()
            action=form.action()
            submit_error=no_error()
            error_label=t("alert-danger")
            attempt=form.attempt()
            bare=true
            on_submit=submit
        >
            <FormAlert form=form/>
            {rest}
            <Steps at=at texts=texts attempt=form.attempt() steps=steps send=send leave=leave/>
        </Form>
    }
    .into_any()
}

/// What would be made.
fn review(form: FormCtl, offered: &VmChoices) -> AnyView {
    let names =
        |all: &[Named]| all.iter().map(|one| (one.id.to_string(), one.name.clone())).collect::<Vec<_>>();
    let templates: Vec<(String, String)> =
        offered.templates.iter().map(|one| (one.named.id.to_string(), one.named.name.clone())).collect();
    let chosen = move |field: &'static str, names: Vec<(String, String)>, none: &'static str| {
        move || {
            let id = form.value(field).get();
            names.iter().find(|(own, _)| *own == id).map_or_else(|| t(none), |(_, name)| name.clone())
        }
    };
    let cluster = chosen("cluster", names(&offered.clusters), "choose");
    let network = chosen("network", names(&offered.networks), "vm-no-nic");
    let quota = chosen("quota", names(&offered.quotas), "quota-default");
    let template = chosen("template", templates, "vm-blank");
    let sizes: Vec<_> =
        offered.templates.iter().map(|t| (t.named.id.to_string(), t.storage_domain, t.disk_size)).collect();
    let room = move || match disk(form, &sizes).1 {
        0 => t("vm-no-disks"),
        bytes => size::bytes(bytes),
    };
    let (leases, centers) = (offered.leases.clone(), offered.clusters.clone());
    let of = move |id: &str| leases.iter().find(|(own, _)| own.to_string() == id).map(|(_, lease)| *lease);
    let lease = move || {
        let (cluster, quota) = (form.value("cluster").get(), form.value("quota").get());
        let center = || {
            centers.iter().find(|one| one.id.to_string() == cluster).map(|one| one.data_center.to_string())
        };
        let quota = if quota.is_empty() { center().unwrap_or_default() } else { quota };
        leases::said(Lease::of([of(&form.value("template").get()), of(&quota)]))
    };
    let shape = move || {
        let memory =
            form.value("memory").get().trim().parse::<u64>().unwrap_or_default().saturating_mul(size::MIB);
        let vcpus = form.value("vcpus").get();
        Text::new("portal-shape").with("vcpus", vcpus.trim()).with("memory", size::bytes(memory)).to_string()
    };
    view! {
        <div class="dr-wizard__review">
            <DescriptionList>
                <Detail term=t("field-name")>{move || form.value("name").get()}</Detail>
                <Detail term=t("kind-cluster-title")>{cluster}</Detail>
                <Detail term=t("field-template")>{template}</Detail>
                <Detail term=t("portal-machine")>{shape}</Detail>
                <Detail term=t("wizard-network")>{network}</Detail>
                <Detail term=t("tab-disks")>{room}</Detail>
                <Detail term=t("kind-quota-title")>{quota}</Detail>
                <Detail term=t("lease")>{lease}</Detail>
            </DescriptionList>
        </div>
        <Checkbox
            name="start"
            label=t("vm-start-once-made")
            checked=form.is_on("start")
            on_change=form.switch("start")
            help=t("vm-start-once-made-help")
        />
    }
    .into_any()
}
