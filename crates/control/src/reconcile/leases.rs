//! VMs that expire: their owners are told, then they are stopped, kept and removed, each step by the operation that people
//! have for it. The rule is `model::lease`'s; here what it says is done, with the stage that is reached and the job that
//! gets there in one transaction. So a step is asked for once, however often the server dies, and what somebody did
//! meanwhile (extended it, stopped it) is seen before anything is done.

use std::time::Duration;

use model::event::EventKind;
use model::id::Kind;
use model::lease::{Due, LeaseStage, Step, again, day, last_day};
use model::vm::VmIntent;
use model::{Text, VmId};
use store::events::NewEvent;
use store::vms::{self as table, Vm};
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Tx, commit};
use crate::{Ctx, Outcome, events, vms};

const EVERY: Duration = Duration::from_secs(15);
/// How many VMs are looked at in one round.
const MOST: i64 = 500;

pub async fn run(app: App, end: CancellationToken) {
    loop {
        if let Err(fault) = round(&app).await {
            tracing::warn!(%fault, "leases could not be looked after");
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Does what is due. Public, so that tests can do it when they want.
pub async fn round(app: &App) -> Outcome<()> {
    let due = table::lease_due(&mut *app.conn().await?, app.now(), MOST).await?;
    for vm in due {
        if let Err(fault) = turn(app, vm).await {
            // It is busy, or its host is away: others must not wait for it.
            tracing::info!(%vm, %fault, "what its lease says of a VM waits");
            let now = app.now();
            table::put_off(&mut *app.conn().await?, vm, now, again(now)).await?;
        }
    }
    Ok(())
}

async fn turn(app: &App, id: VmId) -> Outcome<()> {
    let ctx = Ctx::system(app, "lease");
    let mut tx = app.begin().await?;
    let Some(vm) = table::lock(&mut tx, id).await? else { return Ok(()) };
    let (Some(term), now) = (vm.term(), app.now()) else { return Ok(()) };
    // Extended since the list was read.
    if vm.lease_due.is_none_or(|due| due > now) {
        return Ok(());
    }
    let (step, due) = term.next(now);
    table::set_due(&mut tx, id, due).await?;
    if due.stage != vm.row.lease_stage {
        enter(&mut tx, &ctx, &vm, due).await?;
    }
    act(&mut tx, &ctx, &vm, step).await?;
    commit(tx).await
}

/// What is told of a stage once it is reached.
async fn enter(tx: &mut Tx, ctx: &Ctx, vm: &Vm, due: Due) -> Outcome<()> {
    let end = vm.row.expires_at.unwrap_or(due.at);
    let (kind, until) = match due.stage {
        LeaseStage::Running => return Ok(()),
        LeaseStage::Warned => (EventKind::LeaseEndsInAWeek, Some(end)),
        LeaseStage::LastDay => (EventKind::LeaseEndsInADay, Some(end)),
        LeaseStage::Stopping => (EventKind::LeaseExpired, None),
        LeaseStage::Forced => (EventKind::LeaseForced, None),
        LeaseStage::Kept => {
            // One that went down by itself is not to be started again.
            if vm.row.intended == VmIntent::Up {
                table::set_intent(tx, vm.row.id, VmIntent::Down, None).await?;
            }
            (EventKind::LeaseKept, Some(due.at))
        }
        LeaseStage::Held => (EventKind::LeaseHeld, None),
        LeaseStage::Removing => (EventKind::LeaseRemoved, None),
    };
    tell(tx, ctx, vm, kind, until).await
}

/// Nobody did it, so the audit has nothing of it; but it leads to the job that follows.
async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    vm: &Vm,
    kind: EventKind,
    until: Option<OffsetDateTime>,
) -> Outcome<()> {
    let mut text = Text::new(kind.key()).with("name", &vm.row.name);
    if let Some(until) = until {
        text = text.with("day", day(last_day(until)));
    }
    let objects = vec![(Kind::Vm, vm.row.id.0, vm.row.name.clone())];
    let correlation = Some(ctx.correlation.as_str());
    let event = NewEvent { kind, text, user: None, correlation, job: None, objects };
    events::write(tx, ctx.app.now(), &event).await
}

async fn act(tx: &mut Tx, ctx: &Ctx, vm: &Vm, step: Step) -> Outcome<()> {
    let job = match step {
        Step::Tell => return Ok(()),
        Step::ShutDown => vms::shutdown_in(tx, ctx, vm).await?,
        Step::PowerOff => vms::power_off_in(tx, ctx, vm).await?,
        Step::Remove => vms::remove_in(tx, ctx, vm, true).await?,
    };
    tracing::info!(vm = %vm.row.name, %job, ?step, "a lease is at its end");
    Ok(())
}
