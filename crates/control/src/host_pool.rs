//! The connections to hosts: one driver per host, made when first asked for and made anew when the host's
//! address changes. What hosts tell unasked comes out of one stream, and `poke` asks for a fresh look.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use host::{Connector, Endpoint, HostDriver, HostEvent};
use model::host::HostConfig;
use model::{Fault, HostId, id::Kind};
use store::PgPool;
use tokio::sync::{Notify, mpsc};

use crate::Outcome;

/// A driver with the address that it was made for.
type Connected = (Endpoint, Arc<dyn HostDriver>);

pub struct HostPool {
    pool: PgPool,
    connector: Arc<dyn Connector>,
    drivers: Mutex<HashMap<HostId, Connected>>,
    events: mpsc::Sender<HostEvent>,
    heard: Mutex<Option<mpsc::Receiver<HostEvent>>>,
    due: Mutex<HashSet<HostId>>,
    poked: Notify,
}

/// How a host is reached, from what a person said of it.
pub fn endpoint(host: HostId, config: &HostConfig) -> Endpoint {
    Endpoint {
        host,
        address: config.address.clone(),
        port: config.port,
        transport: config.transport,
        acceleration: config.acceleration,
    }
}

impl HostPool {
    pub fn new(pool: PgPool, connector: Arc<dyn Connector>) -> Self {
        let (events, heard) = mpsc::channel(4096);
        HostPool {
            pool,
            connector,
            drivers: Mutex::default(),
            events,
            heard: Mutex::new(Some(heard)),
            due: Mutex::default(),
            poked: Notify::new(),
        }
    }

    /// The driver of a host that is in the estate.
    pub async fn driver(&self, id: HostId) -> Outcome<Arc<dyn HostDriver>> {
        let mut c = self.pool.acquire().await.map_err(store::StoreError::from)?;
        let host = store::hosts::details(&mut c, id).await?.ok_or(Fault::NotFound { kind: Kind::Host })?;
        Ok(self.driver_of(id, &host.config))
    }

    /// The driver of a host whose row the caller has read.
    pub fn driver_of(&self, id: HostId, config: &HostConfig) -> Arc<dyn HostDriver> {
        let endpoint = endpoint(id, config);
        let mut drivers = lock(&self.drivers);
        if let Some((known, driver)) = drivers.get(&id)
            && *known == endpoint
        {
            return driver.clone();
        }
        let driver = self.connector.connect(&endpoint);
        forward(driver.events(), self.events.clone());
        if let Some((_, old)) = drivers.insert(id, (endpoint, driver.clone())) {
            tokio::spawn(async move { old.close().await });
        }
        driver
    }

    /// A driver outside the estate: for *test connection*.
    pub fn stranger(&self, id: HostId, config: &HostConfig) -> Arc<dyn HostDriver> {
        self.connector.connect(&endpoint(id, config))
    }

    /// Ends the connection to a host that has left the estate.
    pub async fn forget(&self, id: HostId) {
        let old = lock(&self.drivers).remove(&id);
        if let Some((_, driver)) = old {
            driver.close().await;
        }
    }

    pub async fn close_all(&self) {
        let all: Vec<_> = lock(&self.drivers).drain().collect();
        for (_, (_, driver)) in all {
            driver.close().await;
        }
    }

    /// The stream of what hosts tell; the first caller gets it.
    pub fn take_events(&self) -> Option<mpsc::Receiver<HostEvent>> {
        lock(&self.heard).take()
    }

    /// Asks for a fresh look at a host.
    pub fn poke(&self, id: HostId) {
        lock(&self.due).insert(id);
        self.poked.notify_one();
    }

    /// Asks for a fresh look at all hosts.
    pub fn poke_all(&self) {
        let ids: Vec<HostId> = lock(&self.drivers).keys().copied().collect();
        lock(&self.due).extend(ids);
        self.poked.notify_one();
    }

    /// Waits for a poke, and gives the hosts that were poked since.
    pub async fn poked(&self) -> Vec<HostId> {
        self.poked.notified().await;
        lock(&self.due).drain().collect()
    }
}

fn forward(mut from: mpsc::Receiver<HostEvent>, to: mpsc::Sender<HostEvent>) {
    tokio::spawn(async move {
        while let Some(event) = from.recv().await {
            if to.send(event).await.is_err() {
                break;
            }
        }
    });
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|broken| broken.into_inner())
}
