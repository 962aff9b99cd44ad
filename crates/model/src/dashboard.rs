//! The estate at a glance: how many of each kind are well, how full everything is, who uses most. What a state counts
//! as is decided here; what is counted is what the person may see.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::host::HostStatus;
use crate::id::Kind;
use crate::storage_domain::StorageStatus;
use crate::vm::{VmStatus, words};

words! {
    /// How something is, roughly. `idle` is what does nothing because it shall not.
    Standing { Up = "up", Warning = "warning", Error = "error", Idle = "idle" }
}

impl Standing {
    pub fn label(self) -> String {
        crate::text::t(&format!("standing-{}", self.as_str()))
    }

    /// A box by what is in it: well when all of that is, broken when none is.
    pub fn of_all(up: u64, all: u64) -> Standing {
        match (up, all) {
            (_, 0) => Standing::Idle,
            (0, _) => Standing::Error,
            (up, all) if up < all => Standing::Warning,
            _ => Standing::Up,
        }
    }
}

impl HostStatus {
    pub fn standing(self) -> Standing {
        match self {
            HostStatus::Up => Standing::Up,
            HostStatus::Maintenance => Standing::Idle,
            HostStatus::Connecting | HostStatus::PreparingForMaintenance => Standing::Warning,
            HostStatus::NonResponsive | HostStatus::NonOperational => Standing::Error,
        }
    }
}

impl StorageStatus {
    pub fn standing(self) -> Standing {
        match self {
            StorageStatus::Active => Standing::Up,
            StorageStatus::Unknown => Standing::Warning,
            StorageStatus::Inactive => Standing::Error,
        }
    }
}

impl VmStatus {
    pub fn standing(self) -> Standing {
        use VmStatus::*;
        match self {
            Up | PoweringUp | RebootInProgress | Migrating => Standing::Up,
            Down | Suspended => Standing::Idle,
            NotResponding | ImageIllegal => Standing::Error,
            ImageLocked | WaitForLaunch | PoweringDown | Paused | SavingState | RestoringState | Unknown => {
                Standing::Warning
            }
        }
    }
}

/// How many of one kind there are, by how they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    pub kind: Kind,
    pub all: u64,
    /// Each with the search that lists these; none where the list knows no states.
    pub parts: Vec<(Standing, u64, Option<String>)>,
}

impl Count {
    /// Out of the numbers for each status. A standing with nothing in it is left out.
    pub fn of(kind: Kind, numbers: &[(&'static str, Standing, u64)]) -> Count {
        let part = |standing: Standing| {
            let of = || numbers.iter().filter(|(_, own, _)| *own == standing);
            let words: Vec<String> = of().map(|(word, ..)| format!("status = {word}")).collect();
            (standing, of().map(|(_, _, n)| n).sum(), Some(words.join(" or ")))
        };
        let parts = Standing::ALL.iter().map(|s| part(*s)).filter(|(_, n, _)| *n > 0).collect();
        Count { kind, all: numbers.iter().map(|(_, _, n)| n).sum(), parts }
    }

    /// Boxes without a status of their own.
    pub fn of_boxes(kind: Kind, boxes: &[Standing]) -> Count {
        let number = |standing: Standing| boxes.iter().filter(|own| **own == standing).count() as u64;
        let parts = Standing::ALL.iter().map(|s| (*s, number(*s), None)).filter(|(_, n, _)| *n > 0);
        Count { kind, all: boxes.len() as u64, parts: parts.collect() }
    }
}

/// What the last day's events were, but for the normal ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BadEvents {
    pub alerts: u64,
    pub errors: u64,
    pub warnings: u64,
}

/// How much of something there is, is used, and was given away.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Share {
    pub total: f64,
    pub used: f64,
    /// What virtual machines and disks could use at most.
    pub promised: f64,
}

impl Share {
    pub fn percent(&self) -> Option<f32> {
        (self.total > 0.0).then(|| (100.0 * self.used / self.total).clamp(0.0, 100.0) as f32)
    }

    pub fn available(&self) -> f64 {
        (self.total - self.used).max(0.0)
    }

    /// 150 is half as much again as there is.
    pub fn overcommit(&self) -> Option<f32> {
        (self.total > 0.0).then(|| (100.0 * self.promised / self.total) as f32)
    }
}

/// One of those that use most, or a field of a heat map.
#[derive(Debug, Clone, PartialEq)]
pub struct Consumer {
    pub kind: Kind,
    pub id: Uuid,
    pub name: String,
    pub percent: Option<f32>,
}

/// One of CPU, memory and storage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Utilisation {
    pub now: Share,
    /// Percents over the last day, from old to new.
    pub line: Vec<f32>,
    /// The ten that use most of it, for each kind that uses it.
    pub top: Vec<(Kind, Vec<Consumer>)>,
    /// All that have it: clusters, or storage domains.
    pub heat: Vec<Consumer>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    pub at: OffsetDateTime,
    pub counts: Vec<Count>,
    pub events: BadEvents,
    /// CPUs.
    pub cpu: Utilisation,
    /// Bytes.
    pub memory: Utilisation,
    pub storage: Utilisation,
    /// Whether the person may make what is missing.
    pub administrator: bool,
}

impl Dashboard {
    pub fn count(&self, kind: Kind) -> u64 {
        self.counts.iter().find(|count| count.kind == kind).map_or(0, |count| count.all)
    }
}

/// The largest first, and no more than ten; what is not known is not among them.
pub fn top_ten(mut all: Vec<Consumer>) -> Vec<Consumer> {
    all.retain(|one| one.percent.is_some());
    all.sort_by(|a, b| b.percent.unwrap_or(0.0).total_cmp(&a.percent.unwrap_or(0.0)));
    all.truncate(10);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_as_well_as_what_is_in_it() {
        for (up, all, standing) in
            [(0, 0, Standing::Idle), (0, 2, Standing::Error), (1, 2, Standing::Warning), (2, 2, Standing::Up)]
        {
            assert_eq!(Standing::of_all(up, all), standing, "{up} of {all}");
        }
    }

    #[test]
    fn counts_are_by_standing_and_know_their_search() {
        let numbers =
            [("up", Standing::Up, 3), ("powering_up", Standing::Up, 1), ("down", Standing::Idle, 2)];
        let count = Count::of(Kind::Vm, &numbers);
        assert_eq!(count.all, 6);
        let search = Some("status = up or status = powering_up".to_owned());
        let idle = (Standing::Idle, 2, Some("status = down".to_owned()));
        assert_eq!(count.parts, [(Standing::Up, 4, search), idle]);
        let boxes = Count::of_boxes(Kind::Cluster, &[Standing::Up, Standing::Error, Standing::Up]);
        assert_eq!((boxes.all, boxes.parts), (3, vec![(Standing::Up, 2, None), (Standing::Error, 1, None)]));
    }

    #[test]
    fn shares_are_of_something() {
        let half = Share { total: 8.0, used: 4.0, promised: 12.0 };
        assert_eq!((half.percent(), half.available(), half.overcommit()), (Some(50.0), 4.0, Some(150.0)));
        let nothing = Share::default();
        assert_eq!((nothing.percent(), nothing.available(), nothing.overcommit()), (None, 0.0, None));
    }

    #[test]
    fn the_ten_largest_are_the_largest() {
        let one = |n: u32| Consumer {
            kind: Kind::Vm,
            id: Uuid::from_u128(n.into()),
            name: n.to_string(),
            percent: (n > 0).then_some(n as f32),
        };
        let top = top_ten((0..20).map(one).collect());
        assert_eq!(top.len(), 10);
        assert_eq!((top[0].percent, top[9].percent), (Some(19.0), Some(10.0)));
    }
}
