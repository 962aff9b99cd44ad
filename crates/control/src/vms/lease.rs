//! When a VM expires: as its template and its quota say when it is made, and as it is extended, by its owner within what
//! they say and by an administrator at will. What then happens is `reconcile::leases`' business.

use model::event::EventKind;
use model::id::Kind;
use model::lease::{Asks, Lease, LeaseOffer, LeaseStage, begin, day, extended, last_day};
use model::vm_request::VmConfig;
use model::{Action, Fault, QuotaId, Text, VmId};
use store::PgConnection;
use store::templates::Template;
use store::vms::{self as table, Vm};
use time::{Date, OffsetDateTime};

use super::not_busy;
use crate::app::{Tx, commit};
use crate::{Ctx, Outcome, events};

/// What may be chosen as the end of a VM, for the dialog that asks.
pub async fn extendable(ctx: &Ctx, id: VmId) -> Outcome<LeaseOffer> {
    let mut c = ctx.app.conn().await?;
    ctx.may(&mut c, Kind::Vm, id.0, Action::ExtendLease).await?;
    let vm = table::get(&mut c, id).await?.ok_or(Fault::NotFound { kind: Kind::Vm })?;
    let freely = administers(ctx, &mut c, &vm).await?;
    let latest = vm.lease.as_ref().and_then(|lease| lease.latest(vm.created_at, ctx.app.now()));
    let latest = latest.filter(|_| vm.row.expires_at.is_some()).map(last_day);
    Ok(LeaseOffer { expires_at: vm.row.expires_at, latest, freely })
}

/// Moves the end of a VM to the end of a day; none takes it away, which is an administrator's. What has expired is as
/// before it did. Asked twice, it is done once.
pub async fn extend_lease(ctx: &Ctx, id: VmId, wanted: Option<Date>) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::ExtendLease).await?;
    if vm.row.lease_stage == LeaseStage::Removing {
        not_busy(&mut tx, &vm).await?;
    }
    let end = end(ctx, &mut tx, &vm, wanted).await?;
    if end == vm.row.expires_at {
        return Ok(());
    }
    set(ctx, &mut tx, id, end).await?;
    tell(ctx, &mut tx, &vm, end).await?;
    commit(tx).await
}

/// The end that is asked for, if it is this person's to ask for.
async fn end(ctx: &Ctx, tx: &mut Tx, vm: &Vm, wanted: Option<Date>) -> Outcome<Option<OffsetDateTime>> {
    let administers = administers(ctx, tx, vm).await?;
    let Some(wanted) = wanted else {
        let required = Fault::field("until", Text::new("field-required"));
        return if administers { Ok(None) } else { Err(required) };
    };
    // What never expires is not given an end by whoever would have to ask for it to go.
    let lease = vm.lease.as_ref().filter(|_| vm.row.expires_at.is_some());
    let asks = if administers { Asks::Administrator } else { Asks::Owner(lease) };
    let end = extended(asks, vm.created_at, wanted, ctx.app.now());
    end.map(Some).map_err(|text| Fault::field("until", text))
}

/// Whoever may change what its quota says may also make an exception of it.
async fn administers(ctx: &Ctx, c: &mut PgConnection, vm: &Vm) -> Outcome<bool> {
    match ctx.may(c, Kind::DataCenter, vm.row.data_center.0.0, Action::CreateQuota).await {
        Ok(()) => Ok(true),
        Err(Fault::Forbidden(_) | Fault::NotFound { .. }) => Ok(false),
        Err(fault) => Err(fault),
    }
}

async fn set(ctx: &Ctx, tx: &mut Tx, id: VmId, end: Option<OffsetDateTime>) -> Outcome<()> {
    let end = end.map(|end| (end, begin(end, ctx.app.now())));
    Ok(table::set_end(tx, id, end).await?)
}

async fn tell(ctx: &Ctx, tx: &mut Tx, vm: &Vm, end: Option<OffsetDateTime>) -> Outcome<()> {
    let about = vec![(Kind::Vm, vm.row.id.0, vm.row.name.clone())];
    match end {
        Some(end) => {
            let args = [("day", day(last_day(end)))];
            events::tell(tx, ctx, EventKind::LeaseSet, &args, about).await
        }
        None => events::tell(tx, ctx, EventKind::LeaseTaken, &[], about).await,
    }
}

/// What a VM that is being made is given by its template and its quota.
pub(super) async fn give(
    ctx: &Ctx,
    tx: &mut Tx,
    id: VmId,
    template: Option<&Template>,
    quota: Option<QuotaId>,
) -> Outcome<()> {
    let said = Lease::of([template.and_then(|template| template.lease), of_quota(tx, quota).await?]);
    let Some(lease) = said else { return Ok(()) };
    table::set_lease(tx, id, Some(&lease)).await?;
    set(ctx, tx, id, Some(lease.expires(ctx.app.now()))).await
}

/// What comes into another quota gets what that says, too, and never longer than it had.
pub(super) async fn moved(ctx: &Ctx, tx: &mut Tx, vm: &Vm, wanted: &VmConfig) -> Outcome<()> {
    let quota = wanted.options.quota;
    if quota == vm.config.options.quota {
        return Ok(());
    }
    let Some(said) = of_quota(tx, quota).await? else { return Ok(()) };
    let lease = Lease::of([vm.lease, Some(said)]);
    table::set_lease(tx, vm.row.id, lease.as_ref()).await?;
    let end = said.expires(ctx.app.now());
    if vm.row.expires_at.is_some_and(|own| own <= end) {
        return Ok(());
    }
    set(ctx, tx, vm.row.id, Some(end)).await?;
    tell(ctx, tx, vm, Some(end)).await
}

async fn of_quota(tx: &mut Tx, quota: Option<QuotaId>) -> Outcome<Option<Lease>> {
    match quota {
        Some(quota) => Ok(store::quotas::lease_of(tx, quota).await?),
        None => Ok(None),
    }
}
