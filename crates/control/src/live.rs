//! The live stream's source: the database tells after every commit what changed (triggers of migration 0003);
//! here the change is read once, with its place in the tree, and offered to all listeners. A slow listener
//! loses the oldest changes and is told so; it then fetches anew. Nobody who may not see an object hears of it.

mod rows;

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use model::id::Kind;
use model::live::{Change, LiveChange};
use serde::Serialize;
use store::{PgConnection, StoreResult};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::App;
use crate::{Ctx, Outcome};
use rows::Rows;

/// How far a listener may lag behind.
const BACKLOG: usize = 4096;
/// How many notices are read together at most.
const TOGETHER: usize = 500;

/// Somebody's access may have ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Access {
    /// The session with this hash is gone.
    Session(String),
    /// A permission of this principal was taken away.
    Principal(Uuid),
}

/// A change on its way to everybody, put into words once for all of them.
#[derive(Debug)]
pub struct Told {
    change: LiveChange,
    words: OnceLock<String>,
}

impl Told {
    /// The change as `form` makes it, which is asked once whoever hears it.
    pub fn words(&self, form: impl FnOnce(&LiveChange) -> String) -> &str {
        self.words.get_or_init(|| form(&self.change))
    }
}

impl From<LiveChange> for Told {
    fn from(change: LiveChange) -> Self {
        Told { change, words: OnceLock::new() }
    }
}

impl std::ops::Deref for Told {
    type Target = LiveChange;

    fn deref(&self) -> &LiveChange {
        &self.change
    }
}

pub struct Live {
    changes: broadcast::Sender<Arc<Told>>,
    access: broadcast::Sender<Access>,
    connected: AtomicBool,
}

impl Default for Live {
    fn default() -> Self {
        Live {
            changes: broadcast::Sender::new(BACKLOG),
            access: broadcast::Sender::new(BACKLOG),
            connected: AtomicBool::new(false),
        }
    }
}

impl Live {
    pub fn changes(&self) -> broadcast::Receiver<Arc<Told>> {
        self.changes.subscribe()
    }

    pub fn access(&self) -> broadcast::Receiver<Access> {
        self.access.subscribe()
    }

    /// Whether the database is heard just now.
    pub fn connected(&self) -> bool {
        self.connected.load(Ordering::Relaxed)
    }
}

/// Whether this person may hear of the change. A job is heard by whoever sees one of the objects that it is about, an
/// event by whoever has it in the list; what is gone, by those who were shown it from above or held a permission on it.
pub async fn may_hear(ctx: &Ctx, change: &LiveChange) -> Outcome<bool> {
    if ctx.has_changed_password().is_err() {
        return Ok(false);
    }
    let user = ctx.viewer().user;
    if ctx.who.all || change.principals.iter().any(|p| *p == user || *p == model::EVERYONE) {
        return Ok(true);
    }
    let mut c = ctx.app.conn().await?;
    if change.change == Change::Removed {
        return Ok(store::objects::shown_below(&mut c, user, &change.scope, Some(change.kind)).await?);
    }
    if change.kind == Kind::Event {
        let number = model::event::EventRow::number(change.id).unwrap_or_default();
        return Ok(store::events::seen(&mut c, user, number).await?);
    }
    let seen = match change.kind {
        Kind::Job => change.scope.as_slice(),
        _ => std::slice::from_ref(&change.id),
    };
    for object in seen.iter().filter(|object| **object != model::SYSTEM) {
        if store::objects::visible(&mut c, user, *object).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Hears the database until told to end. A lost connection is made again here, not by the listener, which would
/// keep the loss to itself.
pub async fn listen(app: App, end: CancellationToken) {
    while !end.is_cancelled() {
        let heard = tokio::select! {
            () = end.cancelled() => return,
            heard = hear(&app) => heard,
        };
        app.live.connected.store(false, Ordering::Relaxed);
        match heard {
            Ok(()) => tracing::warn!("the live stream lost the database and begins anew"),
            Err(error) => tracing::warn!(%error, "the live stream lost the database and begins anew"),
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {}
        }
    }
}

/// Returns when the connection is lost. What is heard while something is read is read together afterwards.
async fn hear(app: &App) -> StoreResult<()> {
    let mut listener = store::listen(&app.pool, &["changes", "access"]).await?;
    listener.eager_reconnect(false);
    app.live.connected.store(true, Ordering::Relaxed);
    let (heard, notices) = mpsc::channel(BACKLOG);
    tokio::select! {
        lost = take(&mut listener, heard) => lost,
        told = tell(app, notices) => told,
    }
}

/// A channel of the database's, and what was said on it.
type Notice = (String, String);

async fn take(listener: &mut store::PgListener, heard: mpsc::Sender<Notice>) -> StoreResult<()> {
    while let Some(notice) = listener.try_recv().await? {
        if heard.send((notice.channel().to_owned(), notice.payload().to_owned())).await.is_err() {
            break;
        }
    }
    Ok(())
}

async fn tell(app: &App, mut notices: mpsc::Receiver<Notice>) -> StoreResult<()> {
    let mut batch = Vec::new();
    while notices.recv_many(&mut batch, TOGETHER).await > 0 {
        let batch = once_each(std::mem::take(&mut batch));
        for (_, payload) in batch.iter().filter(|(channel, _)| channel == "access") {
            tell_access(app, payload);
        }
        // What nobody listens to is not read either.
        if app.live.changes.receiver_count() == 0 {
            continue;
        }
        let mut c = app.pool.acquire().await?;
        let changes: Vec<String> = batch
            .into_iter()
            .filter(|(channel, _)| channel != "access")
            .map(|(_, payload)| payload)
            .collect();
        let mut rows = Rows::read(&mut c, &changes).await?;
        for payload in &changes {
            if let Some(change) = read(&mut c, payload, &mut rows).await? {
                let _ = app.live.changes.send(Arc::new(change.into()));
            }
        }
    }
    Ok(())
}

/// What is the same is told once. An object that was made and changed at once was made; of one that is gone only
/// that is told.
fn once_each(batch: Vec<Notice>) -> Vec<Notice> {
    let object = |payload: &str| payload.rsplit_once(" changed").map(|(object, _)| object.to_owned());
    let told: HashSet<String> = batch.iter().map(|(_, payload)| payload.clone()).collect();
    let gone = |object: &str| told.iter().any(|p| p.starts_with(&format!("{object} removed")));
    let mut seen = HashSet::new();
    let needless = |payload: &str| {
        object(payload).is_some_and(|object| told.contains(&format!("{object} added")) || gone(&object))
    };
    batch.into_iter().filter(|(_, payload)| !needless(payload) && seen.insert(payload.clone())).collect()
}

fn tell_access(app: &App, payload: &str) {
    let told = match payload.split_once(' ') {
        Some(("session", id)) => Some(Access::Session(id.to_owned())),
        Some(("principal", id)) => id.parse().ok().map(Access::Principal),
        _ => None,
    };
    if let Some(access) = told {
        let _ = app.live.access.send(access);
    }
}

/// "vm <id> changed", "vm <id> removed <ancestors>", "event <number> added".
async fn read(c: &mut PgConnection, payload: &str, rows: &mut Rows) -> StoreResult<Option<LiveChange>> {
    let mut words = payload.split(' ');
    let (Some(kind), Some(id), Some(change)) = (words.next(), words.next(), words.next()) else {
        return Ok(None);
    };
    if kind == "event" {
        let change = if change == "added" { Change::Added } else { Change::Changed };
        return event(c, id, change).await;
    }
    let (Ok(kind), Ok(id)) = (Kind::from_str(kind), id.parse::<Uuid>()) else { return Ok(None) };
    let change = match change {
        "removed" => Change::Removed,
        "added" => Change::Added,
        _ => Change::Changed,
    };
    let mut heard =
        LiveChange { kind, id, version: i64::MAX, change, scope: vec![], principals: vec![], row: None };
    // A tag, a bookmark and a directory have no place and no row: whoever shows them asks for all.
    if change == Change::Removed || matches!(kind, Kind::Tag | Kind::Bookmark | Kind::Directory | Kind::Role)
    {
        heard.scope = ids(words.next());
        heard.principals = ids(words.next());
        return Ok(Some(heard));
    }
    if kind == Kind::Job {
        return job(c, heard).await;
    }
    heard.scope = rows.scopes.remove(&id).unwrap_or_default();
    heard.row = rows.found.remove(&id);
    // Gone meanwhile: its removal tells.
    let Some(row) = &heard.row else { return Ok(None) };
    heard.version = row.get("version").and_then(serde_json::Value::as_i64).unwrap_or_default();
    Ok(Some(heard))
}

fn ids(word: Option<&str>) -> Vec<Uuid> {
    word.unwrap_or_default().split(',').filter_map(|id| id.parse().ok()).collect()
}

/// A job has no place of its own either, and no version: its steps are counted.
async fn job(c: &mut PgConnection, mut heard: LiveChange) -> StoreResult<Option<LiveChange>> {
    let id = model::JobId(heard.id);
    let everyone = store::Viewer { user: Uuid::nil(), all: true, now: time::OffsetDateTime::UNIX_EPOCH };
    let Some(job) = store::jobs::get(c, everyone, id).await? else { return Ok(None) };
    heard.scope = store::jobs::objects(c, id).await?;
    heard.principals = store::jobs::owner(c, id).await?.map(|user| user.0).into_iter().collect();
    heard.version = job.steps_done.into();
    heard.row = json(&job);
    Ok(Some(heard))
}

/// An event has no place of its own: it is shown with what it is about and all that was above that, and with its job.
async fn event(c: &mut PgConnection, number: &str, change: Change) -> StoreResult<Option<LiveChange>> {
    let Ok(number) = number.parse::<i64>() else { return Ok(None) };
    let Some(event) = store::events::get(c, number).await? else { return Ok(None) };
    let mut scope = store::events::scope(c, number).await?;
    scope.extend(event.job);
    Ok(Some(LiveChange {
        kind: Kind::Event,
        id: event.uuid(),
        version: number,
        change,
        scope,
        principals: store::events::author(c, number).await?.into_iter().collect(),
        row: json(&event),
    }))
}

fn json<T: Serialize>(row: &T) -> Option<serde_json::Value> {
    serde_json::to_value(row).ok()
}
