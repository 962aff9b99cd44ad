//! The flow under test. What it does outside is a set of names that outlives engines; what it does in the
//! end is one object in the database. A script makes single attempts go otherwise.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jobs::{CancellationToken, Flow, Outcome, Run, Step, StepError};
use model::{JobId, Refusal};
use store::PgConnection;
use uuid::Uuid;

pub const KIND: &str = "thing.build";

pub static STEPS: [Step; 4] = [
    Step::new("choose"),
    Step::new("make").undo().deadline(Duration::from_millis(500)),
    Step::new("mend").undo().cancellable(),
    Step::new("show").attempts(1),
];

/// How one attempt goes.
#[derive(Clone)]
pub enum Act {
    Retry(Duration),
    Fail,
    /// Does its work and fails then.
    HalfFail,
    Panic,
    Internal,
    /// Never returns.
    Hang,
    /// Says that it is there, and goes on when told to.
    Gate(Gate),
    /// Waits for being cancelled, with the helper or by itself.
    UntilCancelled(Gate),
    /// Leaves something that no database can hold.
    Unwritable,
}

#[derive(Clone, Default)]
pub struct Gate {
    pub reached: CancellationToken,
    pub open: CancellationToken,
}

impl Gate {
    pub async fn pass(&self) {
        self.reached.cancel();
        self.open.cancelled().await;
    }

    pub async fn reached(&self) {
        tokio::time::timeout(Duration::from_secs(60), self.reached.cancelled())
            .await
            .expect("the gate is reached");
    }

    pub fn open(&self) {
        self.open.cancel();
    }
}

/// What outlives engines: the names that exist, and what was called.
#[derive(Default)]
pub struct Outside {
    pub things: Mutex<BTreeSet<String>>,
    pub calls: Mutex<Vec<(JobId, String)>>,
    script: Mutex<HashMap<&'static str, VecDeque<Act>>>,
    inside: Mutex<HashSet<JobId>>,
}

impl Outside {
    /// The next attempts at `call` ("make", "undo make", "end", "undo end") go like this.
    pub fn script(&self, call: &'static str, acts: impl IntoIterator<Item = Act>) {
        self.script.lock().unwrap().entry(call).or_default().extend(acts);
    }

    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(|(_, call)| call.clone()).collect()
    }

    pub fn things(&self) -> Vec<String> {
        self.things.lock().unwrap().iter().cloned().collect()
    }

    fn next(&self, call: &str) -> Option<Act> {
        self.script.lock().unwrap().get_mut(call)?.pop_front()
    }

    /// Notes the call, and that no other works on this job at the same time.
    fn enter(self: &Arc<Self>, job: JobId, call: &str) -> Inside {
        self.calls.lock().unwrap().push((job, call.to_owned()));
        assert!(self.inside.lock().unwrap().insert(job), "two work on {job} at once");
        Inside(self.clone(), job)
    }
}

struct Inside(Arc<Outside>, JobId);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.inside.lock().unwrap().remove(&self.1);
    }
}

pub struct Build(pub Arc<Outside>);

impl Build {
    async fn act(&self, call: &str, run: &mut Run) -> Result<(), StepError> {
        match self.0.next(call) {
            None => Ok(()),
            Some(Act::Retry(after)) => Err(StepError::retry(plain("not yet"), after)),
            Some(Act::Fail) => Err(StepError::Fail(plain("no"))),
            Some(Act::Panic) => panic!("the step panics"),
            Some(Act::Internal) => Err(StepError::internal("a defect")),
            Some(Act::Hang) => std::future::pending().await,
            Some(Act::Gate(gate)) => {
                gate.pass().await;
                Ok(())
            }
            Some(Act::UntilCancelled(gate)) => run.unless_cancelled(gate.pass()).await,
            Some(Act::Unwritable) => run.set("text", "\0"),
            Some(Act::HalfFail) => {
                self.work(call, run)?;
                Err(StepError::Fail(plain("no, too late")))
            }
        }
    }

    fn work(&self, call: &str, run: &mut Run) -> Result<(), StepError> {
        let mut things = self.0.things.lock().unwrap();
        match call {
            "choose" => run.set("name", format!("thing {}", run.job))?,
            "make" => drop(things.insert(run.need("name")?)),
            "mend" => {
                let name: String = run.need("name")?;
                assert!(things.contains(&name), "nothing to mend");
                things.insert(format!("{name}, mended"));
            }
            "undo mend" => drop(things.remove(&format!("{}, mended", run.need::<String>("name")?))),
            "undo make" => drop(things.remove(&run.need::<String>("name")?)),
            _ => {}
        }
        Ok(())
    }
}

fn plain(text: &str) -> Refusal {
    Refusal::new("plain").with("text", text)
}

#[async_trait]
impl Flow for Build {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let _inside = self.0.enter(run.job, step);
        self.act(step, run).await?;
        tokio::task::yield_now().await;
        self.work(step, run)
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let call = format!("undo {step}");
        let _inside = self.0.enter(run.job, &call);
        self.act(&call, run).await?;
        self.work(&call, run)
    }

    async fn end(&self, run: &Run, outcome: &Outcome, tx: &mut PgConnection) -> Result<(), StepError> {
        let call = if *outcome == Outcome::Finished { "end" } else { "undo end" };
        let _inside = self.0.enter(run.job, call);
        if *outcome == Outcome::Finished {
            let id: Uuid = run.params()?;
            sqlx::query("INSERT INTO objects (id, kind) VALUES ($1, 'vm')")
                .bind(id)
                .execute(&mut *tx)
                .await?;
        }
        self.act(call, &mut run.clone()).await
    }
}
