//! Pools and volumes, always through libvirt and never by a path of our own. Another host may have changed
//! the directory since libvirt last looked, so every call that depends on what is there refreshes first.

use std::io::Read;

use model::disk::Allocation;
use virt::connect::Connect;
use virt::error::Error;
use virt::storage_pool::StoragePool;
use virt::storage_vol::StorageVol;
use virt::stream::Stream;
use virt_sys as sys;

use crate::driver::{NewVolume, PoolRef, PoolReport, VolumeRef, VolumeReport};
use crate::xml;
use crate::{HostError, HostResult, image};

/// The slowest storage that is still waited for, and the slowest source of an upload, bytes per second.
const STORAGE_RATE: u64 = 8 << 20;
const UPLOAD_RATE: u64 = 512 << 10;
const CHUNK: usize = 256 << 10;

pub fn upload_seconds(length: u64) -> u64 {
    60 + length / UPLOAD_RATE
}

pub fn creation_seconds(new: &NewVolume) -> u64 {
    writing_seconds(written_at_once(new))
}

/// How long the storage may take for so many bytes.
pub fn writing_seconds(bytes: u64) -> u64 {
    60 + bytes / STORAGE_RATE
}

/// How much creating the volume writes before it returns.
fn written_at_once(new: &NewVolume) -> u64 {
    match new.allocation {
        Allocation::Thin => 0,
        Allocation::Preallocated => new.size,
    }
}

pub fn open(connection: &Connect, pool: &PoolRef) -> HostResult<PoolReport> {
    let info = ready(connection, pool)?.info()?;
    Ok(PoolReport { capacity: info.capacity, available: info.available, allocation: info.allocation })
}

/// The pool, defined, active and fresh.
fn ready(connection: &Connect, pool: &PoolRef) -> HostResult<StoragePool> {
    let (found, new) = match known(connection, pool)? {
        Some(found) => (found, false),
        None => (connection.define_storage_pool_xml(&xml::pool(pool), 0)?, true),
    };
    let activated = activate(&found);
    if activated.is_err() && new {
        // Half an opened pool would only be in the way of the next attempt.
        if let Err(error) = found.undefine() {
            tracing::warn!(%error, pool = pool.pool, "a pool that cannot be started stays defined");
        }
    }
    activated.map(|_| found)
}

/// The pool of that name, if the host has one with that path. With another path it is forgotten.
fn known(connection: &Connect, pool: &PoolRef) -> HostResult<Option<StoragePool>> {
    let Some(found) = absent_is_none(connection.lookup_storage_pool_by_name(&pool.pool))? else {
        return Ok(None);
    };
    if xml::pool_path(&found.xml_desc(0)?)?.as_deref() == Some(pool.path.trim_end_matches('/')) {
        return Ok(Some(found));
    }
    forget(&found)?;
    Ok(None)
}

fn activate(pool: &StoragePool) -> HostResult<()> {
    if !pool.is_active()? {
        pool.create(0)?;
    }
    refresh(pool)
}

/// While a volume is being made or filled libvirt refuses; then its list is at most as old as that.
fn refresh(pool: &StoragePool) -> HostResult<()> {
    match pool.refresh(0) {
        Ok(_) => Ok(()),
        Err(error) if error.message().contains("asynchronous jobs running") => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn absent_is_none<T>(looked: Result<T, Error>) -> HostResult<Option<T>> {
    match looked.map_err(HostError::from) {
        Ok(found) => Ok(Some(found)),
        Err(HostError::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

pub fn close(connection: &Connect, pool: &PoolRef) -> HostResult<()> {
    match absent_is_none(connection.lookup_storage_pool_by_name(&pool.pool))? {
        Some(found) => forget(&found),
        None => Ok(()),
    }
}

fn forget(pool: &StoragePool) -> HostResult<()> {
    if pool.is_active()? {
        pool.destroy()?;
    }
    if pool.is_persistent()? {
        pool.undefine()?;
    }
    Ok(())
}

pub fn volumes(connection: &Connect, pool: &PoolRef) -> HostResult<Vec<VolumeReport>> {
    let mut reports = Vec::new();
    for volume in ready(connection, pool)?.list_all_volumes(0)? {
        // One that went away since the list was made is no error.
        if let Some(xml) = absent_is_none(volume.xml_desc(0))? {
            reports.push(xml::volume_report(&xml)?);
        }
    }
    Ok(reports)
}

pub fn create(connection: &Connect, new: &NewVolume) -> HostResult<()> {
    let pool = ready(connection, &new.at.pool)?;
    let name = &new.at.volume;
    if let Some(there) = absent_is_none(pool.lookup_storage_vol_by_name(name))? {
        return match xml::volume_report(&there.xml_desc(0)?)?.capacity == new.size {
            true => Ok(()),
            false => Err(HostError::Exists(format!("the volume {name} exists with another size"))),
        };
    }
    if written_at_once(new) > pool.info()?.available {
        return Err(HostError::NoSpace("the storage has no room for it".into()));
    }
    StorageVol::create_xml(&pool, &xml::volume(new), 0).map(drop).map_err(|error| {
        remove_remains(&pool, name);
        error.into()
    })
}

pub fn copy(connection: &Connect, new: &NewVolume, from: &VolumeRef) -> HostResult<()> {
    let source = find(connection, from)?;
    let pool = ready(connection, &new.at.pool)?;
    if let Some(there) = absent_is_none(pool.lookup_storage_vol_by_name(&new.at.volume))? {
        there.delete(0)?;
    }
    // As much as the source takes; what its backing files add shows when the storage is full.
    if source.info()?.allocation > pool.info()?.available {
        return Err(HostError::NoSpace("the storage has no room for it".into()));
    }
    StorageVol::create_xml_from(&pool, &xml::volume(new), &source, 0).map(drop).map_err(|error| {
        remove_remains(&pool, &new.at.volume);
        error.into()
    })
}

/// What a creation that failed left behind; libvirt mostly cleans up by itself.
fn remove_remains(pool: &StoragePool, name: &str) {
    let looked = refresh(pool).and_then(|()| absent_is_none(pool.lookup_storage_vol_by_name(name)));
    if let Ok(Some(remains)) = looked
        && let Err(error) = remains.delete(0)
    {
        tracing::warn!(%error, volume = name, "the remains of a volume could not be removed");
    }
}

/// A raw file is made larger by writing it, whoever has it open; of an image libvirt asks QEMU's tool, which does not
/// touch one that a VM runs on.
pub fn grow(connection: &Connect, volume: &VolumeRef, allocation: Allocation, size: u64) -> HostResult<()> {
    let there = find(connection, volume)?;
    let before = xml::volume_report(&there.xml_desc(0)?)?.capacity;
    if before >= size {
        return Ok(());
    }
    let flags = match allocation {
        Allocation::Thin => 0,
        Allocation::Preallocated if size - before > there.lookup_storage_pool()?.info()?.available => {
            return Err(HostError::NoSpace("the storage has no room for it".into()));
        }
        Allocation::Preallocated => sys::VIR_STORAGE_VOL_RESIZE_ALLOCATE,
    };
    there.resize(size, flags)?;
    Ok(())
}

pub fn delete(connection: &Connect, volume: &VolumeRef) -> HostResult<()> {
    let pool = ready(connection, &volume.pool)?;
    let Some(there) = absent_is_none(pool.lookup_storage_vol_by_name(&volume.volume))? else {
        return Ok(());
    };
    absent_is_none(there.delete(0)).map(drop)
}

pub fn report(connection: &Connect, volume: &VolumeRef) -> HostResult<VolumeReport> {
    Ok(xml::volume_report(&find(connection, volume)?.xml_desc(0)?)?)
}

fn find(connection: &Connect, volume: &VolumeRef) -> HostResult<StorageVol> {
    let pool = ready(connection, &volume.pool)?;
    let found = absent_is_none(pool.lookup_storage_vol_by_name(&volume.volume))?;
    found.ok_or_else(|| HostError::NotFound(format!("there is no volume {}", volume.volume)))
}

/// The bytes go over the volume from its beginning. For a whole qcow2 image that means that the volume is
/// what the image says, once the pool has looked at it again.
pub fn upload(
    connection: &Connect,
    volume: &VolumeRef,
    mut data: Box<dyn Read + Send>,
    length: u64,
) -> HostResult<()> {
    let mut head = Vec::new();
    data.by_ref().take(image::HEAD as u64).read_to_end(&mut head).map_err(unreadable)?;
    image::check(&head)?;
    let target = find(connection, volume)?;
    room_for(&target, length)?;
    let stream = Stream::new(connection, 0)?;
    target.upload(&stream, 0, length, 0)?;
    if let Err(error) = pour(&stream, &mut head.as_slice().chain(data), length) {
        // The error that brought us here says more than one from giving up.
        let _ = stream.abort();
        return Err(error);
    }
    stream.finish()?;
    refresh(&target.lookup_storage_pool()?)
}

/// Asked beforehand, because libvirtd (11.3) dies when an upload finds the storage full.
fn room_for(target: &StorageVol, length: u64) -> HostResult<()> {
    let there = target.info()?.allocation;
    match length.saturating_sub(there) > target.lookup_storage_pool()?.info()?.available {
        true => Err(HostError::NoSpace("the storage has no room for it".into())),
        false => Ok(()),
    }
}

fn unreadable(error: std::io::Error) -> HostError {
    HostError::Failed(format!("the data cannot be read: {error}"))
}

fn pour(stream: &Stream, data: &mut dyn Read, length: u64) -> HostResult<()> {
    let mut buffer = vec![0; CHUNK];
    let mut left = length;
    while left > 0 {
        let want = CHUNK.min(usize::try_from(left).unwrap_or(CHUNK));
        let got = data.read(&mut buffer[..want]).map_err(unreadable)?;
        if got == 0 {
            return Err(HostError::Failed(format!("the data ended {left} bytes early")));
        }
        let mut sent = 0;
        while sent < got {
            sent += usize::try_from(stream.send(&buffer[sent..got])?).unwrap_or(0);
        }
        left -= got as u64;
    }
    Ok(())
}
