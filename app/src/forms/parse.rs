//! From texts to values, collecting everything that is wrong on the way, in the order of the form.

use model::size::MIB;
use model::{FieldErrors, Text};
use time::OffsetDateTime;

/// Collects the errors of a form while its fields are read.
#[derive(Debug, Default)]
pub struct Reader(FieldErrors);

impl Reader {
    /// A whole number; 0 stands in for one that could not be read.
    pub fn number<T: std::str::FromStr + Default>(&mut self, name: &str, text: &str) -> T {
        let text = text.trim();
        if text.is_empty() {
            self.0.add(name, Text::new("field-required"));
            return T::default();
        }
        text.parse().unwrap_or_else(|_| {
            self.0.add(name, Text::new("field-number"));
            T::default()
        })
    }

    /// A whole number that may be left out.
    pub fn number_or_none<T: std::str::FromStr + Default>(&mut self, name: &str, text: &str) -> Option<T> {
        if text.trim().is_empty() { None } else { Some(self.number(name, text)) }
    }

    /// MiB as typed, bytes as meant. Beyond what fits it is the largest, which the model then refuses.
    pub fn mib(&mut self, name: &str, text: &str) -> u64 {
        self.number::<u64>(name, text).saturating_mul(MIB)
    }

    /// A day, as a browser's date field writes it: the moment at which it is over.
    pub fn day(&mut self, name: &str, text: &str) -> OffsetDateTime {
        model::day::over(text).unwrap_or_else(|| {
            let key = if text.trim().is_empty() { "field-required" } else { "field-day" };
            self.0.add(name, Text::new(key));
            OffsetDateTime::UNIX_EPOCH
        })
    }

    /// A day that may be left out.
    pub fn day_or_none(&mut self, name: &str, text: &str) -> Option<OffsetDateTime> {
        if text.trim().is_empty() { None } else { Some(self.day(name, text)) }
    }

    /// One of a list that must be chosen from.
    pub fn choice<T: std::str::FromStr + Default>(&mut self, name: &str, text: &str) -> T {
        text.parse().unwrap_or_else(|_| {
            self.0.add(
                name,
                Text::new(if text.is_empty() { "field-required" } else { "field-unknown-choice" }),
            );
            T::default()
        })
    }

    /// One of a list whose first is none.
    pub fn choice_or_none<T: std::str::FromStr + Default>(&mut self, name: &str, text: &str) -> Option<T> {
        if text.is_empty() { None } else { Some(self.choice(name, text)) }
    }

    /// One of a set of words; what was not sent is as usual.
    pub fn word<T: std::str::FromStr>(&mut self, name: &str, text: &str, usual: T) -> T {
        match text.parse() {
            Ok(word) => word,
            Err(_) => {
                if !text.is_empty() {
                    self.0.add(name, Text::new("field-unknown-choice"));
                }
                usual
            }
        }
    }

    /// The marked boxes of a list.
    pub fn several<T: std::str::FromStr>(&mut self, name: &str, text: &str) -> Vec<T> {
        let marked: Result<Vec<T>, _> =
            text.split(',').filter(|one| !one.is_empty()).map(str::parse).collect();
        marked.unwrap_or_else(|_| {
            self.0.add(name, Text::new("field-unknown-choice"));
            Vec::new()
        })
    }

    pub fn refuse(&mut self, name: &str, key: &str) {
        self.0.add(name, Text::new(key));
    }

    /// Adds what the request itself finds wrong, but one message per field.
    pub fn and(&mut self, found: FieldErrors) {
        for (name, text) in found.0 {
            if self.0.get(&name).is_none() {
                self.0.add(&name, text);
            }
        }
    }

    pub fn end<T>(self, request: T) -> Result<T, FieldErrors> {
        if self.0.is_empty() { Ok(request) } else { Err(self.0) }
    }
}

/// A text that may be left out.
pub fn optional(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A box.
pub fn on(text: &str) -> bool {
    text == "true"
}

/// The text of a box.
pub fn boxed(on: bool) -> String {
    if on { "true".to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_says_so_once() {
        let mut r = Reader::default();
        assert_eq!(r.number::<u32>("cores", " 4 "), 4);
        assert_eq!(r.mib("memory", "1.5"), 0);
        assert_eq!(r.number_or_none::<u16>("port", ""), None);
        r.and(FieldErrors::one("memory", Text::new("field-between-sizes")));
        r.and(FieldErrors::one("name", Text::new("field-required")));
        let errors = r.end(()).unwrap_err();
        let got: Vec<(&str, &str)> = errors.0.iter().map(|(n, t)| (n.as_str(), t.key.as_str())).collect();
        assert_eq!(got, [("memory", "field-number"), ("name", "field-required")]);
    }

    #[test]
    fn a_huge_size_stays_huge() {
        assert_eq!(Reader::default().mib("memory", "99999999999999999"), u64::MAX);
    }
}
