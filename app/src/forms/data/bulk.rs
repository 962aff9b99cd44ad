//! One deed on many objects.

use model::bulk::{How, MANY, Many};
use model::id::Kind;
use model::{FieldErrors, field};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::{Reader, on, optional};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkForm {
    pub kind: String,
    pub deed: String,
    /// Ids with commas between.
    pub objects: String,
    pub reason: String,
    pub disks: String,
}

pub struct Bulk {
    pub many: &'static Many,
    pub objects: Vec<Uuid>,
    pub how: How,
}

impl FormData for BulkForm {
    type Request = Bulk;

    fn request(&self) -> Result<Bulk, FieldErrors> {
        let mut r = Reader::default();
        let objects = r.several("objects", &self.objects);
        let kind: Option<Kind> = self.kind.parse().ok();
        let many = kind.and_then(|kind| Many::find(kind, &self.deed));
        r.and(field::reason(&self.reason).err().map(|t| FieldErrors::one("reason", t)).unwrap_or_default());
        let many = many.unwrap_or_else(|| {
            r.refuse("deed", "field-unknown-choice");
            &MANY[0]
        });
        let how = How { reason: optional(&self.reason), with_disks: on(&self.disks) };
        r.end(Bulk { many, objects, how })
    }
}
