//! Requests for more of a quota: whoever may use it asks, whoever may change it answers, and what was granted ends by
//! itself. The tension: what somebody asks for raises a limit that others live by, so it is always so much, for a reason,
//! and until a day; and it is answered once, whoever else answers at the same moment.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::quota::{MOST, MOST_VCPUS, QuotaRow, Resource};
use crate::vm::words;
use crate::{ClusterId, FieldErrors, QuotaId, Refusal, RequestId, StorageDomainId, Text, UserId, day, field};

words! {
    /// Where a request stands. Ended is what was granted and is over, and what nobody answered in time.
    RequestState {
        Asked = "asked", Approved = "approved", Declined = "declined", Withdrawn = "withdrawn", Ended = "ended",
    }
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Withdraw,
    Approve,
    Decline,
    /// Its time has come.
    End,
}

impl RequestState {
    pub fn label(self) -> String {
        self.text().to_string()
    }

    pub fn text(self) -> Text {
        Text::new(&format!("request-state-{}", self.as_str()))
    }

    /// What it is after that; none when it cannot be any more.
    pub fn after(self, turn: Turn) -> Option<RequestState> {
        use RequestState::*;
        match (self, turn) {
            (Asked, Turn::Withdraw) => Some(Withdrawn),
            (Asked, Turn::Approve) => Some(Approved),
            (Asked, Turn::Decline) => Some(Declined),
            (Asked | Approved, Turn::End) => Some(Ended),
            _ => None,
        }
    }
}

/// How much more, where, and until when. 0 is nothing more of it; memory and storage are bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    pub vcpus: u64,
    pub memory: u64,
    pub storage: u64,
    /// Where the quota limits each cluster by itself.
    pub cluster: Option<ClusterId>,
    /// Where it limits each storage domain by itself.
    pub domain: Option<StorageDomainId>,
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
}

impl Default for Wanted {
    fn default() -> Self {
        let until = OffsetDateTime::UNIX_EPOCH;
        Wanted { vcpus: 0, memory: 0, storage: 0, cluster: None, domain: None, until }
    }
}

impl Wanted {
    pub fn of(&self, what: Resource) -> u64 {
        match what {
            Resource::Vcpus => self.vcpus,
            Resource::Memory => self.memory,
            Resource::Storage => self.storage,
        }
    }

    /// The place in which so much of it is wanted from a quota that limits each by itself.
    pub fn place(&self, what: Resource) -> Option<Uuid> {
        match what {
            Resource::Storage => self.domain.map(|id| id.0),
            Resource::Vcpus | Resource::Memory => self.cluster.map(|id| id.0),
        }
    }

    /// Without the places that mean nothing to this quota.
    pub fn fitting(&self, quota: &QuotaRow) -> Wanted {
        let cluster =
            self.cluster.filter(|_| quota.config.per_cluster && (self.vcpus > 0 || self.memory > 0));
        let domain = self.domain.filter(|_| quota.config.per_domain && self.storage > 0);
        Wanted { cluster, domain, ..self.clone() }
    }

    pub fn errors(&self, quota: &QuotaRow, now: OffsetDateTime) -> FieldErrors {
        let mut e = FieldErrors::default();
        if Resource::ALL.iter().all(|what| self.of(*what) == 0) {
            e.add("vcpus", Text::new("field-request-nothing"));
        }
        e.check("vcpus", field::between(self.vcpus, 0, MOST_VCPUS));
        for what in Resource::ALL.iter().copied().filter(|what| self.of(*what) > 0) {
            if self.of(what) > MOST {
                e.add(what.as_str(), Text::new("field-number"));
            }
            self.limited(&mut e, quota, what);
        }
        e.check("until", field::to_come(self.until, now));
        e
    }

    /// What has no limit needs no more; where each place has its own, it is said which.
    fn limited(&self, e: &mut FieldErrors, quota: &QuotaRow, what: Resource) {
        let (each, field) = match what {
            Resource::Storage => (quota.config.per_domain, "domain"),
            Resource::Vcpus | Resource::Memory => (quota.config.per_cluster, "cluster"),
        };
        let place = if each { self.place(what) } else { None };
        let wrong = match (each, place) {
            (true, None) => Some("field-required"),
            (true, Some(place)) => (!quota.config.names(what, place)).then_some("field-request-place"),
            (false, _) => None,
        };
        if let Some(key) = wrong {
            if e.get(field).is_none() {
                e.add(field, Text::new(key));
            }
        } else if quota.config.most(what, place).is_none() {
            e.add(what.as_str(), Text::new("field-request-unlimited"));
        }
    }

    /// "4 vCPUs, 8 GiB of memory", each with its place where that has a name here.
    pub fn text(&self, cluster: Option<&str>, domain: Option<&str>) -> Text {
        let part = |what: &Resource| {
            let n = self.of(*what);
            let text = Text::new(&format!("request-{}", what.as_str()));
            let text =
                if *what == Resource::Vcpus { text.with("n", n) } else { text.with("n", what.amount(n)) };
            match if *what == Resource::Storage { domain } else { cluster } {
                Some(place) => Text::new("quota-use-in").with("what", text).with("place", place),
                None => text,
            }
        };
        let parts = Resource::ALL.iter().filter(|what| self.of(**what) > 0).map(part);
        let and = |first: Text, more: Text| Text::new("request-and").with("first", first).with("more", more);
        parts.reduce(and).unwrap_or_else(|| Text::new("plain").with("text", ""))
    }
}

/// What somebody asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AskForMore {
    pub wanted: Wanted,
    pub reason: String,
}

impl AskForMore {
    pub fn errors(&self, quota: &QuotaRow, now: OffsetDateTime) -> FieldErrors {
        let mut e = self.wanted.errors(quota, now);
        e.check("reason", said(&self.reason));
        e
    }
}

/// What is granted, which need not be what was asked for; with a word to whoever asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    pub wanted: Wanted,
    pub word: String,
}

impl Grant {
    pub fn errors(&self, quota: &QuotaRow, now: OffsetDateTime) -> FieldErrors {
        let mut e = self.wanted.errors(quota, now);
        e.check("word", field::reason(&self.word));
        e
    }
}

/// Whoever is refused is told why.
pub fn declining(word: &str) -> FieldErrors {
    let mut e = FieldErrors::default();
    e.check("word", said(word));
    e
}

fn said(text: &str) -> Result<(), Text> {
    if text.trim().is_empty() { Err(Text::new("field-required")) } else { field::reason(text) }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestRow {
    pub id: RequestId,
    pub quota: (QuotaId, String),
    /// Who asked, by the name of then.
    pub user: (UserId, String),
    /// As it was asked for; once approved, as it was granted.
    pub wanted: Wanted,
    pub cluster: Option<String>,
    pub domain: Option<String>,
    pub reason: String,
    #[serde(with = "time::serde::rfc3339")]
    pub asked_at: OffsetDateTime,
    pub state: RequestState,
    /// Who answered, what they said to it, and when.
    pub by: Option<String>,
    pub word: String,
    #[serde(with = "time::serde::rfc3339::option")]
    pub decided_at: Option<OffsetDateTime>,
}

impl RequestRow {
    /// Whether that can still become of it, and what it is then.
    pub fn turn(&self, turn: Turn) -> Result<RequestState, Refusal> {
        self.state.after(turn).ok_or_else(|| {
            let refusal = Refusal::new("refusal-request-answered").with("state", self.state.text());
            refusal.with("user", self.by.as_deref().unwrap_or("Drover"))
        })
    }

    pub fn amounts(&self) -> Text {
        self.wanted.text(self.cluster.as_deref(), self.domain.as_deref())
    }

    pub fn last_day(&self) -> Text {
        day::text(self.wanted.until)
    }
}

/// The requests for more of a quota, as far as this person sees them: all to who answers them, else one's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Requests {
    pub answers: bool,
    pub asks: bool,
    /// The open ones first, then the newest.
    pub rows: Vec<RequestRow>,
}

#[cfg(test)]
mod tests;
