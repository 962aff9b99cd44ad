//! Whether KVM really runs guests on a host. The device file and libvirt's capabilities only say that it may:
//! on some nested machines a guest then hangs in its firmware. So one without any disk is run for a moment:
//! its firmware finds nothing to boot from, resets, and a reset ends it. Who hangs never gets there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use virt::connect::Connect;
use virt_sys as sys;

use super::lane::{Lane, Terms};
use crate::xml;
use crate::{HostError, HostResult};

const PREFIX: &str = "drover-probe-";
/// With KVM the firmware needs about a second, also on a busy host.
const PATIENCE: Duration = Duration::from_secs(8);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Whether a domain is one of these and no VM.
pub fn is_probe(name: &str) -> bool {
    name.starts_with(PREFIX)
}

pub async fn kvm_works(lane: &Arc<Lane>) -> HostResult<bool> {
    let works = firmware_ends(lane, "kvm").await?;
    if !works {
        tracing::warn!("the host offers KVM or may do so, but guests do not run with it: they are emulated");
    }
    Ok(works)
}

/// Whether a guest of this kind gets through its firmware in time. Errors are those of the connection only.
async fn firmware_ends(lane: &Arc<Lane>, kind: &'static str) -> HostResult<bool> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{PREFIX}{}-{number}", std::process::id());
    let xml = xml::probe(&name, kind);
    // libvirt destroys it should the connection end before it.
    let begin =
        move |c: &Connect| Ok(c.create_domain_xml(&xml, sys::VIR_DOMAIN_START_AUTODESTROY).map(drop)?);
    match lane.call(Terms::within(10), begin).await {
        Ok(()) => {}
        Err(error) if error.transient() || matches!(error, HostError::Certificate(_)) => return Err(error),
        Err(error) => {
            tracing::info!(kind, %error, "a guest of this kind cannot be started");
            return Ok(false);
        }
    }
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if !exists(lane, &name).await? {
            return Ok(true);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let end = name.clone();
    lane.call(Terms::within(20), move |c| Ok(c.lookup_domain_by_name(&end)?.destroy().map(drop)?)).await?;
    Ok(false)
}

async fn exists(lane: &Arc<Lane>, name: &str) -> HostResult<bool> {
    let name = name.to_owned();
    let look = move |c: &Connect| c.lookup_domain_by_name(&name).map(drop).map_err(HostError::from);
    match lane.call(Terms::within(5), look).await {
        Ok(()) => Ok(true),
        Err(HostError::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
    }
}
