//! One open connection with its workers and its listener, and how it is taken down: never on the caller's
//! thread, because libvirt may say goodbye to a host that does not answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use virt::connect::Connect;

use super::ffi::{self, Listener, Subscription, Told};
use super::host::Host;
use super::workers::{Workers, goodbye};
use super::{event_loop, reach, uri};
use crate::{HostError, HostResult};

/// A connection that has not answered for `KEEPALIVE.0` × (`KEEPALIVE.1` + 1) seconds is closed by libvirt.
const KEEPALIVE: (i32, u32) = (5, 3);

pub struct Link {
    pub workers: Arc<Workers>,
    flags: Arc<Flags>,
    parts: Mutex<Option<(Subscription, Connect)>>,
}

#[derive(Default)]
struct Flags {
    dead: AtomicBool,
    /// Taken down by ourselves: what it still tells is of no interest.
    retired: AtomicBool,
}

impl Flags {
    fn gone(&self) -> bool {
        self.dead.load(Ordering::Acquire) || self.retired.load(Ordering::Acquire)
    }
}

/// Connects. Blocks, possibly for ever: a host that accepts a connection need not say anything on it.
pub fn open(host: &Arc<Host>, lane: &str, threads: usize, listens: bool) -> HostResult<Arc<Link>> {
    event_loop::ensure()?;
    let uri = uri::uri(&host.endpoint, &host.options)?;
    let flaw = reach::knock(&host.endpoint, &host.options)?;
    let connection = Connect::open(Some(&uri)).map_err(|error| match (HostError::from(error), flaw) {
        (HostError::Certificate(_), Some(flaw)) => flaw,
        (error, _) => error,
    })?;
    // Hosts that cannot do it are too old to matter; the deadlines hold without it.
    if let Err(error) = connection.set_keep_alive(KEEPALIVE.0, KEEPALIVE.1) {
        tracing::debug!(%error, "no keepalive");
    }
    let flags = Arc::new(Flags::default());
    let listener = listener(host.clone(), flags.clone(), listens);
    let subscription = ffi::subscribe(&connection, listener, listens)?;
    let name = format!("{lane} {}", host.name());
    let workers = Workers::new(connection.clone(), name, threads);
    Ok(Arc::new(Link { workers, flags, parts: Mutex::new(Some((subscription, connection))) }))
}

fn listener(host: Arc<Host>, flags: Arc<Flags>, listens: bool) -> Listener {
    Arc::new(move |told| {
        if flags.retired.load(Ordering::Acquire) {
            return;
        }
        if let Told::Closed(_) = told {
            flags.dead.store(true, Ordering::Release);
        }
        if listens {
            host.told(told);
        }
    })
}

impl Link {
    pub fn alive(&self) -> bool {
        !self.flags.gone()
    }

    /// Takes no more calls and closes once those that run have ended.
    pub fn retire(&self) {
        self.flags.retired.store(true, Ordering::Release);
        self.workers.close();
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner).take();
        parts.into_iter().for_each(goodbye);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.retire();
    }
}
