//! Quotas: how much of a data center's vCPUs, memory and storage may be used by what is in one. Pure: what is used is
//! counted elsewhere (`store::quotas`); here it is judged. Names, defaults and the formula are oVirt's
//! (`QuotaManager.java`, catalogue 02 §6). The tension: a limit refuses, yet is never a surprise, so the same judgement
//! serves the refusal, the events on the way there, and what is told before anything is asked for.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::lease::Lease;
use crate::vm::words;
use crate::{ClusterId, DataCenterId, FieldErrors, QuotaId, StorageDomainId, Text, field, size};

mod judge;

pub use judge::{Finding, Judged, Level, Need, judge};

words! {
    /// What a data center does with its quotas. Disabled counts nobody; Audit tells and lets pass.
    #[derive(Default)]
    QuotaMode { #[default] Disabled = "disabled", Audit = "audit", Enforced = "enforced" }
}

impl QuotaMode {
    pub fn label(self) -> String {
        crate::text::t(&format!("quota-mode-{}", self.as_str()))
    }
}

words! {
    /// What is limited. Memory and storage are bytes.
    Resource { Vcpus = "vcpus", Memory = "memory", Storage = "storage" }
}

impl Resource {
    pub fn label(self) -> Text {
        Text::new(&format!("quota-resource-{}", self.as_str()))
    }

    /// An amount of it, in words.
    pub fn amount(self, n: u64) -> String {
        if self == Resource::Vcpus { n.to_string() } else { size::bytes(n) }
    }
}

/// The name of the quota that every data center has, and that everything without one is in. It has no limits.
pub const DEFAULT: &str = "Default";

/// What may be used in one cluster; none is without a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClusterLimit {
    pub cluster: ClusterId,
    pub vcpus: Option<u64>,
    pub memory: Option<u64>,
}

/// What may be used on one storage domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DomainLimit {
    pub domain: StorageDomainId,
    pub storage: Option<u64>,
}

/// None is without a limit; 0 is nothing. A part is limited in all or in each: where it is in each, a cluster or domain
/// that is not among them gives nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuotaConfig {
    pub name: String,
    pub description: String,
    pub per_cluster: bool,
    pub vcpus: Option<u64>,
    pub memory: Option<u64>,
    pub clusters: Vec<ClusterLimit>,
    pub per_domain: bool,
    pub storage: Option<u64>,
    pub domains: Vec<DomainLimit>,
    /// Percent of a limit from which on it is told that it comes near.
    pub cluster_threshold: u32,
    pub storage_threshold: u32,
    /// Percent by which a limit may be exceeded.
    pub cluster_grace: u32,
    pub storage_grace: u32,
    /// Of the virtual machines in it.
    #[serde(default)]
    pub lease: Option<Lease>,
}

impl Default for QuotaConfig {
    fn default() -> Self {
        QuotaConfig {
            name: String::new(),
            description: String::new(),
            per_cluster: false,
            vcpus: None,
            memory: None,
            clusters: Vec::new(),
            per_domain: false,
            storage: None,
            domains: Vec::new(),
            cluster_threshold: 80,
            storage_threshold: 80,
            cluster_grace: 20,
            storage_grace: 20,
            lease: None,
        }
    }
}

/// Above any estate; its hundredfold is still a `u128`'s business only.
pub(crate) const MOST: u64 = i64::MAX as u64;
pub(crate) const MOST_VCPUS: u64 = 1_000_000;

impl QuotaConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::name(&self.name, 60));
        if self.name.eq_ignore_ascii_case(DEFAULT) {
            e.add("name", Text::new("field-quota-default"));
        }
        e.check("description", field::free_text(&self.description, 250));
        let vcpus = self.vcpus.into_iter().chain(self.clusters.iter().filter_map(|c| c.vcpus));
        let memory = self.memory.into_iter().chain(self.clusters.iter().filter_map(|c| c.memory));
        let storage = self.storage.into_iter().chain(self.domains.iter().filter_map(|d| d.storage));
        e.check("vcpus", bounded(vcpus, MOST_VCPUS));
        e.check("memory", bounded(memory, MOST));
        e.check("storage", bounded(storage, MOST));
        e.check("cluster_threshold", field::between(self.cluster_threshold.into(), 0, 100));
        e.check("storage_threshold", field::between(self.storage_threshold.into(), 0, 100));
        e.check("cluster_grace", field::between(self.cluster_grace.into(), 0, 1_000_000));
        e.check("storage_grace", field::between(self.storage_grace.into(), 0, 1_000_000));
        if let Some(lease) = &self.lease {
            lease.errors(&mut e);
        }
        e
    }

    /// Threshold and grace for what is used of `what`.
    pub fn margins(&self, what: Resource) -> (u32, u32) {
        match what {
            Resource::Storage => (self.storage_threshold, self.storage_grace),
            Resource::Vcpus | Resource::Memory => (self.cluster_threshold, self.cluster_grace),
        }
    }
}

impl QuotaConfig {
    /// Whether a cluster or a storage domain has a line of its own for what is used of `what` there.
    pub fn names(&self, what: Resource, place: Uuid) -> bool {
        match what {
            Resource::Storage => self.domains.iter().any(|one| one.domain.0 == place),
            Resource::Vcpus | Resource::Memory => self.clusters.iter().any(|one| one.cluster.0 == place),
        }
    }

    /// The limit of `what`, of all together or of one place. None is without a limit.
    pub fn most(&self, what: Resource, place: Option<Uuid>) -> Option<u64> {
        let cluster = |place| self.clusters.iter().find(|one| one.cluster.0 == place);
        match (what, place) {
            (Resource::Vcpus, None) => self.vcpus,
            (Resource::Memory, None) => self.memory,
            (Resource::Storage, None) => self.storage,
            (Resource::Vcpus, Some(place)) => cluster(place).map_or(Some(0), |one| one.vcpus),
            (Resource::Memory, Some(place)) => cluster(place).map_or(Some(0), |one| one.memory),
            (Resource::Storage, Some(place)) => {
                self.domains.iter().find(|one| one.domain.0 == place).map_or(Some(0), |one| one.storage)
            }
        }
    }
}

fn bounded(all: impl Iterator<Item = u64>, most: u64) -> Result<(), Text> {
    if all.max().is_some_and(|n| n > most) { Err(Text::new("field-number")) } else { Ok(()) }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewQuota {
    pub data_center: DataCenterId,
    pub config: QuotaConfig,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditQuota {
    pub version: i64,
    pub config: QuotaConfig,
}

/// What is used of a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Use {
    pub what: Resource,
    /// The cluster or storage domain; none where the limit is for all of them.
    pub place: Option<Uuid>,
    pub name: Option<String>,
    pub used: u64,
    pub most: Option<u64>,
}

impl Use {
    /// "vCPUs in lab"
    pub fn label(&self) -> Text {
        match &self.name {
            Some(name) => Text::new("quota-use-in").with("what", self.what.label()).with("place", name),
            None => self.what.label(),
        }
    }

    /// None without a limit, and of a limit of nothing.
    pub fn percent(&self) -> Option<u64> {
        percent(self.used, self.most?)
    }
}

/// 100 · used / limit, rounded up: 101 % where a limit of 1000 has 1001. None of a limit of nothing.
pub fn percent(used: u64, most: u64) -> Option<u64> {
    let whole = (u128::from(used) * 100).checked_add(u128::from(most).saturating_sub(1))?;
    whole.checked_div(u128::from(most)).map(|n| u64::try_from(n).unwrap_or(u64::MAX))
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuotaRow {
    pub id: QuotaId,
    pub version: i64,
    pub is_default: bool,
    pub data_center: (DataCenterId, String),
    pub mode: QuotaMode,
    pub config: QuotaConfig,
    /// Of each limit, what is used. Nothing of the default, which has none.
    pub uses: Vec<Use>,
    /// How many ask for more of it and have no answer yet.
    pub asked: u64,
}

impl QuotaRow {
    /// Whether it may be changed or removed: the default may not.
    pub fn own(&self) -> Result<(), crate::Refusal> {
        if self.is_default {
            return Err(crate::Refusal::new("refusal-quota-default").with("name", &self.data_center.1));
        }
        Ok(())
    }

    /// Whether there is more to be asked for: the default has no limits.
    pub fn askable(&self) -> Result<(), crate::Refusal> {
        if self.is_default { Err(crate::Refusal::new("refusal-quota-default-asked")) } else { Ok(()) }
    }

    /// The limits that more is used of than they give, as when what was granted has ended.
    pub fn over(&self) -> impl Iterator<Item = &Use> {
        self.uses.iter().filter(|u| u.most.is_some_and(|most| u.used > most))
    }
}

/// Somebody who may use a quota.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Consumer {
    pub permission: crate::PermissionId,
    pub name: String,
}

/// Who is let use a quota from now on, and whose permissions go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChangeConsumers {
    /// Somebody of the internal directory.
    pub name: Option<String>,
    pub everyone: bool,
    pub remove: Vec<crate::PermissionId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_rounded_up_and_never_overflow() {
        for (used, most, said) in [
            (0, 10, Some(0)),
            (8, 10, Some(80)),
            (1001, 1000, Some(101)),
            (1, 3, Some(34)),
            (5, 0, None),
            (u64::MAX, 1, Some(u64::MAX)),
            (u64::MAX, u64::MAX, Some(100)),
        ] {
            assert_eq!(percent(used, most), said, "{used} of {most}");
        }
    }

    #[test]
    fn each_field_is_refused_at_its_own_place() {
        type Change = fn(&mut QuotaConfig);
        let good = QuotaConfig { name: "dev".into(), ..QuotaConfig::default() };
        assert!(good.errors().is_empty());
        let cases: [(&str, Change); 8] = [
            ("name", |c| c.name.clear()),
            ("name", |c| c.name = "default".into()),
            ("description", |c| c.description = "x".repeat(251)),
            ("vcpus", |c| c.vcpus = Some(MOST_VCPUS + 1)),
            ("memory", |c| c.memory = Some(u64::MAX)),
            ("storage", |c| {
                c.domains = vec![DomainLimit { domain: Uuid::nil().into(), storage: Some(u64::MAX) }]
            }),
            ("cluster_threshold", |c| c.cluster_threshold = 101),
            ("storage_grace", |c| c.storage_grace = u32::MAX),
        ];
        for (field, change) in cases {
            let mut config = good.clone();
            change(&mut config);
            let errors = config.errors();
            assert_eq!(errors.0.len(), 1, "{field}: {errors}");
            assert!(errors.get(field).is_some(), "{field}: {errors}");
        }
    }

    #[test]
    fn every_word_has_a_text() {
        for mode in QuotaMode::ALL {
            assert!(crate::text::known(&format!("quota-mode-{}", mode.as_str())), "{mode:?}");
        }
        for what in Resource::ALL {
            assert!(crate::text::known(&what.label().key), "{what:?}");
        }
    }
}
