//! What the database does for each list at the size that Drover is measured at: 500 hosts, 10,000 VMs, 20,000 disks.
//! The lists are asked as the product asks them, and PostgreSQL tells the plan of every query with what it really
//! read. The rule is about work, not time: history and places are only ever reached by an index; the objects that a
//! list is of may be read through once, to be counted or to be sorted by something that has no order of its own; and
//! nothing is read through again for each row.
#![allow(clippy::unwrap_used)]

#[path = "plans/heard.rs"]
mod heard;

use heard::{Heard, Plan, Scan};
use model::id::Kind;
use model::list::ListQuery;
use search::{Entity, Names};
use store::list::Spec;
use store::{PgConnection, PgPool, Viewer};
use uuid::Uuid;

/// Never read through.
const BY_INDEX: [&str; 7] =
    ["events", "event_objects", "objects", "object_ancestors", "object_parents", "samples", "samples_hourly"];
/// Read through at most once in a query; jobs go after a month.
const ONCE: [&str; 7] = ["vms", "disks", "nics", "vm_disks", "jobs", "job_objects", "job_steps"];
/// So many rows at most are looked at in all: the longest list, which are the 20,000 disks, three times, and change.
const READ: f64 = 65_000.0;
/// So many of the events, of the 40,000 that there are: those up to which is counted, and each once more to be sorted.
const READ_OF_EVENTS: f64 = 21_000.0;
/// Those of a list, and of the functions in them.
const QUERIES: usize = 8;

/// Searches of long lists: by the objects' own columns, by what they belong to, by what belongs to them; sorted, too.
const VMS: &[&str] = &[
    "name = vm1* and status = up sortby memory desc",
    "host.name = host00* or cluster = cluster3",
    "ip = 10.0.* and cpu_usage > 50 sortby uptime",
    "fqdn = vm1* sortby on_host",
    "storage.name = storage3",
    "vm1234",
    "quota = team1*",
];
const HOSTS: &[&str] = &[
    "status = up and cpu_usage > 50 sortby mem_usage",
    "vm.name = vm12*",
    "cluster = cluster3 sortby active_vms desc",
];
const DISKS: &[&str] = &[
    "alias = vm1* and status = ok sortby size desc",
    "vm_names = vm12*",
    "storage.name = storage3",
    "number_of_vms = 0",
    "quota = team1*",
];
const EVENTS: &[&str] = &[
    "severity >= error and time > yesterday",
    "severity = alert",
    "time > yesterday and message = vm12*",
    "correlation_id = bench-77",
    "event_vm = vm1234",
    "event_vm = vm12*",
    "event_host = nowhere",
    "message = zebra",
    "vm1234",
];

struct Estate {
    c: store::PoolConnection<store::Postgres>,
    heard: Heard,
    /// Sees everything; sees 50 VMs; sees a cluster.
    all: Viewer,
    few: Viewer,
    some: Viewer,
    /// May make VMs anywhere, and sees no other.
    maker: Viewer,
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
    store::roles::seed(&mut c).await.unwrap();
    for script in [
        "SELECT set_config('bench.events', '40000', false)",
        include_str!("../../../end2end/bench/estate.sql"),
        include_str!("../../../end2end/bench/history.sql"),
        "ANALYZE",
    ] {
        sqlx::raw_sql(script).execute(&mut *c).await.unwrap();
    }
    // They look when the last of it has just happened.
    let now = sqlx::query_scalar("SELECT now()").fetch_one(&mut *c).await.unwrap();
    let all = Viewer { user: Uuid::nil(), all: true, now };
    let few = Viewer { user: id(&mut c, "user", 0).await, all: false, now };
    let some = Viewer { user: id(&mut c, "user", 1).await, all: false, now };
    let maker = Viewer { user: maker(&mut c, now).await, all: false, now };
    let (cluster, host) = (id(&mut c, "cluster", 3).await, id(&mut c, "host", 3).await);
    let (data_center, vm) = (id(&mut c, "dc", 3).await, id(&mut c, "vm", 3).await);
    Estate { c, heard, all, few, some, maker, data_center, cluster, host, vm }
}

async fn maker(c: &mut PgConnection, now: time::OffsetDateTime) -> Uuid {
    let (id, permission) = (id(c, "maker", 0).await, id(c, "maker", 1).await);
    sqlx::query("INSERT INTO users (id, name, created_at) VALUES ($1, 'maker', now())")
        .bind(id)
        .execute(&mut *c)
        .await
        .unwrap();
    let role = model::policy::VM_CREATOR.id;
    store::users::grant(c, permission.into(), id, role, model::SYSTEM, now).await.unwrap();
    id
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
                all.push((self.all, query.clone()));
                all.extend([self.few, self.some].map(|viewer| (viewer, query.clone())));
                for within in [self.cluster, self.host, self.vm] {
                    all.push((self.all, ListQuery { within: Some(within), ..query.clone() }));
                }
            }
        }
        all
    }

    /// What each of these searches of the list does, by whoever looks.
    async fn searched<T>(&mut self, name: &str, list: &Spec<T>, searches: &[&str]) -> Vec<String> {
        let mut wrong = Vec::new();
        for (viewer, query) in self.searches(searches) {
            list.page(&mut self.c, viewer, &query).await.unwrap();
            wrong.extend(self.judged(&format!("{name} {query:?} {}", viewer.all)));
        }
        wrong
    }

    fn searches(&self, searches: &[&str]) -> Vec<(Viewer, ListQuery)> {
        let query = |text: &str| ListQuery { search: Some(text.to_owned()), ..ListQuery::default() };
        let of = |viewer| searches.iter().map(move |text| (viewer, query(text)));
        [self.all, self.few, self.some].into_iter().flat_map(of).collect()
    }

    /// Events in every scope: of all, of what is below something, of one request; and searched.
    async fn events(&mut self) -> Vec<String> {
        let request = |viewer| {
            let correlation = Some("bench-77".to_owned());
            (viewer, ListQuery { correlation, ..ListQuery::default() })
        };
        let mut all = self.asked(&["time", "severity", "message", "user"]);
        all.extend([self.all, self.few].map(request));
        for within in [self.cluster, self.host, self.vm] {
            let query = ListQuery { within: Some(within), ..ListQuery::default() };
            all.extend([self.few, self.some].map(|viewer| (viewer, query.clone())));
        }
        all.extend(self.searches(EVENTS));
        let mut wrong = Vec::new();
        for (viewer, query) in all {
            store::events::page(&mut self.c, viewer, &query).await.unwrap();
            wrong.extend(self.judged(&format!("events {query:?} {}", viewer.all)));
        }
        wrong
    }

    /// What every page asks for its frame, and what is proposed while somebody types a search.
    async fn around(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        for viewer in [self.all, self.few, self.some] {
            store::events::newest(&mut self.c, viewer).await.unwrap();
            store::events::alerts(&mut self.c, viewer, true, 200).await.unwrap();
            store::jobs::running(&mut self.c, viewer, 50).await.unwrap();
            wrong.extend(self.judged(&format!("the frame {}", viewer.all)));
            for (of, begins) in
                [(Entity::Vms, ""), (Entity::Vms, "vm12"), (Entity::Disks, "vm"), (Entity::Hosts, "host4")]
            {
                store::search::names(&mut self.c, viewer, Names::Of(of), begins).await.unwrap();
                wrong.extend(self.judged(&format!("completion of {of:?} {begins:?} {}", viewer.all)));
            }
        }
        wrong
    }

    /// What is asked of a quota before something is taken from it, and by whom it may be chosen.
    async fn quotas(&mut self) -> Vec<String> {
        let quota = id(&mut self.c, "quota", 3).await.into();
        store::quotas::lock(&mut self.c, quota).await.unwrap();
        for memory in [false, true] {
            store::quotas::largest_vms(&mut self.c, quota, memory).await.unwrap();
        }
        store::quotas::largest_disks(&mut self.c, quota).await.unwrap();
        let mut wrong = self.judged("a quota");
        store::quotas::usable(&mut self.c, Some(self.few.user)).await.unwrap();
        wrong.extend(self.judged("the quotas that somebody may use"));
        wrong
    }

    /// What the dashboard counts and adds up: each reads at most once through what there is many of.
    async fn dashboard(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        for viewer in [self.all, self.few, self.some] {
            let vms = store::dashboard::vms(&mut self.c, viewer).await.unwrap();
            let counted: u64 = vms.statuses.iter().map(|(_, n)| n).sum();
            let listed = store::vms::LIST.page(&mut self.c, viewer, &ListQuery::default()).await.unwrap();
            assert_eq!(counted, listed.total);
            wrong.extend(self.judged(&format!("the dashboard's VMs {}", viewer.all)));
            store::dashboard::domains(&mut self.c, viewer).await.unwrap();
            store::dashboard::clusters(&mut self.c, viewer).await.unwrap();
            store::events::bad(&mut self.c, viewer, self.all.now - time::Duration::DAY).await.unwrap();
            wrong.extend(self.judged(&format!("the dashboard {}", viewer.all)));
        }
        wrong
    }

    /// Every second VM expires in a month.
    async fn expiring(&mut self) {
        let sql =
            "UPDATE vms SET expires_at = now() + interval '30 days', lease_due = now() + interval '23 days'
                   WHERE name ~ '[02468]$'; ANALYZE vms";
        sqlx::raw_sql(sql).execute(&mut *self.c).await.unwrap();
    }

    /// What is asked all the time, though there is seldom anything: for which VMs something is due.
    async fn due(&mut self) -> Option<String> {
        assert!(store::vms::lease_due(&mut self.c, self.all.now, 500).await.unwrap().is_empty());
        let read: f64 = self.heard.take().iter().map(|plan| of_table(&plan.scans(), "vms")).sum();
        (read > 0.0).then(|| format!("what is due looks at {read} VMs"))
    }

    /// What is offered to who makes VMs, and the list of theirs.
    async fn offered(&mut self) -> Vec<String> {
        let query = ListQuery::default();
        let clusters = store::clusters::LIST.page(&mut self.c, self.maker, &query).await.unwrap();
        assert!(clusters.total > 0);
        let mut wrong = self.judged("clusters of who makes VMs");
        assert_eq!(store::vms::LIST.page(&mut self.c, self.maker, &query).await.unwrap().total, 0);
        wrong.extend(self.judged("VMs of who makes VMs"));
        wrong
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
    let events = of_table(&scans, "events");
    if events > READ_OF_EVENTS {
        wrong.push(format!("looks at {events} events"));
    }
    wrong
}

fn of_table(scans: &[Scan], table: &str) -> f64 {
    scans.iter().filter(|scan| scan.table == table).map(|scan| scan.rows).sum()
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
    for viewer in [estate.few, estate.some, estate.maker] {
        assert_eq!(estate.seen_otherwise(viewer).await, Vec::<Uuid>::new());
    }
    estate.expiring().await;
    heard::explain(&mut estate.c).await;
    let mut wrong = lists!(estate: vms, disks, hosts, clusters, data_centers, networks, quotas, storage_domains, templates);
    wrong.extend(estate.searched("vms", &store::vms::LIST, VMS).await);
    wrong.extend(estate.searched("hosts", &store::hosts::LIST, HOSTS).await);
    wrong.extend(estate.searched("disks", &store::disks::LIST, DISKS).await);
    wrong.extend(estate.events().await);
    wrong.extend(estate.around().await);
    wrong.extend(estate.dashboard().await);
    wrong.extend(estate.quotas().await);
    wrong.extend(estate.offered().await);
    wrong.extend(estate.due().await);
    let words: Vec<&str> = store::jobs::SORTS.iter().map(|(word, _)| *word).collect();
    for (viewer, query) in estate.asked(&words) {
        store::jobs::list(&mut estate.c, viewer, &query).await.unwrap();
        wrong.extend(estate.judged(&format!("jobs {query:?} {}", viewer.all)));
    }
    for viewer in [estate.all, estate.few, estate.some] {
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
        for viewer in [estate.all, estate.few, estate.some] {
            store::palette::find(&mut estate.c, viewer, true, text).await.unwrap();
            wrong.extend(estate.judged(&format!("the palette {text} {}", viewer.all)));
        }
    }
    assert!(wrong.is_empty(), "{} of the plans do too much:\n{}", wrong.len(), wrong.join("\n"));
}
