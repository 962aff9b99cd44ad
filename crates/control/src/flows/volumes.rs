//! What flows do with the volumes of disks, through a host that has the domain.

use host::HostError;
use jobs::StepError;
use model::DiskId;

use super::{disks, host_said, host_with, pool_ref, volume_ref};
use crate::app::App;

/// Deletes them; what is gone already is fine.
pub async fn delete(app: &App, ids: &[DiskId]) -> Result<(), StepError> {
    for disk in disks(app, ids).await? {
        let driver = host_with(app, disk.storage_domain).await?;
        driver.open_pool(&pool_ref(&disk)).await.map_err(host_said)?;
        driver.delete_volume(&volume_ref(&disk)).await.map_err(host_said)?;
    }
    Ok(())
}

/// Whether all of them are still there.
pub async fn intact(app: &App, ids: &[DiskId]) -> Result<bool, StepError> {
    for disk in disks(app, ids).await? {
        let driver = host_with(app, disk.storage_domain).await?;
        match driver.volume(&volume_ref(&disk)).await {
            Ok(_) => {}
            Err(HostError::NotFound(_)) => return Ok(false),
            Err(error) => return Err(host_said(error)),
        }
    }
    Ok(true)
}
