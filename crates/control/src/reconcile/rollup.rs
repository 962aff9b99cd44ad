//! Statistics from points to years: what no host tells by itself is noted each minute, complete hours and days are
//! averaged, and what is old goes. Points of hosts and VMs come from the monitor (`stats`).

use std::time::Duration;

use model::statistics::{DAYS_FOR, HOURS_FOR, POINTS_FOR, Step};
use store::statistics::rollup::{Kept, delete_old, make};
use tokio_util::sync::CancellationToken;

use crate::Outcome;
use crate::app::App;

const EVERY: Duration = Duration::from_secs(60);
/// At most so many points go at once, so that nobody waits for it; three minutes of ten thousand VMs.
const BITE: i64 = 30_000;

pub async fn run(app: App, end: CancellationToken) {
    loop {
        if let Err(fault) = turn(&app).await {
            tracing::warn!(%fault, "statistics are not kept");
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// One minute's work.
pub async fn turn(app: &App) -> Outcome<()> {
    store::statistics::keep_whole(&mut *app.conn().await?, app.now()).await?;
    roll_up(app).await
}

/// Hours before days, and both before anything that they are made of goes.
pub async fn roll_up(app: &App) -> Outcome<()> {
    let (mut c, now) = (app.conn().await?, app.now());
    for step in [Step::Hour, Step::Day] {
        make(&mut c, step, step.settled(now)).await?;
    }
    for (kept, long) in [(Kept::Points, POINTS_FOR), (Kept::Hours, HOURS_FOR), (Kept::Days, DAYS_FOR)] {
        delete_old(&mut c, kept, now - long, BITE).await?;
    }
    Ok(())
}
