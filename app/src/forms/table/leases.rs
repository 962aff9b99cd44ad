//! What says how long VMs are there: the edit of a template, and another end of a VM.

use model::Fault;

use super::Sent;
use crate::forms::Done;
use crate::forms::data::lease::ExtendForm;
use crate::forms::data::template::TemplateForm;
use crate::frame::ListTab;

pub async fn edit_template(s: &Sent<'_>) -> Result<Done, Fault> {
    control::templates::edit(s.ctx, s.id.into(), &s.form::<TemplateForm>()?).await?;
    s.to_page(ListTab::Templates)
}

pub async fn extend_lease(s: &Sent<'_>) -> Result<Done, Fault> {
    control::vms::extend_lease(s.ctx, s.id.into(), s.form::<ExtendForm>()?).await?;
    s.to_page(ListTab::Vms)
}
