//! What grows is kept in bounds: ended sessions, old jobs and old events go. What a dead process left of a template goes too.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::Outcome;
use crate::app::App;

const EVERY: Duration = Duration::from_secs(60);
/// How long ended jobs can be looked at.
const JOBS_FOR: time::Duration = time::Duration::days(30);
/// How long it can be read what happened.
const EVENTS_FOR: time::Duration = time::Duration::days(90);
/// At most so many go at once, so that nobody waits for it.
const BITE: i64 = 10_000;

pub async fn run(app: App, end: CancellationToken) {
    loop {
        if let Err(fault) = tidy(&app).await {
            tracing::warn!(%fault, "housekeeping broke off");
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

pub async fn tidy(app: &App) -> Outcome<()> {
    let mut c = app.conn().await?;
    store::sessions::delete_expired(&mut c, app.now()).await?;
    store::jobs::delete_ended(&mut c, app.now() - JOBS_FOR, BITE).await?;
    store::events::delete_old(&mut c, app.now() - EVENTS_FOR, BITE).await?;
    drop(c);
    crate::templates::sweep(app).await
}
