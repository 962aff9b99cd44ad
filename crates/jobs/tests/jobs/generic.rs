//! The generic tests, on the flow here; and that they would find what they are for.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt;
use jobs::testing::{self, SerialIds, World, Worlds};
use jobs::{Flow, Outcome, Run, Step, StepError};
use model::JobId;
use model::clock::{Ids, ManualClock};
use store::{PgConnection, PgPool};

use crate::world::Fake;

struct Fakes {
    pool: PgPool,
    ids: Arc<dyn Ids>,
}

impl Fakes {
    fn new(pool: PgPool) -> Self {
        Fakes { pool, ids: Arc::new(SerialIds::default()) }
    }
}

#[async_trait]
impl Worlds for Fakes {
    type World = Fake;

    async fn fresh(&self) -> Fake {
        Fake::with(self.pool.clone(), self.ids.clone())
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn succeeds_when_run_twice(pool: PgPool) {
    testing::succeeds_when_run_twice(&Fakes::new(pool)).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn unwinds_from_every_step(pool: PgPool) {
    testing::unwinds_from_every_step(&Fakes::new(pool)).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn recovers_when_killed_at_every_step(pool: PgPool) {
    testing::recovers_when_killed_at_every_step(&Fakes::new(pool)).await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn recovers_when_killed_within_every_step(pool: PgPool) {
    testing::recovers_when_killed_within_every_step(&Fakes::new(pool)).await;
}

/// A flow with one of the defects that the generic tests are there to find.
#[derive(Clone, Copy, PartialEq)]
enum Defect {
    /// A step cannot bear that its work was done before.
    NotIdempotent,
    /// An undo forgets its step's work.
    ForgetsUndo,
}

struct Broken(Arc<dyn Flow>, Defect, Arc<crate::flow::Outside>);

#[async_trait]
impl Flow for Broken {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn steps(&self) -> &'static [Step] {
        self.0.steps()
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        if self.1 == Defect::NotIdempotent && step == "make" && !self.2.things().is_empty() {
            return Err(StepError::fail("exists already"));
        }
        self.0.run(step, run).await
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        if self.1 == Defect::ForgetsUndo && step == "make" { Ok(()) } else { self.0.undo(step, run).await }
    }

    async fn end(&self, run: &Run, outcome: &Outcome, tx: &mut PgConnection) -> Result<(), StepError> {
        self.0.end(run, outcome, tx).await
    }
}

struct BrokenWorld(Fake, Defect);

#[async_trait]
impl World for BrokenWorld {
    fn pool(&self) -> PgPool {
        self.0.pool()
    }

    fn flow(&self) -> Arc<dyn Flow> {
        Arc::new(Broken(self.0.flow(), self.1, self.0.outside.clone()))
    }

    fn clock(&self) -> ManualClock {
        self.0.clock()
    }

    fn ids(&self) -> Arc<dyn Ids> {
        self.0.ids()
    }

    async fn enqueue(&self) -> JobId {
        self.0.enqueue().await
    }

    async fn as_asked(&self) -> Result<(), String> {
        self.0.as_asked().await
    }

    async fn as_before(&self) -> Result<(), String> {
        self.0.as_before().await
    }
}

struct BrokenWorlds(Fakes, Defect);

#[async_trait]
impl Worlds for BrokenWorlds {
    type World = BrokenWorld;

    async fn fresh(&self) -> BrokenWorld {
        BrokenWorld(self.0.fresh().await, self.1)
    }
}

async fn finds(test: impl Future<Output = ()>) -> bool {
    std::panic::AssertUnwindSafe(test).catch_unwind().await.is_err()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_step_that_is_not_idempotent_is_found(pool: PgPool) {
    let worlds = BrokenWorlds(Fakes::new(pool), Defect::NotIdempotent);
    assert!(finds(testing::succeeds_when_run_twice(&worlds)).await);
    assert!(finds(testing::recovers_when_killed_at_every_step(&worlds)).await);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_undo_that_forgets_is_found(pool: PgPool) {
    let worlds = BrokenWorlds(Fakes::new(pool), Defect::ForgetsUndo);
    assert!(!finds(testing::succeeds_when_run_twice(&worlds)).await);
    assert!(finds(testing::unwinds_from_every_step(&worlds)).await);
}
