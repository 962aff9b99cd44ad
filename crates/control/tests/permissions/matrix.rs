//! One line per operation: how it is called on a set of targets. Nothing here can change a target: versions
//! are wrong, or the target is in use or in the wrong state, once somebody may.

use std::future::Future;
use std::pin::Pin;

use control::*;
use model::clock::Ids;
use model::id::Kind;
use model::list::ListQuery;
use model::live::{Change, LiveChange};
use model::vm_request::EditVm;
use model::{
    BookmarkId, ClusterId, DataCenterId, DirectoryId, DiskId, HostId, JobId, NetworkId, QuotaId, RoleId,
    SYSTEM, StorageDomainId, TagId, TemplateId, VmId,
};

use crate::support::*;

#[derive(Clone, Copy)]
pub struct Targets {
    pub data_center: DataCenterId,
    pub cluster: ClusterId,
    pub network: NetworkId,
    pub quota: QuotaId,
    pub storage: StorageDomainId,
    pub host: HostId,
    pub template: TemplateId,
    pub vm: VmId,
    pub disk: DiskId,
    pub job: JobId,
    pub tag: TagId,
    pub directory: DirectoryId,
    /// One that all see.
    pub bookmark: BookmarkId,
    /// One of the shipped ones would be refused to everybody.
    pub role: RoleId,
}

impl Targets {
    /// Ids that nothing has.
    pub fn nowhere(world: &World) -> Self {
        let id = || world.ids.uuid();
        Targets {
            data_center: DataCenterId(id()),
            cluster: ClusterId(id()),
            network: NetworkId(id()),
            quota: QuotaId(id()),
            storage: StorageDomainId(id()),
            host: HostId(id()),
            template: TemplateId(id()),
            vm: VmId(id()),
            disk: DiskId(id()),
            job: JobId(id()),
            tag: TagId(id()),
            directory: DirectoryId(id()),
            bookmark: BookmarkId(id()),
            role: RoleId(id()),
        }
    }
}

type Running<'a> = Pin<Box<dyn Future<Output = Outcome<()>> + Send + 'a>>;
pub type Run = for<'a> fn(&'a World, &'a Ctx, &'a Targets) -> Running<'a>;

macro_rules! operations {
    ($($name:literal: |$w:ident, $c:ident, $t:ident| $call:expr;)*) => {
        pub const OPERATIONS: &[(&str, Run)] = &[$(
            ($name, |$w, $c, $t| Box::pin(async move {
                let _ = ($w, $t);
                $call.await.map(drop)
            }))
        ),*];
    };
}

fn all() -> ListQuery {
    ListQuery::default()
}

/// A name that nothing has yet.
fn fresh(w: &World) -> String {
    format!("n{}", w.ids.uuid().simple())
}

operations! {
    "data_centers::list": |w, c, t| data_centers::list(c, &all());
    "data_centers::get": |w, c, t| data_centers::get(c, t.data_center);
    "data_centers::create": |w, c, t| data_centers::create(c, &data_center(&fresh(w)));
    "data_centers::edit": |w, c, t| data_centers::edit(c, t.data_center, &model::data_center::EditDataCenter { version: 0, config: data_center("x") });
    "data_centers::remove": |w, c, t| data_centers::remove(c, t.data_center);
    "clusters::list": |w, c, t| clusters::list(c, &all());
    "clusters::get": |w, c, t| clusters::get(c, t.cluster);
    "clusters::create": |w, c, t| clusters::create(c, &cluster(&fresh(w), t.data_center));
    "clusters::edit": |w, c, t| clusters::edit(c, t.cluster, &model::cluster::EditCluster { version: 0, config: cluster("x", t.data_center).config });
    "clusters::remove": |w, c, t| clusters::remove(c, t.cluster);
    "networks::list": |w, c, t| networks::list(c, &all());
    "networks::get": |w, c, t| networks::get(c, t.network);
    "networks::create": |w, c, t| networks::create(c, &network(&fresh(w), t.data_center));
    "networks::edit": |w, c, t| networks::edit(c, t.network, &model::network::EditNetwork { version: 0, config: network("x", t.data_center).config });
    "networks::remove": |w, c, t| networks::remove(c, t.network);
    "quotas::list": |w, c, t| quotas::list(c, &all());
    "quotas::get": |w, c, t| quotas::get(c, t.quota);
    "quotas::create": |w, c, t| quotas::create(c, &model::quota::NewQuota { data_center: t.data_center, config: crate::quotas::quota(&fresh(w)) });
    "quotas::edit": |w, c, t| quotas::edit(c, t.quota, &model::quota::EditQuota { version: 0, config: crate::quotas::quota("x") });
    "quotas::consumers": |w, c, t| quotas::consumers(c, t.quota);
    "quotas::change_consumers": |w, c, t| quotas::change_consumers(c, t.quota, &model::quota::ChangeConsumers { name: Some("no body".into()), ..Default::default() });
    "quotas::add_consumer": |w, c, t| quotas::add_consumer(c, t.quota, "no body", false);
    "quotas::remove_consumer": |w, c, t| quotas::remove_consumer(c, t.quota, model::PermissionId(w.ids.uuid()));
    "quotas::usable": |w, c, t| quotas::usable(c);
    "quotas::projection": |w, c, t| quotas::projection(c, t.quota, &quotas::Asked::default());
    "quotas::ask": |w, c, t| quotas::requests::ask(c, t.quota, &Default::default());
    "quotas::withdraw": |w, c, t| quotas::requests::withdraw(c, t.quota, model::RequestId(w.ids.uuid()));
    "quotas::approve": |w, c, t| quotas::requests::approve(c, t.quota, model::RequestId(w.ids.uuid()), &Default::default());
    "quotas::decline": |w, c, t| quotas::requests::decline(c, t.quota, model::RequestId(w.ids.uuid()), "");
    "quotas::mine": |w, c, t| quotas::requests::mine(c);
    "quotas::of": |w, c, t| quotas::requests::of(c, t.quota);
    "quotas::assign_disk": |w, c, t| quotas::assign_disk(c, t.disk, None);
    "quotas::remove": |w, c, t| quotas::remove(c, default_of(w, t.quota).await);
    "storage_domains::list": |w, c, t| storage_domains::list(c, &all());
    "storage_domains::get": |w, c, t| storage_domains::get(c, t.storage);
    "storage_domains::media": |w, c, t| storage_domains::media(c, t.storage);
    "storage_domains::rescan": |w, c, t| storage_domains::rescan(c, t.storage);
    "storage_domains::hosts": |w, c, t| storage_domains::hosts(c, t.storage);
    "storage_domains::create": |w, c, t| storage_domains::create(c, &storage(&fresh(w), t.data_center, &format!("/srv/{}", fresh(w))));
    "storage_domains::edit": |w, c, t| storage_domains::edit(c, t.storage, &model::storage_domain::EditStorage { version: 0, config: storage("x", t.data_center, PATH).config });
    "storage_domains::remove": |w, c, t| storage_domains::remove(c, t.storage);
    "disks::list": |w, c, t| disks::list(c, &all());
    "disks::get": |w, c, t| disks::get(c, t.disk);
    "disks::from_image": |w, c, t| disks::from_image(c, &model::disk::ImageDisk { image: no_image(t), alias: fresh(w), description: String::new(), quota: None });
    "disks::details": |w, c, t| disks::details(c, t.disk);
    "disks::edit": |w, c, t| disks::edit(c, t.disk, &model::vm_disk::EditDisk { version: 0, alias: "x".into(), description: String::new(), bootable: true, extend: 0 });
    "disks::remove": |w, c, t| disks::remove(c, t.disk);
    "hosts::list": |w, c, t| hosts::list(c, &all());
    "hosts::get": |w, c, t| hosts::get(c, t.host);
    "hosts::create": |w, c, t| hosts::create(c, &host(&fresh(w), t.cluster));
    "hosts::edit": |w, c, t| hosts::edit(c, t.host, &model::host::EditHost { version: 0, config: host_config("kvm1") });
    "hosts::remove": |w, c, t| hosts::remove(c, t.host);
    "hosts::activate": |w, c, t| hosts::activate(c, t.host);
    "hosts::maintain": |w, c, t| hosts::maintain(c, t.host, Some(&"x".repeat(256)));
    "hosts::test": |w, c, t| hosts::test(c, t.cluster, &host_config("new"));
    "templates::list": |w, c, t| templates::list(c, &all());
    "templates::get": |w, c, t| templates::get(c, t.template);
    "templates::import": |w, c, t| templates::import(c, &templates::Import { data_center: t.data_center, storage_domain: t.storage, ..w.template(&fresh(w)) }, image());
    "templates::make": |w, c, t| templates::make(c, t.vm, &template_of(&fresh(w)));
    "templates::from_image": |w, c, t| templates::from_image(c, &image_template(t, &fresh(w)));
    "templates::edit": |w, c, t| templates::edit(c, t.template, &edit_template(0, "x"));
    "templates::remove": |w, c, t| templates::remove(c, t.template);
    "vms::list": |w, c, t| vms::list(c, &all());
    "vms::get": |w, c, t| vms::get(c, t.vm);
    "vms::create": |w, c, t| vms::create(c, &model::vm_request::NewVm { cluster: t.cluster, ..w.new_vm(&fresh(w)) });
    "vms::edit": |w, c, t| vms::edit(c, t.vm, &EditVm { version: 0, config: vm_config("x") });
    "vms::shutdown": |w, c, t| vms::shutdown(c, t.vm, None);
    "vms::power_off": |w, c, t| vms::power_off(c, t.vm, None);
    "vms::reboot": |w, c, t| vms::reboot(c, t.vm, None);
    "vms::reset": |w, c, t| vms::reset(c, t.vm, None);
    "vms::pause": |w, c, t| vms::pause(c, t.vm, None);
    "vms::suspend": |w, c, t| vms::suspend(c, t.vm, None);
    "vms::change_cd": |w, c, t| vms::change_cd(c, t.vm, None);
    "vms::add_disk": |w, c, t| vms::add_disk(c, t.vm, &model::vm_disk::AddDisk { size: 0, storage_domain: t.storage, ..w.new_disk("x") });
    "vms::attach_disk": |w, c, t| vms::attach_disk(c, t.vm, &attach(t.disk));
    "vms::detach_disk": |w, c, t| vms::detach_disk(c, t.vm, &model::vm_disk::DetachDisk { disk: DiskId(w.ids.uuid()), remove: true });
    "vms::add_nic": |w, c, t| vms::add_nic(c, t.vm, &model::nic::NicConfig { network: Some(t.network), ..w.new_nic("") });
    "vms::edit_nic": |w, c, t| vms::edit_nic(c, t.vm, model::NicId(w.ids.uuid()), &w.new_nic(""));
    "vms::remove_nic": |w, c, t| vms::remove_nic(c, t.vm, model::NicId(w.ids.uuid()));
    "vms::screen": |w, c, t| vms::screen(c, t.vm);
    "vms::viewer": |w, c, t| vms::viewer(c, t.vm, model::vm_options::Protocol::Vnc);
    "vms::may_watch": |w, c, t| vms::may_watch(c, t.vm);
    "vms::console_told": |w, c, t| vms::console_told(c, t.vm, "x", model::event::EventKind::ConsoleConnected);
    "vms::extendable": |w, c, t| vms::extendable(c, t.vm);
    "vms::extend_lease": |w, c, t| vms::extend_lease(c, t.vm, Some(time::Date::MIN));
    "vms::run": |w, c, t| vms::run(c, t.vm, Some(&"x".repeat(256)));
    "vms::remove": |w, c, t| vms::remove(c, t.vm, true);
    "jobs::list": |w, c, t| jobs::list(c, &all());
    "jobs::running": |w, c, t| jobs::running(c);
    "jobs::get": |w, c, t| jobs::get(c, t.job);
    "jobs::cancel": |w, c, t| jobs::cancel(c, t.job);
    "search::names": |w, c, t| search::names(c, "Vms", "");
    "tree::children": |w, c, t| tree::children(c, Kind::DataCenter, t.data_center.0, false, 0);
    "tree::way": |w, c, t| tree::way(c, t.vm.0);
    "palette::find": |w, c, t| palette::find(c, "x");
    "dashboard::overview": |w, c, t| dashboard::overview(c);
    "statistics::history": |w, c, t| statistics::history(c, (Kind::Vm, t.vm.0), model::statistics::Span::Day);
    "alerts::list": |w, c, t| alerts::list(c);
    "alerts::acknowledge": |w, c, t| alerts::acknowledge(c, made(w, t.vm).await);
    "alerts::acknowledge_all": |w, c, t| alerts::acknowledge_all(c);
    "alerts::restore": |w, c, t| alerts::restore(c);
    "events::get": |w, c, t| events::get(c, made(w, t.vm).await);
    "events::list": |w, c, t| events::list(c, &all());
    "events::newest": |w, c, t| events::newest(c);
    "events::last_edit": |w, c, t| events::last_edit(c, (Kind::Vm, t.vm.0));
    "live::may_hear": |w, c, t| live::may_hear(c, &change(t));
    "users::list": |w, c, t| users::list(c);
    "users::page": |w, c, t| users::page(c, &all());
    "users::get": |w, c, t| users::get(c, w.admin.who.id.unwrap());
    "users::add": |w, c, t| users::add(c, "x y", "correct horse", false);
    "users::reset_password": |w, c, t| users::reset_password(c, "admin", "short", false);
    "users::grant": |w, c, t| users::grant(c, "admin", "SuperUser", Kind::Vm, t.vm.0, "x");
    "users::change_password": |w, c, t| users::change_password(c, "wrong", "correct horse");
    "users::sign_out": |w, c, t| users::sign_out(c);
    "roles::list": |w, c, t| roles::list(c, &all());
    "roles::get": |w, c, t| roles::get(c, t.role);
    "roles::create": |w, c, t| roles::create(c, &crate::roles::role(&fresh(w), &[22]));
    "roles::edit": |w, c, t| roles::edit(c, t.role, &model::role::EditRole { version: 0, config: crate::roles::role(&fresh(w), &[22]) });
    "roles::remove": |w, c, t| roles::remove(c, t.role);
    "permissions::on": |w, c, t| permissions::on(c, Kind::Vm, t.vm.0);
    "permissions::of_user": |w, c, t| permissions::of_user(c, w.admin.who.id.unwrap());
    "permissions::of_role": |w, c, t| permissions::of_role(c, t.role);
    "permissions::offer": |w, c, t| permissions::offer(c, Kind::Vm, t.vm.0);
    "permissions::grant": |w, c, t| permissions::grant(c, Kind::Vm, t.vm.0, &crate::grants::give("nobody", &model::policy::USER_ROLE));
    "permissions::remove": |w, c, t| permissions::remove(c, Kind::Vm, t.vm.0, model::PermissionId(uuid::Uuid::max()));
    "permissions::explain": |w, c, t| permissions::explain(c, &crate::grants::ask("admin", t.vm.0, model::Action::RunVm));
    "users::remove": |w, c, t| users::remove(c, w.admin.who.id.unwrap());
    "users::reset": |w, c, t| users::reset(c, w.admin.who.id.unwrap(), "short", false);
    "directories::list": |w, c, t| directories::list(c, &all());
    "directories::get": |w, c, t| directories::get(c, t.directory);
    "directories::choices": |w, c, t| directories::choices(c);
    "directories::create": |w, c, t| directories::create(c, &crate::directories::config(""), None);
    "directories::edit": |w, c, t| directories::edit(c, t.directory, &crate::directories::edit(0, ""));
    "directories::remove": |w, c, t| directories::remove(c, t.directory);
    "directories::test": |w, c, t| directories::test(c, Some(t.directory), &crate::directories::config("x"), None);
    "directories::find": |w, c, t| directories::find(c, t.directory, "\n");
    "directories::add": |w, c, t| directories::add(c, t.directory, &[]);
    "providers::create": |w, c, t| providers::create(c, &crate::providers::config(""), None);
    "providers::edit": |w, c, t| providers::edit(c, t.directory, &crate::providers::edit(0, crate::providers::config("")));
    "providers::test": |w, c, t| providers::test(c, &crate::providers::config(""));
    "providers::add_groups": |w, c, t| providers::add_groups(c, t.directory, &[]);
    "accounts::standing": |w, c, t| accounts::standing(c, someone(w, t).await);
    "accounts::unlock": |w, c, t| accounts::unlock(c, someone(w, t).await);
    "second_factor::state": |w, c, t| second_factor::state(c);
    "second_factor::offer": |w, c, t| second_factor::offer(c);
    "second_factor::confirm": |w, c, t| second_factor::confirm(c, "000000");
    "second_factor::turn_off": |w, c, t| second_factor::turn_off(c, "wrong horse");
    "second_factor::reset": |w, c, t| second_factor::reset(c, someone(w, t).await);
    "sessions::list": |w, c, t| sessions::list(c, Some(w.admin.who.id.unwrap()));
    "sessions::end": |w, c, t| sessions::end(c, uuid::Uuid::max());
    "tags::list": |w, c, t| tags::list(c, &all());
    "tags::get": |w, c, t| tags::get(c, t.tag);
    "tags::create": |w, c, t| tags::create(c, &crate::tags::tag(&fresh(w), None));
    "tags::edit": |w, c, t| tags::edit(c, t.tag, &model::tag::EditTag { version: 0, config: crate::tags::tag("x", None) });
    "tags::remove": |w, c, t| tags::remove(c, t.tag);
    "tags::assign": |w, c, t| assigned(c, t.vm);
    "tags::tagged": |w, c, t| tags::tagged(c, Kind::Vm, &[t.vm.0]);
    "bookmarks::list": |w, c, t| bookmarks::list(c, &all());
    "bookmarks::get": |w, c, t| bookmarks::get(c, t.bookmark);
    "bookmarks::create": |w, c, t| bookmarks::create(c, &crate::bookmarks::bookmark(&fresh(w), true));
    "bookmarks::edit": |w, c, t| bookmarks::edit(c, t.bookmark, &model::bookmark::EditBookmark { version: 0, config: crate::bookmarks::bookmark("x", true) });
    "bookmarks::remove": |w, c, t| bookmarks::remove(c, t.bookmark);
    "bulk::plan": |w, c, t| bulk::plan(c, Kind::Vm, "shutdown", &[t.vm.0]);
    "bulk::run": |w, c, t| ordered(c, t.vm);
    "bulk::ids": |w, c, t| only_theirs(c, t.vm);
    "export::rows": |w, c, t| exported(c, t.vm);
    "settings::columns": |w, c, t| settings::columns(c);
    "settings::choose_columns": |w, c, t| settings::choose_columns(c, Kind::Vm, None);
    "settings::choose_language": |w, c, t| settings::choose_language(c, None);
    "settings::language": |w, c, t| settings::language(c);
    "settings::portal": |w, c, t| settings::portal(c);
    "settings::choose_portal": |w, c, t| settings::choose_portal(c, &model::portal::Choose {
        connect: Some(t.vm.0), ..Default::default()
    });
    "portal::begun": |w, c, t| portal::begun(c);
    "portal::connects": |w, c, t| portal::connects(c);
    "portal::machine": |w, c, t| portal::machine(c, t.vm);
    "portal::machines": |w, c, t| portal::machines(c, &model::portal::Wanted::default());
    "portal::resources": |w, c, t| portal::resources(c);
    "apply::apply": |w, c, t| apply::apply(c, &estate(w), &mut |_| {});
}

/// Somebody who is there; of targets that are nowhere, nobody.
async fn someone(w: &World, t: &Targets) -> model::UserId {
    if w.find_vm(t.vm).await.is_some() { w.admin.who.id.unwrap() } else { model::UserId(t.vm.0) }
}

/// The answer for the one object.
async fn assigned(c: &Ctx, vm: VmId) -> Outcome<()> {
    let done = tags::assign(c, Kind::Vm, &[vm.0], &model::tag::AssignTags::default()).await?;
    done.into_iter().try_for_each(|one| one.outcome)
}

/// Whether the whole result has it.
async fn only_theirs(c: &Ctx, vm: VmId) -> Outcome<()> {
    let ids = bulk::ids(c, Kind::Vm, &all()).await?;
    if ids.contains(&vm.0) { Ok(()) } else { Err(model::Fault::NotFound { kind: Kind::Vm }) }
}

/// Whether the file has it.
async fn exported(c: &Ctx, vm: VmId) -> Outcome<()> {
    let mut rows = export::rows(c, Kind::Vm, &all()).await?;
    let id = vm.to_string();
    let there = rows.next().await?.iter().any(|row| row["id"] == id.as_str());
    if there { Ok(()) } else { Err(model::Fault::NotFound { kind: Kind::Vm }) }
}

/// The same of an order.
async fn ordered(c: &Ctx, vm: VmId) -> Outcome<()> {
    let done = bulk::run(c, Kind::Vm, "shutdown", &[vm.0], &model::bulk::How::default()).await?;
    done.into_iter().try_for_each(|one| one.outcome.map(drop))
}

pub fn template_of(name: &str) -> model::template::MakeTemplate {
    model::template::MakeTemplate {
        name: name.into(),
        description: String::new(),
        comment: String::new(),
        storage_domain: None,
        quota: None,
        all_users: false,
    }
}

pub fn edit_template(version: i64, name: &str) -> model::template::EditTemplate {
    model::template::EditTemplate {
        version,
        name: name.into(),
        description: String::new(),
        comment: String::new(),
        lease: None,
    }
}

/// The default quota beside one, which nobody can remove; of one that is nowhere, itself.
async fn default_of(w: &World, quota: QuotaId) -> QuotaId {
    let Ok(row) = quotas::get(&w.admin, quota).await else { return quota };
    let query = ListQuery { within: Some(row.data_center.0.0), ..all() };
    let rows = quotas::list(&w.admin, &query).await.unwrap().rows;
    rows.into_iter().find(|row| row.is_default).map_or(quota, |row| row.id)
}

fn no_image(t: &Targets) -> model::vm_options::MediaRef {
    model::vm_options::MediaRef { storage_domain: t.storage, name: "nothing.img".into() }
}

fn image_template(t: &Targets, name: &str) -> model::template::ImageTemplate {
    model::template::ImageTemplate {
        image: no_image(t),
        name: name.into(),
        description: String::new(),
        comment: String::new(),
        memory: MEMORY,
        vcpus: 1,
        quota: None,
        all_users: false,
    }
}

/// The event of a VM's making; of one that is nowhere, none.
async fn made(w: &World, vm: VmId) -> uuid::Uuid {
    let query = ListQuery { within: Some(vm.0), size: 500, ..all() };
    let rows = events::list(&w.admin, &query).await.unwrap().rows;
    rows.last().map_or(uuid::Uuid::max(), |event| event.uuid())
}

fn change(t: &Targets) -> LiveChange {
    let (scope, principals) = (vec![t.vm.0, SYSTEM], vec![]);
    LiveChange {
        kind: Kind::Vm,
        id: t.vm.0,
        version: 1,
        change: Change::Changed,
        scope,
        principals,
        row: None,
    }
}

fn estate(w: &World) -> apply::Estate {
    let data_center = apply::DataCenter { name: fresh(w), description: String::new() };
    apply::Estate { data_center: vec![data_center], ..Default::default() }
}
