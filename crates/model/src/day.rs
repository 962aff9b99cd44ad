//! Days on which something ends by itself: as a browser's date field writes them, and as the moment that is meant by one.
//! The last day is a whole one, as UTC has it, whatever the clock of whoever chose it.

use time::{Date, Duration, Month, OffsetDateTime};

use crate::Text;

/// The moment at which the day is over; none of what is no day.
pub fn over(text: &str) -> Option<OffsetDateTime> {
    let mut parts = text.trim().split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let day = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    day.midnight().assume_utc().checked_add(Duration::DAY)
}

/// The last day, to be read.
pub fn text(until: OffsetDateTime) -> Text {
    let last = last(until);
    let mut parts = last.split('-');
    let mut part = || parts.next().unwrap_or_default();
    Text::new("day-written").with("year", part()).with("month", part()).with("day", part())
}

/// The last day of what ends at this moment, as a date field writes it.
pub fn last(until: OffsetDateTime) -> String {
    let day = (until - Duration::NANOSECOND).to_offset(time::UtcOffset::UTC);
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_day_is_meant_whole() {
        for (text, moment) in [
            ("2026-12-03", Some(datetime!(2026-12-04 00:00 UTC))),
            (" 2026-12-31 ", Some(datetime!(2027-01-01 00:00 UTC))),
            ("2028-02-29", Some(datetime!(2028-03-01 00:00 UTC))),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-12-00", None),
            ("12026-12-03", None),
            ("03.12.2026", None),
            ("2026-12-03-01", None),
            ("2026-12-03T10:00", None),
            ("9999-12-31", None),
            ("", None),
        ] {
            assert_eq!(over(text), moment, "{text}");
            if let Some(moment) = moment {
                assert_eq!(last(moment), text.trim());
            }
        }
        assert_eq!(last(datetime!(2026-12-03 10:00 UTC)), "2026-12-03");
    }
}
