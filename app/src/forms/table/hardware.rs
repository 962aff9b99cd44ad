//! The disks and network interfaces of VMs.

use model::Fault;

use super::Sent;
use crate::forms::Done;
use crate::forms::data::hardware::{
    AddDiskForm, AttachDiskForm, DetachDiskForm, EditDiskForm, NicForm, RemoveNicForm,
};
use crate::frame::ListTab;
use crate::paths;

fn part(s: &Sent<'_>, word: &str) -> Result<Done, Fault> {
    s.to(paths::part(ListTab::Vms, s.id, word))
}

pub async fn add_disk(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::add_disk(s.ctx, s.id.into(), &s.form::<AddDiskForm>()?).await?;
    part(s, "disks")
}

pub async fn attach_disk(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::attach_disk(s.ctx, s.id.into(), &s.form::<AttachDiskForm>()?).await?;
    part(s, "disks")
}

pub async fn detach_disk(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::detach_disk(s.ctx, s.id.into(), &s.form::<DetachDiskForm>()?).await?;
    part(s, "disks")
}

pub async fn edit_disk(s: &Sent<'_>) -> Result<Done, Fault> {
    control::disks::edit(s.ctx, s.id.into(), &s.form::<EditDiskForm>()?).await?;
    s.to_page(ListTab::Disks)
}

pub async fn add_nic(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::add_nic(s.ctx, s.id.into(), &s.form::<NicForm>()?).await?;
    part(s, "nics")
}

pub async fn edit_nic(s: &Sent<'_>) -> Result<Done, Fault> {
    let nic = s.fields.read::<NicForm>().id().map_err(Fault::Invalid)?;
    control::vms::edit_nic(s.ctx, s.id.into(), nic, &s.form::<NicForm>()?).await?;
    part(s, "nics")
}

pub async fn remove_nic(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::remove_nic(s.ctx, s.id.into(), s.form::<RemoveNicForm>()?).await?;
    part(s, "nics")
}
