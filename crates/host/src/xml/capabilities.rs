//! What a host says of itself and of the guests that it can run.

use roxmltree::Node;

use super::XmlError;
use super::read::{all, at, text, with_root};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Capabilities {
    pub host_uuid: String,
    pub arch: String,
    pub cpu_model: String,
    pub cpu_vendor: String,
    pub numa_nodes: u32,
    /// Whether x86-64 guests of type `kvm` can be defined.
    pub kvm: bool,
    /// Machine types of x86-64 guests.
    pub machines: Vec<String>,
}

pub fn capabilities(xml: &str) -> Result<Capabilities, XmlError> {
    with_root(xml, |root| {
        let host = at(root, &["host"]);
        let say = |path: &[&str]| host.and_then(|h| text(h, path)).unwrap_or_default();
        let cells = host.and_then(|h| at(h, &["topology", "cells"])?.attribute("num")?.parse().ok());
        let guest = all(root, "guest").find_map(|g| at(g, &["arch"]).filter(is_x86_64));
        Capabilities {
            host_uuid: say(&["uuid"]),
            arch: say(&["cpu", "arch"]),
            cpu_model: say(&["cpu", "model"]),
            cpu_vendor: say(&["cpu", "vendor"]),
            numa_nodes: cells.unwrap_or(1),
            kvm: guest.is_some_and(|a| all(a, "domain").any(|d| d.attribute("type") == Some("kvm"))),
            machines: guest.map(|a| texts(all(a, "machine"))).unwrap_or_default(),
        }
    })
}

fn is_x86_64(arch: &Node) -> bool {
    arch.attribute("name") == Some("x86_64")
}

/// In the order of the document, each once.
fn texts<'a, 'i: 'a>(nodes: impl Iterator<Item = Node<'a, 'i>>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in nodes.filter_map(|n| n.text()).map(|t| t.trim().to_owned()) {
        if !text.is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct DomainCapabilities {
    /// The host's own CPU as libvirt would give it to a guest.
    pub host_model: Option<String>,
    pub host_vendor: Option<String>,
    /// CPU models that a guest can have here.
    pub cpu_models: Vec<String>,
    pub spice: bool,
}

pub fn domain_capabilities(xml: &str) -> Result<DomainCapabilities, XmlError> {
    with_root(xml, |root| {
        let mode = |name| {
            at(root, &["cpu"]).and_then(|cpu| all(cpu, "mode").find(|m| m.attribute("name") == Some(name)))
        };
        let graphics = at(root, &["devices", "graphics", "enum"]);
        let protocols = graphics.map(|g| texts(all(g, "value"))).unwrap_or_default();
        let usable = |m: &Node| m.attribute("usable") == Some("yes");
        DomainCapabilities {
            host_model: mode("host-model").and_then(|m| text(m, &["model"])),
            host_vendor: mode("host-model").and_then(|m| text(m, &["vendor"])),
            cpu_models: mode("custom").map(|m| texts(all(m, "model").filter(usable))).unwrap_or_default(),
            spice: protocols.iter().any(|protocol| protocol == "spice"),
        }
    })
}
