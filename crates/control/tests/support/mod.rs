//! A small estate on a real database and simulated hosts: one data center with a cluster of three hosts, a
//! network, a storage domain and a template, and people who see all, one VM, or a data center without being its
//! administrator. Time stands still until a test moves it; a host is looked at when a test says so.

mod ask;
mod people;

use std::collections::HashMap;
use std::sync::Arc;

use control::reconcile::monitor::{self, Memory};
use control::{App, Ctx, Options, Services, flows};
use host::sim::SimEstate;
use jobs::testing::{SerialIds, eventually};
use jobs::{Engine, EngineHandle};
use model::clock::{Clock, Ids, ManualClock};
use model::disk::{Allocation, DiskRow};
use model::host::{Acceleration, HostConfig, HostIntent, NewHost, Transport};
use model::job::JobStatus;
use model::nic::{NicConfig, NicModel};
use model::size::{GIB, MIB};
use model::vm::VmStatus;
use model::vm_disk::{AddDisk, AttachDisk, EditDisk, Interface};
use model::vm_request::{NewVm, VmConfig};
use model::{
    ClusterId, DataCenterId, DiskId, HostId, JobId, NetworkId, Refusal, StorageDomainId, TemplateId, VmId,
};
use store::PgPool;
use time::macros::datetime;
use tokio::sync::Mutex;

pub use ask::*;

/// What a VM of these tests takes.
pub const MEMORY: u64 = 256 * MIB;
/// Where the storage domain is on every host.
pub const PATH: &str = "/srv/data";

pub struct World {
    pub app: App,
    pub estate: SimEstate,
    pub clock: ManualClock,
    pub ids: Arc<SerialIds>,
    /// Sees and may do everything.
    pub admin: Ctx,
    pub data_center: DataCenterId,
    pub cluster: ClusterId,
    pub network: NetworkId,
    pub storage: StorageDomainId,
    pub template: TemplateId,
    pub hosts: Vec<HostId>,
    memories: Mutex<HashMap<HostId, Memory>>,
    engine: Mutex<Option<EngineHandle>>,
}

impl World {
    pub async fn new(pool: PgPool) -> World {
        let (clock, ids) = (ManualClock::at(datetime!(2030-01-01 12:00 UTC)), Arc::new(SerialIds::default()));
        let estate = SimEstate::new();
        let app = wire(&pool, &estate, &clock, &ids);
        store::roles::seed(&mut pool.acquire().await.unwrap()).await.unwrap();
        let admin = people::administrator(&app).await;
        let data_center = control::data_centers::create(&admin, &data_center("main")).await.unwrap();
        let cluster = control::clusters::create(&admin, &cluster("lab", data_center)).await.unwrap();
        let network = control::networks::create(&admin, &network("mgmt", data_center)).await.unwrap();
        let storage = storage("data", data_center, PATH);
        let storage = control::storage_domains::create(&admin, &storage).await.unwrap();
        let mut world = World {
            app,
            estate,
            clock,
            ids,
            admin,
            data_center,
            cluster,
            network,
            storage,
            template: TemplateId(uuid::Uuid::nil()),
            hosts: Vec::new(),
            memories: Mutex::default(),
            engine: Mutex::default(),
        };
        for name in ["kvm1", "kvm2", "kvm3"] {
            let id = control::hosts::create(&world.admin, &host(name, cluster)).await.unwrap();
            world.hosts.push(id);
        }
        world.look().await;
        world.template = world.import(&world.admin, "tiny").await.unwrap();
        world
    }

    /// A second server process on the same estate, when the first is gone.
    pub async fn restart(&mut self) {
        self.stop_engine().await;
        self.memories.lock().await.clear();
        self.app = wire(&self.app.pool, &self.estate, &self.clock, &self.ids);
        self.admin.app = self.app.clone();
    }

    // What the server does by itself.

    /// The monitor's look at every host that is to be looked at, one after the other.
    pub async fn look(&self) {
        for seen in monitor::read(&self.app, None).await.unwrap() {
            if seen.host.row.intended == HostIntent::Active {
                let mut memories = self.memories.lock().await;
                let memory = memories.entry(seen.host.row.id).or_default();
                monitor::observe(&self.app, &seen, memory).await.unwrap();
            }
        }
    }

    /// Looks until the VM is what it should be.
    pub async fn look_until(&self, vm: VmId, status: VmStatus) {
        eventually(&format!("the VM is {status:?}"), || async {
            self.look().await;
            (self.vm(vm).await.row.status == status).then_some(())
        })
        .await;
    }

    /// Lets the engine work until the job has ended; the clock jumps over its pauses.
    pub async fn finish(&self, job: JobId) -> (JobStatus, Option<Refusal>) {
        self.start_engine().await;
        eventually("the job ends", || async {
            let mut c = self.app.conn().await.unwrap();
            let (status, waits) = store::jobs::work::standing(&mut c, job).await.unwrap().unwrap();
            if let Some(until) = waits.filter(|until| *until > self.clock.now()) {
                self.clock.advance(until - self.clock.now());
            }
            drop(c);
            if let Some(engine) = self.engine.lock().await.as_ref() {
                engine.poke();
            }
            status.ended().then_some(())
        })
        .await;
        let row = self.job(job).await;
        (row.status, row.error)
    }

    /// The same; the job must have done what it was for.
    pub async fn done(&self, job: JobId) {
        let (status, error) = self.finish(job).await;
        assert_eq!(status, JobStatus::Finished, "{error:?}");
    }

    pub async fn start_engine(&self) {
        let mut engine = self.engine.lock().await;
        if engine.is_none() {
            let options = jobs::Options { poll: std::time::Duration::from_secs(3600), ..Default::default() };
            let clock = Arc::new(self.clock.clone());
            let ids: Arc<dyn Ids> = self.ids.clone();
            let new = Engine::new(self.app.pool.clone(), clock, ids, flows::all(&self.app), options);
            new.reclaim_all().await.unwrap();
            *engine = Some(new.start());
        }
    }

    pub async fn stop_engine(&self) {
        if let Some(engine) = self.engine.lock().await.take() {
            engine.kill().await;
        }
    }

    // VMs in the state that a test begins with.

    pub async fn down(&self, name: &str) -> VmId {
        let (vm, job) = control::vms::create(&self.admin, &self.new_vm(name)).await.unwrap();
        self.done(job).await;
        vm
    }

    pub async fn powering_up(&self, name: &str) -> VmId {
        let vm = self.down(name).await;
        self.done(control::vms::run(&self.admin, vm, None).await.unwrap()).await;
        vm
    }

    pub async fn up(&self, name: &str) -> VmId {
        let vm = self.powering_up(name).await;
        self.estate.set_agent(vm, Some(guest(name)));
        self.look_until(vm, VmStatus::Up).await;
        vm
    }

    /// Somebody puts a file into the storage domain, and it is found.
    pub async fn put_image(&self, name: &str) {
        self.estate.put_file(PATH, name, 64 * MIB);
        self.clock.advance(time::Duration::minutes(3));
        self.look().await;
        self.look().await;
    }

    pub fn image(&self, name: &str) -> model::vm_options::MediaRef {
        model::vm_options::MediaRef { storage_domain: self.storage, name: name.to_owned() }
    }

    // Requests.

    /// From the template, with a NIC.
    pub fn new_vm(&self, name: &str) -> NewVm {
        NewVm {
            cluster: self.cluster,
            template: Some(self.template),
            config: vm_config(name),
            storage_domain: None,
            disk: None,
            image: None,
            clone: false,
            start: false,
            network: Some(self.network),
        }
    }

    /// A thin one of 1 GiB.
    pub fn new_disk(&self, alias: &str) -> AddDisk {
        AddDisk {
            size: GIB,
            alias: alias.to_owned(),
            description: String::new(),
            allocation: Allocation::Thin,
            storage_domain: self.storage,
            interface: Interface::VirtioScsi,
            bootable: false,
            quota: None,
        }
    }

    pub fn new_nic(&self, name: &str) -> NicConfig {
        let (model, network) = (NicModel::Virtio, Some(self.network));
        NicConfig { name: name.to_owned(), network, model, plugged: true, linked: true }
    }

    pub async fn import(&self, who: &Ctx, name: &str) -> control::Outcome<TemplateId> {
        control::templates::import(who, &self.template(name), image()).await
    }

    pub fn template(&self, name: &str) -> control::templates::Import {
        control::templates::Import {
            data_center: self.data_center,
            storage_domain: self.storage,
            name: name.to_owned(),
            description: String::new(),
            memory: MEMORY,
            vcpus: 1,
            all_users: false,
            length: 32,
        }
    }
}

/// The head of a qcow2 image of 1 GiB.
pub fn image() -> control::templates::Image {
    let mut image = b"QFI\xfb".to_vec();
    image.resize(24, 0);
    image.extend(GIB.to_be_bytes());
    Box::new(std::io::Cursor::new(image))
}

pub fn attach(disk: DiskId) -> AttachDisk {
    AttachDisk { disk, interface: Interface::VirtioScsi, bootable: false }
}

/// The disk as it is, but larger.
pub fn extend(disk: &DiskRow, by: u64, bootable: bool) -> EditDisk {
    let (alias, description) = (disk.alias.clone(), disk.description.clone());
    EditDisk { version: disk.version, alias, description, bootable, extend: by }
}

fn wire(pool: &PgPool, estate: &SimEstate, clock: &ManualClock, ids: &Arc<SerialIds>) -> App {
    Arc::new(Services {
        pool: pool.clone(),
        clock: Arc::new(clock.clone()),
        ids: ids.clone(),
        hosts: control::host_pool::HostPool::new(pool.clone(), estate.connector()),
        live: Default::default(),
        secrets: control::secrets::Secrets::new(&[7; 32]),
        options: Options::default(),
        overview: control::dashboard::Last::default(),
    })
}

pub fn data_center(name: &str) -> model::data_center::DataCenterConfig {
    model::data_center::DataCenterConfig { name: name.into(), ..Default::default() }
}

pub fn cluster(name: &str, data_center: DataCenterId) -> model::cluster::NewCluster {
    let config = model::cluster::ClusterConfig { name: name.into(), ..Default::default() };
    model::cluster::NewCluster { data_center, config }
}

/// On the bridge that every simulated host has.
pub fn network(name: &str, data_center: DataCenterId) -> model::network::NewNetwork {
    let config =
        model::network::NetworkConfig { name: name.into(), bridge: "mgmt".into(), ..Default::default() };
    model::network::NewNetwork { data_center, config, all_users: false }
}

pub fn storage(name: &str, data_center: DataCenterId, path: &str) -> model::storage_domain::NewStorage {
    let config =
        model::storage_domain::StorageConfig { name: name.into(), path: path.into(), ..Default::default() };
    model::storage_domain::NewStorage { data_center, config }
}

pub fn host(name: &str, cluster: ClusterId) -> NewHost {
    NewHost { cluster, config: host_config(name) }
}

pub fn host_config(name: &str) -> HostConfig {
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

pub fn vm_config(name: &str) -> VmConfig {
    VmConfig {
        name: name.into(),
        description: String::new(),
        comment: String::new(),
        memory: MEMORY,
        sockets: 1,
        cores: 1,
        threads: 1,
        cpu_model: None,
        options: model::vm_options::VmOptions::default(),
    }
}

pub fn guest(name: &str) -> model::vm::GuestInfo {
    model::vm::GuestInfo { hostname: Some(name.into()), ..Default::default() }
}
