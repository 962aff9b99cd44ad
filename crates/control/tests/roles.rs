//! Roles of one's own: made of action groups, changed without raising anybody beyond whoever changes them, removed when
//! nobody has them. The shipped ones stay as they are; what each lets one do is the checked-in `roles.txt`.

use std::fmt::Write;

use control::roles;
use model::event::EventKind;
use model::id::Kind;
use model::list::ListQuery;
use model::policy::{CLUSTER_ADMIN, PREDEFINED, READ_ONLY_ADMIN, SUPER_USER, USER_ROLE};
use model::role::{EditRole, RoleConfig};
use model::{Action, RoleId, SYSTEM};
use sqlx::PgPool;

use crate::support::*;

pub fn role(name: &str, groups: &[i32]) -> RoleConfig {
    RoleConfig { name: name.into(), groups: groups.to_vec(), ..RoleConfig::default() }
}

fn admin(name: &str, groups: &[i32]) -> RoleConfig {
    RoleConfig { administrative: true, ..role(name, groups) }
}

fn changed(version: i64, config: RoleConfig) -> EditRole {
    EditRole { version, config }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_roles_life(pool: PgPool) {
    let world = World::new(pool).await;
    let who = &world.admin;
    let id = roles::create(who, &role("Operators", &[17, 22])).await.unwrap();
    for (config, wrong) in [
        (role("OPERATORS", &[22]), "name: refusal-name-taken"),
        (role("superuser", &[22]), "name: refusal-name-taken"),
        (role("", &[22]), "name: field-required"),
        (role("x", &[]), "groups: role-no-groups"),
        (role("x", &[4]), "groups: field-unknown-choice"),
        (role("x", &[500]), "groups: role-user-groups"),
    ] {
        assert_eq!(said(roles::create(who, &config).await), wrong);
    }
    let row = roles::get(who, id).await.unwrap();
    assert!(row.views_children && !row.predefined && row.permissions == 0);
    roles::edit(who, id, &changed(1, role("Makers", &[1]))).await.unwrap();
    assert!(!roles::get(who, id).await.unwrap().views_children, "making alone shows nothing");
    assert_eq!(said(roles::edit(who, id, &changed(1, role("x", &[1]))).await), "stale");
    assert_eq!(
        said(roles::edit(who, id, &changed(2, role("UserRole", &[1]))).await),
        "name: refusal-name-taken"
    );
    let list = roles::list(who, &ListQuery { size: 100, ..ListQuery::default() }).await.unwrap().rows;
    assert_eq!((list.len(), list[0].config.name.as_str()), (PREDEFINED.len() + 1, "Makers"));
    roles::remove(who, id).await.unwrap();
    assert_eq!(said(roles::remove(who, id).await), "no role");
    assert_eq!(said(roles::edit(who, id, &changed(2, role("x", &[1]))).await), "no role");
    assert_eq!(said(roles::get(who, id).await), "no role");
    for kind in [EventKind::RoleAdded, EventKind::RoleUpdated, EventKind::RoleRemoved] {
        assert_eq!(world.events(kind).await.len(), 1, "{kind:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn shipped_roles_stay_and_used_ones_too(pool: PgPool) {
    let world = World::new(pool).await;
    let shipped = RoleId(USER_ROLE.id);
    let edit = roles::edit(&world.admin, shipped, &changed(1, role("Mine", &[22]))).await;
    assert_eq!(said(edit), "refusal-role-predefined");
    assert_eq!(said(roles::remove(&world.admin, shipped).await), "refusal-role-predefined");
    let id = roles::create(&world.admin, &role("Operators", &[22])).await.unwrap();
    world.owner_of("ada", &[]).await;
    let give = model::permission::Give { principal: "ada".into(), role: id.0, until: None };
    control::permissions::grant(&world.admin, Kind::Cluster, world.cluster.0, &give).await.unwrap();
    let lines = reasons(roles::remove(&world.admin, id).await);
    assert_eq!(lines, ["ada@internal on the cluster lab"]);
    // A new start writes the shipped ones anew, and leaves the others alone.
    store::roles::seed(&mut world.app.conn().await.unwrap()).await.unwrap();
    assert_eq!(roles::get(&world.admin, id).await.unwrap().config.groups, [22]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nobody_raises_others_beyond_themselves(pool: PgPool) {
    let world = World::new(pool).await;
    let keeper = roles::create(&world.admin, &admin("Keepers", &[17, 22, 501])).await.unwrap();
    let id = roles::create(&world.admin, &role("Operators", &[22])).await.unwrap();
    let keeps = world.owner_of("keeper", &[]).await;
    world.owner_of("ada", &[]).await;
    for (who, role, kind, object) in
        [("keeper", keeper, Kind::System, SYSTEM), ("ada", id, Kind::Cluster, world.cluster.0)]
    {
        let give = model::permission::Give { principal: who.into(), role: role.0, until: None };
        control::permissions::grant(&world.admin, kind, object, &give).await.unwrap();
    }
    let keeps = world.again(&keeps).await;
    let edit = async |config: RoleConfig| {
        let version = roles::get(&world.admin, id).await.unwrap().version;
        roles::edit(&keeps, id, &changed(version, config)).await
    };
    assert_eq!(said(edit(role("Operators", &[22, 2])).await), "refusal-beyond-own");
    assert_eq!(said(edit(admin("Operators", &[22])).await), "refusal-only-super-user");
    edit(role("Operators", &[22, 17])).await.unwrap();
    edit(role("Operators", &[17])).await.unwrap();
    // What nobody has may be made of anything: giving it is another question.
    let unused = roles::create(&keeps, &role("Removers", &[2])).await.unwrap();
    roles::edit(&keeps, unused, &changed(1, admin("Removers", &[2, 102]))).await.unwrap();
    // A SuperUser may.
    let config = role("Operators", &[2, 17, 22]);
    let version = roles::get(&world.admin, id).await.unwrap().version;
    roles::edit(&world.admin, id, &changed(version, config)).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_looks_at_roles_and_who_makes_them(pool: PgPool) {
    let world = World::new(pool).await;
    let all = ListQuery::default();
    let user = world.holder_of("user", &USER_ROLE, SYSTEM).await;
    assert_eq!(said(roles::list(&user, &all).await), "refusal-not-permitted");
    for shipped in [&READ_ONLY_ADMIN, &CLUSTER_ADMIN] {
        let who = world.holder_of(shipped.name, shipped, SYSTEM).await;
        roles::list(&who, &all).await.unwrap();
        assert_eq!(said(roles::create(&who, &role("x", &[22])).await), "refusal-not-permitted");
    }
}

/// Every action as somebody who has this role on the whole system.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_each_shipped_role_lets_one_do(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let disk = control::vms::get(&world.admin, vm).await.unwrap().disks[0].id;
    let object = |kind: Kind| match kind {
        Kind::DataCenter => world.data_center.0,
        Kind::Cluster => world.cluster.0,
        Kind::Network => world.network.0,
        Kind::StorageDomain => world.storage.0,
        Kind::Host => world.hosts[0].0,
        Kind::Template => world.template.0,
        Kind::Disk => disk.0,
        Kind::Vm => vm.0,
        _ => SYSTEM,
    };
    let mut table = String::new();
    for shipped in PREDEFINED {
        let who = world.holder_of(&format!("u-{}", shipped.id.as_u128()), shipped, SYSTEM).await;
        let mut c = world.app.conn().await.unwrap();
        let mut may = Vec::new();
        for action in Action::ALL {
            if who.may(&mut c, action.on(), object(action.on()), *action).await.is_ok() {
                may.push(action.as_str());
            }
        }
        if *shipped.name == *SUPER_USER.name {
            assert_eq!(may.len(), Action::ALL.len(), "a SuperUser may do everything");
            may = vec!["everything"];
        }
        writeln!(table, "{}\n    {}", shipped.name, if may.is_empty() { "-".into() } else { may.join(" ") })
            .unwrap();
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/roles.txt");
    if std::env::var_os("UPDATE_OPERATIONS").is_some() {
        std::fs::write(file, &table).unwrap();
    }
    assert_eq!(table, std::fs::read_to_string(file).unwrap());
}
