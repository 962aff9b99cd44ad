//! Change the CD of a VM that runs. Of one that does not, its boot options say what is in the drive.

use model::event::EventKind;
use model::id::Kind;
use model::vm_options::{MediaRef, VmOptions};
use model::{Action, FieldErrors, JobId, Refusal, VmId};

use super::{not_busy, options};
use crate::app::commit;
use crate::flows::{self, Order};
use crate::{Ctx, Outcome, events};

/// None ejects what is in the drive.
pub async fn change_cd(ctx: &Ctx, id: VmId, cd: Option<&MediaRef>) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::ChangeCd).await?;
    not_busy(&mut tx, &vm).await?;
    vm.row.status.can(Action::ChangeCd)?;
    let mut errors = FieldErrors::default();
    let wanted = VmOptions { cd: cd.cloned(), ..VmOptions::default() };
    options::fit(ctx, &mut tx, (vm.row.cluster.0, vm.row.data_center.0), &wanted, &mut errors).await?;
    errors.into_result()?;
    if vm.of_run().options.cd.as_ref() == cd && vm.config.options.cd.as_ref() == cd {
        return Err(Refusal::new("refusal-cd-same").with("name", &vm.row.name).into());
    }
    let kind = if cd.is_some() { EventKind::CdChanged } else { EventKind::CdEjected };
    let args = [("cd", events::word(cd.map_or("", |cd| &cd.name)))];
    events::tell(&mut tx, ctx, kind, &args, vec![(Kind::Vm, id.0, vm.row.name.clone())]).await?;
    let order = Order::on_vm(flows::CHANGE_CD, id, &vm.row.name).with("cd", cd);
    let job = ctx.enqueue(&mut tx, order).await?;
    commit(tx).await?;
    Ok(job)
}
