//! The audit: every event that has somebody behind it, and every refusal, once more, where nobody can take it back
//! without its showing. Each row has the hash of the one before and itself; `verify` walks that chain. The rows are
//! joined by the schema at the commit of the deed (migration 0030 says why there), and hashed here once more, so that
//! who can change a function of the database still has to explain a chain that does not fit.

use model::Fault;
use model::id::Kind;
use sha2::{Digest, Sha256};
use store::PgConnection;
use store::audit::{Entry, NewEntry, Outcome as Ended};
use store::events::NewEvent;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::app::{App, commit};
use crate::{Ctx, Outcome, Who};

/// How many rows are read at once.
const STRIDE: i64 = 5_000;
/// Nobody has signed in.
const NOBODY: &str = "";

/// Where a request came from, before or beside its `Ctx`.
#[derive(Debug, Clone, Copy)]
pub struct Whence<'a> {
    pub address: &'a str,
    pub correlation: &'a str,
}

/// Notes an event with somebody behind it, in the transaction that tells it.
pub async fn deed(c: &mut PgConnection, ctx: &Ctx, event: &NewEvent<'_>) -> Outcome<()> {
    let actor = (ctx.who.id.map(|id| id.0), ctx.who.principal.as_str());
    let whence = Whence { address: &ctx.address, correlation: &ctx.correlation };
    told(c, ctx.app.now(), event, actor, whence, Ended::Done).await
}

/// The same for what happens before there is a `Ctx`: signing in.
pub async fn told(
    c: &mut PgConnection,
    now: OffsetDateTime,
    event: &NewEvent<'_>,
    (actor_id, actor): (Option<Uuid>, &str),
    whence: Whence<'_>,
    outcome: Ended,
) -> Outcome<()> {
    let entry = NewEntry {
        at: now,
        actor_id,
        actor,
        address: whence.address,
        action: event.kind.key().trim_start_matches("event-"),
        object: event.objects.first().map(|(kind, id, name)| (kind.as_str(), *id, name.as_str())),
        outcome,
        message: &event.text.to_string(),
        correlation: whence.correlation,
    };
    Ok(store::audit::add(c, &entry).await?)
}

/// What somebody asked to be done and was refused: the address that they sent it to stands for the deed.
pub struct Refused<'a> {
    /// None is somebody who is not signed in.
    pub who: Option<&'a Who>,
    pub path: &'a str,
    pub object: Option<(Kind, Uuid)>,
}

pub async fn refused(app: &App, refused: Refused<'_>, whence: Whence<'_>) -> Outcome<()> {
    let mut tx = app.begin().await?;
    let entry = NewEntry {
        at: app.now(),
        actor_id: refused.who.and_then(|who| who.id).map(|id| id.0),
        actor: refused.who.map_or(NOBODY, |who| &who.principal),
        address: whence.address,
        action: refused.path,
        object: refused.object.map(|(kind, id)| (kind.as_str(), id, "")),
        outcome: Ended::Refused,
        message: "",
        correlation: whence.correlation,
    };
    store::audit::add(&mut tx, &entry).await?;
    commit(tx).await
}

/// How far a chain is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub rows: i64,
    /// The newest row's hash; kept elsewhere, it shows whether rows were cut off at the end.
    pub head: String,
    pub broken: Option<Broken>,
}

/// The first row that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub seq: i64,
    pub what: Flaw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Another row stands in its place in the order, or none.
    Missing,
    /// It is not what was hashed, or the one before it is not.
    Changed,
    /// It is not the row that was the newest when its hash was noted.
    NotTheNoted,
}

/// Walks the chain from its beginning. `noted` is the head of an earlier walk.
pub async fn verify(app: &App, noted: Option<(i64, &str)>) -> Outcome<Verdict> {
    let mut c = app.conn().await?;
    let mut walk = Walk { seq: 0, hash: Vec::new() };
    let mut broken = None;
    'all: loop {
        let rows = store::audit::behind(&mut c, walk.seq, STRIDE).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let flaw = walk.step(row).err();
            broken = flaw.or_else(|| other_than(noted, &walk));
            if broken.is_some() {
                break 'all;
            }
        }
    }
    let short = noted.filter(|(seq, _)| broken.is_none() && *seq > walk.seq);
    let cut = short.map(|_| Broken { seq: walk.seq + 1, what: Flaw::Missing });
    Ok(Verdict { rows: walk.seq, head: hex(&walk.hash), broken: broken.or(cut) })
}

fn other_than(noted: Option<(i64, &str)>, walk: &Walk) -> Option<Broken> {
    let (seq, hash) = noted.filter(|(seq, _)| *seq == walk.seq)?;
    (hash != hex(&walk.hash)).then_some(Broken { seq, what: Flaw::NotTheNoted })
}

/// The last row that fitted.
struct Walk {
    seq: i64,
    hash: Vec<u8>,
}

impl Walk {
    fn step(&mut self, row: &Entry) -> Result<(), Broken> {
        let expected = self.seq + 1;
        if row.seq != expected {
            return Err(Broken { seq: expected, what: Flaw::Missing });
        }
        if hash(&self.hash, row) != row.hash {
            return Err(Broken { seq: row.seq, what: Flaw::Changed });
        }
        self.seq = row.seq;
        self.hash.clone_from(&row.hash);
        Ok(())
    }
}

/// As `audit_join` in the schema makes it.
fn hash(before: &[u8], row: &Entry) -> Vec<u8> {
    let micros = row.at.unix_timestamp_nanos() / 1000;
    let (actor, object) = (row.actor_id.map(|id| id.to_string()), row.object_id.map(|id| id.to_string()));
    let words = [
        Some(row.seq.to_string()),
        Some(micros.to_string()),
        actor,
        Some(row.actor.clone()),
        Some(row.address.clone()),
        Some(row.action.clone()),
        row.object_kind.clone(),
        object,
        row.object_name.clone(),
        Some(row.outcome.clone()),
        Some(row.message.clone()),
        Some(row.correlation.clone()),
    ];
    let text: String = words.into_iter().map(word).collect();
    Sha256::new().chain_update(before).chain_update(text).finalize().to_vec()
}

fn word(word: Option<String>) -> String {
    word.map_or_else(|| "-,".to_owned(), |word| format!("{}:{word},", word.len()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The newest rows, the oldest of them first.
pub async fn newest(app: &App, most: u32) -> Result<Vec<Entry>, Fault> {
    let mut c = app.conn().await?;
    let head = store::audit::head(&mut c).await?;
    Ok(store::audit::behind(&mut c, (head - i64::from(most)).max(0), most.into()).await?)
}
