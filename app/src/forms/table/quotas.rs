//! Quotas: made, changed, removed; who may use one; and the one that a disk is in.

use control::quotas::requests;
use model::Fault;

use super::Sent;
use crate::forms::Done;
use crate::forms::data::quota::{AssignQuotaForm, ConsumersForm, QuotaForm};
use crate::forms::data::quota_request::{RequestForm, WithdrawForm};
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

pub async fn ask_for_quota(s: &Sent<'_>) -> Result<Done, Fault> {
    let asked = s.fields.read::<RequestForm>().asked().map_err(Fault::Invalid)?;
    requests::ask(s.ctx, s.id.into(), &asked).await?;
    to_requests(s)
}

/// Approved or declined, by the button that was pressed.
pub async fn answer_request(s: &Sent<'_>) -> Result<Done, Fault> {
    let form = s.fields.read::<RequestForm>();
    if s.fields.get("intent") == "decline" {
        requests::decline(s.ctx, s.id.into(), form.id(), &form.word).await?;
    } else {
        let grant = form.granted().map_err(Fault::Invalid)?;
        requests::approve(s.ctx, s.id.into(), form.id(), &grant).await?;
    }
    to_requests(s)
}

pub async fn withdraw_request(s: &Sent<'_>) -> Result<Done, Fault> {
    requests::withdraw(s.ctx, s.id.into(), s.form::<WithdrawForm>()?).await?;
    to_requests(s)
}

fn to_requests(s: &Sent<'_>) -> Result<Done, Fault> {
    s.to(paths::part(ListTab::Quotas, s.id, "requests"))
}
