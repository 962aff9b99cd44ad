//! When a certificate is replaced: pure functions of its dates and a given time.

use time::{Duration, OffsetDateTime};

pub const CA_LIFE: Duration = Duration::days(3650);
/// The longest that browsers take.
pub const LEAF_LIFE: Duration = Duration::days(397);
/// Clocks of hosts and browsers may be behind ours.
const SKEW: Duration = Duration::hours(24);

/// The begin of a certificate that is issued now.
pub fn valid_from(now: OffsetDateTime) -> OffsetDateTime {
    now - SKEW
}

/// Two thirds into its life: for a year's certificate that leaves four months to fix what fails.
pub fn renew_at(not_before: OffsetDateTime, not_after: OffsetDateTime) -> OffsetDateTime {
    not_before + (not_after - not_before) * 2 / 3
}

/// Also due when its begin lies in the future: then a clock was wrong when it was made.
pub fn is_due(not_before: OffsetDateTime, not_after: OffsetDateTime, now: OffsetDateTime) -> bool {
    now < not_before || now >= renew_at(not_before, not_after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn due_after_two_thirds_and_before_the_begin() {
        let (from, to) = (datetime!(2026-01-01 0:00 UTC), datetime!(2026-04-01 0:00 UTC));
        assert_eq!(renew_at(from, to), datetime!(2026-03-02 0:00 UTC));
        for (now, due) in [
            (datetime!(2025-12-31 23:59 UTC), true),
            (datetime!(2026-01-01 0:00 UTC), false),
            (datetime!(2026-03-01 23:59 UTC), false),
            (datetime!(2026-03-02 0:00 UTC), true),
            (datetime!(2027-01-01 0:00 UTC), true),
        ] {
            assert_eq!(is_due(from, to, now), due, "{now}");
        }
    }
}
