//! What is shared with somebody for a time: by the owner of a VM, with whom and with whom not, and how it ends by itself.

use control::live::Access;
use control::reconcile::expiry;
use control::{Ctx, permissions, vms};
use model::event::EventKind;
use model::id::Kind;
use model::permission::Give;
use model::policy::{CLUSTER_ADMIN, PredefinedRole, SUPER_USER, USER_ROLE, USER_VM_MANAGER};
use model::{SYSTEM, VmId};
use sqlx::PgPool;
use time::{Duration, OffsetDateTime};
use tokio_util::sync::CancellationToken;

use crate::grants::{found, give};
use crate::support::*;

fn until(principal: &str, role: &PredefinedRole, until: OffsetDateTime) -> Give {
    Give { until: Some(until), ..give(principal, role) }
}

async fn share(who: &Ctx, vm: VmId, give: &Give) -> control::Outcome<()> {
    permissions::grant(who, Kind::Vm, vm.0, give).await
}

/// Somebody of a directory that has them no more.
async fn leave(world: &World, who: &Ctx) {
    let id = who.who.id.unwrap();
    store::members::gone(&mut world.app.conn().await.unwrap(), id, world.app.now()).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_owner_shares_a_vm_for_a_time(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let eve = world.owner_of("eve", &[]).await;
    let tomorrow = world.app.now() + Duration::DAY;
    assert_eq!(
        said(share(&owner, vm, &until("eve", &USER_ROLE, world.app.now())).await),
        "until: field-past"
    );
    share(&owner, vm, &until("eve", &USER_ROLE, tomorrow)).await.unwrap();
    let row = found(&world, Kind::Vm, vm.0, "eve@internal").await.unwrap();
    assert_eq!(row.until, Some(tomorrow));
    let told = world.events(EventKind::PermissionGranted).await.remove(0).text.to_string();
    assert!(told.ends_with("It ends after 2030-01-02."), "{told}");
    vms::may_watch(&eve, vm).await.unwrap();

    // Not before its time, and then once.
    world.clock.advance(Duration::DAY - Duration::SECOND);
    expiry::turn(&world.app).await.unwrap();
    vms::get(&eve, vm).await.unwrap();
    world.clock.advance(Duration::SECOND);
    expiry::turn(&world.app).await.unwrap();
    expiry::turn(&world.app).await.unwrap();
    assert_eq!(said(vms::get(&eve, vm).await), "no vm");
    assert_eq!(said(vms::may_watch(&eve, vm).await), "no vm");
    let ended = world.events(EventKind::PermissionEnded).await;
    assert_eq!(ended.len(), 1);
    let told = ended[0].text.to_string();
    assert_eq!(told, "The permission UserRole of eve@internal on web1 ended.");
    assert_eq!(ended[0].objects.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>(), [Kind::Vm, Kind::User]);
    let audited = world.count("SELECT count(*) FROM audit WHERE action = 'permission-ended'").await;
    assert_eq!(audited, 1);
    assert_eq!(said(permissions::remove(&owner, Kind::Vm, vm.0, row.id).await), "refusal-permission-gone");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_given_again_ends_as_it_was_asked_for_last(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    world.owner_of("eve", &[]).await;
    let end = async || found(&world, Kind::Vm, vm.0, "eve@internal").await.unwrap().until;
    let now = world.app.now();
    let (day, week) = (now + Duration::DAY, now + Duration::WEEK);
    for at in [day, week, week, day] {
        share(&owner, vm, &until("eve", &USER_ROLE, at)).await.unwrap();
        assert_eq!(end().await, Some(at));
    }
    assert_eq!(world.events(EventKind::PermissionGranted).await.len(), 3, "twice the same is told once");
    share(&owner, vm, &give("eve", &USER_ROLE)).await.unwrap();
    assert_eq!(end().await, None, "for good");
    let refused = share(&owner, vm, &until("eve", &USER_ROLE, day)).await;
    assert_eq!(said(refused), "until: permission-lasts");
    share(&owner, vm, &give("eve", &USER_ROLE)).await.unwrap();
    assert_eq!(end().await, None);
    world.clock.advance(Duration::WEEK * 2);
    expiry::turn(&world.app).await.unwrap();
    assert_eq!(end().await, None);
    assert_eq!(world.events(EventKind::PermissionEnded).await.len(), 0);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn whom_nobody_shares_with(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let left = world.owner_of("left", &[]).await;
    leave(&world, &left).await;
    for (name, role, expected) in [
        ("owner", &USER_ROLE, "principal: principal-oneself"),
        ("owner@internal", &USER_VM_MANAGER, "principal: principal-oneself"),
        ("left", &USER_ROLE, "principal: principal-left"),
        ("removed", &USER_ROLE, "principal: principal-unknown"),
        ("owner", &CLUSTER_ADMIN, "refusal-only-super-user"),
    ] {
        assert_eq!(said(share(&owner, vm, &give(name, role)).await), expected, "{name} {}", role.name);
    }
    assert_eq!(said(share(&world.admin, vm, &give("left", &USER_ROLE)).await), "principal: principal-left");
    let given = permissions::grant(&owner, Kind::Cluster, world.cluster.0, &give("left", &USER_ROLE)).await;
    assert_eq!(said(given), "refusal-not-permitted");
    assert_eq!(world.events(EventKind::PermissionGranted).await.len(), 0, "nothing half done");
    // A super user may, to keep something.
    share(&world.admin, vm, &give("admin", &USER_ROLE)).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn names_are_completed_for_those_who_met_them(pool: PgPool) {
    let world = World::new(pool).await;
    let (vm, other) = (world.down("web1").await, world.down("web2").await);
    let owner = world.owner_of("owner", &[vm.0, other.0]).await;
    world.owner_of("eve", &[]).await;
    world.owner_of("stranger", &[world.storage.0]).await;
    let names = async |who: &Ctx| {
        let offer = permissions::offer(who, Kind::Vm, vm.0).await.unwrap();
        (offer.met, offer.principals)
    };
    let (met, before) = names(&owner).await;
    assert!(met && !before.iter().any(|name| ["eve@internal", "stranger@internal"].contains(&name.as_str())));
    // Exactly written, a name counts; from then on it is completed, also on what else is theirs.
    share(&owner, other, &give("eve", &USER_ROLE)).await.unwrap();
    let (_, after) = names(&owner).await;
    assert!(after.contains(&"eve@internal".to_owned()) && !after.contains(&"stranger@internal".to_owned()));
    let (met, all) = names(&world.admin).await;
    assert!(!met && all.contains(&"stranger@internal".to_owned()));
    let roles = permissions::offer(&owner, Kind::Vm, vm.0).await.unwrap().roles;
    let roles: Vec<&str> = roles.iter().map(|(_, name)| name.as_str()).collect();
    assert!(roles.contains(&"UserRole") && roles.contains(&"UserVmManager"), "{roles:?}");
    assert!(!roles.contains(&"PowerUserRole") && !roles.contains(&"SuperUser"), "{roles:?}");
}

/// Somebody stays who can give permissions: one that ends makes nobody the last.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_last_super_user_is_one_for_good(pool: PgPool) {
    let world = World::new(pool).await;
    let ada = world.owner_of("ada", &[]).await;
    let tomorrow = world.app.now() + Duration::DAY;
    let system = async |give: &Give| permissions::grant(&world.admin, Kind::System, SYSTEM, give).await;
    assert_eq!(said(system(&until("admin", &SUPER_USER, tomorrow)).await), "until: permission-lasts");
    assert_eq!(
        said(system(&until("everyone", &model::policy::USER_PROFILE_EDITOR, tomorrow)).await),
        "until: permission-lasts"
    );
    system(&until("ada", &SUPER_USER, tomorrow)).await.unwrap();
    let own = found(&world, Kind::System, SYSTEM, "admin@internal").await.unwrap();
    let taken = permissions::remove(&world.admin, Kind::System, SYSTEM, own.id).await;
    assert_eq!(said(taken), "refusal-last-super-user");
    let ada = world.again(&ada).await;
    assert_eq!(
        said(control::users::remove(&ada, world.admin.who.id.unwrap()).await),
        "refusal-last-super-user"
    );
    world.clock.advance(Duration::DAY);
    expiry::turn(&world.app).await.unwrap();
    assert!(!world.again(&ada).await.who.all);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_end_and_a_longer_time_at_once(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    world.owner_of("eve", &[]).await;
    share(&owner, vm, &until("eve", &USER_ROLE, world.app.now() + Duration::SECOND)).await.unwrap();
    world.clock.advance(Duration::MINUTE);
    let later = until("eve", &USER_ROLE, world.app.now() + Duration::DAY);
    let (ended, shared) = tokio::join!(expiry::turn(&world.app), share(&owner, vm, &later));
    ended.unwrap();
    shared.unwrap();
    let row = found(&world, Kind::Vm, vm.0, "eve@internal").await.unwrap();
    assert_eq!(row.until, later.until, "whoever was first, what was asked for is held");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn streams_and_jobs_hear_of_the_end(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.stop_engine().await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let eve = world.owner_of("eve", &[]).await;
    let user = eve.who.id.unwrap().0;
    share(&owner, vm, &until("eve", &USER_ROLE, world.app.now() + Duration::SECOND)).await.unwrap();
    let job = vms::run(&eve, vm, None).await.unwrap();
    let mut access = world.app.live.access();
    let end = CancellationToken::new();
    let _end = end.clone().drop_guard();
    tokio::spawn(control::live::listen(world.app.clone(), end));
    jobs::testing::eventually("the listener listens", || async { world.app.live.connected().then_some(()) })
        .await;
    world.clock.advance(Duration::MINUTE);
    expiry::turn(&world.app).await.unwrap();
    let heard = async { while access.recv().await.unwrap() != Access::Principal(user) {} };
    tokio::time::timeout(std::time::Duration::from_secs(20), heard).await.expect("they hear of it");
    let told = world.events(EventKind::PermissionEnded).await.remove(0).text.to_string();
    assert!(told.ends_with("A job that they had begun goes on."), "{told}");
    world.done(job).await;
}
