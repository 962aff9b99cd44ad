//! Days and moments as people write them. What *today* is, the caller says: nothing here reads a clock. All of it is in
//! UTC, like the times that are shown on hover.

use std::fmt::{Display, Formatter};

use time::{Date, Duration, Month, OffsetDateTime, Time, UtcOffset, Weekday};

/// The words that are proposed.
pub const WORDS: [&str; 9] =
    ["today", "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Today,
    Yesterday,
    /// The last one before today.
    Last(Weekday),
    Day(Date),
    Moment(OffsetDateTime),
}

impl When {
    pub fn parse(text: &str) -> Option<When> {
        let word = text.trim().to_ascii_lowercase();
        match WORDS.iter().position(|w| *w == word) {
            Some(0) => Some(When::Today),
            Some(1) => Some(When::Yesterday),
            Some(n) => Some(When::Last(Weekday::Monday.nth_next(u8::try_from(n - 2).ok()?))),
            None => literal(&word),
        }
    }

    /// From when, and until when it lasts: a day, or a second.
    pub fn range(self, now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
        let today = now.to_offset(UtcOffset::UTC).date();
        let whole = |day: Date| {
            let from = day.with_time(Time::MIDNIGHT).assume_utc();
            (from, from.saturating_add(Duration::DAY))
        };
        match self {
            When::Today => whole(today),
            When::Yesterday => whole(today.previous_day().unwrap_or(today)),
            When::Last(weekday) => {
                let back =
                    (today.weekday().number_days_from_monday() + 7 - weekday.number_days_from_monday()) % 7;
                let back = if back == 0 { 7 } else { back };
                whole(today.saturating_sub(Duration::days(back.into())))
            }
            When::Day(day) => whole(day),
            When::Moment(at) => (at, at.saturating_add(Duration::SECOND)),
        }
    }
}

/// `2026-11-25`, with a time behind a `T` or a blank: `14:00`, `14:00:30`, perhaps with `Z`.
fn literal(text: &str) -> Option<When> {
    let (day, time) = match text.split_once(['t', ' ']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (text, None),
    };
    let mut parts = day.splitn(3, '-');
    let mut next = |digits| parts.next().filter(|p| plain(p, digits));
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let day = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let Some(time) = time else { return Some(When::Day(day)) };
    let mut parts = time.strip_suffix('z').unwrap_or(time).split(':');
    let mut next = || parts.next().filter(|p| plain(p, 2)).and_then(|p| p.parse::<u8>().ok());
    let (hour, minute, second) = (next()?, next()?, next().unwrap_or(0));
    if time.matches(':').count() > 2 {
        return None;
    }
    let time = Time::from_hms(hour, minute, second).ok()?;
    Some(When::Moment(day.with_time(time).assume_utc()))
}

fn plain(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}

fn date(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

impl Display for When {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            When::Today => f.write_str("today"),
            When::Yesterday => f.write_str("yesterday"),
            When::Last(day) => f.write_str(&day.to_string().to_ascii_lowercase()),
            When::Day(day) => f.write_str(&date(*day)),
            When::Moment(at) => {
                let (h, m, s) = at.time().as_hms();
                write!(f, "{}T{h:02}:{m:02}:{s:02}", date(at.date()))
            }
        }
    }
}

/// How long, in seconds: `[d.]hh:mm:ss`, `[d.]hh:mm`, or a number with `d`, `h`, `m` or `s`.
pub fn span(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    for (unit, seconds) in [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)] {
        if let Some(number) = text.strip_suffix(unit) {
            return number.parse::<u32>().ok().map(|n| i64::from(n) * seconds);
        }
    }
    let (days, clock) = text.split_once('.').unwrap_or(("0", &text));
    let mut total = i64::from(days.parse::<u32>().ok()?) * 86_400;
    let parts: Vec<&str> = clock.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    for (part, seconds) in parts.iter().zip([3_600, 60, 1]) {
        total += i64::from(part.parse::<u16>().ok()?) * seconds;
    }
    Some(total)
}

/// A number of seconds, worded so that `span` reads it again.
pub fn spanned(seconds: i64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    format!("{days}.{:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn days_are_what_they_are_today() {
        let now = datetime!(2026-11-26 10:30 UTC); // a Thursday
        for (text, from) in [
            ("today", datetime!(2026-11-26 0:00 UTC)),
            ("Yesterday", datetime!(2026-11-25 0:00 UTC)),
            ("wednesday", datetime!(2026-11-25 0:00 UTC)),
            ("thursday", datetime!(2026-11-19 0:00 UTC)),
            ("friday", datetime!(2026-11-20 0:00 UTC)),
            ("2024-02-29", datetime!(2024-02-29 0:00 UTC)),
        ] {
            let range = When::parse(text).unwrap().range(now);
            assert_eq!(range, (from, from + Duration::DAY), "{text}");
        }
        for text in ["2026-11-25 14:05", "2026-11-25T14:05:00Z"] {
            let at = datetime!(2026-11-25 14:05 UTC);
            assert_eq!(When::parse(text).unwrap().range(now), (at, at + Duration::SECOND), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in
            ["", "tomorrow", "2026-13-01", "2026-02-30", "26-1-1", "2026-11-25 25:00", "2026-11-25 1:2:3:4"]
        {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }

    #[test]
    fn spans_are_read_and_worded() {
        for (text, seconds) in
            [("01:00:00", 3_600), ("2.00:00:01", 172_801), ("0:30", 1_800), ("2d", 172_800), ("5m", 300)]
        {
            assert_eq!(span(text), Some(seconds), "{text}");
            assert_eq!(span(&spanned(seconds)), Some(seconds));
        }
        for text in ["", "x", "1", "1:2:3:4", "-1d", "1.5d", "d"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
