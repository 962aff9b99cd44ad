//! Two tenants: a data center with one of everything each. Bob manages the first and knows nothing of the other, all
//! of whose names have a word in them that he must never read.

use std::collections::BTreeMap;

use control::{Ctx, users};
use model::cluster::{ClusterConfig, NewCluster};
use model::data_center::DataCenterConfig;
use model::host::{Acceleration, HostConfig, NewHost, Transport};
use model::id::Kind;
use model::list::ListQuery;
use model::network::{NetworkConfig, NewNetwork};
use model::quota::{NewQuota, QuotaConfig};
use model::storage_domain::{NewStorage, StorageConfig};
use model::vm_options::VmOptions;
use model::vm_request::{NewVm, VmConfig};
use uuid::Uuid;

use crate::door::{self, Door};

pub const SECRET: &str = "zebra";

/// What stands in paths and bodies as `{vm}`.
pub const KINDS: [&str; 18] = [
    "data_center",
    "cluster",
    "network",
    "storage_domain",
    "host",
    "template",
    "vm",
    "disk",
    "quota",
    "job",
    "event",
    "user",
    "session",
    "directory",
    "tag",
    "bookmark",
    "role",
    "permission",
];

#[derive(Debug, Default)]
pub struct Ids(BTreeMap<&'static str, Uuid>);

impl Ids {
    /// Those that nothing has.
    pub fn nowhere() -> Ids {
        let last = Uuid::max().as_u128();
        Ids(KINDS.iter().zip(0u128..).map(|(kind, n)| (*kind, Uuid::from_u128(last - n))).collect())
    }

    pub fn put_into(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (kind, id) in &self.0 {
            text = text.replace(&format!("{{{kind}}}"), &id.to_string());
        }
        assert!(!KINDS.iter().any(|kind| text.contains(&format!("{{{kind}}}"))), "{text} has no id");
        text
    }

    pub fn taken_out_of(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (kind, id) in &self.0 {
            text = text.replace(&id.to_string(), &format!("{{{kind}}}"));
        }
        text
    }
}

pub async fn two(door: &Door) -> (Ids, Ids) {
    door::super_user(door, "root").await;
    door::user(door, "bob").await;
    let (own, mut foreign) = (tenant(door, "main").await, tenant(door, SECRET).await);
    // Tags are everybody's to see: none is foreign.
    foreign.0.insert("tag", Uuid::from_u128(1));
    let system = Ctx::system(&door.app, "test");
    users::grant(&system, "bob", "UserVmManager", Kind::DataCenter, own.0["data_center"], "main")
        .await
        .unwrap();
    (own, foreign)
}

async fn tenant(door: &Door, name: &str) -> Ids {
    let ctx = Ctx::system(&door.app, "test");
    let named = |what: &str| format!("{name}-{what}");
    let mut ids = Ids::default();
    let config = DataCenterConfig { name: named("center"), ..Default::default() };
    let center = control::data_centers::create(&ctx, &config).await.unwrap();
    ids.0.insert("data_center", center.0);
    let config = ClusterConfig { name: named("cluster"), ..Default::default() };
    let cluster = control::clusters::create(&ctx, &NewCluster { data_center: center, config }).await.unwrap();
    ids.0.insert("cluster", cluster.0);
    let config = NetworkConfig { name: named("network"), bridge: "mgmt".into(), ..Default::default() };
    let network =
        control::networks::create(&ctx, &NewNetwork { data_center: center, config, all_users: false })
            .await
            .unwrap();
    ids.0.insert("network", network.0);
    let config = StorageConfig { name: named("storage"), path: format!("/srv/{name}"), ..Default::default() };
    let storage =
        control::storage_domains::create(&ctx, &NewStorage { data_center: center, config }).await.unwrap();
    ids.0.insert("storage_domain", storage.0);
    let config = QuotaConfig { name: named("quota"), ..Default::default() };
    let quota = control::quotas::create(&ctx, &NewQuota { data_center: center, config }).await.unwrap();
    ids.0.insert("quota", quota.0);
    let host =
        control::hosts::create(&ctx, &NewHost { cluster, config: host(&named("host")) }).await.unwrap();
    ids.0.insert("host", host.0);
    let (vm, job) = control::vms::create(&ctx, &vm(&named("vm"), cluster, network)).await.unwrap();
    ids.0.insert("vm", vm.0);
    ids.0.insert("job", job.0);
    ids.0.insert("event", made(&ctx, vm.0).await);
    copied(door, &mut ids, &named("template")).await;
    people(door, &mut ids, name).await;
    ids
}

fn host(name: &str) -> HostConfig {
    HostConfig {
        name: name.into(),
        comment: String::new(),
        address: format!("{name}.example.org"),
        transport: Transport::Tls,
        port: None,
        acceleration: Acceleration::Auto,
        memory_limit: None,
        cpu_limit: None,
    }
}

fn vm(name: &str, cluster: model::ClusterId, network: model::NetworkId) -> NewVm {
    let config = VmConfig {
        name: name.into(),
        description: String::new(),
        comment: String::new(),
        memory: 1 << 30,
        sockets: 1,
        cores: 1,
        threads: 1,
        cpu_model: None,
        options: VmOptions::default(),
    };
    NewVm {
        cluster,
        template: None,
        config,
        storage_domain: None,
        disk: None,
        image: None,
        clone: false,
        start: false,
        network: Some(network),
    }
}

/// The event of its making.
async fn made(ctx: &Ctx, vm: Uuid) -> Uuid {
    let query = ListQuery { within: Some(vm), ..ListQuery::default() };
    control::events::list(ctx, &query).await.unwrap().rows[0].uuid()
}

/// A disk and a template with it, as they are once a host has made them; there is no host here.
async fn copied(door: &Door, ids: &mut Ids, name: &str) {
    let (disk, template) = (door.app.ids.uuid(), door.app.ids.uuid());
    let (center, storage) = (ids.0["data_center"], ids.0["storage_domain"]);
    for (sql, id) in [
        ("SELECT object_place($1, 'disk', ARRAY[$2, $2])", disk),
        ("SELECT object_place($1, 'template', ARRAY[$2, $3])", template),
        (
            "INSERT INTO disks (id, storage_domain_id, alias, virtual_size, allocation, format, status, volume, created_at)
             SELECT $1, $2, $5, 1, 'thin', 'qcow2', 'ok', $5, now()",
            disk,
        ),
        (
            "INSERT INTO templates (id, data_center_id, name, status, memory, sockets, cores, threads, disk_id, created_at)
             SELECT $1, $3, $5, 'ok', 1, 1, 1, 1, $4, now()",
            template,
        ),
    ] {
        // Every statement knows all of them.
        let sql = format!("WITH given AS (SELECT $2::uuid, $3::uuid, $4::uuid, $5::text) {sql}");
        let query = sqlx::query(&sql).bind(id).bind(storage).bind(center).bind(disk).bind(name);
        query.execute(&door.app.pool).await.unwrap();
    }
    ids.0.insert("disk", disk);
    ids.0.insert("template", template);
}

/// What belongs to nobody's data center.
async fn people(door: &Door, ids: &mut Ids, name: &str) {
    let ctx = Ctx::system(&door.app, "test");
    let one = door::user(door, &format!("{name}-user")).await;
    ids.0.insert("user", one.0);
    let role = format!("{name}-role");
    users::grant(&ctx, &format!("{name}-user"), "UserRole", Kind::Vm, ids.0["vm"], "vm").await.unwrap();
    let permission: Uuid = sqlx::query_scalar("SELECT id FROM permissions WHERE principal_id = $1")
        .bind(one.0)
        .fetch_one(&door.app.pool)
        .await
        .unwrap();
    ids.0.insert("permission", permission);
    let config = model::role::RoleConfig { name: role, groups: vec![22], ..Default::default() };
    ids.0.insert("role", control::roles::create(&ctx, &config).await.unwrap().0);
    let config = model::tag::TagConfig { name: format!("tag{}", ids.0["vm"].simple()), ..Default::default() };
    ids.0.insert("tag", control::tags::create(&ctx, &config).await.unwrap().0);
    let their = Ctx::signed_in(&door.app, one, "c".into(), String::new(), None).await.unwrap().unwrap();
    let config = model::bookmark::BookmarkConfig {
        name: format!("{name}-bookmark"),
        search: "Vms:".into(),
        shared: false,
    };
    ids.0.insert("bookmark", control::bookmarks::create(&their, &config).await.unwrap().0);
    let config = model::directory::DirectoryConfig {
        name: format!("d{}.example.org", ids.0["vm"].simple()),
        schema: model::directory::Schema::OpenLdap,
        servers: vec!["192.0.2.9".into()],
        security: model::directory::Security::Plain,
        ca: String::new(),
        base_dn: "dc=example,dc=org".into(),
        bind_dn: String::new(),
    };
    ids.0.insert("directory", control::directories::create(&ctx, &config, None).await.unwrap().0);
    let mut browser = crate::Browser::default();
    browser.sign_in(door, &format!("{name}-user")).await;
    let session: Uuid = sqlx::query_scalar("SELECT key FROM sessions WHERE user_id = $1")
        .bind(one.0)
        .fetch_one(&door.app.pool)
        .await
        .unwrap();
    ids.0.insert("session", session);
}
