//! What becomes of a VM on the way to its end and after it: its owners are told twice, it is shut down, switched off if it
//! does not go, kept, and removed. One table, walked one stage at a time by whoever looks: a stage is entered once, so what
//! is told on entering it is told once, and a server that was away goes on where it was. The days for which a VM is kept
//! count from when it stopped, not from its end: nobody loses them because a host, or the server, was away.

use time::{Duration, OffsetDateTime};

use super::{KEPT_DAYS, Lease, days};
use crate::vm::{VmStatus, words};
use crate::{Refusal, Text, VmId};

words! {
    LeaseStage {
        /// Nothing to say yet.
        Running = "running",
        /// It was told that the end is a week away.
        Warned = "warned",
        /// It was told that it is a day away.
        LastDay = "last_day",
        /// Its guest was asked to shut down.
        Stopping = "stopping",
        /// It did not, and is switched off.
        Forced = "forced",
        /// It is stopped, and kept for the days of the lease.
        Kept = "kept",
        /// These are over, but it must not be removed.
        Held = "held",
        /// Its removal was asked for.
        Removing = "removing",
    }
}

impl LeaseStage {
    /// Whether its end has come: it is not started any more.
    pub fn over(self) -> bool {
        self >= LeaseStage::Stopping
    }

    /// In words; nothing as long as there is nothing to say.
    pub fn text(self) -> Option<Text> {
        let key = match self {
            LeaseStage::Running | LeaseStage::Warned | LeaseStage::LastDay => return None,
            LeaseStage::Stopping | LeaseStage::Forced => "lease-stopping",
            LeaseStage::Kept => "lease-kept",
            LeaseStage::Held => "lease-held",
            LeaseStage::Removing => "lease-removing",
        };
        Some(Text::new(key))
    }
}

const WEEK: Duration = Duration::days(7);
const LAST: Duration = Duration::DAY;
/// So long a guest may take to shut down. Longer than it counts as shutting down.
pub const GRACE: Duration = Duration::minutes(10);
/// Until what is quickly done is looked at, and what could not be asked for is tried again.
const AGAIN: Duration = Duration::minutes(1);
/// Until what was asked for, and did not come about, is asked for again: its job has said why.
const LATER: Duration = Duration::HOUR;

/// Where a VM stands, and when to look at it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub stage: LeaseStage,
    pub at: OffsetDateTime,
}

/// What an end that is set now begins with. Whoever sets it knows of it, so nothing is told at once.
pub fn begin(expires: OffsetDateTime, now: OffsetDateTime) -> Due {
    let (week, last) = (expires.saturating_sub(WEEK), expires.saturating_sub(LAST));
    let (stage, at) = if now < week {
        (LeaseStage::Running, week)
    } else if now < last {
        (LeaseStage::Warned, last)
    } else {
        (LeaseStage::LastDay, expires)
    };
    Due { stage, at }
}

/// What the decision goes by.
#[derive(Debug, Clone, Copy)]
pub struct Term<'a> {
    pub stage: LeaseStage,
    pub expires: OffsetDateTime,
    pub lease: Option<&'a Lease>,
    pub status: VmStatus,
    /// Nobody may remove it.
    pub protected: bool,
}

/// What is to be done with a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing but what entering the stage tells.
    Tell,
    ShutDown,
    /// Also what discards the saved memory of one that is suspended.
    PowerOff,
    Remove,
}

impl Term<'_> {
    /// What is due now, and what comes next. Where the stage stays, nothing is told.
    pub fn next(&self, now: OffsetDateTime) -> (Step, Due) {
        use LeaseStage::*;
        let off = matches!(self.status, VmStatus::Down | VmStatus::ImageIllegal);
        let gone = off || self.status == VmStatus::Suspended;
        let to = |step, stage, at| (step, Due { stage, at });
        match self.stage {
            Running | Warned | LastDay if now < self.expires => (Step::Tell, begin(self.expires, now)),
            Running | Warned | LastDay if !gone => to(Step::ShutDown, Stopping, now.saturating_add(GRACE)),
            Running | Warned | LastDay => to(Step::Tell, Kept, self.kept_until(now)),
            Stopping | Forced if gone => to(Step::Tell, Kept, self.kept_until(now)),
            Stopping => to(Step::PowerOff, Forced, now.saturating_add(AGAIN)),
            Forced => to(Step::PowerOff, Forced, now.saturating_add(LATER)),
            Kept | Held if self.protected => to(Step::Tell, Held, now.saturating_add(Duration::DAY)),
            Kept | Held | Removing if off => to(Step::Remove, Removing, now.saturating_add(LATER)),
            stage => to(Step::PowerOff, stage, now.saturating_add(GRACE)),
        }
    }

    fn kept_until(&self, now: OffsetDateTime) -> OffsetDateTime {
        now.saturating_add(days(self.lease.map_or(KEPT_DAYS, |lease| lease.keep)))
    }
}

/// When to try again what was refused: the VM is busy, or its host is away.
pub fn again(now: OffsetDateTime) -> OffsetDateTime {
    now.saturating_add(AGAIN)
}

/// Whether a VM may be started, as far as its end goes. Who looks for what is due may not have been there yet.
pub fn startable(
    (vm, name): (VmId, &str),
    stage: LeaseStage,
    expires: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    if stage.over() || expires.is_some_and(|end| end <= now) { Err(super::refusal(vm, name)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LeaseStage::*;
    use time::macros::datetime;

    const END: OffsetDateTime = datetime!(2030-02-01 0:00 UTC);
    const LEASE: Lease = Lease { days: 30, extension: 14, longest: None, keep: 5 };

    /// A stage, how long after the end somebody looks, and what the VM is; what is done, the stage then, and how long
    /// after the end somebody looks again.
    #[test]
    fn the_way_to_the_end_and_after_it() {
        let (day, hour, minute, there) = (Duration::DAY, Duration::HOUR, Duration::MINUTE, Duration::ZERO);
        let (up, down, suspended) = (VmStatus::Up, VmStatus::Down, VmStatus::Suspended);
        for (stage, late, status, step, then, again) in [
            (Running, -8 * day, up, Step::Tell, Running, -7 * day),
            (Running, -7 * day, up, Step::Tell, Warned, -day),
            (Running, -3 * day, down, Step::Tell, Warned, -day),
            (Warned, -2 * day, up, Step::Tell, Warned, -day),
            (Warned, -day, up, Step::Tell, LastDay, there),
            // The server was away for the first warning.
            (Running, -hour, up, Step::Tell, LastDay, there),
            (LastDay, -minute, up, Step::Tell, LastDay, there),
            (LastDay, there, up, Step::ShutDown, Stopping, 10 * minute),
            (LastDay, there, VmStatus::Paused, Step::ShutDown, Stopping, 10 * minute),
            (LastDay, there, VmStatus::Unknown, Step::ShutDown, Stopping, 10 * minute),
            (LastDay, there, down, Step::Tell, Kept, 5 * day),
            (LastDay, there, suspended, Step::Tell, Kept, 5 * day),
            (LastDay, there, VmStatus::ImageIllegal, Step::Tell, Kept, 5 * day),
            // It was away for all of it: from now on it is kept as long as was said.
            (Running, 40 * day, up, Step::ShutDown, Stopping, 40 * day + 10 * minute),
            (Running, 40 * day, down, Step::Tell, Kept, 45 * day),
            (Stopping, 10 * minute, down, Step::Tell, Kept, 5 * day + 10 * minute),
            (Stopping, 10 * minute, up, Step::PowerOff, Forced, 11 * minute),
            (Forced, 11 * minute, up, Step::PowerOff, Forced, hour + 11 * minute),
            (Forced, 11 * minute, down, Step::Tell, Kept, 5 * day + 11 * minute),
            (Kept, 5 * day, down, Step::Remove, Removing, 5 * day + hour),
            (Kept, 5 * day, VmStatus::ImageIllegal, Step::Remove, Removing, 5 * day + hour),
            (Kept, 5 * day, suspended, Step::PowerOff, Kept, 5 * day + 10 * minute),
            (Kept, 5 * day, up, Step::PowerOff, Kept, 5 * day + 10 * minute),
            (Held, 6 * day, down, Step::Remove, Removing, 6 * day + hour),
            (Removing, 6 * day, down, Step::Remove, Removing, 6 * day + hour),
            (Removing, 6 * day, up, Step::PowerOff, Removing, 6 * day + 10 * minute),
        ] {
            let term = Term { stage, expires: END, lease: Some(&LEASE), status, protected: false };
            let due = Due { stage: then, at: END + again };
            assert_eq!(term.next(END + late), (step, due), "{stage:?} {status:?} {late}");
        }
    }

    #[test]
    fn what_must_not_be_removed_is_held_and_looked_at_each_day() {
        for stage in [Kept, Held] {
            let term = Term { stage, expires: END, lease: None, status: VmStatus::Down, protected: true };
            let due = Due { stage: Held, at: END + Duration::days(8) };
            assert_eq!(term.next(END + Duration::days(7)), (Step::Tell, due));
        }
        let term =
            Term { stage: LastDay, expires: END, lease: None, status: VmStatus::Down, protected: true };
        let due = Due { stage: Kept, at: END + Duration::days(i64::from(KEPT_DAYS)) };
        assert_eq!(term.next(END), (Step::Tell, due));
    }

    #[test]
    fn what_is_set_now_is_not_told_at_once() {
        for (left, stage, due) in [(30, Running, 7), (7, Warned, 1), (2, Warned, 1), (1, LastDay, 0)] {
            let now = END - Duration::days(left);
            assert_eq!(begin(END, now), Due { stage, at: END - Duration::days(due) }, "{left}");
        }
    }

    #[test]
    fn what_has_expired_is_not_started() {
        let second = Duration::SECOND;
        for (stage, expires, fine) in [
            (Running, None, true),
            (LastDay, Some(END + second), true),
            (LastDay, Some(END), false),
            (Kept, Some(END - second), false),
            (Removing, Some(END - second), false),
        ] {
            let vm = (VmId(uuid::Uuid::nil()), "web1");
            assert_eq!(startable(vm, stage, expires, END).is_ok(), fine, "{stage:?} {expires:?}");
        }
    }

    #[test]
    fn every_stage_that_says_something_has_words() {
        for text in LeaseStage::ALL.iter().filter_map(|stage| stage.text()) {
            assert!(crate::text::known(&text.key), "{}", text.key);
        }
        assert_eq!(LeaseStage::ALL.iter().filter(|stage| stage.over()).count(), 5);
    }
}
