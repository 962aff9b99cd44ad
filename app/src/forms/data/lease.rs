//! What a template or a quota says of how long something is there, as four fields of its form; and another end of a VM.

use model::FieldErrors;
use model::lease::{KEPT_DAYS, Lease};
use search::When;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::forms::FormData;
use crate::forms::parse::Reader;

/// The names of the four, in their order.
pub const LEASE: [&str; 4] = ["lease_days", "lease_extension", "lease_longest", "lease_keep"];

/// Their texts.
pub fn texts(lease: Option<Lease>) -> [String; 4] {
    let Some(Lease { days, extension, longest, keep }) = lease else {
        return [String::new(), String::new(), String::new(), KEPT_DAYS.to_string()];
    };
    let longest = longest.map(|n| n.to_string()).unwrap_or_default();
    [days.to_string(), extension.to_string(), longest, keep.to_string()]
}

/// The lease of these texts; without days there is none, whatever the others say.
pub fn read(r: &mut Reader, [days, extension, longest, keep]: [&str; 4]) -> Option<Lease> {
    let days = r.number_or_none::<u32>(LEASE[0], days)?;
    Some(Lease {
        days,
        extension: r.number_or_none(LEASE[1], extension).unwrap_or_default(),
        longest: r.number_or_none(LEASE[2], longest),
        keep: r.number(LEASE[3], keep),
    })
}

/// The last day of a VM; empty takes its end away.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExtendForm {
    /// `2026-12-24`
    pub until: String,
}

impl ExtendForm {
    pub fn on(day: Option<Date>) -> ExtendForm {
        ExtendForm { until: day.map(|day| When::Day(day).to_string()).unwrap_or_default() }
    }
}

impl FormData for ExtendForm {
    type Request = Option<Date>;

    fn request(&self) -> Result<Option<Date>, FieldErrors> {
        let mut r = Reader::default();
        let text = self.until.trim();
        let day = match When::parse(text) {
            _ if text.is_empty() => None,
            Some(When::Day(day)) => Some(day),
            _ => {
                r.refuse("until", "field-day");
                None
            }
        };
        r.end(day)
    }
}
