//! How long to wait before the next attempt: twice as long each time, up to a bound.

use std::time::Duration;

/// After the `attempt`-th try (from 1).
pub(crate) fn wait(first: Duration, attempt: u32, longest: Duration) -> Duration {
    let factor = 2u32.saturating_pow(attempt.saturating_sub(1).min(31));
    first.saturating_mul(factor).min(longest.max(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_the_bound_but_never_below_what_was_asked() {
        let s = Duration::from_secs;
        let cases = [
            (s(1), 1, s(60), s(1)),
            (s(1), 2, s(60), s(2)),
            (s(1), 4, s(60), s(8)),
            (s(1), 7, s(60), s(60)),
            (s(1), u32::MAX, s(60), s(60)),
            (s(1), 0, s(60), s(1)),
            (s(90), 1, s(60), s(90)),
            (s(0), 9, s(60), s(0)),
        ];
        for (first, attempt, longest, expected) in cases {
            assert_eq!(wait(first, attempt, longest), expected, "{first:?} × {attempt}");
        }
    }
}
