//! What the operations set in motion: one file per flow, each a few idempotent steps with their way back.
//! The engine knows when to run a step; here is what it means. A step reads the rows anew each time, since
//! the server may have died and hours may have passed since the one before.

pub mod change_cd;
pub mod change_nic;
pub mod create_vm;
mod definition;
pub mod detach_disk;
pub mod extend_disk;
mod guest;
pub mod make;
pub mod plug_disk;
pub mod power_vm;
pub mod remove_disk;
pub mod remove_vm;
pub mod restore_vm;
pub mod start_vm;
pub mod suspend_vm;
mod volumes;

use std::sync::Arc;
use std::time::Duration;

use host::{HostDriver, HostError, PoolRef, VolumeRef};
use jobs::{EnqueueError, Flow, NewJob, Run, StepError};
use model::{DiskId, Fault, HostId, JobId, Refusal, StorageDomainId, TemplateId, Text, VmId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::disks::Disk;
use uuid::Uuid;

use crate::Outcome;
use crate::app::{App, Tx};

pub const CREATE_VM: &str = "vm-create";
pub const START_VM: &str = "vm-start";
pub const RESUME_VM: &str = "vm-resume";
pub const SHUTDOWN_VM: &str = "vm-shutdown";
pub const POWER_OFF_VM: &str = "vm-power-off";
pub const REBOOT_VM: &str = "vm-reboot";
pub const RESET_VM: &str = "vm-reset";
pub const PAUSE_VM: &str = "vm-pause";
pub const SUSPEND_VM: &str = "vm-suspend";
pub const RESTORE_VM: &str = "vm-restore";
pub const DISCARD_VM: &str = "vm-discard";
pub const CHANGE_CD: &str = "vm-change-cd";
pub const MAKE_TEMPLATE: &str = "template-make";
pub const MAKE_DISK: &str = "disk-make";
pub const REMOVE_VM: &str = "vm-remove";
pub const REMOVE_DISK: &str = "disk-remove";
pub const ADD_DISK: &str = "vm-add-disk";
pub const ATTACH_DISK: &str = "vm-attach-disk";
pub const DETACH_DISK: &str = "vm-detach-disk";
pub const TAKE_OUT_DISK: &str = "vm-remove-disk";
pub const EXTEND_DISK: &str = "disk-extend";
pub const ADD_NIC: &str = "vm-add-nic";
pub const EDIT_NIC: &str = "vm-edit-nic";
pub const REMOVE_NIC: &str = "vm-remove-nic";

/// Every flow there is.
pub fn all(app: &App) -> Vec<Arc<dyn Flow>> {
    vec![
        Arc::new(create_vm::CreateVm(app.clone())),
        Arc::new(start_vm::StartVm(app.clone())),
        Arc::new(power_vm::PowerVm(app.clone(), power_vm::Power::Resume)),
        Arc::new(power_vm::PowerVm(app.clone(), power_vm::Power::Shutdown)),
        Arc::new(power_vm::PowerVm(app.clone(), power_vm::Power::Reboot)),
        Arc::new(power_vm::PowerVm(app.clone(), power_vm::Power::Reset)),
        Arc::new(power_vm::PowerVm(app.clone(), power_vm::Power::Pause)),
        Arc::new(power_vm::PowerOffVm(app.clone())),
        Arc::new(suspend_vm::SuspendVm(app.clone())),
        Arc::new(restore_vm::RestoreVm(app.clone())),
        Arc::new(restore_vm::DiscardVm(app.clone())),
        Arc::new(change_cd::ChangeCd(app.clone())),
        Arc::new(make::MakeTemplate(app.clone())),
        Arc::new(make::MakeDisk(app.clone())),
        Arc::new(remove_vm::RemoveVm(app.clone())),
        Arc::new(remove_disk::RemoveDisk(app.clone())),
        Arc::new(plug_disk::PlugDisk(app.clone(), plug_disk::Plug::New)),
        Arc::new(plug_disk::PlugDisk(app.clone(), plug_disk::Plug::There)),
        Arc::new(detach_disk::DetachDisk(app.clone(), detach_disk::After::Keep)),
        Arc::new(detach_disk::DetachDisk(app.clone(), detach_disk::After::Remove)),
        Arc::new(extend_disk::ExtendDisk(app.clone())),
        Arc::new(change_nic::ChangeNic(app.clone(), change_nic::Change::Add)),
        Arc::new(change_nic::ChangeNic(app.clone(), change_nic::Change::Edit)),
        Arc::new(change_nic::ChangeNic(app.clone(), change_nic::Change::Remove)),
    ]
}

/// A job to be, in the words of an operation.
pub struct Order {
    pub kind: &'static str,
    pub title: Text,
    pub params: Value,
    pub objects: Vec<Uuid>,
    pub locks: Vec<(Uuid, String)>,
}

/// The parameters of all flows on one VM: ids only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VmParams {
    pub vm: VmId,
    #[serde(default)]
    pub disks: Vec<DiskId>,
}

/// The parameters of a flow on a disk of a VM.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VmDiskParams {
    pub vm: VmId,
    pub disk: DiskId,
}

/// The parameters of a flow on one disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DiskParams {
    pub disk: DiskId,
}

impl Order {
    /// A job on one disk, which it locks.
    pub fn on_disk(kind: &'static str, disk: DiskId, alias: &str) -> Order {
        Order {
            kind,
            title: Text::new(&format!("job-{kind}")).with("name", alias),
            params: serde_json::json!(DiskParams { disk }),
            objects: vec![disk.0],
            locks: vec![(disk.0, alias.to_owned())],
        }
    }

    /// A job that makes a template with its disk; it locks the template.
    pub fn of_template(template: TemplateId, name: &str, disk: DiskId) -> Order {
        Order {
            kind: MAKE_TEMPLATE,
            title: Text::new(&format!("job-{MAKE_TEMPLATE}")).with("name", name),
            params: serde_json::json!({ "template": template, "disk": disk }),
            objects: vec![template.0, disk.0],
            locks: vec![(template.0, name.to_owned())],
        }
    }

    /// A job on a disk of a VM; it locks both.
    pub fn on_vm_disk(kind: &'static str, (vm, name): (VmId, &str), (disk, alias): (DiskId, &str)) -> Order {
        let title = Text::new(&format!("job-{kind}")).with("name", alias).with("vm", name);
        let order = Order { title, ..Order::on_vm(kind, vm, name) };
        order.with("disk", disk).locking(disk.0, alias)
    }

    /// A job on one VM, which it locks.
    pub fn on_vm(kind: &'static str, vm: VmId, name: &str) -> Order {
        Order {
            kind,
            title: Text::new(&format!("job-{kind}")).with("name", name),
            params: serde_json::json!(VmParams { vm, disks: Vec::new() }),
            objects: vec![vm.0],
            locks: vec![(vm.0, name.to_owned())],
        }
    }

    /// The same with one more parameter.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Order {
        self.params[name] = serde_json::json!(value);
        self
    }

    /// The same, locking this as well.
    pub fn locking(mut self, id: Uuid, name: &str) -> Order {
        self.objects.push(id);
        self.locks.push((id, name.to_owned()));
        self
    }

    /// The same, concerning these disks as well.
    pub fn with_disks(mut self, disks: &[DiskId]) -> Order {
        self.params["disks"] = serde_json::json!(disks);
        self.objects.extend(disks.iter().map(|d| d.0));
        self
    }
}

/// Puts a job in the transaction; a locked object answers at once with what it is busy with.
pub async fn enqueue(tx: &mut Tx, app: &App, job: NewJob) -> Outcome<JobId> {
    let flows = all(app);
    let steps = flows.iter().find(|f| f.kind() == job.kind).map(|f| f.steps()).unwrap_or_default();
    let order = jobs::enqueue(tx, app.clock.as_ref(), app.ids.as_ref(), steps, job).await;
    order.map_err(|error| match error {
        EnqueueError::Busy(busy) => busy.into(),
        EnqueueError::Store(error) => error.into(),
    })
}

/// Where a disk's volume is.
pub fn volume_ref(disk: &Disk) -> VolumeRef {
    VolumeRef { pool: pool_ref(disk), volume: disk.volume.clone() }
}

pub fn pool_ref(disk: &Disk) -> PoolRef {
    PoolRef { pool: disk.storage_domain.to_string(), path: disk.path.clone() }
}

/// What a host's no means for a step: what may pass by itself is tried again.
pub fn host_said(error: HostError) -> StepError {
    let refusal = Refusal::from(error.text());
    if error.transient() {
        return StepError::Retry { cause: refusal, after: Duration::from_secs(2) };
    }
    StepError::Fail(refusal)
}

/// What an operation's no means for a step.
pub fn fault_said(fault: Fault) -> StepError {
    match fault {
        Fault::Refused(refusal) | Fault::Forbidden(refusal) => StepError::Fail(refusal),
        Fault::Unavailable(cause) => StepError::Retry { cause, after: Duration::from_secs(2) },
        other => StepError::Fail(other.text().into()),
    }
}

/// The job as events refer to it.
pub fn of(run: &Run) -> Option<(Uuid, &str)> {
    Some((run.job.0, run.correlation_id.as_str()))
}

/// A host that has the domain, for work on its volumes; and the other one, if there is one.
pub async fn host_with(
    app: &App,
    domain: StorageDomainId,
    other: Option<StorageDomainId>,
) -> Result<Arc<dyn HostDriver>, StepError> {
    let mut c = app.conn().await.map_err(fault_said)?;
    let mut hosts: Vec<HostId> = store::storage_domains::reachable_from(&mut c, domain).await?;
    if let Some(other) = other {
        let both = store::storage_domains::reachable_from(&mut c, other).await?;
        hosts.retain(|host| both.contains(host));
    }
    let name = store::storage_domains::LIST.one(&mut c, domain.0).await?;
    let name = name.map(|row| row.config.name).unwrap_or_default();
    drop(c);
    let inactive = Refusal::new("refusal-storage-inactive").with("name", name);
    let Some(host) = hosts.first() else {
        return Err(StepError::Retry { cause: inactive, after: Duration::from_secs(2) });
    };
    app.hosts.driver(*host).await.map_err(fault_said)
}

/// The disks of the parameters that are still there.
pub async fn disks(app: &App, ids: &[DiskId]) -> Result<Vec<Disk>, StepError> {
    let mut c = app.conn().await.map_err(fault_said)?;
    let mut found = Vec::new();
    for id in ids {
        found.extend(store::disks::get(&mut c, *id).await?);
    }
    Ok(found)
}

/// The VM of the parameters; one that is gone ends the job.
pub async fn vm(app: &App, id: VmId) -> Result<store::vms::Vm, StepError> {
    let mut c = app.conn().await.map_err(fault_said)?;
    let vm = store::vms::get(&mut c, id).await?;
    vm.ok_or_else(|| fault_said(Fault::NotFound { kind: model::id::Kind::Vm }))
}

pub fn finished(outcome: &jobs::Outcome) -> bool {
    *outcome == jobs::Outcome::Finished
}

/// Why a job did not finish, for its event.
pub fn cause(outcome: &jobs::Outcome) -> Text {
    match outcome {
        jobs::Outcome::Finished => Text::new("job-status-finished"),
        jobs::Outcome::Cancelled => Text::new("job-status-cancelled"),
        jobs::Outcome::Failed { error, .. } => error.clone().whole(),
    }
}
