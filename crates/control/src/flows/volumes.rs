//! What flows do with the volumes of disks, through a host that has the domain.

use host::{HostDriver, HostError, NewVolume, VolumeRef};
use jobs::StepError;
use model::disk::{DiskStatus, Format, Source};
use model::id::Kind;
use model::{DiskId, Fault, Refusal, StorageDomainId};
use store::PgConnection;
use store::disks::Disk;

use super::{definition, disks, fault_said, host_said, host_with, pool_ref, volume_ref};
use crate::app::App;

/// Makes them: new ones, thin ones upon another, or copies.
pub async fn make(app: &App, ids: &[DiskId]) -> Result<(), StepError> {
    for disk in disks(app, ids).await? {
        let (driver, from) = match &disk.source {
            None => (host_with(app, disk.storage_domain, None).await?, None),
            Some(source) => {
                let (domain, from, own) = whole(app, source).await?;
                (host_with(app, disk.storage_domain, Some(domain)).await?, Some((from, own)))
            }
        };
        driver.open_pool(&pool_ref(&disk)).await.map_err(host_said)?;
        let made = match &from {
            None => driver.create_volume(&new_volume(&disk)).await,
            Some((from, own)) => {
                stands_alone(driver.as_ref(), from, *own).await?;
                driver.copy_volume(&new_volume(&disk), from).await
            }
        };
        made.map_err(host_said)?;
        let report = driver.volume(&volume_ref(&disk)).await.map_err(host_said)?;
        let mut c = app.conn().await.map_err(fault_said)?;
        store::disks::set_sizes(&mut c, disk.id, report.capacity, report.allocation).await?;
    }
    Ok(())
}

fn new_volume(disk: &Disk) -> NewVolume {
    let at = volume_ref(disk);
    let backing = disk.backing.clone();
    let below = |(volume, format)| (VolumeRef { pool: at.pool.clone(), volume }, format);
    NewVolume {
        backing: backing.map(below),
        at: at.clone(),
        format: disk.format,
        allocation: disk.allocation,
        size: disk.virtual_size,
    }
}

/// Where the data of a copy comes from, and of a disk of Drover's what it is.
async fn whole(
    app: &App,
    source: &Source,
) -> Result<(StorageDomainId, VolumeRef, Option<Format>), StepError> {
    match source {
        Source::Disk(id) => {
            let found = disks(app, &[*id]).await?.pop();
            let disk = found.ok_or_else(|| fault_said(Fault::NotFound { kind: Kind::Disk }))?;
            Ok((disk.storage_domain, volume_ref(&disk), Some(disk.format)))
        }
        Source::Image(at) => {
            let file = definition::medium(app, at).await?.ok_or_else(|| image_missing(&at.name))?;
            Ok((at.storage_domain, file, None))
        }
    }
}

fn image_missing(name: &str) -> StepError {
    StepError::Fail(Refusal::new("refusal-image-missing").with("name", name))
}

/// An image that names another file would take that along, whatever it is. Drover's own thin disks do so by right; what
/// a guest has written into a raw one is the guest's word, and libvirt would believe it.
async fn stands_alone(
    driver: &dyn HostDriver,
    from: &VolumeRef,
    own: Option<Format>,
) -> Result<(), StepError> {
    driver.open_pool(&from.pool).await.map_err(host_said)?;
    match driver.volume(from).await {
        Ok(report) => {
            let plain = matches!(report.format.as_deref(), Some("raw" | "iso"));
            let refusal = match (own, report.backing) {
                (Some(Format::Qcow2), _) | (None, None) => return Ok(()),
                (Some(Format::Raw), None) if plain => return Ok(()),
                (Some(Format::Raw), _) => Refusal::new("refusal-disk-looks-like-image"),
                (None, Some(backing)) => Refusal::new("refusal-image-backing").with("backing", backing),
            };
            Err(StepError::Fail(refusal.with("name", &from.volume)))
        }
        Err(HostError::NotFound(_)) => Err(image_missing(&from.volume)),
        Err(error) => Err(host_said(error)),
    }
}

/// Writes down what became of a disk that was to be made.
pub async fn settle(tx: &mut PgConnection, id: DiskId, status: DiskStatus) -> Result<(), StepError> {
    store::disks::set_status(tx, id, status).await?;
    if status == DiskStatus::Ok {
        store::disks::copied(tx, id).await?;
    }
    Ok(())
}

/// Deletes them; what is gone already is fine.
pub async fn delete(app: &App, ids: &[DiskId]) -> Result<(), StepError> {
    for disk in disks(app, ids).await? {
        let driver = host_with(app, disk.storage_domain, None).await?;
        driver.open_pool(&pool_ref(&disk)).await.map_err(host_said)?;
        driver.delete_volume(&volume_ref(&disk)).await.map_err(host_said)?;
    }
    Ok(())
}

/// Whether all of them are still there.
pub async fn intact(app: &App, ids: &[DiskId]) -> Result<bool, StepError> {
    for disk in disks(app, ids).await? {
        let driver = host_with(app, disk.storage_domain, None).await?;
        match driver.volume(&volume_ref(&disk)).await {
            Ok(_) => {}
            Err(HostError::NotFound(_)) => return Ok(false),
            Err(error) => return Err(host_said(error)),
        }
    }
    Ok(true)
}
