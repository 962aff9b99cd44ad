//! More of a quota: asked for, answered, counted while it lasts, and over by itself.

use control::quotas::requests;
use control::reconcile::expiry;
use control::{Ctx, Outcome, alerts, quotas, vms};
use model::event::EventKind;
use model::policy::QUOTA_CONSUMER;
use model::quota::{ClusterLimit, QuotaConfig, QuotaMode};
use model::quota_request::{AskForMore, Grant, RequestState, Wanted};
use model::{Action, QuotaId, RequestId, UserId};
use sqlx::PgPool;
use time::Duration;

use super::quota;
use crate::support::*;

/// Somebody who may use a quota of one vCPU.
async fn consumer(world: &World) -> (QuotaId, Ctx) {
    let dev = world.quota(QuotaConfig { vcpus: Some(1), ..quota("dev") }).await;
    (dev, world.holder_of("eve", &QUOTA_CONSUMER, dev.0).await)
}

fn more(world: &World, vcpus: u64) -> Wanted {
    Wanted { vcpus, until: world.app.now() + Duration::DAY, ..Wanted::default() }
}

fn asking(world: &World, vcpus: u64) -> AskForMore {
    AskForMore { wanted: more(world, vcpus), reason: "for the course".into() }
}

fn granting(world: &World, vcpus: u64) -> Grant {
    Grant { wanted: more(world, vcpus), word: "have fun".into() }
}

async fn state(world: &World, quota: QuotaId, id: RequestId) -> RequestState {
    let rows = requests::of(&world.admin, quota).await.unwrap().rows;
    rows.into_iter().find(|row| row.id == id).unwrap().state
}

async fn limit(world: &World, quota: QuotaId) -> Option<u64> {
    quotas::get(&world.admin, quota).await.unwrap().uses[0].most
}

async fn standing(world: &World) -> usize {
    let all = alerts::list(&world.admin).await.unwrap();
    all.iter().filter(|alert| alert.code == EventKind::QuotaAskedFor.code()).count()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn more_is_asked_for_and_granted_until_a_day(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.quotas_are(QuotaMode::Enforced).await;
    let (dev, eve) = consumer(&world).await;
    let (one, two) = (world.down_in("web1", dev).await, world.down_in("web2", dev).await);
    world.done(vms::run(admin, one, None).await.unwrap()).await;
    assert_eq!(said(vms::run(admin, two, None).await), "refusal-quota");
    let id = requests::ask(&eve, dev, &asking(&world, 3)).await.unwrap();
    assert_eq!((limit(&world, dev).await, standing(&world).await), (Some(1), 1), "asked is not given");
    assert_eq!(quotas::get(admin, dev).await.unwrap().asked, 1);

    // As whoever grants sees fit, with a word that whoever asked hears.
    requests::approve(admin, dev, id, &granting(&world, 1)).await.unwrap();
    assert_eq!((limit(&world, dev).await, standing(&world).await), (Some(2), 0));
    assert_eq!(quotas::get(admin, dev).await.unwrap().asked, 0);
    let mine = requests::mine(&eve).await.unwrap().remove(0);
    assert_eq!((mine.state, mine.wanted.vcpus, mine.word.as_str()), (RequestState::Approved, 1, "have fun"));
    assert_eq!(mine.by.as_deref(), Some("admin@internal"));
    let heard = control::events::list(&eve, &Default::default()).await.unwrap().rows;
    let heard = heard.iter().find(|event| event.code == EventKind::QuotaRequestApproved.code()).unwrap();
    let told = heard.text.to_string();
    assert!(told.contains("1 vCPU more") && told.contains("\"have fun\""), "{told}");
    world.done(vms::run(admin, two, None).await.unwrap()).await;

    // What runs goes on when it is over, and nothing more is given.
    world.clock.advance(Duration::DAY);
    expiry::turn(&world.app).await.unwrap();
    expiry::turn(&world.app).await.unwrap();
    assert_eq!((limit(&world, dev).await, state(&world, dev, id).await), (Some(1), RequestState::Ended));
    let row = quotas::get(admin, dev).await.unwrap();
    assert_eq!(row.over().map(|u| (u.used, u.most)).collect::<Vec<_>>(), [(2, Some(1))]);
    let ended = world.events(EventKind::QuotaGrantEnded).await;
    assert_eq!(ended.len(), 1);
    assert!(ended[0].text.to_string().contains("More is used"), "{}", ended[0].text);
    let audited = world.count("SELECT count(*) FROM audit WHERE action = 'quota-grant-ended'").await;
    assert_eq!(audited, 1);
    let three = world.down_in("web3", dev).await;
    assert_eq!(said(vms::run(admin, three, None).await), "refusal-quota");
    assert!(vms::get(admin, two).await.unwrap().row.status.running());
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_request_is_answered_once(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let (dev, eve) = consumer(&world).await;
    let ask = async || requests::ask(&eve, dev, &asking(&world, 1)).await.unwrap();
    let answered = async |id, expected| {
        for outcome in [
            requests::approve(admin, dev, id, &granting(&world, 1)).await,
            requests::decline(admin, dev, id, "no").await,
            requests::withdraw(&eve, dev, id).await,
        ] {
            assert_eq!(said(outcome), "refusal-request-answered");
        }
        assert_eq!(state(&world, dev, id).await, expected);
    };
    let id = ask().await;
    requests::approve(admin, dev, id, &granting(&world, 1)).await.unwrap();
    answered(id, RequestState::Approved).await;
    let id = ask().await;
    assert_eq!(said(requests::decline(admin, dev, id, " ").await), "word: field-required");
    requests::decline(admin, dev, id, "not now").await.unwrap();
    answered(id, RequestState::Declined).await;
    let id = ask().await;
    requests::withdraw(&eve, dev, id).await.unwrap();
    answered(id, RequestState::Withdrawn).await;
    let id = ask().await;
    world.clock.advance(Duration::DAY);
    expiry::turn(&world.app).await.unwrap();
    answered(id, RequestState::Ended).await;
    for kind in [
        EventKind::QuotaRequestApproved,
        EventKind::QuotaRequestDeclined,
        EventKind::QuotaRequestWithdrawn,
        EventKind::QuotaRequestEnded,
        EventKind::QuotaGrantEnded,
    ] {
        assert_eq!(world.events(kind).await.len(), 1, "{kind:?}");
    }
    assert_eq!(standing(&world).await, 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn two_administrators_at_once(pool: PgPool) {
    let world = World::new(pool).await;
    let (dev, eve) = consumer(&world).await;
    let other = world.holder_of("other", &model::policy::SUPER_USER, model::SYSTEM).await;
    let id = requests::ask(&eve, dev, &asking(&world, 1)).await.unwrap();
    let grant = granting(&world, 1);
    let (yes, no) = tokio::join!(
        requests::approve(&world.admin, dev, id, &grant),
        requests::decline(&other, dev, id, "no")
    );
    assert_eq!(u8::from(yes.is_ok()) + u8::from(no.is_ok()), 1, "{yes:?} {no:?}");
    let late = if yes.is_ok() { no } else { yes };
    assert_eq!(said(late), "refusal-request-answered");
    let told = [EventKind::QuotaRequestApproved, EventKind::QuotaRequestDeclined];
    assert_eq!(world.events(told[0]).await.len() + world.events(told[1]).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_request_of_a_person_is_open(pool: PgPool) {
    let world = World::new(pool).await;
    let (dev, eve) = consumer(&world).await;
    let ask = asking(&world, 1);
    let (a, b) = tokio::join!(requests::ask(&eve, dev, &ask), requests::ask(&eve, dev, &ask));
    assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1, "{a:?} {b:?}");
    for _ in 0..40 {
        assert_eq!(said(requests::ask(&eve, dev, &ask).await), "refusal-request-open");
    }
    assert_eq!(world.count("SELECT count(*) FROM quota_requests").await, 1);
    // Another person's, and one for another quota, are others.
    let ada = world.holder_of("ada", &QUOTA_CONSUMER, dev.0).await;
    let second = requests::ask(&ada, dev, &ask).await.unwrap();
    assert_eq!(standing(&world).await, 2);
    requests::decline(&world.admin, dev, second, "no").await.unwrap();
    assert_eq!(standing(&world).await, 1, "whose was answered stands no more");
    assert_eq!(requests::of(&eve, dev).await.unwrap().rows.len(), 1, "one's own");
    assert_eq!(requests::of(&world.admin, dev).await.unwrap().rows.len(), 2);
    assert_eq!(requests::of(&world.admin, dev).await.unwrap().rows[0].state, RequestState::Asked);
    let first = requests::mine(&eve).await.unwrap()[0].id;
    assert_eq!(said(requests::withdraw(&ada, dev, first).await), "refusal-request-gone");
    let refused = fault(requests::ask(&eve, dev, &ask).await).to_string();
    assert!(refused.contains("dev"), "{refused}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn who_asks_and_who_answers(pool: PgPool) {
    let world = World::new(pool).await;
    let (dev, eve) = consumer(&world).await;
    let stranger = world.owner_of("stranger", &[]).await;
    let viewer = world.owner_of("viewer", &[world.data_center.0]).await;
    let ask = asking(&world, 1);
    assert_eq!(said(requests::ask(&stranger, dev, &ask).await), "no quota");
    assert_eq!(said(requests::ask(&viewer, dev, &ask).await), "refusal-not-permitted");
    assert_eq!(said(requests::of(&stranger, dev).await), "no quota");
    let id = requests::ask(&eve, dev, &ask).await.unwrap();
    assert!(requests::of(&viewer, dev).await.unwrap().rows.is_empty());
    for who in [&eve, &viewer] {
        let outcome: Outcome<()> = requests::approve(who, dev, id, &granting(&world, 1)).await;
        assert_eq!(said(outcome), "refusal-not-permitted");
        assert_eq!(said(requests::decline(who, dev, id, "no").await), "refusal-not-permitted");
    }
    let other = world.quota(quota("ops")).await;
    let elsewhere = requests::approve(&world.admin, other, id, &granting(&world, 1)).await;
    assert_eq!(said(elsewhere), "refusal-request-gone", "it is of another quota");
    let default = world.default_quota().await;
    assert_eq!(said(requests::ask(&world.admin, default, &ask).await), "refusal-quota-default-asked");
    let past = AskForMore { wanted: Wanted { until: world.app.now(), ..ask.wanted.clone() }, ..ask.clone() };
    assert_eq!(said(requests::ask(&world.admin, dev, &past).await), "until: field-past");
    assert_eq!(
        said(requests::ask(&world.admin, dev, &AskForMore::default()).await),
        "vcpus: field-request-nothing, until: field-past, reason: field-required"
    );
    let nowhere = QuotaId(uuid::Uuid::max());
    assert_eq!(said(requests::ask(&world.admin, nowhere, &ask).await), "no quota");
    assert_eq!(said(requests::decline(&world.admin, nowhere, id, "no").await), "no quota");
    let system = Ctx::system(&world.app, "test");
    assert_eq!(said(requests::ask(&system, dev, &ask).await), "refusal-request-nobody");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_quota_that_goes_takes_its_requests_along(pool: PgPool) {
    let world = World::new(pool).await;
    let (dev, eve) = consumer(&world).await;
    let id = requests::ask(&eve, dev, &asking(&world, 1)).await.unwrap();
    quotas::remove(&world.admin, dev).await.unwrap();
    assert_eq!(said(requests::approve(&world.admin, dev, id, &granting(&world, 1)).await), "no quota");
    assert!(requests::mine(&eve).await.unwrap().is_empty());
    let told = world.events(EventKind::QuotaRequestEnded).await.remove(0).text.to_string();
    assert!(told.contains("The quota was removed"), "{told}");
    assert_eq!(standing(&world).await, 0);
    world.clock.advance(Duration::DAY);
    expiry::turn(&world.app).await.unwrap();
    assert_eq!(world.events(EventKind::QuotaRequestEnded).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn more_in_one_cluster_is_more_there(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let far = control::clusters::create(admin, &cluster("far", world.data_center)).await.unwrap();
    let each = |cluster| ClusterLimit { cluster, vcpus: Some(1), memory: None };
    let clusters = vec![each(world.cluster), each(far)];
    let dev = world.quota(QuotaConfig { per_cluster: true, clusters, ..quota("dev") }).await;
    assert_eq!(said(requests::ask(admin, dev, &asking(&world, 1)).await), "cluster: field-required");
    let wanted = Wanted { cluster: Some(far), ..more(&world, 2) };
    let id =
        requests::ask(admin, dev, &AskForMore { wanted: wanted.clone(), ..asking(&world, 2) }).await.unwrap();
    requests::approve(admin, dev, id, &Grant { wanted, word: String::new() }).await.unwrap();
    let limits = async || {
        let uses = quotas::get(admin, dev).await.unwrap().uses;
        let vcpus = uses.iter().filter(|u| u.what == model::quota::Resource::Vcpus);
        vcpus.map(|u| (u.name.clone().unwrap(), u.most)).collect::<Vec<_>>()
    };
    assert_eq!(limits().await, [("far".to_owned(), Some(3)), ("lab".to_owned(), Some(1))]);
    let row = requests::mine(admin).await.unwrap().remove(0);
    assert_eq!(row.amounts().to_string(), "2 vCPUs in far");
    // Two people's grants add up, however much they are.
    let big =
        Wanted { cluster: Some(world.cluster), vcpus: 0, memory: i64::MAX.unsigned_abs(), ..more(&world, 0) };
    assert_eq!(
        said(requests::ask(admin, dev, &AskForMore { wanted: big, ..asking(&world, 0) }).await),
        "memory: field-request-unlimited"
    );
    control::clusters::remove(admin, far).await.unwrap();
    assert_eq!(limits().await, [("lab".to_owned(), Some(1))]);
    assert_eq!(requests::mine(admin).await.unwrap()[0].cluster, None);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn grants_add_up_and_never_run_over(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let dev = world.quota(QuotaConfig { storage: Some(1), ..quota("dev") }).await;
    let all = Wanted { storage: i64::MAX.unsigned_abs(), ..more(&world, 0) };
    for name in ["ada", "eve"] {
        let who = world.holder_of(name, &QUOTA_CONSUMER, dev.0).await;
        let ask = AskForMore { wanted: all.clone(), reason: "all".into() };
        let id = requests::ask(&who, dev, &ask).await.unwrap();
        requests::approve(admin, dev, id, &Grant { wanted: all.clone(), word: String::new() }).await.unwrap();
    }
    let uses = quotas::get(admin, dev).await.unwrap().uses;
    assert_eq!(uses.last().unwrap().most, Some(i64::MAX.unsigned_abs()));
    assert_eq!(uses[0].most, None, "what has no limit gets none");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_was_granted_stays_when_whoever_asked_leaves(pool: PgPool) {
    let world = World::new(pool).await;
    let (dev, eve) = consumer(&world).await;
    let id = requests::ask(&eve, dev, &asking(&world, 1)).await.unwrap();
    requests::approve(&world.admin, dev, id, &granting(&world, 1)).await.unwrap();
    control::users::remove(&world.admin, UserId(eve.who.id.unwrap().0)).await.unwrap();
    assert_eq!(limit(&world, dev).await, Some(2));
    let row = requests::of(&world.admin, dev).await.unwrap().rows.remove(0);
    assert_eq!(row.user.1, "eve@internal");
    world.clock.advance(Duration::DAY);
    expiry::turn(&world.app).await.unwrap();
    assert_eq!(limit(&world, dev).await, Some(1));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_full_quota_says_that_one_can_ask(pool: PgPool) {
    let world = World::new(pool).await;
    world.quotas_are(QuotaMode::Enforced).await;
    let (dev, eve) = consumer(&world).await;
    let one = world.down_in("web1", dev).await;
    let two = world.down_in("web2", dev).await;
    world.done(vms::run(&world.admin, one, None).await.unwrap()).await;
    let way = |outcome| match fault(outcome) {
        model::Fault::Refused(refusal) => refusal.way.map(|way| (way.id, way.action)),
        other => panic!("{other}"),
    };
    let owner = world.owner_of("owner", &[two.0]).await;
    assert_eq!(way(vms::run(&owner, two, None).await), None, "who may not ask is not sent to");
    let ask = Some((dev.0, Action::AskForQuota));
    assert_eq!(way(vms::run(&world.admin, two, None).await), ask);
    let asked = quotas::Asked::run(world.cluster, &vm_config("web2"));
    let told = quotas::projection(&eve, dev, &asked).await.unwrap();
    assert!(told.asks, "{told:?}");
}
