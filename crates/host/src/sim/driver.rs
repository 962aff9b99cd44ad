//! One simulated host behind the contract of `HostDriver`.

use std::io::Read;
use std::time::Duration;

use async_trait::async_trait;
use model::disk::{Allocation, Format};
use model::host::HostFacts;
use model::vm::GuestInfo;
use model::vm_options::Protocol;
use model::{HostId, VmId};
use tokio::sync::mpsc;

use super::SimEstate;
use super::deeds::{
    attach_disk, copy, create, directory, grow, grow_disk, known, let_go, outdated, pool_of, restore, save,
    start, volume_of,
};
use super::fault::{Trouble, meet, suffer};
use super::state::{SimDomain, SimVolume, State};
use crate::driver::*;
use crate::{HostError, HostResult, image};

pub(super) struct SimDriver {
    estate: SimEstate,
    host: HostId,
}

impl SimDriver {
    pub fn new(estate: SimEstate, host: HostId) -> Self {
        SimDriver { estate, host }
    }

    /// The way of every call: it is recorded, meets its fault or the weather, takes its time, and then does its work
    /// if the host is there.
    async fn call<T>(
        &self,
        call: &'static str,
        about: impl ToString + Send,
        work: impl FnOnce(&mut State) -> HostResult<T> + Send,
    ) -> HostResult<T> {
        let (trouble, deadline, latency) = {
            let mut state = self.estate.lock();
            let number = state.record(self.host, call, about);
            let fault = meet(&mut state.faults, self.host, call);
            let trouble = fault.or_else(|| state.weather.strikes(self.host, number).map(Trouble::Fail));
            (trouble, state.deadline, state.latency(call))
        };
        if let Some(latency) = latency {
            tokio::time::sleep(latency).await;
        }
        let lost_answer = suffer(trouble, deadline).await?;
        let mut state = self.estate.lock();
        self.connect(&mut state)?;
        let answer = work(&mut state)?;
        lost_answer.map_or(Ok(answer), Err)
    }

    fn connect(&self, state: &mut State) -> HostResult<()> {
        let id = self.host;
        let host = state.host(id);
        if let Some(cause) = &host.unreachable {
            return Err(HostError::Unreachable(cause.clone()));
        }
        if !std::mem::replace(&mut host.connected, true) {
            host.tell(HostEvent::Connected { host: id });
        }
        Ok(())
    }

    /// A call about one running VM, after which the listeners hear of it.
    async fn on_running<T>(
        &self,
        call: &'static str,
        vm: VmId,
        work: impl FnOnce(&mut SimDomain) -> HostResult<T> + Send,
    ) -> HostResult<T> {
        self.call(call, vm, |state| {
            let domain = known(state.host(self.host), vm)?;
            if !domain.running() {
                return Err(HostError::WrongState("the VM is not running".into()));
            }
            let before = domain.clone();
            let answer = work(domain)?;
            if *domain != before {
                state.host(self.host).tell(HostEvent::Domain { host: self.host, vm });
            }
            Ok(answer)
        })
        .await
    }
}

/// How many thousandths of `each` have passed.
fn thousandths(passed: Duration, each: Duration) -> u64 {
    u64::try_from(passed.as_micros() * 1000 / each.as_micros().max(1)).unwrap_or(u64::MAX)
}

#[async_trait]
impl HostDriver for SimDriver {
    async fn facts(&self) -> HostResult<HostFacts> {
        self.call("facts", "", |s| Ok(s.host(self.host).facts.clone())).await
    }

    async fn report(&self) -> HostResult<Report> {
        self.call("report", "", |s| {
            let by_time = s.pace.map(|(since, each)| thousandths(since.elapsed(), each));
            let host = s.host(self.host);
            host.reports = by_time.unwrap_or(host.reports + 1000);
            let reports = host.reports;
            let domains: Vec<_> = host.domains.iter().map(|(vm, d)| d.report(*vm, reports)).collect();
            let taken: u64 = host.domains.values().filter(|d| d.running()).map(|d| d.spec.memory).sum();
            let usage = HostUse {
                memory_total: host.facts.memory,
                memory_free: host.facts.memory.saturating_sub(taken),
                cpu_busy_ns: reports * 300_000,
                cpu_total_ns: reports * 3_000_000 * u64::from(host.facts.cpus),
            };
            Ok(Report { usage, domains })
        })
        .await
    }

    async fn domain(&self, vm: VmId) -> HostResult<DomainReport> {
        self.call("domain", vm, |s| {
            let host = s.host(self.host);
            let reports = host.reports;
            Ok(known(host, vm)?.report(vm, reports))
        })
        .await
    }

    fn events(&self) -> mpsc::Receiver<HostEvent> {
        let (tx, rx) = mpsc::channel(4096);
        self.estate.lock().host(self.host).listeners.push(tx);
        rx
    }

    async fn close(&self) {
        self.estate.lock().host(self.host).connected = false;
    }

    async fn define(&self, spec: &DomainSpec) -> HostResult<()> {
        self.call("define", spec.vm, |s| {
            let host = s.host(self.host);
            match host.domains.get_mut(&spec.vm) {
                Some(d) if d.spec == *spec => return Ok(()),
                Some(d) if d.running() => return Err(HostError::WrongState("the VM is running".into())),
                Some(d) => d.spec = spec.clone(),
                None => drop(host.domains.insert(spec.vm, SimDomain::new(spec.clone()))),
            }
            host.tell(HostEvent::Domain { host: self.host, vm: spec.vm });
            Ok(())
        })
        .await
    }

    async fn start(&self, vm: VmId) -> HostResult<()> {
        self.call("start", vm, |s| start(s, self.host, vm)).await
    }

    async fn shutdown(&self, vm: VmId, how: Ask) -> HostResult<()> {
        self.on_running("shutdown", vm, |d| {
            if obeys(d, how)? {
                d.stop(StateReason::Shutdown);
            }
            Ok(())
        })
        .await
    }

    async fn reboot(&self, vm: VmId, how: Ask) -> HostResult<()> {
        let obeyed = self
            .on_running("reboot", vm, |d| {
                let obeys = obeys(d, how)?;
                d.reboots += u32::from(obeys);
                Ok(obeys)
            })
            .await?;
        if obeyed {
            self.estate.lock().host(self.host).tell(HostEvent::Reboot { host: self.host, vm });
        }
        Ok(())
    }

    async fn destroy(&self, vm: VmId) -> HostResult<()> {
        self.call("destroy", vm, |s| {
            let host = s.host(self.host);
            let Some(domain) = host.domains.get_mut(&vm).filter(|d| d.running()) else { return Ok(()) };
            domain.stop(StateReason::Destroyed);
            host.tell(HostEvent::Domain { host: self.host, vm });
            Ok(())
        })
        .await
    }

    async fn reset(&self, vm: VmId) -> HostResult<()> {
        self.on_running("reset", vm, |_| Ok(())).await
    }

    async fn pause(&self, vm: VmId) -> HostResult<()> {
        self.on_running("pause", vm, |d| {
            d.pause(StateReason::User);
            Ok(())
        })
        .await
    }

    async fn resume(&self, vm: VmId) -> HostResult<()> {
        self.on_running("resume", vm, |d| {
            d.state = DomainState::Running;
            d.reason = StateReason::Other;
            Ok(())
        })
        .await?;
        outdated(&mut self.estate.lock(), vm);
        Ok(())
    }

    async fn save(&self, vm: VmId, memory: u64, to: &VolumeRef) -> HostResult<()> {
        self.call("save", vm, |s| save(s, self.host, vm, memory, to)).await
    }

    async fn abort_save(&self, vm: VmId) -> HostResult<()> {
        self.call("abort_save", vm, |_| Ok(())).await
    }

    async fn restore(&self, vm: VmId, _memory: u64, from: &VolumeRef) -> HostResult<()> {
        self.call("restore", vm, |s| restore(s, self.host, vm, from)).await
    }

    async fn change_cd(&self, vm: VmId, cd: Option<&VolumeRef>) -> HostResult<()> {
        self.on_running("change_cd", vm, |d| {
            d.spec.cd = cd.cloned();
            Ok(())
        })
        .await
    }

    async fn attach_disk(&self, vm: VmId, disk: &DiskSpec) -> HostResult<()> {
        self.call("attach_disk", vm, |s| attach_disk(s, self.host, vm, disk)).await
    }

    async fn detach_disk(&self, vm: VmId, serial: &str) -> HostResult<()> {
        self.on_running("detach_disk", vm, |d| {
            let_go(d, |spec| &mut spec.disks, |disk| disk.serial == serial)
        })
        .await
    }

    async fn grow_disk(&self, vm: VmId, serial: &str, size: u64) -> HostResult<()> {
        self.call("grow_disk", vm, |s| grow_disk(s, self.host, vm, serial, size)).await
    }

    async fn attach_nic(&self, vm: VmId, nic: &NicSpec) -> HostResult<()> {
        self.on_running("attach_nic", vm, |d| {
            if d.spec.nics.iter().all(|own| own.mac != nic.mac) {
                d.spec.nics.push(nic.clone());
            }
            Ok(())
        })
        .await
    }

    async fn detach_nic(&self, vm: VmId, mac: &str) -> HostResult<()> {
        self.on_running("detach_nic", vm, |d| let_go(d, |spec| &mut spec.nics, |nic| nic.mac == mac)).await
    }

    async fn update_nic(&self, vm: VmId, nic: &NicSpec) -> HostResult<()> {
        self.on_running("update_nic", vm, |d| {
            let own = d.spec.nics.iter_mut().find(|own| own.mac == nic.mac);
            let own = own.ok_or_else(|| HostError::NotFound("the VM does not have that NIC".into()))?;
            (own.bridge, own.linked) = (nic.bridge.clone(), nic.linked);
            Ok(())
        })
        .await
    }

    async fn undefine(&self, vm: VmId) -> HostResult<()> {
        self.call("undefine", vm, |s| {
            let host = s.host(self.host);
            if host.domains.get(&vm).is_some_and(SimDomain::running) {
                return Err(HostError::WrongState("the VM is running".into()));
            }
            if host.domains.remove(&vm).is_some() {
                host.tell(HostEvent::Domain { host: self.host, vm });
            }
            Ok(())
        })
        .await
    }

    async fn guest_info(&self, vm: VmId) -> HostResult<GuestInfo> {
        self.on_running("guest_info", vm, |d| {
            d.agent.clone().ok_or_else(|| HostError::NoAgent("the guest has no agent".into()))
        })
        .await
    }

    async fn sessions(&self, vm: VmId, what: Sessions) -> HostResult<()> {
        self.on_running("sessions", vm, |d| {
            d.agent.as_ref().ok_or_else(|| HostError::NoAgent("the guest has no agent".into()))?;
            d.sessions = Some(what);
            Ok(())
        })
        .await
    }

    async fn set_screen_password(&self, vm: VmId, password: &ScreenPassword) -> HostResult<()> {
        self.on_running("set_screen_password", vm, |d| {
            let screen = d.spec.graphics.as_mut();
            let screen = screen.ok_or_else(|| HostError::NotFound("the VM has no screen".into()))?;
            if password.protocol == Protocol::Vnc {
                screen.password.clone_from(&password.password);
            }
            d.password_until = password.until;
            Ok(())
        })
        .await
    }

    async fn screen(&self, vm: VmId, _protocol: Protocol) -> HostResult<ScreenAddress> {
        self.on_running("screen", vm, |d| match d.spec.graphics {
            Some(_) => Ok(ScreenAddress { host: "127.0.0.1".into(), port: 5900 }),
            None => Err(HostError::NotFound("the VM has no screen".into())),
        })
        .await
    }

    async fn open_pool(&self, pool: &PoolRef) -> HostResult<PoolReport> {
        self.call("open_pool", &pool.pool, |s| {
            let storage = directory(s, pool)?;
            let allocation = storage.used();
            let available = storage.capacity.saturating_sub(allocation);
            let report = PoolReport { capacity: storage.capacity, available, allocation };
            s.host(self.host).pools.insert(pool.pool.clone(), pool.path.clone());
            Ok(report)
        })
        .await
    }

    async fn close_pool(&self, pool: &PoolRef) -> HostResult<()> {
        self.call("close_pool", &pool.pool, |s| {
            s.host(self.host).pools.remove(&pool.pool);
            Ok(())
        })
        .await
    }

    async fn volumes(&self, pool: &PoolRef) -> HostResult<Vec<VolumeReport>> {
        self.call("volumes", &pool.pool, |s| {
            Ok(pool_of(s, self.host, pool)?.volumes.values().map(SimVolume::report).collect())
        })
        .await
    }

    async fn create_volume(&self, new: &NewVolume) -> HostResult<()> {
        self.call("create_volume", &new.at.volume, |s| create(pool_of(s, self.host, &new.at.pool)?, new))
            .await
    }

    async fn copy_volume(&self, new: &NewVolume, from: &VolumeRef) -> HostResult<()> {
        self.call("copy_volume", &new.at.volume, |s| {
            let source = volume_of(s, self.host, from)?.clone();
            copy(pool_of(s, self.host, &new.at.pool)?, new, source)
        })
        .await
    }

    async fn grow_volume(&self, volume: &VolumeRef, allocation: Allocation, size: u64) -> HostResult<()> {
        self.call("grow_volume", &volume.volume, |s| {
            grow(pool_of(s, self.host, &volume.pool)?, &volume.volume, allocation, size)
        })
        .await
    }

    async fn delete_volume(&self, volume: &VolumeRef) -> HostResult<()> {
        self.call("delete_volume", &volume.volume, |s| {
            pool_of(s, self.host, &volume.pool)?.volumes.remove(&volume.volume);
            Ok(())
        })
        .await
    }

    async fn volume(&self, volume: &VolumeRef) -> HostResult<VolumeReport> {
        self.call("volume", &volume.volume, |s| Ok(volume_of(s, self.host, volume)?.report())).await
    }

    async fn upload(
        &self,
        volume: &VolumeRef,
        mut data: Box<dyn Read + Send>,
        length: u64,
    ) -> HostResult<()> {
        self.call("upload", &volume.volume, move |s| {
            let mut bytes = Vec::new();
            data.read_to_end(&mut bytes).map_err(|e| HostError::Failed(e.to_string()))?;
            if bytes.len() as u64 != length {
                return Err(HostError::Failed(format!("{} bytes came instead of {length}", bytes.len())));
            }
            image::check(&bytes)?;
            let target = volume_of(s, self.host, volume)?;
            if let Some(size) = image::virtual_size(&bytes) {
                target.format = Format::Qcow2;
                target.capacity = size;
            }
            target.allocation = target.allocation.max(length);
            target.uploaded = length;
            Ok(())
        })
        .await
    }
}

/// Whether the guest does what it is asked; asking an agent that is not there is an error.
fn obeys(domain: &SimDomain, how: Ask) -> HostResult<bool> {
    match (how, &domain.agent) {
        (Ask::Agent, None) => Err(HostError::NoAgent("the guest has no agent".into())),
        (Ask::Agent, Some(_)) => Ok(true),
        (Ask::Acpi, _) => Ok(!domain.deaf),
    }
}
