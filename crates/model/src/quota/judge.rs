//! What a request would make of a quota: `100 · (used + asked) / limit` against the threshold and the grace of each
//! limit that it touches.

use uuid::Uuid;

use super::{QuotaMode, QuotaRow, Resource, Use, percent};
use crate::event::EventKind;
use crate::{Refusal, Text};

/// What is asked for, and in which cluster or on which storage domain.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    pub what: Resource,
    pub place: (Uuid, String),
    pub amount: u64,
}

/// How full a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Fine,
    /// Above the threshold: it comes near.
    Near,
    /// Above the limit, within its grace.
    Grace,
    /// Above the grace.
    Beyond,
}

impl Level {
    pub fn of(used: u64, most: Option<u64>, (threshold, grace): (u32, u32)) -> Level {
        let Some(most) = most else { return Level::Fine };
        let (used, most) = (u128::from(used) * 100, u128::from(most));
        if used > most * (100 + u128::from(grace)) {
            Level::Beyond
        } else if used > most * 100 {
            Level::Grace
        } else if used > most * u128::from(threshold) {
            Level::Near
        } else {
            Level::Fine
        }
    }
}

/// One limit with a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub limit: Use,
    pub asked: u64,
    pub before: Level,
    pub after: Level,
    /// What is still given, grace included.
    pub room: u64,
    grace: u32,
}

impl Finding {
    fn of(quota: &QuotaRow, need: &Need) -> Option<Finding> {
        // Nothing more than there was always passes.
        if need.amount == 0 {
            return None;
        }
        let limit = limit(quota, need)?;
        let margins = quota.config.margins(need.what);
        let given = |most: u64| u128::from(most) * (100 + u128::from(margins.1)) / 100;
        let room = limit.most.map_or(u64::MAX, |most| {
            u64::try_from(given(most)).unwrap_or(u64::MAX).saturating_sub(limit.used)
        });
        let after = limit.used.saturating_add(need.amount);
        Some(Finding {
            before: Level::of(limit.used, limit.most, margins),
            after: Level::of(after, limit.most, margins),
            asked: need.amount,
            room,
            grace: margins.1,
            limit,
        })
    }

    /// "vCPUs: 82 % (9 of 11) after this"
    pub fn projection(&self) -> Option<Text> {
        let most = self.limit.most?;
        let (what, after) = (self.limit.what, self.limit.used.saturating_add(self.asked));
        let text = match percent(after, most) {
            Some(n) => Text::new("quota-after").with("percent", n),
            None => Text::new("quota-after-nothing"),
        };
        Some(
            text.with("what", self.limit.label())
                .with("used", what.amount(after))
                .with("most", what.amount(most)),
        )
    }

    /// Why it cannot be, in numbers.
    fn reason(&self) -> Text {
        let what = self.limit.what;
        let most = self.limit.most.unwrap_or_default();
        let key = if most == 0 { "quota-gives-nothing" } else { "quota-no-room" };
        Text::new(key)
            .with("what", self.limit.label())
            .with("used", what.amount(self.limit.used))
            .with("most", what.amount(most))
            .with("asked", what.amount(self.asked))
            .with("percent", percent(self.limit.used.saturating_add(self.asked), most).unwrap_or_default())
            .with("allowed", u64::from(self.grace) + 100)
            .with("room", what.amount(self.room))
    }
}

/// The limit that a need is counted against. One that is limited in each place, but not in this, gets nothing here.
fn limit(quota: &QuotaRow, need: &Need) -> Option<Use> {
    if quota.is_default {
        return None;
    }
    let per_place =
        if need.what == Resource::Storage { quota.config.per_domain } else { quota.config.per_cluster };
    let place = per_place.then_some(need.place.0);
    let known = quota.uses.iter().find(|u| u.what == need.what && u.place == place);
    Some(known.cloned().unwrap_or_else(|| Use {
        what: need.what,
        place,
        name: Some(need.place.1.clone()),
        used: 0,
        most: Some(0),
    }))
}

/// All limits that a request touches.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub findings: Vec<Finding>,
}

pub fn judge(quota: &QuotaRow, needs: &[Need]) -> Judged {
    Judged { findings: needs.iter().filter_map(|need| Finding::of(quota, need)).collect() }
}

impl Judged {
    /// The limits that have no room for it.
    pub fn beyond(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.after == Level::Beyond)
    }

    /// The refusal, where quotas are enforced; `name` is of what needs it.
    pub fn refused(&self, mode: QuotaMode, quota: &str, name: &str) -> Option<Refusal> {
        let reasons: Vec<Text> = self.beyond().map(Finding::reason).collect();
        if mode != QuotaMode::Enforced || reasons.is_empty() {
            return None;
        }
        Some(Refusal::new("refusal-quota").with("quota", quota).with("name", name).because(reasons))
    }

    /// What is told of it: of vCPUs and memory together, and of storage, the worst line that is crossed now. What stays
    /// behind a line was told when it went there.
    pub fn told(&self, refused: bool) -> Vec<(EventKind, &Finding)> {
        [false, true].into_iter().filter_map(|storage| self.worst(storage, refused)).collect()
    }

    fn worst(&self, storage: bool, refused: bool) -> Option<(EventKind, &Finding)> {
        let part = self.findings.iter().filter(|f| (f.limit.what == Resource::Storage) == storage);
        let crossed = part.filter(|f| f.after > f.before || (refused && f.after == Level::Beyond));
        let worst = crossed.max_by_key(|f| f.after)?;
        let kind = match (worst.after, storage, refused) {
            (Level::Fine, ..) => return None,
            (Level::Near, false, _) => EventKind::QuotaClusterThreshold,
            (Level::Near, true, _) => EventKind::QuotaStorageThreshold,
            (Level::Grace, false, _) => EventKind::QuotaClusterLimit,
            (Level::Grace, true, _) => EventKind::QuotaStorageLimit,
            (Level::Beyond, false, true) => EventKind::QuotaClusterRefused,
            (Level::Beyond, true, true) => EventKind::QuotaStorageRefused,
            (Level::Beyond, false, false) => EventKind::QuotaClusterBeyond,
            (Level::Beyond, true, false) => EventKind::QuotaStorageBeyond,
        };
        Some((kind, worst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quota::{DomainLimit, QuotaConfig};
    use crate::{DataCenterId, QuotaId};

    /// Counted in all clusters together: 10 vCPUs.
    fn quota(used: u64, most: Option<u64>) -> QuotaRow {
        let limit = Use { what: Resource::Vcpus, place: None, name: None, used, most };
        QuotaRow {
            id: QuotaId(Uuid::nil()),
            version: 1,
            is_default: false,
            data_center: (DataCenterId(Uuid::nil()), "main".into()),
            mode: QuotaMode::Enforced,
            config: QuotaConfig { vcpus: most, ..QuotaConfig::default() },
            uses: vec![limit],
            asked: 0,
        }
    }

    fn need(what: Resource, amount: u64) -> Need {
        Need { what, place: (Uuid::from_u128(7), "lab".into()), amount }
    }

    #[test]
    fn levels() {
        use Level::*;
        let margins = (80, 20);
        for (used, most, level) in [
            (0, Some(10), Fine),
            (8, Some(10), Fine),
            (9, Some(10), Near),
            (10, Some(10), Near),
            (11, Some(10), Grace),
            (12, Some(10), Grace),
            (13, Some(10), Beyond),
            (0, Some(0), Fine),
            (1, Some(0), Beyond),
            (u64::MAX, None, Fine),
            (u64::MAX, Some(u64::MAX), Near),
        ] {
            assert_eq!(Level::of(used, most, margins), level, "{used} of {most:?}");
        }
        assert_eq!(Level::of(11, Some(10), (80, 0)), Beyond, "without grace the limit is the limit");
        assert_eq!(Level::of(1, Some(10), (0, 20)), Near);
    }

    #[test]
    fn the_table_of_decisions() {
        use EventKind::*;
        use QuotaMode::*;
        for (mode, used, asked, most, refused, told) in [
            (Enforced, 0, 8, Some(10), false, None),
            (Enforced, 0, 9, Some(10), false, Some(QuotaClusterThreshold)),
            (Enforced, 9, 1, Some(10), false, None),
            (Enforced, 9, 2, Some(10), false, Some(QuotaClusterLimit)),
            (Enforced, 11, 1, Some(10), false, None),
            (Enforced, 12, 1, Some(10), true, Some(QuotaClusterRefused)),
            (Audit, 12, 1, Some(10), false, Some(QuotaClusterBeyond)),
            (Audit, 13, 1, Some(10), false, None),
            (Enforced, 13, 1, Some(10), true, Some(QuotaClusterRefused)),
            (Enforced, 0, 1, Some(0), true, Some(QuotaClusterRefused)),
            (Enforced, 13, 0, Some(10), false, None),
            (Enforced, 1000, 1000, None, false, None),
        ] {
            let judged = judge(&quota(used, most), &[need(Resource::Vcpus, asked)]);
            let refusal = judged.refused(mode, "dev", "web1");
            assert_eq!(refusal.is_some(), refused, "{mode:?} {used}+{asked} of {most:?}");
            let said = judged.told(refused).first().map(|(kind, _)| *kind);
            assert_eq!(said, told, "{mode:?} {used}+{asked} of {most:?}");
        }
    }

    #[test]
    fn a_refusal_has_the_numbers() {
        let judged = judge(&quota(8, Some(10)), &[need(Resource::Vcpus, 6)]);
        let text = judged.refused(QuotaMode::Enforced, "dev", "web1").unwrap().to_string();
        for word in ["dev", "web1", "8 of 10", "6", "140 %", "120 %", "4"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        let none = judge(&quota(0, Some(0)), &[need(Resource::Vcpus, 6)]);
        let text = none.refused(QuotaMode::Enforced, "dev", "web1").unwrap().to_string();
        assert!(text.contains("nothing"), "{text}");
    }

    #[test]
    fn a_place_without_a_limit_of_its_own_gets_nothing() {
        let mut row = quota(0, Some(10));
        row.config.per_domain = true;
        let other = DomainLimit { domain: Uuid::from_u128(8).into(), storage: Some(100) };
        row.config.domains = vec![other];
        let judged = judge(&row, &[need(Resource::Storage, 1)]);
        let reason = judged.refused(QuotaMode::Enforced, "dev", "d").unwrap().reasons[0].to_string();
        assert!(reason.contains("lab"), "{reason}");
        row.is_default = true;
        assert!(judge(&row, &[need(Resource::Storage, 1)]).findings.is_empty());
    }

    #[test]
    fn it_is_told_beforehand() {
        let judged = judge(&quota(8, Some(11)), &[need(Resource::Vcpus, 1)]);
        let text = judged.findings[0].projection().unwrap().to_string();
        assert!(text.contains("82 %") && text.contains("9 of 11"), "{text}");
        assert_eq!(judge(&quota(8, None), &[need(Resource::Vcpus, 1)]).findings[0].projection(), None);
    }
}
