//! A small bounded set of blocking threads for one connection. Threads come when there is work and go when
//! there has been none for a while. A call that outlives its deadline is abandoned: nobody waits for it any
//! more, but its thread is lost until libvirt lets go of it, so the lost ones are counted.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use virt::connect::Connect;

use crate::{HostError, HostResult};

const IDLE: Duration = Duration::from_secs(20);

type Work = Box<dyn FnOnce(&Connect) + Send>;

struct Job {
    ticket: Arc<Ticket>,
    work: Work,
}

/// Where a call is; both its thread and whoever waits for it may change that.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    Queued,
    Running,
    Done,
    /// Given up while it waited for a thread: it must not run any more.
    Withdrawn,
    /// Given up while it ran.
    Abandoned,
}

struct Ticket {
    stage: Mutex<Stage>,
    /// Called with `true` when the call is abandoned and with `false` when it then returns after all.
    note: Box<dyn Fn(bool) + Send + Sync>,
}

/// How a call that was given up ended, for the one that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GivenUp {
    /// It had not begun and never will.
    Withdrawn,
    /// It runs on; this many of the threads are lost now.
    Abandoned { lost: usize },
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    closed: bool,
}

pub struct Workers {
    /// None only while it is being dropped.
    connection: Option<Connect>,
    name: String,
    limit: usize,
    queue: Mutex<Queue>,
    ready: Condvar,
    lost: AtomicUsize,
    abandoned: AtomicU64,
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workers {
    pub fn new(connection: Connect, name: String, limit: usize) -> Arc<Self> {
        Arc::new(Workers {
            connection: Some(connection),
            name,
            limit,
            queue: Mutex::default(),
            ready: Condvar::new(),
            lost: AtomicUsize::new(0),
            abandoned: AtomicU64::new(0),
        })
    }

    /// How many calls were abandoned in all.
    pub fn abandoned(&self) -> u64 {
        self.abandoned.load(Ordering::Relaxed)
    }

    /// Whether every thread is lost.
    pub fn exhausted(&self) -> bool {
        self.lost.load(Ordering::Relaxed) >= self.limit
    }

    /// Runs `work` on a thread and waits until `deadline`. `note` is called with `true` if it is abandoned,
    /// and then with `false` if it returns.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        deadline: Instant,
        note: impl Fn(bool) + Send + Sync + 'static,
        work: impl FnOnce(&Connect) -> T + Send + 'static,
    ) -> Result<HostResult<T>, GivenUp> {
        let (answer, mut waiting) = oneshot::channel();
        let ticket = Arc::new(Ticket { stage: Mutex::new(Stage::Queued), note: Box::new(note) });
        let work: Work = Box::new(move |connection| drop(answer.send(work(connection))));
        if let Err(error) = self.enqueue(Job { ticket: ticket.clone(), work }) {
            return Ok(Err(error));
        }
        match tokio::time::timeout_at(deadline.into(), &mut waiting).await {
            Ok(answer) => Ok(answer.map_err(|_| renewed())),
            Err(_) => {
                self.give_up(&ticket).map_or_else(|| Ok(waiting.try_recv().map_err(|_| renewed())), Err)
            }
        }
    }

    fn enqueue(self: &Arc<Self>, job: Job) -> HostResult<()> {
        let mut queue = hold(&self.queue);
        if queue.closed {
            return Err(renewed());
        }
        queue.jobs.push_back(job);
        if queue.idle == 0 && queue.threads < self.limit {
            let workers = self.clone();
            let thread = std::thread::Builder::new().name(self.name.clone());
            match thread.spawn(move || workers.work()) {
                Ok(_) => queue.threads += 1,
                Err(error) if queue.threads == 0 => {
                    queue.jobs.clear();
                    return Err(HostError::Failed(format!("no thread for the host's calls: {error}")));
                }
                // The threads that there are will come to it.
                Err(_) => {}
            }
        }
        self.ready.notify_one();
        Ok(())
    }

    /// None: it is done after all.
    fn give_up(&self, ticket: &Ticket) -> Option<GivenUp> {
        let mut stage = hold(&ticket.stage);
        match *stage {
            Stage::Running => {
                *stage = Stage::Abandoned;
                self.abandoned.fetch_add(1, Ordering::Relaxed);
                let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
                // Under the lock, so that the return cannot be noted first.
                (ticket.note)(true);
                Some(GivenUp::Abandoned { lost })
            }
            Stage::Queued => {
                *stage = Stage::Withdrawn;
                Some(GivenUp::Withdrawn)
            }
            _ => None,
        }
    }

    /// No more work is taken; who waits in the queue is told. Running calls end as they can.
    pub fn close(&self) {
        let mut queue = hold(&self.queue);
        queue.closed = true;
        queue.jobs.clear();
        self.ready.notify_all();
    }

    /// The life of a thread.
    fn work(&self) {
        while let Some(job) = self.next() {
            self.carry_out(job);
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = hold(&self.queue);
        queue.idle += 1;
        let wait = self.ready.wait_timeout_while(queue, IDLE, |q| q.jobs.is_empty() && !q.closed);
        queue = wait.unwrap_or_else(PoisonError::into_inner).0;
        queue.idle -= 1;
        let job = queue.jobs.pop_front();
        if job.is_none() {
            queue.threads -= 1;
        }
        job
    }

    fn carry_out(&self, job: Job) {
        {
            let mut stage = hold(&job.ticket.stage);
            if *stage != Stage::Queued {
                return;
            }
            *stage = Stage::Running;
        }
        // A panic in one call must not take the thread from the others; its caller sees the answer's end missing.
        let work = std::panic::AssertUnwindSafe(|| self.connection.as_ref().map(job.work));
        let _ = std::panic::catch_unwind(work);
        let before = std::mem::replace(&mut *hold(&job.ticket.stage), Stage::Done);
        if before == Stage::Abandoned {
            self.lost.fetch_sub(1, Ordering::Relaxed);
            (job.ticket.note)(false);
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        goodbye(self.connection.take());
    }
}

/// Drops what holds a connection on a thread of its own: the last one to let go of it speaks to the host,
/// which may not answer.
pub fn goodbye(parts: impl Send + 'static) {
    let thread = std::thread::Builder::new().name("libvirt-goodbye".into());
    if let Err(error) = thread.spawn(move || drop(parts)) {
        tracing::error!(%error, "a connection to a host could not be closed in order");
    }
}

fn renewed() -> HostError {
    HostError::Unreachable("the connection was renewed while the call waited".into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::mpsc;

    /// Workers on libvirt's own test driver, which is inside the library and never fails.
    fn workers(limit: usize) -> Arc<Workers> {
        Workers::new(Connect::open(Some("test:///default")).unwrap(), "test".into(), limit)
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(50)
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(20)
    }

    async fn ok(workers: &Arc<Workers>) -> u32 {
        workers.run(later(), |_| (), |c| c.num_of_domains().unwrap()).await.unwrap().unwrap()
    }

    async fn until(true_soon: impl Fn() -> bool) {
        while !true_soon() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    #[tokio::test]
    async fn work_is_done_by_a_bounded_set_of_threads() {
        let workers = workers(2);
        let calls: Vec<_> = (0..20)
            .map(|_| {
                let workers = workers.clone();
                tokio::spawn(async move { ok(&workers).await })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap(), 1);
        }
        assert!(hold(&workers.queue).threads <= 2);
    }

    #[tokio::test]
    async fn a_call_that_does_not_return_is_abandoned_and_found_again() {
        let workers = workers(2);
        let notes = Arc::new(Mutex::new(Vec::new()));
        let (release, wait) = mpsc::channel::<()>();
        let noted = notes.clone();
        let note = move |hangs| hold(&noted).push(hangs);
        let given_up = workers.run(soon(), note, move |_| wait.recv()).await.unwrap_err();
        assert_eq!(given_up, GivenUp::Abandoned { lost: 1 });
        assert_eq!(*hold(&notes), [true]);
        assert!(!workers.exhausted());
        ok(&workers).await;

        drop(release);
        until(|| *hold(&notes) == [true, false]).await;
        assert_eq!((workers.abandoned(), workers.lost.load(Ordering::Relaxed)), (1, 0));
    }

    #[tokio::test]
    async fn what_waited_in_vain_is_never_begun() {
        let workers = workers(1);
        let (release, wait) = mpsc::channel::<()>();
        let hangs = workers.run(soon(), |_| (), move |_| wait.recv()).await.unwrap_err();
        assert_eq!(hangs, GivenUp::Abandoned { lost: 1 });
        assert!(workers.exhausted());

        let (begun, heard) = mpsc::channel();
        let given_up = workers.run(soon(), |_| (), move |_| begun.send(())).await.unwrap_err();
        assert_eq!(given_up, GivenUp::Withdrawn);
        drop(release);
        ok(&workers).await;
        assert!(heard.try_recv().is_err(), "nobody wanted it any more");
    }

    #[tokio::test]
    async fn closing_tells_those_who_wait() {
        let workers = workers(1);
        let (_release, wait) = mpsc::channel::<()>();
        let _ = workers.run(soon(), |_| (), move |_| wait.recv()).await;
        let waiting = tokio::spawn({
            let workers = workers.clone();
            async move { workers.run(later(), |_| (), |_| ()).await }
        });
        until(|| !hold(&workers.queue).jobs.is_empty()).await;
        workers.close();
        assert!(matches!(waiting.await.unwrap(), Ok(Err(HostError::Unreachable(_)))));
        let after = workers.run(later(), |_| (), |_| ()).await;
        assert!(matches!(after, Ok(Err(HostError::Unreachable(_)))));
    }

    #[tokio::test]
    async fn a_panic_costs_its_caller_only() {
        let workers = workers(1);
        let answer = workers.run(later(), |_| (), |_| panic!("a bug")).await;
        assert!(matches!(answer, Ok(Err(_))));
        ok(&workers).await;
    }
}
