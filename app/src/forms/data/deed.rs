//! Deeds that ask for little: a reason, or what becomes of the disks.

use model::{FieldErrors, field};
use serde::{Deserialize, Serialize};

use crate::forms::FormData;
use crate::forms::parse::{Reader, on, optional};

/// Run, Shutdown, Power Off, Reboot, Maintenance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReasonForm {
    pub reason: String,
}

impl FormData for ReasonForm {
    type Request = Option<String>;

    fn request(&self) -> Result<Option<String>, FieldErrors> {
        let mut r = Reader::default();
        r.and(field::reason(&self.reason).err().map(|t| FieldErrors::one("reason", t)).unwrap_or_default());
        r.end(optional(&self.reason))
    }
}

/// Removing a VM.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoveVmForm {
    pub disks: String,
}

impl FormData for RemoveVmForm {
    /// Whether the disks go as well.
    type Request = bool;

    fn request(&self) -> Result<bool, FieldErrors> {
        Ok(on(&self.disks))
    }
}

/// A question that needs no more than yes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sure {}

impl FormData for Sure {
    type Request = ();

    fn request(&self) -> Result<(), FieldErrors> {
        Ok(())
    }
}
