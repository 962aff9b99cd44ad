//! Templates made of what is there: of a VM that is down, or of an image that lies in a domain. The disk is copied
//! whole, so that neither needs the other afterwards.

use model::disk::{Allocation, DiskContent, Source};
use model::event::EventKind;
use model::id::Kind;
use model::template::{ImageTemplate, MakeTemplate};
use model::vm_options::VmOptions;
use model::{
    Action, DataCenterId, DiskId, Fault, FieldErrors, JobId, Refusal, StorageDomainId, TemplateId, Text,
    VmId, size,
};
use store::disks::NewDisk;
use store::templates::NewTemplate;

use crate::app::{Tx, commit, name_taken, noun};
use crate::flows::Order;
use crate::quotas::{self, Asked, Taking};
use crate::{Ctx, Outcome, events};

/// What is to be copied, and where to.
struct Copy {
    source: Source,
    size: u64,
    /// What the source is called in the event.
    named: String,
}

/// Makes a template of a VM that is down; until it is made the VM cannot be started.
pub async fn make(ctx: &Ctx, id: VmId, new: &MakeTemplate) -> Outcome<(TemplateId, JobId)> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::MakeTemplate).await?;
    crate::vms::not_busy(&mut tx, &vm).await?;
    vm.row.status.can(Action::MakeTemplate)?;
    let no_disk = || Refusal::new("refusal-no-disk").with("name", &vm.row.name);
    let first = *store::disks::of_vm(&mut tx, id).await?.first().ok_or_else(no_disk)?;
    let disk = store::disks::get(&mut tx, first).await?.ok_or_else(no_disk)?;
    let mut errors = new.errors();
    let storage_domain = new.storage_domain.unwrap_or(disk.storage_domain);
    let center = vm.row.data_center.0;
    room(ctx, &mut tx, (storage_domain, center), disk.virtual_size, &mut errors).await?;
    free_name(&mut tx, center, &new.name, &mut errors).await?;
    let config = &vm.config;
    // The VM's own is nobody's question.
    if new.quota != config.options.quota {
        quotas::chosen(ctx, &mut tx, (new.quota, center), &mut errors).await?;
    }
    errors.into_result()?;
    let template = NewTemplate {
        id: TemplateId(ctx.app.ids.uuid()),
        data_center: center,
        name: &new.name,
        description: &new.description,
        comment: &new.comment,
        memory: config.memory,
        sockets: config.sockets,
        cores: config.cores,
        threads: config.threads,
        cpu_model: config.cpu_model.as_deref(),
        options: VmOptions { quota: new.quota, ..config.options.clone() },
        disk: DiskId(ctx.app.ids.uuid()),
        storage_domain,
    };
    let named = format!("{} {}", noun(Kind::Vm), vm.row.name);
    let copy = Copy { source: Source::Disk(disk.id), size: disk.virtual_size, named };
    let mut tx = reserve(ctx, tx, &template, copy.size).await?;
    let order = insert(ctx, &mut tx, &template, copy, new.all_users).await?.locking(id.0, &vm.row.name);
    let job = ctx.enqueue(&mut tx, order).await?;
    let id = template.id;
    commit(tx).await?;
    Ok((id, job))
}

/// Makes a template of an image, in the image's domain.
pub async fn from_image(ctx: &Ctx, new: &ImageTemplate) -> Outcome<(TemplateId, JobId)> {
    let mut tx = ctx.app.begin().await?;
    let storage_domain = new.image.storage_domain;
    ctx.uses(&mut tx, (Kind::StorageDomain, storage_domain.0), Action::CreateDisk, "image").await?;
    let mut errors = new.errors();
    let Some((center, medium)) = store::media::get(&mut tx, &new.image).await? else {
        errors.add("image", Text::new("field-image-unknown"));
        return Err(Fault::Invalid(errors));
    };
    ctx.may(&mut tx, Kind::DataCenter, center.0, Action::CreateTemplate).await?;
    room(ctx, &mut tx, (storage_domain, center), 0, &mut errors).await?;
    free_name(&mut tx, center, &new.name, &mut errors).await?;
    quotas::chosen(ctx, &mut tx, (new.quota, center), &mut errors).await?;
    errors.into_result()?;
    let template = NewTemplate {
        id: TemplateId(ctx.app.ids.uuid()),
        data_center: center,
        name: &new.name,
        description: &new.description,
        comment: &new.comment,
        memory: new.memory,
        sockets: new.vcpus,
        cores: 1,
        threads: 1,
        cpu_model: None,
        options: VmOptions { quota: new.quota, ..VmOptions::default() },
        disk: DiskId(ctx.app.ids.uuid()),
        storage_domain,
    };
    let copy =
        Copy { source: Source::Image(new.image.clone()), size: medium.size, named: new.image.name.clone() };
    let mut tx = reserve(ctx, tx, &template, copy.size).await?;
    let order = insert(ctx, &mut tx, &template, copy, new.all_users).await?;
    let job = ctx.enqueue(&mut tx, order).await?;
    let id = template.id;
    commit(tx).await?;
    Ok((id, job))
}

/// Its disk is counted in the quota that the template has.
async fn reserve(ctx: &Ctx, tx: Tx, template: &NewTemplate<'_>, size: u64) -> Outcome<Tx> {
    let about = (Kind::Template, template.id.0, template.name.to_owned());
    let taking = Taking { data_center: template.data_center, quota: template.options.quota, about };
    quotas::reserve(ctx, tx, &taking, &Asked::disk(template.storage_domain, size)).await
}

async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    template: &NewTemplate<'_>,
    copy: Copy,
    all_users: bool,
) -> Outcome<Order> {
    let now = ctx.app.now();
    let disk = NewDisk {
        id: template.disk,
        storage_domain: template.storage_domain,
        alias: template.name,
        description: "",
        virtual_size: copy.size,
        content: DiskContent::Data,
        allocation: Allocation::Thin,
        backing: None,
        source: Some(copy.source),
        quota: template.options.quota,
    };
    store::disks::insert(tx, &disk, now).await?;
    let inserted = store::templates::insert(tx, template, now).await;
    inserted.map_err(|e| name_taken(e, Kind::Template, template.name))?;
    crate::grants::to_maker(ctx, tx, Kind::Template, template.id.0).await?;
    if all_users {
        crate::grants::to_everyone(ctx, tx, Kind::Template, template.id.0).await?;
    }
    let args = [("source", events::word(&copy.named))];
    let about = vec![(Kind::Template, template.id.0, template.name.to_owned())];
    events::tell(tx, ctx, EventKind::TemplateCreateStarted, &args, about).await?;
    Ok(Order::of_template(template.id, template.name, template.disk))
}

/// Adds what is wrong with the domain as a place for `size` more bytes.
async fn room(
    ctx: &Ctx,
    tx: &mut Tx,
    (id, center): (StorageDomainId, DataCenterId),
    size: u64,
    errors: &mut FieldErrors,
) -> Outcome<()> {
    let Some(row) = crate::storage_domains::for_disk(ctx, tx, (id, center), errors).await? else {
        return Ok(());
    };
    let (name, free) = (&row.config.name, row.available.unwrap_or(u64::MAX));
    if size > free {
        let text = Text::new("refusal-storage-full").with("name", name).with("available", size::text(free));
        errors.add("storage_domain", text.with("needed", size::text(size)));
    }
    Ok(())
}

async fn free_name(tx: &mut Tx, center: DataCenterId, name: &str, errors: &mut FieldErrors) -> Outcome<()> {
    if errors.get("name").is_none() && store::templates::by_name(tx, center, name).await?.is_some() {
        let text = Text::new("refusal-name-taken").with("kind", noun(Kind::Template)).with("name", name);
        errors.add("name", text);
    }
    Ok(())
}
