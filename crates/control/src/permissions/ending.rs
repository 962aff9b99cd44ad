//! The end of permissions that were given until a time. Each is an event and a line of the audit, as if somebody had taken
//! it; what somebody does by it ends as it does then.

use model::Text;
use model::event::EventKind;
use model::id::Kind;
use store::permissions::{self as table, Of};
use time::OffsetDateTime;

use super::{everybody, go_on, tell};
use crate::app::{App, Tx, commit};
use crate::{Ctx, Outcome};

/// At most so many end in one transaction, so that nobody waits for it.
const BITE: i64 = 200;

/// What is said of the end where something is given.
pub(super) fn words(until: Option<OffsetDateTime>) -> Text {
    match until {
        Some(until) => Text::new("event-until").with("day", model::day::text(until)),
        None => crate::events::word(""),
    }
}

/// Ends what is due by now.
pub(crate) async fn end(app: &App) -> Outcome<()> {
    let ctx = Ctx::system(app, "expiry");
    loop {
        let mut tx = app.begin().await?;
        let due = table::due(&mut tx, app.now(), BITE).await?;
        for id in &due {
            end_one(&ctx, &mut tx, Of { id: Some(*id), ..Of::default() }).await?;
        }
        commit(tx).await?;
        if due.len() < usize::try_from(BITE).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}

async fn end_one(ctx: &Ctx, tx: &mut Tx, of: Of) -> Outcome<()> {
    let Some(row) = table::list(tx, everybody(ctx), of).await?.pop() else { return Ok(()) };
    table::remove(tx, row.id).await?;
    let (kind, object, name) = row.on;
    let name = if kind == Kind::System { "System".to_owned() } else { name };
    let begun = store::jobs::begun_by(tx, row.principal.id, object).await?;
    let held = (&row.principal, row.role.1.as_str());
    tell(ctx, tx, EventKind::PermissionEnded, (kind, object, name), held, go_on(begun)).await
}
