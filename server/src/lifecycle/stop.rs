//! The end of the process, decided once and heard everywhere. SIGINT or SIGTERM cancels the token; long
//! answers (event streams, consoles, uploads) listen to it and end; what must be waited for is spawned on the
//! tracker. A second signal while draining ends the process at once.

use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long open connections get to end by themselves.
pub const DRAIN: Duration = Duration::from_secs(4);

#[derive(Debug, Clone, Default)]
pub struct Stop {
    token: CancellationToken,
    tasks: TaskTracker,
}

impl Stop {
    pub fn new() -> Stop {
        Stop::default()
    }

    /// Cancelled when the server is to end. Clone it into every stream.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Runs a task whose end the server waits for (at most `DRAIN`).
    pub fn spawn<F>(&self, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tasks.spawn(task);
    }

    pub fn begin(&self) {
        self.token.cancel();
    }

    /// Turns the first SIGINT or SIGTERM into `begin`, the second into an immediate exit.
    pub fn on_signals(&self) -> std::io::Result<()> {
        let (mut int, mut term) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let token = self.token.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = int.recv() => {}
                    _ = term.recv() => {}
                }
                if token.is_cancelled() {
                    tracing::warn!(
                        "second signal: ending at once; the database stays up and is adopted later"
                    );
                    std::process::exit(130);
                }
                tracing::info!("stopping; a second signal ends at once");
                token.cancel();
            }
        });
        Ok(())
    }

    /// Waits for the tasks, at most `DRAIN`. True if all ended.
    pub async fn drained(&self) -> bool {
        self.tasks.close();
        tokio::time::timeout(DRAIN, self.tasks.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tasks_hear_the_end_and_are_waited_for() {
        let stop = Stop::new();
        let token = stop.token().clone();
        stop.spawn(async move { token.cancelled().await });
        stop.begin();
        assert!(stop.drained().await);
    }
}
