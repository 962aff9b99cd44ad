//! How often one may try to sign in, by account and by address. Each has a bucket of attempts that fills up
//! again with time. The account's bucket is small, because guessing aims at an account; the address's is
//! larger, because an office shares one. Buckets live in memory: a restart forgives.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};
use time::{Duration, OffsetDateTime};

/// Come back after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    pub wait: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Rule {
    /// Attempts that may come at once.
    burst: i32,
    /// One more after each of these.
    every: Duration,
}

const ACCOUNT: Rule = Rule { burst: 8, every: Duration::seconds(15) };
const ADDRESS: Rule = Rule { burst: 30, every: Duration::seconds(2) };
/// Past so many buckets the full ones are thrown out at the next attempt.
const MANY: usize = 10_000;

/// By key, the moment at which the bucket is full again: an empty bucket costs nothing to keep.
type Buckets<K> = HashMap<K, OffsetDateTime>;

#[derive(Debug, Default)]
pub struct Limiter {
    accounts: Mutex<Buckets<String>>,
    addresses: Mutex<Buckets<IpAddr>>,
}

impl Limiter {
    /// Counts an attempt; call it before the password is looked at. One that is refused counts for nothing,
    /// so that whoever waits as told gets in.
    pub fn attempt(&self, account: &str, address: IpAddr, now: OffsetDateTime) -> Result<(), TooOften> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let (account, address) = (canonical(account), network(address));
        let ends = (after(&accounts, &account, ACCOUNT, now), after(&addresses, &address, ADDRESS, now));
        let (account_full, address_full) = match ends {
            (Ok(a), Ok(b)) => (a, b),
            (Err(a), Err(b)) => return Err(TooOften { wait: a.wait.max(b.wait) }),
            (Err(e), _) | (_, Err(e)) => return Err(e),
        };
        forget_full(&mut accounts, now);
        forget_full(&mut addresses, now);
        accounts.insert(account, account_full);
        addresses.insert(address, address_full);
        Ok(())
    }

    /// The password was right: the account's earlier slips are forgiven. The address's are not, or an
    /// attacker with one account of his own could go on for ever.
    pub fn succeeded(&self, account: &str) {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).remove(&canonical(account));
    }
}

/// When the bucket would be full again if this attempt were let through.
fn after<K: Hash + Eq>(
    buckets: &Buckets<K>,
    key: &K,
    rule: Rule,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, TooOften> {
    let full = buckets.get(key).copied().unwrap_or(now).max(now) + rule.every;
    let excess = full - (now + rule.every * rule.burst);
    if excess.is_positive() { Err(TooOften { wait: excess }) } else { Ok(full) }
}

fn forget_full<K: Hash + Eq>(buckets: &mut Buckets<K>, now: OffsetDateTime) {
    if buckets.len() >= MANY {
        buckets.retain(|_, full| *full > now);
    }
}

/// `Admin`, `admin` and ` admin@internal` are one account; so is whatever is too long to be one.
fn canonical(account: &str) -> String {
    let name = account.trim().to_lowercase();
    let name = name.strip_suffix("@internal").unwrap_or(&name);
    name.chars().take(255).collect()
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
    fn an_account_is_guarded_from_wherever_one_comes() {
        let limiter = Limiter::default();
        for n in 0..8 {
            limiter.attempt("ada", ip(&format!("192.0.2.{n}")), NOW).unwrap();
        }
        let refused = limiter.attempt(" ADA@internal", ip("198.51.100.1"), NOW).unwrap_err();
        assert_eq!(refused.wait, Duration::seconds(15));
        assert!(limiter.attempt("ada", ip("198.51.100.1"), NOW + Duration::seconds(14)).is_err());
        limiter.attempt("ada", ip("198.51.100.1"), NOW + Duration::seconds(15)).unwrap();
        limiter.attempt("bob", ip("198.51.100.1"), NOW).unwrap();
    }

    #[test]
    fn an_address_is_guarded_whatever_account_it_tries() {
        let limiter = Limiter::default();
        for n in 0..30 {
            limiter.attempt(&format!("user{n}"), ip(&format!("2001:db8::{n:x}")), NOW).unwrap();
        }
        assert!(limiter.attempt("another", ip("2001:db8::ffff"), NOW).is_err());
        limiter.attempt("another", ip("2001:db8:0:1::1"), NOW).unwrap();
        limiter.attempt("another", ip("2001:db8::1"), NOW + Duration::seconds(2)).unwrap();
    }

    #[test]
    fn success_forgives_the_account() {
        let limiter = Limiter::default();
        for _ in 0..8 {
            limiter.attempt("ada", ip("192.0.2.1"), NOW).unwrap();
        }
        limiter.succeeded("ada@internal");
        limiter.attempt("ada", ip("192.0.2.1"), NOW).unwrap();
    }

    #[test]
    fn memory_stays_bounded() {
        let limiter = Limiter::default();
        for n in 0..2 * MANY {
            let now = NOW + Duration::seconds(n as i64);
            limiter.attempt(&format!("user{n}"), ip("192.0.2.1"), now).ok();
        }
        assert!(limiter.accounts.lock().unwrap().len() <= MANY);
    }
}
