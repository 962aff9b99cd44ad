//! The live stream: what a commit changed is told once, to those who may see it, and a removal to those who saw.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use control::live::{self, Access, Told};
use control::{Ctx, vms};
use model::id::Kind;
use model::live::Change;
use model::vm_request::EditVm;
use sqlx::PgPool;
use tokio::sync::broadcast::Receiver;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::support::*;

struct Ear {
    changes: Receiver<Arc<Told>>,
    _end: DropGuard,
}

impl Ear {
    async fn on(world: &World) -> Ear {
        let end = CancellationToken::new();
        let changes = world.app.live.changes();
        tokio::spawn(live::listen(world.app.clone(), end.clone()));
        let mut ear = Ear { changes, _end: end.drop_guard() };
        // What is told before it listens is told to nobody.
        jobs::testing::eventually("the listener listens", || async {
            (world.count(LISTENING).await > 0).then_some(())
        })
        .await;
        ear.until_mark(world).await;
        ear
    }

    /// What was told up to now.
    async fn until_mark(&mut self, world: &World) -> Vec<Arc<Told>> {
        let mark = mark(world).await;
        let mut heard = Vec::new();
        loop {
            let next = tokio::time::timeout(Duration::from_secs(20), self.changes.recv()).await;
            let change = next.expect("the mark is heard").unwrap();
            match change.kind {
                Kind::Network if change.id == mark => return heard,
                Kind::Network => {}
                _ => heard.push(change),
            }
        }
    }
}

const LISTENING: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN \"changes\"%'";

/// A change whose coming says that all before it has come.
async fn mark(world: &World) -> Uuid {
    use model::clock::Ids;
    let name = format!("mark{}", world.ids.uuid().as_u128());
    let system = Ctx::system(&world.app, "test");
    control::networks::create(&system, &network(&name, world.data_center)).await.unwrap().0
}

fn about(heard: &[Arc<Told>], id: Uuid) -> Vec<Change> {
    heard.iter().filter(|change| change.id == id).map(|change| change.change).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_change_is_told_once_with_its_row(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.stop_engine().await;
    let mut ear = Ear::on(&world).await;
    let mut config = vm_config("web1");
    config.comment = "new".into();
    vms::edit(&world.admin, vm, &EditVm { version: 1, config }).await.unwrap();
    let heard = ear.until_mark(&world).await;
    assert_eq!(about(&heard, vm.0), [Change::Changed]);
    let change = heard.iter().find(|c| c.id == vm.0).unwrap();
    assert_eq!((change.kind, change.version), (Kind::Vm, 2));
    assert_eq!(change.row.as_ref().unwrap()["comment"], "new");
    assert!(change.scope.contains(&world.cluster.0) && change.scope.contains(&vm.0));
    assert_eq!(heard.iter().filter(|c| c.kind == Kind::Event && c.scope.contains(&vm.0)).count(), 1);

    // What was taken back is not told.
    let stale = vms::edit(&world.admin, vm, &EditVm { version: 1, config: vm_config("web1") }).await;
    assert_eq!(said(stale), "stale");
    assert_eq!(about(&ear.until_mark(&world).await, vm.0), []);

    // One transaction that makes it and changes it twice.
    let (made, job) = vms::create(&world.admin, &world.new_vm("web2")).await.unwrap();
    let heard = ear.until_mark(&world).await;
    assert_eq!(about(&heard, made.0), [Change::Added]);
    assert_eq!(about(&heard, job.0), [Change::Added]);
    let disk = vms::get(&world.admin, made).await.unwrap().disks[0].id;
    assert_eq!(about(&heard, disk.0), [Change::Added]);
    world.done(job).await;
    world.done(vms::remove(&world.admin, made, true).await.unwrap()).await;
    let heard = ear.until_mark(&world).await;
    for gone in [made.0, disk.0] {
        assert_eq!(about(&heard, gone).iter().filter(|c| **c == Change::Removed).count(), 1);
        assert_eq!(about(&heard, gone).last(), Some(&Change::Removed));
    }
}

/// Which of the changes somebody hears, as kind and what happened.
async fn hears(ctx: &Ctx, heard: &[Arc<Told>]) -> Vec<(Kind, Uuid, Change)> {
    let mut all = Vec::new();
    for change in heard {
        if live::may_hear(ctx, change).await.unwrap() {
            all.push((change.kind, change.id, change.change));
        }
    }
    all
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn only_who_may_see_hears(pool: PgPool) {
    let world = World::new(pool).await;
    let (own, other) = (world.down("own").await, world.down("other").await);
    let owner = world.owner_of("owner", &[own.0]).await;
    let manager = world.owner_of("manager", &[world.data_center.0]).await;
    let stranger = world.owner_of("stranger", &[]).await;
    let newcomer = world.newcomer("newcomer").await;
    let mut ear = Ear::on(&world).await;
    let mut jobs = Vec::new();
    for vm in [own, other] {
        jobs.push(vms::run(&world.admin, vm, None).await.unwrap());
        world.done(jobs[jobs.len() - 1]).await;
        world.done(vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    }
    let heard = ear.until_mark(&world).await;
    let all = hears(&world.admin, &heard).await;
    assert_eq!(all.len(), heard.len());
    assert_eq!(hears(&manager, &heard).await.len(), heard.len(), "all of it is in the data center");
    assert!(hears(&stranger, &heard).await.is_empty());
    assert!(hears(&newcomer, &heard).await.is_empty());
    let theirs = hears(&owner, &heard).await;
    for (kind, id) in [(Kind::Vm, own.0), (Kind::Job, jobs[0].0)] {
        assert!(theirs.iter().any(|(k, i, _)| (*k, *i) == (kind, id)), "{kind:?}");
    }
    assert!(theirs.iter().any(|(kind, ..)| *kind == Kind::Event));
    for hidden in [(Kind::Vm, other.0), (Kind::Job, jobs[1].0)] {
        assert!(!theirs.iter().any(|(kind, id, _)| (*kind, *id) == hidden));
    }
    let texts = heard.iter().filter(|c| c.kind == Kind::Event && c.scope == [other.0]);
    for event in texts {
        assert!(!live::may_hear(&owner, event).await.unwrap(), "{event:?}");
    }

    // Removals: one's own, not one's neighbour's.
    let own_disk = vms::get(&world.admin, own).await.unwrap().disks[0].id;
    for vm in [own, other] {
        world.done(vms::remove(&world.admin, vm, true).await.unwrap()).await;
    }
    let heard = ear.until_mark(&world).await;
    let removed = |all: Vec<(Kind, Uuid, Change)>| -> Vec<Uuid> {
        all.into_iter().filter(|(.., change)| *change == Change::Removed).map(|(_, id, _)| id).collect()
    };
    assert_eq!(removed(hears(&manager, &heard).await).len(), 4, "two VMs with a disk each");
    assert!(removed(hears(&stranger, &heard).await).is_empty());
    let gone = removed(hears(&owner, &heard).await);
    assert!(gone.contains(&own.0) && !gone.contains(&other.0), "{gone:?}");
    assert!(gone.contains(&own_disk.0), "{gone:?}");
    assert_eq!(gone.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_end_of_access_is_told(pool: PgPool) {
    let world = World::new(pool).await;
    let owner = world.owner_of("owner", &[world.cluster.0]).await;
    let _ear = Ear::on(&world).await;
    let mut access = world.app.live.access();
    let user = owner.who.id.unwrap();
    sqlx::query("INSERT INTO sessions (id, user_id, data, created_at, last_seen, expires_at) VALUES ('s1', $1, '{}', now(), now(), now())")
        .bind(user.0)
        .execute(&world.app.pool)
        .await
        .unwrap();
    store::sessions::delete(&mut world.app.conn().await.unwrap(), "s1").await.unwrap();
    sqlx::query("DELETE FROM permissions WHERE principal_id = $1")
        .bind(user.0)
        .execute(&world.app.pool)
        .await
        .unwrap();
    let mut next =
        async || tokio::time::timeout(Duration::from_secs(20), access.recv()).await.unwrap().unwrap();
    assert_eq!(next().await, Access::Session("s1".into()));
    assert_eq!(next().await, Access::Principal(user.0));
}

/// Neither has a place in the tree that a permission could be on.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn tags_are_told_to_all_and_bookmarks_to_those_who_have_them(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.stop_engine().await;
    let bob = world.owner_of("bob", &[vm.0]).await;
    let eve = world.owner_of("eve", &[]).await;
    let mut ear = Ear::on(&world).await;
    let tag = control::tags::create(&world.admin, &crate::tags::tag("web", None)).await.unwrap();
    let giving = model::tag::AssignTags { add: vec![tag], remove: vec![] };
    control::tags::assign(&world.admin, Kind::Vm, &[vm.0], &giving).await.unwrap();
    let own = control::bookmarks::create(&bob, &crate::bookmarks::bookmark("own", false)).await.unwrap();
    let shared = crate::bookmarks::bookmark("shared", true);
    let shared = control::bookmarks::create(&world.admin, &shared).await.unwrap();
    let heard = ear.until_mark(&world).await;
    let row = heard.iter().find(|c| c.id == vm.0).and_then(|c| c.row.clone()).unwrap();
    assert_eq!(row["tags"], serde_json::json!(["web"]), "who shows the VM shows its tag");
    let marks = |all: Vec<(Kind, Uuid, Change)>| -> BTreeSet<Uuid> {
        all.into_iter()
            .filter(|(kind, ..)| [Kind::Tag, Kind::Bookmark].contains(kind))
            .map(|(_, id, _)| id)
            .collect()
    };
    assert_eq!(marks(hears(&bob, &heard).await), BTreeSet::from([tag.0, own.0, shared.0]));
    assert_eq!(marks(hears(&eve, &heard).await), BTreeSet::from([tag.0, shared.0]));

    control::tags::remove(&world.admin, tag).await.unwrap();
    control::bookmarks::remove(&bob, own).await.unwrap();
    let heard = ear.until_mark(&world).await;
    assert_eq!(about(&heard, tag.0).last(), Some(&Change::Removed));
    assert_eq!(about(&heard, vm.0), [Change::Changed]);
    assert_eq!(marks(hears(&bob, &heard).await), BTreeSet::from([tag.0, own.0]));
    assert_eq!(marks(hears(&eve, &heard).await), BTreeSet::from([tag.0]));
}
