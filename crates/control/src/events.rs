//! Writing and reading the event log. An event is written in the transaction of what it tells, so that
//! neither is there without the other.

use model::event::{EventKind, EventRow};
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::{Fault, Text};
use store::PgConnection;
use store::events::NewEvent;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Ctx, Outcome};

/// What an event is about: kind, id, and the name as it is now.
pub type About = (Kind, Uuid, String);

/// Tells what a person did, and notes it in the audit. The text gets `user` and the name of the first object as `name`, unless given.
pub async fn tell(
    c: &mut PgConnection,
    ctx: &Ctx,
    kind: EventKind,
    args: &[(&str, Text)],
    about: Vec<About>,
) -> Outcome<()> {
    let mut text = Text::new(kind.key()).with("user", &ctx.who.principal).with("reason", "");
    if let Some((_, _, name)) = about.first() {
        text = text.with("name", name);
    }
    for (name, value) in args {
        text = text.with(name, value.clone());
    }
    let user = ctx.who.id.map(|id| (id.0, ctx.who.principal.as_str()));
    let event = NewEvent { kind, text, user, correlation: Some(&ctx.correlation), job: None, objects: about };
    write(c, ctx.app.now(), &event).await?;
    crate::audit::deed(c, ctx, &event).await
}

/// Tells what was observed, or what a job did.
pub async fn note(
    c: &mut PgConnection,
    now: OffsetDateTime,
    kind: EventKind,
    args: &[(&str, Text)],
    about: Vec<About>,
    job: Option<(Uuid, &str)>,
) -> Outcome<()> {
    let mut text = Text::new(kind.key());
    if let Some((_, _, name)) = about.first() {
        text = text.with("name", name);
    }
    for (name, value) in args {
        text = text.with(name, value.clone());
    }
    let event = NewEvent {
        kind,
        text,
        user: None,
        correlation: job.map(|j| j.1),
        job: job.map(|j| j.0),
        objects: about,
    };
    write(c, now, &event).await
}

/// Writes an event, unless it is one of a burst. Alerts whose cause is gone with it do not stand any longer.
pub async fn write(c: &mut PgConnection, now: OffsetDateTime, event: &NewEvent<'_>) -> Outcome<()> {
    let objects: Vec<Uuid> = event.objects.iter().map(|(_, id, _)| *id).collect();
    if let Some(interval) = event.kind.flood()
        && store::events::told_since(c, event.kind, &objects, now - interval).await?
    {
        return Ok(());
    }
    store::events::insert(c, event, now).await?;
    let about = if event.kind.answers() { objects.len() } else { 1 };
    if let (kinds @ [_, ..], Some(about)) = (event.kind.clears(), objects.get(..about)) {
        store::events::clear(c, kinds, about, now).await?;
    }
    Ok(())
}

/// A plain word as an argument.
pub fn word(text: &str) -> Text {
    Text::new("plain").with("text", text)
}

/// The reason that a person gave, if they gave one.
pub fn given(reason: Option<&str>) -> Outcome<Option<&str>> {
    let reason = reason.map(str::trim).filter(|r| !r.is_empty());
    match reason.map(model::field::reason) {
        Some(Err(text)) => Err(Fault::field("reason", text)),
        _ => Ok(reason),
    }
}

/// The person's reason as it is put behind an event's sentence; nothing when there is none.
pub fn reason(text: Option<&str>) -> Text {
    match text {
        Some(text) => Text::new("event-reason").with("reason", text),
        None => word(""),
    }
}

pub async fn list(ctx: &Ctx, query: &ListQuery) -> Outcome<Page<EventRow>> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    Ok(store::events::page(&mut c, ctx.viewer(), query).await?)
}

/// One event, by the id that its number is to pages.
pub async fn get(ctx: &Ctx, id: Uuid) -> Outcome<EventRow> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    let none = Fault::NotFound { kind: Kind::Event };
    let Some(number) = EventRow::number(id) else { return Err(none) };
    let seen = ctx.who.all || store::events::seen(&mut c, ctx.viewer().user, number).await?;
    store::events::get(&mut c, number).await?.filter(|_| seen).ok_or(none)
}

/// Who saved this object last, and when; no name is Drover itself. For a form that came second.
pub async fn last_edit(
    ctx: &Ctx,
    (kind, object): (Kind, Uuid),
) -> Outcome<Option<(Option<String>, OffsetDateTime)>> {
    let mut c = ctx.app.conn().await?;
    // Tags and bookmarks are nowhere in the tree; whoever opened their form was let see them.
    match kind {
        Kind::Tag | Kind::Bookmark | Kind::Directory | Kind::Role => ctx.has_changed_password()?,
        _ => ctx.sees(&mut c, kind, object).await?,
    }
    let edits = EventKind::EDITS.map(EventKind::code);
    Ok(store::events::last_edit(&mut c, object, &edits).await?)
}

/// The newest that this person may see, for the frame around every page.
pub async fn newest(ctx: &Ctx) -> Outcome<Option<EventRow>> {
    ctx.has_changed_password()?;
    let mut c = ctx.app.conn().await?;
    Ok(store::events::newest(&mut c, ctx.viewer()).await?)
}
