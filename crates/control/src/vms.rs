//! Operations on virtual machines. Each decides, writes intent, job and event in one transaction, and leaves
//! the acting to its flow.

use model::disk::Allocation;
use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::storage_domain::StorageStatus;
use model::vm::{VmDetails, VmIntent, VmRow, VmStatus};
use model::vm_request::{EditVm, NewVm};
use model::{Action, DiskId, Fault, FieldErrors, JobId, NicId, Refusal, StorageDomainId, Text, VmId, size};
use store::disks::NewDisk;
use store::templates::Template;
use store::vms as table;

use crate::app::{Tx, commit, name_taken, noun};
use crate::ctx::stale;
use crate::flows::{self, Order};
use crate::{Ctx, Outcome, events, placement};

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<VmRow>> {
    ctx.has_changed_password()?;
    Ok(table::LIST.page(&mut *ctx.app.conn().await?, ctx.viewer(), query).await?)
}

pub async fn get(ctx: &Ctx, id: VmId) -> Outcome<VmDetails> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::Vm, id.0).await?;
    table::details(&mut c, id).await?.ok_or(Fault::NotFound { kind: Kind::Vm })
}

/// What the estate says of the request: the found template and domain, with every wrong field in `errors`.
struct Found {
    template: Option<Template>,
    storage: Option<StorageDomainId>,
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
    let inserted = table::insert(&mut tx, id, new.cluster, new.template, &new.config, ctx.app.now()).await;
    inserted.map_err(|e| name_taken(e, Kind::Vm, &new.config.name))?;
    let disk = add_disk(ctx, &mut tx, id, new, &found).await?;
    add_nic(ctx, &mut tx, id, new).await?;
    owns(ctx, &mut tx, id).await?;
    let name = &new.config.name;
    events::tell(&mut tx, ctx, EventKind::VmCreateStarted, &[], vec![(Kind::Vm, id.0, name.clone())]).await?;
    let order = Order::on_vm(flows::CREATE_VM, id, name).with_disks(disk.as_slice());
    let job = ctx.enqueue(&mut tx, order).await?;
    commit(tx).await?;
    Ok((id, job))
}

/// The creator, when not an administrator of everything, owns what was made (oVirt: UserVmManager on the VM).
async fn owns(ctx: &Ctx, tx: &mut Tx, id: VmId) -> Outcome<()> {
    let Some(user) = ctx.who.id.filter(|_| !ctx.who.all) else { return Ok(()) };
    let permission = model::PermissionId(ctx.app.ids.uuid());
    let role = model::policy::USER_VM_MANAGER.id;
    Ok(store::users::grant(tx, permission, user.0, role, id.0, ctx.app.now()).await?)
}

async fn find(ctx: &Ctx, tx: &mut Tx, new: &NewVm, errors: &mut FieldErrors) -> Outcome<Found> {
    name_free(tx, None, &new.config.name, errors).await?;
    placement::beyond(tx, new.cluster, &new.config, errors).await?;
    let cluster =
        store::clusters::LIST.one(tx, new.cluster.0).await?.ok_or(Fault::NotFound { kind: Kind::Cluster })?;
    let (data_center, data_center_name) = cluster.data_center;
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
    let wants_disk = template.is_some() || new.disk.is_some();
    let chosen = new.storage_domain.or(template.as_ref().map(|t| t.storage_domain));
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
    Ok(Found { template, storage })
}

/// A name that is wrong in itself is not looked up: it may be nothing that the database can hold.
async fn name_free(tx: &mut Tx, own: Option<VmId>, name: &str, errors: &mut FieldErrors) -> Outcome<()> {
    if errors.get("name").is_some() {
        return Ok(());
    }
    if table::by_name(tx, name).await?.is_some_and(|other| Some(other) != own) {
        errors.add("name", Text::new("refusal-name-taken").with("kind", noun(Kind::Vm)).with("name", name));
    }
    Ok(())
}

async fn usable_network(
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

/// The oldest domain of the data center on which this person may make disks.
async fn first_storage(
    ctx: &Ctx,
    tx: &mut Tx,
    data_center: model::DataCenterId,
) -> Outcome<Option<StorageDomainId>> {
    for id in store::storage_domains::of_data_center(tx, data_center).await? {
        if ctx.may(tx, Kind::StorageDomain, id.0, Action::CreateDisk).await.is_ok() {
            return Ok(Some(id));
        }
    }
    Ok(None)
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
    match ctx.uses(tx, (Kind::StorageDomain, id.0), Action::CreateDisk, "storage_domain").await {
        Err(Fault::Invalid(unknown)) => {
            errors.0.extend(unknown.0);
            return Ok(());
        }
        decided => decided?,
    }
    let row = store::storage_domains::LIST.one(tx, id.0).await?;
    let row = row.ok_or(Fault::NotFound { kind: Kind::StorageDomain })?;
    let name = &row.config.name;
    if row.data_center.0 != data_center {
        errors.add("storage_domain", Text::new("refusal-other-data-center").with("name", name));
    } else if row.status != StorageStatus::Active {
        errors.add("storage_domain", Text::new("refusal-storage-inactive").with("name", name));
    } else if template.as_ref().is_some_and(|t| t.storage_domain != id) {
        errors.add("storage_domain", Text::new("field-template-storage"));
    } else if let Some(disk) = new.disk.as_ref().filter(|d| d.allocation == Allocation::Preallocated)
        && row.available.is_some_and(|free| disk.size > free)
    {
        let free = size::bytes(row.available.unwrap_or_default());
        let text = Text::new("refusal-storage-full").with("name", name).with("available", free);
        errors.add("disk_size", text.with("needed", size::bytes(disk.size)));
    }
    Ok(())
}

async fn add_disk(ctx: &Ctx, tx: &mut Tx, vm: VmId, new: &NewVm, found: &Found) -> Outcome<Option<DiskId>> {
    let Some(storage_domain) = found.storage else { return Ok(None) };
    let (virtual_size, allocation, backing) = match (&found.template, &new.disk) {
        (Some(t), _) => (t.disk_size, Allocation::Thin, Some(t.disk)),
        (None, Some(disk)) => (disk.size, disk.allocation, None),
        (None, None) => return Ok(None),
    };
    let id = DiskId(ctx.app.ids.uuid());
    let alias = format!("{}_Disk1", new.config.name);
    let disk = NewDisk { id, storage_domain, alias: &alias, virtual_size, allocation, backing };
    store::disks::insert(tx, &disk, ctx.app.now()).await?;
    store::disks::attach(tx, vm, id, storage_domain, 0).await?;
    Ok(Some(id))
}

async fn add_nic(ctx: &Ctx, tx: &mut Tx, vm: VmId, new: &NewVm) -> Outcome<()> {
    if new.network.is_none() {
        return Ok(());
    }
    let mac = loop {
        // oVirt's range of locally administered addresses.
        let [.., a, b, c, d] = ctx.app.ids.uuid().into_bytes();
        let mac = format!("56:6f:{a:02x}:{b:02x}:{c:02x}:{d:02x}");
        if !table::mac_taken(tx, &mac).await? {
            break mac;
        }
    };
    Ok(table::add_nic(tx, NicId(ctx.app.ids.uuid()), vm, "nic1", &mac, new.network).await?)
}

pub async fn edit(ctx: &Ctx, id: VmId, edit: &EditVm) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::EditVm).await?;
    vm.row.status.can(Action::EditVm)?;
    let mut errors = edit.config.errors();
    placement::beyond(&mut tx, vm.row.cluster.0, &edit.config, &mut errors).await?;
    name_free(&mut tx, Some(id), &edit.config.name, &mut errors).await?;
    errors.into_result()?;
    let updated = table::update(&mut tx, id, edit.version, &edit.config).await;
    if !updated.map_err(|e| name_taken(e, Kind::Vm, &edit.config.name))? {
        return Err(stale(Kind::Vm, vm.row.version));
    }
    events::tell(&mut tx, ctx, EventKind::VmUpdated, &[], vec![(Kind::Vm, id.0, edit.config.name.clone())])
        .await?;
    commit(tx).await
}

/// Starts the VM; a paused one goes on. A placement that cannot succeed is refused at once, with its reasons.
pub async fn run(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::RunVm).await?;
    not_busy(&mut tx, &vm).await?;
    vm.row.status.can(Action::RunVm)?;
    let (name, reason) = (&vm.row.name, events::given(reason)?);
    if vm.row.status == VmStatus::Down {
        placement::place(&mut tx, &vm).await?;
        table::set_status(&mut tx, id, VmStatus::WaitForLaunch, None, ctx.app.now()).await?;
    }
    table::set_intent(&mut tx, id, VmIntent::Up, None).await?;
    let args = [("reason", events::reason(reason))];
    events::tell(&mut tx, ctx, EventKind::VmStartInitiated, &args, vec![(Kind::Vm, id.0, name.clone())])
        .await?;
    let flow = if vm.row.status == VmStatus::Paused { flows::RESUME_VM } else { flows::START_VM };
    let job = ctx.enqueue(&mut tx, Order::on_vm(flow, id, name)).await?;
    commit(tx).await?;
    Ok(job)
}

/// Asks the guest to shut down.
pub async fn shutdown(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    stop(ctx, id, reason, Action::ShutdownVm, flows::SHUTDOWN_VM, EventKind::VmShutdownInitiated).await
}

/// Ends the VM's process at once.
pub async fn power_off(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    stop(ctx, id, reason, Action::PowerOffVm, flows::POWER_OFF_VM, EventKind::VmPoweredOff).await
}

async fn stop(
    ctx: &Ctx,
    id: VmId,
    reason: Option<&str>,
    action: Action,
    flow: &'static str,
    told: EventKind,
) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, action).await?;
    not_busy(&mut tx, &vm).await?;
    vm.row.status.can(action)?;
    let reason = events::given(reason)?;
    table::set_intent(&mut tx, id, VmIntent::Down, reason).await?;
    let about = vec![(Kind::Vm, id.0, vm.row.name.clone())];
    events::tell(&mut tx, ctx, told, &[("reason", events::reason(reason))], about).await?;
    let job = ctx.enqueue(&mut tx, Order::on_vm(flow, id, &vm.row.name)).await?;
    commit(tx).await?;
    Ok(job)
}

pub async fn reboot(ctx: &Ctx, id: VmId, reason: Option<&str>) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::RebootVm).await?;
    not_busy(&mut tx, &vm).await?;
    vm.row.status.can(Action::RebootVm)?;
    let reason = events::given(reason)?;
    let about = vec![(Kind::Vm, id.0, vm.row.name.clone())];
    let args = [("reason", events::reason(reason))];
    events::tell(&mut tx, ctx, EventKind::VmRebootInitiated, &args, about).await?;
    let job = ctx.enqueue(&mut tx, Order::on_vm(flows::REBOOT_VM, id, &vm.row.name)).await?;
    commit(tx).await?;
    Ok(job)
}

/// Removes the VM and, if asked, its disks; otherwise they stay, attached to nothing.
pub async fn remove(ctx: &Ctx, id: VmId, with_disks: bool) -> Outcome<JobId> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::RemoveVm).await?;
    not_busy(&mut tx, &vm).await?;
    vm.row.status.can(Action::RemoveVm)?;
    let disks = store::disks::of_vm(&mut tx, id).await?;
    let about = vec![(Kind::Vm, id.0, vm.row.name.clone())];
    events::tell(&mut tx, ctx, EventKind::VmRemoveStarted, &[], about).await?;
    table::set_status(&mut tx, id, VmStatus::ImageLocked, None, ctx.app.now()).await?;
    let order =
        Order::on_vm(flows::REMOVE_VM, id, &vm.row.name).with_disks(if with_disks { &disks } else { &[] });
    let job = ctx.enqueue(&mut tx, order).await?;
    commit(tx).await?;
    Ok(job)
}

/// A job that holds the VM answers before its passing status does: "web1 is busy: Start VM web1".
async fn not_busy(tx: &mut Tx, vm: &table::Vm) -> Outcome<()> {
    match store::jobs::busy(tx, vm.row.id.0).await? {
        Some((job, title)) => {
            Err(jobs::Busy { object: vm.row.id.0, name: vm.row.name.clone(), job, title }.into())
        }
        None => Ok(()),
    }
}

/// What the console proxy needs; only for who may look at the screen.
pub struct Screen {
    pub name: String,
    pub address: host::ScreenAddress,
    pub password: String,
}

pub async fn screen(ctx: &Ctx, id: VmId) -> Outcome<Screen> {
    let mut tx = ctx.app.begin().await?;
    let vm = ctx.vm(&mut tx, id, Action::OpenConsole).await?;
    commit(tx).await?;
    vm.row.status.can(Action::OpenConsole)?;
    let headless = || Fault::from(Refusal::new("refusal-headless").with("name", &vm.row.name));
    let password = vm.vnc_password.clone().ok_or_else(headless)?;
    let (host, _) = vm.row.host.clone().ok_or_else(headless)?;
    let driver = ctx.app.hosts.driver(host).await?;
    let address = driver.screen(id).await.map_err(|e| Fault::Unavailable(e.text().into()))?;
    Ok(Screen { name: vm.row.name, address, password })
}

/// Tells that somebody came to, or left, the console.
pub async fn console_told(ctx: &Ctx, id: VmId, name: &str, kind: EventKind) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    events::tell(&mut tx, ctx, kind, &[], vec![(Kind::Vm, id.0, name.to_owned())]).await?;
    commit(tx).await
}

/// Whether this person may look at the screen; asked again and again while they do.
pub async fn may_watch(ctx: &Ctx, id: VmId) -> Outcome<()> {
    ctx.may(&mut *ctx.app.conn().await?, Kind::Vm, id.0, Action::OpenConsole).await
}
