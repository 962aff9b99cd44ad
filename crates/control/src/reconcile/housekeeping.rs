//! What grows is kept in bounds: ended sessions, old jobs and old events go. What a dead process left of a template goes too,
//! and what is in a quota of another data center leaves it.

use std::time::Duration;

use model::Text;
use model::event::EventKind;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use crate::app::{App, commit};
use crate::{Outcome, events};

const EVERY: Duration = Duration::from_secs(60);
/// How long ended jobs can be looked at.
const JOBS_FOR: time::Duration = time::Duration::days(30);
/// At most so many go at once, so that nobody waits for it.
const BITE: i64 = 5_000;

pub async fn run(app: App, end: CancellationToken) {
    let mut retention = Retention::default();
    loop {
        if let Err(fault) = tidy(&app).await {
            tracing::warn!(%fault, "housekeeping broke off");
        }
        if let Err(fault) = retention.keep(&app, &end).await {
            tracing::warn!(%fault, "old events are still there");
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
    store::attempts::delete_old(&mut c, app.now()).await?;
    store::jobs::delete_ended(&mut c, app.now() - JOBS_FOR, BITE).await?;
    drop(c);
    crate::templates::sweep(app).await?;
    crate::quotas::reconcile(app).await
}

/// Once a day, old events go, alerts too: bite by bite, each of them a transaction of its own, and one event tells
/// how many it were.
#[derive(Default)]
pub struct Retention {
    kept_at: Option<OffsetDateTime>,
}

impl Retention {
    pub async fn keep(&mut self, app: &App, end: &CancellationToken) -> Outcome<()> {
        let now = app.now();
        if self.kept_at.is_some_and(|at| now - at < time::Duration::DAY) {
            return Ok(());
        }
        let gone = forget(app, end).await?;
        if !end.is_cancelled() {
            self.kept_at = Some(now);
        }
        if gone > 0 { tell(app, gone).await } else { Ok(()) }
    }
}

async fn forget(app: &App, end: &CancellationToken) -> Outcome<u64> {
    let before = app.now() - time::Duration::days(app.options.event_days.into());
    let mut gone = 0;
    while !end.is_cancelled() {
        // A connection for each bite: between two of them others may have it.
        let bite = store::events::delete_old(&mut *app.conn().await?, before, BITE).await?;
        gone += bite;
        if bite < BITE.unsigned_abs() {
            break;
        }
    }
    Ok(gone)
}

async fn tell(app: &App, gone: u64) -> Outcome<()> {
    let kind = EventKind::EventsRemoved;
    let text = Text::new(kind.key()).with("n", gone).with("days", u32::from(app.options.event_days));
    let mut tx = app.begin().await?;
    let event =
        store::events::NewEvent { kind, text, user: None, correlation: None, job: None, objects: Vec::new() };
    events::write(&mut tx, app.now(), &event).await?;
    commit(tx).await
}
