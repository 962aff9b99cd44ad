//! Tags on and off objects, many at once: each object for itself, so that one that is refused holds up no other.

use model::event::EventKind;
use model::id::Kind;
use model::list::{ListQuery, PAGE_SIZES};
use model::tag::{AssignTags, TAGGED, Tagged};
use model::{Action, Fault, SYSTEM, TagId, Text};
use store::{PgConnection, tags as table};
use uuid::Uuid;

use super::are_there;
use crate::app::commit;
use crate::{Ctx, Outcome, events};

/// What became of one object.
#[derive(Debug)]
pub struct Assigned {
    pub object: Uuid,
    /// None when it is not there, or not to be seen.
    pub name: Option<String>,
    pub outcome: Outcome<()>,
}

/// Gives tags to objects of one kind and takes others away, as far as each object lets this person.
pub async fn assign(ctx: &Ctx, kind: Kind, objects: &[Uuid], change: &AssignTags) -> Outcome<Vec<Assigned>> {
    ctx.has_changed_password()?;
    can_carry(kind)?;
    if objects.is_empty() {
        return Err(Fault::field("objects", Text::new("field-required")));
    }
    let (add, remove) = (ids(&change.add), ids(&change.remove));
    are_there(&mut *ctx.app.conn().await?, &add, "tags").await?;
    let mut done = Vec::new();
    for object in objects {
        done.push(assign_one(ctx, kind, *object, (&add, &remove)).await?);
    }
    Ok(done)
}

fn ids(tags: &[TagId]) -> Vec<Uuid> {
    tags.iter().map(|tag| tag.0).collect()
}

fn can_carry(kind: Kind) -> Outcome<()> {
    if TAGGED.contains(&kind) { Ok(()) } else { Err(Fault::field("kind", Text::new("field-unknown-choice"))) }
}

/// Where the permission is looked for: users have no place of their own.
fn place(kind: Kind, object: Uuid) -> (Kind, Uuid) {
    if kind == Kind::User { (Kind::System, SYSTEM) } else { (kind, object) }
}

async fn assign_one(
    ctx: &Ctx,
    kind: Kind,
    object: Uuid,
    (add, remove): (&[Uuid], &[Uuid]),
) -> Outcome<Assigned> {
    let mut tx = ctx.app.begin().await?;
    let (at, id) = place(kind, object);
    let decided = ctx.may(&mut tx, at, id, Action::AssignTags).await;
    if let Err(fault @ Fault::NotFound { .. }) = decided {
        return Ok(Assigned { object, name: None, outcome: Err(fault) });
    }
    let Some(name) = table::hold(&mut tx, kind, object).await? else {
        return Ok(Assigned { object, name: None, outcome: Err(Fault::NotFound { kind }) });
    };
    if let Err(fault) = decided {
        let name = (kind != Kind::User).then_some(name);
        return Ok(Assigned { object, name, outcome: Err(fault) });
    }
    let given = table::give(&mut tx, kind, object, add).await?;
    let taken = table::take(&mut tx, object, remove).await?;
    for (event, tags) in [(EventKind::TagsGiven, given), (EventKind::TagsTaken, taken)] {
        if !tags.is_empty() {
            let args = [("tags", events::word(&tags.join(", ")))];
            events::tell(&mut tx, ctx, event, &args, vec![(kind, object, name.clone())]).await?;
        }
    }
    commit(tx).await?;
    Ok(Assigned { object, name: Some(name), outcome: Ok(()) })
}

/// What these objects carry by now, of those that this person sees.
pub async fn tagged(ctx: &Ctx, kind: Kind, objects: &[Uuid]) -> Outcome<Tagged> {
    ctx.has_changed_password()?;
    can_carry(kind)?;
    let all = ListQuery { size: PAGE_SIZES[PAGE_SIZES.len() - 1], ..ListQuery::default() };
    let tags = super::list(ctx, &all).await?.rows;
    let mut c = ctx.app.conn().await?;
    let objects = seen(ctx, &mut c, kind, objects).await?;
    let ids: Vec<Uuid> = objects.iter().map(|(id, _)| *id).collect();
    let carried = table::carried(&mut c, &ids).await?;
    let tags = tags.into_iter().map(|tag| {
        let n = carried.get(&tag.id).copied().unwrap_or_default();
        (tag, n)
    });
    Ok(Tagged { kind, objects, tags: tags.collect() })
}

/// The names of those that this person sees; of users, whoever may manage them.
async fn seen(ctx: &Ctx, c: &mut PgConnection, kind: Kind, objects: &[Uuid]) -> Outcome<Vec<(Uuid, String)>> {
    let mut found = Vec::new();
    for object in objects {
        let sees = match kind {
            Kind::User => ctx.may(c, Kind::System, SYSTEM, Action::ManageUsers).await,
            kind => ctx.sees(c, kind, *object).await,
        };
        if sees.is_ok()
            && let Some(name) = table::hold(c, kind, *object).await?
        {
            found.push((*object, name));
        }
    }
    if found.is_empty() { Err(Fault::NotFound { kind }) } else { Ok(found) }
}
