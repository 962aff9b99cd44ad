//! A quota, new or changed; and who may use one.

use std::collections::BTreeMap;

use model::quota::{ChangeConsumers, ClusterLimit, DomainLimit, EditQuota, NewQuota, QuotaConfig, QuotaRow};
use model::size::{GIB, MIB};
use model::{DataCenterId, FieldErrors, QuotaId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::lease;
use crate::forms::FormData;
use crate::forms::parse::{Reader, boxed, on};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuotaForm {
    /// Empty for a new one.
    pub version: String,
    /// For a new one only: it stays where it is made.
    pub data_center: String,
    pub name: String,
    pub description: String,
    /// A box, as `per_domain`: the limits are those of the places.
    pub per_cluster: String,
    pub vcpus: String,
    /// MiB.
    pub memory: String,
    pub per_domain: String,
    /// GiB.
    pub storage: String,
    pub cluster_threshold: String,
    pub cluster_grace: String,
    pub storage_threshold: String,
    pub storage_grace: String,
    pub lease_days: String,
    pub lease_extension: String,
    pub lease_longest: String,
    pub lease_keep: String,
    /// The limits of single clusters and domains, under `place`'s names.
    #[serde(flatten)]
    pub places: BTreeMap<String, String>,
}

/// What the limits of places begin with.
pub const PLACE: &str = "limit_";
pub const VCPUS: &str = "vcpus";
pub const MEMORY: &str = "memory";
pub const STORAGE: &str = "storage";

/// The name of a place's field.
pub fn place(what: &str, id: Uuid) -> String {
    format!("{PLACE}{what}_{id}")
}

impl Default for QuotaForm {
    fn default() -> Self {
        QuotaForm::with(&QuotaConfig::default())
    }
}

impl From<&QuotaRow> for QuotaForm {
    fn from(row: &QuotaRow) -> Self {
        QuotaForm {
            version: row.version.to_string(),
            data_center: row.data_center.0.to_string(),
            ..QuotaForm::with(&row.config)
        }
    }
}

fn number(n: Option<u64>, unit: u64) -> String {
    n.map(|n| (n / unit).to_string()).unwrap_or_default()
}

impl QuotaForm {
    pub fn with(c: &QuotaConfig) -> QuotaForm {
        let mut places = BTreeMap::new();
        for one in &c.clusters {
            places.insert(place(VCPUS, one.cluster.0), number(one.vcpus, 1));
            places.insert(place(MEMORY, one.cluster.0), number(one.memory, MIB));
        }
        for one in &c.domains {
            places.insert(place(STORAGE, one.domain.0), number(one.storage, GIB));
        }
        let [lease_days, lease_extension, lease_longest, lease_keep] = lease::texts(c.lease);
        QuotaForm {
            version: String::new(),
            data_center: String::new(),
            name: c.name.clone(),
            description: c.description.clone(),
            per_cluster: boxed(c.per_cluster),
            vcpus: number(c.vcpus, 1),
            memory: number(c.memory, MIB),
            per_domain: boxed(c.per_domain),
            storage: number(c.storage, GIB),
            cluster_threshold: c.cluster_threshold.to_string(),
            cluster_grace: c.cluster_grace.to_string(),
            storage_threshold: c.storage_threshold.to_string(),
            storage_grace: c.storage_grace.to_string(),
            lease_days,
            lease_extension,
            lease_longest,
            lease_keep,
            places,
        }
    }

    /// With a field for each of these places, so that what is typed there is kept.
    pub fn open(mut self, clusters: impl Iterator<Item = Uuid>, domains: impl Iterator<Item = Uuid>) -> Self {
        for id in clusters {
            self.places.entry(place(VCPUS, id)).or_default();
            self.places.entry(place(MEMORY, id)).or_default();
        }
        for id in domains {
            self.places.entry(place(STORAGE, id)).or_default();
        }
        self
    }

    /// The change that this asks for.
    pub fn edit(&self) -> Result<EditQuota, FieldErrors> {
        let new = self.request()?;
        Ok(EditQuota { version: self.version.parse().unwrap_or_default(), config: new.config })
    }

    fn limit(&self, r: &mut Reader, name: &str, unit: u64) -> Option<u64> {
        let text = self.places.get(name).map_or("", String::as_str);
        r.number_or_none::<u64>(name, text).map(|n| n.saturating_mul(unit))
    }

    /// The places with a number, by the first word of their fields.
    fn ids(&self, words: &[&str]) -> Vec<Uuid> {
        let of = |name: &str| {
            let rest = name.strip_prefix(PLACE)?;
            let (word, id) = rest.split_once('_')?;
            words.contains(&word).then(|| id.parse().ok()).flatten()
        };
        let typed = self.places.iter().filter(|(_, text)| !text.trim().is_empty());
        let mut ids: Vec<Uuid> = typed.filter_map(|(name, _)| of(name)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn clusters(&self, r: &mut Reader) -> Vec<ClusterLimit> {
        let one = |id: Uuid| ClusterLimit {
            cluster: id.into(),
            vcpus: self.limit(r, &place(VCPUS, id), 1),
            memory: self.limit(r, &place(MEMORY, id), MIB),
        };
        self.ids(&[VCPUS, MEMORY]).into_iter().map(one).collect()
    }

    fn domains(&self, r: &mut Reader) -> Vec<DomainLimit> {
        let one =
            |id: Uuid| DomainLimit { domain: id.into(), storage: self.limit(r, &place(STORAGE, id), GIB) };
        self.ids(&[STORAGE]).into_iter().map(one).collect()
    }
}

impl FormData for QuotaForm {
    type Request = NewQuota;

    fn request(&self) -> Result<NewQuota, FieldErrors> {
        let mut r = Reader::default();
        let data_center = DataCenterId(r.choice::<Uuid>("data_center", &self.data_center));
        let (per_cluster, per_domain) = (on(&self.per_cluster), on(&self.per_domain));
        let whole = |r: &mut Reader, name: &str, text: &str, unit: u64| {
            r.number_or_none::<u64>(name, text).map(|n| n.saturating_mul(unit))
        };
        // What does not show is not meant.
        let (vcpus, memory) = match per_cluster {
            true => (None, None),
            false => (whole(&mut r, "vcpus", &self.vcpus, 1), whole(&mut r, "memory", &self.memory, MIB)),
        };
        let texts = [&self.lease_days, &self.lease_extension, &self.lease_longest, &self.lease_keep];
        let config = QuotaConfig {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            per_cluster,
            vcpus,
            memory,
            clusters: if per_cluster { self.clusters(&mut r) } else { Vec::new() },
            per_domain,
            storage: if per_domain { None } else { whole(&mut r, "storage", &self.storage, GIB) },
            domains: if per_domain { self.domains(&mut r) } else { Vec::new() },
            cluster_threshold: r.number("cluster_threshold", &self.cluster_threshold),
            cluster_grace: r.number("cluster_grace", &self.cluster_grace),
            storage_threshold: r.number("storage_threshold", &self.storage_threshold),
            storage_grace: r.number("storage_grace", &self.storage_grace),
            lease: lease::read(&mut r, texts.map(String::as_str)),
        };
        r.and(config.errors());
        r.end(NewQuota { data_center, config })
    }
}

/// Who is let use a quota, and who not any more.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsumersForm {
    /// Somebody of the internal directory; empty adds nobody.
    pub name: String,
    pub everyone: String,
    /// Permissions, with commas between.
    pub remove: String,
}

impl FormData for ConsumersForm {
    type Request = ChangeConsumers;

    fn request(&self) -> Result<ChangeConsumers, FieldErrors> {
        let mut r = Reader::default();
        let remove = r.several("remove", &self.remove);
        let asked = ChangeConsumers {
            name: crate::forms::parse::optional(&self.name),
            everyone: on(&self.everyone),
            remove,
        };
        if asked.name.is_none() && !asked.everyone && asked.remove.is_empty() {
            r.refuse("name", "field-required");
        }
        r.end(asked)
    }
}

/// The quota of a disk; empty is the default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssignQuotaForm {
    pub quota: String,
}

impl FormData for AssignQuotaForm {
    type Request = Option<QuotaId>;

    fn request(&self) -> Result<Option<QuotaId>, FieldErrors> {
        let mut r = Reader::default();
        let quota = r.choice_or_none::<Uuid>("quota", &self.quota).map(QuotaId);
        r.end(quota)
    }
}
