//! Giving a role, taking it, and asking why. Which object it is about goes along unseen.

use model::id::Kind;
use model::permission::{Ask, Give};
use model::{FieldErrors, PermissionId, SYSTEM};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::Reader;

/// An object: what its permissions are about.
pub type On = (Kind, Uuid);

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GiveForm {
    pub kind: String,
    pub object: String,
    pub principal: String,
    pub role: String,
    /// The last day; empty lasts.
    pub until: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TakeForm {
    pub kind: String,
    pub object: String,
    pub permission: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AskForm {
    pub principal: String,
    pub kind: String,
    /// An id, or a name.
    pub object: String,
    pub action: String,
}

fn kind(r: &mut Reader, text: &str) -> Kind {
    r.word("kind", text, Kind::System)
}

fn on(r: &mut Reader, kind_text: &str, object: &str) -> On {
    let kind = kind(r, kind_text);
    let object = if kind == Kind::System { SYSTEM } else { r.choice("object", object) };
    (kind, object)
}

impl GiveForm {
    pub fn new((kind, object): On) -> GiveForm {
        GiveForm { kind: kind.as_str().to_owned(), object: object.to_string(), ..GiveForm::default() }
    }
}

impl FormData for GiveForm {
    type Request = (On, Give);

    fn request(&self) -> Result<Self::Request, FieldErrors> {
        let mut r = Reader::default();
        let on = on(&mut r, &self.kind, &self.object);
        let principal = self.principal.trim().to_owned();
        if principal.is_empty() {
            r.refuse("principal", "field-required");
        }
        let role = r.choice("role", &self.role);
        let until = r.day_or_none("until", &self.until);
        r.end((on, Give { principal, role, until }))
    }
}

impl FormData for TakeForm {
    type Request = (On, PermissionId);

    fn request(&self) -> Result<Self::Request, FieldErrors> {
        let mut r = Reader::default();
        let on = on(&mut r, &self.kind, &self.object);
        let permission = PermissionId(r.choice("permission", &self.permission));
        r.end((on, permission))
    }
}

impl FormData for AskForm {
    type Request = Ask;

    fn request(&self) -> Result<Ask, FieldErrors> {
        let mut r = Reader::default();
        let kind = kind(&mut r, &self.kind);
        let principal = self.principal.trim().to_owned();
        if principal.is_empty() {
            r.refuse("principal", "field-required");
        }
        if kind != Kind::System && self.object.trim().is_empty() {
            r.refuse("object", "field-required");
        }
        let action = self.action.parse().unwrap_or_else(|()| {
            r.refuse("action", "field-unknown-choice");
            model::Action::RunVm
        });
        r.end(Ask { principal, kind, object: self.object.trim().to_owned(), action })
    }
}
