//! Permissions given and taken: on every kind of object, to people, groups and Everyone; by whom, and what cannot be
//! taken. What ends with one, and what goes on. Why somebody may do something.

use control::live::Access;
use control::{Ctx, permissions, vms};
use model::event::EventKind;
use model::id::Kind;
use model::job::JobStatus;
use model::permission::{Answer, Ask, Give, PermissionRow};
use model::policy::{CLUSTER_ADMIN, PredefinedRole, SUPER_USER, USER_ROLE, USER_VM_MANAGER};
use model::{Action, PermissionId, SYSTEM};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::*;

pub fn give(principal: &str, role: &PredefinedRole) -> Give {
    Give { principal: principal.into(), role: role.id, until: None }
}

pub fn ask(principal: &str, vm: Uuid, action: Action) -> Ask {
    Ask { principal: principal.into(), kind: Kind::Vm, object: vm.to_string(), action }
}

/// The permission of somebody here, as those who manage it see it.
pub async fn found(world: &World, kind: Kind, object: Uuid, principal: &str) -> Option<PermissionRow> {
    let all = permissions::on(&world.admin, kind, object).await.unwrap().rows;
    all.into_iter().find(|row| row.principal.label() == principal)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_permission_on_every_kind_of_object(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let disk = vms::get(&world.admin, vm).await.unwrap().disks[0].id;
    let ada = world.owner_of("ada", &[]).await;
    world.group("ops", &[&ada]).await;
    for (kind, object) in [
        (Kind::DataCenter, world.data_center.0),
        (Kind::Cluster, world.cluster.0),
        (Kind::Host, world.hosts[0].0),
        (Kind::Network, world.network.0),
        (Kind::StorageDomain, world.storage.0),
        (Kind::Disk, disk.0),
        (Kind::Template, world.template.0),
        (Kind::Vm, vm.0),
        (Kind::System, SYSTEM),
    ] {
        for (typed, label) in [("ada", "ada@internal"), ("ops@corp", "ops@corp")] {
            for _ in 0..2 {
                permissions::grant(&world.admin, kind, object, &give(typed, &USER_ROLE)).await.unwrap();
            }
            let row = found(&world, kind, object, label).await.unwrap();
            assert_eq!((row.on.0, row.on.1), (kind, object), "{label}");
            permissions::remove(&world.admin, kind, object, row.id).await.unwrap();
            let again = permissions::remove(&world.admin, kind, object, row.id).await;
            assert_eq!(said(again), "refusal-permission-gone");
        }
    }
    assert_eq!(world.events(EventKind::PermissionGranted).await.len(), 18, "twice is told once");
    assert_eq!(world.events(EventKind::PermissionRemoved).await.len(), 18);
    let nowhere = permissions::grant(&world.admin, Kind::Vm, Uuid::max(), &give("ada", &USER_ROLE)).await;
    assert_eq!(said(nowhere), "no vm");
    let wrong_kind = permissions::grant(&world.admin, Kind::Host, vm.0, &give("ada", &USER_ROLE)).await;
    assert_eq!(said(wrong_kind), "no host");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn whom_a_name_means(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.owner_of("ada", &[]).await;
    world.group("ada", &[&ada]).await;
    world.group("ops", &[]).await;
    let grant = async |name: &str| {
        permissions::grant(&world.admin, Kind::Cluster, world.cluster.0, &give(name, &USER_ROLE)).await
    };
    assert_eq!(said(grant("").await), "principal: field-required");
    assert_eq!(said(grant("nobody").await), "principal: principal-unknown");
    assert_eq!(said(grant("ada").await), "principal: principal-ambiguous");
    assert_eq!(said(grant("a\nb").await), "principal: field-control-characters");
    for name in ["ada@internal", "ADA@corp", " ops ", "everyone"] {
        grant(name).await.unwrap();
    }
    let all = permissions::on(&world.admin, Kind::Cluster, world.cluster.0).await.unwrap().rows;
    let here = all.iter().filter(|row| row.on.0 == Kind::Cluster);
    let mut names: Vec<String> = here.map(|row| row.principal.label()).collect();
    names.sort();
    assert_eq!(names, ["Everyone", "ada@corp", "ada@internal", "ops@corp"]);
    let unknown = Give { principal: "ops".into(), role: Uuid::max(), until: None };
    let unknown = permissions::grant(&world.admin, Kind::Cluster, world.cluster.0, &unknown).await;
    assert_eq!(said(unknown), "role: field-unknown-choice");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_cannot_be_taken(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.owner_of("ada", &[world.cluster.0]).await;
    let inherited = found(&world, Kind::Vm, vm.0, "ada@internal").await.unwrap();
    let take = async |kind, object, id| permissions::remove(&world.admin, kind, object, id).await;
    assert_eq!(said(take(Kind::Vm, vm.0, inherited.id).await), "refusal-permission-inherited");
    let own = found(&world, Kind::System, SYSTEM, "admin@internal").await.unwrap();
    assert_eq!(said(take(Kind::System, SYSTEM, own.id).await), "refusal-last-super-user");
    let everyone = found(&world, Kind::System, SYSTEM, "Everyone").await.unwrap();
    assert_eq!(said(take(Kind::System, SYSTEM, everyone.id).await), "refusal-permission-everyone");
    // A group without members makes nobody SuperUser; with one it does.
    let empty = world.group("empty", &[]).await;
    permissions::grant(&world.admin, Kind::System, SYSTEM, &give("empty", &SUPER_USER)).await.unwrap();
    assert_eq!(said(take(Kind::System, SYSTEM, own.id).await), "refusal-last-super-user");
    let row = found(&world, Kind::System, SYSTEM, "empty@corp").await.unwrap();
    assert_eq!(row.principal.id, empty);
    permissions::grant(&world.admin, Kind::System, SYSTEM, &give("ada", &SUPER_USER)).await.unwrap();
    take(Kind::System, SYSTEM, own.id).await.unwrap();
    assert_eq!(
        said(take(Kind::System, SYSTEM, row.id).await),
        "refusal-not-permitted",
        "that was their last"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn two_super_users_do_not_take_each_other_away(pool: PgPool) {
    let world = World::new(pool).await;
    let other = world.holder_of("other", &SUPER_USER, SYSTEM).await;
    let first = found(&world, Kind::System, SYSTEM, "admin@internal").await.unwrap().id;
    let second = found(&world, Kind::System, SYSTEM, "other@internal").await.unwrap().id;
    let (a, b) = tokio::join!(
        permissions::remove(&world.admin, Kind::System, SYSTEM, second),
        permissions::remove(&other, Kind::System, SYSTEM, first)
    );
    assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1, "{a:?} {b:?}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_helpdesk_gives_and_takes_and_does_nothing_else(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.stop_engine().await;
    let groups =
        model::role::RoleConfig { administrative: true, ..crate::roles::role("Helpdesk", &[500, 502]) };
    let role = control::roles::create(&world.admin, &groups).await.unwrap();
    let desk = world.owner_of("desk", &[]).await;
    let ada = world.owner_of("ada", &[]).await;
    let to_desk = Give { principal: "desk".into(), role: role.0, until: None };
    permissions::grant(&world.admin, Kind::System, SYSTEM, &to_desk).await.unwrap();
    let desk = world.again(&desk).await;

    let offer = permissions::offer(&desk, Kind::Vm, vm.0).await.unwrap();
    let offered: Vec<&str> = offer.roles.iter().map(|(_, name)| name.as_str()).collect();
    assert!(
        offered.contains(&"UserRole") && !offered.contains(&"SuperUser") && !offered.contains(&"Helpdesk")
    );
    assert!(offer.principals.contains(&"ada@internal".to_owned()));
    for (name, _) in offer.roles.iter().map(|(id, name)| (name, id)) {
        let shipped = model::policy::PREDEFINED.iter().find(|role| role.name == name).unwrap();
        assert!(
            model::policy::groups::admin_only(shipped.groups).is_empty() && !shipped.administrative,
            "{name}"
        );
    }
    for (role, expected) in [
        (&SUPER_USER, "refusal-only-super-user"),
        (&CLUSTER_ADMIN, "refusal-only-super-user"),
        (&USER_VM_MANAGER, "refusal-beyond-own"),
    ] {
        let given = permissions::grant(&desk, Kind::Vm, vm.0, &give("desk", role)).await;
        assert_eq!(said(given), expected, "{}", role.name);
    }
    permissions::grant(&desk, Kind::Vm, vm.0, &give("ada", &USER_ROLE)).await.unwrap();
    vms::get(&ada, vm).await.unwrap();
    let row = found(&world, Kind::Vm, vm.0, "ada@internal").await.unwrap();
    permissions::remove(&desk, Kind::Vm, vm.0, row.id).await.unwrap();
    assert_eq!(said(vms::get(&ada, vm).await), "no vm");
    control::users::page(&desk, &model::list::ListQuery::default()).await.unwrap();

    // It sees what it manages, and may do nothing else with it.
    vms::get(&desk, vm).await.unwrap();
    let mut c = world.app.conn().await.unwrap();
    for action in Action::ALL.iter().filter(|action| ![500, 502].contains(&action.group())) {
        let object = if action.on() == Kind::Vm { vm.0 } else { SYSTEM };
        let may = desk.may(&mut c, action.on(), object, *action).await;
        assert_eq!(said(may), "refusal-not-permitted", "{action:?}");
    }
    assert_eq!(said(vms::run(&desk, vm, None).await), "refusal-not-permitted");
    let admins = found(&world, Kind::System, SYSTEM, "admin@internal").await.unwrap();
    let take = permissions::remove(&desk, Kind::System, SYSTEM, admins.id).await;
    assert_eq!(said(take), "refusal-only-super-user");
    assert_eq!(said(control::roles::create(&desk, &groups).await), "refusal-not-permitted");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_helpdesk_of_a_cluster_covers_the_cluster(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let groups =
        model::role::RoleConfig { administrative: true, ..crate::roles::role("Helpdesk", &[500, 502]) };
    let role = control::roles::create(&world.admin, &groups).await.unwrap();
    let desk = world.owner_of("desk", &[]).await;
    world.owner_of("ada", &[]).await;
    let to_desk = Give { principal: "desk".into(), role: role.0, until: None };
    permissions::grant(&world.admin, Kind::Cluster, world.cluster.0, &to_desk).await.unwrap();
    permissions::grant(&desk, Kind::Vm, vm.0, &give("ada", &USER_ROLE)).await.unwrap();
    for (kind, object) in [(Kind::DataCenter, world.data_center.0), (Kind::System, SYSTEM)] {
        let given = permissions::grant(&desk, kind, object, &give("ada", &USER_ROLE)).await;
        assert_eq!(said(given), "refusal-not-permitted", "{kind:?}");
    }
    let given =
        permissions::grant(&desk, Kind::StorageDomain, world.storage.0, &give("ada", &USER_ROLE)).await;
    assert_eq!(said(given), "no storage_domain");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_sees_ones_own_and_what_one_manages(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.owner_of("other", &[vm.0]).await;
    let user = world.holder_of("user", &USER_ROLE, vm.0).await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let names = async |who: &Ctx| {
        let found = permissions::on(who, Kind::Vm, vm.0).await.unwrap();
        let mut names: Vec<String> = found.rows.iter().map(|row| row.principal.label()).collect();
        names.sort();
        (found.managed, names)
    };
    assert_eq!(names(&user).await, (false, vec!["Everyone".to_owned(), "user@internal".into()]));
    let (managed, all) = names(&owner).await;
    assert!(managed && all.len() == 5, "{all:?}");
    assert_eq!(said(permissions::offer(&user, Kind::Vm, vm.0).await), "refusal-not-permitted");
    assert_eq!(said(permissions::of_user(&user, owner.who.id.unwrap()).await), "refusal-not-permitted");
    let own = permissions::of_user(&user, user.who.id.unwrap()).await.unwrap().rows;
    assert_eq!(own.iter().filter(|row| row.on.1 == vm.0).count(), 1);
    let given = permissions::grant(&user, Kind::Vm, vm.0, &give("other", &USER_ROLE)).await;
    assert_eq!(said(given), "refusal-not-permitted");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn why_somebody_may(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let ada = world.owner_of("ada", &[]).await;
    world.group("ops", &[&ada]).await;
    permissions::grant(&world.admin, Kind::Cluster, world.cluster.0, &give("ops", &USER_ROLE)).await.unwrap();
    let answer = async |who: &Ctx, ask: Ask| permissions::explain(who, &ask).await;
    let Answer::May(by) = answer(&world.admin, ask("ada", vm.0, Action::RunVm)).await.unwrap().answer else {
        panic!("the group's role lets them")
    };
    assert_eq!(by.len(), 1);
    assert_eq!(
        (by[0].principal.label(), by[0].role.1.as_str(), by[0].on.0),
        ("ops@corp".into(), "UserRole", Kind::Cluster)
    );
    let lacks = answer(&world.admin, ask("ada", vm.0, Action::EditVm)).await.unwrap().answer;
    assert!(matches!(&lacks, Answer::Lacks { held, group: 3, .. } if held.len() == 2), "{lacks:?}");
    let own = answer(&ada, ask("ada", vm.0, Action::RunVm)).await.unwrap();
    assert_eq!(own.object.to_string(), "virtual machine web1");
    assert_eq!(said(answer(&ada, ask("admin", vm.0, Action::RunVm)).await), "refusal-not-permitted");
    assert_eq!(
        said(answer(&world.admin, ask("ada", vm.0, Action::CreateVm)).await),
        "action: field-unknown-choice"
    );
    assert_eq!(
        said(answer(&world.admin, ask("nobody", vm.0, Action::RunVm)).await),
        "principal: principal-unknown"
    );
    let nowhere = answer(&world.admin, ask("ada", Uuid::max(), Action::RunVm)).await;
    assert_eq!(said(nowhere), "object: field-unknown-reference");
    let by_name = Ask { object: "lab".into(), kind: Kind::Cluster, ..ask("ada", vm.0, Action::CreateVm) };
    assert!(matches!(answer(&world.admin, by_name).await.unwrap().answer, Answer::Lacks { .. }));
    world.owner_of("eve", &[]).await;
    let unseen = answer(&world.admin, ask("eve", vm.0, Action::RunVm)).await.unwrap().answer;
    assert!(matches!(unseen, Answer::Unseen { group: 22, .. }), "{unseen:?}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_ends_through_a_group_ends_for_its_members(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.owner_of("ada", &[]).await;
    let user = ada.who.id.unwrap().0;
    let group = world.group("ops", &[&ada]).await;
    let mut access = world.app.live.access();
    let end = CancellationToken::new();
    let _end = end.clone().drop_guard();
    tokio::spawn(control::live::listen(world.app.clone(), end));
    jobs::testing::eventually("the listener listens", || async { world.app.live.connected().then_some(()) })
        .await;
    let cluster = (Kind::Cluster, world.cluster.0);

    let mut heard = async |what: &str| loop {
        let next = tokio::time::timeout(std::time::Duration::from_secs(20), access.recv()).await;
        if next.unwrap_or_else(|_| panic!("{what}: they hear of it")).unwrap() == Access::Principal(user) {
            return;
        }
    };
    permissions::grant(&world.admin, cluster.0, cluster.1, &give("ops", &USER_ROLE)).await.unwrap();
    let row = found(&world, cluster.0, cluster.1, "ops@corp").await.unwrap();
    permissions::remove(&world.admin, cluster.0, cluster.1, row.id).await.unwrap();
    heard("the group's permission is taken").await;

    let role =
        control::roles::create(&world.admin, &crate::roles::role("Operators", &[17, 22])).await.unwrap();
    let to_group = Give { principal: "ops".into(), role: role.0, until: None };
    permissions::grant(&world.admin, cluster.0, cluster.1, &to_group).await.unwrap();
    let less = model::role::EditRole { version: 1, config: crate::roles::role("Operators", &[22]) };
    control::roles::edit(&world.admin, role, &less).await.unwrap();
    heard("the role became smaller").await;

    sqlx::query("DELETE FROM user_groups WHERE group_id = $1")
        .bind(group)
        .execute(&world.app.pool)
        .await
        .unwrap();
    heard("they leave the group").await;
    assert!(found(&world, cluster.0, cluster.1, "ops@corp").await.is_some());
    sqlx::query("DELETE FROM groups WHERE id = $1").bind(group).execute(&world.app.pool).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM permissions WHERE role_id NOT IN (SELECT id FROM roles WHERE predefined)").await, 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_console_through_a_group_ends_with_the_groups_permission(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    let ada = world.owner_of("ada", &[]).await;
    world.group("ops", &[&ada]).await;
    permissions::grant(&world.admin, Kind::Vm, vm.0, &give("ops", &USER_ROLE)).await.unwrap();
    vms::may_watch(&ada, vm).await.unwrap();
    let row = found(&world, Kind::Vm, vm.0, "ops@corp").await.unwrap();
    permissions::remove(&world.admin, Kind::Vm, vm.0, row.id).await.unwrap();
    assert_eq!(said(vms::may_watch(&ada, vm).await), "no vm");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_goes_on_after_the_permission_is_gone(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.stop_engine().await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let job = vms::run(&owner, vm, None).await.unwrap();
    let row = found(&world, Kind::Vm, vm.0, "owner@internal").await.unwrap();
    permissions::remove(&world.admin, Kind::Vm, vm.0, row.id).await.unwrap();
    assert_eq!(said(vms::get(&owner, vm).await), "no vm");
    assert_eq!(world.finish(job).await, (JobStatus::Finished, None));
    assert_eq!(said(vms::power_off(&owner, vm, None).await), "no vm");
    world.assert_tidy().await;
}

/// In the midst of a step: what was begun is done, and the event says that it goes on; what is asked anew is refused, and
/// the next permission that ends has nothing to say.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_in_the_midst_of_a_step_goes_on_and_the_event_says_so(pool: PgPool) {
    let world = World::new(pool).await;
    let (vm, other) = (world.down("web1").await, world.down("web2").await);
    let owner = world.owner_of("owner", &[]).await;
    world.group("ops", &[&owner]).await;
    let ended = async || {
        let row = found(&world, Kind::DataCenter, world.data_center.0, "ops@corp").await.unwrap();
        permissions::remove(&world.admin, Kind::DataCenter, world.data_center.0, row.id).await.unwrap();
        world.events(EventKind::PermissionRemoved).await.remove(0).text
    };
    let given = async || {
        let give = give("ops@corp", &USER_VM_MANAGER);
        permissions::grant(&world.admin, Kind::DataCenter, world.data_center.0, &give).await.unwrap();
    };
    given().await;
    let mut hold = world.estate.hold_next("start");
    let job = vms::run(&owner, vm, None).await.unwrap();
    world.start_engine().await;
    hold.reached().await;
    let foreign = vms::run(&world.admin, other, None).await.unwrap();
    assert!(ended().await.to_string().ends_with("A job that they had begun goes on."));
    assert_eq!(said(vms::power_off(&owner, vm, None).await), "no vm");
    assert_eq!(said(vms::run(&owner, other, None).await), "no vm");
    hold.release();
    assert_eq!(world.finish(job).await, (JobStatus::Finished, None));
    assert_eq!(world.finish(foreign).await, (JobStatus::Finished, None));
    world.look_until(vm, model::vm::VmStatus::PoweringUp).await;
    given().await;
    assert!(ended().await.to_string().ends_with("on main."));
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_permission_that_is_nowhere(pool: PgPool) {
    let world = World::new(pool).await;
    let none = PermissionId(Uuid::max());
    let gone = permissions::remove(&world.admin, Kind::Cluster, world.cluster.0, none).await;
    assert_eq!(said(gone), "refusal-permission-gone");
    assert_eq!(said(permissions::remove(&world.admin, Kind::Cluster, Uuid::max(), none).await), "no cluster");
}
