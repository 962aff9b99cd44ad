//! One deed on many objects: each for itself, with a word for each.

use control::{Ctx, bulk};
use model::bulk::{How, MOST, Plan};
use model::event::EventKind;
use model::id::Kind;
use model::list::ListQuery;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

/// The answers in the order of the objects, in words.
async fn order(ctx: &Ctx, kind: Kind, part: &str, objects: &[Uuid]) -> Vec<String> {
    let done = bulk::run(ctx, kind, part, objects, &How::default()).await.unwrap();
    done.into_iter().map(|one| if one.outcome.is_ok() { "done".into() } else { said(one.outcome) }).collect()
}

/// Each object of a plan with the key of what refuses it.
fn planned(plan: &Plan) -> Vec<(&str, &str)> {
    let why = |p: &model::bulk::Planned| p.refusal.as_ref().map(|r| r.text.key.clone());
    let all = plan.objects.iter().map(|p| (p.name.as_str(), why(p).unwrap_or_default().leak() as &str));
    all.collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_that_is_refused_holds_up_no_other(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let (one, two) = (world.down("one").await.0, world.down("two").await.0);
    let up = world.up("up").await.0;
    world.stop_engine().await;
    let all = [up, one, Uuid::max(), two, one];

    let plan = bulk::plan(admin, Kind::Vm, "run", &all).await.unwrap();
    assert_eq!(planned(&plan), [("up", "refusal-vm-status"), ("one", ""), ("two", "")]);
    assert_eq!(plan.unseen, 1);

    let how = How { reason: Some("after the move".into()), with_disks: false };
    let done = bulk::run(admin, Kind::Vm, "run", &all, &how).await.unwrap();
    let names: Vec<_> = done.iter().map(|d| d.name.as_deref()).collect();
    assert_eq!(names, [Some("up"), Some("one"), None, Some("two")], "one that is named twice is one");
    let jobs: Vec<_> = done.iter().filter_map(|d| d.outcome.as_ref().ok().copied().flatten()).collect();
    assert_eq!(jobs.len(), 2);
    let words: Vec<String> =
        done.into_iter().filter(|d| d.outcome.is_err()).map(|d| said(d.outcome)).collect();
    assert_eq!(words, ["refusal-vm-status", "no vm"]);
    for job in jobs {
        assert_eq!(world.job(job).await.correlation_id, admin.correlation, "one order, one correlation id");
        world.done(job).await;
    }
    assert_eq!(world.events(EventKind::VmStartInitiated).await.len(), 3, "the third is the one that is up");

    let again = order(admin, Kind::Vm, "run", &[one, two]).await;
    assert_eq!(again, ["refusal-vm-status", "refusal-vm-status"], "twice finds them running");
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn each_object_asks_for_its_own_permission(pool: PgPool) {
    let world = World::new(pool).await;
    let (own, other) = (world.down("own").await.0, world.down("other").await.0);
    world.stop_engine().await;
    let owner = world.owner_of("owner", &[own]).await;
    assert_eq!(order(&owner, Kind::Vm, "remove", &[other, own]).await, ["no vm", "done"]);
    let plan = bulk::plan(&owner, Kind::Vm, "run", &[other, own]).await.unwrap();
    assert_eq!(planned(&plan), [("own", "refusal-vm-status")], "what is not to be seen has no name");
    assert_eq!(said(bulk::plan(&owner, Kind::Vm, "run", &[other]).await), "no vm");

    let manager = world.owner_of("manager", &[world.data_center.0]).await;
    let host = world.hosts[0].0;
    let plan = bulk::plan(&manager, Kind::Host, "maintenance", &[host]).await.unwrap();
    assert_eq!(planned(&plan), [("kvm1", "refusal-not-permitted")]);
    assert_eq!(order(&manager, Kind::Host, "maintenance", &[host]).await, ["refusal-not-permitted"]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn hosts_go_and_come_back_together(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let hosts: Vec<Uuid> = world.hosts.iter().map(|host| host.0).collect();
    assert_eq!(order(admin, Kind::Host, "remove", &hosts[..1]).await, ["refusal-host-status"]);
    assert_eq!(order(admin, Kind::Host, "maintenance", &hosts[..2]).await, ["done", "done"]);
    assert_eq!(order(admin, Kind::Host, "activate", &hosts[1..]).await, ["done", "refusal-host-status"]);
    assert_eq!(order(admin, Kind::Host, "remove", &hosts).await[0], "done");
    assert_eq!(order(admin, Kind::Host, "remove", &hosts[..1]).await, ["no host"]);
    let far = control::clusters::create(admin, &cluster("far", world.data_center)).await.unwrap().0;
    let clusters = [world.cluster.0, far];
    assert_eq!(order(admin, Kind::Cluster, "remove", &clusters).await, ["refusal-in-use", "done"]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_order_must_make_sense(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let run = async |kind, part, objects: &[Uuid], how: &How| {
        said(bulk::run(admin, kind, part, objects, how).await)
    };
    let how = How::default();
    assert_eq!(run(Kind::Vm, "run", &[], &how).await, "objects: field-required");
    assert_eq!(run(Kind::Vm, "edit", &[Uuid::max()], &how).await, "deed: field-unknown-choice");
    let many: Vec<Uuid> = (0..=MOST as u128).map(Uuid::from_u128).collect();
    assert_eq!(run(Kind::Vm, "run", &many, &how).await, "objects: field-too-many");
    let long = How { reason: Some("x".repeat(256)), with_disks: false };
    assert!(run(Kind::Vm, "run", &[Uuid::max()], &long).await.starts_with("reason: "));
    let newcomer = world.newcomer("newcomer").await;
    assert_eq!(
        said(bulk::plan(&newcomer, Kind::Vm, "run", &many[..1]).await),
        "refusal-must-change-password"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_whole_result_is_what_one_may_see(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let mut made = Vec::new();
    for name in ["web1", "web2", "db"] {
        made.push(world.down(name).await.0);
    }
    let query = |search: &str, within| ListQuery {
        search: Some(search.into()),
        within,
        page: 2,
        size: 25,
        sort: Some("name".into()),
        descending: true,
        ..ListQuery::default()
    };
    let webs = bulk::ids(admin, Kind::Vm, &query("name = web*", Some(world.cluster.0))).await.unwrap();
    assert_eq!(webs, [made[1], made[0]], "whatever page one is on, in the order of the list");
    let all = bulk::ids(admin, Kind::Vm, &ListQuery::default()).await.unwrap();
    let owner = world.owner_of("owner", &[made[2]]).await;
    assert_eq!(
        (all.len(), bulk::ids(&owner, Kind::Vm, &ListQuery::default()).await.unwrap()),
        (3, vec![made[2]])
    );
    assert_eq!(bulk::ids(admin, Kind::Job, &ListQuery::default()).await.unwrap().len(), 3);
    assert_eq!(
        said(bulk::ids(admin, Kind::Vm, &query("nothing = x", None)).await),
        "search: search-error-field"
    );
    assert_eq!(said(bulk::ids(&owner, Kind::User, &ListQuery::default()).await), "refusal-not-permitted");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_deed_on_many_is_one_that_is_done(pool: PgPool) {
    let world = World::new(pool).await;
    for many in model::bulk::MANY {
        let answer = order(&world.admin, many.kind, many.part, &[Uuid::max()]).await.remove(0);
        assert!(answer.starts_with("no "), "{many:?}: {answer}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn alerts_are_acknowledged_together(pool: PgPool) {
    let world = World::new(pool).await;
    let (admin, acknowledged) = (&world.admin, EventKind::AlertAcknowledged);
    for host in &world.hosts[..2] {
        world.estate.disconnect(*host, "no route");
    }
    world.look().await;
    world.look().await;
    let alerts: Vec<Uuid> =
        world.events(EventKind::HostNonResponsive).await.iter().map(|event| event.uuid()).collect();
    assert_eq!(alerts.len(), 2);
    let plain = world.events(EventKind::HostAdded).await[0].uuid();
    let all = [alerts[0], plain, Uuid::max(), alerts[1]];

    let plan = bulk::plan(admin, Kind::Event, "acknowledge", &all).await.unwrap();
    let refused: Vec<_> = planned(&plan).into_iter().map(|(_, why)| why.to_owned()).collect();
    assert_eq!((refused, plan.unseen), (vec!["".into(), "refusal-no-alert".to_owned(), "".into()], 1));
    let manager = world.owner_of("manager", &[world.data_center.0]).await;
    let plan = bulk::plan(&manager, Kind::Event, "acknowledge", &alerts).await.unwrap();
    assert!(planned(&plan).iter().all(|(_, why)| *why == "refusal-not-permitted"), "{plan:?}");
    let answers = order(&manager, Kind::Event, "acknowledge", &alerts).await;
    assert_eq!(answers, ["refusal-not-permitted", "refusal-not-permitted"]);
    assert!(world.events(acknowledged).await.is_empty());

    let answers = order(admin, Kind::Event, "acknowledge", &all).await;
    assert_eq!(answers, ["done", "refusal-no-alert", "no event", "done"]);
    let told = world.events(acknowledged).await;
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|event| event.correlation_id.as_deref() == Some(admin.correlation.as_str())));
    // Twice is no harm, and is told beforehand.
    let plan = bulk::plan(admin, Kind::Event, "acknowledge", &alerts).await.unwrap();
    assert!(planned(&plan).iter().all(|(_, why)| *why == "refusal-alert-past"), "{plan:?}");
    assert_eq!(order(admin, Kind::Event, "acknowledge", &alerts).await, ["done", "done"]);
    assert_eq!(world.events(acknowledged).await.len(), 2);

    let found = ListQuery { search: Some("severity = alert".into()), ..ListQuery::default() };
    assert_eq!(bulk::ids(admin, Kind::Event, &found).await.unwrap(), alerts, "the newest first");
}
