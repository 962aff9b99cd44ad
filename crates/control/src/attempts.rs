//! Wrong passwords and codes, counted by account in one place, whatever they were for and wherever they came from:
//! after five within a quarter of an hour the account is locked for as long. An attempt is counted before it is looked
//! at, so that many at once are no more than five. How often one address may come is the server's to say.

use model::event::EventKind;
use model::id::Kind;
use model::{Fault, Refusal, Text, UserId};
use store::attempts::Rule;
use store::audit::Outcome as Ended;
use store::events::NewEvent;
use time::Duration;

use crate::app::{App, Tx, commit};
use crate::audit::{self, Whence};
use crate::{Ctx, Outcome, events, passwords};

/// How many wrong ones lock an account, and both how long they count and how long the lock lasts.
pub const RULE: Rule = Rule { most: 5, span: Duration::minutes(15) };

/// An attempt that was let through.
pub struct Attempt {
    account: String,
    /// The one that locks the account, if it is wrong.
    last: bool,
}

/// As it is counted: `Admin@internal` is no account of its own.
pub fn account(principal: &str) -> String {
    principal.to_lowercase()
}

/// Counts an attempt for `principal`, or refuses it since the account is locked.
pub async fn begin(app: &App, principal: &str, whence: Whence<'_>) -> Outcome<Attempt> {
    let account = account(principal);
    let mut tx = app.begin().await?;
    let counted = store::attempts::count(&mut tx, &account, app.now(), &RULE).await?;
    if let Some(n) = counted {
        commit(tx).await?;
        return Ok(Attempt { account, last: n >= RULE.most });
    }
    let until = store::attempts::locked(&mut tx, &account, app.now(), &RULE).await?;
    let kind = EventKind::SignInFailed;
    let event = event(kind, principal, None, whence);
    audit::told(&mut tx, app.now(), &event, (None, principal), whence, Ended::Refused).await?;
    commit(tx).await?;
    let wait = until.map_or(RULE.span, |until| until - app.now());
    let minutes = (wait.whole_seconds() + 59) / 60;
    Err(Refusal::new("refusal-account-locked").with("minutes", minutes.max(1)).into())
}

impl Attempt {
    /// It was right, and all that is asked for.
    pub async fn succeeded(&self, tx: &mut Tx) -> Outcome<()> {
        store::attempts::forget(tx, &self.account).await?;
        Ok(())
    }

    /// It was right, but more is asked for: what was wrong before still counts.
    pub async fn passed(&self, tx: &mut Tx) -> Outcome<()> {
        Ok(store::attempts::forgive_one(tx, &self.account).await?)
    }

    /// It was wrong. Only of an account that there is does an event tell that it is locked now.
    pub async fn failed(
        &self,
        tx: &mut Tx,
        app: &App,
        principal: &str,
        user: Option<(UserId, &str)>,
        whence: Whence<'_>,
    ) -> Outcome<()> {
        tell(tx, app, EventKind::SignInFailed, principal, user, whence).await?;
        if self.last && user.is_some() {
            tell(tx, app, EventKind::AccountLocked, principal, user, whence).await?;
        }
        Ok(())
    }
}

fn event<'a>(
    kind: EventKind,
    principal: &'a str,
    user: Option<(UserId, &'a str)>,
    whence: Whence<'a>,
) -> NewEvent<'a> {
    let text = Text::new(kind.key()).with("user", principal).with("address", whence.address);
    let text = text.with("name", principal);
    let objects = user.map(|(id, name)| (Kind::User, id.0, name.to_owned())).into_iter().collect();
    // Who failed to sign in as somebody is not known to be that person.
    let known = matches!(kind, EventKind::SignedIn | EventKind::RecoveryCodeUsed | EventKind::UserAdded);
    let author = user.filter(|_| known).map(|(id, _)| (id.0, principal));
    NewEvent { kind, text, user: author, correlation: Some(whence.correlation), job: None, objects }
}

/// Tells what happened at the door, where there is no `Ctx` yet, and notes it.
pub async fn tell(
    tx: &mut Tx,
    app: &App,
    kind: EventKind,
    principal: &str,
    user: Option<(UserId, &str)>,
    whence: Whence<'_>,
) -> Outcome<()> {
    let mut event = event(kind, principal, user, whence);
    if kind == EventKind::SignInFailed {
        event.objects.clear();
    }
    events::write(tx, app.now(), &event).await?;
    let outcome = match kind {
        EventKind::SignInFailed | EventKind::AccountLocked => Ended::Failed,
        _ => Ended::Done,
    };
    let actor = (event.user.map(|(id, _)| id), principal);
    audit::told(tx, app.now(), &event, actor, whence, outcome).await
}

/// Whether this is the password of who asks; a wrong one counts.
pub(crate) async fn own_password(ctx: &Ctx, given: &str) -> Outcome<bool> {
    let user = ctx.who.id.ok_or(Fault::SignedOut)?;
    let whence = Whence { address: &ctx.address, correlation: &ctx.correlation };
    let attempt = begin(&ctx.app, &ctx.who.principal, whence).await?;
    let hash = store::accounts::password(&mut *ctx.app.conn().await?, user).await?;
    let fits = passwords::verify(given, hash).await?;
    let mut tx = ctx.app.begin().await?;
    match fits {
        true => attempt.succeeded(&mut tx).await?,
        false => {
            let name = ctx.who.principal.split('@').next().unwrap_or_default();
            attempt.failed(&mut tx, &ctx.app, &ctx.who.principal, Some((user, name)), whence).await?;
        }
    }
    commit(tx).await?;
    Ok(fits)
}
