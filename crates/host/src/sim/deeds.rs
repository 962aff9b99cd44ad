//! What the calls of a simulated host do to the estate: the rules of libvirt and QEMU that operations rely on.

use model::disk::Allocation;
use model::{HostId, VmId};

use super::state::{Saved, SimDomain, SimHost, SimVolume, State, Storage};
use crate::driver::*;
use crate::{HostError, HostResult};

pub(super) fn known(host: &mut SimHost, vm: VmId) -> HostResult<&mut SimDomain> {
    host.domains.get_mut(&vm).ok_or_else(|| HostError::NotFound(format!("there is no domain {vm}")))
}

/// The file with a VM's saved state.
pub(super) fn saved(state: &mut State, from: &VolumeRef, vm: VmId) -> HostResult<SimVolume> {
    let there = directory(state, &from.pool)?.volumes.get(&from.volume);
    let saved = there.filter(|volume| volume.saved.as_ref().is_some_and(|saved| saved.vm == vm));
    saved.cloned().ok_or_else(|| HostError::NotFound("there is no saved state".into()))
}

/// What the guest has done since makes its saved state worthless: restoring it would break its disks.
pub(super) fn outdated(state: &mut State, vm: VmId) {
    let volumes = state.storage.values_mut().flat_map(|storage| storage.volumes.values_mut());
    let saved = volumes.filter_map(|volume| volume.saved.as_mut()).filter(|saved| saved.vm == vm);
    saved.for_each(|saved| saved.outdated = true);
}

pub(super) fn save(state: &mut State, host: HostId, vm: VmId, memory: u64, to: &VolumeRef) -> HostResult<()> {
    if !known(state.host(host), vm)?.running() {
        return saved(state, to, vm).map(drop);
    }
    let agent = known(state.host(host), vm)?.agent.clone();
    let storage = directory(state, &to.pool)?;
    if storage.used() + memory > storage.capacity {
        return Err(HostError::NoSpace("no space left on the storage".into()));
    }
    let volume = SimVolume::holding(&to.volume, memory, Saved { vm, agent, outdated: false });
    storage.volumes.insert(to.volume.clone(), volume);
    let host_state = state.host(host);
    known(host_state, vm)?.stop(StateReason::Saved);
    host_state.tell(HostEvent::Domain { host, vm });
    Ok(())
}

pub(super) fn restore(state: &mut State, host: HostId, vm: VmId, from: &VolumeRef) -> HostResult<()> {
    if known(state.host(host), vm)?.running() {
        return Ok(());
    }
    let image = saved(state, from, vm)?;
    let Some(Saved { agent, outdated: false, .. }) = image.saved else {
        return Err(HostError::Failed("the guest has run since: its disks are newer than its memory".into()));
    };
    let spec = known(state.host(host), vm)?.spec.clone();
    if in_use(state, &spec.disks) {
        return Err(HostError::DiskInUse("another VM or host uses the disk".into()));
    }
    let host_state = state.host(host);
    let domain = known(host_state, vm)?;
    domain.pause(StateReason::Other);
    domain.agent = agent;
    host_state.tell(HostEvent::Domain { host, vm });
    Ok(())
}

/// Puts a disk into a running VM.
pub(super) fn attach_disk(state: &mut State, host: HostId, vm: VmId, disk: &DiskSpec) -> HostResult<()> {
    let domain = up(state, host, vm)?;
    if domain.spec.disks.iter().any(|own| own.serial == disk.serial) {
        return Ok(());
    }
    if domain.spec.disks.iter().any(|own| own.position == disk.position) {
        return Err(HostError::Failed("target already exists".into()));
    }
    if !directory(state, &disk.volume.pool)?.volumes.contains_key(&disk.volume.volume) {
        return Err(HostError::NotFound(format!("there is no file {}", disk.volume.path())));
    }
    if in_use(state, std::slice::from_ref(disk)) {
        return Err(HostError::DiskInUse("another VM or host uses the disk".into()));
    }
    up(state, host, vm)?.spec.disks.push(disk.clone());
    Ok(())
}

/// Takes from a running VM what `is_it`; `list` is where such things are.
pub(super) fn let_go<T>(
    domain: &mut SimDomain,
    list: impl Fn(&mut DomainSpec) -> &mut Vec<T>,
    is_it: impl Fn(&T) -> bool,
) -> HostResult<()> {
    let clings = domain.clings;
    let there = list(&mut domain.spec);
    if clings && there.iter().any(&is_it) {
        return Err(HostError::Kept("the guest has not let go of it".into()));
    }
    there.retain(|one| !is_it(one));
    Ok(())
}

/// Makes a disk of a running VM larger, and its file.
pub(super) fn grow_disk(
    state: &mut State,
    host: HostId,
    vm: VmId,
    serial: &str,
    size: u64,
) -> HostResult<()> {
    let disk = up(state, host, vm)?.spec.disks.iter().find(|disk| disk.serial == serial).cloned();
    let disk = disk.ok_or_else(|| HostError::NotFound("the VM does not have that disk".into()))?;
    let volume = directory(state, &disk.volume.pool)?.volumes.get_mut(&disk.volume.volume);
    let volume = volume.ok_or_else(|| HostError::NotFound("there is no such volume".into()))?;
    volume.capacity = size;
    Ok(())
}

pub(super) fn grow(storage: &mut Storage, name: &str, allocation: Allocation, size: u64) -> HostResult<()> {
    let (used, capacity) = (storage.used(), storage.capacity);
    let missing = || HostError::NotFound(format!("there is no volume {name}"));
    let volume = storage.volumes.get_mut(name).ok_or_else(missing)?;
    if volume.capacity >= size {
        return Ok(());
    }
    if allocation == Allocation::Preallocated {
        if used + (size - volume.capacity) > capacity {
            return Err(HostError::NoSpace("no space left on the storage".into()));
        }
        volume.allocation += size - volume.capacity;
    }
    volume.capacity = size;
    Ok(())
}

fn up(state: &mut State, host: HostId, vm: VmId) -> HostResult<&mut SimDomain> {
    let domain = known(state.host(host), vm)?;
    if domain.running() { Ok(domain) } else { Err(HostError::WrongState("the VM is not running".into())) }
}

/// Whether a running VM on any host, the same VM elsewhere included, writes to one of these disks.
pub(super) fn in_use(state: &State, disks: &[DiskSpec]) -> bool {
    let running = state.hosts.values().flat_map(|h| h.domains.values()).filter(|d| d.running());
    let mut written = running.flat_map(|d| &d.spec.disks);
    // Names first: they nearly always differ, and in a large estate there are many.
    written.any(|w| {
        disks.iter().any(|d| d.volume.volume == w.volume.volume && d.volume.path() == w.volume.path())
    })
}

pub(super) fn pool_of<'s>(state: &'s mut State, host: HostId, pool: &PoolRef) -> HostResult<&'s mut Storage> {
    if !state.host(host).pools.contains_key(&pool.pool) {
        return Err(HostError::NotFound(format!("there is no pool {}", pool.pool)));
    }
    directory(state, pool)
}

pub(super) fn directory<'s>(state: &'s mut State, pool: &PoolRef) -> HostResult<&'s mut Storage> {
    let storage = state.storage(&pool.path);
    if storage.missing {
        return Err(HostError::NotFound(format!("there is no directory {}", pool.path)));
    }
    Ok(storage)
}

pub(super) fn volume_of<'s>(
    state: &'s mut State,
    host: HostId,
    volume: &VolumeRef,
) -> HostResult<&'s mut SimVolume> {
    let missing = || HostError::NotFound(format!("there is no volume {}", volume.volume));
    pool_of(state, host, &volume.pool)?.volumes.get_mut(&volume.volume).ok_or_else(missing)
}

pub(super) fn start(state: &mut State, host: HostId, vm: VmId) -> HostResult<()> {
    let domain = known(state.host(host), vm)?;
    if domain.running() {
        return Ok(());
    }
    let spec = domain.spec.clone();
    for disk in &spec.disks {
        if !directory(state, &disk.volume.pool)?.volumes.contains_key(&disk.volume.volume) {
            return Err(HostError::NotFound(format!("there is no file {}", disk.volume.path())));
        }
    }
    if in_use(state, &spec.disks) {
        return Err(HostError::DiskInUse("another VM or host uses the disk".into()));
    }
    let host_state = state.host(host);
    known(host_state, vm)?.launch();
    host_state.tell(HostEvent::Domain { host, vm });
    outdated(state, vm);
    Ok(())
}

pub(super) fn copy(storage: &mut Storage, new: &NewVolume, source: SimVolume) -> HostResult<()> {
    storage.volumes.remove(&new.at.volume);
    let taken = SimVolume::new(new).allocation.max(source.allocation);
    if storage.used() + taken > storage.capacity {
        return Err(HostError::NoSpace("no space left on the storage".into()));
    }
    let copy = SimVolume {
        allocation: taken,
        capacity: source.capacity.max(new.size),
        uploaded: source.uploaded,
        ..SimVolume::new(new)
    };
    storage.volumes.insert(copy.name.clone(), copy);
    Ok(())
}

pub(super) fn create(storage: &mut Storage, new: &NewVolume) -> HostResult<()> {
    let made = SimVolume::new(new);
    if let Some(there) = storage.volumes.get(&made.name) {
        return match there.capacity == made.capacity {
            true => Ok(()),
            false => Err(HostError::Exists(format!("the volume {} exists with another size", made.name))),
        };
    }
    if storage.used() + made.allocation > storage.capacity {
        return Err(HostError::NoSpace("no space left on the storage".into()));
    }
    if let Some((backing, _)) = &new.backing
        && !storage.volumes.contains_key(&backing.volume)
    {
        return Err(HostError::NotFound(format!("there is no file {}", backing.path())));
    }
    storage.volumes.insert(made.name.clone(), made);
    Ok(())
}
