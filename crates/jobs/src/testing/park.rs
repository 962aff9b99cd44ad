//! A hook that stops a job at one place for good, so that its engine can be killed exactly there.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::{Hook, Place};

pub struct Park {
    place: Place<'static>,
    reached: CancellationToken,
}

impl Park {
    pub fn at(place: Place<'static>) -> Self {
        Park { place, reached: CancellationToken::new() }
    }

    /// Pulled when a job is there.
    pub fn reached(&self) -> CancellationToken {
        self.reached.clone()
    }
}

#[async_trait]
impl Hook for Park {
    async fn at(&self, place: Place<'_>) {
        if place == self.place {
            self.reached.cancel();
            std::future::pending::<()>().await;
        }
    }
}
