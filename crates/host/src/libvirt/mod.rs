//! The driver for real hosts. libvirt's calls block and have no deadline, so each host gets a few lanes of
//! worker threads, each with a connection of its own (`lane`); everything above them is async and bounded.
//! Only this module names `virt`, and only `ffi` is unsafe.

mod domains;
mod driver;
mod error;
mod event_loop;
mod facts;
mod ffi;
mod guest;
mod hardware;
mod host;
mod lane;
mod link;
mod probe;
mod reach;
mod saved;
mod sessions;
mod stats;
mod storage;
mod tls;
mod uri;
mod workers;

use std::path::PathBuf;
use std::sync::Arc;

use crate::driver::{Connector, Endpoint, HostDriver};

/// What connections need besides the endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Directory with `cacert.pem`, `clientcert.pem` and `clientkey.pem`.
    pub pki_path: PathBuf,
    /// Whether plain TCP may be used: in laboratories only.
    pub allow_tcp: bool,
}

/// Makes drivers that speak to libvirt.
pub struct LibvirtConnector {
    options: Options,
}

impl LibvirtConnector {
    pub fn new(options: Options) -> Self {
        LibvirtConnector { options }
    }
}

impl Connector for LibvirtConnector {
    fn connect(&self, endpoint: &Endpoint) -> Arc<dyn HostDriver> {
        Arc::new(driver::LibvirtDriver::new(endpoint.clone(), self.options.clone()))
    }
}
