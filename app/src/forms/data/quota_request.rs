//! A request for more of a quota: asked, and answered with what is granted.

use model::quota_request::{AskForMore, Grant, RequestRow, Wanted};
use model::size::{GIB, MIB};
use model::{FieldErrors, RequestId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestForm {
    /// The one that is answered; empty asks.
    pub request: String,
    pub vcpus: String,
    /// MiB.
    pub memory: String,
    /// GiB.
    pub storage: String,
    pub cluster: String,
    pub domain: String,
    /// The last day.
    pub until: String,
    /// Why it is asked for.
    pub reason: String,
    /// What is said to the answer.
    pub word: String,
}

impl From<&RequestRow> for RequestForm {
    fn from(row: &RequestRow) -> Self {
        let number = |n: u64, unit: u64| if n == 0 { String::new() } else { n.div_ceil(unit).to_string() };
        let place = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        RequestForm {
            request: row.id.to_string(),
            vcpus: number(row.wanted.vcpus, 1),
            memory: number(row.wanted.memory, MIB),
            storage: number(row.wanted.storage, GIB),
            cluster: place(row.wanted.cluster.map(Uuid::from)),
            domain: place(row.wanted.domain.map(Uuid::from)),
            until: model::day::last(row.wanted.until),
            ..RequestForm::default()
        }
    }
}

impl RequestForm {
    pub fn asked(&self) -> Result<AskForMore, FieldErrors> {
        Ok(AskForMore { wanted: self.request()?, reason: self.reason.clone() })
    }

    pub fn granted(&self) -> Result<Grant, FieldErrors> {
        Ok(Grant { wanted: self.request()?, word: self.word.clone() })
    }

    /// Which one is answered. One that is none is gone, as far as anybody can tell.
    pub fn id(&self) -> RequestId {
        RequestId(self.request.parse().unwrap_or_default())
    }
}

impl FormData for RequestForm {
    type Request = Wanted;

    fn request(&self) -> Result<Wanted, FieldErrors> {
        let mut r = Reader::default();
        let mut amount = |name: &str, text: &str, unit: u64| {
            r.number_or_none::<u64>(name, text).unwrap_or_default().saturating_mul(unit)
        };
        let vcpus = amount("vcpus", &self.vcpus, 1);
        let memory = amount("memory", &self.memory, MIB);
        let storage = amount("storage", &self.storage, GIB);
        let cluster = r.choice_or_none::<Uuid>("cluster", &self.cluster).map(Into::into);
        let domain = r.choice_or_none::<Uuid>("domain", &self.domain).map(Into::into);
        let until = r.day("until", &self.until);
        r.end(Wanted { vcpus, memory, storage, cluster, domain, until })
    }
}

/// One's own, taken back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WithdrawForm {
    pub request: String,
}

impl FormData for WithdrawForm {
    type Request = RequestId;

    fn request(&self) -> Result<RequestId, FieldErrors> {
        Ok(RequestId(self.request.parse().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use model::quota_request::RequestState;
    use time::macros::datetime;

    use super::*;

    fn form() -> RequestForm {
        RequestForm { vcpus: "2".into(), until: "2030-01-02".into(), ..RequestForm::default() }
    }

    #[test]
    fn amounts_have_their_units() {
        let form = RequestForm { memory: "512".into(), storage: "10".into(), ..form() };
        let wanted = form.request().unwrap();
        assert_eq!((wanted.vcpus, wanted.memory, wanted.storage), (2, 512 * MIB, 10 * GIB));
        assert_eq!(wanted.until, datetime!(2030-01-03 00:00 UTC));
    }

    #[test]
    fn every_field_is_refused_at_its_own_place() {
        let cases = [
            ("vcpus", RequestForm { vcpus: "two".into(), ..form() }),
            ("memory", RequestForm { memory: "1.5".into(), ..form() }),
            ("storage", RequestForm { storage: "-1".into(), ..form() }),
            ("cluster", RequestForm { cluster: "x".into(), ..form() }),
            ("domain", RequestForm { domain: "x".into(), ..form() }),
            ("until", RequestForm { until: String::new(), ..form() }),
            ("until", RequestForm { until: "tomorrow".into(), ..form() }),
        ];
        assert!(form().request().is_ok());
        for (field, form) in cases {
            let errors = form.request().unwrap_err();
            assert_eq!(errors.0.len(), 1, "{form:?}");
            assert!(errors.get(field).is_some(), "{form:?}");
        }
    }

    #[test]
    fn what_was_asked_for_is_proposed() {
        let wanted = Wanted { memory: MIB, ..form().request().unwrap() };
        let row = RequestRow {
            id: RequestId(Uuid::from_u128(1)),
            quota: (model::QuotaId(Uuid::nil()), "dev".into()),
            user: (model::UserId(Uuid::nil()), "eve@internal".into()),
            wanted: wanted.clone(),
            cluster: None,
            domain: None,
            reason: String::new(),
            asked_at: time::OffsetDateTime::UNIX_EPOCH,
            state: RequestState::Asked,
            by: None,
            word: String::new(),
            decided_at: None,
        };
        let form = RequestForm::from(&row);
        assert_eq!(form.request().unwrap(), wanted);
        assert_eq!((form.id(), form.storage.as_str()), (row.id, ""));
        assert_eq!(RequestForm::default().id(), RequestId(Uuid::nil()), "one that nobody has");
    }
}
