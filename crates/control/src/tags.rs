//! Operations on tags. Everybody may look at them; making and changing them is a permission on System, giving them to
//! an object is one on the object, so that whoever keeps a cluster can sort what is in it.

use std::collections::BTreeSet;

use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::tag::{EditTag, TagConfig, TagRow, may_move};
use model::{Action, Fault, SYSTEM, TagId};
use store::{PgConnection, StoreError, Viewer, tags as table};
use uuid::Uuid;

use crate::app::{Tx, commit, name_taken};
use crate::ctx::{stale, unknown};
use crate::{Ctx, Outcome, events};

mod assign;

pub use assign::{Assigned, assign, tagged};

/// A page of all tags, in the order of the tree.
pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<TagRow>> {
    Ok(page(all(ctx).await?, query))
}

pub(crate) async fn all(ctx: &Ctx) -> Outcome<Vec<TagRow>> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    let viewer = counting(ctx, &mut c).await?;
    Ok(table::list(&mut c, viewer, None).await?)
}

/// The asked part of what is short enough to be read whole.
pub(crate) fn page<T>(all: Vec<T>, query: &ListQuery) -> Page<T> {
    let query = query.clone().bounded();
    let total = all.len() as u64;
    let first = usize::try_from(query.offset()).unwrap_or(usize::MAX);
    let rows = all.into_iter().skip(first).take(query.size as usize).collect();
    Page { rows, total, more: false, query }
}

pub async fn get(ctx: &Ctx, id: TagId) -> Outcome<TagRow> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    let viewer = counting(ctx, &mut c).await?;
    one(&mut c, viewer, id).await
}

async fn one(c: &mut PgConnection, viewer: Viewer, id: TagId) -> Outcome<TagRow> {
    let found = table::list(c, viewer, Some(id)).await?.into_iter().next();
    found.ok_or(Fault::NotFound { kind: Kind::Tag })
}

/// Whoever can remove a tag is told how much carries it, seen or not.
async fn counting(ctx: &Ctx, c: &mut PgConnection) -> Outcome<Viewer> {
    let manages = ctx.may(c, Kind::System, SYSTEM, Action::RemoveTag).await.is_ok();
    Ok(Viewer { all: manages || ctx.who.all, ..ctx.viewer() })
}

/// Lets the tree be changed, by one person at a time.
async fn begin(ctx: &Ctx, action: Action) -> Outcome<Tx> {
    let mut tx = ctx.app.begin().await?;
    ctx.may(&mut tx, Kind::System, SYSTEM, action).await?;
    table::lock(&mut tx).await?;
    Ok(tx)
}

pub async fn create(ctx: &Ctx, config: &TagConfig) -> Outcome<TagId> {
    let mut tx = begin(ctx, Action::CreateTag).await?;
    config.errors().into_result()?;
    has_parent(&mut tx, config).await?;
    let id = TagId(ctx.app.ids.uuid());
    let inserted = table::insert(&mut tx, id, config, ctx.app.now()).await;
    inserted.map_err(|e| refused(e, &config.name))?;
    let about = vec![(Kind::Tag, id.0, config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::TagAdded, &[], about).await?;
    commit(tx).await?;
    Ok(id)
}

/// Changes a tag, or moves it with all that is below it.
pub async fn edit(ctx: &Ctx, id: TagId, edit: &EditTag) -> Outcome<()> {
    let mut tx = begin(ctx, Action::EditTag).await?;
    let parents = table::parents(&mut tx).await?;
    if !parents.iter().any(|(tag, _)| *tag == id) {
        return Err(Fault::NotFound { kind: Kind::Tag });
    }
    edit.config.errors().into_result()?;
    has_parent(&mut tx, &edit.config).await?;
    may_move(&parents, id, edit.config.parent).map_err(|text| Fault::field("parent", text))?;
    let updated = table::update(&mut tx, id, edit.version, &edit.config).await;
    if !updated.map_err(|e| refused(e, &edit.config.name))? {
        return Err(stale(Kind::Tag, edit.version));
    }
    let about = vec![(Kind::Tag, id.0, edit.config.name.clone())];
    events::tell(&mut tx, ctx, EventKind::TagUpdated, &[], about).await?;
    commit(tx).await
}

/// Removes a tag and all below it. What carried them stays as it is otherwise.
pub async fn remove(ctx: &Ctx, id: TagId) -> Outcome<()> {
    let mut tx = begin(ctx, Action::RemoveTag).await?;
    let row = one(&mut tx, Viewer { all: true, ..ctx.viewer() }, id).await?;
    let args = [("objects", events::word(&row.objects.to_string()))];
    let about = vec![(Kind::Tag, id.0, row.name)];
    events::tell(&mut tx, ctx, EventKind::TagRemoved, &args, about).await?;
    table::remove(&mut tx, id).await?;
    commit(tx).await
}

async fn has_parent(c: &mut PgConnection, config: &TagConfig) -> Outcome<()> {
    let above: Vec<Uuid> = config.parent.iter().map(|id| id.0).collect();
    are_there(c, &above, "parent").await
}

/// All of these tags are there, or the field that names them is wrong.
async fn are_there(c: &mut PgConnection, tags: &[Uuid], field: &str) -> Outcome<()> {
    let wanted: BTreeSet<&Uuid> = tags.iter().collect();
    if table::known(c, tags).await?.len() == wanted.len() { Ok(()) } else { Err(unknown(field, Kind::Tag)) }
}

fn refused(error: StoreError, name: &str) -> Fault {
    name_taken(error, Kind::Tag, name)
}
