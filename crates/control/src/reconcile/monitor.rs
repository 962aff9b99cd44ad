//! Looks at every active host each few seconds, or at once when poked, one look at a time per host, so that a
//! slow host delays nobody else.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use model::HostId;
use model::host::{HostDetails, HostIntent};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{guests, host_health, orphans, stats, storage, vm_states};
use crate::Outcome;
use crate::app::App;

/// How often a host is looked at when nothing happens.
const PERIOD: Duration = Duration::from_secs(3);

/// What the monitor remembers of a host between two looks; nothing that may not be lost.
#[derive(Default)]
pub struct Memory {
    pub health: host_health::Memory,
    pub stats: stats::Memory,
    pub storage: storage::Memory,
    pub orphans: orphans::Memory,
    pub guests: guests::Memory,
}

/// A host as a round of looks found it written down.
pub struct Seen {
    pub host: HostDetails,
    /// Whether its data center has a storage domain that it was never asked for.
    pub unchecked: bool,
}

/// A host's memory, and whether a look already waits for its turn.
#[derive(Default)]
struct Watched {
    memory: Mutex<Memory>,
    waiting: AtomicBool,
}

type Watches = HashMap<HostId, Arc<Watched>>;

pub async fn run(app: App, end: CancellationToken) {
    let mut watches = Watches::default();
    let mut looks = JoinSet::new();
    let mut due: Option<Vec<HostId>> = None;
    loop {
        if let Err(fault) = look(&app, &mut watches, &mut looks, due.take()).await {
            tracing::warn!(%fault, "the monitor could not read its hosts");
        }
        while looks.try_join_next().is_some() {}
        tokio::select! {
            () = end.cancelled() => break,
            () = tokio::time::sleep(PERIOD) => {}
            poked = app.hosts.poked() => due = Some(poked),
        }
    }
    looks.shutdown().await;
}

/// The hosts, or those of these that are there, as they are written down.
pub async fn read(app: &App, only: Option<&[HostId]>) -> Outcome<Vec<Seen>> {
    let mut c = app.conn().await?;
    let hosts = match only {
        Some(ids) => store::hosts::these(&mut c, ids).await?,
        None => store::hosts::all(&mut c).await?,
    };
    let unchecked = store::storage_domains::unchecked(&mut c, hosts.iter().map(|host| host.row.id)).await?;
    Ok(hosts.into_iter().map(|host| Seen { unchecked: unchecked.contains(&host.row.id), host }).collect())
}

async fn look(
    app: &App,
    watches: &mut Watches,
    looks: &mut JoinSet<()>,
    only: Option<Vec<HostId>>,
) -> Outcome<()> {
    let hosts = read(app, only.as_deref()).await?;
    if only.is_none() {
        let there: HashSet<HostId> = hosts.iter().map(|seen| seen.host.row.id).collect();
        watches.retain(|id, _| there.contains(id));
    }
    // Looks of one round begin one after another, spread over it, so that pages do not wait behind a whole estate of them.
    let apart = PERIOD / u32::try_from(hosts.len().max(1)).unwrap_or(u32::MAX);
    for (n, seen) in hosts.into_iter().enumerate() {
        let id = seen.host.row.id;
        if seen.host.row.intended == HostIntent::Maintenance {
            app.hosts.forget(id).await;
            continue;
        }
        let watched = watches.entry(id).or_default().clone();
        let (app, poked) = (app.clone(), only.is_some());
        looks.spawn(async move {
            if !poked {
                tokio::time::sleep(apart * u32::try_from(n).unwrap_or_default()).await;
            }
            take_turn(app, seen, watched, poked).await;
        });
    }
    Ok(())
}

/// A look under way answers a periodic one. A poke may be about something newer and waits its turn; one that
/// waits already answers it, too.
async fn take_turn(app: App, seen: Seen, watched: Arc<Watched>, poked: bool) {
    let (mut memory, seen) = match watched.memory.try_lock() {
        Ok(memory) => (memory, Some(seen)),
        Err(_) if !poked || watched.waiting.swap(true, Ordering::AcqRel) => return,
        Err(_) => {
            let memory = watched.memory.lock().await;
            watched.waiting.store(false, Ordering::Release);
            (memory, again(&app, seen).await)
        }
    };
    let Some(seen) = seen else { return };
    if let Err(fault) = observe(&app, &seen, &mut memory).await {
        tracing::warn!(host = %seen.host.row.name, %fault, "a look at a host broke off");
    }
}

/// The host as it is after the wait, if it is still to be looked at.
async fn again(app: &App, seen: Seen) -> Option<Seen> {
    let mut c = app.conn().await.ok()?;
    let host = store::hosts::details(&mut c, seen.host.row.id).await.ok()??;
    (host.row.intended == HostIntent::Active).then_some(Seen { host, ..seen })
}

/// One look at one host. Public, so that tests can take it when they want.
pub async fn observe(app: &App, seen: &Seen, memory: &mut Memory) -> Outcome<()> {
    let host = &seen.host;
    let driver = app.hosts.driver_of(host.row.id, &host.config);
    // Read first: what is written of a VM while the host answers is then known to be newer than the answer.
    let vms = store::vms::of_host(&mut *app.conn().await?, host.row.id).await?;
    let Some(report) = host_health::look(app, host, driver.as_ref(), memory).await? else { return Ok(()) };
    vm_states::apply(app, host, &report, &vms).await?;
    stats::apply(app, host, &report, &vms, &mut memory.stats).await?;
    orphans::apply(app, host, &report, &vms, driver.as_ref(), &mut memory.orphans).await?;
    guests::ask(app, &driver, &vms, &report, &memory.guests);
    storage::look_if_due(app, host, seen.unchecked, &mut memory.storage).await
}
