//! Operations on virtual machines: looking, editing, removing; making, power and the screen have files of their
//! own. Each decides, writes intent, job and event in one transaction, and leaves the acting to its flow.

mod cd;
mod create;
mod disks;
mod lease;
mod nics;
mod options;
mod power;
mod quota;
mod screen;
mod suspend;

use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::vm::{VmDetails, VmRow, VmStatus};
use model::vm_request::EditVm;
use model::{Action, Fault, FieldErrors, JobId, Text, VmId};
use store::vms as table;

use crate::app::{Tx, commit, name_taken, noun};
use crate::ctx::stale;
use crate::flows::{self, Order};
use crate::{Ctx, Outcome, events, placement};

pub use cd::change_cd;
pub use create::create;
pub(crate) use disks::boots_otherwise;
pub use disks::{add_disk, attach_disk, detach_disk};
pub use lease::{extend_lease, extendable};
pub use nics::{add_nic, edit_nic, remove_nic};
pub use power::{pause, power_off, reboot, reset, run, shutdown};
pub(crate) use power::{power_off_in, shutdown_in};
pub(crate) use screen::screen_password;
pub use screen::{Screen, VIEWER_TIME, Viewer, console_told, may_watch, screen, unwatched, viewer};
pub use suspend::suspend;

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<VmRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: VmId) -> Outcome<VmDetails> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::Vm, id.0).await?;
    table::details(&mut c, id).await?.ok_or(Fault::NotFound { kind: Kind::Vm })
}
/// A name that is wrong in itself is not looked up: it may be nothing that the database can hold.
async fn name_free(tx: &mut Tx, own: Option<VmId>, name: &str, errors: &mut FieldErrors) -> Outcome<()> {
    if errors.get("name").is_some() {
        return Ok(());
    }
    if table::by_name(tx, name).await?.is_some_and(|other| Some(other) != own) {
        errors.add("name", Text::new("refusal-name-taken").with("kind", noun(Kind::Vm)).with("name", name));
    }
    Ok(())
}

pub async fn edit(ctx: &Ctx, id: VmId, edit: &EditVm) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::EditVm).await?;
    vm.row.status.can(Action::EditVm)?;
    let mut errors = edit.config.errors();
    placement::beyond(&mut tx, vm.row.cluster.0, &edit.config, &mut errors).await?;
    name_free(&mut tx, Some(id), &edit.config.name, &mut errors).await?;
    let place = (vm.row.cluster.0, vm.row.data_center.0);
    options::fit(ctx, &mut tx, place, &edit.config.options, &mut errors).await?;
    quota::fit(ctx, &mut tx, &vm, &edit.config, &mut errors).await?;
    errors.into_result()?;
    let mut tx = quota::reserve(ctx, tx, &vm, &edit.config).await?;
    let updated = table::update(&mut tx, id, edit.version, &edit.config).await;
    if !updated.map_err(|e| name_taken(e, Kind::Vm, &edit.config.name))? {
        return Err(stale(Kind::Vm, vm.row.version));
    }
    events::tell(&mut tx, ctx, EventKind::VmUpdated, &[], vec![(Kind::Vm, id.0, edit.config.name.clone())])
        .await?;
    lease::moved(ctx, &mut tx, &vm, &edit.config).await?;
    commit(tx).await
}
/// Removes the VM and, if asked, its disks; otherwise they stay, attached to nothing.
pub async fn remove(ctx: &Ctx, id: VmId, with_disks: bool) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::RemoveVm).await?;
    let job = remove_in(&mut tx, ctx, &vm, with_disks).await?;
    commit(tx).await?;
    Ok(job)
}

/// The same, within a transaction that has more to write.
pub(crate) async fn remove_in(tx: &mut Tx, ctx: &Ctx, vm: &table::Vm, with_disks: bool) -> Outcome<JobId> {
    not_busy(tx, vm).await?;
    vm.row.can(Action::RemoveVm)?;
    let (id, name) = (vm.row.id, &vm.row.name);
    let disks = store::disks::of_vm(tx, id).await?;
    let about = vec![(Kind::Vm, id.0, name.clone())];
    events::tell(tx, ctx, EventKind::VmRemoveStarted, &[], about).await?;
    table::set_status(tx, id, VmStatus::ImageLocked, None, ctx.app.now()).await?;
    let order = Order::on_vm(flows::REMOVE_VM, id, name).with_disks(if with_disks { &disks } else { &[] });
    ctx.enqueue(tx, order).await
}
/// A job that holds the VM answers before its passing status does: "web1 is busy: Start VM web1".
pub(crate) async fn not_busy(tx: &mut Tx, vm: &table::Vm) -> Outcome<()> {
    match store::jobs::busy(tx, vm.row.id.0).await? {
        Some((job, title)) => {
            Err(jobs::Busy { object: vm.row.id.0, name: vm.row.name.clone(), job, title }.into())
        }
        None => Ok(()),
    }
}
