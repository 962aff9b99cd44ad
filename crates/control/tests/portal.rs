//! The VM portal: whose machines it shows, what may be done with each, what they use, and what people set for it.

use control::reconcile::starts;
use control::{Ctx, portal, settings, vms};
use model::event::EventKind;
use model::policy::{SUPER_USER, USER_ROLE};
use model::portal::{By, Choose, ConsoleWay, Doing, Layout, Quiet, Wanted};
use model::vm::{VmIntent, VmStatus};
use model::vm_request::NewVm;
use model::{Action, Fault, VmId};
use sqlx::PgPool;
use time::Duration;

use crate::support::*;

async fn names(ctx: &Ctx, wanted: &Wanted) -> Vec<String> {
    portal::machines(ctx, wanted).await.unwrap().rows.into_iter().map(|machine| machine.row.name).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn machines_are_those_that_one_sees_with_what_one_may(pool: PgPool) {
    let world = World::new(pool).await;
    let (web, db) = (world.down("web1").await, world.down("db1").await);
    world.down("secret").await;
    let owner = world.owner_of("owner", &[web.0, db.0]).await;
    let user = world.holder_of("user", &USER_ROLE, web.0).await;

    let seen = portal::machines(&owner, &Wanted::default()).await.unwrap();
    assert_eq!((seen.total, portal::begun(&owner).await.unwrap().may_create), (2, false));
    for machine in seen.rows {
        assert!(machine.may.contains(&Action::RemoveVm) && machine.may.contains(&Action::EditVm));
    }
    let seen = portal::machines(&user, &Wanted::default()).await.unwrap();
    let may = &seen.rows[0].may;
    assert_eq!((seen.total, may.contains(&Action::RunVm), may.contains(&Action::RemoveVm)), (1, true, false));
    assert_eq!(portal::machines(&world.admin, &Wanted::default()).await.unwrap().total, 3);
    assert!(portal::begun(&world.admin).await.unwrap().may_create);

    let (vm, may) = portal::machine(&user, web).await.unwrap();
    assert_eq!((vm.row.name.as_str(), may.contains(&Action::EditVm)), ("web1", false));
    for hidden in [db, VmId(uuid::Uuid::from_u128(7))] {
        assert!(matches!(portal::machine(&user, hidden).await, Err(Fault::NotFound { .. })));
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn machines_are_filtered_and_sorted(pool: PgPool) {
    let world = World::new(pool).await;
    for name in ["web1", "web2", "db1"] {
        world.down(name).await;
    }
    let wanted = |name: &str, doing: &[Doing]| Wanted {
        name: name.into(),
        doing: doing.to_vec(),
        ..Wanted::default()
    };
    for (wanted, found) in [
        (wanted("", &[]), vec!["db1", "web1", "web2"]),
        (wanted("web", &[]), vec!["web1", "web2"]),
        (wanted("EB1", &[Doing::Off, Doing::Paused]), vec!["web1"]),
        (wanted("", &[Doing::Running]), vec![]),
        (wanted("w*2", &[]), vec!["web2"]),
        (wanted("\"\\ or name=*", &[]), vec![]),
        (Wanted { descending: true, by: By::Name, ..Wanted::default() }, vec!["web2", "web1", "db1"]),
        (Wanted { os: "debian".into(), ..Wanted::default() }, vec![]),
        (Wanted { page: 2, ..Wanted::default() }, vec![]),
    ] {
        assert_eq!(names(&world.admin, &wanted).await, found, "{wanted:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_machines_use_is_summed_for_each_person(pool: PgPool) {
    let world = World::new(pool).await;
    let (web, db) = (world.down("web1").await, world.down("db1").await);
    let owner = world.owner_of("owner", &[web.0]).await;
    let one = vms::get(&world.admin, web).await.unwrap();
    let (totals, disks) = portal::resources(&owner).await.unwrap();
    assert_eq!((totals.machines, totals.running), (1, 0));
    assert_eq!((totals.vcpus, totals.memory), (u64::from(one.row.vcpus), one.row.memory));
    assert_eq!((totals.vcpus_running, totals.memory_running), (0, 0));
    assert_eq!(totals.virtual_size, one.disks[0].virtual_size);
    assert_eq!(disks.iter().map(|disk| disk.vm.0).collect::<Vec<_>>(), [web.0]);

    let runs = world.up("runs").await;
    let own = world.owner_of("runner", &[runs.0]).await;
    let (totals, _) = portal::resources(&own).await.unwrap();
    assert_eq!(
        (totals.running, totals.vcpus_running, totals.memory_running),
        (1, totals.vcpus, totals.memory)
    );
    let (totals, disks) = portal::resources(&world.admin).await.unwrap();
    assert_eq!((totals.machines, totals.running, disks.len()), (3, 1, 3));
    assert!(disks.iter().any(|disk| disk.vm.0 == db.0));

    let nobody = world.owner_of("nobody", &[]).await;
    let (totals, disks) = portal::resources(&nobody).await.unwrap();
    assert_eq!((totals.machines, totals.virtual_size, disks.len()), (0, 0, 0));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_one_sets_for_it_is_kept(pool: PgPool) {
    let world = World::new(pool).await;
    let (web, hidden, runs) = (world.down("web1").await, world.down("hidden").await, world.up("runs").await);
    let owner = world.owner_of("owner", &[web.0, runs.0]).await;
    let choose = |vm: VmId| Choose {
        layout: Layout::Table,
        console: ConsoleWay::Browser,
        connect: Some(vm.0),
        quiet: Some(Quiet::Hour),
    };
    for _ in 0..2 {
        settings::choose_portal(&owner, &choose(web)).await.unwrap();
        let set = settings::portal(&owner).await.unwrap();
        assert_eq!((set.layout, set.connect), (Layout::Table, Some(web.0)));
        assert_eq!(set.quiet_until, Some(world.app.now() + Duration::hours(1)));
    }
    assert_eq!(said(settings::choose_portal(&owner, &choose(hidden)).await), "connect: field-unknown-choice");
    assert_eq!(settings::portal(&world.admin).await.unwrap(), Default::default(), "nobody else's");

    assert_eq!(portal::connects(&owner).await.unwrap(), None, "it is off");
    settings::choose_portal(&owner, &choose(runs)).await.unwrap();
    assert_eq!(portal::connects(&owner).await.unwrap(), Some(runs));
    let elsewhere = Choose { console: ConsoleWay::Viewer, ..choose(runs) };
    settings::choose_portal(&owner, &elsewhere).await.unwrap();
    assert_eq!(portal::connects(&owner).await.unwrap(), None, "a file is not opened by itself");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_machine_may_start_once_it_is_made(pool: PgPool) {
    let world = World::new(pool).await;
    let new = NewVm { start: true, ..world.new_vm("web1") };
    let (vm, job) = vms::create(&world.admin, &new).await.unwrap();
    // Not while it is being made.
    starts::round(&world.app).await.unwrap();
    assert_eq!(world.vm(vm).await.row.intended, VmIntent::Down);
    world.done(job).await;
    for _ in 0..2 {
        starts::round(&world.app).await.unwrap();
    }
    world.look_until(vm, VmStatus::PoweringUp).await;
    assert_eq!(world.events(EventKind::VmStartInitiated).await.len(), 1, "once");

    // Another wish takes its place.
    let (vm, job) = vms::create(&world.admin, &NewVm { start: true, ..world.new_vm("web2") }).await.unwrap();
    world.done(job).await;
    world.done(vms::run(&world.admin, vm, None).await.unwrap()).await;
    world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    world.look_until(vm, VmStatus::Down).await;
    starts::round(&world.app).await.unwrap();
    assert_eq!(world.vm(vm).await.row.status, VmStatus::Down);

    // One that cannot be started says so, once.
    let maker = world.holder_of("maker", &SUPER_USER, world.data_center.0).await;
    let (vm, job) = vms::create(&maker, &NewVm { start: true, ..world.new_vm("web3") }).await.unwrap();
    world.done(job).await;
    let gone = sqlx::query("DELETE FROM permissions WHERE principal_id = $1").bind(maker.who.id.unwrap().0);
    gone.execute(&world.app.pool).await.unwrap();
    for _ in 0..2 {
        starts::round(&world.app).await.unwrap();
    }
    let told = world.events(EventKind::VmStartFailed).await;
    assert_eq!((told.len(), world.vm(vm).await.row.intended), (1, VmIntent::Down));
}
