//! Quotas: made and changed, taken from by whatever uses vCPUs, memory and storage, given back, and told.

mod limits;
mod races;
mod requests;

use control::{Ctx, data_centers, disks, quotas, templates, vms};
use model::data_center::EditDataCenter;
use model::disk::ImageDisk;
use model::event::EventKind;
use model::list::ListQuery;
use model::quota::{ClusterLimit, EditQuota, NewQuota, QuotaConfig, QuotaMode};
use model::template::MakeTemplate;
use model::vm_request::NewVm;
use model::{QuotaId, VmId};
use sqlx::PgPool;

use crate::support::*;

/// Without grace, so that a limit is one.
pub fn quota(name: &str) -> QuotaConfig {
    QuotaConfig { name: name.into(), cluster_grace: 0, storage_grace: 0, ..QuotaConfig::default() }
}

impl World {
    pub async fn quotas_are(&self, mode: QuotaMode) {
        let row = data_centers::get(&self.admin, self.data_center).await.unwrap();
        let config = model::data_center::DataCenterConfig { quota_mode: mode, ..row.config };
        let edit = EditDataCenter { version: row.version, config };
        data_centers::edit(&self.admin, self.data_center, &edit).await.unwrap();
    }

    pub async fn quota(&self, config: QuotaConfig) -> QuotaId {
        quotas::create(&self.admin, &NewQuota { data_center: self.data_center, config }).await.unwrap()
    }

    /// A VM of the quota, to be made.
    fn vm_in(&self, name: &str, quota: QuotaId) -> NewVm {
        let mut new = self.new_vm(name);
        new.config.options.quota = Some(quota);
        new
    }

    async fn down_in(&self, name: &str, quota: QuotaId) -> VmId {
        let (vm, job) = vms::create(&self.admin, &self.vm_in(name, quota)).await.unwrap();
        self.done(job).await;
        vm
    }

    async fn default_quota(&self) -> QuotaId {
        let query = ListQuery { within: Some(self.data_center.0), ..ListQuery::default() };
        let rows = quotas::list(&self.admin, &query).await.unwrap().rows;
        rows.into_iter().find(|row| row.is_default).unwrap().id
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_quota_is_made_changed_and_removed(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let dev = world.quota(quota("dev")).await;
    let again = NewQuota { data_center: world.data_center, config: quota("DEV") };
    assert_eq!(said(quotas::create(admin, &again).await), "name: refusal-name-taken");
    let row = quotas::get(admin, dev).await.unwrap();
    let edit = |version, config| EditQuota { version, config };
    let wanted = QuotaConfig { vcpus: Some(4), ..quota("ops") };
    quotas::edit(admin, dev, &edit(row.version, wanted.clone())).await.unwrap();
    assert_eq!(said(quotas::edit(admin, dev, &edit(row.version, wanted.clone())).await), "stale");
    assert_eq!(quotas::get(admin, dev).await.unwrap().config, wanted);
    let nowhere = QuotaId(uuid::Uuid::max());
    assert_eq!(said(quotas::edit(admin, nowhere, &edit(1, wanted.clone())).await), "no quota");
    let vm = world.down_in("web1", dev).await;
    assert_eq!(said(quotas::remove(admin, dev).await), "refusal-in-use");
    world.done(vms::remove(admin, vm, true).await.unwrap()).await;
    quotas::remove(admin, dev).await.unwrap();
    assert_eq!(said(quotas::remove(admin, dev).await), "no quota");
    for kind in [EventKind::QuotaAdded, EventKind::QuotaUpdated, EventKind::QuotaRemoved] {
        assert_eq!(world.events(kind).await.len(), 1, "{kind:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_default_stays_and_goes_with_its_data_center(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let default = world.default_quota().await;
    let edit = EditQuota { version: 1, config: quota("x") };
    assert_eq!(said(quotas::edit(admin, default, &edit).await), "refusal-quota-default");
    assert_eq!(said(quotas::remove(admin, default).await), "refusal-quota-default");
    let branch = data_centers::create(admin, &data_center("branch")).await.unwrap();
    let own = NewQuota { data_center: branch, config: quota("dev") };
    quotas::create(admin, &own).await.unwrap();
    assert_eq!(quotas::list(admin, &ListQuery::default()).await.unwrap().total, 3);
    data_centers::remove(admin, branch).await.unwrap();
    assert_eq!(quotas::list(admin, &ListQuery::default()).await.unwrap().total, 1);
    assert_eq!(world.count("SELECT count(*) FROM objects WHERE kind = 'quota'").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn limits_are_of_the_quotas_data_center(pool: PgPool) {
    let world = World::new(pool).await;
    let branch = data_centers::create(&world.admin, &data_center("branch")).await.unwrap();
    let far = control::clusters::create(&world.admin, &cluster("far", branch)).await.unwrap();
    let config = QuotaConfig {
        per_cluster: true,
        clusters: vec![ClusterLimit { cluster: far, vcpus: Some(1), memory: None }],
        ..quota("dev")
    };
    let new = NewQuota { data_center: world.data_center, config };
    assert_eq!(said(quotas::create(&world.admin, &new).await), "clusters: field-quota-place");
    let there = quotas::create(&world.admin, &NewQuota { data_center: branch, ..new }).await.unwrap();
    let vm = vms::create(&world.admin, &world.vm_in("web1", there)).await;
    assert_eq!(said(vm), "quota: refusal-other-data-center");
    // What came to be in a quota of another data center is taken out of it.
    let dev = world.quota(quota("ops")).await;
    let vm = world.down_in("web2", dev).await;
    let sql = "UPDATE quotas SET data_center_id = $1 WHERE id = $2";
    sqlx::query(sql).bind(branch.0).bind(dev.0).execute(&world.app.pool).await.unwrap();
    control::quotas::reconcile(&world.app).await.unwrap();
    assert_eq!(world.vm(vm).await.config.options.quota, None);
    assert_eq!(world.events(EventKind::QuotaLeft).await.len(), 2, "of the VM and of its disk");
    control::quotas::reconcile(&world.app).await.unwrap();
    assert_eq!(world.events(EventKind::QuotaLeft).await.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn consumers_come_and_go(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let dev = world.quota(quota("dev")).await;
    let somebody = world.owner_of("somebody", &[world.cluster.0]).await;
    let names = async |ctx: &Ctx| -> Vec<String> {
        quotas::usable(ctx).await.unwrap().into_iter().map(|row| row.config.name).collect()
    };
    assert_eq!(names(admin).await, ["Default", "dev"]);
    assert_eq!(names(&somebody).await, Vec::<String>::new());
    assert_eq!(said(quotas::add_consumer(&somebody, dev, "somebody", false).await), "no quota");
    quotas::add_consumer(admin, dev, "somebody", false).await.unwrap();
    quotas::add_consumer(admin, dev, "somebody", false).await.unwrap();
    assert_eq!(
        said(quotas::add_consumer(admin, dev, "nobody", false).await),
        "name: field-unknown-reference"
    );
    assert_eq!(names(&somebody).await, ["dev"]);
    assert_eq!(said(quotas::consumers(&somebody, dev).await), "refusal-not-permitted");
    quotas::add_consumer(admin, dev, "", true).await.unwrap();
    let all = quotas::consumers(admin, dev).await.unwrap();
    assert_eq!(
        all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["Everyone", "somebody@internal"]
    );
    for one in &all {
        quotas::remove_consumer(admin, dev, one.permission).await.unwrap();
    }
    assert_eq!(
        said(quotas::remove_consumer(admin, dev, all[0].permission).await),
        "permission: field-unknown-choice"
    );
    assert_eq!(names(&somebody).await, Vec::<String>::new());
    assert_eq!(world.events(EventKind::PermissionRemoved).await.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_disk_is_of_its_quota(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.quotas_are(QuotaMode::Enforced).await;
    world.put_image("a.raw").await;
    let size = 64 * model::size::MIB;
    let full = world.quota(QuotaConfig { storage: Some(size), ..quota("full") }).await;
    let disk = |alias: &str, quota| ImageDisk {
        image: world.image("a.raw"),
        alias: alias.into(),
        description: String::new(),
        quota,
    };
    let (first, job) = disks::from_image(admin, &disk("one", Some(full))).await.unwrap();
    world.done(job).await;
    assert_eq!(said(disks::from_image(admin, &disk("two", Some(full))).await), "refusal-quota");
    let reasons = reasons(disks::from_image(admin, &disk("two", Some(full))).await);
    assert!(reasons.iter().any(|r| r.contains("64 MiB of 64 MiB")), "{reasons:?}");
    assert!(reasons.iter().any(|r| r.contains("one (64 MiB)")), "{reasons:?}");
    let (second, job) = disks::from_image(admin, &disk("two", None)).await.unwrap();
    world.done(job).await;
    assert_eq!(said(quotas::assign_disk(admin, second, Some(full)).await), "refusal-quota");
    quotas::assign_disk(admin, first, None).await.unwrap();
    quotas::assign_disk(admin, second, Some(full)).await.unwrap();
    quotas::assign_disk(admin, second, Some(full)).await.unwrap();
    let own = disks::get(admin, second).await.unwrap().quota;
    assert_eq!(own.map(|(id, _)| id), Some(full));
    let nowhere = model::DiskId(uuid::Uuid::max());
    assert_eq!(said(quotas::assign_disk(admin, nowhere, None).await), "no disk");
    assert_eq!(world.events(EventKind::QuotaAssigned).await.len(), 2);
    assert_eq!(world.events(EventKind::QuotaStorageRefused).await.len(), 1, "a burst is told once");
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_template_is_of_the_quota_that_is_chosen(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.quotas_are(QuotaMode::Enforced).await;
    let (dev, ops) = (world.quota(quota("dev")).await, world.quota(quota("ops")).await);
    let vm = world.down_in("web1", dev).await;
    let make = async |ctx: &Ctx, name: &str, quota| {
        let new = MakeTemplate { quota, ..crate::permissions::matrix::template_of(name) };
        templates::make(ctx, vm, &new).await
    };
    let (id, job) = make(admin, "golden", Some(ops)).await.unwrap();
    world.done(job).await;
    assert_eq!(templates::get(admin, id).await.unwrap().options.quota, Some(ops));
    let of_disk = async |name: &str| {
        let search = Some(format!("alias = {name}"));
        let query = ListQuery { search, ..ListQuery::default() };
        disks::list(admin, &query).await.unwrap().rows[0].quota.clone().map(|(id, _)| id)
    };
    assert_eq!(of_disk("golden").await, Some(ops), "its disk, too");
    let (id, job) = make(admin, "silver", None).await.unwrap();
    world.done(job).await;
    assert_eq!(
        (templates::get(admin, id).await.unwrap().options.quota, of_disk("silver").await),
        (None, None)
    );

    // The VM's own stays choosable; another is only somebody's who may use it.
    let owner = world.owner_of("owner", &[world.data_center.0]).await;
    assert_eq!(said(make(&owner, "bronze", Some(ops)).await), "refusal-not-permitted");
    let nowhere = QuotaId(uuid::Uuid::max());
    assert_eq!(said(make(admin, "bronze", Some(nowhere)).await), "quota: field-unknown-reference");
    let branch = data_centers::create(admin, &data_center("branch")).await.unwrap();
    let config = quota("far");
    let far = quotas::create(admin, &NewQuota { data_center: branch, config }).await.unwrap();
    assert_eq!(said(make(admin, "bronze", Some(far)).await), "quota: refusal-other-data-center");
}
