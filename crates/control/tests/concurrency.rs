//! Many at once: one wins, the others are told what they would have been told a moment later, nobody waits for
//! ever, and nothing is counted twice.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use control::{Outcome, clusters, data_centers, hosts, networks, storage_domains, templates, vms};
use jobs::testing::eventually;
use model::job::JobStatus;
use model::size::MIB;
use model::vm::VmStatus;
use model::vm_request::EditVm;
use sqlx::PgPool;
use tokio::task::JoinSet;

use crate::support::*;

/// How often each answer was given; "ok" is success.
pub async fn at_once<T, F>(
    n: usize,
    world: &Arc<World>,
    ask: fn(Arc<World>, usize) -> F,
) -> BTreeMap<String, usize>
where
    T: Send + 'static,
    F: Future<Output = Outcome<T>> + Send + 'static,
{
    let mut asked = JoinSet::new();
    for i in 0..n {
        asked.spawn(ask(world.clone(), i));
    }
    let mut answers = BTreeMap::new();
    for answer in asked.join_all().await {
        let word = if answer.is_ok() { "ok".to_owned() } else { said(answer) };
        *answers.entry(word).or_default() += 1;
    }
    answers
}

pub fn answers<const N: usize>(expected: [(&str, usize); N]) -> BTreeMap<String, usize> {
    expected.into_iter().map(|(word, n)| (word.to_owned(), n)).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_name_is_given_once(pool: PgPool) {
    let world = Arc::new(World::new(pool).await);
    let taken = [("name: refusal-name-taken", 19), ("ok", 1)];
    let made =
        at_once(20, &world, |w, _| async move { vms::create(&w.admin, &w.new_vm("web1")).await }).await;
    assert_eq!(made, answers(taken));
    let made = at_once(20, &world, |w, _| async move {
        clusters::create(&w.admin, &cluster("one", w.data_center)).await
    });
    assert_eq!(made.await, answers(taken));
    let made = at_once(20, &world, |w, _| async move {
        networks::create(&w.admin, &network("one", w.data_center)).await
    });
    assert_eq!(made.await, answers(taken));
    let made = at_once(20, &world, |w, i| async move {
        storage_domains::create(&w.admin, &storage(&format!("s{i}"), w.data_center, "/srv/one")).await
    });
    assert_eq!(made.await, answers([("ok", 1), ("path: refusal-path-taken", 19)]));
    let made = at_once(20, &world, |w, i| async move {
        let mut new = host(&format!("h{i}"), w.cluster);
        new.config.address = "one.example.org".into();
        hosts::create(&w.admin, &new).await
    });
    assert_eq!(made.await, answers([("address: refusal-address-taken", 19), ("ok", 1)]));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_vm_is_started_once(pool: PgPool) {
    let world = Arc::new(World::new(pool).await);
    world.down("web1").await;
    world.stop_engine().await;
    let ask = |w: Arc<World>, _| async move {
        let vm = store::vms::by_name(&mut *w.app.conn().await?, "web1").await?.unwrap();
        vms::run(&w.admin, vm, None).await
    };
    assert_eq!(at_once(10, &world, ask).await, answers([("ok", 1), ("refusal-busy", 9)]));
    assert_eq!(world.count("SELECT count(*) FROM jobs WHERE status = 'queued'").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_of_two_editors_is_told(pool: PgPool) {
    let world = Arc::new(World::new(pool).await);
    world.down("web1").await;
    let ask = |w: Arc<World>, i: usize| async move {
        let vm = store::vms::by_name(&mut *w.app.conn().await?, "web1").await?.unwrap();
        let mut config = vm_config("web1");
        config.comment = format!("by {i}");
        vms::edit(&w.admin, vm, &EditVm { version: 1, config }).await
    };
    assert_eq!(at_once(2, &world, ask).await, answers([("ok", 1), ("stale", 1)]));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn memory_is_given_away_once(pool: PgPool) {
    const ROOM: usize = 3;
    const VMS: usize = 8;
    let world = Arc::new(World::new(pool).await);
    for id in &world.hosts[1..] {
        hosts::maintain(&world.admin, *id, None).await.unwrap();
    }
    let host = hosts::get(&world.admin, world.hosts[0]).await.unwrap();
    let mut config = host.config;
    config.memory_limit = Some((MEMORY + schedule::OVERHEAD) * ROOM as u64 + MIB);
    let edit = model::host::EditHost { version: host.row.version, config };
    hosts::edit(&world.admin, world.hosts[0], &edit).await.unwrap();
    for i in 0..VMS {
        world.down(&format!("web{i}")).await;
    }
    let ask = |w: Arc<World>, i: usize| async move {
        let vm = store::vms::by_name(&mut *w.app.conn().await?, &format!("web{i}")).await?.unwrap();
        vms::run(&w.admin, vm, None).await
    };
    // All may be let in at first, because only the placing step books the room.
    let _ = at_once(VMS, &world, ask).await;
    let jobs = sqlx::query_scalar("SELECT id FROM jobs WHERE kind = 'vm-start'").fetch_all(&world.app.pool);
    let mut started = 0;
    for job in jobs.await.unwrap() {
        let (status, error) = world.finish(model::JobId(job)).await;
        if status == JobStatus::Finished {
            started += 1;
        } else {
            assert_eq!(error.unwrap().text.key, "refusal-no-host");
        }
    }
    assert_eq!(started, ROOM);
    assert_eq!(world.estate.domains(world.hosts[0]).len(), ROOM);
    world.assert_tidy().await;
}

/// A host is sent to maintenance in the moment between a VM's placement and its booking.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_host_that_is_just_being_booked_does_not_go_to_maintenance(pool: PgPool) {
    let world = Arc::new(World::new(pool).await);
    let id = world.down("web1").await;
    let mut tx = world.app.begin().await.unwrap();
    let vm = store::vms::lock(&mut tx, id).await.unwrap().unwrap();
    let host = control::placement::place(&mut tx, &vm).await.unwrap();
    let maintain = {
        let world = world.clone();
        tokio::spawn(async move { hosts::maintain(&world.admin, host, None).await })
    };
    eventually("it waits for the placement, or has not waited", || async {
        let waiting = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        (maintain.is_finished() || world.count(waiting).await > 0).then_some(())
    })
    .await;
    store::vms::set_host(&mut tx, id, Some(host)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(said(maintain.await.unwrap()), "refusal-host-vms");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_being_used_is_not_removed_under_its_user(pool: PgPool) {
    let world = Arc::new(World::new(pool).await);
    for round in 0..6 {
        let name = format!("r{round}");
        let d = data_centers::create(&world.admin, &data_center(&name)).await.unwrap();
        let new = cluster(&name, d);
        let (made, removed) =
            tokio::join!(clusters::create(&world.admin, &new), data_centers::remove(&world.admin, d));
        match (made, removed) {
            (Ok(_), Err(in_use)) => assert_eq!(said::<()>(Err(in_use)), "refusal-in-use"),
            (Err(gone), Ok(())) => assert_eq!(said::<()>(Err(gone)), "data_center: field-unknown-reference"),
            other => panic!("{other:?}"),
        }
        let template = world.import(&world.admin, &name).await.unwrap();
        let new = model::vm_request::NewVm { template: Some(template), ..world.new_vm(&name) };
        let (made, removed) =
            tokio::join!(vms::create(&world.admin, &new), templates::remove(&world.admin, template));
        match (made, removed) {
            (Ok((_, job)), Err(in_use)) => {
                assert_eq!(said::<()>(Err(in_use)), "refusal-in-use");
                world.done(job).await;
            }
            (Err(gone), Ok(())) => {
                let told = said::<()>(Err(gone));
                assert!(told.starts_with("template: "), "{told}");
            }
            other => panic!("{other:?}"),
        }
    }
    world.assert_tidy().await;
}

/// Looks, placements, maintenance and edits in each other's way: nobody is told of a deadlock.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_crowd_does_not_lock_itself_out(pool: PgPool) {
    let world = Arc::new(World::new(pool).await);
    for i in 0..6 {
        world.up(&format!("web{i}")).await;
    }
    let looks = {
        let world = world.clone();
        tokio::spawn(async move {
            for _ in 0..20 {
                world.clock.advance(time::Duration::seconds(6));
                world.look().await;
            }
        })
    };
    let answers = at_once(30, &world, |w, i| async move {
        let name = format!("web{}", i % 6);
        let vm = store::vms::by_name(&mut *w.app.conn().await?, &name).await?.unwrap();
        match i % 5 {
            0 => vms::power_off(&w.admin, vm, None).await.map(drop),
            1 => vms::run(&w.admin, vm, None).await.map(drop),
            2 => hosts::maintain(&w.admin, w.hosts[i % 3], None).await,
            3 => vms::edit(&w.admin, vm, &EditVm { version: 1, config: vm_config(&name) }).await,
            _ => vms::reboot(&w.admin, vm, None).await.map(drop),
        }
    })
    .await;
    assert_eq!(answers.get("job-database-away"), None, "{answers:?}");
    looks.await.unwrap();
    eventually("all jobs end", || async {
        let open = "SELECT count(*) FROM jobs WHERE status IN ('queued', 'running', 'undoing')";
        world.start_engine().await;
        world.look().await;
        world.clock.advance(time::Duration::seconds(2));
        (world.count(open).await == 0).then_some(())
    })
    .await;
    for i in 0..6 {
        let vm = store::vms::by_name(&mut world.app.conn().await.unwrap(), &format!("web{i}"))
            .await
            .unwrap()
            .unwrap();
        let status = world.vm(vm).await.row.status;
        assert_eq!(world.estate.running_on(vm).is_empty(), status == VmStatus::Down, "web{i}: {status:?}");
    }
}

/// A BEGIN whose waiter goes away at any point leaves no connection in a transaction.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_begin_that_nobody_waits_for_any_more_is_ended(pool: PgPool) {
    for polls in 1..6 {
        let mut begin = Box::pin(store::begin_on(&pool));
        for _ in 0..polls {
            tokio::select! {
                biased;
                _ = &mut begin => break,
                () = tokio::task::yield_now() => {}
            }
        }
    }
    eventually("no transaction is open", || async {
        let open = "SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        let open: i64 = sqlx::query_scalar(open).fetch_one(&pool).await.unwrap();
        (open == 0).then_some(())
    })
    .await;
}
