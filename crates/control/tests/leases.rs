//! Leases: given by templates and quotas, extended by owners and administrators. What happens at the end is in `end`.

mod end;

use control::{Ctx, quotas, reconcile, templates, vms};
use model::event::EventKind;
use model::lease::{Lease, LeaseStage};
use model::policy::{TEMPLATE_OWNER, USER_ROLE};
use model::quota::{NewQuota, QuotaConfig};
use model::template::EditTemplate;
use model::vm_request::EditVm;
use model::{QuotaId, TemplateId, VmId};
use sqlx::PgPool;
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

use crate::support::*;

const LEASE: Lease = Lease { days: 30, extension: 14, longest: Some(90), keep: 5 };

impl World {
    async fn template_says(&self, lease: Option<Lease>) {
        let row = templates::get(&self.admin, self.template).await.unwrap();
        let edit = EditTemplate { lease, ..edit(row.version, &row.name) };
        templates::edit(&self.admin, self.template, &edit).await.unwrap();
    }

    async fn quota_that_says(&self, name: &str, lease: Option<Lease>) -> QuotaId {
        let config = QuotaConfig { lease, ..crate::quotas::quota(name) };
        quotas::create(&self.admin, &NewQuota { data_center: self.data_center, config }).await.unwrap()
    }

    /// A VM that is down, in this quota.
    async fn down_of(&self, name: &str, quota: Option<QuotaId>) -> VmId {
        let mut new = self.new_vm(name);
        new.config.options.quota = quota;
        let (vm, job) = vms::create(&self.admin, &new).await.unwrap();
        self.done(job).await;
        vm
    }

    async fn end(&self, vm: VmId) -> Option<OffsetDateTime> {
        self.vm(vm).await.row.expires_at
    }

    async fn stage(&self, vm: VmId) -> LeaseStage {
        self.vm(vm).await.row.lease_stage
    }

    /// Does what is due, as far as it is asked for.
    async fn due(&self) {
        reconcile::leases::round(&self.app).await.unwrap();
    }

    /// The same, with the job of a VM that came of it.
    async fn due_and_done(&self, vm: VmId) {
        self.due().await;
        let busy = store::jobs::busy(&mut self.app.conn().await.unwrap(), vm.0).await.unwrap();
        if let Some((job, _)) = busy {
            self.done(job).await;
            self.look().await;
        }
    }

    async fn told(&self, kind: EventKind) -> usize {
        self.events(kind).await.len()
    }
}

fn edit(version: i64, name: &str) -> EditTemplate {
    crate::permissions::matrix::edit_template(version, name)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_template_and_a_quota_say_how_long(pool: PgPool) {
    let world = World::new(pool).await;
    let made = world.app.now();
    let plain = world.down_of("plain", None).await;
    assert_eq!(world.end(plain).await, None);
    let short = Lease { days: 10, extension: 20, longest: None, keep: 9 };
    let quota = world.quota_that_says("short", Some(short)).await;
    let silent = world.quota_that_says("silent", None).await;
    let of_quota = world.down_of("of-quota", Some(quota)).await;
    world.template_says(Some(LEASE)).await;
    let of_template = world.down_of("of-template", Some(silent)).await;
    let both = world.down_of("both", Some(quota)).await;
    for (vm, days, lease) in [
        (of_quota, 10, short),
        (of_template, 30, LEASE),
        (both, 10, Lease { days: 10, extension: 14, longest: Some(90), keep: 5 }),
    ] {
        assert_eq!(world.end(vm).await, Some(made + Duration::days(days)));
        assert_eq!(world.vm(vm).await.lease, Some(lease));
    }
    // What is said later is said of what is made later.
    world.template_says(None).await;
    assert_eq!(world.vm(of_template).await.lease, Some(LEASE));
    let later = world.down_of("later", None).await;
    assert_eq!(world.end(later).await, None);
    assert_eq!(quotas::get(&world.admin, quota).await.unwrap().config.lease, Some(short));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_goes_into_a_quota_gets_its_end_and_none_that_is_later(pool: PgPool) {
    let world = World::new(pool).await;
    let quota = world.quota_that_says("lab", Some(LEASE)).await;
    let (now, plain) = (world.app.now(), world.down_of("plain", None).await);
    world.template_says(Some(Lease { days: 3, keep: 1, ..LEASE })).await;
    let short = world.down_of("short", None).await;
    for (vm, end, keep) in [(plain, 30, 5), (short, 3, 1)] {
        let row = world.vm(vm).await;
        let mut config = row.config.clone();
        config.options.quota = Some(quota);
        vms::edit(&world.admin, vm, &EditVm { version: row.row.version, config }).await.unwrap();
        assert_eq!(world.end(vm).await, Some(now + Duration::days(end)));
        assert_eq!(world.vm(vm).await.lease.unwrap().keep, keep);
    }
    assert_eq!(world.told(EventKind::LeaseSet).await, 1, "of the one whose end moved");
    // Nobody gets rid of an end by leaving the quota.
    let row = world.vm(plain).await;
    let mut config = row.config.clone();
    config.options.quota = None;
    vms::edit(&world.admin, plain, &EditVm { version: row.row.version, config }).await.unwrap();
    assert_eq!(world.end(plain).await, Some(now + Duration::days(30)));
}

async fn extended(who: &Ctx, vm: VmId, day: time::Date) -> control::Outcome<()> {
    vms::extend_lease(who, vm, Some(day)).await
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_owner_extends_within_the_limit(pool: PgPool) {
    let world = World::new(pool).await;
    world.template_says(Some(LEASE)).await;
    let (vm, other) = (world.down("web1").await, world.down("web2").await);
    let owner = world.owner_of("owner", &[vm.0]).await;
    world.clock.advance(Duration::days(25));
    world.due().await;
    assert_eq!(world.stage(vm).await, LeaseStage::Warned);
    let may = vms::extendable(&owner, vm).await.unwrap();
    assert_eq!((may.latest, may.freely), (Some(date!(2030 - 02 - 09)), false));
    assert_eq!(said(extended(&owner, vm, date!(2030 - 02 - 10)).await), "until: field-lease-beyond");
    assert_eq!(said(extended(&owner, vm, date!(2030 - 01 - 25)).await), "until: field-lease-past");
    assert_eq!(said(vms::extend_lease(&owner, vm, None).await), "until: field-required");
    for _ in 0..2 {
        extended(&owner, vm, date!(2030 - 02 - 09)).await.unwrap();
    }
    assert_eq!(world.end(vm).await, Some(datetime!(2030-02-10 0:00 UTC)));
    assert_eq!((world.stage(vm).await, world.told(EventKind::LeaseSet).await), (LeaseStage::Running, 1));
    // Ninety days in all.
    world.clock.advance(Duration::days(60));
    assert_eq!(said(extended(&owner, vm, date!(2030 - 04 - 02)).await), "until: field-lease-beyond");
    extended(&owner, vm, date!(2030 - 04 - 01)).await.unwrap();
    assert_eq!(world.end(vm).await, Some(datetime!(2030-04-01 12:00 UTC)), "to the minute of its making");

    let user = world.holder_of("user", &USER_ROLE, vm.0).await;
    for said in [
        said(extended(&user, vm, date!(2030 - 04 - 01)).await),
        said(vms::extendable(&user, vm).await.map(drop)),
    ] {
        assert_eq!(said, "refusal-not-permitted");
    }
    assert_eq!(said(extended(&owner, other, date!(2030 - 04 - 01)).await), "no vm");
    assert_eq!(said(extended(&world.admin, VmId(uuid::Uuid::max()), date!(2030 - 04 - 01)).await), "no vm");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_administrator_sets_any_end_and_takes_it_away(pool: PgPool) {
    let world = World::new(pool).await;
    let (admin, vm) = (&world.admin, world.down("web1").await);
    let owner = world.owner_of("owner", &[vm.0]).await;
    assert_eq!(said(extended(&owner, vm, date!(2030 - 01 - 02)).await), "until: field-lease-fixed");
    assert!(vms::extendable(admin, vm).await.unwrap().freely);
    let version = world.vm(vm).await.row.version;
    extended(admin, vm, date!(2035 - 01 - 31)).await.unwrap();
    assert_eq!(world.end(vm).await, Some(datetime!(2035-02-01 0:00 UTC)));
    assert_eq!(world.vm(vm).await.row.version, version, "no form that is open becomes stale");
    let may = vms::extendable(&owner, vm).await.unwrap();
    assert_eq!((may.latest, may.freely), (None, false));
    assert_eq!(said(extended(&owner, vm, date!(2030 - 02 - 01)).await), "until: field-lease-fixed");
    assert_eq!(said(vms::extend_lease(&owner, vm, None).await), "until: field-required");
    for _ in 0..2 {
        vms::extend_lease(admin, vm, None).await.unwrap();
    }
    assert_eq!((world.end(vm).await, world.told(EventKind::LeaseTaken).await), (None, 1));
    world.clock.advance(Duration::days(10_000));
    world.due().await;
    assert_eq!(world.told(EventKind::LeaseKept).await, 0);
    assert_eq!(said(extended(admin, vm, date!(9999 - 12 - 31)).await), "until: field-lease-beyond");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_template_is_edited_by_one_at_a_time(pool: PgPool) {
    let world = World::new(pool).await;
    let (admin, id) = (&world.admin, world.template);
    world.import(admin, "other").await.unwrap();
    let row = templates::get(admin, id).await.unwrap();
    let wanted =
        EditTemplate { description: "of May".into(), lease: Some(LEASE), ..edit(row.version, "tiny 2") };
    templates::edit(admin, id, &wanted).await.unwrap();
    let now = templates::get(admin, id).await.unwrap();
    assert_eq!((now.name.as_str(), now.description.as_str(), now.lease), ("tiny 2", "of May", Some(LEASE)));
    assert_eq!(said(templates::edit(admin, id, &wanted).await), "stale");
    assert_eq!(
        said(templates::edit(admin, id, &edit(now.version, "other")).await),
        "name: refusal-name-taken"
    );
    let wrong = EditTemplate { lease: Some(Lease { days: 0, ..LEASE }), ..edit(now.version, "a/b") };
    let told = said(templates::edit(admin, id, &wrong).await);
    assert_eq!(told, "name: field-title-characters, lease_days: field-between");
    let owner = world.owner_of("owner", &[id.0]).await;
    assert_eq!(said(templates::edit(&owner, id, &edit(now.version, "x")).await), "refusal-not-permitted");
    let keeper = world.holder_of("keeper", &TEMPLATE_OWNER, id.0).await;
    let longer = EditTemplate { lease: None, ..edit(now.version, "theirs") };
    assert_eq!(said(templates::edit(&keeper, id, &longer).await), "refusal-not-permitted");
    templates::edit(&keeper, id, &EditTemplate { lease: Some(LEASE), ..longer }).await.unwrap();
    let nowhere = TemplateId(uuid::Uuid::max());
    assert_eq!(said(templates::edit(admin, nowhere, &edit(1, "x")).await), "no template");
    assert_eq!(world.told(EventKind::TemplateUpdated).await, 2);
}
