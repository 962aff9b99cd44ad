//! A user of Drover's own, new or with a new password.

use model::{FieldErrors, field};
use serde::{Deserialize, Serialize};

use crate::forms::FormData;
use crate::forms::parse::{Reader, boxed, on};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserForm {
    /// Not asked for where the user is there.
    pub name: String,
    pub password: String,
    pub repeat: String,
    pub must_change: String,
}

impl Default for UserForm {
    fn default() -> Self {
        let empty = String::new;
        UserForm { name: empty(), password: empty(), repeat: empty(), must_change: boxed(true) }
    }
}

pub struct NewUser {
    pub name: String,
    pub password: String,
    pub must_change: bool,
}

impl UserForm {
    fn passwords(&self, r: &mut Reader, name: &str) {
        if self.password.is_empty() {
            r.refuse("password", "field-required");
        } else {
            let wrong = model::user::password(&self.password, name).err();
            r.and(wrong.map(|text| FieldErrors::one("password", text)).unwrap_or_default());
        }
        if self.password != self.repeat {
            r.refuse("repeat", "password-mismatch");
        }
    }
}

impl FormData for UserForm {
    type Request = NewUser;

    fn request(&self) -> Result<NewUser, FieldErrors> {
        let mut r = Reader::default();
        let name = self.name.trim();
        r.and(field::name(name, 255).err().map(|t| FieldErrors::one("name", t)).unwrap_or_default());
        // A name in no password stands in for one that is missing.
        self.passwords(&mut r, if name.is_empty() { "\0" } else { name });
        r.end(NewUser {
            name: name.to_owned(),
            password: self.password.clone(),
            must_change: on(&self.must_change),
        })
    }
}

/// The same without a name: the address says whose password it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResetForm {
    pub password: String,
    pub repeat: String,
    pub must_change: String,
}

impl FormData for ResetForm {
    type Request = (String, bool);

    fn request(&self) -> Result<(String, bool), FieldErrors> {
        let mut r = Reader::default();
        let form = UserForm {
            name: String::new(),
            password: self.password.clone(),
            repeat: self.repeat.clone(),
            must_change: String::new(),
        };
        form.passwords(&mut r, "\0");
        r.end((self.password.clone(), on(&self.must_change)))
    }
}
