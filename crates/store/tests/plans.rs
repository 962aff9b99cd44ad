//! What the database does for each list at the size that Drover is measured at: 500 hosts, 10,000 VMs, 20,000 disks.
//! The lists are asked as the product asks them, and PostgreSQL tells the plan of every query with what it really
//! read. The rule is about work, not time: history and places are only ever reached by an index; the objects that a
//! list is of may be read through once, to be counted or to be sorted by something that has no order of its own; and
//! nothing is read through again for each row.
#![allow(clippy::unwrap_used)]

#[path = "plans/heard.rs"]
mod heard;

use heard::{Heard, Plan};
use model::id::Kind;
use model::list::ListQuery;
use store::list::Spec;
use store::{PgConnection, PgPool, Viewer};
use uuid::Uuid;

/// Never read through.
const BY_INDEX: [&str; 7] = [
    "events",
    "event_objects",
    "objects",
    "object_ancestors",
    "object_parents",
    "vm_samples",
    "host_samples",
];
/// Read through at most once in a query; jobs go after a month.
const ONCE: [&str; 7] = ["vms", "disks", "nics", "vm_disks", "jobs", "job_objects", "job_steps"];
/// So many rows at most are looked at in all: the longest list, which are the 20,000 disks, three times, and change.
const READ: f64 = 65_000.0;
/// Those of a list, and of the functions in them.
const QUERIES: usize = 8;

const ADMINISTRATOR: Viewer = Viewer { user: Uuid::nil(), all: true, now: time::OffsetDateTime::UNIX_EPOCH };

struct Estate {
    c: store::PoolConnection<store::Postgres>,
    heard: Heard,
    /// Sees 50 VMs; sees a cluster.
    few: Viewer,
    some: Viewer,
    data_center: Uuid,
    cluster: Uuid,
    host: Uuid,
    vm: Uuid,
}

async fn id(c: &mut PgConnection, what: &str, n: i64) -> Uuid {
    sqlx::query_scalar("SELECT bench_id($1, $2)").bind(what).bind(n).fetch_one(c).await.unwrap()
}

async fn estate(pool: &PgPool, heard: Heard) -> Estate {
    let mut c = pool.acquire().await.unwrap();
    store::objects::seed_roles(&mut c).await.unwrap();
    for script in [
        "SELECT set_config('bench.events', '20000', false)",
        include_str!("../../../end2end/bench/estate.sql"),
        include_str!("../../../end2end/bench/history.sql"),
        "ANALYZE",
    ] {
        sqlx::raw_sql(script).execute(&mut *c).await.unwrap();
    }
    let few = Viewer { user: id(&mut c, "user", 0).await, all: false, now: time::OffsetDateTime::UNIX_EPOCH };
    let some =
        Viewer { user: id(&mut c, "user", 1).await, all: false, now: time::OffsetDateTime::UNIX_EPOCH };
    let (cluster, host) = (id(&mut c, "cluster", 3).await, id(&mut c, "host", 3).await);
    let (data_center, vm) = (id(&mut c, "dc", 3).await, id(&mut c, "vm", 3).await);
    heard::explain(&mut c).await;
    Estate { c, heard, few, some, data_center, cluster, host, vm }
}

impl Estate {
    /// Every page that the list offers, and what is wrong with its plans.
    async fn look<T>(&mut self, name: &str, list: &Spec<T>) -> Vec<String> {
        let words: Vec<&str> = list.sorts.iter().map(|(word, _)| *word).collect();
        let mut wrong = Vec::new();
        for (viewer, query) in self.asked(&words) {
            let page = list.page(&mut self.c, viewer, &query).await.unwrap();
            assert!(page.total > 0 || query.within.is_some() || !viewer.all, "{name} is empty");
            wrong.extend(self.judged(&format!("{name} {query:?} {}", viewer.all)));
        }
        wrong
    }

    /// Each order both ways, the first page and one deep; within nothing, a cluster and a host; by three viewers.
    fn asked(&self, words: &[&str]) -> Vec<(Viewer, ListQuery)> {
        let mut all = Vec::new();
        for word in words {
            for (descending, page) in [(false, 1), (true, 1), (false, 90), (true, 90)] {
                let sort = Some((*word).to_owned());
                let query = ListQuery { sort, descending, page, ..ListQuery::default() };
                all.push((ADMINISTRATOR, query.clone()));
                all.extend([self.few, self.some].map(|viewer| (viewer, query.clone())));
                for within in [self.cluster, self.host, self.vm] {
                    all.push((ADMINISTRATOR, ListQuery { within: Some(within), ..query.clone() }));
                }
            }
        }
        all
    }

    /// What lists think that the person sees and `visible` does not, or the reverse.
    async fn seen_otherwise(&mut self, viewer: Viewer) -> Vec<Uuid> {
        let sql = "SELECT id FROM objects WHERE visible($1, id) <> (id IN (SELECT seen($1)))";
        sqlx::query_scalar(sql).bind(viewer.user).fetch_all(&mut *self.c).await.unwrap()
    }

    fn judged(&self, asked: &str) -> Vec<String> {
        let plans = self.heard.take();
        assert!(!plans.is_empty(), "the database tells no plan");
        // What a function asks counts as well, so that nothing is asked for each row in there.
        let many = (plans.len() > QUERIES).then(|| format!("takes {} queries", plans.len()));
        let wrong = plans.iter().flat_map(faults).chain(many);
        wrong.map(|fault| format!("{asked}: {fault}")).collect()
    }
}

/// What a plan does that it must not.
fn faults(plan: &Plan) -> Vec<String> {
    let scans = plan.scans();
    let mut wrong: Vec<String> = scans
        .iter()
        .filter(|scan| scan.sequential)
        .filter(|s| {
            BY_INDEX.contains(&s.table.as_str()) || (ONCE.contains(&s.table.as_str()) && s.loops > 1.0)
        })
        .map(|s| format!("reads {} through {} times", s.table, s.loops))
        .collect();
    let read: f64 = scans.iter().map(|scan| scan.rows).sum();
    if read > READ {
        wrong.push(format!("looks at {read} rows: {scans:?}"));
    }
    wrong
}

macro_rules! lists {
    ($estate:ident: $($module:ident),*) => {{
        let mut wrong = Vec::new();
        $(wrong.extend($estate.look(stringify!($module), &store::$module::LIST).await);)*
        wrong
    }};
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_list_reads_more_than_it_must(pool: PgPool) {
    let (heard, _listening) = Heard::listen();
    let mut estate = estate(&pool, heard).await;
    for viewer in [estate.few, estate.some] {
        assert_eq!(estate.seen_otherwise(viewer).await, [Uuid::nil(); 0]);
    }
    heard::explain(&mut estate.c).await;
    let mut wrong =
        lists!(estate: vms, disks, hosts, clusters, data_centers, networks, storage_domains, templates);
    for (viewer, query) in estate.asked(&["created", "ended", "kind", "status", "owner"]) {
        store::jobs::list(&mut estate.c, viewer, &query).await.unwrap();
        wrong.extend(estate.judged(&format!("jobs {query:?} {}", viewer.all)));
    }
    for viewer in [ADMINISTRATOR, estate.few, estate.some] {
        let (center, cluster) = (estate.data_center, estate.cluster);
        for (of, id) in [(Kind::DataCenter, center), (Kind::Cluster, cluster)] {
            store::tree::folders(&mut estate.c, viewer, of, id).await.unwrap();
            wrong.extend(estate.judged(&format!("the tree's folders in {of:?} {}", viewer.all)));
        }
        for (lists, of) in [
            (Kind::DataCenter, model::SYSTEM),
            (Kind::StorageDomain, center),
            (Kind::Network, center),
            (Kind::Template, center),
            (Kind::Cluster, center),
            (Kind::Host, cluster),
            (Kind::Vm, cluster),
        ] {
            store::tree::objects(&mut estate.c, viewer, lists, of, 100).await.unwrap();
            wrong.extend(estate.judged(&format!("the tree's {lists:?} {}", viewer.all)));
        }
        store::tree::spot(&mut estate.c, estate.vm).await.unwrap();
        wrong.extend(estate.judged(&format!("the way in the tree {}", viewer.all)));
    }
    // Names that begin so, words that few have and that all have, and nothing.
    for text in ["vm12", "v", "disk1", "disk1 vm77", "example", "nothing"] {
        for viewer in [ADMINISTRATOR, estate.few, estate.some] {
            store::palette::find(&mut estate.c, viewer, true, text).await.unwrap();
            wrong.extend(estate.judged(&format!("the palette {text} {}", viewer.all)));
        }
    }
    assert!(wrong.is_empty(), "{} of the plans do too much:\n{}", wrong.len(), wrong.join("\n"));
}
