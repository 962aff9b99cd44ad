//! Roles: whoever administers anything may look at them, making and changing them is a permission on System. A change
//! reaches everybody who has the role, so it may not raise them beyond whoever makes it.

use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::permission::{PermissionRow, named};
use model::role::{EditRole, Editor, RoleConfig, RoleRow, added, may_change};
use model::{Action, Fault, Refusal, RoleId, SYSTEM, Text};
use store::permissions::Of;
use store::roles as table;
use store::{PgConnection, Viewer};

use crate::app::{Tx, commit, name_taken};
use crate::ctx::{in_use, stale};
use crate::{Ctx, Outcome, events};

/// How many lines say where a role is used.
const USES: usize = 20;

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<RoleRow>> {
    Ok(crate::tags::page(all(ctx).await?, query))
}

pub(crate) async fn all(ctx: &Ctx) -> Outcome<Vec<RoleRow>> {
    may_look(ctx)?;
    Ok(table::list(&mut *ctx.app.conn().await?, None).await?)
}

pub async fn get(ctx: &Ctx, id: RoleId) -> Outcome<RoleRow> {
    may_look(ctx)?;
    let found = table::list(&mut *ctx.app.conn().await?, Some(id)).await?.pop();
    found.ok_or(Fault::NotFound { kind: Kind::Role })
}

fn may_look(ctx: &Ctx) -> Outcome<()> {
    ctx.has_changed_password()?;
    if ctx.who.administrator {
        return Ok(());
    }
    let what = model::text::t("tab-roles");
    Err(Fault::Forbidden(Refusal::new("refusal-not-permitted").with("action", what)))
}

pub async fn create(ctx: &Ctx, config: &RoleConfig) -> Outcome<RoleId> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::System, SYSTEM, Action::CreateRole).await?;
    config.errors().into_result()?;
    let id = RoleId(ctx.app.ids.uuid());
    table::insert(&mut tx, id, config).await.map_err(|e| name_taken(e, Kind::Role, &config.name))?;
    tell(ctx, &mut tx, EventKind::RoleAdded, id, &config.name).await?;
    commit(tx).await?;
    Ok(id)
}

pub async fn edit(ctx: &Ctx, id: RoleId, edit: &EditRole) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let before = begin(ctx, &mut tx, id, Action::EditRole).await?;
    edit.config.errors().into_result()?;
    let editor = editor(ctx, &mut tx, id, &added(&before.config.groups, &edit.config.groups)).await?;
    may_change(&editor, &before, &edit.config).map_err(Fault::Forbidden)?;
    let updated = table::update(&mut tx, id, edit.version, &edit.config).await;
    if !updated.map_err(|e| name_taken(e, Kind::Role, &edit.config.name))? {
        return Err(stale(Kind::Role, edit.version));
    }
    tell(ctx, &mut tx, EventKind::RoleUpdated, id, &edit.config.name).await?;
    commit(tx).await
}

async fn editor(ctx: &Ctx, tx: &mut Tx, role: RoleId, added: &[i32]) -> Outcome<Editor> {
    let Some(user) = ctx.who.id else { return Ok(Editor { super_user: true, lacks: Vec::new() }) };
    let super_user = store::permissions::standing(tx, user.0, SYSTEM).await?.super_user;
    Ok(Editor { super_user, lacks: table::lacked(tx, user, role, added).await? })
}

/// Removes a role that nobody has.
pub async fn remove(ctx: &Ctx, id: RoleId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let role = begin(ctx, &mut tx, id, Action::RemoveRole).await?;
    if role.permissions > 0 {
        return Err(in_use(&role.config.name, uses(ctx, &mut tx, id).await?));
    }
    tell(ctx, &mut tx, EventKind::RoleRemoved, id, &role.config.name).await?;
    table::remove(&mut tx, id).await?;
    commit(tx).await
}

/// A role of one's own, taken for the rest of the transaction.
async fn begin(ctx: &Ctx, tx: &mut Tx, id: RoleId, action: Action) -> Outcome<RoleRow> {
    ctx.may(tx, Kind::System, SYSTEM, action).await?;
    let role = table::lock(tx, id).await?.ok_or(Fault::NotFound { kind: Kind::Role })?;
    role.own()?;
    Ok(role)
}

/// By whom it is used, and where.
async fn uses(ctx: &Ctx, c: &mut PgConnection, role: RoleId) -> Outcome<Vec<Text>> {
    let viewer = Viewer { all: true, ..ctx.viewer() };
    let rows = store::permissions::list(c, viewer, Of { role: Some(role.0), ..Of::default() }).await?;
    let line = |row: PermissionRow| {
        let object = named(row.on.0, &row.on.2);
        Text::new("refusal-permission-line").with("principal", row.principal.label()).with("object", object)
    };
    Ok(rows.into_iter().take(USES).map(line).collect())
}

async fn tell(ctx: &Ctx, tx: &mut Tx, kind: EventKind, id: RoleId, name: &str) -> Outcome<()> {
    events::tell(tx, ctx, kind, &[], vec![(Kind::Role, id.0, name.to_owned())]).await
}
