//! Durations as people write them: `90s`, `30m`, `12h`, `7d`. A bare number is refused, because nobody
//! remembers which unit it would be.

use std::time::Duration;

pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is not a duration; write a number and s, m, h or d, such as 30m");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].trim().parse().map_err(|_| wrong())?;
    match number.checked_mul(seconds) {
        Some(0) | None => Err(wrong()),
        Some(total) => Ok(Duration::from_secs(total)),
    }
}

/// For serde: an optional duration written as text.
pub fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    let text: String = serde::Deserialize::deserialize(from)?;
    parse_duration(&text).map(Some).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_refusals() {
        for (text, want) in [("90s", 90), ("30m", 1800), ("12h", 43_200), ("7d", 604_800)] {
            assert_eq!(parse_duration(text).unwrap().as_secs(), want);
        }
        for text in ["", "30", "m", "-1m", "0s", "1.5h", "99999999999999999999d", "5min"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
