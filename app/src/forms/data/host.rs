//! A host, new or changed.

use model::host::{Acceleration, EditHost, HostConfig, HostDetails, NewHost, Transport};
use model::size::MIB;
use model::{ClusterId, FieldErrors};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostForm {
    /// Empty for a new one.
    pub version: String,
    /// For a new one only.
    pub cluster: String,
    pub name: String,
    pub comment: String,
    pub address: String,
    pub transport: String,
    pub port: String,
    pub acceleration: String,
    /// MiB.
    pub memory_limit: String,
    pub cpu_limit: String,
}

impl Default for HostForm {
    fn default() -> Self {
        let empty = String::new;
        HostForm {
            version: empty(),
            cluster: empty(),
            name: empty(),
            comment: empty(),
            address: empty(),
            transport: Transport::Tls.as_str().to_owned(),
            port: empty(),
            acceleration: Acceleration::Auto.as_str().to_owned(),
            memory_limit: empty(),
            cpu_limit: empty(),
        }
    }
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

impl From<&HostDetails> for HostForm {
    fn from(details: &HostDetails) -> Self {
        let c = details.config.clone();
        HostForm {
            version: details.row.version.to_string(),
            cluster: details.row.cluster.0.to_string(),
            name: c.name,
            comment: c.comment,
            address: c.address,
            transport: c.transport.as_str().to_owned(),
            port: shown(c.port),
            acceleration: c.acceleration.as_str().to_owned(),
            memory_limit: shown(c.memory_limit.map(|m| m / MIB)),
            cpu_limit: shown(c.cpu_limit),
        }
    }
}

impl HostForm {
    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditHost, FieldErrors> {
        let new = self.request()?;
        Ok(EditHost { version: self.version.parse().unwrap_or_default(), config: new.config })
    }

    fn config(&self, r: &mut Reader) -> HostConfig {
        let transport = self.transport.parse().unwrap_or_else(|_| {
            r.refuse("transport", "field-unknown-choice");
            Transport::Tls
        });
        // A machine's own socket has no address; one typed before the choice changed is not meant any more.
        let local = transport == Transport::Local;
        let acceleration = self.acceleration.parse().unwrap_or_else(|_| {
            r.refuse("acceleration", "field-unknown-choice");
            Acceleration::Auto
        });
        HostConfig {
            name: self.name.trim().to_owned(),
            comment: self.comment.clone(),
            address: if local { String::new() } else { self.address.trim().to_owned() },
            transport,
            port: if local { None } else { r.number_or_none("port", &self.port) },
            acceleration,
            memory_limit: (!self.memory_limit.trim().is_empty())
                .then(|| r.mib("memory_limit", &self.memory_limit)),
            cpu_limit: r.number_or_none("cpu_limit", &self.cpu_limit),
        }
    }
}

impl FormData for HostForm {
    type Request = NewHost;

    fn request(&self) -> Result<NewHost, FieldErrors> {
        let mut r = Reader::default();
        let cluster = ClusterId(r.choice::<Uuid>("cluster", &self.cluster));
        let config = self.config(&mut r);
        r.and(config.errors());
        r.end(NewHost { cluster, config })
    }
}
