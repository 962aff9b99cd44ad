//! What is kept of use over time, in one shape for hosts, virtual machines, storage domains and the whole: points of
//! a minute for a day, averages and peaks of hours for a month and of days for years. And how much of that one looks at.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::vm::words;

/// How far apart points are kept: ten thousand VMs make 170 lines a second then, and fifteen millions in a day.
pub const POINT_EVERY: Duration = Duration::MINUTE;
pub const POINTS_FOR: Duration = Duration::DAY;
pub const HOURS_FOR: Duration = Duration::days(31);
pub const DAYS_FOR: Duration = Duration::days(5 * 365 + 1);
/// An hour or a day is complete when it has been over for so long: points are written a little after they were taken.
pub const SETTLED: Duration = Duration::minutes(2);

words! {
    /// How far one looks back.
    Span { Hour = "hour", Day = "day", Month = "month", Year = "year" }
}

words! {
    /// What averages are made of: points become hours, hours become days.
    Step { Hour = "hour", Day = "day" }
}

impl Span {
    pub fn label(self) -> String {
        crate::text::t(&format!("span-{}", self.as_str()))
    }

    pub fn length(self) -> Duration {
        match self {
            Span::Hour => Duration::HOUR,
            Span::Day => Duration::DAY,
            Span::Month => HOURS_FOR,
            Span::Year => Duration::days(365),
        }
    }

    /// How much time one place of its line is.
    pub fn width(self) -> Duration {
        match self {
            Span::Hour => Duration::MINUTE,
            Span::Day => Duration::minutes(10),
            Span::Month => Duration::hours(4),
            Span::Year => Duration::DAY,
        }
    }
}

impl Step {
    /// Where the hour or day (of UTC) begins before which everything is complete.
    pub fn settled(self, now: OffsetDateTime) -> OffsetDateTime {
        let length = match self {
            Step::Hour => 3600,
            Step::Day => 86_400,
        };
        let second = (now - SETTLED).unix_timestamp();
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(second - second.rem_euclid(length))
    }
}

/// What was used of something, as far as it has that.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Use {
    pub cpu: Option<f32>,
    pub memory: Option<f32>,
    /// Bytes per second.
    pub network: Option<u64>,
    pub disk: Option<u64>,
    /// Bytes of storage.
    pub used: Option<u64>,
    pub capacity: Option<u64>,
}

/// A point to be kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    pub object: Uuid,
    pub used: Use,
}

/// Some time together: its average and its peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// When it began.
    pub at: OffsetDateTime,
    pub mean: Use,
    pub peak: Use,
}

/// A line without holes, from old to new: what was not on used nothing.
pub fn line(span: Span, buckets: &[Bucket], of: impl Fn(&Use) -> Option<f64>) -> Vec<f32> {
    let Some(first) = buckets.first() else { return Vec::new() };
    let mut line = Vec::new();
    for bucket in buckets {
        let place = ((bucket.at - first.at) / span.width()).round() as usize;
        // The first and the last are never far apart: a span has a few hundred places.
        line.resize(place.min(1000).max(line.len()), 0.0);
        line.push(of(&bucket.mean).unwrap_or(0.0) as f32);
    }
    line
}

/// One point of a host or a VM, as its page shows the last hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsePoint {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub cpu_percent: f32,
    pub memory_percent: f32,
    pub network_rate: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn an_hour_and_a_day_are_complete_a_little_after_they_are_over() {
        for (now, hour, day) in [
            (
                datetime!(2030-01-01 12:01:59 UTC),
                datetime!(2030-01-01 11:00 UTC),
                datetime!(2030-01-01 0:00 UTC),
            ),
            (
                datetime!(2030-01-01 12:02 UTC),
                datetime!(2030-01-01 12:00 UTC),
                datetime!(2030-01-01 0:00 UTC),
            ),
            (datetime!(2030-01-01 0:01 UTC), datetime!(2029-12-31 23:00 UTC), datetime!(2029-12-31 0:00 UTC)),
            (datetime!(2028-03-01 0:02 UTC), datetime!(2028-03-01 0:00 UTC), datetime!(2028-03-01 0:00 UTC)),
            (datetime!(2030-01-01 1:02 +2), datetime!(2029-12-31 23:00 UTC), datetime!(2029-12-31 0:00 UTC)),
        ] {
            assert_eq!((Step::Hour.settled(now), Step::Day.settled(now)), (hour, day), "{now}");
        }
    }

    #[test]
    fn a_line_has_no_holes() {
        let bucket = |minutes, cpu| Bucket {
            at: OffsetDateTime::UNIX_EPOCH + Duration::minutes(minutes),
            mean: Use { cpu, ..Use::default() },
            peak: Use::default(),
        };
        let line = |buckets: &[Bucket]| line(Span::Day, buckets, |u| u.cpu.map(f64::from));
        assert_eq!(line(&[]), Vec::<f32>::new());
        let buckets = [bucket(10, Some(1.0)), bucket(20, None), bucket(50, Some(5.0))];
        assert_eq!(line(&buckets), [1.0, 0.0, 0.0, 0.0, 5.0]);
    }
}
