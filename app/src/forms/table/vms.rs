//! Virtual machines: made, changed, removed, and what is asked of one that runs.

use model::Fault;

use super::Sent;
use crate::forms::Done;
use crate::forms::data::copies::{CdForm, MakeTemplateForm};
use crate::forms::data::deed::{ReasonForm, RemoveVmForm};
use crate::forms::data::vm::VmForm;
use crate::frame::ListTab;
use crate::paths;

pub async fn new_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    let (id, _) = control::vms::create(s.ctx, &s.form::<VmForm>()?).await?;
    s.to(paths::object(ListTab::Vms, id))
}

pub async fn edit_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<VmForm>().edit().map_err(Fault::Invalid)?;
    control::vms::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Vms)
}

pub async fn remove_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::remove(s.ctx, s.id.into(), s.form::<RemoveVmForm>()?).await?;
    Ok(Done::Go(paths::list(ListTab::Vms).to_owned()))
}

pub async fn run_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::run(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

pub async fn shutdown_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::shutdown(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

pub async fn power_off_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::power_off(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

pub async fn reboot_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::reboot(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

pub async fn reset_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::reset(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

pub async fn pause_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::pause(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

pub async fn suspend_vm(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::suspend(s.ctx, s.id.into(), s.form::<ReasonForm>()?.as_deref()).await?;
    s.to_page(ListTab::Vms)
}

pub async fn change_cd(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::change_cd(s.ctx, s.id.into(), s.form::<CdForm>()?.as_ref()).await?;
    s.to_page(ListTab::Vms)
}

pub async fn make_template(s: &Sent<'_>) -> Result<Done, Fault> {
    let (id, _) = control::templates::make(s.ctx, s.id.into(), &s.form::<MakeTemplateForm>()?).await?;
    Ok(Done::Go(paths::object(ListTab::Templates, id)))
}
