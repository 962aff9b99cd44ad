//! Quotas: made, changed, removed; who may use one; and the one that a disk is in.

use model::Fault;

use super::Sent;
use crate::forms::Done;
use crate::forms::data::quota::{AssignQuotaForm, ConsumersForm, QuotaForm};
use crate::frame::ListTab;
use crate::paths;

/// Also of a copy, which is another one.
pub async fn new_quota(s: &Sent<'_>) -> Result<Done, Fault> {
    control::quotas::create(s.ctx, &s.form::<QuotaForm>()?).await?;
    s.to(paths::list(ListTab::Quotas))
}

pub async fn edit_quota(s: &Sent<'_>) -> Result<Done, Fault> {
    let edit = s.fields.read::<QuotaForm>().edit().map_err(Fault::Invalid)?;
    control::quotas::edit(s.ctx, s.id.into(), &edit).await?;
    s.to_page(ListTab::Quotas)
}

pub async fn remove_quota(s: &Sent<'_>) -> Result<Done, Fault> {
    control::quotas::remove(s.ctx, s.id.into()).await?;
    Ok(Done::Go(paths::list(ListTab::Quotas).to_owned()))
}

pub async fn edit_consumers(s: &Sent<'_>) -> Result<Done, Fault> {
    let asked = s.form::<ConsumersForm>()?;
    control::quotas::change_consumers(s.ctx, s.id.into(), &asked).await?;
    Ok(Done::Go(paths::part(ListTab::Quotas, s.id, "consumers")))
}

pub async fn assign_quota(s: &Sent<'_>) -> Result<Done, Fault> {
    control::quotas::assign_disk(s.ctx, s.id.into(), s.form::<AssignQuotaForm>()?).await?;
    s.to_page(ListTab::Disks)
}
