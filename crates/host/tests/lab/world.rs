//! The lab as the tests see it: endpoints from the environment, guests that clean up after themselves, and
//! waiting with a deadline.

use std::future::Future;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use host::libvirt::{LibvirtConnector, Options};
use host::*;
use model::disk::{Allocation, Format};
use model::host::{Acceleration, Transport};
use model::nic::NicModel;
use model::vm_disk::Interface;
use model::vm_options::{BootDevice, Graphics};
use model::{HostId, VmId};
use tokio::sync::{OnceCell, RwLock, RwLockReadGuard, RwLockWriteGuard};
use uuid::Uuid;

static LAB: RwLock<()> = RwLock::const_new(());
static IMAGE: OnceCell<VolumeRef> = OnceCell::const_new();

pub fn env(name: &str) -> String {
    let missing = |_| panic!("{name} is not set: these tests need the lab, which `make test` starts");
    std::env::var(name).unwrap_or_else(missing)
}

/// The lab beside others who leave its hosts alone.
pub async fn shared() -> RwLockReadGuard<'static, ()> {
    LAB.read().await
}

/// The lab for one test alone.
pub async fn alone() -> RwLockWriteGuard<'static, ()> {
    LAB.write().await
}

/// `lab host N …`.
pub fn lab(n: u32, arguments: &[&str]) -> String {
    let mut command = Command::new(env("LAB_COMMAND"));
    command.arg("host").arg(env("LAB_DIR")).arg(n.to_string()).args(arguments);
    let output = command.output().expect("the lab's command runs");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "lab host {n} {arguments:?}: {said}");
    said
}

pub fn address(n: u32) -> String {
    env(&format!("LAB_KVM{n}_ADDRESS"))
}

pub fn host_id(n: u32) -> HostId {
    HostId(Uuid::from_u128(n.into()))
}

pub fn endpoint(n: u32) -> Endpoint {
    let transport: Transport = env(&format!("LAB_KVM{n}_TRANSPORT")).parse().unwrap();
    let port = env(&format!("LAB_KVM{n}_PORT")).parse().ok();
    Endpoint { host: host_id(n), address: address(n), port, transport, acceleration: Acceleration::Emulation }
}

pub fn connect_with(endpoint: &Endpoint, allow_tcp: bool) -> Arc<dyn HostDriver> {
    let pki_path = env("LAB_PKIPATH").into();
    LibvirtConnector::new(Options { pki_path, allow_tcp }).connect(endpoint)
}

pub fn connect(n: u32) -> Arc<dyn HostDriver> {
    connect_with(&endpoint(n), true)
}

/// A directory of the shared storage that only these tests use, made if it is not there.
pub fn pool(name: &str) -> PoolRef {
    directory(format!("{}/../host-tests-{name}", env("LAB_DATA_PATH")))
}

/// The same on the small storage.
pub fn small_pool() -> PoolRef {
    directory(format!("{}/host-tests", env("LAB_SMALL_PATH")))
}

fn directory(path: String) -> PoolRef {
    let path =
        lab(1, &["exec", "sh", "-c", &format!("mkdir -p {path} && realpath {path}")]).trim().to_owned();
    PoolRef { pool: Uuid::new_v5(&Uuid::NAMESPACE_URL, path.as_bytes()).to_string(), path }
}

/// The guest's image as a volume of the pool `data`, uploaded once.
pub async fn image(host: &dyn HostDriver) -> VolumeRef {
    IMAGE.get_or_init(|| upload_image(host)).await.clone()
}

async fn upload_image(host: &dyn HostDriver) -> VolumeRef {
    let at = VolumeRef { pool: pool("data"), volume: format!("tiny-{}", Uuid::new_v4()) };
    host.open_pool(&at.pool).await.unwrap();
    let file = std::fs::File::open(env("LAB_GUEST_DISK")).unwrap();
    let length = file.metadata().unwrap().len();
    host.create_volume(&thin(&at, 1 << 20, None)).await.unwrap();
    host.upload(&at, Box::new(file), length).await.unwrap();
    at
}

pub fn thin(at: &VolumeRef, size: u64, backing: Option<&VolumeRef>) -> NewVolume {
    let backing = backing.map(|b| (b.clone(), Format::Qcow2));
    NewVolume { at: at.clone(), format: Format::Qcow2, allocation: Allocation::Thin, size, backing }
}

pub fn preallocated(at: &VolumeRef, size: u64) -> NewVolume {
    let allocation = Allocation::Preallocated;
    NewVolume { at: at.clone(), format: Format::Raw, allocation, size, backing: None }
}

pub const PASSWORD: &str = "k2Xq8-Zr";

/// A guest of the lab: Tiny Linux on a disk of its own. Whatever happens, it is gone after the test.
pub struct Guest {
    pub vm: VmId,
    pub spec: DomainSpec,
    hosts: Vec<u32>,
}

impl Guest {
    /// The disk is made; nothing is defined yet.
    pub async fn new(n: u32, host: &dyn HostDriver) -> Guest {
        let vm = VmId(Uuid::new_v4());
        let base = image(host).await;
        let disk = VolumeRef { pool: base.pool.clone(), volume: vm.to_string() };
        let size = host.volume(&base).await.unwrap().capacity;
        host.create_volume(&thin(&disk, size, Some(&base))).await.unwrap();
        Guest { vm, spec: spec(vm, disk), hosts: vec![n] }
    }

    /// The guest runs, its system perhaps not yet.
    pub async fn started(n: u32, host: &dyn HostDriver) -> Guest {
        let guest = Guest::new(n, host).await;
        host.define(&guest.spec).await.unwrap();
        host.start(guest.vm).await.unwrap();
        guest
    }

    pub fn also_on(&mut self, n: u32) {
        self.hosts.push(n);
    }

    pub fn name(&self) -> String {
        format!("drover-{}", self.vm)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let name = self.name();
        let disk = self.spec.disks[0].volume.path();
        for n in &self.hosts {
            let end = format!("virsh -q destroy {name}; virsh -q undefine {name}; rm -f {disk}; true");
            lab(*n, &["exec", "sh", "-c", &end]);
        }
    }
}

fn spec(vm: VmId, volume: VolumeRef) -> DomainSpec {
    let mac =
        format!("56:6f:10:{:02x}:{:02x}:{:02x}", vm.0.as_bytes()[0], vm.0.as_bytes()[1], vm.0.as_bytes()[2]);
    DomainSpec {
        vm,
        title: "a guest of the tests".into(),
        memory: 192 << 20,
        sockets: 1,
        cores: 1,
        threads: 1,
        cpu_model: None,
        disks: vec![DiskSpec {
            volume,
            format: Format::Qcow2,
            serial: vm.to_string(),
            boot: true,
            position: 0,
            interface: Interface::Virtio,
        }],
        nics: vec![NicSpec {
            mac,
            bridge: Some(env("LAB_NETWORK")),
            name: "nic1".into(),
            model: NicModel::Virtio,
            linked: true,
        }],
        cd: None,
        boot: vec![BootDevice::Disk],
        boot_menu: false,
        kernel: None,
        graphics: Some(GraphicsSpec {
            password: PASSWORD.into(),
            keyboard: Some("de".into()),
            protocols: Graphics::Vnc,
        }),
    }
}

pub async fn state(host: &dyn HostDriver, vm: VmId) -> (DomainState, StateReason) {
    let report = host.domain(vm).await.unwrap();
    (report.state, report.reason)
}

pub async fn until_off(host: &dyn HostDriver, vm: VmId) -> StateReason {
    until("the VM is off", 30, async || {
        let (state, reason) = state(host, vm).await;
        (state == DomainState::ShutOff).then_some(reason)
    })
    .await
}

/// Until the guest's system has started and its agent answers.
pub async fn until_agent(host: &dyn HostDriver, vm: VmId) -> model::vm::GuestInfo {
    until("the agent answers with an address", 90, async || {
        let info = host.guest_info(vm).await.ok()?;
        let reachable = info.interfaces.iter().any(|i| i.addresses.iter().any(|a| a.starts_with("10.")));
        reachable.then_some(info)
    })
    .await
}

/// Asks again until there is an answer.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, seconds: u64, ask: impl Fn() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {seconds} s in vain until {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The next event that `fits`; others are passed over.
pub async fn event(
    events: &mut tokio::sync::mpsc::Receiver<HostEvent>,
    seconds: u64,
    fits: impl Fn(&HostEvent) -> bool,
) -> HostEvent {
    let next = async {
        loop {
            match events.recv().await {
                Some(event) if fits(&event) => return event,
                Some(_) => {}
                None => panic!("the events ended"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(seconds), next).await.expect("an event was awaited")
}
