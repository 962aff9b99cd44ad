//! Places between which a server can die, for tests. A product has no hook; the laboratory's server kills
//! itself (SIGKILL) at the place that it is told, and so hits the same point each time.

use std::str::FromStr;

use async_trait::async_trait;

/// Where in a step's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// Nothing of it is persisted.
    Before,
    /// Persisted as begun, not run.
    Begun,
    /// Has run, its end is not persisted.
    Ran,
    /// Persisted as done (or undone).
    After,
}

impl When {
    pub const ALL: [When; 4] = [When::Before, When::Begun, When::Ran, When::After];

    fn as_str(self) -> &'static str {
        match self {
            When::Before => "before",
            When::Begun => "begun",
            When::Ran => "ran",
            When::After => "after",
        }
    }
}

/// A place in a job's life. The end of the job is the step `end`, with `Before` and `After` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place<'a> {
    pub kind: &'a str,
    pub step: &'a str,
    pub undo: bool,
    pub when: When,
}

/// Called at every place, and waited for.
#[async_trait]
pub trait Hook: Send + Sync + 'static {
    async fn at(&self, place: Place<'_>);
}

/// Kills the process at one place: `kind/step/when`, or `kind/undo:step/when` on the way back, with `when`
/// one of before, begun, ran, after. For a laboratory server only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrashAt {
    kind: String,
    step: String,
    undo: bool,
    when: When,
}

impl CrashAt {
    pub fn is(&self, place: Place<'_>) -> bool {
        let own = Place { kind: &self.kind, step: &self.step, undo: self.undo, when: self.when };
        own == place
    }
}

impl FromStr for CrashAt {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not kind/step/before|begun|ran|after");
        let mut parts = text.split('/');
        let (Some(kind), Some(step), Some(when), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        let when = When::ALL.into_iter().find(|w| w.as_str() == when).ok_or_else(wrong)?;
        let (undo, step) = step.strip_prefix("undo:").map_or((false, step), |step| (true, step));
        Ok(CrashAt { kind: kind.to_owned(), step: step.to_owned(), undo, when })
    }
}

#[async_trait]
impl Hook for CrashAt {
    async fn at(&self, place: Place<'_>) {
        if self.is(place) {
            tracing::error!(?place, "killing this process, as asked");
            // Nothing runs after this: no destructor, no flush, as when the machine loses its power.
            let _ = nix::sys::signal::kill(nix::unistd::Pid::this(), nix::sys::signal::SIGKILL);
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_and_recognised() {
        let crash: CrashAt = "vm.create/define/ran".parse().expect("a place");
        let place = Place { kind: "vm.create", step: "define", undo: false, when: When::Ran };
        assert!(crash.is(place));
        assert!(!crash.is(Place { undo: true, ..place }));
        assert!(!crash.is(Place { when: When::After, ..place }));
        assert!(!crash.is(Place { kind: "vm.start", ..place }));
        let back: CrashAt = "vm.create/undo:define/begun".parse().expect("a place");
        assert!(back.is(Place { undo: true, when: When::Begun, ..place }));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "vm.create", "vm.create/define", "vm.create/define/later", "a/b/before/d"] {
            assert!(text.parse::<CrashAt>().is_err(), "{text:?}");
        }
    }
}
