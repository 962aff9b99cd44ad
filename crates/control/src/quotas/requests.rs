//! Requests for more of a quota. Whoever may use it asks; whoever may change it approves, as much as they see fit, or
//! declines; each hears of the other by events that are about the person and the quota. What is granted is counted by
//! the schema (`quota_uses`) and ends by itself.

use model::event::EventKind;
use model::id::Kind;
use model::quota::QuotaRow;
use model::quota_request::{AskForMore, Grant, RequestRow, RequestState, Requests, Turn, declining};
use model::{Action, Fault, QuotaId, Refusal, RequestId, Text, UserId};
use store::quotas::requests::{self as table, Of};

use crate::app::{App, Tx, commit};
use crate::events::About;
use crate::{Ctx, Outcome, events};

/// At most so many end in one transaction.
const BITE: i64 = 200;

/// Asks for more. One request of one person for a quota is open at a time.
pub async fn ask(ctx: &Ctx, quota: QuotaId, asked: &AskForMore) -> Outcome<RequestId> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Quota, quota.0, Action::AskForQuota).await?;
    let user = ctx.who.id.ok_or_else(|| Fault::refused("refusal-request-nobody"))?;
    let row = held(&mut tx, quota).await?;
    row.askable()?;
    asked.errors(&row, ctx.app.now()).into_result()?;
    let open =
        Of { quota: Some(quota), user: Some(user.0), state: Some(RequestState::Asked), ..Of::default() };
    if !table::list(&mut tx, open).await?.is_empty() {
        return Err(Refusal::new("refusal-request-open").with("quota", &row.config.name).into());
    }
    let id = RequestId(ctx.app.ids.uuid());
    let (wanted, who) = (asked.wanted.fitting(&row), ctx.who.principal.as_str());
    table::insert(&mut tx, (id, quota), (user, who), (&wanted, asked.reason.trim()), ctx.app.now()).await?;
    let request = one(&mut tx, quota, id).await?;
    tell(ctx, &mut tx, EventKind::QuotaAskedFor, &request, ("why", events::word(&request.reason))).await?;
    commit(tx).await?;
    Ok(id)
}

/// Takes one's own request back, while nobody has answered it.
pub async fn withdraw(ctx: &Ctx, quota: QuotaId, id: RequestId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.sees(&mut tx, Kind::Quota, quota.0).await?;
    held(&mut tx, quota).await?;
    let request = one(&mut tx, quota, id).await?;
    if ctx.who.id.is_some_and(|own| own != request.user.0) {
        return Err(gone());
    }
    decide(ctx, &mut tx, &request, Turn::Withdraw, "").await?;
    tell(ctx, &mut tx, EventKind::QuotaRequestWithdrawn, &request, ("word", events::word(""))).await?;
    commit(tx).await
}

/// Grants what was asked for, or what whoever grants makes of it.
pub async fn approve(ctx: &Ctx, quota: QuotaId, id: RequestId, grant: &Grant) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Quota, quota.0, Action::AnswerRequest).await?;
    let row = held(&mut tx, quota).await?;
    let request = one(&mut tx, quota, id).await?;
    request.turn(Turn::Approve)?;
    grant.errors(&row, ctx.app.now()).into_result()?;
    decide(ctx, &mut tx, &request, Turn::Approve, &grant.word).await?;
    table::set_wanted(&mut tx, id, &grant.wanted.fitting(&row)).await?;
    let granted = one(&mut tx, quota, id).await?;
    tell(ctx, &mut tx, EventKind::QuotaRequestApproved, &granted, ("word", word(&grant.word))).await?;
    commit(tx).await
}

/// Says no, and why.
pub async fn decline(ctx: &Ctx, quota: QuotaId, id: RequestId, because: &str) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::Quota, quota.0, Action::AnswerRequest).await?;
    held(&mut tx, quota).await?;
    let request = one(&mut tx, quota, id).await?;
    request.turn(Turn::Decline)?;
    declining(because).into_result()?;
    decide(ctx, &mut tx, &request, Turn::Decline, because).await?;
    tell(ctx, &mut tx, EventKind::QuotaRequestDeclined, &request, ("word", word(because))).await?;
    commit(tx).await
}

/// What this person has asked for, the newest first.
pub async fn mine(ctx: &Ctx) -> Outcome<Vec<RequestRow>> {
    ctx.has_changed_password()?;
    let Some(user) = ctx.who.id else { return Ok(Vec::new()) };
    Ok(table::list(&mut *ctx.app.conn().await?, Of { user: Some(user.0), ..Of::default() }).await?)
}

/// What is asked of a quota: all of it to whoever answers, else one's own.
pub async fn of(ctx: &Ctx, quota: QuotaId) -> Outcome<Requests> {
    let mut c = ctx.app.conn().await?;
    ctx.sees(&mut c, Kind::Quota, quota.0).await?;
    let row = store::quotas::LIST.one(&mut c, quota.0).await?.ok_or(Fault::NotFound { kind: Kind::Quota })?;
    let answers = ctx.may(&mut c, Kind::Quota, quota.0, Action::AnswerRequest).await.is_ok();
    let asks = ctx.may(&mut c, Kind::Quota, quota.0, Action::AskForQuota).await.is_ok();
    let user = ctx.who.id.map(|own| own.0).filter(|_| !answers);
    let rows =
        table::list(&mut c, Of { quota: Some(quota), user, open_first: true, ..Of::default() }).await?;
    Ok(Requests { answers, asks: asks && row.askable().is_ok(), rows })
}

/// Nobody decides on the quota meanwhile.
async fn held(tx: &mut Tx, quota: QuotaId) -> Outcome<QuotaRow> {
    store::quotas::lock(tx, quota).await?.ok_or(Fault::NotFound { kind: Kind::Quota })
}

async fn one(tx: &mut Tx, quota: QuotaId, id: RequestId) -> Outcome<RequestRow> {
    table::lock(tx, quota, id).await?.ok_or_else(gone)
}

fn gone() -> Fault {
    Fault::refused("refusal-request-gone")
}

async fn decide(ctx: &Ctx, tx: &mut Tx, request: &RequestRow, turn: Turn, word: &str) -> Outcome<()> {
    let state = request.turn(turn)?;
    let said = (ctx.who.principal.as_str(), word.trim());
    Ok(table::decide(tx, request.id, state, said, ctx.app.now()).await?)
}

fn word(word: &str) -> Text {
    match word.trim() {
        "" => events::word(""),
        word => Text::new("event-word").with("word", word),
    }
}

/// Of the quota and of whoever asked: both hear of it.
async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: EventKind,
    request: &RequestRow,
    more: (&str, Text),
) -> Outcome<()> {
    let who = events::word(&request.user.1);
    let args = [("who", who), ("amounts", request.amounts()), ("day", request.last_day()), more];
    events::tell(tx, ctx, kind, &args, about(request)).await
}

fn about(request: &RequestRow) -> Vec<About> {
    let (UserId(user), name) = &request.user;
    let bare = name.split('@').next().unwrap_or_default();
    let (quota, called) = &request.quota;
    vec![(Kind::Quota, quota.0, called.clone()), (Kind::User, *user, bare.to_owned())]
}

/// Ends what is due by now: grants, and requests that nobody answered.
pub(crate) async fn end(app: &App) -> Outcome<()> {
    let ctx = Ctx::system(app, "expiry");
    loop {
        let mut tx = app.begin().await?;
        let due = table::due(&mut tx, app.now(), BITE).await?;
        for (id, quota) in &due {
            let request = one(&mut tx, *quota, *id).await?;
            end_one(&ctx, &mut tx, &request, "request-unanswered").await?;
        }
        commit(tx).await?;
        if due.len() < usize::try_from(BITE).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}

/// What runs goes on where the limit is now below what is used; it is said, and nothing more is given.
async fn end_one(ctx: &Ctx, tx: &mut Tx, request: &RequestRow, why: &str) -> Outcome<()> {
    request.turn(Turn::End)?;
    table::end(tx, request.id).await?;
    if request.state == RequestState::Asked {
        return tell(ctx, tx, EventKind::QuotaRequestEnded, request, ("why", Text::new(why))).await;
    }
    let row = store::quotas::LIST.one(tx, request.quota.0.0).await?;
    let over = row.is_some_and(|row| row.over().next().is_some());
    let more = if over { Text::new("event-quota-over") } else { events::word("") };
    tell(ctx, tx, EventKind::QuotaGrantEnded, request, ("over", more)).await
}

/// Whoever still waits for an answer is told that the quota goes.
pub(crate) async fn end_with(ctx: &Ctx, tx: &mut Tx, quota: QuotaId) -> Outcome<()> {
    let open = Of { quota: Some(quota), state: Some(RequestState::Asked), ..Of::default() };
    for request in table::list(tx, open).await? {
        end_one(ctx, tx, &request, "request-quota-removed").await?;
    }
    Ok(())
}
