//! The VM portal: what its first page is asked for, what it shows, and what a person sets for it. Facts: catalogue 05.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::list::ListQuery;
use crate::vm::{VmRow, VmStatus, words};
use crate::{Action, FieldErrors, Text};

/// How many machines a page has.
pub const PAGE: u32 = 25;

words! {
    /// What a machine does, in a user's words; each stands for several statuses.
    Doing { Running = "running", Off = "off", Suspended = "suspended", Paused = "paused", Busy = "busy", Trouble = "trouble" }
}

impl Doing {
    pub fn of(status: VmStatus) -> Doing {
        use VmStatus::*;
        match status {
            Up => Doing::Running,
            Down => Doing::Off,
            Suspended => Doing::Suspended,
            Paused => Doing::Paused,
            NotResponding | Unknown | ImageIllegal => Doing::Trouble,
            ImageLocked | WaitForLaunch | PoweringUp | PoweringDown | RebootInProgress | SavingState
            | RestoringState | Migrating => Doing::Busy,
        }
    }

    pub fn label(self) -> String {
        crate::text::t(&format!("doing-{}", self.as_str()))
    }
}

words! {
    /// What machines are sorted by.
    #[derive(Default)]
    By { #[default] Name = "name", Status = "status", Memory = "memory" }
}

impl By {
    pub fn label(self) -> String {
        crate::text::t(&format!("machines-by-{}", self.as_str()))
    }
}

/// What the first page is asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// A part of a name, or one with wildcards.
    pub name: String,
    /// The same of the operating system that the guest tells.
    pub os: String,
    /// Any, where there is none.
    pub doing: Vec<Doing>,
    pub by: By,
    pub descending: bool,
    /// From 1.
    pub page: u32,
}

impl Wanted {
    pub fn filters(&self) -> bool {
        !self.name.trim().is_empty() || !self.os.trim().is_empty() || !self.doing.is_empty()
    }

    /// The same as a list is asked: in the search language, whose parser says no to nothing that is written here.
    pub fn query(&self) -> ListQuery {
        let text = |field: &str, typed: &str| {
            let typed = typed.trim();
            (!typed.is_empty()).then(|| format!("{field}={}", pattern(typed)))
        };
        let doing = (!self.doing.is_empty()).then(|| {
            let statuses = VmStatus::ALL.iter().filter(|status| self.doing.contains(&Doing::of(**status)));
            let each: Vec<String> = statuses.map(|status| format!("status={}", status.as_str())).collect();
            format!("({})", each.join(" or "))
        });
        let all: Vec<String> =
            text("name", &self.name).into_iter().chain(text("os", &self.os)).chain(doing).collect();
        ListQuery {
            page: self.page.max(1),
            size: PAGE,
            sort: Some(self.by.as_str().to_owned()),
            descending: self.descending,
            search: (!all.is_empty()).then(|| all.join(" and ")),
            ..ListQuery::default()
        }
        .bounded()
    }
}

/// Somewhere in the name, unless whoever typed it says where.
fn pattern(name: &str) -> String {
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    if name.contains(['*', '?']) { format!("\"{name}\"") } else { format!("\"*{name}*\"") }
}

/// A machine, and what this person may do with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    pub row: VmRow,
    pub may: Vec<Action>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machines {
    pub rows: Vec<Machine>,
    pub total: u64,
}

/// What somebody's machines are and use, all together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    pub machines: u64,
    pub running: u64,
    pub vcpus: u64,
    pub vcpus_running: u64,
    /// Bytes.
    pub memory: u64,
    pub memory_running: u64,
    /// What the disks may hold, and what they take.
    pub virtual_size: u64,
    pub actual_size: u64,
}

/// A disk of one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnDisk {
    pub vm: (Uuid, String),
    pub id: Uuid,
    pub alias: String,
    pub virtual_size: u64,
    pub actual_size: u64,
}

words! {
    /// How machines are shown.
    #[derive(Default)]
    Layout { #[default] Cards = "cards", Table = "table" }
}

words! {
    /// What the button *Console* opens.
    #[derive(Default)]
    ConsoleWay { #[default] Browser = "browser", Viewer = "viewer" }
}

words! {
    /// For how long nothing may pop up.
    #[derive(Default)]
    Quiet { #[default] Not = "off", TenMinutes = "10m", Hour = "1h", Day = "1d" }
}

impl Quiet {
    pub fn span(self) -> Option<Duration> {
        match self {
            Quiet::Not => None,
            Quiet::TenMinutes => Some(Duration::minutes(10)),
            Quiet::Hour => Some(Duration::hours(1)),
            Quiet::Day => Some(Duration::days(1)),
        }
    }
}

/// What a person sets for the VM portal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    pub layout: Layout,
    pub console: ConsoleWay,
    /// The machine whose console opens after the sign-in, when it runs.
    pub connect: Option<Uuid>,
    /// Until when nothing pops up.
    #[serde(with = "time::serde::rfc3339::option")]
    pub quiet_until: Option<OffsetDateTime>,
}

/// What every page of the portal begins with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Begun {
    pub set: Preferences,
    /// Whether this person may make a machine anywhere.
    pub may_create: bool,
}

/// A change of them. `quiet` of none leaves the quiet that holds as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choose {
    pub layout: Layout,
    pub console: ConsoleWay,
    pub connect: Option<Uuid>,
    pub quiet: Option<Quiet>,
}

impl Choose {
    pub fn made(&self, before: &Preferences, now: OffsetDateTime) -> Preferences {
        let quiet_until = match self.quiet {
            Some(quiet) => quiet.span().map(|span| now + span),
            None => before.quiet_until.filter(|until| *until > now),
        };
        Preferences { layout: self.layout, console: self.console, connect: self.connect, quiet_until }
    }

    /// The machine must be one that this person sees; which those are is known elsewhere.
    pub fn errors(&self, connect_is_there: bool) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if self.connect.is_some() && !connect_is_there {
            errors.add("connect", Text::new("field-unknown-choice"));
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_a_search() {
        let wanted = |name: &str, doing: &[Doing]| Wanted {
            name: name.into(),
            doing: doing.to_vec(),
            ..Wanted::default()
        };
        for (wanted, search) in [
            (wanted("", &[]), None),
            (wanted("  ", &[]), None),
            (wanted("web", &[]), Some(r#"name="*web*""#)),
            (wanted("web*", &[]), Some(r#"name="web*""#)),
            (wanted(r#"a"b\"#, &[]), Some(r#"name="*a\"b\\*""#)),
            (Wanted { os: "debian".into(), ..wanted("a", &[]) }, Some(r#"name="*a*" and os="*debian*""#)),
            (wanted("", &[Doing::Off]), Some("(status=down)")),
            (
                wanted("db", &[Doing::Running, Doing::Off]),
                Some(r#"name="*db*" and (status=down or status=up)"#),
            ),
        ] {
            assert_eq!(wanted.query().search.as_deref(), search, "{wanted:?}");
        }
        let query = Wanted { by: By::Memory, descending: true, page: 3, ..Wanted::default() }.query();
        assert_eq!(
            (query.sort.as_deref(), query.descending, query.page, query.size),
            (Some("memory"), true, 3, PAGE)
        );
        assert_eq!(Wanted::default().query().page, 1);
    }

    #[test]
    fn every_status_is_doing_something() {
        for doing in Doing::ALL {
            assert!(VmStatus::ALL.iter().any(|status| Doing::of(*status) == *doing), "{doing:?}");
        }
    }

    #[test]
    fn quiet_lasts_as_long_as_was_said() {
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(1);
        let later = now + Duration::minutes(5);
        let before = |until| Preferences { quiet_until: until, ..Preferences::default() };
        for (quiet, had, until) in [
            (Some(Quiet::Hour), None, Some(now + Duration::hours(1))),
            (Some(Quiet::Not), Some(later), None),
            (None, Some(later), Some(later)),
            (None, Some(now - Duration::minutes(1)), None),
        ] {
            let made = Choose { quiet, ..Choose::default() }.made(&before(had), now);
            assert_eq!(made.quiet_until, until, "{quiet:?} {had:?}");
        }
        assert!(
            Choose { connect: Some(Uuid::nil()), ..Choose::default() }.errors(false).get("connect").is_some()
        );
    }
}
