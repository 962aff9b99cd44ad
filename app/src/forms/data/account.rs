//! Signing in, and changing one's own password.

use model::FieldErrors;
use serde::{Deserialize, Serialize};

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    pub user: String,
    /// Of a name without an @; empty for Drover's own.
    pub directory: String,
    pub password: String,
    /// What was being sent when the session ended, without its passwords, to go on with.
    pub resume: String,
}

pub struct SignIn {
    pub user: String,
    pub password: String,
}

impl SignInForm {
    /// With the chosen directory, unless one was written.
    fn principal(&self) -> String {
        let user = self.user.trim();
        if self.directory.is_empty() || user.contains('@') {
            return user.to_owned();
        }
        format!("{user}@{}", self.directory)
    }
}

impl FormData for SignInForm {
    type Request = SignIn;

    fn request(&self) -> Result<SignIn, FieldErrors> {
        let mut r = Reader::default();
        for (name, value) in [("user", &self.user), ("password", &self.password)] {
            if value.trim().is_empty() {
                r.refuse(name, "field-required");
            }
        }
        r.end(SignIn { user: self.principal(), password: self.password.clone() })
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    pub current: String,
    pub new: String,
    pub repeat: String,
}

pub struct ChangePassword {
    pub current: String,
    pub new: String,
}

impl FormData for PasswordForm {
    type Request = ChangePassword;

    fn request(&self) -> Result<ChangePassword, FieldErrors> {
        let mut r = Reader::default();
        for (name, value) in [("current", &self.current), ("new", &self.new), ("repeat", &self.repeat)] {
            if value.is_empty() {
                r.refuse(name, "field-required");
            }
        }
        if !self.new.is_empty() && !self.repeat.is_empty() && self.new != self.repeat {
            r.refuse("repeat", "password-mismatch");
        }
        if !self.new.is_empty() {
            // The name's rule is the server's: it knows who asks. A name in no password stands in for it here.
            r.and(
                model::user::password(&self.new, "\0")
                    .err()
                    .map(|t| FieldErrors::one("new", t))
                    .unwrap_or_default(),
            );
        }
        r.end(ChangePassword { current: self.current.clone(), new: self.new.clone() })
    }
}
