//! The dialog of a host, new or changed, with the test of its connection.

use leptos::prelude::*;
use model::host::{Acceleration, HostDetails, Transport};
use model::text::t;
use ui::{Button, Choice, FormRow, FormSection, NumberField, RadioGroup, Select, TextField};

use crate::api::choices::Named;
use crate::api::{self, Data};
use crate::forms::data::host::HostForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{
    Ways, name_fields, new_ways, once_loaded, parent_field, part_ways, preferred, unseen, use_object,
    use_within,
};

#[component]
pub fn New() -> impl IntoView {
    let within = use_within();
    once_loaded(Data::new(api::choices::clusters), move |clusters: Vec<Named>| {
        let ways = new_ways(ListTab::Hosts);
        let initial = HostForm { cluster: preferred(&clusters, &within), ..HostForm::default() };
        let form = FormCtl::new("host", ways.action.clone(), &initial);
        dialog(form, ways, t("host-new"), Some(clusters))
    })
}

#[component]
pub fn Edit() -> impl IntoView {
    once_loaded(use_object::<HostDetails>(), |host: HostDetails| {
        let ways = part_ways(ListTab::Hosts, host.row.id.0, "edit");
        let form = FormCtl::new("host", ways.action.clone(), &HostForm::from(&host));
        dialog(form, ways, t("host-edit"), None)
    })
}

fn dialog(form: FormCtl, ways: Ways, title: String, clusters: Option<Vec<Named>>) -> AnyView {
    let test = move || {
        view! {
            <Button submit=true form=form.id() name="intent" value="test" busy=form.busy()>{t("action-test-host")}</Button>
        }
    };
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Hosts more=test>
            {unseen(form, "version")}
            {parent_field(form, "cluster", "kind-cluster-title", clusters)}
            {name_fields(form, false)}
            {reach(form)}
            {limits(form)}
        </FormDialog>
    }
    .into_any()
}

/// How it is reached.
fn reach(form: FormCtl) -> AnyView {
    let transport = |t_: Transport| {
        let word = t_.as_str();
        Choice::new(word, t(&format!("transport-{word}"))).help(t(&format!("transport-{word}-help")))
    };
    let choices: Vec<Choice> = Transport::ALL.iter().copied().map(transport).collect();
    view! {
        <RadioGroup
            name="transport"
            label=t("field-transport")
            choices=choices
            value=form.value("transport")
            on_change=form.input("transport")
            error=form.error("transport")
        />
        <FormRow>
            <TextField
                name="address"
                label=t("field-address-label")
                value=form.value("address")
                on_input=form.input("address")
                error=form.error("address")
                help=t("field-address-help")
            />
            <NumberField
                name="port"
                label=t("field-port")
                value=form.value("port")
                on_input=form.input("port")
                error=form.error("port")
                help=t("field-port-help")
            />
        </FormRow>
    }
    .into_any()
}

/// What placement may use of it.
fn limits(form: FormCtl) -> AnyView {
    let acceleration = |a: Acceleration| Choice::new(a.as_str(), t(&format!("acceleration-{}", a.as_str())));
    let choices: Vec<Choice> = Acceleration::ALL.iter().copied().map(acceleration).collect();
    view! {
        <FormSection title=t("host-placement")>
            <Select
                name="acceleration"
                label=t("field-acceleration")
                choices=choices
                value=form.value("acceleration")
                on_change=form.input("acceleration")
                error=form.error("acceleration")
                help=t("field-acceleration-help")
            />
            <FormRow>
                <NumberField
                    name="memory_limit"
                    label=t("field-memory-limit")
                    unit=t("unit-mib")
                    value=form.value("memory_limit")
                    on_input=form.input("memory_limit")
                    error=form.error("memory_limit")
                    help=t("field-limit-help")
                />
                <NumberField
                    name="cpu_limit"
                    label=t("field-cpu-limit")
                    value=form.value("cpu_limit")
                    on_input=form.input("cpu_limit")
                    error=form.error("cpu_limit")
                    help=t("field-limit-help")
                />
            </FormRow>
        </FormSection>
    }
    .into_any()
}
