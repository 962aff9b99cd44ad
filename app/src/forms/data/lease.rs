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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::data::template::TemplateForm;
    use time::macros::date;

    fn wrong<T: FormData>(form: &T) -> Vec<String> {
        form.request().err().unwrap_or_default().0.into_iter().map(|(name, _)| name).collect()
    }

    fn template(texts: [&str; 4]) -> TemplateForm {
        let [lease_days, lease_extension, lease_longest, lease_keep] = texts.map(str::to_owned);
        let name = "tiny".to_owned();
        TemplateForm {
            name,
            lease_days,
            lease_extension,
            lease_longest,
            lease_keep,
            ..TemplateForm::default()
        }
    }

    #[test]
    fn a_lease_is_four_numbers_or_none() {
        let lease = Lease { days: 30, extension: 14, longest: Some(90), keep: 7 };
        let open = Lease { extension: 0, longest: None, ..lease };
        for (texts, said) in [
            (["30", "14", "90", "7"], Some(lease)),
            (["30", "0", "", "7"], Some(open)),
            (["30", "", "", "7"], Some(open)),
            // Without days the others are not meant.
            (["", "14", "x", ""], None),
        ] {
            assert_eq!(template(texts).request().unwrap().lease, said, "{texts:?}");
        }
        assert_eq!(texts(Some(lease)), ["30", "14", "90", "7"]);
        assert_eq!(texts(Some(open)), ["30", "0", "", "7"]);
        assert_eq!(texts(None), ["", "", "", "7"]);
    }

    #[test]
    fn each_number_is_refused_at_its_own_place() {
        for (texts, at) in [
            (["0", "14", "90", "7"], "lease_days"),
            (["a month", "14", "90", "7"], "lease_days"),
            (["30", "-1", "90", "7"], "lease_extension"),
            (["30", "14", "29", "7"], "lease_longest"),
            (["30", "14", "90", ""], "lease_keep"),
            (["30", "14", "90", "99999"], "lease_keep"),
        ] {
            assert_eq!(wrong(&template(texts)), [at], "{texts:?}");
        }
    }

    #[test]
    fn an_end_is_a_day_or_none() {
        let form = |until: &str| ExtendForm { until: until.to_owned() };
        assert_eq!(form(" 2026-12-24 ").request(), Ok(Some(date!(2026 - 12 - 24))));
        assert_eq!(form("").request(), Ok(None));
        assert_eq!(ExtendForm::on(Some(date!(2026 - 12 - 24))), form("2026-12-24"));
        for text in ["tomorrow", "today", "24.12.2026", "2026-02-30", "2026-12-24T10:00"] {
            assert_eq!(wrong(&form(text)), ["until"], "{text}");
        }
    }
}
