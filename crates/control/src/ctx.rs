//! Who asks, and the only way to an object: `ctx.may` and its kin. What a person cannot see is not there
//! (404); what they see may still be refused (403). A `Ctx` is made in three places only: the server's session
//! extractor, the token extractor, and `Ctx::system` for the engine itself.

use model::id::Kind;
use model::job::JobRow;
use model::{Action, Fault, JobId, Refusal, Text, UserId, VmId, policy};
use store::{PgConnection, Viewer};
use uuid::Uuid;

use crate::Outcome;
use crate::app::{App, Tx, noun};

/// Who is behind an operation.
#[derive(Debug, Clone)]
pub struct Who {
    /// None is Drover itself.
    pub id: Option<UserId>,
    /// `admin@internal`
    pub principal: String,
    /// A permission on System shows them everything.
    pub all: bool,
    pub must_change_password: bool,
    pub administrator: bool,
}

#[derive(Clone)]
pub struct Ctx {
    pub app: App,
    pub who: Who,
    /// Leads from a click to its job, steps, events and log lines.
    pub correlation: String,
    /// Where the request came from.
    pub address: String,
    /// The hash of the session's id.
    pub session: Option<String>,
}

impl Ctx {
    /// Drover's own doing, for the stated reason.
    pub fn system(app: &App, reason: &str) -> Ctx {
        let who = Who {
            id: None,
            principal: "Drover".to_owned(),
            all: true,
            must_change_password: false,
            administrator: true,
        };
        let correlation = format!("{reason}-{}", &app.ids.uuid().simple().to_string()[..8]);
        Ctx { app: app.clone(), who, correlation, address: String::new(), session: None }
    }

    /// A signed-in person. `None` when the account is gone.
    pub async fn signed_in(
        app: &App,
        user: UserId,
        correlation: String,
        address: String,
        session: Option<String>,
    ) -> Outcome<Option<Ctx>> {
        let mut c = app.conn().await?;
        let Some((me, all)) = store::users::me(&mut c, user).await? else { return Ok(None) };
        let who = Who {
            id: Some(user),
            principal: me.principal,
            all,
            must_change_password: me.must_change_password,
            administrator: me.administrator,
        };
        Ok(Some(Ctx { app: app.clone(), who, correlation, address, session }))
    }

    pub fn viewer(&self) -> Viewer {
        Viewer { user: self.who.id.map_or(Uuid::nil(), |u| u.0), all: self.who.all, now: self.app.now() }
    }

    /// Lets `action` on this object pass, or says why not.
    pub async fn may(&self, c: &mut PgConnection, kind: Kind, object: Uuid, action: Action) -> Outcome<()> {
        let Some(user) = self.who.id else { return Ok(()) };
        self.has_changed_password()?;
        let held = store::objects::held(c, user.0, object).await?;
        policy::decide(&held, action, kind)
    }

    /// Lets something be made below an object, or with it, and keeps that object there until the transaction
    /// ends. One that is gone, or that this person cannot see, is a wrong choice in the form's field.
    pub async fn uses(
        &self,
        tx: &mut Tx,
        (kind, object): (Kind, Uuid),
        action: Action,
        field: &str,
    ) -> Outcome<()> {
        match self.may(tx, kind, object, action).await {
            Err(Fault::NotFound { .. }) => Err(unknown(field, kind)),
            Ok(()) if !store::objects::hold(tx, object).await? => Err(unknown(field, kind)),
            decided => decided,
        }
    }

    /// Lets an object be removed, or moved, and keeps others from using it until the transaction ends.
    pub async fn takes(&self, tx: &mut Tx, kind: Kind, object: Uuid, action: Action) -> Outcome<()> {
        self.may(tx, kind, object, action).await?;
        if store::objects::take(tx, object).await? { Ok(()) } else { Err(Fault::NotFound { kind }) }
    }

    /// Lets the object be looked at.
    pub async fn sees(&self, c: &mut PgConnection, kind: Kind, object: Uuid) -> Outcome<()> {
        self.has_changed_password()?;
        if self.who.all || store::objects::visible(c, self.viewer().user, object).await? {
            return Ok(());
        }
        Err(Fault::NotFound { kind })
    }

    /// A first password opens nothing but the page that changes it.
    pub fn has_changed_password(&self) -> Outcome<()> {
        if self.who.must_change_password {
            return Err(Fault::Forbidden(Refusal::new("refusal-must-change-password")));
        }
        Ok(())
    }

    /// The VM, its row taken for the rest of the transaction, if this person may do that to it.
    pub async fn vm(&self, tx: &mut Tx, id: VmId, action: Action) -> Outcome<store::vms::Vm> {
        self.may(tx, Kind::Vm, id.0, action).await?;
        store::vms::lock(tx, id).await?.ok_or(Fault::NotFound { kind: Kind::Vm })
    }

    /// Puts a job with its locks into the transaction.
    pub async fn enqueue(&self, tx: &mut Tx, job: crate::flows::Order) -> Outcome<JobId> {
        let new = ::jobs::NewJob {
            kind: job.kind,
            title: job.title,
            params: job.params,
            objects: job.objects,
            locks: job.locks,
            owner: self.who.id,
            owner_name: self.who.principal.clone(),
            correlation_id: self.correlation.clone(),
        };
        crate::flows::enqueue(tx, &self.app, new).await
    }

    /// A job that this person may see.
    pub async fn job(&self, c: &mut PgConnection, id: JobId) -> Outcome<JobRow> {
        self.has_changed_password()?;
        store::jobs::get(c, self.viewer(), id).await?.ok_or(Fault::NotFound { kind: Kind::Job })
    }
}

/// Something is still used by others.
pub fn in_use(name: &str, users: Vec<Text>) -> Fault {
    Refusal::new("refusal-in-use").with("name", name).because(users).into()
}

/// Somebody else was faster; the form shows both.
pub fn stale(kind: Kind, version: i64) -> Fault {
    Fault::Stale { kind, version }
}

/// A reference to an object that is not there, at the field that names it.
pub fn unknown(field: &str, kind: Kind) -> Fault {
    Fault::field(field, Text::new("field-unknown-reference").with("kind", noun(kind)))
}
