//! Taking from a quota, within the transaction of what takes: the quota's row is held, what is used is counted, and the
//! rule decides. Whoever comes at the same time waits for that row and then counts this one too.

use model::event::EventKind;
use model::id::Kind;
use model::quota::{Finding, Judged, QuotaMode, QuotaRow, Resource, judge, percent};
use model::{Action, DataCenterId, Fault, FieldErrors, QuotaId, Refusal, Text};
use store::quotas as table;

use super::Asked;
use crate::app::{Tx, commit};
use crate::events::About;
use crate::{Ctx, Outcome, events};

/// What takes, and from which quota; none is the default of the data center.
pub(crate) struct Taking {
    pub data_center: DataCenterId,
    pub quota: Option<QuotaId>,
    pub about: About,
}

/// Lets `asked` be taken, or refuses it in numbers. To be called before anything is written: a refusal is told in the
/// same transaction, which then ends with that alone.
pub(crate) async fn reserve(ctx: &Ctx, mut tx: Tx, taking: &Taking, asked: &Asked) -> Outcome<Tx> {
    let center = table::of_center(&mut tx, taking.data_center).await?;
    let Some((mode, _)) = center.filter(|(mode, _)| *mode != QuotaMode::Disabled) else { return Ok(tx) };
    let Some(quota) = taking.quota else { return missing(ctx, tx, taking, asked).await };
    let row = table::lock(&mut tx, quota).await?.ok_or(Fault::NotFound { kind: Kind::Quota })?;
    let judged = judge(&row, &asked.needs(&mut tx).await?);
    // What Drover does by itself, as the restart of a highly available VM, is never refused, but told.
    let mode = if ctx.who.id.is_none() { QuotaMode::Audit } else { mode };
    let refusal = judged.refused(mode, &row.config.name, &taking.about.2);
    tell(ctx, &mut tx, &row, &judged, (refusal.is_some(), &taking.about)).await?;
    match refusal {
        None => Ok(tx),
        Some(refusal) => {
            let refusal = explained(&mut tx, &row, &judged, refusal).await?;
            let asks = ctx.may(&mut tx, Kind::Quota, quota.0, Action::AskForQuota).await.is_ok();
            let refusal = if asks { refusal.way(Kind::Quota, quota.0, Action::AskForQuota) } else { refusal };
            commit(tx).await?;
            Err(refusal.into())
        }
    }
}

/// Of what is in no quota: that is the default's, which has no limits but has its users, too.
async fn missing(ctx: &Ctx, mut tx: Tx, taking: &Taking, asked: &Asked) -> Outcome<Tx> {
    let center = table::of_center(&mut tx, taking.data_center).await?;
    let Some((mode, Some(default))) = center else { return Ok(tx) };
    let (Some(user), Err(_)) = (ctx.who.id, ctx.may(&mut tx, Kind::Quota, default.0, Action::UseQuota).await)
    else {
        return Ok(tx);
    };
    let row = store::data_centers::LIST.one(&mut tx, taking.data_center.0).await?;
    let center = row.map(|row| row.config.name).unwrap_or_default();
    if mode == QuotaMode::Enforced {
        tracing::debug!(%user, center, "a quota is missing");
        let refusal = Refusal::new("refusal-quota-missing").with("data-center", center);
        return Err(refusal.with("name", &taking.about.2).into());
    }
    let storage = asked.storage.is_some();
    let kind = if storage { EventKind::QuotaStorageMissing } else { EventKind::QuotaClusterMissing };
    let args = [("who", events::word(&taking.about.2)), ("data-center", events::word(&center))];
    events::tell(&mut tx, ctx, kind, &args, vec![taking.about.clone()]).await?;
    Ok(tx)
}

/// Each line that is crossed, once; a refusal each time, but for bursts.
async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &QuotaRow,
    judged: &Judged,
    (refused, about): (bool, &About),
) -> Outcome<()> {
    for (kind, finding) in judged.told(refused) {
        let what = finding.limit.label();
        let after = finding.limit.used.saturating_add(finding.asked);
        let percent = percent(after, finding.limit.most.unwrap_or_default()).unwrap_or(100);
        let args = [
            ("what", what),
            ("who", events::word(&about.2)),
            ("percent", events::word(&percent.to_string())),
        ];
        let objects = vec![(Kind::Quota, row.id.0, row.config.name.clone()), about.clone()];
        // What is refused may not be there yet.
        let objects = if refused { objects[..1].to_vec() } else { objects };
        events::tell(tx, ctx, kind, &args, objects).await?;
    }
    Ok(())
}

/// Adds who takes the most of what there is too little of.
async fn explained(tx: &mut Tx, row: &QuotaRow, judged: &Judged, refusal: Refusal) -> Outcome<Refusal> {
    let mut reasons = refusal.reasons.clone();
    for finding in judged.beyond() {
        reasons.extend(most(tx, row, finding).await?);
    }
    Ok(refusal.because(reasons))
}

async fn most(tx: &mut Tx, row: &QuotaRow, finding: &Finding) -> Outcome<Option<Text>> {
    let what = finding.limit.what;
    let takers = match what {
        Resource::Vcpus => table::largest_vms(tx, row.id, false).await?,
        Resource::Memory => table::largest_vms(tx, row.id, true).await?,
        Resource::Storage => table::largest_disks(tx, row.id).await?,
    };
    let one = |t: &table::Taker| {
        Text::new("quota-used-by-one").with("name", &t.name).with("amount", what.amount(t.amount)).to_string()
    };
    let names: Vec<String> = takers.iter().map(one).collect();
    Ok((!names.is_empty()).then(|| Text::new("quota-used-by").with("names", names.join(", "))))
}

/// Lets the quota be chosen for something of the data center: one that is there, of that data center, and that this
/// person may use.
pub(crate) async fn chosen(
    ctx: &Ctx,
    tx: &mut Tx,
    (quota, data_center): (Option<QuotaId>, DataCenterId),
    errors: &mut FieldErrors,
) -> Outcome<()> {
    let Some(quota) = quota else { return Ok(()) };
    match ctx.uses(tx, (Kind::Quota, quota.0), Action::UseQuota, "quota").await {
        Err(Fault::Invalid(unknown)) => {
            errors.0.extend(unknown.0);
            return Ok(());
        }
        decided => decided?,
    }
    let row = table::LIST.one(tx, quota.0).await?;
    if let Some(row) = row.filter(|row| row.data_center.0 != data_center) {
        errors.add("quota", Text::new("refusal-other-data-center").with("name", row.config.name));
    }
    Ok(())
}
