//! Data centers, clusters, networks and storage domains, which are alike: made, edited, in somebody's way,
//! removed. And hosts, which are less so.

use std::future::Future;
use std::pin::Pin;

use control::{Ctx, Outcome, clusters, data_centers, hosts, networks, storage_domains};
use host::HostError;
use model::cluster::EditCluster;
use model::data_center::EditDataCenter;
use model::event::EventKind;
use model::host::{EditHost, HostConfig, HostStatus, Transport};
use model::network::EditNetwork;
use model::storage_domain::{EditStorage, StorageStatus};
use model::{DataCenterId, HostId};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::*;

type Asked<'a, T> = Pin<Box<dyn Future<Output = Outcome<T>> + Send + 'a>>;

/// One kind of object, by name. Its events are what was added, updated and removed.
struct Kind {
    kind: model::id::Kind,
    create: for<'a> fn(&'a Ctx, DataCenterId, &'a str) -> Asked<'a, Uuid>,
    edit: for<'a> fn(&'a Ctx, Uuid, i64, &'a str) -> Asked<'a, ()>,
    remove: for<'a> fn(&'a Ctx, Uuid) -> Asked<'a, ()>,
    /// Name and version.
    get: for<'a> fn(&'a Ctx, Uuid) -> Asked<'a, (String, i64)>,
    events: [EventKind; 3],
}

macro_rules! kind {
    ($module:ident, $edit:ident, $kind:ident, $events:expr, |$c:ident, $d:ident, $name:ident| $new:expr, |$n:ident| $config:expr) => {
        Kind {
            kind: model::id::Kind::$kind,
            create: |$c, $d, $name| Box::pin(async move { Ok($new.await?.0) }),
            edit: |c, id, version, $n| {
                Box::pin(
                    async move { $module::edit(c, id.into(), &$edit { version, config: $config }).await },
                )
            },
            remove: |c, id| Box::pin(async move { $module::remove(c, id.into()).await }),
            get: |c, id| {
                Box::pin(async move {
                    let row = $module::get(c, id.into()).await?;
                    Ok((row.config.name, row.version))
                })
            },
            events: $events,
        }
    };
}

fn kinds() -> [Kind; 4] {
    use EventKind::*;
    let no = DataCenterId(Uuid::nil());
    let _ = no;
    [
        kind!(
            data_centers,
            EditDataCenter,
            DataCenter,
            [DataCenterAdded, DataCenterUpdated, DataCenterRemoved],
            |c, _d, name| data_centers::create(c, &data_center(name)),
            |n| data_center(n)
        ),
        kind!(
            clusters,
            EditCluster,
            Cluster,
            [ClusterAdded, ClusterUpdated, ClusterRemoved],
            |c, d, name| clusters::create(c, &cluster(name, d)),
            |n| cluster(n, DataCenterId(Uuid::nil())).config
        ),
        kind!(
            networks,
            EditNetwork,
            Network,
            [NetworkAdded, NetworkUpdated, NetworkRemoved],
            |c, d, name| networks::create(c, &network(name, d)),
            |n| network(n, DataCenterId(Uuid::nil())).config
        ),
        kind!(
            storage_domains,
            EditStorage,
            StorageDomain,
            [StorageAdded, StorageUpdated, StorageRemoved],
            |c, d, name| storage_domains::create(c, &storage(name, d, &format!("/srv/{name}"))),
            |n| storage(n, DataCenterId(Uuid::nil()), "/srv/one").config
        ),
    ]
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_life_of_each_kind(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    for kind in kinds() {
        let count = async |n: usize| world.events(kind.events[n]).await.len();
        let before = count(0).await;
        let one = (kind.create)(admin, world.data_center, "one").await.unwrap();
        assert_eq!((kind.get)(admin, one).await.unwrap(), ("one".into(), 1));
        assert_eq!(said((kind.create)(admin, world.data_center, "one").await), "name: refusal-name-taken");
        let two = (kind.create)(admin, world.data_center, "two").await.unwrap();
        assert_eq!(count(0).await, before + 2);

        (kind.edit)(admin, one, 1, "uno").await.unwrap();
        assert_eq!((kind.get)(admin, one).await.unwrap(), ("uno".into(), 2));
        assert_eq!(said((kind.edit)(admin, one, 1, "eins").await), "stale");
        let (who, _) = control::events::last_edit(admin, (kind.kind, one)).await.unwrap().unwrap();
        assert_eq!(who.as_deref(), Some("admin@internal"), "the second editor is told who was faster");
        assert_eq!(control::events::last_edit(admin, (kind.kind, two)).await.unwrap(), None);
        assert_eq!(said((kind.edit)(admin, one, 2, "two").await), "name: refusal-name-taken");
        assert_eq!(count(1).await, 1, "what was refused is not told as done");

        (kind.remove)(admin, one).await.unwrap();
        assert!(said((kind.remove)(admin, one).await).starts_with("no "));
        assert!(said((kind.get)(admin, one).await).starts_with("no "));
        (kind.remove)(admin, two).await.unwrap();
        assert_eq!(count(2).await, 2);
    }
    assert_eq!(world.count("SELECT count(*) FROM objects WHERE kind = 'cluster'").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn wrong_fields_are_told_at_the_field(pool: PgPool) {
    let world = World::new(pool).await;
    for kind in kinds() {
        for (name, key) in [
            ("", "name: field-required"),
            ("a b", "name: field-name-characters"),
            ("a\0b", "name: field-name-characters"),
        ] {
            let told = said((kind.create)(&world.admin, world.data_center, name).await);
            // A domain's path is made of the name here, and may be wrong with it.
            assert!(told.starts_with(key), "{name:?}: {told}");
        }
        let far = (kind.create)(&world.admin, world.data_center, &"x".repeat(257)).await;
        assert_eq!(said(far), "name: field-too-long");
    }
    let elsewhere = DataCenterId(Uuid::max());
    for told in [
        said(clusters::create(&world.admin, &cluster("x", elsewhere)).await),
        said(networks::create(&world.admin, &network("x", elsewhere)).await),
        said(storage_domains::create(&world.admin, &storage("x", elsewhere, "/srv/x")).await),
    ] {
        assert_eq!(told, "data_center: field-unknown-reference");
    }
    assert_eq!(
        said(hosts::create(&world.admin, &host("x", Uuid::max().into())).await),
        "cluster: field-unknown-reference"
    );
    for path in ["srv", "/", "/a/../b", "/a\0b", ""] {
        let told = said(storage_domains::create(&world.admin, &storage("x", world.data_center, path)).await);
        assert_eq!(told, "path: field-path", "{path:?}");
    }
    let told = said(storage_domains::create(&world.admin, &storage("x", world.data_center, PATH)).await);
    assert_eq!(told, "path: refusal-path-taken");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_used_says_by_whom(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.down("web1").await;
    let used = async |outcome: Outcome<()>| {
        let mut lines = reasons(outcome);
        lines.sort();
        lines.join("; ")
    };
    let by_data_center = used(data_centers::remove(admin, world.data_center).await).await;
    for name in ["lab", "data", "mgmt", "tiny"] {
        assert!(by_data_center.contains(name), "{by_data_center}");
    }
    let by_cluster = used(clusters::remove(admin, world.cluster).await).await;
    assert!(by_cluster.contains("kvm1") && by_cluster.contains("web1"), "{by_cluster}");
    assert!(used(networks::remove(admin, world.network).await).await.contains("web1"));
    let by_storage = used(storage_domains::remove(admin, world.storage).await).await;
    assert!(by_storage.contains("web1_Disk1") && by_storage.contains("tiny"), "{by_storage}");
    let edit = EditStorage { version: 1, config: storage("data", world.data_center, "/srv/else").config };
    assert_eq!(said(storage_domains::edit(admin, world.storage, &edit).await), "path: field-path-in-use");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_domain_that_moved_is_looked_for_at_its_new_path(pool: PgPool) {
    let world = World::new(pool).await;
    let id =
        storage_domains::create(&world.admin, &storage("iso", world.data_center, "/srv/iso")).await.unwrap();
    let status = async || storage_domains::get(&world.admin, id).await.unwrap().status;
    world.look().await;
    assert_eq!(status().await, StorageStatus::Active);
    world.estate.set_missing("/srv/new", true);
    let edit = EditStorage { version: 1, config: storage("iso", world.data_center, "/srv/new").config };
    storage_domains::edit(&world.admin, id, &edit).await.unwrap();
    assert_eq!(status().await, StorageStatus::Unknown);
    assert!(storage_domains::hosts(&world.admin, id).await.unwrap().is_empty());
    world.look().await;
    assert_eq!(status().await, StorageStatus::Inactive);
    let seen = storage_domains::hosts(&world.admin, id).await.unwrap();
    assert!(seen.iter().all(|host| !host.active && host.reason.is_some()), "{seen:?}");
    storage_domains::remove(&world.admin, id).await.unwrap();
}

async fn config(world: &World, id: HostId) -> (i64, HostConfig) {
    let host = hosts::get(&world.admin, id).await.unwrap();
    (host.row.version, host.config)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_hosts_life(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let id = hosts::create(admin, &host("kvm4", world.cluster)).await.unwrap();
    let status = async || hosts::get(admin, id).await.unwrap().row.status;
    assert_eq!(status().await, HostStatus::Connecting);
    assert_eq!(
        said(hosts::create(admin, &host("kvm4", world.cluster)).await),
        "address: refusal-address-taken"
    );
    world.look().await;
    assert_eq!(status().await, HostStatus::Up);

    let (version, mut new) = config(&world, id).await;
    new.comment = "rack 2".into();
    hosts::edit(admin, id, &EditHost { version, config: new.clone() }).await.unwrap();
    assert_eq!(said(hosts::edit(admin, id, &EditHost { version, config: new.clone() }).await), "stale");
    assert_eq!(status().await, HostStatus::Up, "a comment interrupts nothing");
    let taken = HostConfig { name: "kvm1".into(), ..new.clone() };
    assert_eq!(
        said(hosts::edit(admin, id, &EditHost { version: version + 1, config: taken }).await),
        "name: refusal-name-taken"
    );
    new.address = "kvm4.example.net".into();
    hosts::edit(admin, id, &EditHost { version: version + 1, config: new }).await.unwrap();
    assert_eq!(status().await, HostStatus::Connecting, "nobody has answered at the new address");
    world.look().await;

    assert_eq!(said(hosts::remove(admin, id).await), "refusal-host-status");
    assert_eq!(said(hosts::activate(admin, id).await), "refusal-host-status");
    hosts::maintain(admin, id, Some("new memory")).await.unwrap();
    assert_eq!(said(hosts::maintain(admin, id, None).await), "refusal-host-status");
    world.look().await;
    assert_eq!(status().await, HostStatus::Maintenance, "a host in maintenance is left alone");
    hosts::activate(admin, id).await.unwrap();
    assert_eq!(status().await, HostStatus::Connecting);
    world.look().await;
    assert_eq!(status().await, HostStatus::Up);
    hosts::maintain(admin, id, None).await.unwrap();
    hosts::remove(admin, id).await.unwrap();
    assert_eq!(said(hosts::remove(admin, id).await), "no host");
    let told = world.events(EventKind::HostMaintenanceAsked).await;
    assert!(told.iter().any(|event| event.text.to_string().contains("new memory")), "{told:?}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_host_is_tested_without_being_added(pool: PgPool) {
    let world = World::new(pool).await;
    let test = async |config: &HostConfig| hosts::test(&world.admin, world.cluster, config).await;
    assert_eq!(test(&host_config("kvm4")).await.unwrap().cpus, 16);
    world.estate.fail_next("facts", HostError::Certificate("it has expired".into()));
    assert_eq!(said(test(&host_config("kvm4")).await), "host-reason-certificate");
    world.estate.fail_next("facts", HostError::Unreachable("no route".into()));
    assert_eq!(said(test(&host_config("kvm4")).await), "host-reason-unreachable");
    let plain = HostConfig { transport: Transport::Tcp, ..host_config("kvm4") };
    assert_eq!(said(test(&plain).await), "transport: refusal-tcp-lab-only");
    assert_eq!(
        said(
            hosts::create(&world.admin, &model::host::NewHost { cluster: world.cluster, config: plain })
                .await
        ),
        "transport: refusal-tcp-lab-only"
    );
    assert_eq!(
        said(test(&HostConfig { address: "a b".into(), ..host_config("kvm4") }).await),
        "address: field-address"
    );
    assert_eq!(world.count("SELECT count(*) FROM hosts").await, 3);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_host_with_vms_stays_where_it_is(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.up("web1").await;
    let (id, _) = world.vm(vm).await.row.host.unwrap();
    assert_eq!(reasons(hosts::maintain(&world.admin, id, None).await).len(), 1);
    let (version, config) = config(&world, id).await;
    let moved = EditHost { version, config: HostConfig { address: "other.example.org".into(), ..config } };
    assert_eq!(said(hosts::edit(&world.admin, id, &moved).await), "refusal-host-vms");
    world.done(control::vms::power_off(&world.admin, vm, None).await.unwrap()).await;
    hosts::maintain(&world.admin, id, None).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn one_machine_is_one_host(pool: PgPool) {
    let world = World::new(pool).await;
    let id = hosts::create(&world.admin, &host("twin", world.cluster)).await.unwrap();
    let facts = hosts::get(&world.admin, world.hosts[0]).await.unwrap().facts.unwrap();
    world.estate.set_facts(id, facts);
    world.look().await;
    let twin = hosts::get(&world.admin, id).await.unwrap().row;
    assert_eq!(twin.status, HostStatus::NonOperational);
    assert!(twin.status_reason.unwrap().to_string().contains("kvm1"));
}
