//! Who holds what on an object, giving and taking it, and why somebody may do something. Whoever manages permissions
//! somewhere (action group 502) does so there and below; what they may give is the model's rule.

use std::str::FromStr;

use model::event::EventKind;
use model::id::Kind;
use model::permission::{
    Ask, Explained, Give, Given, Offer, PermissionRow, Permissions, Principal, PrincipalKind, Standing,
    deeds, may_end, may_give, may_give_oneself, may_take, named,
};
use model::{Action, EVERYONE, Fault, PermissionId, Refusal, RoleId, SYSTEM, Text, UserId};
use store::permissions::{self as table, Of};
use store::{PgConnection, Viewer};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::app::{Tx, commit};
use crate::ctx::unknown;
use crate::{Ctx, Outcome, events};

mod ending;

pub(crate) use ending::end;

/// How many names a dialog completes from.
const NAMES: i64 = 500;

/// What this person holds on the object, if they see it.
async fn standing(ctx: &Ctx, c: &mut PgConnection, (kind, object): (Kind, Uuid)) -> Outcome<Standing> {
    let Some(user) = ctx.who.id else {
        return Ok(Standing { visible: true, super_user: true, ..Standing::default() });
    };
    ctx.has_changed_password()?;
    let standing = table::standing(c, user.0, object).await?;
    if standing.visible { Ok(standing) } else { Err(Fault::NotFound { kind }) }
}

/// The same of somebody who may manage permissions there.
pub(crate) async fn manages(
    ctx: &Ctx,
    c: &mut PgConnection,
    on: (Kind, Uuid),
    action: Action,
) -> Outcome<Standing> {
    let standing = standing(ctx, c, on).await?;
    if standing.manages() { Ok(standing) } else { Err(not_permitted(action)) }
}

fn not_permitted(action: Action) -> Fault {
    Fault::Forbidden(Refusal::new("refusal-not-permitted").with("action", action.text()))
}

/// The object's name, if it is there and of that kind.
async fn name(c: &mut PgConnection, (kind, object): (Kind, Uuid)) -> Outcome<String> {
    let found = table::object(c, object).await?.filter(|(known, _)| known == kind.as_str());
    Ok(found.ok_or(Fault::NotFound { kind })?.1)
}

fn everybody(ctx: &Ctx) -> Viewer {
    Viewer { all: true, ..ctx.viewer() }
}

/// On the object and above it. Who has no business with others' permissions is shown their own.
pub async fn on(ctx: &Ctx, kind: Kind, object: Uuid) -> Outcome<Permissions> {
    let mut c = ctx.app.conn().await?;
    let standing = standing(ctx, &mut c, (kind, object)).await?;
    name(&mut c, (kind, object)).await?;
    let person = ctx.who.id.map(|id| id.0).filter(|_| !standing.sees_all());
    let of = Of { object: Some(object), person, ..Of::default() };
    Ok(Permissions { managed: standing.manages(), rows: table::list(&mut c, everybody(ctx), of).await? })
}

/// Of a person, of their groups and of Everyone; of oneself, or of all whom one may manage.
pub async fn of_user(ctx: &Ctx, user: UserId) -> Outcome<Permissions> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    if ctx.who.id != Some(user) {
        ctx.may(&mut c, Kind::System, SYSTEM, Action::ManageUsers).await?;
    }
    let of = Of { person: Some(user.0), ..Of::default() };
    Ok(Permissions { managed: false, rows: table::list(&mut c, ctx.viewer(), of).await? })
}

/// With a role, on what this person sees.
pub async fn of_role(ctx: &Ctx, role: RoleId) -> Outcome<Permissions> {
    crate::roles::get(ctx, role).await?;
    let of = Of { role: Some(role.0), ..Of::default() };
    Ok(Permissions {
        managed: false,
        rows: table::list(&mut *ctx.app.conn().await?, ctx.viewer(), of).await?,
    })
}

/// What this person can give on the object, and to whom.
pub async fn offer(ctx: &Ctx, kind: Kind, object: Uuid) -> Outcome<Offer> {
    let mut c = ctx.app.conn().await?;
    let giver = manages(ctx, &mut c, (kind, object), Action::GrantPermission).await?;
    let roles = store::roles::list(&mut c, None).await?.into_iter();
    let fits = |role: &model::role::RoleRow| may_give(&giver, &given(role), kind).is_ok();
    let (principals, met) = names(ctx, &mut c, &giver, object).await?;
    Ok(Offer {
        object: named(kind, &name(&mut c, (kind, object)).await?).to_string(),
        principals,
        met,
        roles: roles.filter(fits).map(|role| (role.id, role.config.name)).collect(),
    })
}

/// Whoever shares what is theirs is not shown whom the whole directory has: a name that they know is taken as it is
/// written, and completed are those whom they have met.
async fn names(
    ctx: &Ctx,
    c: &mut PgConnection,
    giver: &Standing,
    object: Uuid,
) -> Outcome<(Vec<String>, bool)> {
    match ctx.who.id.filter(|_| !giver.super_user && !giver.administrative) {
        Some(user) => Ok((table::met(c, user.0, object, NAMES).await?, true)),
        None => Ok((table::names(c, NAMES).await?, false)),
    }
}

fn given(role: &model::role::RoleRow) -> Given<'_> {
    Given { administrative: role.config.administrative, groups: &role.config.groups }
}

/// Gives a role on an object to a user, a group or Everyone, for good or until a time. What is held already stays as it
/// is; what would end otherwise ends then.
pub async fn grant(ctx: &Ctx, kind: Kind, object: Uuid, give: &Give) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let giver = manages(ctx, &mut tx, (kind, object), Action::GrantPermission).await?;
    let name = name(&mut tx, (kind, object)).await?;
    give.errors(ctx.app.now()).into_result()?;
    let principal = principal(&mut tx, &give.principal).await?;
    if table::has_left(&mut tx, principal.id).await? {
        return Err(Fault::field("principal", Text::new("principal-left").with("name", principal.name)));
    }
    let name = if kind == Kind::System { "System" } else { &name };
    let role = RoleId(give.role);
    self::give(ctx, &mut tx, &giver, (kind, object, name), (&principal, role, give.until)).await?;
    commit(tx).await
}

pub(crate) async fn give(
    ctx: &Ctx,
    tx: &mut Tx,
    giver: &Standing,
    (kind, object, name): (Kind, Uuid, &str),
    (principal, role, until): (&Principal, RoleId, Option<OffsetDateTime>),
) -> Outcome<()> {
    if !store::objects::hold(tx, object).await? {
        return Err(Fault::NotFound { kind });
    }
    let known = store::roles::hold(tx, role).await?;
    let role = known.ok_or_else(|| Fault::field("role", Text::new("field-unknown-choice")))?;
    may_give(giver, &given(&role), kind).map_err(Fault::Forbidden)?;
    if ctx.who.id.is_some_and(|own| own.0 == principal.id) {
        let told = may_give_oneself(giver, &given(&role), kind);
        told.map_err(|text| Fault::field("principal", text))?;
    }
    let (id, held) = (PermissionId(ctx.app.ids.uuid()), (role.id, object));
    if table::insert(tx, id, principal.id, held, (ctx.app.now(), until)).await? {
        let on = (kind, object, name.to_owned());
        let given = (principal, role.config.name.as_str());
        return tell(ctx, tx, EventKind::PermissionGranted, on, given, ending::words(until)).await;
    }
    let lasts = table::lasts(tx, principal.id, held).await?;
    may_end(lasts, until, principal).map_err(|text| Fault::field("until", text))
}

/// Takes a permission away that is on this object. What somebody does by it ends; jobs that run go on.
pub async fn remove(ctx: &Ctx, kind: Kind, object: Uuid, id: PermissionId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let taker = manages(ctx, &mut tx, (kind, object), Action::RemovePermission).await?;
    let row = one(ctx, &mut tx, object, id).await?;
    let others = table::other_super_users(&mut tx, id).await?;
    may_take(&taker, &row, object, others)?;
    if !table::remove(&mut tx, id).await? {
        return Err(gone());
    }
    let (kind, object, name) = row.on;
    let name = if kind == Kind::System { "System".to_owned() } else { name };
    let on = (kind, object, name);
    let begun = store::jobs::begun_by(&mut tx, row.principal.id, object).await?;
    let lost = (&row.principal, row.role.1.as_str());
    tell(ctx, &mut tx, EventKind::PermissionRemoved, on, lost, go_on(begun)).await?;
    commit(tx).await
}

/// A job's right was looked at when it was asked for. What was begun is done, and said so where the right ends.
fn go_on(jobs: i64) -> Text {
    match jobs {
        0 => events::word(""),
        n => Text::new("event-jobs-go-on").with("n", n),
    }
}

/// A permission on the object, or above it.
async fn one(ctx: &Ctx, c: &mut PgConnection, object: Uuid, id: PermissionId) -> Outcome<PermissionRow> {
    let of = Of { id: Some(id), object: Some(object), ..Of::default() };
    table::list(c, everybody(ctx), of).await?.pop().ok_or_else(gone)
}

fn gone() -> Fault {
    Fault::refused("refusal-permission-gone")
}

async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: EventKind,
    on: events::About,
    (principal, role): (&Principal, &str),
    more: Text,
) -> Outcome<()> {
    let (role, object) = (events::word(role), events::word(&on.2));
    let args = [("principal", principal.text()), ("role", role), ("object", object), ("reason", more)];
    let mut about = vec![on];
    if principal.kind == PrincipalKind::User {
        let bare = principal.name.split('@').next().unwrap_or_default();
        about.push((Kind::User, principal.id, bare.to_owned()));
    }
    events::tell(tx, ctx, kind, &args, about).await
}

/// Whom a name means: somebody known, or Everyone.
async fn principal(c: &mut PgConnection, typed: &str) -> Outcome<Principal> {
    let typed = typed.trim();
    let wrong = |text: Text| Fault::field("principal", text);
    if typed.is_empty() {
        return Err(wrong(Text::new("field-required")));
    }
    model::field::line(typed, 512).map_err(wrong)?;
    if typed.eq_ignore_ascii_case("everyone") || typed == model::text::t("principal-everyone") {
        return Ok(Principal { id: EVERYONE, kind: PrincipalKind::Everyone, name: String::new() });
    }
    let mut found = table::named(c, typed).await?;
    let unknown = || wrong(Text::new("principal-unknown").with("name", typed));
    if found.len() > 1 {
        let names: Vec<String> = found.into_iter().map(|one| one.name).collect();
        return Err(wrong(
            Text::new("principal-ambiguous").with("name", typed).with("names", names.join(", ")),
        ));
    }
    found.pop().ok_or_else(unknown)
}

/// Why somebody may do something on an object, or what is missing. Of oneself everybody may ask; of others those who see
/// what they hold there.
pub async fn explain(ctx: &Ctx, ask: &Ask) -> Outcome<Explained> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    let object = asked_object(&mut c, ask).await?.ok_or_else(|| unknown("object", ask.kind))?;
    let standing = match standing(ctx, &mut c, (ask.kind, object)).await {
        Err(Fault::NotFound { kind }) => return Err(unknown("object", kind)),
        other => other?,
    };
    let name = match name(&mut c, (ask.kind, object)).await {
        Err(Fault::NotFound { kind }) => return Err(unknown("object", kind)),
        other => other?,
    };
    let principal = match standing.sees_all() {
        true => principal(&mut c, &ask.principal).await?,
        false => oneself(ctx, &ask.principal)?,
    };
    if !deeds(ask.kind).contains(&ask.action) {
        return Err(Fault::field("action", Text::new("field-unknown-choice")));
    }
    let of = Of { object: Some(object), person: Some(principal.id), ..Of::default() };
    let held = table::list(&mut c, everybody(ctx), of).await?;
    let visible = store::objects::visible(&mut c, principal.id, object).await?;
    Ok(Explained {
        principal: principal.label(),
        object: named(ask.kind, &name),
        action: ask.action,
        answer: model::permission::explain(ask.action, visible, held),
    })
}

/// Whoever is not shown what others hold is not told of whom there is, either.
fn oneself(ctx: &Ctx, typed: &str) -> Outcome<Principal> {
    let typed = typed.trim();
    let bare = ctx.who.principal.split('@').next().unwrap_or_default();
    match ctx.who.id {
        Some(id) if typed == ctx.who.principal || typed == bare => {
            Ok(Principal { id: id.0, kind: PrincipalKind::User, name: ctx.who.principal.clone() })
        }
        _ => Err(not_permitted(Action::GrantPermission)),
    }
}

async fn asked_object(c: &mut PgConnection, ask: &Ask) -> Outcome<Option<Uuid>> {
    if ask.kind == Kind::System {
        return Ok(Some(SYSTEM));
    }
    match Uuid::from_str(ask.object.trim()) {
        Ok(id) => Ok(Some(id)),
        Err(_) => Ok(store::objects::by_name(c, ask.kind, ask.object.trim()).await?),
    }
}
