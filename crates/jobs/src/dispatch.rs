//! The engine's three tasks: one hands due jobs to workers, one hears of new ones, one renews the leases.
//! All of them go on when the database is away, and find out by themselves when it is back.

use std::sync::Arc;
use std::time::Duration;

use store::StoreResult;
use store::jobs::wakeup::{Wakeup, Wakeups};
use store::jobs::work::{self, Leased};
use tokio::time::Instant;

use crate::engine::Core;
use crate::worker;

/// The pause after an error of the database.
const AFTER_ERROR: Duration = Duration::from_secs(1);

/// Leases what is due, as long as a worker is free. A freed worker wakes this up.
pub(crate) async fn work(core: Arc<Core>) {
    let mut pause = Duration::ZERO;
    loop {
        tokio::select! {
            () = core.draining.cancelled() => return,
            () = core.wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
        pause = match take(&core).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(%error, "jobs cannot be leased");
                AFTER_ERROR
            }
        };
    }
}

/// Takes as much as fits; answers when to look again at the latest.
async fn take(core: &Arc<Core>) -> StoreResult<Duration> {
    let busy = core.flights.ids();
    let free = core.options.workers.saturating_sub(busy.len());
    if free == 0 {
        return Ok(core.options.poll);
    }
    let now = core.clock.now();
    let limit = i64::try_from(free).unwrap_or(i64::MAX);
    let mut connection = core.pool.acquire().await?;
    let leased = work::claim(&mut connection, core.id, now, now + core.options.lease, &busy, limit).await?;
    leased.into_iter().for_each(|job| launch(core, job));
    let due = work::next_due(&mut connection, &core.flights.ids()).await?;
    let until_due = due.and_then(|due| Duration::try_from(due - now).ok());
    Ok(until_due.map_or(core.options.poll, |wait| wait.min(core.options.poll)))
}

/// Gives a job a task of its own.
fn launch(core: &Arc<Core>, job: Leased) {
    let id = job.id;
    let flight = core.flights.add(id);
    let landing = Landing { core: core.clone(), id };
    let work = worker::drive(core.clone(), flight.clone(), job);
    let task = core.jobs.spawn(async move {
        let _landing = landing;
        work.await;
    });
    flight.runs_in(task.abort_handle());
}

/// Takes a job out of those in flight, however its task ends.
struct Landing {
    core: Arc<Core>,
    id: model::JobId,
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.core.flights.remove(self.id);
        self.core.wake.notify_one();
    }
}

/// Hears of new work and of cancellations.
pub(crate) async fn listen(core: Arc<Core>) {
    loop {
        if let Err(error) = hear(&core).await {
            tracing::warn!(%error, "the database tells of no jobs; looking for them now and then");
        }
        tokio::time::sleep(AFTER_ERROR.min(core.options.poll)).await;
    }
}

async fn hear(core: &Core) -> StoreResult<()> {
    let mut wakeups = Wakeups::listen(&core.pool).await?;
    // What came before the line was open.
    core.wake.notify_one();
    loop {
        if let Wakeup::Cancel(job) = wakeups.next().await?
            && let Some(flight) = core.flights.get(job)
        {
            flight.cancel();
        }
        core.wake.notify_one();
    }
}

/// Renews the leases, stops jobs whose lease another has, and, when the database has been away for as long
/// as a lease lasts, all of them: by then another engine may have begun.
pub(crate) async fn keep_leases(core: Arc<Core>) {
    let mut renewed = Instant::now();
    loop {
        tokio::time::sleep(core.options.heartbeat).await;
        let asked = Instant::now();
        match renew(&core).await {
            Ok(()) => renewed = asked,
            Err(error) => tracing::warn!(%error, "leases cannot be renewed"),
        }
        if renewed.elapsed() >= core.options.lease {
            core.flights.abort_all();
        }
    }
}

async fn renew(core: &Core) -> StoreResult<()> {
    let flights = core.flights.all();
    if flights.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = flights.iter().map(|(job, _)| job.0).collect();
    let until = core.clock.now() + core.options.lease;
    let mut connection = core.pool.acquire().await?;
    let held = work::renew(&mut connection, core.id, &ids, until).await?;
    for (job, flight) in flights {
        match held.iter().find(|(held, _)| *held == job) {
            None => flight.abort(),
            Some((_, true)) => flight.cancel(),
            Some((_, false)) => {}
        }
    }
    Ok(())
}
