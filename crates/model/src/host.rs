//! A KVM host: how it is reached, its states and what may be done in which (oVirt's `ActionUtils.java`,
//! catalogue 04 §8, for the actions that Drover has).

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::statistics::UsePoint;
use crate::vm::words;
use crate::{Action, ClusterId, DataCenterId, FieldErrors, HostId, Refusal, Text, field};

words! {
    /// What is observed of a host. Names are oVirt's, in REST spelling.
    HostStatus {
        Connecting = "connecting", Up = "up", PreparingForMaintenance = "preparing_for_maintenance",
        Maintenance = "maintenance", NonResponsive = "non_responsive", NonOperational = "non_operational",
    }
}

words! {
    /// What somebody asked for.
    HostIntent { Active = "active", Maintenance = "maintenance" }
}

words! {
    /// How libvirt on the host is reached. TCP is neither encrypted nor authenticated: laboratories only.
    Transport { Tls = "tls", Local = "local", Tcp = "tcp" }
}

words! {
    /// Whether guests run by KVM. `auto` probes the host once by booting something.
    Acceleration { Auto = "auto", Kvm = "kvm", Emulation = "emulation" }
}

impl Transport {
    /// libvirt's ports.
    pub fn default_port(self) -> u16 {
        match self {
            Transport::Tls => 16514,
            Transport::Tcp => 16509,
            Transport::Local => 0,
        }
    }
}

impl HostStatus {
    pub fn text(self) -> Text {
        Text::new(&format!("host-status-{}", self.as_str().replace('_', "-")))
    }

    pub fn label(self) -> String {
        crate::text::t(&format!("host-status-{}", self.as_str().replace('_', "-")))
    }

    pub fn can(self, action: Action) -> Result<(), Refusal> {
        use Action::*;
        use HostStatus::*;
        let allowed = match self {
            Up => matches!(action, Maintain | EditHost),
            Maintenance => matches!(action, Activate | RemoveHost | EditHost),
            NonResponsive => matches!(action, Maintain | EditHost),
            NonOperational => matches!(action, Maintain | Activate | EditHost),
            PreparingForMaintenance => matches!(action, Activate | EditHost),
            // oVirt forbids Maintenance here; a host that never answers must still be got rid of.
            Connecting => matches!(action, Maintain | EditHost),
        };
        if allowed {
            return Ok(());
        }
        Err(Refusal::new("refusal-host-status").with("action", action.text()).with("status", self.text()))
    }
}

/// What a person says of a host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostConfig {
    pub name: String,
    pub comment: String,
    /// DNS name or IP address; empty for `local`.
    pub address: String,
    pub transport: Transport,
    /// None takes libvirt's port of the transport.
    pub port: Option<u16>,
    pub acceleration: Acceleration,
    /// For placement only, bytes; none takes all that the host has.
    pub memory_limit: Option<u64>,
    /// For placement only: the vCPUs of the largest VM; none takes the host's CPUs.
    pub cpu_limit: Option<u32>,
}

impl HostConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::name(&self.name, 255));
        e.check("comment", field::free_text(&self.comment, 255));
        if self.transport != Transport::Local {
            e.check("address", field::address(&self.address));
        }
        if self.port == Some(0) {
            e.check("port", field::between(0, 1, 65535));
        }
        if self.memory_limit.is_some_and(|m| m < 256 * crate::size::MIB) {
            e.add("memory_limit", Text::new("field-at-least-size").with("min", crate::size::text(256 << 20)));
        }
        if self.cpu_limit == Some(0) {
            e.check("cpu_limit", field::between(0, 1, 4096));
        }
        e
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewHost {
    pub cluster: ClusterId,
    pub config: HostConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditHost {
    pub version: i64,
    pub config: HostConfig,
}

/// A line of the list of hosts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostRow {
    pub id: HostId,
    pub version: i64,
    pub name: String,
    pub comment: String,
    pub address: String,
    pub transport: Transport,
    pub status: HostStatus,
    pub intended: HostIntent,
    pub status_reason: Option<Text>,
    pub cluster: (ClusterId, String),
    pub data_center: (DataCenterId, String),
    pub vm_count: u32,
    /// Bytes, of the machine.
    pub memory: Option<u64>,
    pub cpus: Option<u32>,
    pub memory_percent: Option<f32>,
    pub cpu_percent: Option<f32>,
    pub tags: Vec<String>,
}

/// What the host told of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HostFacts {
    pub hostname: String,
    pub host_uuid: String,
    pub cpu_model: String,
    pub cpu_vendor: String,
    pub arch: String,
    pub sockets: u32,
    pub cores: u32,
    pub threads: u32,
    pub numa_nodes: u32,
    /// Bytes.
    pub memory: u64,
    pub cpus: u32,
    pub libvirt_version: String,
    pub qemu_version: String,
    /// Whether KVM guests can be defined there at all (device file and capabilities).
    pub kvm_offered: bool,
    pub machine_types: Vec<String>,
    pub cpu_models: Vec<String>,
    /// Bridges that guests' NICs can use. None when the host lacks libvirt's interface driver.
    pub bridges: Option<Vec<String>>,
    /// Whether its QEMU has SPICE.
    #[serde(default)]
    pub spice: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostDetails {
    pub row: HostRow,
    pub config: HostConfig,
    pub facts: Option<HostFacts>,
    /// What is missing on the host, each with what to do.
    pub warnings: Vec<Text>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_seen: Option<OffsetDateTime>,
    /// Its use in the last hour, the newest first. Only a page asks for it.
    #[serde(default)]
    pub use_history: Vec<UsePoint>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_catalogue_04_section_8() {
        use Action::*;
        use HostStatus::*;
        for (status, row) in [
            (Up, "y--y"),
            (Maintenance, "-yyy"),
            (NonResponsive, "y--y"),
            (NonOperational, "yy-y"),
            (PreparingForMaintenance, "-y-y"),
            (Connecting, "y--y"),
        ] {
            for (action, mark) in [Maintain, Activate, RemoveHost, EditHost].into_iter().zip(row.chars()) {
                assert_eq!(status.can(action).is_ok(), mark == 'y', "{status:?} {action:?}");
            }
        }
    }

    #[test]
    fn a_local_host_needs_no_address() {
        let mut config = HostConfig {
            name: "kvm1".into(),
            comment: String::new(),
            address: String::new(),
            transport: Transport::Local,
            port: None,
            acceleration: Acceleration::Auto,
            memory_limit: None,
            cpu_limit: None,
        };
        assert!(config.errors().is_empty());
        config.transport = Transport::Tls;
        assert!(config.errors().get("address").is_some());
    }
}
