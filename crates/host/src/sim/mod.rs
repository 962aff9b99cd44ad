//! A whole estate of hosts in memory: shared storage, guests that obey, and faults on demand. It exists for
//! tests of operations and of scale; the product never makes one. Nothing in it is random, so that a test that
//! failed fails again: what strikes now and then does so by a seed. Nothing waits but a hang and what was given a
//! latency, by tokio's clock.

mod deeds;
mod driver;
mod fault;
mod state;
mod weather;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::vm::GuestInfo;
use model::{HostId, VmId};
use tokio::time::Instant;

pub use fault::{Faults, Hold};
pub use state::{Call, SimDomain, SimVolume};
pub use weather::Weather;

use crate::driver::{Connector, DomainSpec, Endpoint, HostDriver, HostEvent, PoolRef, StateReason};
use state::{SimHost, State};

/// The handle of an estate; clones are the same estate.
#[derive(Clone, Default)]
pub struct SimEstate {
    state: Arc<Mutex<State>>,
}

/// Connects to hosts of the estate. A host exists from the first time that somebody names it.
pub struct SimConnector {
    estate: SimEstate,
}

impl Connector for SimConnector {
    fn connect(&self, endpoint: &Endpoint) -> Arc<dyn HostDriver> {
        self.estate.lock().host(endpoint.host);
        Arc::new(driver::SimDriver::new(self.estate.clone(), endpoint.host))
    }
}

impl SimEstate {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(SimConnector { estate: self.clone() })
    }

    /// A test that panicked while it held the state must not hide its cause behind a poisoned lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // Faults in calls; see `Faults` for each. Here they strike whichever host is called next.

    pub fn fail_next(&self, call: &str, error: crate::HostError) {
        self.anywhere().fail_next(call, error);
    }

    pub fn fail_after(&self, call: &str, error: crate::HostError) {
        self.anywhere().fail_after(call, error);
    }

    pub fn hang_next(&self, call: &str) {
        self.anywhere().hang_next(call);
    }

    pub fn hold_next(&self, call: &str) -> Hold {
        self.anywhere().hold_next(call)
    }

    /// Faults that strike one host only.
    pub fn on(&self, host: HostId) -> Faults {
        Faults::new(self.clone(), Some(host))
    }

    fn anywhere(&self) -> Faults {
        Faults::new(self.clone(), None)
    }

    /// How long a hanging call waits before it is a `Timeout`; 30 s unless told otherwise.
    pub fn set_deadline(&self, deadline: Duration) {
        self.lock().deadline = deadline;
    }

    /// How long each such call takes from now on, by tokio's clock; `*` is every call that has no time of its own.
    /// Nothing takes any time unless told.
    pub fn set_latency(&self, call: &str, time: Duration) {
        self.lock().latencies.insert(call.to_owned(), time);
    }

    /// Use goes by tokio's clock from now on, `each` being a report's worth, however often is asked: a machine that is
    /// late would show another use at each look.
    pub fn set_pace(&self, each: Duration) {
        self.lock().pace = Some((Instant::now(), each));
    }

    /// What befalls calls and hosts now and then, from now on.
    pub fn set_weather(&self, weather: Weather) {
        self.lock().weather = weather;
    }

    // What happens to hosts.

    /// Makes a guest run on a host, past every call: how an estate begins that others know already.
    pub fn put_running(&self, host: HostId, spec: DomainSpec, agent: Option<GuestInfo>) {
        let domain = SimDomain { agent, ..SimDomain::running_as(spec) };
        self.lock().host(host).domains.insert(domain.spec.vm, domain);
    }

    /// Says what the host will tell of itself.
    pub fn set_facts(&self, host: HostId, facts: model::host::HostFacts) {
        self.lock().host(host).facts = facts;
    }

    /// The link to the host breaks; its guests run on.
    pub fn disconnect(&self, host: HostId, cause: &str) {
        self.lock().host(host).disconnect(host, cause);
    }

    /// The link is whole again; the next call connects.
    pub fn reconnect(&self, host: HostId) {
        self.lock().host(host).unreachable = None;
    }

    /// The host and everything on it is dead until `power_on`.
    pub fn power_cut(&self, host: HostId) {
        let mut state = self.lock();
        let cut = state.host(host);
        cut.domains.values_mut().for_each(|d| d.stop(StateReason::Unknown));
        cut.disconnect(host, "no route to host");
    }

    /// The host boots: definitions are there, nothing runs.
    pub fn power_on(&self, host: HostId) {
        self.reconnect(host);
    }

    // What happens to guests.

    /// The guest shuts itself down.
    pub fn guest_shutdown(&self, vm: VmId) {
        self.stop(vm, StateReason::Shutdown);
    }

    /// The guest's process dies.
    pub fn kill(&self, vm: VmId) {
        self.stop(vm, StateReason::Crashed);
    }

    /// The guest stops for an error of its storage.
    pub fn io_error(&self, vm: VmId) {
        self.change(vm, |d| d.pause(StateReason::IoError));
    }

    /// The guest's process is there but does not answer (or answers again).
    pub fn set_stuck(&self, vm: VmId, stuck: bool) {
        self.change(vm, |d| d.stuck = stuck);
    }

    /// The guest ignores the power button (or not).
    pub fn set_deaf(&self, vm: VmId, deaf: bool) {
        self.change(vm, |d| d.deaf = deaf);
    }

    /// The guest keeps what is to be taken out of it (or lets go of it).
    pub fn set_clinging(&self, vm: VmId, clings: bool) {
        self.change(vm, |d| d.clings = clings);
    }

    /// The guest's agent connects with this to tell, or goes.
    pub fn set_agent(&self, vm: VmId, agent: Option<GuestInfo>) {
        let mut state = self.lock();
        for (id, host) in &mut state.hosts {
            let Some(domain) = host.domains.get_mut(&vm).filter(|d| d.running()) else { continue };
            domain.agent = agent.clone();
            host.tell(HostEvent::Agent { host: *id, vm, connected: agent.is_some() });
        }
    }

    fn stop(&self, vm: VmId, reason: StateReason) {
        self.change(vm, |d| d.stop(reason));
    }

    /// Changes the running copy of a VM, wherever it is, and tells.
    fn change(&self, vm: VmId, change: impl Fn(&mut SimDomain)) {
        let mut state = self.lock();
        for (id, host) in &mut state.hosts {
            let Some(domain) = host.domains.get_mut(&vm).filter(|d| d.running()) else { continue };
            change(domain);
            host.tell(HostEvent::Domain { host: *id, vm });
        }
    }

    // Storage.

    /// Gives the storage at `path` a size; 1 TiB unless told otherwise.
    pub fn set_capacity(&self, path: &str, capacity: u64) {
        self.lock().storage(path).capacity = capacity;
    }

    /// The directory at `path` goes away, or comes back with what was in it.
    pub fn set_missing(&self, path: &str, missing: bool) {
        self.lock().storage(path).missing = missing;
    }

    /// Somebody put a file there, past Drover.
    pub fn put_file(&self, path: &str, name: &str, size: u64) {
        let volume = SimVolume {
            name: name.to_owned(),
            format: model::disk::Format::Raw,
            capacity: size,
            allocation: size,
            backing: None,
            uploaded: size,
            saved: None,
        };
        self.lock().storage(path).volumes.insert(name.to_owned(), volume);
    }

    /// Somebody made a file depend on another, past Drover.
    pub fn lean(&self, path: &str, name: &str, on: &str) {
        if let Some(volume) = self.lock().storage(path).volumes.get_mut(name) {
            volume.backing = Some(on.to_owned());
        }
    }

    /// Somebody took a file away, past Drover.
    pub fn take_file(&self, path: &str, name: &str) {
        self.lock().storage(path).volumes.remove(name);
    }

    /// Somebody has written so much into a volume in all.
    pub fn write(&self, path: &str, volume: &str, allocation: u64) {
        if let Some(volume) = self.lock().storage(path).volumes.get_mut(volume) {
            volume.allocation = allocation;
        }
    }

    // What there is.

    pub fn domains(&self, host: HostId) -> Vec<SimDomain> {
        self.lock().hosts.get(&host).map(SimHost::all).unwrap_or_default()
    }

    /// On which hosts the VM runs: more than one is split brain.
    pub fn running_on(&self, vm: VmId) -> Vec<HostId> {
        let state = self.lock();
        let runs = |host: &SimHost| host.domains.get(&vm).is_some_and(SimDomain::running);
        state.hosts.iter().filter(|(_, host)| runs(host)).map(|(id, _)| *id).collect()
    }

    pub fn volumes(&self, pool: &PoolRef) -> Vec<SimVolume> {
        self.lock().storage(&pool.path).volumes.values().cloned().collect()
    }

    /// How many calls are remembered; 65,536 unless told otherwise.
    pub fn keep_calls(&self, calls: usize) {
        let mut state = self.lock();
        state.keep_calls = calls;
        state.calls.truncate(calls);
    }

    /// Every call so far (the latest of them, see `keep_calls`), the refused ones too.
    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.iter().cloned().collect()
    }

    /// Forgets the calls so far.
    pub fn clear_calls(&self) {
        self.lock().calls.clear();
    }
}

#[cfg(test)]
mod tests;
