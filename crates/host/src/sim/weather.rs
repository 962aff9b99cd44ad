//! What befalls a large estate now and then: calls that fail and hosts that are away for a while. All of it follows
//! from a seed and from how often a host was called, so that the same calls meet the same weather.

use model::HostId;

use crate::HostError;

/// Fair unless told otherwise.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    pub seed: u64,
    /// Of a thousand calls, so many fail at once, each by itself.
    pub failing_calls: u16,
    /// Of a thousand stretches of calls to a host, so many are spent away: no call in them is answered.
    pub away: u16,
    /// How many calls a stretch has; none is never away.
    pub stretch: u64,
}

impl Weather {
    /// What the `number`th call to the host meets, counted from 1.
    pub(super) fn strikes(&self, host: HostId, number: u64) -> Option<HostError> {
        let away = number.checked_div(self.stretch).is_some_and(|n| self.unlucky(host, n, 1, self.away));
        if away {
            return Some(HostError::Unreachable("no route to host".into()));
        }
        let failing = self.unlucky(host, number, 2, self.failing_calls);
        failing.then(|| HostError::Failed("an internal error of the host".into()))
    }

    fn unlucky(&self, host: HostId, number: u64, salt: u64, per_mille: u16) -> bool {
        let (high, low) = host.0.as_u64_pair();
        let mixed = [high, low, number, salt].into_iter().fold(self.seed, |sum, part| mix(sum ^ part));
        mixed % 1000 < u64::from(per_mille)
    }
}

/// The step of SplitMix64: near numbers become far ones.
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
