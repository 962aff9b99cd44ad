//! What the agent inside a guest tells.

use model::VmId;
use model::vm::{GuestInfo, GuestInterface};
use virt::connect::Connect;
use virt::domain::Domain;
use virt_sys as sys;

use super::driver::lookup;
use super::ffi::{self, Params};
use crate::{HostError, HostResult};

/// Seconds that libvirt waits for an agent's answer; by default it is for ever.
const PATIENCE: i32 = 5;

/// libvirt forgets it when the domain ends, so it is said each time. Where it cannot be said there is no
/// agent, which the call that follows finds out.
pub fn bound(domain: &Domain) {
    if let Err(error) = ffi::set_agent_timeout(domain, PATIENCE) {
        tracing::debug!(%error, "the agent's patience was not set");
    }
}

pub fn info(connection: &Connect, vm: VmId) -> HostResult<GuestInfo> {
    let domain = lookup(connection, vm)?;
    bound(&domain);
    let wanted = sys::VIR_DOMAIN_GUEST_INFO_OS
        | sys::VIR_DOMAIN_GUEST_INFO_HOSTNAME
        | sys::VIR_DOMAIN_GUEST_INFO_INTERFACES;
    match ffi::guest_info(&domain, wanted).map_err(HostError::from) {
        Ok(params) => Ok(read(&params)),
        // An agent that lacks one of these refuses all; asked for everything, it tells what it has.
        Err(HostError::Failed(_)) => Ok(read(&ffi::guest_info(&domain, 0)?)),
        Err(other) => Err(other),
    }
}

fn read(params: &Params) -> GuestInfo {
    let say = |name: &str| params.string(name).filter(|s| !s.is_empty()).map(str::to_owned);
    GuestInfo {
        hostname: say("hostname"),
        os: say("os.pretty-name").or_else(|| say("os.name")),
        kernel: say("os.kernel-release"),
        agent_version: None,
        interfaces: (0..params.count("if.count")).map(|i| interface(params, i)).collect(),
    }
}

fn interface(params: &Params, index: u64) -> GuestInterface {
    let say = |name: &str| params.string(&format!("if.{index}.{name}")).unwrap_or_default().to_owned();
    let count = params.count(&format!("if.{index}.addr.count"));
    let addresses = (0..count).map(|a| say(&format!("addr.{a}.addr"))).filter(|a| !a.is_empty());
    GuestInterface { name: say("name"), mac: say("hwaddr"), addresses: addresses.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agents_answer_is_read() {
        let numbers = [("if.count", 2), ("if.0.addr.count", 0), ("if.1.addr.count", 2)];
        let strings = [
            ("hostname", "tiny"),
            ("os.name", "Tiny"),
            ("os.kernel-release", "6.1"),
            ("if.0.name", "lo"),
            ("if.1.name", "eth0"),
            ("if.1.hwaddr", "56:6f:00:00:00:01"),
            ("if.1.addr.0.addr", "192.0.2.7"),
            ("if.1.addr.1.addr", "fe80::1"),
        ];
        let info = read(&Params::of(&numbers, &strings));
        assert_eq!((info.hostname.as_deref(), info.os.as_deref()), (Some("tiny"), Some("Tiny")));
        assert_eq!(info.interfaces.len(), 2);
        assert_eq!(info.interfaces[1].addresses, ["192.0.2.7", "fe80::1"]);
        assert_eq!(read(&Params::default()), GuestInfo::default());
        assert!(read(&Params::of(&[("if.count", u64::MAX)], &[])).interfaces.len() <= 4096);
    }
}
