//! Lists: as the owner of one VM they show exactly what is theirs, every sort word sorts, pages neither lose nor
//! repeat a row, and `within` takes what is below.

use control::{
    Ctx, clusters, data_centers, disks, events, hosts, jobs, networks, quotas, storage_domains, templates,
    tree, vms,
};
use model::id::Kind;
use model::list::ListQuery;
use model::{SYSTEM, VmId};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

/// The rows of a list as JSON, in their order, and the total.
macro_rules! rows {
    ($module:ident, $ctx:expr, $query:expr) => {{
        let page = $module::list($ctx, $query).await.unwrap();
        let rows: Vec<Value> = page.rows.iter().map(|row| serde_json::to_value(row).unwrap()).collect();
        (rows, page.total)
    }};
}

async fn list(kind: Kind, ctx: &Ctx, query: &ListQuery) -> (Vec<Value>, u64) {
    match kind {
        Kind::DataCenter => rows!(data_centers, ctx, query),
        Kind::Cluster => rows!(clusters, ctx, query),
        Kind::Host => rows!(hosts, ctx, query),
        Kind::Quota => rows!(quotas, ctx, query),
        Kind::Network => rows!(networks, ctx, query),
        Kind::StorageDomain => rows!(storage_domains, ctx, query),
        Kind::Disk => rows!(disks, ctx, query),
        Kind::Template => rows!(templates, ctx, query),
        Kind::Vm => rows!(vms, ctx, query),
        Kind::Job => rows!(jobs, ctx, query),
        Kind::Event => rows!(events, ctx, query),
        Kind::System | Kind::User | Kind::Tag | Kind::Bookmark | Kind::Directory | Kind::Role => {
            unreachable!("there is no such list")
        }
    }
}

const KINDS: [Kind; 11] = [
    Kind::Quota,
    Kind::DataCenter,
    Kind::Cluster,
    Kind::Host,
    Kind::Network,
    Kind::StorageDomain,
    Kind::Disk,
    Kind::Template,
    Kind::Vm,
    Kind::Job,
    Kind::Event,
];

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].to_string()).collect()
}

/// Three VMs, the middle one the owner's; a second data center that is nobody's.
async fn three(world: &World) -> (Ctx, VmId) {
    let mut own = None;
    for name in ["web1", "web2", "web3"] {
        let vm = world.down(name).await;
        if name == "web2" {
            own = Some(vm);
        }
    }
    let branch = control::data_centers::create(&world.admin, &data_center("branch")).await.unwrap();
    control::clusters::create(&world.admin, &cluster("far", branch)).await.unwrap();
    let own = own.unwrap();
    (world.owner_of("owner", &[own.0]).await, own)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_owner_of_one_vm_sees_what_is_theirs(pool: PgPool) {
    let world = World::new(pool).await;
    let (owner, own) = three(&world).await;
    let all = ListQuery::default();
    for (kind, everything, theirs) in [
        (Kind::DataCenter, 2, 1),
        (Kind::Cluster, 2, 1),
        (Kind::Host, 3, 0),
        (Kind::Network, 1, 0),
        (Kind::Quota, 2, 0),
        (Kind::StorageDomain, 1, 0),
        (Kind::Template, 1, 0),
        (Kind::Disk, 4, 1),
        (Kind::Vm, 3, 1),
        (Kind::Job, 3, 1),
    ] {
        let (rows, total) = list(kind, &world.admin, &all).await;
        assert_eq!((rows.len(), total), (everything, everything as u64), "{kind:?} as the administrator");
        let (rows, total) = list(kind, &owner, &all).await;
        assert_eq!((rows.len(), total), (theirs, theirs as u64), "{kind:?} as the owner: {rows:?}");
    }
    assert_eq!(list(Kind::Vm, &owner, &all).await.0[0]["name"], "web2");
    assert_eq!(list(Kind::Disk, &owner, &all).await.0[0]["alias"], "web2_Disk1");
    let (events, _) = list(Kind::Event, &owner, &all).await;
    // What concerns the cluster and the data center above it, too.
    let words: Vec<String> = events.iter().map(Value::to_string).collect();
    assert!(words.iter().any(|w| w.contains("web2")), "{words:?}");
    for hidden in ["web1", "web3", "kvm1", "mgmt", "tiny", "branch"] {
        assert!(!words.iter().any(|w| w.contains(hidden)), "{hidden}: {words:?}");
    }
    let job = vms::run(&owner, own, None).await.unwrap();
    assert!(jobs::running(&owner).await.unwrap().iter().any(|row| row.id == job));
    world.done(job).await;
    // Where their VM runs is nothing that they can open.
    let host = world.vm(own).await.row.host.unwrap().0;
    assert_eq!(said(hosts::get(&owner, host).await), "no host");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_tree_shows_the_same(pool: PgPool) {
    let world = World::new(pool).await;
    let (owner, _) = three(&world).await;
    let names = async |ctx: &Ctx, of, id, folder| -> Vec<String> {
        let nodes = tree::children(ctx, of, id, folder, 0).await.unwrap();
        nodes.into_iter().map(|n| format!("{} {}", n.name, n.children)).collect()
    };
    assert_eq!(names(&world.admin, Kind::DataCenter, SYSTEM, true).await.len(), 2);
    assert_eq!(names(&owner, Kind::DataCenter, SYSTEM, true).await.len(), 1);
    let folders = names(&owner, Kind::DataCenter, world.data_center.0, false).await;
    assert_eq!(
        folders.iter().map(|f| &f[f.len() - 1..]).collect::<Vec<_>>(),
        ["0", "0", "0", "1"],
        "{folders:?}"
    );
    assert_eq!(names(&owner, Kind::Vm, world.cluster.0, true).await, ["web2 0"]);
    assert_eq!(names(&owner, Kind::Host, world.cluster.0, true).await, Vec::<String>::new());
    assert_eq!(names(&world.admin, Kind::Host, world.cluster.0, true).await.len(), 3);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_way_to_an_object_in_the_tree(pool: PgPool) {
    let world = World::new(pool).await;
    let (owner, own) = three(&world).await;
    let way = async |ctx: &Ctx, id: Uuid| -> Vec<String> {
        let branches = tree::way(ctx, id).await.unwrap();
        let word = |b: &model::list::TreeBranch| {
            format!("{} {} {}", b.kind.as_str(), if b.folder { "all" } else { "one" }, b.nodes.len())
        };
        branches.iter().map(word).collect()
    };
    let admin = &world.admin;
    assert_eq!(way(admin, own.0).await, ["data_center one 4", "cluster all 1", "cluster one 2", "vm all 3"]);
    assert_eq!(way(&owner, own.0).await.last().unwrap(), "vm all 1", "only what they see");
    assert_eq!(way(admin, world.hosts[0].0).await.last().unwrap(), "host all 3");
    assert_eq!(way(admin, world.storage.0).await, ["data_center one 4", "storage_domain all 1"]);
    assert_eq!(way(admin, world.cluster.0).await, ["data_center one 4", "cluster all 1"]);
    assert!(way(admin, world.data_center.0).await.is_empty());
    assert!(way(admin, SYSTEM).await.is_empty());
    assert!(way(admin, Uuid::max()).await.is_empty());
    assert!(way(&owner, world.hosts[0].0).await.is_empty(), "as of what is not there");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_folder_of_many_comes_in_parts(pool: PgPool) {
    let world = World::new(pool).await;
    for n in 0..120 {
        control::networks::create(&world.admin, &network(&format!("net{n:03}"), world.data_center))
            .await
            .unwrap();
    }
    let shown = async |most| {
        let id = world.data_center.0;
        let nodes = tree::children(&world.admin, Kind::Network, id, true, most).await.unwrap();
        (nodes.len(), nodes.last().unwrap().name.clone())
    };
    assert_eq!(shown(0).await, (100, "net098".into()), "mgmt is among them");
    assert_eq!(shown(200).await, (121, "net119".into()));
    assert_eq!(shown(u32::MAX).await.0, 121);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_sort_word_sorts_both_ways(pool: PgPool) {
    let world = World::new(pool).await;
    three(&world).await;
    world.up("web4").await;
    fn words<T>(spec: &store::list::Spec<T>) -> Vec<&'static str> {
        spec.sorts.iter().map(|(word, _)| *word).collect()
    }
    let mut sorted = 0;
    for (kind, words) in [
        (Kind::DataCenter, words(&store::data_centers::LIST)),
        (Kind::Cluster, words(&store::clusters::LIST)),
        (Kind::Host, words(&store::hosts::LIST)),
        (Kind::Network, words(&store::networks::LIST)),
        (Kind::Quota, words(&store::quotas::LIST)),
        (Kind::StorageDomain, words(&store::storage_domains::LIST)),
        (Kind::Disk, words(&store::disks::LIST)),
        (Kind::Template, words(&store::templates::LIST)),
        (Kind::Vm, words(&store::vms::LIST)),
        (Kind::Job, store::jobs::SORTS.iter().map(|(word, _)| *word).collect()),
    ] {
        for word in words {
            let query =
                |descending| ListQuery { sort: Some(word.to_owned()), descending, ..ListQuery::default() };
            let (up, total) = list(kind, &world.admin, &query(false)).await;
            let (down, _) = list(kind, &world.admin, &query(true)).await;
            assert_eq!((up.len() as u64, down.len() as u64), (total, total), "{kind:?} by {word}");
            let mut both = (ids(&up), ids(&down));
            both.0.sort();
            both.1.sort();
            assert_eq!(both.0, both.1, "{kind:?} by {word}");
            sorted += 1;
        }
        // A word from outside that nobody knows is no SQL.
        let odd = ListQuery { sort: Some("name; DROP TABLE vms".into()), ..ListQuery::default() };
        list(kind, &world.admin, &odd).await;
    }
    assert!(sorted > 50, "{sorted}");
    let by = async |word: &str, descending| -> Vec<String> {
        let query = ListQuery { sort: Some(word.to_owned()), descending, ..ListQuery::default() };
        let (rows, _) = list(Kind::Vm, &world.admin, &query).await;
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(by("name", false).await, ["web1", "web2", "web3", "web4"]);
    assert_eq!(by("name", true).await, ["web4", "web3", "web2", "web1"]);
    assert_eq!(by("host", true).await[0], "web4", "what has no value comes last either way");
    assert_eq!(by("host", false).await[0], "web4");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn pages_neither_lose_nor_repeat_a_row(pool: PgPool) {
    let world = World::new(pool).await;
    for n in 0..60 {
        control::networks::create(&world.admin, &network(&format!("net{n}"), world.data_center))
            .await
            .unwrap();
    }
    // All have the same description, so that only the id orders them.
    let query = |page| ListQuery { page, size: 25, sort: Some("description".into()), ..ListQuery::default() };
    let mut seen = Vec::new();
    for page in 1..=4 {
        let (rows, total) = list(Kind::Network, &world.admin, &query(page)).await;
        assert_eq!(total, 61);
        assert_eq!(rows.len(), [25, 25, 11, 0][page as usize - 1]);
        seen.extend(ids(&rows));
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((count, seen.len()), (61, 61));
    let far = ListQuery { page: u32::MAX, size: 7, ..ListQuery::default() };
    for kind in KINDS {
        let (rows, total) = list(kind, &world.admin, &far).await;
        assert!(rows.is_empty(), "{kind:?} {total}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn within_takes_what_is_below(pool: PgPool) {
    let world = World::new(pool).await;
    let (owner, own) = three(&world).await;
    let within = async |kind, ctx: &Ctx, id: Uuid| {
        let query = ListQuery { within: Some(id), ..ListQuery::default() };
        list(kind, ctx, &query).await.1
    };
    for (kind, of, n) in [
        (Kind::Vm, world.cluster.0, 3),
        (Kind::Vm, world.data_center.0, 3),
        (Kind::Vm, world.storage.0, 0),
        (Kind::Disk, world.storage.0, 4),
        (Kind::Disk, own.0, 1),
        (Kind::Disk, world.cluster.0, 3),
        (Kind::Host, world.cluster.0, 3),
        (Kind::Cluster, world.data_center.0, 1),
        (Kind::Template, world.data_center.0, 1),
        (Kind::Job, own.0, 1),
        (Kind::Job, world.cluster.0, 3),
        (Kind::Vm, SYSTEM, 3),
        (Kind::Vm, Uuid::max(), 0),
    ] {
        assert_eq!(within(kind, &world.admin, of).await, n, "{kind:?} in {of}");
    }
    assert_eq!(within(Kind::Vm, &owner, world.cluster.0).await, 1);
    assert!(within(Kind::Event, &world.admin, own.0).await >= 2);
}
