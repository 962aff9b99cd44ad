//! What a host is: asked when it is connected, not often.

use model::host::HostFacts;
use virt::connect::Connect;
use virt_sys as sys;

use super::ffi;
use crate::HostResult;
use crate::xml;

/// CPU models are those that guests can have: by KVM, or `emulated`.
pub fn facts(connection: &Connect, emulated: bool) -> HostResult<HostFacts> {
    let host = xml::capabilities(&connection.capabilities()?)?;
    let node = connection.node_info()?;
    let kind = if host.kvm && !emulated { "kvm" } else { "qemu" };
    let guests = connection.domain_capabilities(None, Some("x86_64"), Some("q35"), Some(kind), 0)?;
    let guests = xml::domain_capabilities(&guests)?;
    Ok(HostFacts {
        hostname: connection.hostname()?,
        host_uuid: host.host_uuid,
        cpu_model: first(host.cpu_model, guests.host_model),
        cpu_vendor: first(host.cpu_vendor, guests.host_vendor),
        arch: first(host.arch, Some("x86_64".into())),
        sockets: node.sockets * node.nodes,
        cores: node.cores,
        threads: node.threads,
        numa_nodes: host.numa_nodes,
        memory: memory(connection, node.memory)?,
        cpus: node.cpus,
        libvirt_version: version(connection.lib_version()?),
        qemu_version: version(connection.hyp_version()?),
        kvm_offered: host.kvm,
        machine_types: host.machines,
        cpu_models: guests.cpu_models,
        spice: guests.spice,
        bridges: bridges(connection),
    })
}

/// Bytes. What the node says of itself may leave out memory that was plugged in later; the statistics do not.
fn memory(connection: &Connect, of_node: u64) -> HostResult<u64> {
    let counted = ffi::node_memory(connection)?.get("total").copied().unwrap_or(0);
    Ok(of_node.max(counted) << 10)
}

fn first(said: String, otherwise: Option<String>) -> String {
    if said.is_empty() { otherwise.unwrap_or_default() } else { said }
}

/// libvirt packs 11.3.0 into 11003000.
fn version(packed: u32) -> String {
    format!("{}.{}.{}", packed / 1_000_000, packed / 1000 % 1000, packed % 1000)
}

/// None where the host has no interface driver, or it does not work.
fn bridges(connection: &Connect) -> Option<Vec<String>> {
    let active = sys::VIR_CONNECT_LIST_INTERFACES_ACTIVE;
    match connection.list_all_interfaces(active) {
        Ok(found) => {
            let xml = |i: &virt::interface::Interface| i.xml_desc(0).ok();
            Some(found.iter().filter_map(xml).filter_map(|x| xml::bridge(&x)).collect())
        }
        Err(error) => {
            tracing::info!(%error, "the host does not tell its bridges");
            None
        }
    }
}
