//! Jobs as people read them: who sees which, in which order, a page at a time.
#![allow(clippy::unwrap_used)]

use model::id::{Kind, SYSTEM};
use model::job::JobStatus;
use model::list::ListQuery;
use model::policy::USER_VM_MANAGER;
use model::{JobId, PermissionId, Text, UserId};
use store::jobs::{self, Insert};
use store::{PgConnection, PgPool, Viewer, objects, users};
use time::macros::datetime;
use uuid::Uuid;

const START: time::OffsetDateTime = datetime!(2030-01-01 12:00 UTC);

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

const CLUSTER: Uuid = Uuid::from_u128(100);
const MINE: Uuid = Uuid::from_u128(101);
const FOREIGN: Uuid = Uuid::from_u128(102);

/// A cluster with two VMs, and a user who manages one of them.
async fn estate(c: &mut PgConnection) -> Viewer {
    store::roles::seed(c).await.unwrap();
    objects::place(c, CLUSTER, Kind::Cluster, &[SYSTEM]).await.unwrap();
    objects::place(c, MINE, Kind::Vm, &[CLUSTER]).await.unwrap();
    objects::place(c, FOREIGN, Kind::Vm, &[CLUSTER]).await.unwrap();
    let user = id(200);
    users::grant(c, PermissionId(id(201)), user, USER_VM_MANAGER.id, MINE, START).await.unwrap();
    Viewer { user, all: false, now: time::OffsetDateTime::UNIX_EPOCH }
}

const ALL: Viewer = Viewer { user: Uuid::nil(), all: true, now: time::OffsetDateTime::UNIX_EPOCH };

/// The `n`-th job, asked for `n` minutes after the start.
async fn job(c: &mut PgConnection, n: u128, owner: Option<Uuid>, objects: &[Uuid]) -> JobId {
    let job = Insert {
        id: JobId(id(n)),
        kind: "vm.start",
        title: &Text::new("job-vm-start").with("name", "web1"),
        params: &serde_json::json!({}),
        owner: owner.map(UserId),
        owner_name: if owner.is_some() { "anna" } else { "system" },
        correlation_id: "c-1",
        now: START + time::Duration::minutes(i64::try_from(n).unwrap()),
        steps: &[("place", true), ("launch", false)],
        objects,
    };
    jobs::insert(c, &job).await.unwrap();
    job.id
}

async fn listed(c: &mut PgConnection, viewer: Viewer, query: &ListQuery) -> Vec<u128> {
    let page = jobs::list(c, viewer, query).await.unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows.iter().map(|row| row.id.0.as_u128()).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_person_sees_their_own_jobs_and_those_on_what_they_see(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    let anna = estate(&mut c).await;
    let mine = job(&mut c, 1, None, &[MINE]).await;
    let foreign = job(&mut c, 2, None, &[FOREIGN]).await;
    let both = job(&mut c, 3, None, &[FOREIGN, MINE]).await;
    // Of an object that is gone, or that she has never seen.
    let owned = job(&mut c, 4, Some(anna.user), &[id(999)]).await;
    job(&mut c, 5, None, &[]).await;

    let query = ListQuery::default();
    assert_eq!(listed(&mut c, anna, &query).await, [4, 3, 1]);
    assert_eq!(listed(&mut c, ALL, &query).await, [5, 4, 3, 2, 1]);
    let stranger = Viewer { user: id(300), all: false, now: time::OffsetDateTime::UNIX_EPOCH };
    assert_eq!(listed(&mut c, stranger, &query).await, [0u128; 0]);

    for (job, seen) in [(mine, true), (foreign, false), (both, true), (owned, true)] {
        assert_eq!(jobs::get(&mut c, anna, job).await.unwrap().is_some(), seen, "{job}");
    }
    let running = jobs::running(&mut c, anna, 2).await.unwrap();
    assert_eq!(running.iter().map(|row| row.id).collect::<Vec<_>>(), [owned, both]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_node_of_the_tree_shows_the_jobs_on_it_and_below_it(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    let anna = estate(&mut c).await;
    job(&mut c, 1, None, &[MINE]).await;
    job(&mut c, 2, None, &[FOREIGN]).await;
    job(&mut c, 3, None, &[CLUSTER]).await;
    job(&mut c, 4, None, &[id(999)]).await;
    let within = |object| ListQuery { within: Some(object), ..ListQuery::default() };
    assert_eq!(listed(&mut c, ALL, &within(CLUSTER)).await, [3, 2, 1]);
    assert_eq!(listed(&mut c, ALL, &within(MINE)).await, [1]);
    assert_eq!(listed(&mut c, ALL, &within(id(999))).await, [4], "an object that is gone still has its jobs");
    assert_eq!(listed(&mut c, anna, &within(FOREIGN)).await, [0u128; 0]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_list_is_sorted_and_paged_and_words_it_does_not_know_change_nothing(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    for n in 1..=30 {
        job(&mut c, n, Some(id(200)).filter(|_| n % 2 == 0), &[]).await;
    }
    let query = ListQuery { size: 25, ..ListQuery::default() };
    let first = jobs::list(&mut c, ALL, &query).await.unwrap();
    let second = jobs::list(&mut c, ALL, &ListQuery { page: 2, ..query.clone() }).await.unwrap();
    assert_eq!((first.total, first.rows.len(), second.rows.len()), (30, 25, 5));
    assert_eq!(first.rows[0].id.0, id(30));
    assert_eq!(second.rows[4].id.0, id(1));

    let sorted =
        |sort: &str, descending| ListQuery { sort: Some(sort.into()), descending, ..ListQuery::default() };
    assert_eq!(listed(&mut c, ALL, &sorted("created", false)).await[..2], [1, 2]);
    assert_eq!(listed(&mut c, ALL, &sorted("owner", false)).await[..2], [2, 4]);
    assert_eq!(listed(&mut c, ALL, &sorted("owner", true)).await[..2], [1, 3]);
    assert_eq!(listed(&mut c, ALL, &sorted("id; DROP TABLE jobs", true)).await[..2], [30, 29]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_tells_how_far_it_is(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    let job = job(&mut c, 1, None, &[MINE, FOREIGN]).await;
    let row = jobs::get(&mut c, ALL, job).await.unwrap().unwrap();
    assert_eq!((row.status, row.steps_done, row.steps_all, row.step), (JobStatus::Queued, 0, 2, None));
    assert_eq!(row.title.to_string(), "Start VM web1");
    assert_eq!((row.owner.as_str(), row.created_at), ("system", START + time::Duration::MINUTE));

    let lease = jobs::work::Lease { job, engine: id(7) };
    let later = START + time::Duration::HOUR;
    let leased = jobs::work::claim(&mut c, id(7), later, later, &[], 9).await.unwrap();
    assert_eq!(leased.len(), 1);
    jobs::work::begin(&mut c, lease, 0, later).await.unwrap();
    assert!(jobs::work::done(&mut c, lease, 0, &serde_json::json!({"host": 1}), later).await.unwrap());
    jobs::work::begin(&mut c, lease, 1, later).await.unwrap();
    let row = jobs::get(&mut c, ALL, job).await.unwrap().unwrap();
    assert_eq!((row.status, row.steps_done, row.step.as_deref()), (JobStatus::Running, 1, Some("launch")));
    let steps = jobs::steps(&mut c, job).await.unwrap();
    assert_eq!(
        steps.iter().map(|s| (s.name.as_str(), s.attempts)).collect::<Vec<_>>(),
        [("place", 1), ("launch", 1)]
    );
    assert_eq!(jobs::objects(&mut c, job).await.unwrap(), [MINE, FOREIGN]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn without_the_lease_nothing_can_be_written(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    let job = job(&mut c, 1, None, &[]).await;
    let later = START + time::Duration::HOUR;
    jobs::work::claim(&mut c, id(7), later, later, &[], 9).await.unwrap();
    let lease = jobs::work::Lease { job, engine: id(8) };
    let state = serde_json::json!({"spoilt": true});
    let before = (jobs::get(&mut c, ALL, job).await.unwrap(), jobs::steps(&mut c, job).await.unwrap());
    use jobs::work;
    assert_eq!(work::begin(&mut c, lease, 0, later).await.unwrap(), work::Begun::Lost);
    assert!(!work::done(&mut c, lease, 0, &state, later).await.unwrap());
    assert!(!work::put_off(&mut c, lease, 0, &state, &model::Text::new("x"), (later, later)).await.unwrap());
    assert!(
        !work::turn_back(&mut c, lease, 0, &state, None, Some(&model::Text::new("x")), later).await.unwrap()
    );
    assert_eq!(work::begin_undo(&mut c, lease, 0, later).await.unwrap(), None);
    assert!(!work::undone(&mut c, lease, 0, &state, later).await.unwrap());
    assert!(!work::left(&mut c, lease, 0, &model::Text::new("x"), later).await.unwrap());
    assert!(!work::end(&mut c, lease, JobStatus::Finished, None, later).await.unwrap());
    assert_eq!(work::end_failed(&mut c, lease).await.unwrap(), None);
    assert!(!work::release(&mut c, lease).await.unwrap());
    assert_eq!(work::renew(&mut c, id(8), &[job.0], later).await.unwrap(), []);
    let after = (jobs::get(&mut c, ALL, job).await.unwrap(), jobs::steps(&mut c, job).await.unwrap());
    assert_eq!(before, after);
    assert_eq!(work::standing(&mut c, job).await.unwrap(), Some((JobStatus::Queued, None)), "still leased");
}
