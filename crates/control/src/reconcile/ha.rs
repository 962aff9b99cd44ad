//! Highly available VMs whose process died are started again, the most important first. A clean shutdown is somebody's
//! wish and none of this. Attempts never end, they only become rarer; each is told with the time of the next.
//! A VM on a host that is lost still has its host, and is left alone until its process is proven gone.

use std::time::Duration;

use model::event::EventKind;
use model::id::Kind;
use store::vms::Vm;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use crate::app::{App, commit};
use crate::{Ctx, Outcome, events, vms};

const EVERY: Duration = Duration::from_secs(2);
/// Between the first attempts, and between late ones.
const SHORTEST: time::Duration = time::Duration::seconds(10);
const LONGEST: time::Duration = time::Duration::minutes(10);

pub async fn run(app: App, end: CancellationToken) {
    loop {
        if let Err(fault) = round(&app).await {
            tracing::warn!(%fault, "highly available VMs could not be looked after");
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// How long after the attempt with this number, counted from 1, the next one may be.
pub fn pause(attempt: u32) -> time::Duration {
    (SHORTEST * 2_i32.saturating_pow(attempt.saturating_sub(1).min(16))).min(LONGEST)
}

/// Starts again what is due. Public, so that tests can do it when they want.
pub async fn round(app: &App) -> Outcome<()> {
    let due = store::vms::to_restart(&mut *app.conn().await?, app.now()).await?;
    for vm in due {
        restart(app, &vm).await?;
    }
    Ok(())
}

async fn restart(app: &App, vm: &Vm) -> Outcome<()> {
    let attempt = vm.ha_attempts + 1;
    let next = app.now() + pause(attempt);
    let about = || vec![(Kind::Vm, vm.row.id.0, vm.row.name.clone())];
    let mut tx = app.begin().await?;
    store::vms::set_ha(&mut tx, vm.row.id, attempt, Some(next)).await?;
    if attempt == 1 {
        let args = [("attempt", events::word("1"))];
        events::note(&mut tx, app.now(), EventKind::HaVmFailed, &args, about(), None).await?;
    }
    commit(tx).await?;
    let ctx = Ctx::system(app, "ha");
    let Err(refused) = vms::run(&ctx, vm.row.id, None).await else { return Ok(()) };
    let mut tx = app.begin().await?;
    let args = [("cause", refused.text()), ("next", events::word(&clock(next)))];
    events::note(&mut tx, app.now(), EventKind::HaRestartFailed, &args, about(), None).await?;
    commit(tx).await
}

fn clock(at: OffsetDateTime) -> String {
    let (hour, minute, second) = at.to_hms();
    format!("{hour:02}:{minute:02}:{second:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_become_rarer_and_never_end() {
        let seconds: Vec<i64> = [1, 2, 3, 6, 7, 100].map(|n| pause(n).whole_seconds()).to_vec();
        assert_eq!(seconds, [10, 20, 40, 320, 600, 600]);
    }
}
