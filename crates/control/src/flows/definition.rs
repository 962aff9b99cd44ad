//! From a VM's rows to its definition on the host that is booked for it.

use std::sync::Arc;

use host::{
    DiskSpec, DomainSpec, GraphicsSpec, HostDriver, HostError, KernelSpec, NicSpec, PoolRef, VolumeRef,
};
use jobs::StepError;
use model::id::Kind;
use model::vm_options::MediaRef;
use model::{Fault, HostId, Refusal, VmId};
use store::disks::Disk;
use store::vms::{Attachment, Vm, WiredNic};

use super::{fault_said, host_said};
use crate::app::{App, Tx, commit};
use crate::placement;

/// Books a host for the VM, if none is.
pub async fn book(tx: &mut Tx, vm: &Vm) -> Result<(), StepError> {
    if vm.row.host.is_some() {
        return Ok(());
    }
    let host = placement::place(tx, vm).await.map_err(fault_said)?;
    Ok(store::vms::set_host(tx, vm.row.id, Some(host)).await?)
}

/// Defines the VM on its host, as its run began with. A host that does not answer is let go again, since nothing can
/// run there yet: the next attempt may find another one. What it may have heard all the same is cleared away when it
/// is back.
pub async fn define(app: &App, id: VmId) -> Result<(), StepError> {
    let mut tx = app.begin().await.map_err(fault_said)?;
    let vm = store::vms::lock(&mut tx, id).await?;
    let vm = vm.ok_or_else(|| fault_said(Fault::NotFound { kind: Kind::Vm }))?;
    book(&mut tx, &vm).await?;
    commit(tx).await.map_err(fault_said)?;
    match define_there(app, id).await {
        Err(StepError::Retry { cause, after }) => {
            let mut c = app.conn().await.map_err(fault_said)?;
            if let Some((host, _)) = store::vms::get(&mut c, id).await?.and_then(|vm| vm.row.host) {
                app.hosts.poke(host);
            }
            store::vms::set_host(&mut c, id, None).await?;
            Err(StepError::Retry { cause, after })
        }
        done => done,
    }
}

async fn define_there(app: &App, vm: VmId) -> Result<(), StepError> {
    let (vm, driver) = booked(app, vm).await?;
    let mut c = app.conn().await.map_err(fault_said)?;
    let disks = store::vms::attached(&mut c, vm.row.id).await?;
    let nics = store::vms::nics(&mut c, vm.row.id, None).await?;
    drop(c);
    // The disks are named by their paths: that the host has their domains is what placement has looked at, and
    // refreshing a pool reads every volume in it.
    let cd = match &vm.of_run().options.cd {
        None => None,
        Some(at) => match cd(app, at, driver.as_ref()).await {
            Ok(file) => Some(file),
            // It comes back with an empty drive rather than not at all.
            Err(StepError::Fail(_)) if vm.memory_disk.is_some() => None,
            Err(error) => return Err(error),
        },
    };
    driver.define(&spec(&vm, &disks, nics, cd)).await.map_err(host_said)
}

/// The VM with the host that is booked for it.
pub async fn booked(app: &App, vm: VmId) -> Result<(Vm, Arc<dyn HostDriver>), StepError> {
    let vm = super::vm(app, vm).await?;
    let host: Option<HostId> = vm.row.host.as_ref().map(|(id, _)| *id);
    let host = host.ok_or_else(|| StepError::Fail(Refusal::new("vm-reason-host-lost")))?;
    let driver = app.hosts.driver(host).await.map_err(fault_said)?;
    Ok((vm, driver))
}

/// The file for the CD drive; somebody may have taken it away.
pub async fn cd(app: &App, at: &MediaRef, driver: &dyn HostDriver) -> Result<VolumeRef, StepError> {
    let missing = || StepError::Fail(Refusal::new("refusal-cd-missing").with("name", &at.name));
    let volume = medium(app, at).await?.ok_or_else(missing)?;
    driver.open_pool(&volume.pool).await.map_err(host_said)?;
    match driver.volume(&volume).await {
        Ok(_) => Ok(volume),
        Err(HostError::NotFound(_)) => Err(missing()),
        Err(error) => Err(host_said(error)),
    }
}

/// Where a file of a domain is; none when the domain is gone.
pub async fn medium(app: &App, at: &MediaRef) -> Result<Option<VolumeRef>, StepError> {
    let mut c = app.conn().await.map_err(fault_said)?;
    let domain = store::storage_domains::LIST.one(&mut c, at.storage_domain.0).await?;
    Ok(domain.map(|domain| VolumeRef {
        pool: PoolRef { pool: at.storage_domain.to_string(), path: domain.config.path },
        volume: at.name.clone(),
    }))
}

/// Forgets the definition. A host that does not answer keeps it until it is back: nothing runs by it, and it is in
/// nobody's way.
pub async fn forget(driver: &dyn HostDriver, vm: VmId) -> Result<(), StepError> {
    match driver.undefine(vm).await {
        Err(error) if !error.transient() => Err(host_said(error)),
        _ => Ok(()),
    }
}

/// A disk as the VM has it.
pub fn disk_spec((disk, how): &(Disk, Attachment)) -> DiskSpec {
    DiskSpec {
        volume: super::volume_ref(disk),
        format: disk.format,
        serial: disk.id.to_string(),
        boot: how.bootable,
        position: how.position,
        interface: how.interface,
    }
}

/// By its id, as two names may look the same to libvirt.
pub fn nic_spec(wired: &WiredNic) -> NicSpec {
    NicSpec {
        mac: wired.nic.mac.clone(),
        bridge: wired.bridge.clone(),
        name: wired.nic.id.to_string(),
        model: wired.nic.model,
        linked: wired.nic.linked,
    }
}

fn spec(vm: &Vm, disks: &[(Disk, Attachment)], nics: Vec<WiredNic>, cd: Option<VolumeRef>) -> DomainSpec {
    // An edit after the booking waits for the next start.
    let config = vm.of_run();
    let options = &config.options;
    let graphics = vm.vnc_password.clone().filter(|_| !options.headless());
    let screen =
        |password| GraphicsSpec { password, keyboard: options.keyboard.clone(), protocols: options.graphics };
    let kernel = |kernel| KernelSpec {
        kernel,
        initrd: options.initrd.clone(),
        parameters: options.kernel_parameters.clone(),
    };
    DomainSpec {
        vm: vm.row.id,
        title: vm.row.name.clone(),
        memory: config.memory,
        sockets: config.sockets,
        cores: config.cores,
        threads: config.threads,
        cpu_model: config.cpu_model.clone(),
        disks: disks.iter().map(disk_spec).collect(),
        nics: nics.iter().filter(|n| n.nic.plugged).map(nic_spec).collect(),
        cd,
        graphics: graphics.map(screen),
        boot: options.boot.clone(),
        boot_menu: options.boot_menu,
        kernel: options.kernel.clone().map(kernel),
    }
}
