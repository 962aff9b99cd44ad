//! What was given until a time ends by itself: permissions, and what was granted of a quota. The leader looks every few
//! seconds, and finds what is due by an index; each end is an event. What one look breaks off, the next one does.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::Outcome;
use crate::app::App;

const LOOK: Duration = Duration::from_secs(10);

pub async fn run(app: App, end: CancellationToken) {
    loop {
        if let Some(Err(fault)) = end.run_until_cancelled(turn(&app)).await {
            tracing::warn!(%fault, "what is due has not ended");
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Ends what is due.
pub async fn turn(app: &App) -> Outcome<()> {
    crate::permissions::end(app).await?;
    crate::quotas::requests::end(app).await
}
