//! What each shipped role shows of what is below the object that it is held on: everything, or what one makes something
//! in, or of, by it. The answers are the checked-in `shown.txt`; `UPDATE_OPERATIONS=1` writes it anew. And somebody
//! who may make virtual machines in a data center makes one, and sees no other.

use std::fmt::Write;

use control::{Ctx, vms};
use model::id::Kind;
use model::list::ListQuery;
use model::live::{Change, LiveChange};
use model::policy::{
    DISK_CREATOR, POWER_USER_ROLE, PREDEFINED, PredefinedRole, QUOTA_CONSUMER, VM_CREATOR, VNIC_PROFILE_USER,
};
use model::vm_request::NewVm;
use model::{DataCenterId, SYSTEM, VmId};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

/// One of each kind, all below the world's data center.
async fn estate(world: &World) -> Vec<(Kind, Uuid)> {
    let vm = world.down("secret").await;
    let disk = vms::get(&world.admin, vm).await.unwrap().disks[0].id;
    let config = crate::quotas::quota("dev");
    let quota = model::quota::NewQuota { data_center: world.data_center, config };
    let quota = control::quotas::create(&world.admin, &quota).await.unwrap();
    vec![
        (Kind::DataCenter, world.data_center.0),
        (Kind::Cluster, world.cluster.0),
        (Kind::Host, world.hosts[0].0),
        (Kind::Network, world.network.0),
        (Kind::StorageDomain, world.storage.0),
        (Kind::Template, world.template.0),
        (Kind::Quota, quota.0),
        (Kind::Vm, vm.0),
        (Kind::Disk, disk.0),
    ]
}

async fn shown(world: &World, who: &Ctx, estate: &[(Kind, Uuid)]) -> String {
    let mut words = Vec::new();
    for (kind, id) in estate {
        if who.sees(&mut world.app.conn().await.unwrap(), *kind, *id).await.is_ok() {
            words.push(kind.as_str());
        }
    }
    match words.len() {
        0 => "-".to_owned(),
        n if n == estate.len() => "everything".to_owned(),
        _ => words.join(" "),
    }
}

/// Asked of an object and asked of all at once is the same.
async fn seen_otherwise(world: &World, who: &Ctx) -> Vec<Uuid> {
    let sql = "SELECT id FROM objects WHERE visible($1, id) <> (id IN (SELECT seen($1)))";
    sqlx::query_scalar(sql).bind(who.who.id.unwrap().0).fetch_all(&world.app.pool).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_each_shipped_role_shows(pool: PgPool) {
    let world = World::new(pool).await;
    let estate = estate(&world).await;
    let places = [("system", SYSTEM), ("data center", world.data_center.0), ("cluster", world.cluster.0)];
    let mut table = String::new();
    for role in PREDEFINED {
        writeln!(table, "{}", role.name).unwrap();
        for (place, object) in places {
            let who = world.holder_of(&format!("{} {object}", role.name), role, object).await;
            writeln!(table, "    on a {place:<12} {}", shown(&world, &who, &estate).await).unwrap();
            assert!(seen_otherwise(&world, &who).await.is_empty(), "{} on a {place}", role.name);
        }
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shown.txt");
    if std::env::var_os("UPDATE_OPERATIONS").is_some() {
        std::fs::write(file, &table).unwrap();
    }
    assert_eq!(table, std::fs::read_to_string(file).unwrap());
}

async fn names(who: &Ctx) -> [Vec<String>; 4] {
    let all = ListQuery::default();
    let clusters = control::clusters::list(who, &all).await.unwrap().rows;
    let templates = control::templates::list(who, &all).await.unwrap().rows;
    let storage = control::storage_domains::list(who, &all).await.unwrap().rows;
    let vms = vms::list(who, &all).await.unwrap().rows;
    [
        clusters.into_iter().map(|row| row.config.name).collect(),
        templates.into_iter().map(|row| row.name).collect(),
        storage.into_iter().map(|row| row.config.name).collect(),
        vms.into_iter().map(|row| row.name).collect(),
    ]
}

/// Another data center, with somebody else's cluster.
async fn branch(world: &World) -> (DataCenterId, NewVm) {
    let center = control::data_centers::create(&world.admin, &data_center("branch")).await.unwrap();
    let far = control::clusters::create(&world.admin, &cluster("far", center)).await.unwrap();
    (center, NewVm { cluster: far, template: None, network: None, ..world.new_vm("far1") })
}

/// Makes a VM as somebody with this role on the data center; gives who that is, and the VM.
async fn maker(world: &World, role: &PredefinedRole) -> (Ctx, VmId) {
    let who = world.holder_of(role.name, role, world.data_center.0).await;
    assert_eq!(names(&who).await, [vec!["lab"], vec!["tiny"], vec!["data"], vec![]]);
    let with_network = world.new_vm("mine");
    assert_eq!(said(vms::create(&who, &with_network).await), "network: field-unknown-reference");
    let (vm, job) = vms::create(&who, &NewVm { network: None, ..with_network }).await.unwrap();
    world.done(job).await;
    assert_eq!(names(&who).await[3], ["mine"]);
    (who, vm)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_may_make_vms_in_a_data_center_makes_one_and_sees_no_other(pool: PgPool) {
    let world = World::new(pool).await;
    let secret = world.down("secret").await;
    let (_, far) = branch(&world).await;
    for role in [&VM_CREATOR, &POWER_USER_ROLE] {
        let (who, vm) = maker(&world, role).await;
        assert_eq!(said(vms::get(&who, secret).await), "no vm");
        assert_eq!(said(vms::run(&who, secret, None).await), "no vm");
        assert_eq!(said(vms::create(&who, &far).await), "cluster: field-unknown-reference");
        assert_eq!(said(control::hosts::get(&who, world.hosts[0]).await), "no host");
        assert_eq!(said(control::clusters::remove(&who, world.cluster).await), "refusal-not-permitted");
        world.done(vms::run(&who, vm, None).await.unwrap()).await;
        world.done(vms::power_off(&who, vm, None).await.unwrap()).await;
        world.done(vms::remove(&who, vm, true).await.unwrap()).await;
    }
}

/// What else the roles of makers are for: a template of one's own machine, a network, a quota, a disk.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn roles_of_makers_do_what_they_are_for(pool: PgPool) {
    let world = World::new(pool).await;
    let (who, vm) = maker(&world, &POWER_USER_ROLE).await;
    let make = crate::permissions::matrix::template_of("golden");
    let (_, job) = control::templates::make(&who, vm, &make).await.unwrap();
    world.done(job).await;
    assert_eq!(names(&who).await[1], ["golden", "tiny"]);

    let id = who.who.id.unwrap();
    for role in [&VNIC_PROFILE_USER, &QUOTA_CONSUMER] {
        let permission = model::PermissionId(world.app.ids.uuid());
        let (mut c, now) = (world.app.conn().await.unwrap(), world.app.now());
        store::users::grant(&mut c, permission, id.0, role.id, world.data_center.0, now).await.unwrap();
    }
    let (_, job) = vms::create(&who, &world.new_vm("netted")).await.unwrap();
    world.done(job).await;
    assert!(!control::quotas::usable(&who).await.unwrap().is_empty());

    world.put_image("disc.img").await;
    let disks = world.holder_of("disks", &DISK_CREATOR, world.data_center.0).await;
    let image = model::disk::ImageDisk {
        image: world.image("disc.img"),
        alias: "one".into(),
        description: String::new(),
        quota: None,
    };
    control::disks::from_image(&disks, &image).await.unwrap();
    assert_eq!(names(&disks).await, [vec![], vec![], vec!["data"], Vec::<&str>::new()]);
}

/// Whoever is offered something hears of it, also that it is gone; of the machines they hear nothing.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_offered_is_told_of(pool: PgPool) {
    let world = World::new(pool).await;
    let secret = world.down("secret").await;
    let everywhere = world.holder_of("everywhere", &VM_CREATOR, SYSTEM).await;
    let here = world.holder_of("here", &VM_CREATOR, world.data_center.0).await;
    let change = |kind, id, change| {
        let scope = vec![id, world.cluster.0, world.data_center.0, SYSTEM];
        LiveChange { kind, id, version: 1, change, scope, principals: vec![], row: None }
    };
    for who in [&everywhere, &here] {
        for done in [Change::Changed, Change::Removed] {
            let hears = async |kind, id| control::live::may_hear(who, &change(kind, id, done)).await.unwrap();
            assert!(hears(Kind::Cluster, world.cluster.0).await, "{done:?}");
            assert!(!hears(Kind::Vm, secret.0).await, "{done:?}");
            assert!(!hears(Kind::Host, world.hosts[0].0).await, "{done:?}");
        }
    }
}
