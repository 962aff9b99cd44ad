//! Run, shut down, power off, reboot, reset, pause. Suspending has a file of its own.

use model::event::EventKind;
use model::id::Kind;
use model::vm::{VmIntent, VmStatus};
use model::{Action, JobId, VmId};
use store::vms as table;

use super::not_busy;
use crate::app::{Tx, commit};
use crate::flows::{self, Order};
use crate::quotas::{self, Asked, Taking};
use crate::{Ctx, Outcome, events, placement};

/// Starts the VM; a paused one goes on. A placement that cannot succeed is refused at once, with its reasons.
pub async fn run(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::RunVm).await?;
    not_busy(&mut tx, &vm).await?;
    vm.row.can(Action::RunVm)?;
    let own = (id, vm.row.name.as_str());
    model::lease::startable(own, vm.row.lease_stage, vm.row.expires_at, ctx.app.now())?;
    let (name, reason) = (&vm.row.name, events::given(reason)?);
    let on_its_way = match vm.row.status {
        VmStatus::Suspended => Some(VmStatus::RestoringState),
        VmStatus::Down => Some(VmStatus::WaitForLaunch),
        _ => None,
    };
    if let Some(status) = on_its_way {
        placement::place(&mut tx, &vm).await?;
        tx = reserve(ctx, tx, &vm).await?;
        table::set_status(&mut tx, id, status, None, ctx.app.now()).await?;
    }
    table::set_intent(&mut tx, id, VmIntent::Up, None).await?;
    if ctx.who.id.is_some() {
        table::set_ha(&mut tx, id, 0, None).await?;
    }
    let args = [("reason", events::reason(reason))];
    events::tell(&mut tx, ctx, EventKind::VmStartInitiated, &args, vec![(Kind::Vm, id.0, name.clone())])
        .await?;
    let flow = match vm.row.status {
        VmStatus::Paused => flows::RESUME_VM,
        VmStatus::Suspended => flows::RESTORE_VM,
        _ => flows::START_VM,
    };
    let order = Order::on_vm(flow, id, name).with_disks(vm.memory_disk.as_slice());
    let job = ctx.enqueue(&mut tx, order).await?;
    commit(tx).await?;
    Ok(job)
}

/// From here on until it is down the VM is counted in its quota.
async fn reserve(ctx: &Ctx, tx: Tx, vm: &table::Vm) -> Outcome<Tx> {
    let about = (Kind::Vm, vm.row.id.0, vm.row.name.clone());
    let taking = Taking { data_center: vm.row.data_center.0, quota: vm.config.options.quota, about };
    quotas::reserve(ctx, tx, &taking, &Asked::run(vm.row.cluster.0, vm.of_run())).await
}

/// What is asked of a running VM.
struct Wish {
    action: Action,
    flow: &'static str,
    told: EventKind,
    /// It is not meant to run any more.
    down: bool,
}

const SHUTDOWN: Wish = Wish {
    action: Action::ShutdownVm,
    flow: flows::SHUTDOWN_VM,
    told: EventKind::VmShutdownInitiated,
    down: true,
};
const POWER_OFF: Wish =
    Wish { action: Action::PowerOffVm, flow: flows::POWER_OFF_VM, told: EventKind::VmPoweredOff, down: true };

/// Asks the guest to shut down.
pub async fn shutdown(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    ask(ctx, id, reason, SHUTDOWN).await
}

/// The same by Drover itself, within a transaction that has more to write.
pub(crate) async fn shutdown_in(tx: &mut Tx, ctx: &Ctx, vm: &table::Vm) -> Outcome<JobId> {
    ask_in(tx, ctx, vm, None, &SHUTDOWN).await
}

/// Ends the VM's process at once, or discards the saved state of one that is suspended.
pub async fn power_off(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    ask(ctx, id, reason, POWER_OFF).await
}

/// As `shutdown_in`.
pub(crate) async fn power_off_in(tx: &mut Tx, ctx: &Ctx, vm: &table::Vm) -> Outcome<JobId> {
    ask_in(tx, ctx, vm, None, &POWER_OFF).await
}

pub async fn reboot(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    let (action, told) = (Action::RebootVm, EventKind::VmRebootInitiated);
    ask(ctx, id, reason, Wish { action, flow: flows::REBOOT_VM, told, down: false }).await
}

/// The guest begins anew without being asked.
pub async fn reset(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    let (action, told) = (Action::ResetVm, EventKind::VmResetInitiated);
    ask(ctx, id, reason, Wish { action, flow: flows::RESET_VM, told, down: false }).await
}

/// Stops the processors until the VM is run again.
pub async fn pause(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    let (action, told) = (Action::PauseVm, EventKind::VmPauseInitiated);
    ask(ctx, id, reason, Wish { action, flow: flows::PAUSE_VM, told, down: false }).await
}

async fn ask(ctx: &Ctx, id: VmId, reason: Option<&str>, wish: Wish) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, wish.action).await?;
    let job = ask_in(&mut tx, ctx, &vm, reason, &wish).await?;
    commit(tx).await?;
    Ok(job)
}

async fn ask_in(tx: &mut Tx, ctx: &Ctx, vm: &table::Vm, reason: Option<&str>, wish: &Wish) -> Outcome<JobId> {
    not_busy(tx, vm).await?;
    vm.row.status.can(wish.action)?;
    let (id, reason) = (vm.row.id, events::given(reason)?);
    if wish.down {
        table::set_intent(tx, id, VmIntent::Down, reason).await?;
    }
    let about = vec![(Kind::Vm, id.0, vm.row.name.clone())];
    events::tell(tx, ctx, wish.told, &[("reason", events::reason(reason))], about).await?;
    let suspended = vm.row.status == VmStatus::Suspended;
    let flow = if suspended { flows::DISCARD_VM } else { wish.flow };
    let order = Order::on_vm(flow, id, &vm.row.name).with_disks(vm.memory_disk.as_slice());
    ctx.enqueue(tx, order).await
}
