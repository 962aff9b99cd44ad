//! What the tests stand on: a database, the flow's outside world, a manual clock, engines, and questions.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jobs::testing::{SerialIds, World, eventually};
use jobs::{Engine, EnqueueError, Flow, NewJob, Options, enqueue};
use model::clock::{Clock, Ids, ManualClock};
use model::job::{JobRow, JobStatus, StepRow};
use model::{JobId, Text};
use store::{PgPool, Viewer};
use time::macros::datetime;
use uuid::Uuid;

use crate::flow::{Build, KIND, Outside, STEPS};

pub const ALL: Viewer = Viewer { user: Uuid::nil(), all: true, now: time::OffsetDateTime::UNIX_EPOCH };

pub struct Fake {
    pub pool: PgPool,
    pub outside: Arc<Outside>,
    pub clock: ManualClock,
    pub ids: Arc<dyn Ids>,
    /// What `enqueue` locks and makes.
    pub object: Uuid,
}

impl Fake {
    pub fn new(pool: PgPool) -> Self {
        Fake::with(pool, Arc::new(SerialIds::default()))
    }

    pub fn with(pool: PgPool, ids: Arc<dyn Ids>) -> Self {
        let clock = ManualClock::at(datetime!(2030-01-01 12:00 UTC));
        Fake { pool, outside: Arc::default(), clock, object: ids.uuid(), ids }
    }

    /// No polling to speak of, so that a test shows what wakes an engine; a lease is 30 s of the clock.
    pub fn options(&self) -> Options {
        Options {
            poll: Duration::from_secs(3600),
            heartbeat: Duration::from_secs(3600),
            ..Options::default()
        }
    }

    pub fn engine(&self, options: Options) -> Engine {
        Engine::new(
            self.pool.clone(),
            Arc::new(self.clock.clone()),
            self.ids.clone(),
            vec![self.flow()],
            options,
        )
    }

    pub fn job(&self, object: Uuid) -> NewJob {
        NewJob {
            kind: KIND,
            title: Text::new("job-vm-start").with("name", "web1"),
            params: serde_json::json!(object),
            objects: Vec::new(),
            locks: vec![(object, format!("object {}", object.as_u128()))],
            owner: None,
            owner_name: "system".into(),
            correlation_id: "c-1".into(),
        }
    }

    pub async fn ask(&self, job: NewJob) -> Result<JobId, EnqueueError> {
        let mut tx = store::begin_on(&self.pool).await.unwrap();
        let id = enqueue(&mut tx, &self.clock, self.ids.as_ref(), &STEPS, job).await?;
        tx.commit().await.unwrap();
        Ok(id)
    }

    pub async fn row(&self, job: JobId) -> JobRow {
        let mut connection = self.pool.acquire().await.unwrap();
        store::jobs::get(&mut connection, ALL, job).await.unwrap().expect("the job is there")
    }

    pub async fn steps(&self, job: JobId) -> Vec<StepRow> {
        let mut connection = self.pool.acquire().await.unwrap();
        store::jobs::steps(&mut connection, job).await.unwrap()
    }

    /// "choose done", …
    pub async fn course(&self, job: JobId) -> Vec<String> {
        self.steps(job).await.iter().map(|s| format!("{} {}", s.name, s.status.as_str())).collect()
    }

    pub async fn until(&self, job: JobId, status: JobStatus) -> JobRow {
        eventually(&format!("the job is {}", status.as_str()), || async {
            let row = self.row(job).await;
            assert!(row.status == status || !row.status.ended(), "{:?}: {:?}", row.status, row.error);
            (row.status == status).then_some(row)
        })
        .await
    }

    /// Until the job waits for its next attempt: how long.
    pub async fn until_waiting(&self, job: JobId) -> time::Duration {
        eventually("the job waits", || async {
            let (status, waits) = self.standing(job).await;
            assert!(!status.ended(), "{:?}", self.row(job).await.error);
            waits.map(|until| until - self.clock.now()).filter(|ahead| ahead.is_positive())
        })
        .await
    }

    pub async fn standing(&self, job: JobId) -> (JobStatus, Option<time::OffsetDateTime>) {
        let mut connection = self.pool.acquire().await.unwrap();
        store::jobs::work::standing(&mut connection, job).await.unwrap().expect("the job is there")
    }

    pub async fn cancel(&self, job: JobId) -> Result<(), jobs::CancelError> {
        let mut tx = store::begin_on(&self.pool).await.unwrap();
        jobs::cancel(&mut tx, &self.clock, job).await?;
        tx.commit().await.unwrap();
        Ok(())
    }

    pub async fn locked(&self, object: Uuid) -> bool {
        let mut connection = self.pool.acquire().await.unwrap();
        store::jobs::busy(&mut connection, object).await.unwrap().is_some()
    }

    /// Whether the job's end was written.
    pub async fn made(&self, object: Uuid) -> bool {
        let found: Option<i32> = sqlx::query_scalar("SELECT 1 FROM objects WHERE id = $1")
            .bind(object)
            .fetch_optional(&self.pool)
            .await
            .unwrap();
        found.is_some()
    }

    /// Asserts that nothing of the job is left, inside and outside.
    pub async fn assert_as_before(&self) {
        self.as_before().await.unwrap();
    }
}

fn wrong(what: &str, is: bool, shall: bool) -> Result<(), String> {
    if is == shall { Ok(()) } else { Err(format!("{what}: {is}")) }
}

#[async_trait]
impl World for Fake {
    fn pool(&self) -> PgPool {
        self.pool.clone()
    }

    fn flow(&self) -> Arc<dyn Flow> {
        Arc::new(Build(self.outside.clone()))
    }

    fn clock(&self) -> ManualClock {
        self.clock.clone()
    }

    fn ids(&self) -> Arc<dyn Ids> {
        self.ids.clone()
    }

    async fn enqueue(&self) -> JobId {
        self.ask(self.job(self.object)).await.expect("a free object")
    }

    async fn as_asked(&self) -> Result<(), String> {
        let things = self.outside.things();
        wrong("made", self.made(self.object).await, true)?;
        wrong("locked", self.locked(self.object).await, false)?;
        if things.len() == 2 { Ok(()) } else { Err(format!("there are {things:?}")) }
    }

    async fn as_before(&self) -> Result<(), String> {
        let things = self.outside.things();
        wrong("made", self.made(self.object).await, false)?;
        wrong("locked", self.locked(self.object).await, false)?;
        if things.is_empty() { Ok(()) } else { Err(format!("there are {things:?}")) }
    }
}
