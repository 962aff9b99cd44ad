//! Alerts: what stays wrong until somebody does something. One stands until it is acknowledged, by whoever may manage the
//! log (oVirt's AUDIT_LOG_MANAGEMENT) on System or on an object that it is about, or until its cause has gone.

use model::event::{EventKind, EventRow, Severity};
use model::id::Kind;
use model::{Action, Fault, Refusal, SYSTEM, Text};
use store::PgConnection;
use uuid::Uuid;

use crate::app::{Tx, commit};
use crate::{Ctx, Outcome, events};

/// How many of the newest are shown, and dealt with at once.
const MOST: i64 = 200;

/// Those that stand, the newest first.
pub async fn list(ctx: &Ctx) -> Outcome<Vec<EventRow>> {
    ctx.has_changed_password()?;
    Ok(store::events::alerts(&mut *ctx.app.conn().await?, ctx.viewer(), true, MOST).await?)
}

/// Acknowledges one; that somebody was faster is no harm. `id` is what its number is to pages.
pub async fn acknowledge(ctx: &Ctx, id: Uuid) -> Outcome<()> {
    let alert = events::get(ctx, id).await?;
    let mut tx = ctx.app.begin().await?;
    may_manage(ctx, &mut tx, &alert).await?;
    if alert.severity != Severity::Alert {
        return Err(Fault::refused("refusal-no-alert"));
    }
    let n = store::events::acknowledge(&mut tx, &[alert.id], &ctx.who.principal, ctx.app.now()).await?;
    if n > 0 {
        let args = [("alert", alert.text)];
        events::tell(&mut tx, ctx, EventKind::AlertAcknowledged, &args, alert.objects).await?;
    }
    commit(tx).await
}

/// Acknowledges all that stand and that this person may acknowledge.
pub async fn acknowledge_all(ctx: &Ctx) -> Outcome<()> {
    ctx.has_changed_password()?;
    let mut tx = ctx.app.begin().await?;
    let ids = manageable(ctx, &mut tx, true).await?;
    let n = store::events::acknowledge(&mut tx, &ids, &ctx.who.principal, ctx.app.now()).await?;
    told(ctx, tx, EventKind::AlertsAcknowledged, n).await
}

/// Lets all that people acknowledged stand again, where the cause has not gone.
pub async fn restore(ctx: &Ctx) -> Outcome<()> {
    ctx.has_changed_password()?;
    let mut tx = ctx.app.begin().await?;
    let ids = manageable(ctx, &mut tx, false).await?;
    let n = store::events::restore(&mut tx, &ids).await?;
    told(ctx, tx, EventKind::AlertsRestored, n).await
}

/// Nothing done tells nothing.
async fn told(ctx: &Ctx, mut tx: Tx, kind: EventKind, n: u64) -> Outcome<()> {
    if n > 0 {
        let alerts = Text::new("alerts-n").with("n", n);
        events::tell(&mut tx, ctx, kind, &[("alerts", alerts)], Vec::new()).await?;
    }
    commit(tx).await
}

/// Those that this person sees and may manage; refused when there are some and none may be.
async fn manageable(ctx: &Ctx, c: &mut PgConnection, standing: bool) -> Outcome<Vec<i64>> {
    let alerts = store::events::alerts(c, ctx.viewer(), standing, MOST).await?;
    let mut ids = Vec::new();
    for alert in &alerts {
        if may_manage(ctx, c, alert).await.is_ok() {
            ids.push(alert.id);
        }
    }
    if ids.is_empty() && !alerts.is_empty() { Err(refused()) } else { Ok(ids) }
}

/// What it is, and whether this person could acknowledge it now.
pub(crate) async fn look(
    ctx: &Ctx,
    c: &mut PgConnection,
    id: Uuid,
) -> Outcome<(String, Result<(), Refusal>)> {
    let alert = events::get(ctx, id).await?;
    let can = match may_manage(ctx, c, &alert).await {
        Err(Fault::Forbidden(refusal)) => Err(refusal),
        decided => decided.map(|()| alert.acknowledgeable())?,
    };
    Ok((alert.text.to_string(), can))
}

async fn may_manage(ctx: &Ctx, c: &mut PgConnection, alert: &EventRow) -> Outcome<()> {
    let about = alert.objects.iter().map(|(kind, id, _)| (*kind, *id));
    for (kind, object) in about.chain([(Kind::System, SYSTEM)]) {
        match ctx.may(c, kind, object, Action::ManageAlerts).await {
            Err(Fault::NotFound { .. } | Fault::Forbidden(_)) => {}
            decided => return decided,
        }
    }
    Err(refused())
}

fn refused() -> Fault {
    Fault::Forbidden(Refusal::new("refusal-not-permitted").with("action", Action::ManageAlerts.text()))
}
