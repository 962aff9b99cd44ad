//! An estate described in a file, made true as far as it is missing: for a first set-up and for laboratories.
//! Everything goes through the operations, with their rules and events; what exists is left as it is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use model::cluster::{ClusterConfig, NewCluster};
use model::data_center::DataCenterConfig;
use model::host::{Acceleration, HostConfig, NewHost, Transport};
use model::network::{NetworkConfig, NewNetwork};
use model::storage_domain::{NewStorage, StorageConfig};
use model::{DataCenterId, Fault, Refusal, StorageDomainId};
use serde::Deserialize;

use crate::{Ctx, Outcome, clusters, data_centers, hosts, networks, storage_domains, templates};

/// How long hosts get to bring a new storage domain up before an image is sent to it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The file's shape. Objects refer to each other by name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Estate {
    pub data_center: Vec<DataCenter>,
    pub cluster: Vec<Cluster>,
    pub network: Vec<Network>,
    pub storage_domain: Vec<Storage>,
    pub host: Vec<Host>,
    pub template: Vec<Template>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataCenter {
    pub name: String,
    #[serde(default)]
    pub description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    pub name: String,
    pub data_center: String,
    #[serde(default)]
    pub description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    pub name: String,
    pub data_center: String,
    pub bridge: String,
    #[serde(default)]
    pub description: String,
    #[serde(default = "yes")]
    pub all_users: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    pub name: String,
    pub data_center: String,
    pub path: String,
    #[serde(default)]
    pub description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    pub name: String,
    pub cluster: String,
    /// Not needed for the local socket.
    #[serde(default)]
    pub address: String,
    pub transport: Transport,
    pub port: Option<u16>,
    pub acceleration: Option<Acceleration>,
    pub memory_limit: Option<Size>,
    pub cpu_limit: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub name: String,
    pub data_center: String,
    pub storage_domain: String,
    /// A qcow2 file on the machine where the command runs.
    pub image: PathBuf,
    #[serde(default)]
    pub description: String,
    pub memory: Size,
    #[serde(default = "one")]
    pub vcpus: u32,
    #[serde(default = "yes")]
    pub all_users: bool,
}

/// Bytes, written as "4 GiB".
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub struct Size(pub u64);

impl TryFrom<String> for Size {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        model::size::parse(&text).map(Size).ok_or_else(|| format!("{text:?} is no size such as \"4 GiB\""))
    }
}

fn one() -> u32 {
    1
}

/// Makes what is missing; calls `say` with a line for each thing made.
pub async fn apply(ctx: &Ctx, estate: &Estate, say: &mut (dyn FnMut(String) + Send)) -> Outcome<()> {
    for d in &estate.data_center {
        if store::data_centers::by_name(&mut *ctx.app.conn().await?, &d.name).await?.is_none() {
            let config = DataCenterConfig {
                name: d.name.clone(),
                description: d.description.clone(),
                ..Default::default()
            };
            data_centers::create(ctx, &config).await?;
            say(format!("data center {}", d.name));
        }
    }
    for c in &estate.cluster {
        if store::clusters::by_name(&mut *ctx.app.conn().await?, &c.name).await?.is_none() {
            let config = ClusterConfig {
                name: c.name.clone(),
                description: c.description.clone(),
                ..Default::default()
            };
            let data_center = data_center(ctx, &c.data_center).await?;
            clusters::create(ctx, &NewCluster { data_center, config }).await?;
            say(format!("cluster {}", c.name));
        }
    }
    for n in &estate.network {
        network(ctx, n, say).await?;
    }
    for s in &estate.storage_domain {
        if store::storage_domains::by_name(&mut *ctx.app.conn().await?, &s.name).await?.is_none() {
            let config = StorageConfig {
                name: s.name.clone(),
                description: s.description.clone(),
                path: s.path.clone(),
                ..Default::default()
            };
            let data_center = data_center(ctx, &s.data_center).await?;
            storage_domains::create(ctx, &NewStorage { data_center, config }).await?;
            say(format!("storage domain {}", s.name));
        }
    }
    for h in &estate.host {
        host(ctx, h, say).await?;
    }
    for t in &estate.template {
        template(ctx, t, say).await?;
    }
    Ok(())
}

fn missing(kind: &str, name: &str) -> Fault {
    Refusal::new("refusal-no-such-name").with("kind", model::Text::new(kind)).with("name", name).into()
}

async fn data_center(ctx: &Ctx, name: &str) -> Outcome<DataCenterId> {
    let found = store::data_centers::by_name(&mut *ctx.app.conn().await?, name).await?;
    found.ok_or_else(|| missing("kind-data-center", name))
}

async fn network(ctx: &Ctx, n: &Network, say: &mut (dyn FnMut(String) + Send)) -> Outcome<()> {
    let data_center = data_center(ctx, &n.data_center).await?;
    if store::networks::by_name(&mut *ctx.app.conn().await?, data_center, &n.name).await?.is_some() {
        return Ok(());
    }
    let config = NetworkConfig {
        name: n.name.clone(),
        description: n.description.clone(),
        bridge: n.bridge.clone(),
        ..Default::default()
    };
    networks::create(ctx, &NewNetwork { data_center, config, all_users: n.all_users }).await?;
    say(format!("network {}", n.name));
    Ok(())
}

async fn host(ctx: &Ctx, h: &Host, say: &mut (dyn FnMut(String) + Send)) -> Outcome<()> {
    if store::hosts::by_name(&mut *ctx.app.conn().await?, &h.name).await?.is_some() {
        return Ok(());
    }
    let cluster = store::clusters::by_name(&mut *ctx.app.conn().await?, &h.cluster).await?;
    let cluster = cluster.ok_or_else(|| missing("kind-cluster", &h.cluster))?;
    let config = HostConfig {
        name: h.name.clone(),
        comment: String::new(),
        address: h.address.clone(),
        transport: h.transport,
        port: h.port,
        acceleration: h.acceleration.unwrap_or(Acceleration::Auto),
        memory_limit: h.memory_limit.map(|m| m.0),
        cpu_limit: h.cpu_limit,
    };
    hosts::create(ctx, &NewHost { cluster, config }).await?;
    say(format!("host {}", h.name));
    Ok(())
}

async fn template(ctx: &Ctx, t: &Template, say: &mut (dyn FnMut(String) + Send)) -> Outcome<()> {
    let data_center = data_center(ctx, &t.data_center).await?;
    if store::templates::by_name(&mut *ctx.app.conn().await?, data_center, &t.name).await?.is_some() {
        return Ok(());
    }
    let domain = store::storage_domains::by_name(&mut *ctx.app.conn().await?, &t.storage_domain).await?;
    let storage_domain = domain.ok_or_else(|| missing("kind-storage-domain", &t.storage_domain))?;
    reachable(ctx, storage_domain, &t.storage_domain).await?;
    let (image, length) = open(&t.image)?;
    let import = templates::Import {
        data_center,
        storage_domain,
        name: t.name.clone(),
        description: t.description.clone(),
        memory: t.memory.0,
        vcpus: t.vcpus,
        all_users: t.all_users,
        length,
    };
    templates::import(ctx, &import, Box::new(image)).await?;
    say(format!("template {}", t.name));
    Ok(())
}

/// Hosts that were just added take a moment; a server must be running that looks at them.
async fn reachable(ctx: &Ctx, domain: StorageDomainId, name: &str) -> Outcome<()> {
    let reached = async {
        loop {
            let hosts = store::storage_domains::reachable_from(&mut *ctx.app.conn().await?, domain).await?;
            if !hosts.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(PATIENCE, reached)
        .await
        .unwrap_or_else(|_| Err(Refusal::new("refusal-storage-inactive").with("name", name).into()))
}

fn open(path: &Path) -> Outcome<(std::fs::File, u64)> {
    let opened = std::fs::File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (length, file) = opened.map_err(|e| {
        let text = model::Text::new("refusal-file")
            .with("path", path.display().to_string())
            .with("cause", e.to_string());
        Fault::field("image", text)
    })?;
    Ok((file, length))
}
