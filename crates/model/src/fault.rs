//! How an operation says no. A `Refusal` is a text with the list of what stands in the way; a `Fault` adds
//! which kind of no it is, so that HTTP, forms and the command line can each answer in their own way.

use serde::{Deserialize, Serialize};

use uuid::Uuid;

use crate::{Action, FieldErrors, Text, id::Kind};

/// Why something may not happen now, in words a person can act on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    pub text: Text,
    /// What stands in the way, one line each (for a placement: every host with its filter).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Text>,
    /// What this person can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
}

/// A way on: a deed on an object, by the dialog at `/<list>/{id}/<action>`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Way {
    pub kind: Kind,
    pub id: Uuid,
    pub action: Action,
}

impl Refusal {
    pub fn new(key: &str) -> Self {
        Text::new(key).into()
    }

    pub fn with(mut self, name: &str, value: impl Into<crate::text::Arg>) -> Self {
        self.text = self.text.with(name, value);
        self
    }

    pub fn because(mut self, reasons: Vec<Text>) -> Self {
        self.reasons = reasons;
        self
    }

    pub fn way(mut self, kind: Kind, id: Uuid, action: Action) -> Self {
        self.way = Some(Way { kind, id, action });
        self
    }
}

impl Refusal {
    /// All of it as one text, for where it becomes part of another that is read later.
    pub fn whole(self) -> Text {
        if self.reasons.is_empty() {
            return self.text;
        }
        Text::lines(std::iter::once(self.text).chain(self.reasons))
    }
}

impl From<Text> for Refusal {
    fn from(text: Text) -> Self {
        Refusal { text, reasons: Vec::new(), way: None }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text.fmt(f)?;
        for reason in &self.reasons {
            write!(f, "\n{reason}")?;
        }
        Ok(())
    }
}

/// The ways an operation ends without having been done. Causes that only an engineer can read stay in the
/// log under `incident`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum Fault {
    /// Nothing of that id, or nothing that this person may see. HTTP 404.
    #[error("{}", crate::text::ta("fault-not-found", &[("kind", &kind.noun())]))]
    NotFound { kind: Kind },
    /// Nobody is signed in, or the session has ended. HTTP 401.
    #[error("{}", crate::text::t("fault-signed-out"))]
    SignedOut,
    /// Visible, but this person may not do that. HTTP 403.
    #[error("{0}")]
    Forbidden(Refusal),
    /// A rule, a state or a lock is in the way. HTTP 409.
    #[error("{0}")]
    Refused(Refusal),
    /// Somebody else changed the object since it was read. HTTP 409.
    #[error("{}", crate::text::ta("fault-stale", &[("kind", &kind.noun())]))]
    Stale { kind: Kind, version: i64 },
    /// Fields that cannot be accepted. HTTP 422.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// Something outside is away just now. HTTP 503.
    #[error("{0}")]
    Unavailable(Refusal),
    /// A defect or a broken part; the log has the cause under this id. HTTP 500.
    #[error("{}", crate::text::ta("fault-internal", &[("incident", incident)]))]
    Internal { incident: String },
}

impl Fault {
    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Fault::NotFound { .. } => 404,
            Fault::SignedOut => 401,
            Fault::Forbidden(_) => 403,
            Fault::Refused(_) | Fault::Stale { .. } => 409,
            Fault::Invalid(_) => 422,
            Fault::Unavailable(_) => 503,
            Fault::Internal { .. } => 500,
        }
    }

    pub fn refused(key: &str) -> Self {
        Fault::Refused(Refusal::new(key))
    }

    /// What it says, for where that becomes part of another text that is read later.
    pub fn text(self) -> Text {
        match self {
            Fault::NotFound { kind } => Text::new("fault-not-found").with("kind", kind.text()),
            Fault::Stale { kind, .. } => Text::new("fault-stale").with("kind", kind.text()),
            Fault::SignedOut => Text::new("fault-signed-out"),
            Fault::Internal { incident } => Text::new("fault-internal").with("incident", incident),
            Fault::Forbidden(refusal) | Fault::Refused(refusal) | Fault::Unavailable(refusal) => {
                refusal.whole()
            }
            Fault::Invalid(errors) => errors.whole(),
        }
    }

    /// One field is wrong.
    pub fn field(name: &str, text: Text) -> Self {
        Fault::Invalid(FieldErrors::one(name, text))
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Fault::Refused(refusal)
    }
}
