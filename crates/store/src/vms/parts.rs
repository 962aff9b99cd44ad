//! A VM with all that it is made of, for its page.

use model::VmId;
use model::vm::VmDetails;
use model::vm_request::VmConfig;
use sqlx::PgConnection;

use super::{disks, get, nics};
use crate::StoreResult;

pub async fn details(c: &mut PgConnection, id: VmId) -> StoreResult<Option<VmDetails>> {
    let Some(vm) = get(c, id).await? else { return Ok(None) };
    let nics = nics(c, id, vm.guest.as_ref()).await?;
    Ok(Some(VmDetails {
        template: vm.template,
        sockets: vm.config.sockets,
        cores: vm.config.cores,
        threads: vm.config.threads,
        cpu_model: vm.config.cpu_model.clone(),
        option_hosts: crate::hosts::names(c, &vm.config.options.hosts).await?,
        options: vm.config.options.clone(),
        next_run_changes: vm.running.as_ref().is_some_and(|run| waits(run, &vm.config)),
        stop_reason: vm.stop_reason,
        ha_next_at: vm.ha_next_at,
        lease_due: vm.lease_due,
        created_at: vm.created_at,
        disks: disks::shown(c, id).await?,
        nics: nics.into_iter().map(|n| n.nic).collect(),
        guest: vm.guest,
        use_history: crate::statistics::last_hour(c, id.0).await?,
        row: vm.row,
    }))
}

/// Whether something was changed that the running process cannot take over.
fn waits(running: &VmConfig, wanted: &VmConfig) -> bool {
    let hardware = |v: &VmConfig| (v.memory, v.sockets, v.cores, v.threads, v.cpu_model.clone());
    hardware(running) != hardware(wanted) || !wanted.options.same_run(&running.options)
}
