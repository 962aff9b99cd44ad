//! Leases: how long a virtual machine is there. A template or a quota gives one to what is made from it, or in it; the VM
//! keeps it as it was given, so that nobody's end comes nearer because a template is changed. Days are whole ones and end
//! at midnight, UTC, since people choose them in a calendar. Pure: what the end means while time passes is `stage`'s.

use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime, Time, UtcOffset};

use crate::id::Kind;
use crate::{Action, FieldErrors, Refusal, Text, VmId, field};

mod stage;

pub use stage::{Due, GRACE, LeaseStage, Step, Term, again, begin, startable};

/// More than a hundred years are a slip of the hand.
pub const MOST_DAYS: u32 = 36_500;
/// How long a VM is kept whose end an administrator set without a lease.
pub const KEPT_DAYS: u32 = 7;

/// What a template or a quota says of how long something is there. All of it in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// From the making on.
    pub days: u32,
    /// An extension reaches at most so far from the day on which it is asked for; 0 leaves extending to administrators.
    pub extension: u32,
    /// No extension reaches further from the making on; none is without an end.
    pub longest: Option<u32>,
    /// So long it is kept when it was stopped.
    pub keep: u32,
}

impl Lease {
    /// Adds what is wrong to a form's errors.
    pub fn errors(&self, e: &mut FieldErrors) {
        e.check("lease_days", field::between(self.days.into(), 1, MOST_DAYS.into()));
        e.check("lease_extension", field::between(self.extension.into(), 0, MOST_DAYS.into()));
        if let Some(longest) = self.longest {
            e.check("lease_longest", field::between(longest.into(), self.days.into(), MOST_DAYS.into()));
        }
        e.check("lease_keep", field::between(self.keep.into(), 0, MOST_DAYS.into()));
    }

    /// Of two, the stricter in everything.
    pub fn stricter(self, other: Lease) -> Lease {
        Lease {
            days: self.days.min(other.days),
            extension: self.extension.min(other.extension),
            longest: match (self.longest, other.longest) {
                (Some(own), Some(other)) => Some(own.min(other)),
                (own, other) => own.or(other),
            },
            keep: self.keep.min(other.keep),
        }
    }

    /// What holds where several say something.
    pub fn of(said: impl IntoIterator<Item = Option<Lease>>) -> Option<Lease> {
        said.into_iter().flatten().reduce(Lease::stricter)
    }

    /// When something that is made now expires.
    pub fn expires(&self, made: OffsetDateTime) -> OffsetDateTime {
        made.saturating_add(days(self.days))
    }

    /// Until when its owner may extend it; none when they may not at all.
    pub fn latest(&self, made: OffsetDateTime, now: OffsetDateTime) -> Option<OffsetDateTime> {
        if self.extension == 0 {
            return None;
        }
        let reach = end_of(now.saturating_add(days(self.extension)).to_offset(UtcOffset::UTC).date());
        let end = self.longest.map(|longest| made.saturating_add(days(longest)));
        let latest = end.map_or(reach, |end| reach.min(end));
        (latest > now).then_some(latest)
    }
}

pub(crate) fn days(n: u32) -> Duration {
    Duration::days(n.into())
}

/// The moment at which a day is over.
pub fn end_of(day: Date) -> OffsetDateTime {
    day.with_time(Time::MIDNIGHT).assume_utc().saturating_add(Duration::DAY)
}

/// The last day of which there is something before `end`.
pub fn last_day(end: OffsetDateTime) -> Date {
    end.to_offset(UtcOffset::UTC).saturating_sub(Duration::SECOND).date()
}

/// A day as the reader writes it.
pub fn day(day: Date) -> Text {
    let two = |n: u8| format!("{n:02}");
    let text = Text::new("calendar-day").with("year", format!("{:04}", day.year()));
    text.with("month", two(day.month().into())).with("day", two(day.day()))
}

/// Who asks for another end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asks<'a> {
    /// Within what the VM's lease says; a VM whose end an administrator chose has none.
    Owner(Option<&'a Lease>),
    /// Who may change leases sets any end.
    Administrator,
}

/// The new end when `day` is asked for as the last one, or what to choose instead.
pub fn extended(
    asks: Asks<'_>,
    made: OffsetDateTime,
    wanted: Date,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, Text> {
    let end = end_of(wanted);
    if end <= now {
        return Err(Text::new("field-lease-past"));
    }
    let latest = match asks {
        Asks::Administrator => Some(end_of(now.saturating_add(days(MOST_DAYS)).date())),
        Asks::Owner(lease) => lease.and_then(|lease| lease.latest(made, now)),
    };
    let Some(latest) = latest else { return Err(Text::new("field-lease-fixed")) };
    if wanted > last_day(latest) {
        return Err(Text::new("field-lease-beyond").with("day", day(last_day(latest))));
    }
    Ok(end.min(latest))
}

/// Why a VM that has expired is not started, and what to do about it.
pub fn refusal(vm: VmId, name: &str) -> Refusal {
    Refusal::new("refusal-lease-expired").with("name", name).way(Kind::Vm, vm.0, Action::ExtendLease)
}

/// What a dialog that extends needs to know: the server's clock has said it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeaseOffer {
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// The last day that may be chosen; none when extending is not this person's.
    pub latest: Option<Date>,
    /// Whether this person may set any end, and take it away.
    pub freely: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    const LEASE: Lease = Lease { days: 30, extension: 14, longest: Some(90), keep: 7 };

    #[test]
    fn of_two_the_stricter_holds_in_everything() {
        let quota = Lease { days: 60, extension: 7, longest: None, keep: 3 };
        let both = Lease { days: 30, extension: 7, longest: Some(90), keep: 3 };
        for (said, holds) in [
            ([None, None], None),
            ([Some(LEASE), None], Some(LEASE)),
            ([None, Some(quota)], Some(quota)),
            ([Some(LEASE), Some(quota)], Some(both)),
            ([Some(quota), Some(LEASE)], Some(both)),
        ] {
            assert_eq!(Lease::of(said), holds, "{said:?}");
        }
    }

    #[test]
    fn each_number_is_refused_at_its_own_field() {
        for (lease, wrong) in [
            (LEASE, None),
            (Lease { days: 0, ..LEASE }, Some("lease_days")),
            (Lease { days: MOST_DAYS + 1, longest: None, ..LEASE }, Some("lease_days")),
            (Lease { extension: u32::MAX, ..LEASE }, Some("lease_extension")),
            (Lease { longest: Some(29), ..LEASE }, Some("lease_longest")),
            (Lease { keep: u32::MAX, ..LEASE }, Some("lease_keep")),
            (Lease { extension: 0, keep: 0, longest: None, ..LEASE }, None),
        ] {
            let mut errors = FieldErrors::default();
            lease.errors(&mut errors);
            assert_eq!(errors.0.first().map(|(name, _)| name.as_str()), wrong, "{lease:?}");
        }
    }

    /// Made on the first of January at noon; asked on some day for another.
    #[test]
    fn what_may_be_asked_for() {
        let made = datetime!(2030-01-01 12:00 UTC);
        let owner = |lease| Asks::Owner(Some(lease));
        let never = Lease { extension: 0, ..LEASE };
        let endless = Lease { longest: None, ..LEASE };
        for (asks, now, wanted, said) in [
            // Fourteen days from the tenth on.
            (
                owner(&LEASE),
                datetime!(2030-01-10 09:00 UTC),
                date!(2030 - 01 - 24),
                Ok(datetime!(2030-01-25 0:00 UTC)),
            ),
            (
                owner(&LEASE),
                datetime!(2030-01-10 09:00 UTC),
                date!(2030 - 01 - 25),
                Err("field-lease-beyond"),
            ),
            // Today is not over yet, yesterday is.
            (
                owner(&LEASE),
                datetime!(2030-01-10 09:00 UTC),
                date!(2030 - 01 - 10),
                Ok(datetime!(2030-01-11 0:00 UTC)),
            ),
            (owner(&LEASE), datetime!(2030-01-10 00:00 UTC), date!(2030 - 01 - 09), Err("field-lease-past")),
            // Ninety days in all, to the minute of its making.
            (
                owner(&LEASE),
                datetime!(2030-03-25 09:00 UTC),
                date!(2030 - 04 - 01),
                Ok(datetime!(2030-04-01 12:00 UTC)),
            ),
            (
                owner(&LEASE),
                datetime!(2030-03-25 09:00 UTC),
                date!(2030 - 04 - 02),
                Err("field-lease-beyond"),
            ),
            (owner(&LEASE), datetime!(2030-04-01 13:00 UTC), date!(2030 - 04 - 01), Err("field-lease-fixed")),
            (
                owner(&endless),
                datetime!(2031-03-25 09:00 UTC),
                date!(2031 - 04 - 08),
                Ok(datetime!(2031-04-09 0:00 UTC)),
            ),
            (owner(&never), datetime!(2030-01-10 09:00 UTC), date!(2030 - 01 - 24), Err("field-lease-fixed")),
            (
                Asks::Owner(None),
                datetime!(2030-01-10 09:00 UTC),
                date!(2030 - 01 - 24),
                Err("field-lease-fixed"),
            ),
            (
                Asks::Administrator,
                datetime!(2030-01-10 09:00 UTC),
                date!(2040 - 01 - 01),
                Ok(datetime!(2040-01-02 0:00 UTC)),
            ),
            (
                Asks::Administrator,
                datetime!(2030-01-10 09:00 UTC),
                date!(2029 - 01 - 01),
                Err("field-lease-past"),
            ),
            (
                Asks::Administrator,
                datetime!(2030-01-10 09:00 UTC),
                date!(9999 - 12 - 31),
                Err("field-lease-beyond"),
            ),
        ] {
            let got = extended(asks, made, wanted, now).map_err(|text| text.key);
            assert_eq!(got, said.map_err(str::to_owned), "{asks:?} on {now} for {wanted}");
        }
    }

    #[test]
    fn a_day_reads_well_in_each_language() {
        let text = day(date!(2030 - 02 - 03));
        assert_eq!(text.to_string(), "2030-02-03");
        let german = crate::language::speak(crate::language::Language::German, || text.to_string());
        assert_eq!(german, "03.02.2030");
        assert_eq!(last_day(end_of(date!(2030 - 02 - 03))), date!(2030 - 02 - 03));
    }
}
