//! What is behind More: Change CD and a console file of a VM that runs, Make Template of one that is down.

use leptos::prelude::*;
use model::text::{t, ta};
use model::vm::VmDetails;
use model::vm_options::Protocol;
use model::{Action, size};
use ui::{Alert, ButtonKind, ButtonLink, Choice, Icon, Modal, ModalSize, Tone};

use super::quotas_dialog::quota_field;
use super::vms_options::files;
use crate::api::choices::{CdChoice, Named};
use crate::api::{self, Data};
use crate::asked::InPortal;
use crate::forms::data::copies::{CdForm, MakeTemplateForm};
use crate::forms::parse::boxed;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{choices, name_fields, once_loaded, part_ways, use_id, use_object};
use crate::parts::fields::{list, switch};
use crate::paths;

#[component]
pub fn ChangeCd() -> impl IntoView {
    let id = use_id();
    let both =
        Data::new(move || async move { Ok((api::vms::get(id.into()).await?, api::choices::discs().await?)) });
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
    let all = Data::new(move || async move {
        let vm = api::vms::get(id.into()).await?;
        let offered = api::choices::vm().await?;
        Ok((vm, offered.storage, offered.quotas))
    });
    once_loaded(all, |(vm, domains, quotas): (VmDetails, Vec<Named>, Vec<Named>)| {
        let ways = part_ways(ListTab::Vms, vm.row.id.0, "make-template");
        let own = vm.row.quota.clone().map(|(id, name)| (id.0, name));
        let quota = own.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
        // What an end user makes is for others when they say so.
        let all_users = boxed(use_context::<InPortal>().is_none());
        let data = MakeTemplateForm { quota, all_users, ..MakeTemplateForm::default() };
        let form = FormCtl::new("make-template", ways.action, &data);
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
                {quota_field(form, quotas, own, Signal::stored(Some(center)))}
                {switch(form, "all_users", "template-all-users")}
            </FormDialog>
        }
        .into_any()
    })
}

/// A link to a file for each way to the screen that there is.
#[component]
pub fn Viewer() -> impl IntoView {
    once_loaded(use_object::<VmDetails>(), |vm: VmDetails| {
        let id = vm.row.id.0;
        let ways = part_ways(ListTab::Vms, id, "viewer");
        let title = ta("deed-title", &[("action", &Action::OpenViewer.label()), ("name", &vm.row.name)]);
        let one = |protocol: Protocol| {
            let href = format!("{}/{}", paths::part(ListTab::Vms, id, "viewer"), protocol.as_str());
            let text = ta("vm-viewer-take", &[("protocol", &protocol.label())]);
            view! {
                <ButtonLink kind=ButtonKind::Secondary icon=Icon::External href=href target="_blank">{text}</ButtonLink>
            }
            .into_any()
        };
        let files = vm.row.graphics.protocols().into_iter().map(one).collect_view();
        view! {
            <Modal id="viewer-dialog" title=title close_label=t("form-close") size=ModalSize::Small close_href=ways.close>
                <p>{t("vm-viewer-hint")}</p>
                <div class="dr-files">{files}</div>
            </Modal>
        }
        .into_any()
    })
}
