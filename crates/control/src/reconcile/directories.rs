//! Directories change without telling: each hour, and soon after somebody was added, who is in which group is read
//! anew. Each directory is read by itself, so that none waits for one that is slow.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Outcome;
use crate::app::App;
use crate::directories::reading;

const LOOK: Duration = Duration::from_secs(10);
const EVERY: time::Duration = time::Duration::HOUR;

pub async fn run(app: App, end: CancellationToken) {
    loop {
        if let Some(Err(fault)) = end.run_until_cancelled(turn(&app)).await {
            tracing::warn!(%fault, "directories are not read");
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Reads those that it is time for.
pub async fn turn(app: &App) -> Outcome<()> {
    let due = store::directories::due(&mut *app.conn().await?, app.now() - EVERY).await?;
    let mut reading = JoinSet::new();
    for id in due {
        let app = app.clone();
        reading.spawn(async move { (id, reading::read(&app, id).await) });
    }
    while let Some(read) = reading.join_next().await {
        if let Ok((id, Err(fault))) = read {
            tracing::warn!(%id, %fault, "a directory was not read");
        }
    }
    Ok(())
}
