//! When a certificate is replaced, and an authority: pure functions of their dates and a given time.
//!
//! An authority is replaced in two steps, each longer than a host's certificate lasts, so that a host that gets
//! its yearly certificate needs nothing else: first the next one is trusted (each host's new certificate comes
//! with it), then it issues (and the old one is trusted on, for what it issued before).

use time::{Duration, OffsetDateTime};

pub const CA_LIFE: Duration = Duration::days(3650);
/// The longest that browsers take.
pub const LEAF_LIFE: Duration = Duration::days(397);
/// Clocks of hosts and browsers may be behind ours.
const SKEW: Duration = Duration::hours(24);
/// As long as a host may go on with what it was given, and a little more.
const STEP: Duration = Duration::days(400);
/// So long before its end an authority is replaced even when hosts had no time to learn of the next.
const LAST: Duration = Duration::days(30);

/// The begin of a certificate that is issued now.
pub fn valid_from(now: OffsetDateTime) -> OffsetDateTime {
    now - SKEW
}

/// The end of a certificate that is issued now: never after its authority's.
pub fn valid_to(now: OffsetDateTime, authority_ends: OffsetDateTime) -> OffsetDateTime {
    (now + LEAF_LIFE).min(authority_ends)
}

/// Two thirds into its life: for a year's certificate that leaves four months to fix what fails.
pub fn renew_at(not_before: OffsetDateTime, not_after: OffsetDateTime) -> OffsetDateTime {
    not_before + (not_after - not_before) * 2 / 3
}

/// Also due when its begin lies in the future: then a clock was wrong when it was made.
pub fn is_due(not_before: OffsetDateTime, not_after: OffsetDateTime, now: OffsetDateTime) -> bool {
    now < not_before || now >= renew_at(not_before, not_after)
}

/// When the next authority is made and becomes trusted. A third step is left for the old one's last certificates.
pub fn prepare_at(ends: OffsetDateTime) -> OffsetDateTime {
    ends - STEP * 3
}

/// When the next authority issues. One that was made late, because no server ran, waits for the hosts as long as it
/// can.
pub fn switch_at(ends: OffsetDateTime, next_begins: OffsetDateTime) -> OffsetDateTime {
    let learnt = (next_begins + STEP).min(ends - LAST);
    learnt.max(ends - STEP * 2)
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

    #[test]
    fn authorities_change_in_two_long_steps_and_late_ones_at_the_last_moment() {
        let end = datetime!(2036-01-01 0:00 UTC);
        let prepared = prepare_at(end);
        assert!(switch_at(end, prepared) - prepared > LEAF_LIFE);
        assert!(end - switch_at(end, prepared) > LEAF_LIFE * 2);
        let late = end - Duration::days(500);
        assert_eq!(switch_at(end, late), late + STEP);
        assert_eq!(switch_at(end, end - Duration::days(100)), end - LAST);
        assert!(switch_at(end, end + Duration::days(1)) < end);
    }

    #[test]
    fn nothing_outlives_its_authority() {
        let now = datetime!(2026-01-01 0:00 UTC);
        assert_eq!(valid_to(now, now + CA_LIFE), now + LEAF_LIFE);
        assert_eq!(valid_to(now, now + Duration::days(10)), now + Duration::days(10));
    }
}
