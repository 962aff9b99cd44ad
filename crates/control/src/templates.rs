//! Operations on templates. An image is streamed through a host into the storage domain: neither this process
//! nor the database ever sees the storage itself.

use std::io::Read;

use host::{HostDriver, NewVolume, PoolRef, VolumeRef, VolumeReport};
use model::disk::{Allocation, DiskContent, DiskStatus};
use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::template::{EditTemplate, TemplateRow, TemplateStatus};
use model::vm_options::VmOptions;
use model::vm_request::MAX_VCPUS;
use model::{
    Action, DataCenterId, DiskId, Fault, FieldErrors, HostId, Refusal, StorageDomainId, TemplateId, Text,
    field,
};
use store::disks::NewDisk;
use store::templates as table;
use store::templates::{NewTemplate, Template};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::app::{App, Tx, commit, name_taken};
use crate::ctx::{in_use, stale};
use crate::quotas::{Asked, Taking};
use crate::{Ctx, Outcome, events};

mod make;

pub use make::{from_image, make};

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
    /// Whether everyone may make machines of it.
    pub all_users: bool,
    /// Of the image, in bytes.
    pub length: u64,
}

/// The image itself.
pub type Image = Box<dyn Read + Send>;

/// Streams the image into the domain. The template is locked until the whole of it is there; on any failure
/// nothing of it stays, and of a process that died meanwhile `sweep` removes the rest.
pub async fn import(ctx: &Ctx, import: &Import, image: Image) -> Outcome<TemplateId> {
    let (id, disk) = (TemplateId(ctx.app.ids.uuid()), DiskId(ctx.app.ids.uuid()));
    let claim = claim(&ctx.app, id).await?;
    let mut tx = ctx.app.begin().await?;
    let data_center = (Kind::DataCenter, import.data_center.0);
    ctx.uses(&mut tx, data_center, Action::CreateTemplate, "data_center").await?;
    errors(import).into_result()?;
    let (host, pool) = target(ctx, &mut tx, import).await?;
    let about = (Kind::Template, id.0, import.name.clone());
    let taking = Taking { data_center: import.data_center, quota: None, about };
    let asked = Asked::disk(import.storage_domain, import.length);
    let mut tx = crate::quotas::reserve(ctx, tx, &taking, &asked).await?;
    let volume = insert(ctx, &mut tx, import, id, disk).await?;
    commit(tx).await?;

    let at = VolumeRef { pool, volume };
    let filled = match ctx.app.hosts.driver(host).await {
        Ok(driver) => fill(driver.as_ref(), &at, image, import.length).await.map_err(|e| e.text()),
        Err(fault) => Err(fault.text()),
    };
    let settled = match filled {
        Ok(report) => ready(ctx, id, disk, &import.name, &report).await,
        Err(cause) => failed(ctx, host, (id, disk), &import.name, &at, cause).await,
    };
    release(claim).await;
    settled.map(|()| id)
}

/// A claim takes a connection for as long as an image takes; so many may.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// For as long as this lives nobody else works on the template's volume. None while somebody does.
struct Claim {
    tx: Tx,
    _turn: SemaphorePermit<'static>,
}

async fn claim(app: &App, id: TemplateId) -> Outcome<Option<Claim>> {
    let turn = AT_ONCE.acquire().await.map_err(|e| -> Fault { store::internal(&e) })?;
    let mut tx = app.begin().await?;
    Ok(table::claim(&mut tx, id).await?.then_some(Claim { tx, _turn: turn }))
}

/// At once. One that is only dropped, because whoever had it was broken off, is given up a little later.
async fn release(claim: Option<Claim>) {
    if let Some(claim) = claim
        && let Err(error) = claim.tx.rollback().await
    {
        tracing::warn!(%error, "a claim on a template goes with its connection");
    }
}

fn errors(import: &Import) -> FieldErrors {
    let mut e = FieldErrors::default();
    e.check("name", field::title(&import.name, 64));
    e.check("description", field::free_text(&import.description, 4000));
    e.check("memory", model::vm_request::memory(import.memory));
    e.check("vcpus", field::between(import.vcpus.into(), 1, MAX_VCPUS));
    e
}

/// Where the image goes, and through which host.
async fn target(ctx: &Ctx, tx: &mut Tx, import: &Import) -> Outcome<(HostId, PoolRef)> {
    let id = import.storage_domain;
    ctx.uses(tx, (Kind::StorageDomain, id.0), Action::CreateDisk, "storage_domain").await?;
    let domain = store::storage_domains::LIST.one(tx, id.0).await?;
    let domain = domain.ok_or(Fault::NotFound { kind: Kind::StorageDomain })?;
    let name = &domain.config.name;
    if domain.data_center.0 != import.data_center {
        return Err(Fault::field(
            "storage_domain",
            Text::new("refusal-other-data-center").with("name", name),
        ));
    }
    let host = reaching(tx, id, name).await?;
    Ok((host, PoolRef { pool: id.to_string(), path: domain.config.path }))
}

async fn reaching(tx: &mut Tx, id: StorageDomainId, name: &str) -> Outcome<HostId> {
    let hosts = store::storage_domains::reachable_from(tx, id).await?;
    let inactive = || Refusal::new("refusal-storage-inactive").with("name", name);
    Ok(*hosts.first().ok_or_else(inactive)?)
}

async fn insert(ctx: &Ctx, tx: &mut Tx, import: &Import, id: TemplateId, disk_id: DiskId) -> Outcome<String> {
    let now = ctx.app.now();
    let disk = NewDisk {
        id: disk_id,
        storage_domain: import.storage_domain,
        alias: &import.name,
        description: "",
        virtual_size: import.length,
        content: DiskContent::Data,
        allocation: Allocation::Thin,
        backing: None,
        source: None,
        quota: None,
    };
    store::disks::insert(tx, &disk, now).await?;
    let template = NewTemplate {
        id,
        data_center: import.data_center,
        name: &import.name,
        description: &import.description,
        comment: "",
        memory: import.memory,
        sockets: import.vcpus,
        cores: 1,
        threads: 1,
        cpu_model: None,
        options: VmOptions::default(),
        disk: disk_id,
        storage_domain: import.storage_domain,
    };
    table::insert(tx, &template, now).await.map_err(|e| name_taken(e, Kind::Template, &import.name))?;
    crate::grants::to_maker(ctx, tx, Kind::Template, id.0).await?;
    if import.all_users {
        crate::grants::to_everyone(ctx, tx, Kind::Template, id.0).await?;
    }
    Ok(disk.volume())
}

async fn fill(
    driver: &dyn HostDriver,
    at: &VolumeRef,
    image: Image,
    length: u64,
) -> host::HostResult<host::VolumeReport> {
    driver.open_pool(&at.pool).await?;
    let format = Allocation::Thin.format();
    let new = NewVolume { at: at.clone(), format, allocation: Allocation::Thin, size: length, backing: None };
    driver.create_volume(&new).await?;
    driver.upload(at, image, length).await?;
    let report = driver.volume(at).await?;
    // An image may name a file of the host as its backing file, and would then show that file to a guest.
    match (&report.backing, report.format.as_deref()) {
        (Some(_), _) => Err(host::HostError::Failed("the image has a backing file".to_owned())),
        (None, Some("qcow2")) => Ok(report),
        (None, format) => {
            let format = format.unwrap_or("unknown");
            Err(host::HostError::Failed(format!("the image must be qcow2, and is {format}")))
        }
    }
}

async fn ready(ctx: &Ctx, id: TemplateId, disk: DiskId, name: &str, report: &VolumeReport) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    store::disks::set_sizes(&mut tx, disk, report.capacity, report.allocation).await?;
    store::disks::set_status(&mut tx, disk, DiskStatus::Ok).await?;
    table::set_status(&mut tx, id, TemplateStatus::Ok).await?;
    let about = vec![(Kind::Template, id.0, name.to_owned())];
    events::tell(&mut tx, ctx, EventKind::TemplateAdded, &[], about).await?;
    commit(tx).await
}

/// Takes back what was begun. A volume that cannot be deleted now keeps its rows, and `sweep` tries again.
async fn failed(
    ctx: &Ctx,
    host: HostId,
    (id, disk): (TemplateId, DiskId),
    name: &str,
    at: &VolumeRef,
    cause: Text,
) -> Outcome<()> {
    let deleted = delete(&ctx.app, host, at).await;
    let mut tx = ctx.app.begin().await?;
    if deleted.is_ok() {
        store::objects::remove(&mut tx, id.0).await?;
        store::objects::remove(&mut tx, disk.0).await?;
    }
    let about = vec![(Kind::Template, id.0, name.to_owned())];
    events::tell(&mut tx, ctx, EventKind::TemplateFailed, &[("cause", cause.clone())], about).await?;
    commit(tx).await?;
    Err(Fault::Unavailable(cause.into()))
}

async fn delete(app: &App, host: HostId, at: &VolumeRef) -> Outcome<()> {
    let driver = app.hosts.driver(host).await?;
    let deleted = match driver.open_pool(&at.pool).await {
        Ok(_) => driver.delete_volume(at).await,
        Err(error) => Err(error),
    };
    deleted.map_err(|e| Fault::Unavailable(e.text().into()))
}

/// Changes what it is called, and what it says of how long something made from it is there. The latter is for
/// administrators: whoever owns a template would else lift what they are held to.
pub async fn edit(ctx: &Ctx, id: TemplateId, edit: &EditTemplate) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Template, id.0, Action::EditTemplate).await?;
    let before = table::get(&mut tx, id).await?.ok_or(Fault::NotFound { kind: Kind::Template })?;
    if edit.lease != before.lease {
        ctx.may(&mut tx, Kind::Template, id.0, Action::SetTemplateLease).await?;
    }
    edit.errors().into_result()?;
    let updated = table::update(&mut tx, id, edit).await;
    if !updated.map_err(|e| name_taken(e, Kind::Template, &edit.name))? {
        return Err(stale(Kind::Template, edit.version));
    }
    let about = vec![(Kind::Template, id.0, edit.name.clone())];
    events::tell(&mut tx, ctx, EventKind::TemplateUpdated, &[], about).await?;
    commit(tx).await
}

/// Removes a template that nothing was made from any more, with its volume. It is locked first, so that nothing
/// is made from it meanwhile; from then on it is only ever finished, here or by `sweep`.
pub async fn remove(ctx: &Ctx, id: TemplateId) -> Outcome<()> {
    let claim = claim(&ctx.app, id).await?;
    let removed = remove_claimed(ctx, id, claim.is_some()).await;
    // A refusal, too, leaves the template to whoever asks next.
    release(claim).await;
    removed
}

async fn remove_claimed(ctx: &Ctx, id: TemplateId, claimed: bool) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.takes(&mut tx, Kind::Template, id.0, Action::RemoveTemplate).await?;
    let template = table::get(&mut tx, id).await?.ok_or(Fault::NotFound { kind: Kind::Template })?;
    if template.status == TemplateStatus::Locked || !claimed {
        let text = Refusal::new("refusal-template-not-ready").with("name", template.name);
        return Err(text.with("status", TemplateStatus::Locked.label()).into());
    }
    let users = table::users(&mut tx, id).await?;
    if !users.is_empty() {
        return Err(in_use(&template.name, users));
    }
    let domain = store::storage_domains::LIST.one(&mut tx, template.storage_domain.0).await?;
    let domain = domain.map(|d| d.config.name).unwrap_or_default();
    let host = reaching(&mut tx, template.storage_domain, &domain).await?;
    table::set_status(&mut tx, id, TemplateStatus::Locked).await?;
    commit(tx).await?;
    let removed = finish_removal(ctx, host, &template).await;
    if removed.is_err() {
        // Unless the file is known to be there, nothing may be made from it; but it can be removed again.
        let intact = intact(&ctx.app, host, &template).await;
        let status = if intact { template.status } else { TemplateStatus::Illegal };
        table::set_status(&mut *ctx.app.conn().await?, id, status).await?;
    }
    removed
}

async fn intact(app: &App, host: HostId, template: &Template) -> bool {
    let looked = async {
        let disk = store::disks::get(&mut *app.conn().await?, template.disk).await?;
        let disk = disk.ok_or(Fault::NotFound { kind: Kind::Disk })?;
        let driver = app.hosts.driver(host).await?;
        Ok::<_, Fault>(driver.volume(&crate::flows::volume_ref(&disk)).await.is_ok())
    };
    looked.await.unwrap_or(false)
}

async fn finish_removal(ctx: &Ctx, host: HostId, template: &Template) -> Outcome<()> {
    let disk = store::disks::get(&mut *ctx.app.conn().await?, template.disk).await?;
    let disk = disk.ok_or(Fault::NotFound { kind: Kind::Disk })?;
    delete(&ctx.app, host, &crate::flows::volume_ref(&disk)).await?;
    let mut tx = ctx.app.begin().await?;
    let about = vec![(Kind::Template, template.id.0, template.name.clone())];
    events::tell(&mut tx, ctx, EventKind::TemplateRemoved, &[], about).await?;
    store::objects::remove(&mut tx, template.id.0).await?;
    store::objects::remove(&mut tx, disk.id.0).await?;
    commit(tx).await
}

/// Finishes what died half-way: a locked template that nobody claims was being imported or removed by a process
/// that is gone, or by a request that was broken off. Nothing was ever made from it.
pub async fn sweep(app: &App) -> Outcome<()> {
    let ctx = Ctx::system(app, "sweep");
    let left = table::locked(&mut *app.conn().await?).await?;
    for id in left {
        let Some(claim) = claim(app, id).await? else { continue };
        let mut tx = app.begin().await?;
        // It may have become ready since the list was read.
        let template = table::get(&mut tx, id).await?.filter(|t| t.status == TemplateStatus::Locked);
        let Some(template) = template else {
            release(Some(claim)).await;
            continue;
        };
        let hosts = store::storage_domains::reachable_from(&mut tx, template.storage_domain).await?;
        drop(tx);
        if let Some(host) = hosts.first()
            && let Err(fault) = finish_removal(&ctx, *host, &template).await
        {
            tracing::warn!(template = %template.name, %fault, "the rest of a template is still there");
        }
        release(Some(claim)).await;
    }
    Ok(())
}
