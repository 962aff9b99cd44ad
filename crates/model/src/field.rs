//! What is wrong with the fields of a request, and the checks that many requests share. A field's name here
//! is its `name` in the form and its path in REST, so that a message always finds its place.

use serde::{Deserialize, Serialize};

use crate::Text;

/// Messages by field name, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldErrors(pub Vec<(String, Text)>);

impl FieldErrors {
    pub fn one(field: &str, text: Text) -> Self {
        FieldErrors(vec![(field.to_owned(), text)])
    }

    pub fn add(&mut self, field: &str, text: Text) {
        self.0.push((field.to_owned(), text));
    }

    /// Adds the error of a check, if it failed.
    pub fn check(&mut self, field: &str, result: Result<(), Text>) {
        if let Err(text) = result {
            self.add(field, text);
        }
    }

    pub fn get(&self, field: &str) -> Option<&Text> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, text)| text)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of it as one text.
    pub fn whole(self) -> Text {
        let one = |(field, text): (String, Text)| {
            Text::new("bulk-one-refused").with("name", field).with("why", text)
        };
        Text::lines(self.0.into_iter().map(one))
    }

    pub fn into_result(self) -> Result<(), crate::Fault> {
        if self.is_empty() { Ok(()) } else { Err(crate::Fault::Invalid(self)) }
    }
}

impl std::fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|(field, text)| format!("{field}: {text}")).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// oVirt's rule for names: letters, digits, `_`, `-` and `.`, at most `max` characters.
pub fn name(value: &str, max: usize) -> Result<(), Text> {
    if value.trim().is_empty() {
        return Err(Text::new("field-required"));
    }
    if value.chars().count() > max {
        return Err(Text::new("field-too-long").with("max", max));
    }
    if !value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        return Err(Text::new("field-name-characters"));
    }
    Ok(())
}

/// A name that may hold spaces, as those of templates do ("Debian 12").
pub fn title(value: &str, max: usize) -> Result<(), Text> {
    if value.trim().is_empty() || value.trim() != value {
        return Err(Text::new("field-required"));
    }
    free_text(value, max)?;
    if value.contains(['\n', '\r', '\t', '/', '<', '>']) {
        Err(Text::new("field-title-characters"))
    } else {
        Ok(())
    }
}

/// Free text of at most `max` characters without control characters (line breaks are fine).
pub fn free_text(value: &str, max: usize) -> Result<(), Text> {
    if value.chars().count() > max {
        return Err(Text::new("field-too-long").with("max", max));
    }
    if value.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
        return Err(Text::new("field-control-characters"));
    }
    Ok(())
}

/// One line of at most `max` characters that neither begins nor ends with a blank.
pub fn line(value: &str, max: usize) -> Result<(), Text> {
    free_text(value, max)?;
    if value.trim() != value {
        return Err(Text::new("field-edge-blanks"));
    }
    if value.contains(['\n', '\r', '\t']) {
        return Err(Text::new("field-control-characters"));
    }
    Ok(())
}

/// Why somebody does something, as the events then show it.
pub fn reason(value: &str) -> Result<(), Text> {
    free_text(value, 255)
}

/// A DNS name, an IPv4 or an IPv6 address.
pub fn address(value: &str) -> Result<(), Text> {
    if value.is_empty() {
        return Err(Text::new("field-required"));
    }
    if value.parse::<std::net::IpAddr>().is_ok() {
        return Ok(());
    }
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    if value.len() <= 255 && value.split('.').all(label) { Ok(()) } else { Err(Text::new("field-address")) }
}

/// An absolute path without `..` and without characters that a mount or XML would trip over.
pub fn absolute_path(value: &str) -> Result<(), Text> {
    let fine = value.starts_with('/')
        && value.len() > 1
        && value.len() <= 4096
        && !value.split('/').any(|part| part == ".." || part == ".")
        && !value.chars().any(char::is_control);
    if fine { Ok(()) } else { Err(Text::new("field-path")) }
}

/// A number between two bounds, both allowed.
pub fn between(value: u64, min: u64, max: u64) -> Result<(), Text> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        // As they are typed, without anything between thousands.
        Err(Text::new("field-between").with("min", min.to_string()).with("max", max.to_string()))
    }
}

/// When something ends by itself: not before it began.
pub fn to_come(until: time::OffsetDateTime, now: time::OffsetDateTime) -> Result<(), Text> {
    if until > now { Ok(()) } else { Err(Text::new("field-past")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (value, good) in [
            ("web1", true),
            ("a.b-c_d", true),
            ("größe", true),
            ("", false),
            ("  ", false),
            ("a b", false),
            ("a/b", false),
            ("<b>", false),
            (&"x".repeat(64), true),
            (&"x".repeat(65), false),
        ] {
            assert_eq!(name(value, 64).is_ok(), good, "{value:?}");
        }
    }

    #[test]
    fn titles() {
        for (value, good) in [
            ("Tiny Linux", true),
            ("Debian 12 (cloud)", true),
            ("", false),
            (" x", false),
            ("a\nb", false),
            ("a/b", false),
        ] {
            assert_eq!(title(value, 64).is_ok(), good, "{value:?}");
        }
    }

    #[test]
    fn addresses() {
        for (value, good) in [
            ("kvm1.example.org", true),
            ("10.0.0.1", true),
            ("fe80::1", true),
            ("", false),
            ("-a", false),
            ("a..b", false),
            ("a b", false),
            ("a_b", false),
            ("x/../y", false),
        ] {
            assert_eq!(address(value).is_ok(), good, "{value:?}");
        }
    }

    #[test]
    fn paths() {
        for (value, good) in [
            ("/srv/data", true),
            ("srv", false),
            ("/", false),
            ("/a/../b", false),
            ("/a\nb", false),
            ("", false),
        ] {
            assert_eq!(absolute_path(value).is_ok(), good, "{value:?}");
        }
    }
}
