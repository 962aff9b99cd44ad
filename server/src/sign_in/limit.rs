//! How often one address may come to the door: it has a bucket of attempts that fills up again with time, large enough
//! for an office that shares one. What is guessed at one account is counted by `control::attempts`, whatever the
//! address. Buckets live in memory: a restart forgives.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};
use time::{Duration, OffsetDateTime};

/// Come back after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    pub wait: Duration,
}

/// Attempts that may come at once.
const BURST: i32 = 30;
/// One more after each of these.
const EVERY: Duration = Duration::seconds(2);
/// Past so many buckets the full ones are thrown out at the next attempt.
const MANY: usize = 10_000;

/// By address, the moment at which the bucket is full again: an empty bucket costs nothing to keep.
#[derive(Debug, Default)]
pub struct Limiter(Mutex<HashMap<IpAddr, OffsetDateTime>>);

impl Limiter {
    /// Counts an attempt; call it before anything is looked at. One that is refused counts for nothing, so that whoever
    /// waits as told gets in. Success forgives nothing, or an attacker with one account of his own could go on for ever.
    pub fn attempt(&self, address: IpAddr, now: OffsetDateTime) -> Result<(), TooOften> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let address = network(address);
        let full = buckets.get(&address).copied().unwrap_or(now).max(now) + EVERY;
        let excess = full - (now + EVERY * BURST);
        if excess.is_positive() {
            return Err(TooOften { wait: excess });
        }
        if buckets.len() >= MANY {
            buckets.retain(|_, full| *full > now);
        }
        buckets.insert(address, full);
        Ok(())
    }
}

/// One customer has a whole /64 of IPv6, and may take another address in it for each attempt.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        ip => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_guarded_and_so_is_its_network() {
        let limiter = Limiter::default();
        for n in 0..30 {
            limiter.attempt(ip(&format!("2001:db8::{n:x}")), NOW).unwrap();
        }
        let refused = limiter.attempt(ip("2001:db8::ffff"), NOW).unwrap_err();
        assert_eq!(refused.wait, Duration::seconds(2));
        limiter.attempt(ip("2001:db8:0:1::1"), NOW).unwrap();
        assert!(limiter.attempt(ip("2001:db8::1"), NOW + Duration::seconds(1)).is_err());
        limiter.attempt(ip("2001:db8::1"), NOW + Duration::seconds(2)).unwrap();
    }

    #[test]
    fn memory_stays_bounded() {
        let limiter = Limiter::default();
        for n in 0..2 * MANY {
            let address = IpAddr::from(u32::try_from(n).unwrap().to_be_bytes());
            limiter.attempt(address, NOW + Duration::seconds(n as i64)).ok();
        }
        assert!(limiter.0.lock().unwrap().len() <= MANY);
    }
}
