//! What making something gives: the maker keeps what was made, and a network or a template may be everyone's.

use control::{Ctx, disks, networks, templates, vms};
use model::network::NewNetwork;
use model::policy::{NETWORK_ADMIN, POWER_USER_ROLE, PredefinedRole, USER_ROLE, VM_CREATOR};
use model::template::MakeTemplate;
use model::vm_disk::DetachDisk;
use model::vm_request::NewVm;
use model::{NetworkId, VmId};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

impl World {
    async fn power_user(&self, name: &str) -> Ctx {
        self.holder_of(name, &POWER_USER_ROLE, self.data_center.0).await
    }

    async fn made_by(&self, who: &Ctx, name: &str) -> VmId {
        let new = NewVm { network: None, ..self.new_vm(name) };
        let (vm, job) = vms::create(who, &new).await.unwrap();
        self.done(job).await;
        vm
    }

    async fn roles_on(&self, object: Uuid) -> Vec<String> {
        let sql = "SELECT r.name FROM permissions p JOIN roles r ON r.id = p.role_id WHERE p.object_id = $1 ORDER BY 1";
        sqlx::query_scalar(sql).bind(object).fetch_all(&self.app.pool).await.unwrap()
    }

    async fn network_of(&self, who: &Ctx, name: &str, all_users: bool) -> NetworkId {
        let new = NewNetwork { all_users, ..network(name, self.data_center) };
        networks::create(who, &new).await.unwrap()
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_maker_keeps_a_disk_that_is_taken_out(pool: PgPool) {
    let world = World::new(pool).await;
    let who = world.power_user("maker").await;
    let vm = world.made_by(&who, "mine").await;
    let (disk, job) = vms::add_disk(&who, vm, &world.new_disk("data")).await.unwrap();
    world.done(job).await;
    vms::detach_disk(&who, vm, &DetachDisk { disk, remove: false }).await.unwrap();
    assert_eq!(world.roles_on(disk.0).await, ["DiskOperator"]);
    assert_eq!(disks::get(&who, disk).await.unwrap().alias, "data");
    let other = world.power_user("other").await;
    assert_eq!(said(disks::get(&other, disk).await), "no disk");
    vms::attach_disk(&who, vm, &attach(disk)).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_maker_of_a_template_may_remove_it(pool: PgPool) {
    let world = World::new(pool).await;
    let who = world.power_user("maker").await;
    let vm = world.made_by(&who, "mine").await;
    let make = crate::permissions::matrix::template_of("golden");
    let (template, job) = templates::make(&who, vm, &make).await.unwrap();
    world.done(job).await;
    assert_eq!(world.roles_on(template.0).await, ["TemplateOwner"]);
    let other = world.power_user("other").await;
    assert_eq!(said(templates::remove(&other, template).await), "refusal-not-permitted");
    templates::remove(&who, template).await.unwrap();
    assert!(world.roles_on(template.0).await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_template_is_for_all_users_or_for_those_who_are_given_it(pool: PgPool) {
    let world = World::new(pool).await;
    let who = world.power_user("maker").await;
    let vm = world.made_by(&who, "mine").await;
    let mut made = Vec::new();
    for (name, all_users) in [("all", true), ("few", false)] {
        let make = MakeTemplate { all_users, ..crate::permissions::matrix::template_of(name) };
        let (template, job) = templates::make(&who, vm, &make).await.unwrap();
        world.done(job).await;
        made.push(template);
    }
    assert_eq!(world.roles_on(made[0].0).await, ["TemplateOwner", "UserTemplateBasedVm"]);
    assert_eq!(world.roles_on(made[1].0).await, ["TemplateOwner"]);

    let other = world.holder_of("other", &VM_CREATOR, world.cluster.0).await;
    let seen = templates::list(&other, &Default::default()).await.unwrap().rows;
    assert_eq!(seen.into_iter().map(|row| row.name).collect::<Vec<_>>(), ["all"]);
    let of = |template| NewVm { template: Some(template), network: None, ..world.new_vm("theirs") };
    assert_eq!(said(vms::create(&other, &of(made[1])).await), "template: field-unknown-reference");
    assert_eq!(said(templates::remove(&other, made[0]).await), "refusal-not-permitted");
}

/// Who administers everything needs no role on what they make.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_administrator_of_everything_is_given_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let disk = vms::get(&world.admin, vm).await.unwrap().disks[0].id;
    let made = world.network_of(&world.admin, "lan", false).await;
    for object in [vm.0, disk.0, world.template.0, made.0] {
        assert!(world.roles_on(object).await.is_empty());
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_network_is_for_all_users_or_for_those_who_are_given_it(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = world.holder_of("nets", &NETWORK_ADMIN, world.data_center.0).await;
    let (all, few) =
        (world.network_of(&admin, "all", true).await, world.network_of(&admin, "few", false).await);
    assert_eq!(world.roles_on(all.0).await, ["NetworkAdmin", "VnicProfileUser"]);
    assert_eq!(world.roles_on(few.0).await, ["NetworkAdmin"]);

    let who = world.power_user("maker").await;
    let vm = world.made_by(&who, "mine").await;
    let rows = networks::list(&who, &Default::default()).await.unwrap().rows;
    assert_eq!(rows.into_iter().map(|row| row.config.name).collect::<Vec<_>>(), ["all"]);
    let nic = |network| model::nic::NicConfig { network: Some(network), ..world.new_nic("nic1") };
    assert_eq!(said(vms::add_nic(&who, vm, &nic(few)).await), "network: field-unknown-reference");
    vms::add_nic(&who, vm, &nic(all)).await.unwrap();
}

/// Everyone's network shows itself and the boxes that it is in, and nothing that is beside it.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn everyones_network_shows_nothing_beside_it(pool: PgPool) {
    let world = World::new(pool).await;
    let secret = world.down("secret").await;
    let all = world.network_of(&world.admin, "all", true).await;
    let mine = world.down("mine").await;
    let who = world.holder_of("user", &USER_ROLE as &PredefinedRole, mine.0).await;
    networks::get(&who, all).await.unwrap();
    assert_eq!(said(networks::get(&who, world.network).await), "no network");
    assert_eq!(said(vms::get(&who, secret).await), "no vm");
    let sql = "SELECT count(*) FROM objects WHERE visible($1, id) <> (id IN (SELECT seen($1)))";
    let differ: i64 =
        sqlx::query_scalar(sql).bind(who.who.id.unwrap().0).fetch_one(&world.app.pool).await.unwrap();
    assert_eq!(differ, 0, "asked of one and asked of all is the same");
}
