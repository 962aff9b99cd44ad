//! What an edit means to the VM's quota: another one is only somebody's who may use it, and takes over what runs.

use model::FieldErrors;
use model::id::Kind;
use model::vm_request::VmConfig;
use store::vms::Vm;

use crate::app::Tx;
use crate::quotas::{self, Asked, Taking};
use crate::{Ctx, Outcome};

/// The same quota as before is nobody's question.
pub(super) async fn fit(
    ctx: &Ctx,
    tx: &mut Tx,
    vm: &Vm,
    wanted: &VmConfig,
    errors: &mut FieldErrors,
) -> Outcome<()> {
    let quota = wanted.options.quota;
    if quota == vm.config.options.quota {
        return Ok(());
    }
    quotas::chosen(ctx, tx, (quota, vm.row.data_center.0), errors).await
}

/// What runs is taken from another quota as it runs. Where the start was asked for and has not begun, it will begin with
/// what is written now.
pub(super) async fn reserve(ctx: &Ctx, tx: Tx, vm: &Vm, wanted: &VmConfig) -> Outcome<Tx> {
    let moves = wanted.options.quota != vm.config.options.quota;
    let cluster = vm.row.cluster.0;
    let asked = match &vm.running {
        _ if !vm.row.status.running() => return Ok(tx),
        Some(running) if moves => Asked::run(cluster, running),
        None if moves => Asked::run(cluster, wanted),
        None => Asked::more(cluster, &vm.config, wanted),
        Some(_) => return Ok(tx),
    };
    let about = (Kind::Vm, vm.row.id.0, vm.row.name.clone());
    let taking = Taking { data_center: vm.row.data_center.0, quota: wanted.options.quota, about };
    quotas::reserve(ctx, tx, &taking, &asked).await
}
