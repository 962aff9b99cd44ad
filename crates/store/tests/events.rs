//! Events as people read them: who sees which, below what, in which order, and never more counted than must be.
#![allow(clippy::unwrap_used)]

use model::event::EventKind;
use model::id::{Kind, SYSTEM};
use model::list::ListQuery;
use model::policy::USER_VM_MANAGER;
use model::{JobId, PermissionId, Text};
use store::events::{self, NewEvent};
use store::{PgConnection, PgPool, Viewer, objects, users};
use time::macros::datetime;
use uuid::Uuid;

const START: time::OffsetDateTime = datetime!(2030-01-01 12:00 UTC);
const CENTER: Uuid = Uuid::from_u128(99);
const CLUSTER: Uuid = Uuid::from_u128(100);
const MINE: Uuid = Uuid::from_u128(101);
const FOREIGN: Uuid = Uuid::from_u128(102);
const OWNER: Viewer =
    Viewer { user: Uuid::from_u128(200), all: false, now: time::OffsetDateTime::UNIX_EPOCH };
const KEEPER: Viewer =
    Viewer { user: Uuid::from_u128(201), all: false, now: time::OffsetDateTime::UNIX_EPOCH };
const ALL: Viewer = Viewer { user: Uuid::nil(), all: true, now: time::OffsetDateTime::UNIX_EPOCH };

/// A data center with a cluster of two VMs; one person manages one of them, another the cluster.
async fn estate(c: &mut PgConnection) {
    store::roles::seed(c).await.unwrap();
    objects::place(c, CENTER, Kind::DataCenter, &[SYSTEM]).await.unwrap();
    objects::place(c, CLUSTER, Kind::Cluster, &[CENTER]).await.unwrap();
    for (n, vm) in [(1, MINE), (2, FOREIGN)] {
        objects::place(c, vm, Kind::Vm, &[CLUSTER]).await.unwrap();
        let on = if n == 1 { (OWNER.user, MINE) } else { (KEEPER.user, CLUSTER) };
        let id = PermissionId(Uuid::from_u128(300 + n));
        users::grant(c, id, on.0, USER_VM_MANAGER.id, on.1, START).await.unwrap();
    }
}

struct Told<'a> {
    kind: EventKind,
    about: &'a [(Kind, Uuid)],
    user: Option<Uuid>,
    correlation: Option<&'a str>,
    job: Option<Uuid>,
}

impl Told<'_> {
    fn of(kind: EventKind, about: &[(Kind, Uuid)]) -> Told<'_> {
        Told { kind, about, user: None, correlation: None, job: None }
    }

    async fn write(self, c: &mut PgConnection) -> i64 {
        let event = NewEvent {
            kind: self.kind,
            text: Text::new(self.kind.key()).with("name", "x"),
            user: self.user.map(|id| (id, "anna")),
            correlation: self.correlation,
            job: self.job,
            objects: self.about.iter().map(|(kind, id)| (*kind, *id, "x".to_owned())).collect(),
        };
        events::insert(c, &event, START).await.unwrap()
    }
}

async fn listed(c: &mut PgConnection, viewer: Viewer, query: ListQuery) -> Vec<i64> {
    let page = events::page(c, viewer, &query).await.unwrap();
    assert_eq!((page.total, page.more), (page.rows.len() as u64, false));
    page.rows.iter().map(|row| row.id).collect()
}

fn within(object: Uuid) -> ListQuery {
    ListQuery { within: Some(object), ..ListQuery::default() }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_event_is_seen_from_above_and_by_whom_it_is_about(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    estate(&mut c).await;
    let mine = Told::of(EventKind::VmStarted, &[(Kind::Vm, MINE)]).write(&mut c).await;
    let foreign = Told::of(EventKind::VmStarted, &[(Kind::Vm, FOREIGN)]).write(&mut c).await;
    let cluster = Told::of(EventKind::ClusterUpdated, &[(Kind::Cluster, CLUSTER)]).write(&mut c).await;
    let server = Told::of(EventKind::ServerStarted, &[]).write(&mut c).await;
    let own = Told { user: Some(OWNER.user), ..Told::of(EventKind::SignedOut, &[]) }.write(&mut c).await;
    for (viewer, all, center) in [
        (ALL, vec![own, server, cluster, foreign, mine], vec![cluster, foreign, mine]),
        (KEEPER, vec![cluster, foreign, mine], vec![cluster, foreign, mine]),
        // The cluster's own are shown to those with something below it, as it is itself.
        (OWNER, vec![own, cluster, mine], vec![cluster, mine]),
    ] {
        assert_eq!(listed(&mut c, viewer, ListQuery::default()).await, all);
        assert_eq!(listed(&mut c, viewer, within(SYSTEM)).await, all);
        assert_eq!(listed(&mut c, viewer, within(CENTER)).await, center);
        for id in [own, server, cluster, foreign, mine] {
            let seen = viewer.all || events::seen(&mut c, viewer.user, id).await.unwrap();
            assert_eq!(seen, all.contains(&id), "{id} by {viewer:?}");
        }
    }
    assert_eq!(listed(&mut c, KEEPER, within(MINE)).await, [mine]);
    assert_eq!(listed(&mut c, OWNER, within(FOREIGN)).await, Vec::<i64>::new());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_gone_is_told_of_to_those_above(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    estate(&mut c).await;
    let before = Told::of(EventKind::VmStarted, &[(Kind::Vm, FOREIGN)]).write(&mut c).await;
    objects::remove(&mut c, FOREIGN).await.unwrap();
    let after = Told::of(EventKind::VmRemoved, &[(Kind::Vm, FOREIGN)]).write(&mut c).await;
    for viewer in [ALL, KEEPER] {
        assert_eq!(listed(&mut c, viewer, within(CLUSTER)).await, [after, before]);
    }
    assert_eq!(listed(&mut c, OWNER, ListQuery::default()).await, Vec::<i64>::new());
    let told = events::get(&mut c, after).await.unwrap().unwrap();
    assert_eq!(told.objects, [(Kind::Vm, FOREIGN, "x".to_owned())], "what is above is no subject");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_request_leads_to_its_events_and_a_job_to_its_own(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    estate(&mut c).await;
    let vm = [(Kind::Vm, MINE)];
    let of = |kind, job| Told { correlation: Some("c-1"), job, ..Told::of(kind, &vm) };
    let job = JobId(Uuid::from_u128(7));
    let insert = store::jobs::Insert {
        id: job,
        kind: "vm.start",
        title: &Text::new("job-vm-start"),
        params: &serde_json::json!({}),
        owner: None,
        owner_name: "anna",
        correlation_id: "c-1",
        now: START,
        steps: &[],
        objects: &[MINE],
    };
    store::jobs::insert(&mut c, &insert).await.unwrap();
    let asked = of(EventKind::VmStartInitiated, None).write(&mut c).await;
    let done = of(EventKind::VmStarted, Some(job.0)).write(&mut c).await;
    let other = of(EventKind::VmDown, Some(Uuid::from_u128(8))).write(&mut c).await;
    Told::of(EventKind::VmDown, &vm).write(&mut c).await;
    let request = || ListQuery { correlation: Some("c-1".into()), ..ListQuery::default() };
    for viewer in [ALL, OWNER] {
        assert_eq!(listed(&mut c, viewer, request()).await, [other, done, asked]);
        assert_eq!(listed(&mut c, viewer, within(job.0)).await, [done, asked]);
    }
    let stranger = Viewer { user: Uuid::from_u128(9), all: false, now: time::OffsetDateTime::UNIX_EPOCH };
    assert_eq!(listed(&mut c, stranger, request()).await, Vec::<i64>::new());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_page_is_sorted_and_nothing_is_counted_on_and_on(pool: PgPool) {
    let mut c = pool.acquire().await.unwrap();
    estate(&mut c).await;
    let made = sqlx::query(
        "WITH e AS (INSERT INTO events (time, code, severity, text, message)
            SELECT now(), 61, CASE WHEN n % 100 = 0 THEN 'error' ELSE 'normal' END, '{\"key\":\"x\"}', 'm'
            FROM generate_series(1, 10050) n RETURNING id)
         INSERT INTO event_objects (event_id, object_id, kind, name, above)
            SELECT id, $1, 'vm', 'x', false FROM e UNION ALL SELECT id, $2, 'cluster', '', true FROM e",
    );
    made.bind(MINE).bind(CLUSTER).execute(&mut *c).await.unwrap();
    for (viewer, scope) in
        [(ALL, None), (ALL, Some(CLUSTER)), (OWNER, None), (OWNER, Some(CENTER)), (KEEPER, None)]
    {
        let query = |page| ListQuery { page, size: 500, within: scope, ..ListQuery::default() };
        let first = events::page(&mut c, viewer, &query(1)).await.unwrap();
        assert_eq!((first.total, first.more, first.rows.len()), (10_000, true, 500), "{viewer:?} {scope:?}");
        // Whoever goes on sees the rest, and then it has been counted.
        let last = events::page(&mut c, viewer, &query(21)).await.unwrap();
        assert_eq!((last.total, last.more, last.rows.len()), (10_050, false, 50));
        let worst = ListQuery { sort: Some("severity".into()), descending: true, ..query(1) };
        let worst = events::page(&mut c, viewer, &worst).await.unwrap().rows;
        assert!(worst[..100].iter().all(|e| e.severity == model::event::Severity::Error));
        assert!(worst[..100].is_sorted_by_key(|e| -e.id));
        let oldest = ListQuery { sort: Some("time".into()), ..query(1) };
        let oldest = events::page(&mut c, viewer, &oldest).await.unwrap().rows;
        assert!(oldest.is_sorted_by_key(|e| e.id) && oldest[0].id < last.rows[0].id);
    }
}
