//! `HostDriver` in terms of lanes: which lane a call takes and how long it may last. What is then said to
//! libvirt is in the modules beside this one.

use std::io::Read;
use std::sync::Arc;

use async_trait::async_trait;
use model::VmId;
use model::disk::Allocation;
use model::host::{Acceleration, HostFacts};
use model::vm::GuestInfo;
use model::vm_options::Protocol;
use tokio::sync::{OnceCell, mpsc};

use super::host::Host;
use super::lane::{Lane, Terms};
use super::stats::{self, Known};
use super::{Options, domains, facts, guest, hardware, probe, reach, saved, sessions, storage};
use crate::driver::*;
use crate::xml::DomainShape;
use crate::{HostError, HostResult};

pub struct LibvirtDriver {
    host: Arc<Host>,
    lanes: Lanes,
    known: Known,
}

/// The lanes, and what was found out by way of them once for all.
struct Lanes {
    /// Facts, states and events: nothing here waits for a guest.
    observe: Arc<Lane>,
    /// What guests answer by agent or monitor; a definition, too, is told with the monitor's help.
    guest: Arc<Lane>,
    /// Changes to domains.
    act: Arc<Lane>,
    /// Pools, volumes and uploads: as slow as the storage.
    storage: Arc<Lane>,
    /// Whether KVM runs guests here.
    kvm: OnceCell<bool>,
}

impl LibvirtDriver {
    pub fn new(endpoint: Endpoint, options: Options) -> Self {
        let host = Arc::new(Host::new(endpoint, options));
        let lane = |name, threads, listens| Lane::new(host.clone(), name, threads, listens);
        let lanes = Lanes {
            observe: lane("observe", 2, true),
            guest: lane("guest", 3, false),
            act: lane("act", 4, false),
            storage: lane("storage", 4, false),
            kvm: OnceCell::new(),
        };
        LibvirtDriver { host, lanes, known: Known::default() }
    }
}

impl Lanes {
    /// Whether guests run by KVM here: as said, or found out once by running one. That takes storage, so a VM
    /// without a disk is emulated as long as no other was asked for.
    async fn kvm(&self, wanted: Acceleration, spec: &DomainSpec) -> HostResult<bool> {
        match (wanted, spec.disks.first()) {
            (Acceleration::Kvm, _) => Ok(true),
            (Acceleration::Emulation, _) => Ok(false),
            (Acceleration::Auto, Some(disk)) => {
                let probe = || probe::kvm_works(&self.act, &disk.volume.pool);
                self.kvm.get_or_try_init(probe).await.copied()
            }
            (Acceleration::Auto, None) => Ok(self.kvm.get().copied().unwrap_or(false)),
        }
    }
}

#[async_trait]
impl HostDriver for LibvirtDriver {
    async fn facts(&self) -> HostResult<HostFacts> {
        let emulated = self.host.endpoint.acceleration == Acceleration::Emulation;
        let mut facts =
            self.lanes.observe.call(Terms::within(10), move |c| facts::facts(c, emulated)).await?;
        // What was found out by running a guest is worth more than what is said.
        facts.kvm_offered &= self.lanes.kvm.get() != Some(&false);
        Ok(facts)
    }

    async fn report(&self) -> HostResult<Report> {
        let known = self.known.clone();
        let mut base = self.lanes.observe.call(Terms::within(5), move |c| stats::base(c, known)).await?;
        let detail = self.lanes.guest.call(Terms::within(4), stats::detail).await;
        let unclear = base.merge(detail.unwrap_or_default());
        if !unclear.is_empty() {
            let glances =
                self.lanes.observe.call(Terms::within(3), move |c| stats::glance(c, &unclear)).await?;
            base.fill(&glances);
        }
        Ok(base.into_report())
    }

    async fn domain(&self, vm: VmId) -> HostResult<DomainReport> {
        self.lanes.observe.call(Terms::within(6), move |c| stats::one(c, vm)).await
    }

    fn events(&self) -> mpsc::Receiver<HostEvent> {
        self.host.listen()
    }

    async fn close(&self) {
        let lanes = &self.lanes;
        [&lanes.observe, &lanes.guest, &lanes.act, &lanes.storage].into_iter().for_each(|l| l.close());
    }

    async fn define(&self, spec: &DomainSpec) -> HostResult<()> {
        let kvm = self.lanes.kvm(self.host.endpoint.acceleration, spec).await?;
        let (spec, host) = (spec.clone(), self.host.clone());
        let define = move |c: &virt::connect::Connect| {
            let shape = DomainShape { kvm, listen: reach::listen_address(&host.endpoint) };
            domains::define(c, &spec, &shape)
        };
        self.lanes.act.call(Terms::within(10), define).await
    }

    async fn start(&self, vm: VmId) -> HostResult<()> {
        self.lanes.act.call(Terms::within(60).of(vm), move |c| domains::start(c, vm)).await
    }

    async fn shutdown(&self, vm: VmId, how: Ask) -> HostResult<()> {
        self.lanes.act.call(Terms::within(15).of(vm), move |c| domains::shutdown(c, vm, how)).await
    }

    async fn reboot(&self, vm: VmId, how: Ask) -> HostResult<()> {
        self.lanes.act.call(Terms::within(15).of(vm), move |c| domains::reboot(c, vm, how)).await
    }

    /// Not refused for a VM that hangs: this is what helps against it.
    async fn destroy(&self, vm: VmId) -> HostResult<()> {
        self.lanes.act.call(Terms::within(45), move |c| domains::destroy(c, vm)).await
    }

    async fn reset(&self, vm: VmId) -> HostResult<()> {
        self.lanes.act.call(Terms::within(15).of(vm), move |c| domains::reset(c, vm)).await
    }

    async fn pause(&self, vm: VmId) -> HostResult<()> {
        self.lanes.act.call(Terms::within(15).of(vm), move |c| domains::pause(c, vm)).await
    }

    async fn resume(&self, vm: VmId) -> HostResult<()> {
        self.lanes.act.call(Terms::within(15).of(vm), move |c| domains::resume(c, vm)).await
    }

    /// As long as the storage takes; other VMs' changes do not wait behind it.
    async fn save(&self, vm: VmId, memory: u64, to: &VolumeRef) -> HostResult<()> {
        let (terms, to) = (Terms::within(storage::writing_seconds(memory)), to.clone());
        self.lanes.storage.call(terms.of(vm), move |c| saved::save(c, vm, &to)).await
    }

    async fn abort_save(&self, vm: VmId) -> HostResult<()> {
        self.lanes.act.call(Terms::within(45), move |c| saved::abort(c, vm)).await
    }

    async fn restore(&self, vm: VmId, memory: u64, from: &VolumeRef) -> HostResult<()> {
        let (terms, from) = (Terms::within(storage::writing_seconds(memory)), from.clone());
        let listen = reach::listen_address(&self.host.endpoint);
        self.lanes.storage.call(terms.of(vm), move |c| saved::restore(c, vm, &from, &listen)).await
    }

    async fn change_cd(&self, vm: VmId, cd: Option<&VolumeRef>) -> HostResult<()> {
        let path = cd.map(VolumeRef::path);
        let change = move |c: &virt::connect::Connect| domains::change_cd(c, vm, path.as_deref());
        self.lanes.act.call(Terms::within(30).of(vm), change).await
    }

    async fn attach_disk(&self, vm: VmId, disk: &DiskSpec) -> HostResult<()> {
        let disk = disk.clone();
        self.lanes.act.call(Terms::within(45).of(vm), move |c| hardware::attach_disk(c, vm, &disk)).await
    }

    async fn detach_disk(&self, vm: VmId, serial: &str) -> HostResult<()> {
        let serial = serial.to_owned();
        self.lanes.act.call(Terms::within(45).of(vm), move |c| hardware::detach_disk(c, vm, &serial)).await
    }

    async fn grow_disk(&self, vm: VmId, serial: &str, size: u64) -> HostResult<()> {
        let serial = serial.to_owned();
        let grow = move |c: &virt::connect::Connect| hardware::grow_disk(c, vm, &serial, size);
        self.lanes.act.call(Terms::within(45).of(vm), grow).await
    }

    async fn attach_nic(&self, vm: VmId, nic: &NicSpec) -> HostResult<()> {
        let nic = nic.clone();
        self.lanes.act.call(Terms::within(45).of(vm), move |c| hardware::attach_nic(c, vm, &nic)).await
    }

    async fn detach_nic(&self, vm: VmId, mac: &str) -> HostResult<()> {
        let mac = mac.to_owned();
        self.lanes.act.call(Terms::within(45).of(vm), move |c| hardware::detach_nic(c, vm, &mac)).await
    }

    async fn update_nic(&self, vm: VmId, nic: &NicSpec) -> HostResult<()> {
        let nic = nic.clone();
        self.lanes.act.call(Terms::within(45).of(vm), move |c| hardware::update_nic(c, vm, &nic)).await
    }

    async fn undefine(&self, vm: VmId) -> HostResult<()> {
        self.lanes.act.call(Terms::within(15), move |c| domains::undefine(c, vm)).await
    }

    async fn guest_info(&self, vm: VmId) -> HostResult<GuestInfo> {
        self.lanes.guest.call(Terms::within(15).of(vm), move |c| guest::info(c, vm)).await
    }

    async fn sessions(&self, vm: VmId, what: Sessions) -> HostResult<()> {
        self.lanes.guest.call(Terms::within(20).of(vm), move |c| sessions::act(c, vm, what)).await
    }

    async fn set_screen_password(&self, vm: VmId, password: &ScreenPassword) -> HostResult<()> {
        let password = password.clone();
        let set = move |c: &virt::connect::Connect| domains::set_screen_password(c, vm, &password);
        self.lanes.act.call(Terms::within(15).of(vm), set).await
    }

    async fn screen(&self, vm: VmId, protocol: Protocol) -> HostResult<ScreenAddress> {
        let look = move |c: &virt::connect::Connect| domains::screen(c, vm, protocol);
        let found = self.lanes.guest.call(Terms::within(6).of(vm), look).await?;
        let listens = found.address.filter(|a| !matches!(a.as_str(), "" | "0.0.0.0" | "::"));
        let host = listens.unwrap_or_else(|| self.host.endpoint.address.clone());
        Ok(ScreenAddress { host, port: found.port })
    }

    async fn open_pool(&self, pool: &PoolRef) -> HostResult<PoolReport> {
        let pool = pool.clone();
        self.lanes.storage.call(Terms::within(30), move |c| storage::open(c, &pool)).await
    }

    async fn close_pool(&self, pool: &PoolRef) -> HostResult<()> {
        let pool = pool.clone();
        self.lanes.storage.call(Terms::within(30), move |c| storage::close(c, &pool)).await
    }

    async fn volumes(&self, pool: &PoolRef) -> HostResult<Vec<VolumeReport>> {
        let pool = pool.clone();
        self.lanes.storage.call(Terms::within(60), move |c| storage::volumes(c, &pool)).await
    }

    async fn create_volume(&self, volume: &NewVolume) -> HostResult<()> {
        let new = volume.clone();
        let terms = Terms::within(storage::creation_seconds(&new));
        self.lanes.storage.call(terms, move |c| storage::create(c, &new)).await
    }

    async fn copy_volume(&self, volume: &NewVolume, from: &VolumeRef) -> HostResult<()> {
        let (new, from) = (volume.clone(), from.clone());
        let terms = Terms::within(storage::writing_seconds(new.size));
        self.lanes.storage.call(terms, move |c| storage::copy(c, &new, &from)).await
    }

    async fn grow_volume(&self, volume: &VolumeRef, allocation: Allocation, size: u64) -> HostResult<()> {
        let volume = volume.clone();
        let terms = Terms::within(storage::writing_seconds(size));
        self.lanes.storage.call(terms, move |c| storage::grow(c, &volume, allocation, size)).await
    }

    async fn delete_volume(&self, volume: &VolumeRef) -> HostResult<()> {
        let volume = volume.clone();
        self.lanes.storage.call(Terms::within(60), move |c| storage::delete(c, &volume)).await
    }

    async fn volume(&self, volume: &VolumeRef) -> HostResult<VolumeReport> {
        let volume = volume.clone();
        self.lanes.storage.call(Terms::within(30), move |c| storage::report(c, &volume)).await
    }

    async fn upload(&self, volume: &VolumeRef, data: Box<dyn Read + Send>, length: u64) -> HostResult<()> {
        let volume = volume.clone();
        let terms = Terms::within(storage::upload_seconds(length));
        self.lanes.storage.call(terms, move |c| storage::upload(c, &volume, data, length)).await
    }
}

/// The look-up that begins nearly every call; what is not there is `NotFound`.
pub fn lookup(connection: &virt::connect::Connect, vm: VmId) -> HostResult<virt::domain::Domain> {
    match connection.lookup_domain_by_uuid(vm.0) {
        Ok(domain) => Ok(domain),
        Err(error) => Err(match HostError::from(error) {
            HostError::NotFound(_) => HostError::NotFound(format!("the host does not know VM {vm}")),
            other => other,
        }),
    }
}
