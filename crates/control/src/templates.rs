//! Operations on templates. An image is streamed through a host into the storage domain: neither this process
//! nor the database ever sees the storage itself.

use std::io::Read;

use host::{HostDriver, NewVolume, PoolRef, VolumeRef};
use model::disk::{Allocation, DiskStatus};
use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::template::{TemplateRow, TemplateStatus};
use model::{Action, DataCenterId, DiskId, Fault, Refusal, StorageDomainId, TemplateId};
use store::disks::NewDisk;
use store::templates as table;
use store::templates::NewTemplate;

use crate::app::{Tx, commit, name_taken};
use crate::ctx::in_use;
use crate::{Ctx, Outcome, events};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<TemplateRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: TemplateId) -> Outcome<TemplateRow> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::Template, id.0).await?;
    table::LIST.one(&mut c, id.0).await?.ok_or(Fault::NotFound { kind: Kind::Template })
}

/// A qcow2 image to become a template.
pub struct Import {
    pub data_center: DataCenterId,
    pub storage_domain: StorageDomainId,
    pub name: String,
    pub description: String,
    pub memory: u64,
    pub vcpus: u32,
    /// The image and its length in bytes.
    pub image: Box<dyn Read + Send>,
    pub length: u64,
}

/// Streams the image into the domain. The template is locked until the whole of it is there; on any failure
/// nothing of it stays.
pub async fn import(ctx: &Ctx, import: Import) -> Outcome<TemplateId> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::DataCenter, import.data_center.0, Action::CreateTemplate).await?;
    model::field::title(&import.name, 64).map_err(|text| Fault::field("name", text))?;
    let domain = store::storage_domains::LIST.one(&mut tx, import.storage_domain.0).await?;
    let domain = domain.ok_or(Fault::NotFound { kind: Kind::StorageDomain })?;
    let hosts = store::storage_domains::reachable_from(&mut tx, import.storage_domain).await?;
    let inactive = || Fault::from(Refusal::new("refusal-storage-inactive").with("name", &domain.config.name));
    let host = *hosts.first().ok_or_else(inactive)?;
    let disk_id = DiskId(ctx.app.ids.uuid());
    let id = TemplateId(ctx.app.ids.uuid());
    let volume = insert(ctx, &mut tx, &import, id, disk_id).await?;
    commit(tx).await?;

    let pool = PoolRef { pool: import.storage_domain.to_string(), path: domain.config.path };
    let at = VolumeRef { pool, volume };
    let driver = ctx.app.hosts.driver(host).await?;
    let name = import.name.clone();
    let filled = fill(driver.as_ref(), &at, import).await;
    settle(ctx, driver.as_ref(), id, disk_id, &name, &at, filled).await?;
    Ok(id)
}

async fn insert(ctx: &Ctx, tx: &mut Tx, import: &Import, id: TemplateId, disk_id: DiskId) -> Outcome<String> {
    let now = ctx.app.now();
    let disk = NewDisk {
        id: disk_id,
        storage_domain: import.storage_domain,
        alias: &import.name,
        virtual_size: import.length,
        allocation: Allocation::Thin,
        backing: None,
    };
    store::disks::insert(tx, &disk, now).await?;
    let template = NewTemplate {
        id,
        data_center: import.data_center,
        name: &import.name,
        description: &import.description,
        memory: import.memory,
        vcpus: import.vcpus,
        disk: disk_id,
    };
    table::insert(tx, &template, now).await.map_err(|e| name_taken(e, Kind::Template, &import.name))?;
    Ok(disk.volume())
}

async fn fill(
    driver: &dyn HostDriver,
    at: &VolumeRef,
    import: Import,
) -> host::HostResult<host::VolumeReport> {
    driver.open_pool(&at.pool).await?;
    let format = Allocation::Thin.format();
    let new = NewVolume {
        at: at.clone(),
        format,
        allocation: Allocation::Thin,
        size: import.length,
        backing: None,
    };
    driver.create_volume(&new).await?;
    driver.upload(at, import.image, import.length).await?;
    let report = driver.volume(at).await?;
    // An image may name a file of the host as its backing file, and would then show that file to a guest.
    match report.backing {
        Some(_) => Err(host::HostError::Failed("the image has a backing file".to_owned())),
        None => Ok(report),
    }
}

async fn settle(
    ctx: &Ctx,
    driver: &dyn HostDriver,
    id: TemplateId,
    disk: DiskId,
    name: &str,
    at: &VolumeRef,
    filled: host::HostResult<host::VolumeReport>,
) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let about = vec![(Kind::Template, id.0, name.to_owned())];
    match filled {
        Ok(report) => {
            store::disks::set_sizes(&mut tx, disk, report.capacity, report.allocation).await?;
            store::disks::set_status(&mut tx, disk, DiskStatus::Ok).await?;
            table::set_status(&mut tx, id, TemplateStatus::Ok).await?;
            events::tell(&mut tx, ctx, EventKind::TemplateAdded, &[], about).await?;
            commit(tx).await
        }
        Err(error) => {
            let _ = driver.delete_volume(at).await;
            store::objects::remove(&mut tx, id.0).await?;
            store::objects::remove(&mut tx, disk.0).await?;
            events::tell(&mut tx, ctx, EventKind::TemplateFailed, &[("cause", error.text())], about).await?;
            commit(tx).await?;
            Err(Fault::Unavailable(error.text().into()))
        }
    }
}

/// Removes a template that no VM was made from any more, with its volume.
pub async fn remove(ctx: &Ctx, id: TemplateId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Template, id.0, Action::RemoveTemplate).await?;
    let template = table::get(&mut tx, id).await?.ok_or(Fault::NotFound { kind: Kind::Template })?;
    let users = table::users(&mut tx, id).await?;
    if !users.is_empty() {
        return Err(in_use(&template.name, users));
    }
    let disk =
        store::disks::get(&mut tx, template.disk).await?.ok_or(Fault::NotFound { kind: Kind::Disk })?;
    let hosts = store::storage_domains::reachable_from(&mut tx, disk.storage_domain).await?;
    let host = *hosts
        .first()
        .ok_or_else(|| Fault::from(Refusal::new("refusal-storage-inactive").with("name", &disk.alias)))?;
    events::tell(&mut tx, ctx, EventKind::TemplateRemoved, &[], vec![(Kind::Template, id.0, template.name)])
        .await?;
    store::objects::remove(&mut tx, id.0).await?;
    store::objects::remove(&mut tx, disk.id.0).await?;
    let at = crate::flows::volume_ref(&disk);
    let driver = ctx.app.hosts.driver(host).await?;
    // The file goes before the rows do: a failure leaves the template as it was.
    driver.delete_volume(&at).await.map_err(|e| Fault::Unavailable(e.text().into()))?;
    commit(tx).await
}
