//! Looks at every active host each few seconds, or at once when poked, one look at a time per host, so that a
//! slow host delays nobody else.

use std::collections::HashMap;
use std::sync::Arc;
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
    pub storage_at: Option<time::OffsetDateTime>,
    pub orphans: orphans::Memory,
}

type Memories = Arc<Mutex<HashMap<HostId, Arc<Mutex<Memory>>>>>;

pub async fn run(app: App, end: CancellationToken) {
    let memories = Memories::default();
    let mut looks = JoinSet::new();
    let mut due: Option<Vec<HostId>> = None;
    loop {
        if let Err(fault) = look(&app, &memories, &mut looks, due.take()).await {
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

async fn look(
    app: &App,
    memories: &Memories,
    looks: &mut JoinSet<()>,
    only: Option<Vec<HostId>>,
) -> Outcome<()> {
    let hosts = store::hosts::all(&mut *app.conn().await?).await?;
    for host in hosts {
        let id = host.row.id;
        if only.as_ref().is_some_and(|ids| !ids.contains(&id)) {
            continue;
        }
        if host.row.intended == HostIntent::Maintenance {
            app.hosts.forget(id).await;
            continue;
        }
        let memory = memories.lock().await.entry(id).or_default().clone();
        let app = app.clone();
        let poked = only.is_some();
        looks.spawn(async move {
            // A look under way answers a periodic one; a poke may be about something newer, and waits its turn.
            let mut memory = if poked {
                memory.lock().await
            } else {
                match memory.try_lock() {
                    Ok(memory) => memory,
                    Err(_) => return,
                }
            };
            if let Err(fault) = observe(&app, &host, &mut memory).await {
                tracing::warn!(host = %host.row.name, %fault, "a look at a host broke off");
            }
        });
    }
    Ok(())
}

/// One look at one host. Public, so that tests can take it when they want.
pub async fn observe(app: &App, host: &HostDetails, memory: &mut Memory) -> Outcome<()> {
    let driver = app.hosts.driver_of(host.row.id, &host.config);
    let seen = host_health::look(app, host, driver.as_ref(), memory).await?;
    let Some(report) = seen else { return Ok(()) };
    let vms = vm_states::apply(app, host, &report, driver.as_ref()).await?;
    stats::apply(app, host, &report, &vms, &mut memory.stats).await?;
    orphans::apply(app, host, &report, driver.as_ref(), &mut memory.orphans).await?;
    guests::ask(app, driver, &vms, &report).await?;
    storage::look_if_due(app, host, memory).await
}
