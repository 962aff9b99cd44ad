//! Sizes and rates in words: binary units, at most three significant digits.

use crate::Text;
use crate::language::{Language, spoken};

const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
pub const MIB: u64 = 1 << 20;
pub const GIB: u64 = 1 << 30;

/// `1536 MiB` → "1.5 GiB".
pub fn bytes(n: u64) -> String {
    let mut value = n as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let digits = if unit == 0 || value >= 100.0 || value.fract() < 0.005 { 0 } else { 1 };
    decimal(format!("{value:.digits$} {}", UNITS[unit]))
}

/// The key of a size in another text's arguments.
pub const KEY: &str = "size";

/// A size that is kept in a refusal or an event, and worded when that is.
pub fn text(n: u64) -> Text {
    Text::new(KEY).with("n", n)
}

/// A number's words with the reader's own sign before the fraction.
pub fn decimal(words: String) -> String {
    match spoken() {
        Language::English => words,
        other => words.replacen('.', &other.decimal().to_string(), 1),
    }
}

/// "4 GiB" → bytes: a whole number and a binary unit.
pub fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let unit = UNITS.iter().position(|unit| *unit == text[digits..].trim())?;
    number.checked_mul(1 << (10 * unit))
}

/// A duration in its two largest units: "3 d 4 h", "12 min", "45 s".
pub fn duration(seconds: u64) -> String {
    let (d, h, m, s) = (seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    match (d, h, m) {
        (0, 0, 0) => format!("{s} s"),
        (0, 0, _) => format!("{m} min"),
        (0, _, _) => format!("{h} h {m} min"),
        _ => format!("{d} d {h} h"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_size_in_a_text_is_worded_when_that_is_read() {
        use crate::language::{Language, speak};
        let text = crate::Text::new("plain").with("text", super::text(1536 << 20));
        assert_eq!(text.to_string(), "1.5 GiB");
        assert_eq!(speak(Language::German, || text.to_string()), "1,5 GiB");
    }

    #[test]
    fn sizes_and_durations_read_well() {
        for (n, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536 << 20, "1.5 GiB"),
            (1 << 30, "1 GiB"),
            (300 << 20, "300 MiB"),
        ] {
            assert_eq!(super::bytes(n), text);
        }
        for (text, n) in [
            ("4 GiB", Some(4 << 30)),
            ("256MiB", Some(256 << 20)),
            ("4 GB", None),
            ("x MiB", None),
            ("9", None),
        ] {
            assert_eq!(super::parse(text), n, "{text}");
        }
        for (n, text) in [(5, "5 s"), (65, "1 min"), (7260, "2 h 1 min"), (90_000, "1 d 1 h")] {
            assert_eq!(super::duration(n), text);
        }
    }
}
