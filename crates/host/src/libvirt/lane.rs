//! One lane to a host: a connection of its own with its own workers, opened when it is needed and renewed
//! when every worker is lost in a call that never returns. Lanes keep calls of one kind from waiting
//! behind those of another, also inside libvirtd, which serves only a few calls of one connection at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::VmId;
use tokio::sync::watch;
use virt::connect::Connect;

use super::host::Host;
use super::link::{Link, open};
use super::workers::GivenUp;
use crate::{HostError, HostResult};

/// How long callers wait for one attempt to connect; an attempt cannot be taken back.
const OPENING: Duration = Duration::from_secs(10);
/// After so long another attempt is made beside one that hangs; for each that hangs already, so much longer.
/// Hosts that are silent do not get as far, so one that hangs means that the host fell silent in between.
const ANOTHER: Duration = Duration::from_secs(60);

pub struct Lane {
    host: Arc<Host>,
    name: &'static str,
    threads: usize,
    /// Whether this lane is the one that listens and tells of the connection.
    listens: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    link: Option<Arc<Link>>,
    opening: Option<Opening>,
    /// Attempts that have not come back, the current one included.
    attempts: u32,
    /// Abandoned calls to tell of once the connection is renewed.
    abandoned: Option<u64>,
    closed: bool,
}

struct Opening {
    since: Instant,
    outcome: watch::Receiver<Option<HostResult<Arc<Link>>>>,
}

/// One call: how long it may take, and the VM whose hanging would hang it too.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub deadline: Duration,
    pub vm: Option<VmId>,
}

impl Terms {
    pub fn within(seconds: u64) -> Self {
        Terms { deadline: Duration::from_secs(seconds), vm: None }
    }

    /// The call needs the VM's monitor or agent.
    pub fn of(self, vm: VmId) -> Self {
        Terms { vm: Some(vm), ..self }
    }
}

impl Lane {
    pub fn new(host: Arc<Host>, name: &'static str, threads: usize, listens: bool) -> Arc<Self> {
        Arc::new(Lane { host, name, threads, listens, state: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` with the lane's connection. It goes on and is counted even if the caller goes away.
    pub async fn call<T: Send + 'static>(
        self: &Arc<Self>,
        terms: Terms,
        work: impl FnOnce(&Connect) -> HostResult<T> + Send + 'static,
    ) -> HostResult<T> {
        let lane = self.clone();
        let call = tokio::spawn(async move { lane.attend(terms, work).await });
        call.await.unwrap_or_else(|e| Err(HostError::Failed(format!("the call ended early: {e}"))))
    }

    async fn attend<T: Send + 'static>(
        self: Arc<Self>,
        terms: Terms,
        work: impl FnOnce(&Connect) -> HostResult<T> + Send + 'static,
    ) -> HostResult<T> {
        let too_late = HostError::Timeout { seconds: terms.deadline.as_secs() };
        if terms.vm.is_some_and(|vm| self.host.stuck.has(vm)) {
            return Err(too_late);
        }
        let deadline = Instant::now() + terms.deadline;
        let link = self.link(deadline).await?;
        let host = self.host.clone();
        let note = move |hangs| terms.vm.iter().for_each(|vm| host.stuck.note(*vm, hangs));
        match link.workers.run(deadline, note, work).await {
            Ok(answer) => answer.and_then(|a| a),
            Err(GivenUp::Withdrawn) => Err(too_late),
            Err(GivenUp::Abandoned { lost }) => {
                tracing::warn!(host = %self.host.name(), lane = self.name, lost, "a call was abandoned");
                self.renew_if_exhausted(&link);
                Err(too_late)
            }
        }
    }

    fn renew_if_exhausted(&self, link: &Arc<Link>) {
        if !link.workers.exhausted() {
            return;
        }
        let mut state = self.lock();
        if state.link.as_ref().is_some_and(|current| Arc::ptr_eq(current, link)) {
            state.link = None;
            *state.abandoned.get_or_insert(0) += link.workers.abandoned();
            drop(state);
            tracing::warn!(host = %self.host.name(), lane = self.name, "every worker is lost; connecting anew");
            link.retire();
        }
    }

    /// The connection, opened if there is none or the one that was is dead.
    async fn link(self: &Arc<Self>, deadline: Instant) -> HostResult<Arc<Link>> {
        let mut outcome = match self.link_or_opening()? {
            Ok(link) => return Ok(link),
            Err(outcome) => outcome,
        };
        let deadline = deadline.min(Instant::now() + OPENING);
        match tokio::time::timeout_at(deadline.into(), outcome.wait_for(Option::is_some)).await {
            Err(_) => Err(HostError::Timeout { seconds: OPENING.as_secs() }),
            Ok(Err(_)) => Err(HostError::Unreachable("the connection was closed".into())),
            Ok(Ok(found)) => found.clone().unwrap_or(Err(HostError::Unreachable("no connection".into()))),
        }
    }

    #[allow(clippy::type_complexity)]
    fn link_or_opening(
        self: &Arc<Self>,
    ) -> HostResult<Result<Arc<Link>, watch::Receiver<Option<HostResult<Arc<Link>>>>>> {
        let mut state = self.lock();
        if state.closed {
            return Err(HostError::Unreachable("the connection was closed".into()));
        }
        if let Some(link) = &state.link {
            if link.alive() {
                return Ok(Ok(link.clone()));
            }
            if let Some(dead) = state.link.take() {
                dead.retire();
            }
        }
        match &state.opening {
            Some(o) if o.since.elapsed() < OPENING => Ok(Err(o.outcome.clone())),
            Some(o) if o.since.elapsed() < ANOTHER * state.attempts => {
                Err(HostError::Timeout { seconds: OPENING.as_secs() })
            }
            _ => self.begin(&mut state).map(Err),
        }
    }

    fn begin(
        self: &Arc<Self>,
        state: &mut State,
    ) -> HostResult<watch::Receiver<Option<HostResult<Arc<Link>>>>> {
        let (tell, outcome) = watch::channel(None);
        let lane = self.clone();
        let thread = std::thread::Builder::new().name(format!("connect {}", self.host.name()));
        let spawned = thread.spawn(move || {
            let opened = open(&lane.host, lane.name, lane.threads, lane.listens);
            tell.send_replace(Some(lane.arrived(opened)));
        });
        spawned.map_err(|e| HostError::Failed(format!("no thread to connect with: {e}")))?;
        state.attempts += 1;
        state.opening = Some(Opening { since: Instant::now(), outcome: outcome.clone() });
        Ok(outcome)
    }

    /// The first attempt that comes back with a connection wins; a later one is not needed any more.
    fn arrived(&self, opened: HostResult<Arc<Link>>) -> HostResult<Arc<Link>> {
        let mut state = self.lock();
        state.attempts -= 1;
        state.opening = None;
        let link = opened?;
        if state.closed {
            link.retire();
            return Err(HostError::Unreachable("the connection was closed".into()));
        }
        if let Some(there) = state.link.as_ref().filter(|l| l.alive()) {
            let there = there.clone();
            drop(state);
            link.retire();
            return Ok(there);
        }
        state.link = Some(link.clone());
        let abandoned = state.abandoned.take();
        drop(state);
        self.host.arrived(self.listens, abandoned);
        Ok(link)
    }

    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.opening = None;
        let link = state.link.take();
        drop(state);
        link.iter().for_each(|l| l.retire());
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.close();
    }
}
