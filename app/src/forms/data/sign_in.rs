//! The second step of signing in, and what one does with one's own sign-in and with others'.

use model::FieldErrors;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::Reader;

/// A code of the device, or a recovery code.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CodeForm {
    pub code: String,
    /// What was being sent when the session ended, to go on with after the sign-in.
    pub resume: String,
}

impl FormData for CodeForm {
    type Request = String;

    fn request(&self) -> Result<String, FieldErrors> {
        filled("code", &self.code)
    }
}

/// One's own password, once more.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnPasswordForm {
    pub password: String,
}

impl FormData for OwnPasswordForm {
    type Request = String;

    fn request(&self) -> Result<String, FieldErrors> {
        filled("password", &self.password)
    }
}

fn filled(name: &'static str, value: &str) -> Result<String, FieldErrors> {
    let mut r = Reader::default();
    if value.trim().is_empty() {
        r.refuse(name, "field-required");
    }
    r.end(value.to_owned())
}

/// A button beside a session, or one about the account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StandingForm {
    /// `unlock`, `reset`, or the session to be ended.
    pub deed: String,
}

/// What is done with somebody's sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingDeed {
    Unlock,
    Reset,
    End(Uuid),
}

impl FormData for StandingForm {
    type Request = StandingDeed;

    fn request(&self) -> Result<StandingDeed, FieldErrors> {
        let deed = match self.deed.as_str() {
            "unlock" => Some(StandingDeed::Unlock),
            "reset" => Some(StandingDeed::Reset),
            session => session.parse().ok().map(StandingDeed::End),
        };
        deed.ok_or_else(|| FieldErrors::one("deed", model::Text::new("field-unknown-choice")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_button_means() {
        let session = Uuid::from_u128(7);
        for (deed, means) in [
            ("unlock", Some(StandingDeed::Unlock)),
            ("reset", Some(StandingDeed::Reset)),
            (session.to_string().as_str(), Some(StandingDeed::End(session))),
            ("", None),
            ("remove", None),
        ] {
            assert_eq!(StandingForm { deed: deed.to_owned() }.request().ok(), means, "{deed}");
        }
    }
}
