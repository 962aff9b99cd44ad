//! What can be done to many objects at once. oVirt's rule: power and removal go by the whole selection, and whatever
//! needs a form of its own for each object goes by one.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::Kind;
use crate::{Action, JobId, Refusal};

/// How many objects one order may name.
pub const MOST: usize = 10_000;

/// A deed that can be done to many.
#[derive(Debug, PartialEq)]
pub struct Many {
    pub kind: Kind,
    /// The word in the address, the same as of the deed on one object.
    pub part: &'static str,
    pub action: Action,
    /// Whether it takes a reason.
    pub reason: bool,
}

const fn many(kind: Kind, part: &'static str, action: Action, reason: bool) -> Many {
    Many { kind, part, action, reason }
}

pub const MANY: &[Many] = &[
    many(Kind::Vm, "run", Action::RunVm, true),
    many(Kind::Vm, "suspend", Action::SuspendVm, true),
    many(Kind::Vm, "shutdown", Action::ShutdownVm, true),
    many(Kind::Vm, "power-off", Action::PowerOffVm, true),
    many(Kind::Vm, "reboot", Action::RebootVm, true),
    many(Kind::Vm, "reset", Action::ResetVm, true),
    many(Kind::Vm, "pause", Action::PauseVm, true),
    many(Kind::Vm, "remove", Action::RemoveVm, false),
    many(Kind::Host, "maintenance", Action::Maintain, true),
    many(Kind::Host, "activate", Action::Activate, false),
    many(Kind::Host, "remove", Action::RemoveHost, false),
    many(Kind::Disk, "remove", Action::RemoveDisk, false),
    many(Kind::Template, "remove", Action::RemoveTemplate, false),
    many(Kind::Network, "remove", Action::RemoveNetwork, false),
    many(Kind::StorageDomain, "remove", Action::RemoveStorage, false),
    many(Kind::Cluster, "remove", Action::RemoveCluster, false),
    many(Kind::DataCenter, "remove", Action::RemoveDataCenter, false),
    many(Kind::Quota, "remove", Action::RemoveQuota, false),
    many(Kind::Tag, "remove", Action::RemoveTag, false),
    many(Kind::Bookmark, "remove", Action::RemoveBookmark, false),
    many(Kind::Role, "remove", Action::RemoveRole, false),
    many(Kind::Job, "cancel", Action::CancelJob, false),
    many(Kind::Event, "acknowledge", Action::ManageAlerts, false),
];

impl Many {
    /// The deed by this word on objects of this kind, if it can be done to many.
    pub fn find(kind: Kind, part: &str) -> Option<&'static Many> {
        MANY.iter().find(|many| many.kind == kind && many.part == part)
    }

    /// Whether it destroys something, so that its button warns.
    pub fn danger(&self) -> bool {
        matches!(self.part, "remove" | "power-off" | "reset")
    }
}

/// What an order would do, before it is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub kind: Kind,
    pub part: String,
    pub objects: Vec<Planned>,
    /// How many of the named ones are not there, or are not to be seen.
    pub unseen: usize,
}

/// One object of a plan, and why it would be refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    pub id: Uuid,
    pub name: String,
    pub refusal: Option<Refusal>,
}

/// What an order is given along.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct How {
    pub reason: Option<String>,
    /// Virtual machines take their disks with them.
    pub with_disks: bool,
}

/// What came of one object: the job that does it, where it takes one.
#[derive(Debug, PartialEq)]
pub struct Done {
    pub object: Uuid,
    /// None when it is not there, or not to be seen.
    pub name: Option<String>,
    pub outcome: Result<Option<JobId>, crate::Fault>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_by_many_and_what_by_one() {
        for (kind, part, action) in [
            (Kind::Vm, "run", Some(Action::RunVm)),
            (Kind::Vm, "remove", Some(Action::RemoveVm)),
            (Kind::Host, "maintenance", Some(Action::Maintain)),
            (Kind::Job, "cancel", Some(Action::CancelJob)),
            (Kind::Vm, "edit", None),
            (Kind::Vm, "console", None),
            (Kind::Vm, "change-cd", None),
            (Kind::Vm, "make-template", None),
            (Kind::Host, "run", None),
            (Kind::Event, "acknowledge", Some(Action::ManageAlerts)),
            (Kind::Event, "remove", None),
        ] {
            assert_eq!(Many::find(kind, part).map(|many| many.action), action, "{kind:?} {part}");
        }
    }

    #[test]
    fn no_deed_is_there_twice() {
        for (n, many) in MANY.iter().enumerate() {
            assert!(MANY[n + 1..].iter().all(|m| (m.kind, m.part) != (many.kind, many.part)), "{many:?}");
        }
    }
}
