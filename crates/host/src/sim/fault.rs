//! Faults that a test puts in the way of calls, and the meeting of a call with the one that waits for it.

use std::time::Duration;

use model::HostId;
use tokio::sync::watch;

use super::SimEstate;
use crate::{HostError, HostResult};

/// What happens to the call that meets the fault.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// Nothing is done.
    Fail(HostError),
    /// It is done, and the answer is lost.
    FailAfter(HostError),
    /// No answer until the deadline; nothing is done.
    Hang,
    /// It waits until the test lets it go on.
    Hold { reached: watch::Sender<bool>, go: watch::Receiver<bool> },
}

#[derive(Debug)]
pub(super) struct Fault {
    pub host: Option<HostId>,
    pub call: String,
    /// How many calls pass before it strikes.
    pub spare: u32,
    pub trouble: Trouble,
}

/// Sets faults; `call` is a method's name of `HostDriver`, or `*`. Each strikes once, in the order set.
pub struct Faults {
    estate: SimEstate,
    host: Option<HostId>,
}

/// A call that a test has stopped on its way.
pub struct Hold {
    reached: watch::Receiver<bool>,
    go: watch::Sender<bool>,
}

impl Hold {
    /// Until the call has arrived.
    pub async fn reached(&mut self) {
        // An error means that the estate is gone, and with it whoever could arrive.
        let _ = self.reached.wait_for(|r| *r).await;
    }

    /// Lets the call go on. Dropping does the same.
    pub fn release(self) {
        let _ = self.go.send(true);
    }
}

impl Faults {
    pub(super) fn new(estate: SimEstate, host: Option<HostId>) -> Self {
        Faults { estate, host }
    }

    /// The next such call does nothing and fails.
    pub fn fail_next(&self, call: &str, error: HostError) {
        self.add(call, 0, Trouble::Fail(error));
    }

    /// The `n`th such call from now (1 is the next) does nothing and fails.
    pub fn fail_nth(&self, call: &str, n: u32, error: HostError) {
        self.add(call, n.saturating_sub(1), Trouble::Fail(error));
    }

    /// The next such call is carried out, and yet fails: the answer was lost.
    pub fn fail_after(&self, call: &str, error: HostError) {
        self.add(call, 0, Trouble::FailAfter(error));
    }

    /// The next such call does nothing and is a `Timeout` after the deadline.
    pub fn hang_next(&self, call: &str) {
        self.add(call, 0, Trouble::Hang);
    }

    /// The next such call waits, before it does anything, until it is released.
    pub fn hold_next(&self, call: &str) -> Hold {
        let (reached_tx, reached) = watch::channel(false);
        let (go, go_rx) = watch::channel(false);
        self.add(call, 0, Trouble::Hold { reached: reached_tx, go: go_rx });
        Hold { reached, go }
    }

    fn add(&self, call: &str, spare: u32, trouble: Trouble) {
        self.estate.lock().faults.push(Fault { host: self.host, call: call.to_owned(), spare, trouble });
    }
}

/// The first fault in the way of this call, taken out of the way.
pub(super) fn meet(faults: &mut Vec<Fault>, host: HostId, call: &str) -> Option<Trouble> {
    let fits = |f: &Fault| f.host.is_none_or(|h| h == host) && (f.call == "*" || f.call == call);
    let index = faults.iter().position(fits)?;
    if faults[index].spare > 0 {
        faults[index].spare -= 1;
        return None;
    }
    Some(faults.remove(index).trouble)
}

/// What comes before the call's own work. The answer is an error to give after it.
pub(super) async fn suffer(trouble: Option<Trouble>, deadline: Duration) -> HostResult<Option<HostError>> {
    match trouble {
        None => Ok(None),
        Some(Trouble::Fail(error)) => Err(error),
        Some(Trouble::FailAfter(error)) => Ok(Some(error)),
        Some(Trouble::Hang) => {
            tokio::time::sleep(deadline).await;
            Err(HostError::Timeout { seconds: deadline.as_secs() })
        }
        Some(Trouble::Hold { reached, mut go }) => {
            reached.send_replace(true);
            let _ = go.wait_for(|g| *g).await;
            Ok(None)
        }
    }
}
