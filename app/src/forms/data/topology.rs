//! How many vCPUs in which shape. A person says the total; sockets, cores and threads may be said too, and what is
//! left open follows from the rest.

/// What one socket and one machine may have at most (`model::vm::VmConfig::errors` checks the same).
const MOST_CORES: u32 = 254;
const MOST_SOCKETS: u32 = 16;

/// Sockets, cores and threads that make `total`, keeping those that are given; `None` when nothing fits.
pub fn topology(
    total: u32,
    sockets: Option<u32>,
    cores: Option<u32>,
    threads: Option<u32>,
) -> Option<(u32, u32, u32)> {
    let threads = threads.unwrap_or(1);
    let product = |s: u32, c: u32| s.checked_mul(c)?.checked_mul(threads);
    match (sockets, cores) {
        (Some(s), Some(c)) => (product(s, c)? == total).then_some((s, c, threads)),
        (Some(s), None) => {
            let one = product(s, 1).filter(|n| *n > 0 && total.is_multiple_of(*n))?;
            Some((s, total / one, threads))
        }
        (None, Some(c)) => {
            let one = product(1, c).filter(|n| *n > 0 && total.is_multiple_of(*n))?;
            Some((total / one, c, threads))
        }
        (None, None) => (1..=MOST_SOCKETS).find_map(|s| {
            let one = product(s, 1).filter(|n| *n > 0 && total.is_multiple_of(*n))?;
            let c = total / one;
            (1..=MOST_CORES).contains(&c).then_some((s, c, threads))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::topology;

    #[test]
    fn what_is_left_open_follows() {
        for (total, given, shape) in [
            (1, (None, None, None), Some((1, 1, 1))),
            (4, (None, None, None), Some((1, 4, 1))),
            (4, (Some(2), None, None), Some((2, 2, 1))),
            (8, (None, None, Some(2)), Some((1, 4, 2))),
            (8, (None, Some(2), Some(2)), Some((2, 2, 2))),
            (300, (None, None, None), Some((2, 150, 1))),
            (4, (Some(3), None, None), None),
            (4, (Some(1), Some(2), Some(1)), None),
            (4, (Some(0), None, None), None),
            (0, (None, None, None), None),
            (4, (Some(u32::MAX), Some(u32::MAX), None), None),
        ] {
            assert_eq!(topology(total, given.0, given.1, given.2), shape, "{total} {given:?}");
        }
    }
}
