//! The dialogs of leases: their fields in those of templates and quotas, and another end for a VM.

use leptos::prelude::*;
use model::Action;
use model::lease::{LeaseOffer, day, last_day};
use model::template::TemplateRow;
use model::text::{t, ta};
use model::vm::VmDetails;
use ui::{Alert, FormRow, FormSection, ModalSize, NumberField, TextField, Tone};

use super::leases::EXTEND;
use crate::api::{self, Data};
use crate::forms::data::lease::{ExtendForm, LEASE};
use crate::forms::data::template::TemplateForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{name_fields, once_loaded, part_ways, unseen, use_id, use_object};

/// How long what is made from it, or in it, is there.
pub fn section(form: FormCtl) -> AnyView {
    let field = |n: usize, key: &str| {
        let (label, help) = (t(key), t(&format!("{key}-help")));
        let (value, error, input) = (form.value(LEASE[n]), form.error(LEASE[n]), form.input(LEASE[n]));
        view! {
            <NumberField name=LEASE[n] label=label unit=t("unit-days") value=value on_input=input error=error help=help/>
        }
        .into_any()
    };
    let (days, extension) = (field(0, "lease-days"), field(1, "lease-extension"));
    let (longest, keep) = (field(2, "lease-longest"), field(3, "lease-keep"));
    view! {
        <FormSection title=t("lease")>
            <p>{t("lease-form-hint")}</p>
            <FormRow>{days}{extension}</FormRow>
            <FormRow>{longest}{keep}</FormRow>
        </FormSection>
    }
    .into_any()
}

#[component]
pub fn EditTemplate() -> impl IntoView {
    once_loaded(use_object::<TemplateRow>(), |row: TemplateRow| {
        let ways = part_ways(ListTab::Templates, row.id.0, "edit");
        let form = FormCtl::new("template", ways.action, &TemplateForm::from(&row));
        view! {
            <FormDialog form=form title=t("template-edit") submit=t("form-ok") close=ways.close about=ListTab::Templates>
                {unseen(form, "version")}
                {name_fields(form, true)}
                {section(form)}
            </FormDialog>
        }
        .into_any()
    })
}

#[component]
pub fn Extend() -> impl IntoView {
    let id = use_id();
    let both = Data::new(move || async move {
        Ok((api::vms::get(id.into()).await?, api::vms::extendable(id.into()).await?))
    });
    once_loaded(both, |(vm, may): (VmDetails, LeaseOffer)| {
        let ways = part_ways(ListTab::Vms, vm.row.id.0, EXTEND);
        // What can be had at most is what most come for.
        let proposed = may.latest.or(may.expires_at.map(last_day));
        let form = FormCtl::new("extend-lease", ways.action, &ExtendForm::on(proposed));
        let title = ta("lease-extend-title", &[("name", &vm.row.name)]);
        let hint = hint(&may);
        view! {
            <FormDialog form=form title=title submit=Action::ExtendLease.label() close=ways.close about=ListTab::Vms size=ModalSize::Small>
                <Alert tone=Tone::Info title=hint tone_label=t("alert-info")/>
                <TextField
                    name="until"
                    label=t("lease-until")
                    kind="date"
                    value=form.value("until")
                    on_input=form.input("until")
                    error=form.error("until")
                    help=t("lease-until-help")
                    required=!may.freely
                    autofocus=true
                />
            </FormDialog>
        }
        .into_any()
    })
}

/// Until when it may be at most, and whom to ask for more.
fn hint(may: &LeaseOffer) -> String {
    match (may.freely, may.latest, may.expires_at) {
        (true, ..) => t("lease-freely"),
        (false, Some(latest), _) => ta("lease-at-most", &[("day", &day(latest).to_string())]),
        (false, None, Some(_)) => t("lease-fixed"),
        (false, None, None) => t("lease-not-yet"),
    }
}
