//! The contract between the application and a host. Every call is idempotent where it can be: what is
//! already so is success. Sizes are bytes. Names of domains and volumes are Drover's ids, never a
//! person's words, so that a rename touches nothing.

use std::sync::Arc;

use async_trait::async_trait;
use model::disk::Allocation;
use model::host::{Acceleration, HostFacts, Transport};
use model::nic::NicModel;
use model::vm_disk::Interface;
use model::vm_options::{BootDevice, Graphics, Protocol};
use model::{HostId, VmId};
use time::OffsetDateTime;
use tokio::sync::mpsc;

use crate::HostResult;

/// How to reach a host.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    pub host: HostId,
    pub address: String,
    pub port: Option<u16>,
    pub transport: Transport,
    pub acceleration: Acceleration,
}

/// Makes a driver for an endpoint: libvirt's in the product. Connecting is lazy and happens again by itself.
pub trait Connector: Send + Sync + 'static {
    fn connect(&self, endpoint: &Endpoint) -> Arc<dyn HostDriver>;
}

/// The states that a host tells of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DomainState {
    Running,
    Paused,
    ShuttingDown,
    ShutOff,
    Crashed,
    /// The process is there, but its monitor does not answer.
    Stuck,
}

/// Why a domain is in the state it is in, as far as Drover acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StateReason {
    Unknown,
    /// Shut off by the guest itself.
    Shutdown,
    /// Shut off by somebody through libvirt.
    Destroyed,
    /// The process died.
    Crashed,
    /// QEMU failed (or libvirt lost it).
    Failed,
    /// Gone to another host.
    Migrated,
    /// Shut off into a file.
    Saved,
    /// Paused by somebody.
    User,
    /// Paused for an I/O error.
    IoError,
    Other,
}

/// One domain as the host tells it. Numbers are totals since its start; rates are the caller's arithmetic.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainReport {
    /// The domain's UUID, which for a VM of Drover is its id.
    pub vm: VmId,
    pub name: String,
    pub state: DomainState,
    pub reason: StateReason,
    /// Whether its definition carries Drover's metadata.
    pub ours: bool,
    pub cpu_time_ns: u64,
    /// What the guest has, by the balloon.
    pub memory_current: Option<u64>,
    /// What the guest says it does not use.
    pub memory_unused: Option<u64>,
    pub net_rx: u64,
    pub net_tx: u64,
    pub disk_read: u64,
    pub disk_write: u64,
}

/// A host's own use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HostUse {
    pub memory_total: u64,
    pub memory_free: u64,
    /// Busy and total time of all CPUs since boot, in nanoseconds.
    pub cpu_busy_ns: u64,
    pub cpu_total_ns: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub usage: HostUse,
    pub domains: Vec<DomainReport>,
}

/// What a host tells unasked.
#[derive(Debug, Clone, PartialEq)]
pub enum HostEvent {
    /// A domain's state changed, or it was defined or undefined; ask for the report.
    Domain { host: HostId, vm: VmId },
    /// The guest agent of a domain came or went.
    Agent { host: HostId, vm: VmId, connected: bool },
    /// The guest began a reboot.
    Reboot { host: HostId, vm: VmId },
    /// The connection is there, again or for the first time.
    Connected { host: HostId },
    /// The connection was lost.
    Disconnected { host: HostId, cause: String },
    /// So many calls never returned that the connection was renewed.
    Renewed { host: HostId, abandoned: u64 },
}

/// Everything that the definition of a VM needs; made by `control`, turned into XML by `host::xml`.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainSpec {
    pub vm: VmId,
    /// For people who look with virsh; not an identity.
    pub title: String,
    pub memory: u64,
    pub sockets: u32,
    pub cores: u32,
    pub threads: u32,
    pub cpu_model: Option<String>,
    pub disks: Vec<DiskSpec>,
    pub nics: Vec<NicSpec>,
    /// What is in the CD drive; the drive is always there.
    pub cd: Option<VolumeRef>,
    pub graphics: Option<GraphicsSpec>,
    /// From what it boots, in this order.
    pub boot: Vec<BootDevice>,
    pub boot_menu: bool,
    /// Boots this instead of what the devices hold.
    pub kernel: Option<KernelSpec>,
}

/// Files of the host, by their paths there.
#[derive(Debug, Clone, PartialEq)]
pub struct KernelSpec {
    pub kernel: String,
    pub initrd: Option<String>,
    pub parameters: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DiskSpec {
    pub volume: VolumeRef,
    pub format: model::disk::Format,
    /// The disk's id: what the guest sees as serial number.
    pub serial: String,
    pub boot: bool,
    /// From 0, each its own: what the disk is called, whatever else is put in or taken out.
    pub position: u32,
    pub interface: Interface,
}

#[derive(Debug, Clone, PartialEq)]
pub struct NicSpec {
    pub mac: String,
    /// None is a cable that leads nowhere.
    pub bridge: Option<String>,
    /// The NIC's own name, as an alias.
    pub name: String,
    pub model: NicModel,
    /// Whether the cable is in.
    pub linked: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct GraphicsSpec {
    /// At most eight characters: that is all that VNC authentication looks at.
    pub password: String,
    pub keyboard: Option<String>,
    pub protocols: Graphics,
}

/// A storage domain as a host sees it: a directory pool of the domain's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PoolRef {
    /// The storage domain's id.
    pub pool: String,
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VolumeRef {
    pub pool: PoolRef,
    pub volume: String,
}

impl VolumeRef {
    /// The file, as every host that has the pool sees it.
    pub fn path(&self) -> String {
        format!("{}/{}", self.pool.path.trim_end_matches('/'), self.volume)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct PoolReport {
    pub capacity: u64,
    pub available: u64,
    pub allocation: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct NewVolume {
    pub at: VolumeRef,
    pub format: model::disk::Format,
    pub allocation: model::disk::Allocation,
    /// Bytes. With a backing volume at least its size.
    pub size: u64,
    pub backing: Option<(VolumeRef, model::disk::Format)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct VolumeReport {
    pub name: String,
    pub capacity: u64,
    pub allocation: u64,
    pub format: Option<String>,
    /// The path of a file that it depends on.
    pub backing: Option<String>,
}

/// Where a running VM's screen is to be reached from the server.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreenAddress {
    pub host: String,
    pub port: u16,
}

/// A password for a screen, and how long it opens it.
#[derive(Clone, PartialEq)]
pub struct ScreenPassword {
    pub protocol: Protocol,
    /// At most eight characters.
    pub password: String,
    /// None: as long as the VM runs.
    pub until: Option<OffsetDateTime>,
}

#[async_trait]
pub trait HostDriver: Send + Sync + 'static {
    // The host.
    /// Connects if it must and asks what the host is. Deadline 10 s.
    async fn facts(&self) -> HostResult<HostFacts>;
    /// All domains and the host's use, in one go, without waiting for hung guests. At most 12 s. This call
    /// and `facts` also open the connection that events come by.
    async fn report(&self) -> HostResult<Report>;
    /// The bulk path's cheap sibling: one domain's state, or `NotFound`.
    async fn domain(&self, vm: VmId) -> HostResult<DomainReport>;
    /// What the host tells unasked, for as long as the driver lives. One receiver; a second call takes over.
    fn events(&self) -> mpsc::Receiver<HostEvent>;
    /// Closes the connection; running guests stay.
    async fn close(&self);

    // Domains.
    /// Defines the VM; the same definition again is fine, another one replaces it while it is shut off and is
    /// `WrongState` while it runs. A definition that differs only in the screen's password is the same.
    async fn define(&self, spec: &DomainSpec) -> HostResult<()>;
    /// Starts a defined domain. Already running is success.
    async fn start(&self, vm: VmId) -> HostResult<()>;
    /// Asks the guest to shut down, by agent or by ACPI. Returns once asked.
    async fn shutdown(&self, vm: VmId, how: Ask) -> HostResult<()>;
    async fn reboot(&self, vm: VmId, how: Ask) -> HostResult<()>;
    /// Ends the process. Not running, or not there, is success.
    async fn destroy(&self, vm: VmId) -> HostResult<()>;
    /// Presses the reset button: the guest begins anew and is not asked.
    async fn reset(&self, vm: VmId) -> HostResult<()>;
    /// Stops the processors of a running domain. Paused already is success.
    async fn pause(&self, vm: VmId) -> HostResult<()>;
    /// Resumes a paused domain.
    async fn resume(&self, vm: VmId) -> HostResult<()>;
    /// Writes the state of a running VM, with `memory` bytes of memory, into the file `to` and ends its process.
    /// Saved there already is success.
    async fn save(&self, vm: VmId, memory: u64, to: &VolumeRef) -> HostResult<()>;
    /// Gives up a save that is under way; the VM goes on. Nothing to give up is success.
    async fn abort_save(&self, vm: VmId) -> HostResult<()>;
    /// Brings a defined VM back from what `save` wrote, paused: its guest has not run a step yet. The file stays.
    /// There already is success; no file, or one that was not written to its end, is `NotFound`.
    async fn restore(&self, vm: VmId, memory: u64, from: &VolumeRef) -> HostResult<()>;
    /// Puts a file into the CD drive of a running VM, or empties it; for its next start on this host as well.
    async fn change_cd(&self, vm: VmId, cd: Option<&VolumeRef>) -> HostResult<()>;
    /// Puts a disk into a running VM, until its run ends. There already is success.
    async fn attach_disk(&self, vm: VmId, disk: &DiskSpec) -> HostResult<()>;
    /// Takes the disk with this serial number out of a running VM. Not there is success; `Kept` while the guest has not
    /// let go of it.
    async fn detach_disk(&self, vm: VmId, serial: &str) -> HostResult<()>;
    /// Makes a disk of a running VM larger, with its file and before its guest's eyes. That large already is success;
    /// never to be called with less than it has.
    async fn grow_disk(&self, vm: VmId, serial: &str, size: u64) -> HostResult<()>;
    /// Puts a NIC into a running VM, until its run ends. There already, by its address, is success.
    async fn attach_nic(&self, vm: VmId, nic: &NicSpec) -> HostResult<()>;
    /// The same for taking it out as for a disk; it is known by its address.
    async fn detach_nic(&self, vm: VmId, mac: &str) -> HostResult<()>;
    /// Puts the cable of a running VM's NIC in or out, or into another bridge.
    async fn update_nic(&self, vm: VmId, nic: &NicSpec) -> HostResult<()>;
    /// Forgets the definition. Not there is success; running is `WrongState`.
    async fn undefine(&self, vm: VmId) -> HostResult<()>;
    /// Host name, operating system, addresses, by the agent. `NoAgent` when there is none (yet).
    async fn guest_info(&self, vm: VmId) -> HostResult<model::vm::GuestInfo>;
    /// Locks or ends the sessions of whoever is at the guest's screen, by its agent.
    async fn sessions(&self, vm: VmId, what: Sessions) -> HostResult<()>;
    /// Where the server of a running domain's screen listens.
    async fn screen(&self, vm: VmId, protocol: Protocol) -> HostResult<ScreenAddress>;
    /// Gives a running domain's screen another password, which opens it until then. Who looks at it already is not
    /// sent away.
    async fn set_screen_password(&self, vm: VmId, password: &ScreenPassword) -> HostResult<()>;

    // Storage.
    /// Makes the pool known and active on this host, and refreshes it. A missing directory is `NotFound`.
    async fn open_pool(&self, pool: &PoolRef) -> HostResult<PoolReport>;
    /// Makes the host forget the pool (not its files). Not there is success.
    async fn close_pool(&self, pool: &PoolRef) -> HostResult<()>;
    async fn volumes(&self, pool: &PoolRef) -> HostResult<Vec<VolumeReport>>;
    /// Makes a volume. There already with the same capacity is success; with another is `Exists`.
    async fn create_volume(&self, volume: &NewVolume) -> HostResult<()>;
    /// Makes a volume that holds what `from` holds, all that it takes from files below it included. What is
    /// there of that name already, a copy that was broken off perhaps, goes first.
    async fn copy_volume(&self, volume: &NewVolume, from: &VolumeRef) -> HostResult<()>;
    /// Makes a volume that no VM runs on larger; a preallocated one takes the room at once. That large already is
    /// success; it never gets smaller.
    async fn grow_volume(&self, volume: &VolumeRef, allocation: Allocation, size: u64) -> HostResult<()>;
    /// Not there is success.
    async fn delete_volume(&self, volume: &VolumeRef) -> HostResult<()>;
    async fn volume(&self, volume: &VolumeRef) -> HostResult<VolumeReport>;
    /// Streams `data`, exactly `length` bytes, into an existing raw volume or a whole qcow2 image into a fresh
    /// one, which afterwards is what the image says (`volume` tells format, size and backing). An image that
    /// depends on another file is refused.
    async fn upload(
        &self,
        volume: &VolumeRef,
        data: Box<dyn std::io::Read + Send>,
        length: u64,
    ) -> HostResult<()>;
}

/// What becomes of the sessions in a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sessions {
    Lock,
    End,
}

/// How a guest is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Agent,
    Acpi,
}
