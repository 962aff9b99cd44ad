//! The generic tests of a flow: it succeeds when every step runs twice, unwinds from every step, and recovers
//! when killed at every step and within. A flow's own part is a `Worlds`: how to set one up, ask for the job,
//! and tell whether all is as asked or as before. Failures name the place that they were provoked at.

mod adapters;
mod bench;
mod park;

use std::sync::Arc;

use async_trait::async_trait;
use model::JobId;
use model::clock::{Ids, ManualClock};
use model::job::JobStatus;
use store::PgPool;

pub use bench::{Bench, SerialIds, eventually};
pub use park::Park;

use crate::{Flow, Place, Step, When};
use adapters::{FailsAt, StopsWithin, Twice};

/// A small world of its own with everything that one job needs.
#[async_trait]
pub trait World: Send + Sync {
    fn pool(&self) -> PgPool;

    /// The flow under test, acting on this world. Asked anew for every engine, as a new process would make it.
    fn flow(&self) -> Arc<dyn Flow>;

    fn clock(&self) -> ManualClock;

    fn ids(&self) -> Arc<dyn Ids>;

    /// Asks for the job as the product does.
    async fn enqueue(&self) -> JobId;

    /// What is not as asked, orphans included.
    async fn as_asked(&self) -> Result<(), String>;

    /// What is not as it was before the job was asked for, orphans included.
    async fn as_before(&self) -> Result<(), String>;
}

#[async_trait]
pub trait Worlds: Send + Sync {
    type World: World;

    /// A new world in the same database; nothing of an earlier one may matter to it.
    async fn fresh(&self) -> Self::World;

    /// The first step after whose beginning the job cannot be put back, for flows that remove something.
    fn no_return(&self) -> Option<&'static str> {
        None
    }
}

/// Every step runs twice in a row, as after a crash whose step had happened.
pub async fn succeeds_when_run_twice<W: Worlds>(worlds: &W) {
    let world = worlds.fresh().await;
    let bench = Bench::new(&world);
    let flow: Arc<dyn Flow> = Arc::new(Twice(world.flow()));
    let job = world.enqueue().await;
    bench.run(flow, job, JobStatus::Finished, "every step twice").await;
    check(world.as_asked().await, "every step ran twice");
}

/// Each step fails in turn, before and after it did its work; every undo runs twice.
pub async fn unwinds_from_every_step<W: Worlds>(worlds: &W) {
    for (step, after) in failures(worlds).await {
        let what = format!("{} fails {}", step, if after { "after its work" } else { "before its work" });
        let world = worlds.fresh().await;
        let bench = Bench::new(&world);
        let flow: Arc<dyn Flow> = Arc::new(Twice(Arc::new(FailsAt { flow: world.flow(), step, after })));
        let job = world.enqueue().await;
        bench.run(flow, job, JobStatus::Failed, &what).await;
        bench.nothing_left(job, &what).await;
        check(world.as_before().await, &what);
    }
}

/// The engine is killed at every place of every step: on the way forward, where the job must still end as
/// asked, and on the way back from a failure of the last step, where everything must be as before.
pub async fn recovers_when_killed_at_every_step<W: Worlds>(worlds: &W) {
    let flow = worlds.fresh().await.flow();
    for (step, when) in places(flow.steps(), false) {
        let place = Place { kind: flow.kind(), step, undo: false, when };
        recovers_forward(worlds, place).await;
    }
    let Some((fails, after)) = failures(worlds).await.pop() else { return };
    for (step, when) in places(until(flow.steps(), fails), true) {
        let place = Place { kind: flow.kind(), step, undo: true, when };
        recovers_backward(worlds, place, fails, after).await;
    }
}

/// The engine is killed within every step: the step's future is dropped at each point where it waits.
pub async fn recovers_when_killed_within_every_step<W: Worlds>(worlds: &W) {
    let steps = worlds.fresh().await.flow().steps();
    for step in steps {
        let mut polls = 1;
        while stopped_within(worlds, step.name, polls).await {
            polls += 1;
        }
    }
}

async fn recovers_forward<W: Worlds>(worlds: &W, place: Place<'static>) {
    let what = format!("killed at {place:?}");
    let world = worlds.fresh().await;
    let bench = Bench::new(&world);
    let job = world.enqueue().await;
    bench.kill_at(world.flow(), place).await;
    bench.run(world.flow(), job, JobStatus::Finished, &what).await;
    check(world.as_asked().await, &what);
}

async fn recovers_backward<W: Worlds>(worlds: &W, place: Place<'static>, fails: &'static str, after: bool) {
    let what = format!("{fails} fails, and killed at {place:?}");
    let world = worlds.fresh().await;
    let bench = Bench::new(&world);
    let flow = || -> Arc<dyn Flow> { Arc::new(FailsAt { flow: world.flow(), step: fails, after }) };
    let job = world.enqueue().await;
    bench.kill_at(flow(), place).await;
    bench.run(flow(), job, JobStatus::Failed, &what).await;
    bench.nothing_left(job, &what).await;
    check(world.as_before().await, &what);
}

/// Whether the step had not ended by then.
async fn stopped_within<W: Worlds>(worlds: &W, step: &'static str, polls: u32) -> bool {
    let what = format!("killed within {step}, where it waited for the {polls}. time");
    let world = worlds.fresh().await;
    let bench = Bench::new(&world);
    let (stops, stopped) = StopsWithin::new(world.flow(), step, polls);
    let job = world.enqueue().await;
    let engine = bench.engine(Arc::new(stops), None).start();
    let stopped = bench.until_ended_or(&engine, job, &stopped, &what).await;
    engine.kill().await;
    bench.run(world.flow(), job, JobStatus::Finished, &what).await;
    check(world.as_asked().await, &what);
    stopped
}

/// Which step may fail how, such that the job can be put back.
async fn failures<W: Worlds>(worlds: &W) -> Vec<(&'static str, bool)> {
    let steps = worlds.fresh().await.flow().steps();
    let no_return = worlds.no_return();
    let until = steps.iter().position(|step| Some(step.name) == no_return);
    let both = steps[..until.unwrap_or(steps.len())].iter().flat_map(|s| [(s.name, false), (s.name, true)]);
    both.chain(no_return.map(|step| (step, false))).collect()
}

/// The steps up to the one that fails, which is undone as well.
fn until(steps: &'static [Step], fails: &str) -> &'static [Step] {
    let at = steps.iter().position(|step| step.name == fails).unwrap_or_default();
    &steps[..=at]
}

/// All places of these steps, and of the job's end.
fn places(steps: &'static [Step], undo: bool) -> impl Iterator<Item = (&'static str, When)> {
    let steps = steps.iter().filter(move |step| !undo || step.undo);
    let within = steps.flat_map(|step| When::ALL.map(|when| (step.name, when)));
    within.chain([("end", When::Before), ("end", When::After)])
}

fn check(result: Result<(), String>, what: &str) {
    if let Err(wrong) = result {
        panic!("{what}: {wrong}");
    }
}
