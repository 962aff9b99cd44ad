//! What keeps the record true to the hosts. Nothing here takes input from a person; everything may run twice,
//! and the restart of the server is just the next run. `monitor` looks at each host and hands what it saw to
//! the parts; the parts decide purely and write.

pub mod directories;
pub mod expiry;
pub mod guests;
pub mod ha;
pub mod host_health;
pub mod housekeeping;
pub mod leases;
pub mod monitor;
pub mod orphans;
pub mod rollup;
pub mod starts;
pub mod stats;
pub mod storage;
pub mod vm_states;

use host::HostEvent;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// Starts everything; ends when `end` says so.
pub fn start(app: &App, end: &CancellationToken) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(hear_hosts(app.clone(), end.clone()));
    tasks.spawn(monitor::run(app.clone(), end.clone()));
    tasks.spawn(housekeeping::run(app.clone(), end.clone()));
    tasks.spawn(ha::run(app.clone(), end.clone()));
    tasks.spawn(starts::run(app.clone(), end.clone()));
    tasks.spawn(rollup::run(app.clone(), end.clone()));
    tasks.spawn(directories::run(app.clone(), end.clone()));
    tasks.spawn(leases::run(app.clone(), end.clone()));
    tasks.spawn(expiry::run(app.clone(), end.clone()));
    tasks
}

/// What hosts tell unasked makes the monitor look sooner.
async fn hear_hosts(app: App, end: CancellationToken) {
    let Some(mut events) = app.hosts.take_events() else { return };
    loop {
        let event = tokio::select! {
            () = end.cancelled() => return,
            event = events.recv() => event,
        };
        match event {
            None => return,
            Some(HostEvent::Reboot { host, vm }) => {
                guests::rebooted(&app, vm).await;
                app.hosts.poke(host);
            }
            Some(HostEvent::Renewed { host, abandoned }) => {
                host_health::renewed(&app, host, abandoned).await;
                app.hosts.poke(host);
            }
            Some(
                HostEvent::Domain { host, .. }
                | HostEvent::Agent { host, .. }
                | HostEvent::Connected { host }
                | HostEvent::Disconnected { host, .. },
            ) => app.hosts.poke(host),
        }
    }
}
