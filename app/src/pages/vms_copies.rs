//! Change CD of a VM that runs, and Make Template of one that is down.

use leptos::prelude::*;
use model::text::{t, ta};
use model::vm::VmDetails;
use model::{Action, size};
use ui::{Alert, Choice, ModalSize, Tone};

use super::vms_dialog::list;
use super::vms_options::files;
use crate::api;
use crate::api::choices::{CdChoice, Named};
use crate::forms::data::copies::{CdForm, MakeTemplateForm};
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{choices, name_fields, once_loaded, part_ways, use_id};

#[component]
pub fn ChangeCd() -> impl IntoView {
    let id = use_id();
    let both = Resource::new(
        move || id,
        |id| async move { Ok((api::vms::get(id.into()).await?, api::choices::discs().await?)) },
    );
    once_loaded(both, |(vm, cds): (VmDetails, Vec<CdChoice>)| {
        let ways = part_ways(ListTab::Vms, vm.row.id.0, "change-cd");
        let cd = vm.options.cd.as_ref().map(ToString::to_string).unwrap_or_default();
        let form = FormCtl::new("change-cd", ways.action, &CdForm { cd });
        let title = ta("deed-title", &[("action", &Action::ChangeCd.label()), ("name", &vm.row.name)]);
        let offered = files(form, "cd", cds, Signal::stored(Some(vm.row.data_center.0.0)), "cd-eject");
        view! {
            <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Vms size=ModalSize::Small>
                {list(form, "cd", "field-cd", offered, false)}
            </FormDialog>
        }
        .into_any()
    })
}

#[component]
pub fn MakeTemplate() -> impl IntoView {
    let id = use_id();
    let both = Resource::new(
        move || id,
        |id| async move { Ok((api::vms::get(id.into()).await?, api::choices::vm().await?.storage)) },
    );
    once_loaded(both, |(vm, domains): (VmDetails, Vec<Named>)| {
        let ways = part_ways(ListTab::Vms, vm.row.id.0, "make-template");
        let form = FormCtl::new("make-template", ways.action, &MakeTemplateForm::default());
        let title = ta("deed-title", &[("action", &Action::MakeTemplate.label()), ("name", &vm.row.name)]);
        let center = vm.row.data_center.0.0;
        let domains: Vec<Named> = domains.into_iter().filter(|d| d.data_center == center).collect();
        let domains: Vec<Choice> = choices(&domains, Some(t("template-same-domain")));
        let note = vm.disks.first().map(|disk| {
            let args = [("disk", disk.alias.as_str()), ("size", &size::bytes(disk.virtual_size))];
            view! { <Alert tone=Tone::Info title=ta("template-copies", &args) tone_label=t("alert-info")/> }
        });
        view! {
            <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Templates>
                {note}
                {name_fields(form, true)}
                {list(form, "storage_domain", "field-storage-domain", domains.into(), false)}
            </FormDialog>
        }
        .into_any()
    })
}
