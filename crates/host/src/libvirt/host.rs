//! What all lanes of one host share: how to reach it, who listens to it, and which of its VMs hang.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::VmId;
use tokio::sync::mpsc;

use super::Options;
use super::ffi::Told;
use crate::driver::{Endpoint, HostEvent};

/// More than a host tells between two looks of whoever listens; what does not fit is lost, and the
/// periodic report finds out anyway.
const EVENTS: usize = 1024;

pub struct Host {
    pub endpoint: Endpoint,
    pub options: Options,
    pub stuck: Stuck,
    listener: Mutex<Option<mpsc::Sender<HostEvent>>>,
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Host {
    pub fn new(endpoint: Endpoint, options: Options) -> Self {
        Host { endpoint, options, stuck: Stuck::default(), listener: Mutex::new(None) }
    }

    /// For logs and thread names.
    pub fn name(&self) -> &str {
        match self.endpoint.address.as_str() {
            "" => "local",
            address => address,
        }
    }

    pub fn listen(&self) -> mpsc::Receiver<HostEvent> {
        let (sender, receiver) = mpsc::channel(EVENTS);
        *hold(&self.listener) = Some(sender);
        receiver
    }

    pub fn tell(&self, event: HostEvent) {
        if let Some(listener) = &*hold(&self.listener)
            && let Err(error) = listener.try_send(event)
        {
            tracing::debug!(host = self.name(), %error, "an event was lost");
        }
    }

    /// What libvirt told, in Drover's terms.
    pub fn told(&self, told: Told) {
        let host = self.endpoint.host;
        self.tell(match told {
            Told::Lifecycle(vm) => HostEvent::Domain { host, vm: VmId(vm) },
            Told::Agent(vm, connected) => HostEvent::Agent { host, vm: VmId(vm), connected },
            Told::Reboot(vm) => HostEvent::Reboot { host, vm: VmId(vm) },
            Told::Closed(reason) => HostEvent::Disconnected { host, cause: closed(reason).into() },
        });
    }

    /// A lane has a new connection.
    pub fn arrived(&self, listens: bool, abandoned: Option<u64>) {
        let host = self.endpoint.host;
        if let Some(abandoned) = abandoned {
            self.tell(HostEvent::Renewed { host, abandoned });
        }
        if listens {
            self.tell(HostEvent::Connected { host });
        }
    }
}

/// The reasons of virConnectCloseReason.
fn closed(reason: i32) -> &'static str {
    match reason {
        1 => "the host closed the connection",
        2 => "the host has not answered for 20 s",
        3 => "the connection was closed",
        _ => "the connection broke",
    }
}

/// VMs with a call that never returned. Another call would only hang behind it, so it is refused at once
/// until the first one comes back.
#[derive(Default)]
pub struct Stuck(Mutex<HashMap<VmId, usize>>);

impl Stuck {
    pub fn has(&self, vm: VmId) -> bool {
        hold(&self.0).contains_key(&vm)
    }

    /// One more call hangs, or one came back.
    pub fn note(&self, vm: VmId, hangs: bool) {
        let mut stuck = hold(&self.0);
        let count = stuck.remove(&vm).unwrap_or(0);
        let count = if hangs { count + 1 } else { count.saturating_sub(1) };
        if count > 0 {
            stuck.insert(vm, count);
        }
    }
}
