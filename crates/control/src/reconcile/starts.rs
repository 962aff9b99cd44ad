//! Virtual machines that are to run once they are made: asked for as whoever wanted it, with their rights and in their
//! quota. Any wish about running, this one too, takes the mark away in its own transaction, so nothing starts twice.

use std::time::Duration;

use model::event::EventKind;
use model::id::Kind;
use model::{UserId, VmId};
use tokio_util::sync::CancellationToken;

use crate::app::{App, commit};
use crate::{Ctx, Outcome, events, vms};

const EVERY: Duration = Duration::from_secs(1);

pub async fn run(app: App, end: CancellationToken) {
    loop {
        if let Err(fault) = round(&app).await {
            tracing::warn!(%fault, "new virtual machines could not be started");
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Starts what is made by now. Public, so that tests can do it when they want.
pub async fn round(app: &App) -> Outcome<()> {
    let due = store::vms::to_start(&mut *app.conn().await?).await?;
    for (vm, name, who) in due {
        start(app, vm, name, who).await?;
    }
    Ok(())
}

async fn start(app: &App, vm: VmId, name: String, who: UserId) -> Outcome<()> {
    let correlation = Ctx::system(app, "start").correlation;
    let Some(ctx) = Ctx::signed_in(app, who, correlation, String::new(), None).await? else { return Ok(()) };
    let Err(refused) = vms::run(&ctx, vm, None).await else { return Ok(()) };
    let mut tx = app.begin().await?;
    store::vms::start_for(&mut tx, vm, None).await?;
    let args = [("cause", refused.text())];
    events::tell(&mut tx, &ctx, EventKind::VmStartFailed, &args, vec![(Kind::Vm, vm.0, name)]).await?;
    commit(tx).await
}
