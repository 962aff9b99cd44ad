//! New VM: every choice is looked up with the eyes of who asks, everything that is wrong is told at once, and what
//! was chosen stays there until the VM refers to it.

use model::disk::{Allocation, DiskContent, Source};
use model::event::EventKind;
use model::id::Kind;
use model::nic::{NicConfig, NicModel};
use model::storage_domain::{Medium, StorageStatus};
use model::vm_disk::Interface;
use model::vm_options::MediaRef;
use model::vm_request::NewVm;
use model::{Action, DataCenterId, DiskId, Fault, FieldErrors, JobId, StorageDomainId, Text, VmId, size};
use store::disks::NewDisk;
use store::templates::Template;
use store::vms as table;

use super::{lease, name_free, nics, options};
use crate::app::{Tx, commit, name_taken, noun};
use crate::flows::{self, Order};
use crate::quotas::{self, Asked, Taking};
use crate::{Ctx, Outcome, events, grants, placement};

/// What the estate says of the request: the found template and domain, with every wrong field in `errors`.
struct Found {
    data_center: DataCenterId,
    template: Option<Template>,
    storage: Option<StorageDomainId>,
    image: Option<Medium>,
}

pub async fn create(ctx: &Ctx, new: &NewVm) -> Outcome<(VmId, JobId)> {
    let mut tx = ctx.app.begin().await?;
    let mut errors = new.errors();
    match ctx.uses(&mut tx, (Kind::Cluster, new.cluster.0), Action::CreateVm, "cluster").await {
        // Without a cluster nothing else can be looked up; what is wrong in itself is told along.
        Err(Fault::Invalid(unknown)) => {
            errors.0.extend(unknown.0);
            return Err(Fault::Invalid(errors));
        }
        decided => decided?,
    }
    let found = find(ctx, &mut tx, new, &mut errors).await?;
    errors.into_result()?;
    let id = VmId(ctx.app.ids.uuid());
    let mut tx = reserve(ctx, tx, id, new, &found).await?;
    let inserted = table::insert(&mut tx, id, new.cluster, new.template, &new.config, ctx.app.now()).await;
    inserted.map_err(|e| name_taken(e, Kind::Vm, &new.config.name))?;
    let disk = add_disk(ctx, &mut tx, id, new, &found).await?;
    add_nic(ctx, &mut tx, id, new).await?;
    grants::to_maker(ctx, &mut tx, Kind::Vm, id.0).await?;
    if let Some(disk) = disk {
        grants::to_maker(ctx, &mut tx, Kind::Disk, disk.0).await?;
    }
    if new.start {
        table::start_for(&mut tx, id, ctx.who.id).await?;
    }
    lease::give(ctx, &mut tx, id, found.template.as_ref(), new.config.options.quota).await?;
    let name = &new.config.name;
    events::tell(&mut tx, ctx, EventKind::VmCreateStarted, &[], vec![(Kind::Vm, id.0, name.clone())]).await?;
    let order = Order::on_vm(flows::CREATE_VM, id, name).with_disks(disk.as_slice());
    let job = ctx.enqueue(&mut tx, order).await?;
    commit(tx).await?;
    Ok((id, job))
}

/// Its disk takes room at once; vCPUs and memory are taken by its runs.
async fn reserve(ctx: &Ctx, tx: Tx, id: VmId, new: &NewVm, found: &Found) -> Outcome<Tx> {
    let size = match (&found.template, &found.image, &new.disk) {
        (Some(template), _, _) => template.disk_size,
        (None, Some(image), _) => image.size,
        (None, None, Some(disk)) => disk.size,
        (None, None, None) => return Ok(tx),
    };
    let Some(storage) = found.storage else { return Ok(tx) };
    let about = (Kind::Vm, id.0, new.config.name.clone());
    let taking = Taking { data_center: found.data_center, quota: new.config.options.quota, about };
    quotas::reserve(ctx, tx, &taking, &Asked::disk(storage, size)).await
}

async fn find(ctx: &Ctx, tx: &mut Tx, new: &NewVm, errors: &mut FieldErrors) -> Outcome<Found> {
    name_free(tx, None, &new.config.name, errors).await?;
    placement::beyond(tx, new.cluster, &new.config, errors).await?;
    let cluster =
        store::clusters::LIST.one(tx, new.cluster.0).await?.ok_or(Fault::NotFound { kind: Kind::Cluster })?;
    let (data_center, data_center_name) = cluster.data_center;
    options::fit(ctx, tx, (new.cluster, data_center), &new.config.options, errors).await?;
    quotas::chosen(ctx, tx, (new.config.options.quota, data_center), errors).await?;
    let template = match new.template {
        Some(id) => usable_template(ctx, tx, id, errors).await?,
        None => None,
    };
    if template.as_ref().is_some_and(|t| t.data_center != data_center) {
        errors.add("template", Text::new("refusal-other-data-center").with("name", noun(Kind::Template)));
    }
    if let Some(network) = new.network {
        usable_network(ctx, tx, network, data_center, errors).await?;
    }
    let image = match &new.image {
        Some(at) => Some(usable_image(ctx, tx, at, data_center, errors).await?),
        None => None,
    };
    let wants_disk = template.is_some() || new.disk.is_some() || image.is_some();
    let own = template.as_ref().map(|t| t.storage_domain).or(new.image.as_ref().map(|at| at.storage_domain));
    let chosen = new.storage_domain.or(own);
    let storage = match chosen {
        Some(id) => Some(id),
        None if wants_disk => {
            let first = first_storage(ctx, tx, data_center).await?;
            if first.is_none() {
                errors.add("storage_domain", Text::new("refusal-no-storage").with("name", data_center_name));
            }
            first
        }
        None => None,
    };
    if let Some(id) = storage.filter(|_| wants_disk) {
        usable_storage(ctx, tx, id, data_center, new, &template, errors).await?;
    }
    Ok(Found { data_center, template, storage, image: image.flatten() })
}

async fn usable_image(
    ctx: &Ctx,
    tx: &mut Tx,
    at: &MediaRef,
    data_center: model::DataCenterId,
    errors: &mut FieldErrors,
) -> Outcome<Option<Medium>> {
    // Whoever may make disks there may read what lies there; seeing the domain's name is not enough.
    match ctx.uses(tx, (Kind::StorageDomain, at.storage_domain.0), Action::CreateDisk, "image").await {
        Err(Fault::Invalid(unknown)) => {
            errors.0.extend(unknown.0);
            return Ok(None);
        }
        decided => decided?,
    }
    let found = options::medium(ctx, tx, at, data_center).await?;
    if found.is_none() {
        errors.add("image", Text::new("field-image-unknown"));
    }
    Ok(found)
}

pub(super) async fn usable_network(
    ctx: &Ctx,
    tx: &mut Tx,
    id: model::NetworkId,
    data_center: model::DataCenterId,
    errors: &mut FieldErrors,
) -> Outcome<()> {
    let there = store::objects::hold(tx, id.0).await? && ctx.sees(tx, Kind::Network, id.0).await.is_ok();
    match store::networks::LIST.one(tx, id.0).await?.filter(|_| there) {
        None => errors.add("network", unknown_text(Kind::Network)),
        Some(row) if row.data_center.0 != data_center => {
            errors.add("network", Text::new("refusal-other-data-center").with("name", row.config.name));
        }
        Some(_) => {}
    }
    Ok(())
}

fn unknown_text(kind: Kind) -> Text {
    Text::new("field-unknown-reference").with("kind", noun(kind))
}

async fn usable_template(
    ctx: &Ctx,
    tx: &mut Tx,
    id: model::TemplateId,
    errors: &mut FieldErrors,
) -> Outcome<Option<Template>> {
    match ctx.uses(tx, (Kind::Template, id.0), Action::UseTemplate, "template").await {
        Err(Fault::Invalid(unknown)) => {
            errors.0.extend(unknown.0);
            return Ok(None);
        }
        decided => decided?,
    }
    let template = store::templates::get(tx, id).await?;
    if let Some(t) = template.as_ref().filter(|t| t.status != model::template::TemplateStatus::Ok) {
        let text =
            Text::new("refusal-template-not-ready").with("name", &t.name).with("status", t.status.label());
        errors.add("template", text);
    }
    Ok(template)
}

/// The oldest domain of the data center on which this person may make disks: an active one, if there is any.
async fn first_storage(
    ctx: &Ctx,
    tx: &mut Tx,
    data_center: model::DataCenterId,
) -> Outcome<Option<StorageDomainId>> {
    let mut inactive = None;
    for id in store::storage_domains::of_data_center(tx, data_center).await? {
        if ctx.may(tx, Kind::StorageDomain, id.0, Action::CreateDisk).await.is_err() {
            continue;
        }
        let row = store::storage_domains::LIST.one(tx, id.0).await?;
        if row.is_some_and(|row| row.status == StorageStatus::Active) {
            return Ok(Some(id));
        }
        inactive = inactive.or(Some(id));
    }
    Ok(inactive)
}

async fn usable_storage(
    ctx: &Ctx,
    tx: &mut Tx,
    id: StorageDomainId,
    data_center: model::DataCenterId,
    new: &NewVm,
    template: &Option<Template>,
    errors: &mut FieldErrors,
) -> Outcome<()> {
    let Some(row) = crate::storage_domains::for_disk(ctx, tx, (id, data_center), errors).await? else {
        return Ok(());
    };
    let name = &row.config.name;
    if template.as_ref().is_some_and(|t| t.storage_domain != id && !new.clone) {
        errors.add("storage_domain", Text::new("field-template-storage"));
    } else if let Some(disk) = new.disk.as_ref().filter(|d| d.allocation == Allocation::Preallocated)
        && row.available.is_some_and(|free| disk.size > free)
    {
        let free = size::text(row.available.unwrap_or_default());
        let text = Text::new("refusal-storage-full").with("name", name).with("available", free);
        errors.add("disk_size", text.with("needed", size::text(disk.size)));
    }
    Ok(())
}

async fn add_disk(ctx: &Ctx, tx: &mut Tx, vm: VmId, new: &NewVm, found: &Found) -> Outcome<Option<DiskId>> {
    let Some(storage_domain) = found.storage else { return Ok(None) };
    let thin = Allocation::Thin;
    let (virtual_size, allocation, backing, source) = match (&found.template, &found.image, &new.disk) {
        (Some(t), _, _) if new.clone => (t.disk_size, thin, None, Some(Source::Disk(t.disk))),
        (Some(t), _, _) => (t.disk_size, thin, Some(t.disk), None),
        (None, Some(image), _) => (image.size, thin, None, Some(Source::Image(image.at.clone()))),
        (None, None, Some(disk)) => (disk.size, disk.allocation, None, None),
        (None, None, None) => return Ok(None),
    };
    let id = DiskId(ctx.app.ids.uuid());
    let alias = format!("{}_Disk1", new.config.name);
    let content = DiskContent::Data;
    let disk = NewDisk {
        id,
        storage_domain,
        alias: &alias,
        description: "",
        virtual_size,
        content,
        allocation,
        backing,
        source,
        quota: new.config.options.quota,
    };
    store::disks::insert(tx, &disk, ctx.app.now()).await?;
    table::attach(tx, vm, (id, storage_domain), Interface::Virtio, true).await?;
    Ok(Some(id))
}

async fn add_nic(ctx: &Ctx, tx: &mut Tx, vm: VmId, new: &NewVm) -> Outcome<()> {
    if new.network.is_none() {
        return Ok(());
    }
    let nic = NicConfig {
        name: "nic1".to_owned(),
        network: new.network,
        model: NicModel::Virtio,
        plugged: true,
        linked: true,
    };
    nics::insert(ctx, tx, vm, &nic).await.map(drop)
}
