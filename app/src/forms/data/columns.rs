//! The columns of a list, as somebody wants to see them.

use model::FieldErrors;
use model::columns::Columns;
use model::id::Kind;
use serde::{Deserialize, Serialize};

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnsForm {
    pub kind: String,
    /// The words of the marked ones in their order, with commas between.
    pub columns: String,
}

impl FormData for ColumnsForm {
    type Request = (Kind, Columns);

    fn request(&self) -> Result<(Kind, Columns), FieldErrors> {
        let mut r = Reader::default();
        let kind = self.kind.parse().unwrap_or_else(|()| {
            r.refuse("kind", "field-unknown-choice");
            Kind::Vm
        });
        let words = self.columns.split(',').filter(|word| !word.is_empty()).map(str::to_owned);
        let columns = Columns(words.collect());
        r.and(columns.errors());
        r.end((kind, columns))
    }
}
